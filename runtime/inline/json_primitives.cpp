//===- json_primitives.cpp - what generated decoders are made of, inlined -===//
//
// Called by generated code (lowering/DecodeJson). The bodies, with what they
// promise, are in runtime/io/json/primitives.h.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/io/json/primitives.h"

using namespace millrace;

MR_INLINE void mr_json_begin(mr_json_doubt *doubt) { *doubt = {}; }
MR_INLINE bool mr_json_doubted(const mr_json_doubt *doubt) { return json::inDoubt(*doubt); }
MR_INLINE void mr_json_doubt_if(mr_json_doubt *doubt, uint64_t word) { json::doubtIf(*doubt, word); }
MR_INLINE void mr_json_literal(mr_json_doubt *doubt, const uint8_t *at, const uint8_t *literal, uint32_t size) {
  json::expectText(*doubt, at, literal, size);
}
MR_INLINE uint64_t mr_json_find(const uint8_t *at, uint32_t byte) { return json::find(at, byte); }
MR_INLINE int64_t mr_json_int(mr_json_doubt *doubt, const uint8_t *begin, const uint8_t *end, int64_t least,
                              int64_t most) {
  return json::integerIn(*doubt, begin, end, least, most);
}
MR_INLINE int64_t mr_json_time(mr_json_doubt *doubt, const uint8_t *begin, const uint8_t *end, uint32_t unit,
                               bool timestamp) {
  return json::time(*doubt, begin, end, unit, timestamp);
}
MR_INLINE uint64_t mr_json_f64(mr_json_doubt *doubt, const uint8_t *begin, const uint8_t *end) {
  mr_result result = json::f64(begin, end);
  if (__builtin_expect(result.kind == 0, 1))
    return result.value;
  result = mr_json_number(begin, end, MR_F64);
  json::doubtIf(*doubt, result.kind);
  return result.value;
}
MR_INLINE uint64_t mr_json_bool(mr_json_doubt *doubt, const uint8_t *begin, const uint8_t *end, bool nullable) {
  return json::boolean(*doubt, begin, end, nullable);
}
MR_INLINE bool mr_json_null(const uint8_t *begin, const uint8_t *end) { return json::isNull(begin, end); }
MR_INLINE mr_result mr_json_null_as_zero(const uint8_t *begin, const uint8_t *end) {
  bool null = json::isNull(begin, end);
  const uint8_t *zero = json::zeroText + 64;
  return {reinterpret_cast<uint64_t>(null ? zero : begin), reinterpret_cast<uint64_t>(null ? zero + 1 : end)};
}
MR_INLINE void mr_json_bare(mr_json_doubt *doubt, const uint8_t *begin, const uint8_t *end) {
  if (__builtin_expect(json::notPlainBare(begin, end) != 0, 0))
    json::doubtIf(*doubt, mr_json_bare_slow(begin, end));
}
MR_INLINE mr_string mr_json_string(const uint8_t *begin, const uint8_t *end) { return json::makeString(begin, end); }
