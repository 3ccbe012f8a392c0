//===- string_make.cpp - strings made of strings --------------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "runtime/values/new_string.h"

using namespace millrace;

extern "C" mr_string mr_string_concat(mr_task *task, mr_string a, mr_string b) {
  uint32_t lengthA = stringLength(a), lengthB = stringLength(b);
  if (!lengthA || !lengthB)
    return lengthA ? a : b;
  NewString result(task, uint64_t(lengthA) + lengthB);
  std::memcpy(result.data(), stringData(a), lengthA);
  std::memcpy(result.data() + lengthA, stringData(b), lengthB);
  return result.upTo(result.data() + lengthA + lengthB);
}

extern "C" mr_string mr_string_copy(mr_task *task, mr_string s) {
  if (stringLength(s) <= MR_STRING_INLINE)
    return s;
  NewString result(task, stringLength(s));
  std::memcpy(result.data(), stringData(s), stringLength(s));
  return result.upTo(result.data() + stringLength(s));
}
