//===- text_join.cpp - texts of a list, one behind the other --------------------===//
//
// Called by generated code: what string_join keeps is a list (value_list.h) of rows
// that are one string each.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/table.h"
#include "runtime/state/value_list.h"
#include "runtime/values/new_string.h"

using namespace millrace;

static constexpr uint32_t kTexts[] = {0};

/// A row that is a string.
static mr_entry_desc entryOfText() {
  mr_entry_desc entry = {};
  entry.size = entry.value_size = sizeof(mr_string);
  entry.status = UINT32_MAX;
  entry.texts = kTexts;
  entry.num_texts = 1;
  return entry;
}

extern "C" mr_string mr_join_add(mr_table *table, mr_string stored, int64_t time, mr_string text) {
  return listAdd(table->texts, stored, time, reinterpret_cast<const uint8_t *>(&text), entryOfText());
}

static mr_string joinTexts(mr_task *task, mr_table *table, mr_string stored, mr_string separator) {
  const mr_entry_desc entry = entryOfText();
  if (!listCount(table->texts, stored))
    return {};
  listSort(table->texts, stored, entry);
  auto eachText = [&](auto take) {
    listEach(table->texts, stored, entry,
             [&](int64_t, const uint8_t *row) { take(viewOf(*reinterpret_cast<const mr_string *>(row))); });
  };
  uint64_t length = 0;
  eachText([&](std::string_view text) { length += text.size() + stringLength(separator); });
  NewString result(task, length);
  char *at = result.data();
  bool isFirst = true;
  eachText([&](std::string_view text) {
    if (!isFirst) {
      std::memcpy(at, stringData(separator), stringLength(separator));
      at += stringLength(separator);
    }
    isFirst = false;
    std::memcpy(at, text.data(), text.size());
    at += text.size();
  });
  return result.upTo(at);
}

extern "C" mr_string mr_join_texts(mr_task *task, mr_table *table, mr_string stored, mr_string separator) {
  return joinTexts(task, table, stored, separator);
}

/// Of equal texts only the first.
extern "C" mr_string mr_join_distinct(mr_task *task, mr_table *table, mr_string stored, mr_string separator) {
  listKeepFirst(table->texts, stored, entryOfText());
  return joinTexts(task, table, stored, separator);
}
extern "C" void mr_join_trim(mr_table *table, mr_string stored) { listTrim(table->texts, stored, entryOfText()); }
