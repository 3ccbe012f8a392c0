//===- new_string.h - memory for a string that is made --------------------===//
//
// Internal, for the library functions that make strings.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_NEW_STRING_H
#define MILLRACE_RUNTIME_VALUES_NEW_STRING_H

#include "runtime/values/string_view.h"

#include <cstdio>
#include <unistd.h>

namespace millrace {

/// Room for a string of at most `length` bytes.
class NewString {
public:
  NewString(mr_task *task, uint64_t length) {
    if (length > UINT32_MAX) {
      std::fprintf(stderr, "error: a string of %llu bytes; 4 GiB is the most there can be\n",
                   static_cast<unsigned long long>(length));
      _exit(3);
    }
    begin = length <= sizeof(place) ? place : reinterpret_cast<char *>(mr_arena(task, length));
  }
  char *data() { return begin; }
  mr_string upTo(const char *end) const { return stringOf(begin, uint64_t(end - begin)); }

private:
  char place[MR_STRING_INLINE];
  char *begin;
};

} // namespace millrace

#endif
