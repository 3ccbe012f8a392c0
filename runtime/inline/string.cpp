//===- string.cpp - equality and order of strings, inlined ----------------===//
//
// Called by generated code. Both rest on the form of mr_string: what is equal
// has equal heads, and unused bytes in place are zero.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/values/string_view.h"

using namespace millrace;

namespace {

MR_OUTLINE int32_t compareBytes(mr_string a, mr_string b) {
  uint32_t lengthA = stringLength(a), lengthB = stringLength(b);
  uint32_t shorter = lengthA < lengthB ? lengthA : lengthB;
  int order = __builtin_memcmp(stringData(a), stringData(b), shorter);
  return order ? order : int32_t(lengthA > lengthB) - int32_t(lengthA < lengthB);
}

} // namespace

MR_INLINE bool mr_string_equal(mr_string a, mr_string b) {
  if (a.head != b.head)
    return false;
  if (a.tail == b.tail)
    return true;
  uint32_t length = stringLength(a);
  return length > MR_STRING_INLINE && __builtin_memcmp((const void *)a.tail, (const void *)b.tail, length) == 0;
}

MR_INLINE int32_t mr_string_compare(mr_string a, mr_string b) {
  uint32_t prefixA = __builtin_bswap32(uint32_t(a.head >> 32)), prefixB = __builtin_bswap32(uint32_t(b.head >> 32));
  if (prefixA != prefixB)
    return prefixA < prefixB ? -1 : 1;
  uint32_t lengthA = stringLength(a), lengthB = stringLength(b);
  if (lengthA > MR_STRING_INLINE || lengthB > MR_STRING_INLINE)
    return compareBytes(a, b);
  uint64_t restA = __builtin_bswap64(a.tail), restB = __builtin_bswap64(b.tail);
  if (restA != restB)
    return restA < restB ? -1 : 1;
  return int32_t(lengthA > lengthB) - int32_t(lengthA < lengthB);
}
