//===- parse.cpp - text as any value --------------------------------------===//
//
// mr_parse is called by generated code: cast(s as T).
//
//===----------------------------------------------------------------------===//
#include "runtime/values/parse.h"
#include "runtime/values/string_view.h"

#include <bit>

using namespace millrace;

namespace {

Parse parseBool(std::string_view text, uint64_t &bits) {
  bits = text == "true";
  return bits || text == "false" ? Parse::Ok : Parse::Syntax;
}

/// Runs a parser of one type and puts its value into `bits`.
template <typename Value, typename Function> Parse into(uint64_t &bits, Function parse) {
  Value value{};
  Parse result = parse(value);
  if constexpr (std::is_same_v<Value, float>)
    bits = std::bit_cast<uint32_t>(value);
  else if constexpr (std::is_same_v<Value, double>)
    bits = std::bit_cast<uint64_t>(value);
  else
    bits = uint64_t(int64_t(value));
  return result;
}

} // namespace

Parse millrace::parseValue(std::string_view text, mr_type type, uint64_t &bits) {
  switch (type) {
  case MR_BOOL:
    return parseBool(text, bits);
  case MR_I8:
  case MR_I16:
  case MR_I32:
  case MR_I64:
  case MR_U8:
  case MR_U16:
  case MR_U32:
  case MR_U64:
    return parseInteger(text, type, bits);
  case MR_F32:
    return into<float>(bits, [&](float &value) { return parseF32(text, value, true); });
  case MR_F64:
    return into<double>(bits, [&](double &value) { return parseF64(text, value, true); });
  case MR_TIMESTAMP:
    return into<int64_t>(bits, [&](int64_t &value) { return parseTimestamp(text, value); });
  case MR_DURATION:
    return into<int64_t>(bits, [&](int64_t &value) { return parseDuration(text, value); });
  case MR_DATE:
    return into<int32_t>(bits, [&](int32_t &value) { return parseDate(text, value); });
  case MR_STRING:
  case MR_BYTES:
  case MR_LIST:
  case MR_RECORD:
    break;
  }
  return Parse::Syntax;
}

extern "C" mr_result mr_parse(mr_string text, uint32_t type) {
  uint64_t bits = 0;
  if (parseValue(viewOf(text), mr_type(type), bits) != Parse::Ok)
    return {0, 1 + MR_BAD_CAST};
  return {bits, 0};
}
