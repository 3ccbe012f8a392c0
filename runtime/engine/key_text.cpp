//===- key_text.cpp - which key an error is about -------------------------------------===//
//
// Rule 23: a result that does not fit names operator, key and window.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/values/format.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <cstring>

using namespace millrace;

std::string millrace::keyText(const mr_table *table, uint64_t position) {
  const mr_table_desc &desc = *table->desc;
  std::vector<uint64_t> key(desc.key_words + 2 * desc.key_strings + 1);
  tableKey(table, position, key.data());
  const auto *word = reinterpret_cast<const uint8_t *>(key.data()), *string = word + 8 * size_t(desc.key_words);
  uint64_t nulls = 0;
  if (std::any_of(desc.key_types, desc.key_types + desc.num_keys, [](uint8_t t) { return t & MR_KEY_NULLABLE; }))
    std::memcpy(&nulls, string - 8, sizeof(nulls));
  std::string text;
  for (uint32_t i = 0; i < desc.num_keys; ++i) {
    mr_type type = mr_type(desc.key_types[i] & ~MR_KEY_NULLABLE);
    bool isString = type == MR_STRING || type == MR_BYTES;
    const uint8_t *&place = isString ? string : word;
    text += i ? ", " : "";
    if (nulls >> i & 1) {
      text += "null";
    } else if (isString) {
      mr_string value;
      std::memcpy(&value, place, sizeof(value));
      text += excerpt(viewOf(value));
    } else {
      uint64_t bits;
      char digits[kMaxFormat];
      std::memcpy(&bits, place, sizeof(bits));
      text.append(digits, formatValue(digits, bits, type == MR_F32 ? MR_F64 : type));
    }
    place += isString ? 16 : 8;
  }
  return text;
}

static constexpr std::string_view kSumNote =
    "a sum is exact and has to fit its type, whatever `on_bad` says; `on_overflow null` or `on_overflow saturate` in "
    "its "
    "parentheses gives null or the nearest value instead, and a sum of floats, `sum(cast(... as f64))`, is rounded";

static constexpr std::string_view kOwnNote =
    "an error in `combine`, `inverse` or `lower` of an aggregate is no record's, so it stops the pipeline, whatever "
    "`on_bad` says; `try` makes null of it";

/// The sites of sums have the name of their field alone, in quotes.
static std::string_view noteOf(const mr_engine &engine, mr_error error) {
  return engine.pipeline.sites[error >> 3].text[0] == '`' ? kSumNote : kOwnNote;
}

/// Called by generated code.
extern "C" void mr_overflow(mr_task *task, uint32_t index, const uint8_t *slot, uint32_t record, uint32_t terminal,
                            mr_error error) {
  mr_engine &engine = *task->engine;
  if (engine.firing) {
    if (engine.firing->waiting)
      engine.task.firingSlot = slot;
    if (!engine.stopped)
      engine.stopFiring(record, error, noteOf(engine, error));
    return;
  }
  const mr_table *table = task->windows[index].table;
  bool isKey = table->desc->num_keys && slot != table->noSlot();
  std::string key = isKey ? ", for the key " + keyText(table, table->positionOf(slot)) : "";
  engine.failBehindState({{record, terminal, error}, key, noteOf(engine, error)});
}
