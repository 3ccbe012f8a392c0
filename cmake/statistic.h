// The packaged LLVM counts no statistics: there `llvm::Statistic`, of which passes have members, is an empty class. Its
// header would make it a larger one wherever assertions are on, unlike in the library that constructs the passes.
#ifndef NDEBUG
#define NDEBUG
#include "llvm/ADT/Statistic.h"
#undef NDEBUG
#include <cassert>
#else
#include "llvm/ADT/Statistic.h"
#endif
