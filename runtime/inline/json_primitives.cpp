//===- json_primitives.cpp - what generated decoders are made of, inlined -===//
//
// Called by generated code (lowering/DecodeJson). The bodies, with what they
// promise, are in runtime/io/json/primitives.h.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/io/json/primitives.h"

using namespace millrace;

MR_INLINE uint64_t mr_json_literal(const uint8_t *at, const uint8_t *literal, uint32_t size) {
  return json::differs(at, literal, size);
}
MR_INLINE uint64_t mr_json_find(const uint8_t *at, uint32_t byte) { return json::find(at, byte); }
MR_INLINE mr_result mr_json_int(const uint8_t *begin, const uint8_t *end, int64_t least, int64_t most) {
  return json::integerIn(begin, end, least, most);
}
MR_INLINE mr_result mr_json_time(const uint8_t *begin, const uint8_t *end, uint32_t unit, bool timestamp) {
  return json::time(begin, end, unit, timestamp);
}
MR_INLINE mr_result mr_json_f64(const uint8_t *begin, const uint8_t *end) {
  mr_result result = json::f64(begin, end);
  if (__builtin_expect(result.kind != 0, 0))
    return mr_json_number(begin, end, MR_F64);
  return result;
}
MR_INLINE mr_result mr_json_bool(const uint8_t *begin, const uint8_t *end) { return json::boolean(begin, end); }
MR_INLINE bool mr_json_null(const uint8_t *begin, const uint8_t *end) { return json::isNull(begin, end); }
MR_INLINE mr_result mr_json_null_as_zero(const uint8_t *begin, const uint8_t *end) {
  bool null = json::isNull(begin, end);
  const uint8_t *zero = json::zeroText + 64;
  return {reinterpret_cast<uint64_t>(null ? zero : begin), reinterpret_cast<uint64_t>(null ? zero + 1 : end)};
}
MR_INLINE uint64_t mr_json_bare(const uint8_t *begin, const uint8_t *end) {
  if (__builtin_expect(json::notPlainBare(begin, end) != 0, 0))
    return mr_json_bare_slow(begin, end);
  return 0;
}
MR_INLINE mr_string mr_json_string(const uint8_t *begin, const uint8_t *end) { return json::makeString(begin, end); }
