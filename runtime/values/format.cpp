//===- format.cpp - any value as text -------------------------------------===//
//
// mr_format is called by generated code: cast(x as string).
//
//===----------------------------------------------------------------------===//
#include "runtime/values/format.h"
#include "runtime/values/string_view.h"

#include <bit>

using namespace millrace;

char *millrace::formatValue(char *out, uint64_t bits, mr_type type) {
  switch (type) {
  case MR_BOOL:
    std::memcpy(out, bits ? "true" : "false", 5);
    return out + (bits ? 4 : 5);
  case MR_I8:
  case MR_I16:
  case MR_I32:
  case MR_I64:
    return formatI64(out, int64_t(bits));
  case MR_U8:
  case MR_U16:
  case MR_U32:
  case MR_U64:
    return formatU64(out, bits);
  case MR_F32:
    return formatF32(out, std::bit_cast<float>(uint32_t(bits)));
  case MR_F64:
    return formatF64(out, std::bit_cast<double>(bits));
  case MR_TIMESTAMP:
    return formatTimestamp(out, int64_t(bits));
  case MR_DURATION:
    return formatDuration(out, int64_t(bits));
  case MR_DATE:
    return formatDate(out, int64_t(bits));
  case MR_STRING:
  case MR_BYTES:
  case MR_LIST:
  case MR_RECORD:
    break;
  }
  __builtin_trap(); // not a word: the callers' types are known when compiling
}

extern "C" mr_string mr_format(mr_task *task, uint64_t bits, uint32_t type) {
  char text[kMaxFormat];
  uint64_t length = uint64_t(formatValue(text, bits, mr_type(type)) - text);
  if (length <= MR_STRING_INLINE)
    return stringOf(text, length);
  char *memory = reinterpret_cast<char *>(mr_arena(task, length));
  std::memcpy(memory, text, length);
  return stringOf(memory, length);
}
