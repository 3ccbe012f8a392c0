//===- invariant.cpp - what must hold, in release too ----------------------------===//
#include "runtime/state/invariant.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

void millrace::brokenInvariant(const char *what, std::source_location at) {
  const char *file = at.file_name(), *inTree = std::strstr(file, "runtime/");
  std::fprintf(stderr, "internal error: %s:%u: this must hold: %s\n", inTree ? inTree : file, unsigned(at.line()),
               what);
  std::abort();
}
