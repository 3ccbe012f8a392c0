//===- hand_pipeline.cpp - what the compiler would have made -----------------===//
#include "hand_pipeline.h"
#include "runtime/values/string_view.h"

#include <cstdio>
#include <unistd.h>

using namespace millrace;

namespace {

enum Site : uint32_t { kKeySite, kTimeSite, kValueSite, kDoubleSite, kSumSite };
constexpr int64_t kTen = 10'000'000;
constexpr int64_t kGreatestSum = 1'000'000'000'000;

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }

mr_error fieldError(uint32_t site, uint8_t status) {
  return status >= MR_ERROR_BASE ? site << 3 | (status - MR_ERROR_BASE) : MR_NO_ERROR;
}

void foldInto(mr_task *task, uint32_t window, mr_string key, int64_t time, int64_t value) {
  int64_t start = time - ((time % kTen) + kTen) % kTen;
  if (start < mr_window_first_open(task, window))
    return mr_window_count_late(task, window, 1);
  mr_table *table = mr_window_pane(task, window, start);
  const uint64_t words[2] = {key.head, key.tail};
  uint8_t *slot = mr_table_upsert(table, mr_key_hash(words, 0, 1), words, 0, 1, 40);
  at<int64_t>(slot, 24) += 1;
  at<int64_t>(slot, 32) += value;
}

mr_status step(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  auto *keys = reinterpret_cast<const mr_string *>(batch->columns[0].values);
  auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    uint8_t status = batch->columns[2].status[i];
    mr_error error = fieldError(kValueSite, status);
    if (error == MR_NO_ERROR && (status == MR_NULL || values[i] < 0))
      continue;
    error = std::min(error, fieldError(kKeySite, batch->columns[0].status[i]));
    int64_t doubled = 0;
    mr_error ofDouble = error;
    if (error == MR_NO_ERROR && __builtin_mul_overflow(values[i], int64_t(2), &doubled))
      ofDouble = kDoubleSite << 3 | MR_OVERFLOW;
    if (ofDouble != MR_NO_ERROR) {
      mr_bad(task, i, 0, ofDouble);
    } else {
      uint8_t *row = mr_out_begin(task, 0, 1);
      at<mr_string>(row, 0) = keys[i];
      at<int64_t>(row, 16) = batch->event_time[i];
      at<int64_t>(row, 24) = doubled;
      mr_out_end(task, 0, row + 32);
    }
    if (error != MR_NO_ERROR)
      mr_bad(task, i, 1, error);
    else
      foldInto(task, 0, keys[i], batch->event_time[i], values[i] % kGreatestSum);
  }
  cursor->position = limit;
  return MR_DONE;
}

mr_status fire(mr_task *task, mr_table *table, int64_t start, int64_t end, int64_t, mr_cursor *cursor) {
  uint64_t count;
  const uint64_t *order = mr_table_order(table, &count);
  for (; cursor->position < count; ++cursor->position) {
    if (mr_out_full(task))
      return MR_MORE;
    uint64_t position = order[cursor->position];
    uint8_t *slot = mr_table_slots(table) + position * 40;
    if (at<int64_t>(slot, 32) >= kGreatestSum) {
      mr_bad(task, uint32_t(position), 2, kSumSite << 3 | MR_OVERFLOW);
      return MR_DONE;
    }
    uint8_t *row = mr_out_begin(task, 1, 1);
    at<mr_string>(row, 0) = mr_table_text(table, at<mr_string>(slot, 8));
    at<int64_t>(row, 16) = start;
    at<int64_t>(row, 24) = end;
    at<int64_t>(row, 32) = at<int64_t>(slot, 24);
    at<int64_t>(row, 40) = at<int64_t>(slot, 32);
    mr_out_end(task, 1, row + 48);
  }
  return MR_DONE;
}

mr_field_desc sourceField(const char *name, const char *unit, mr_type type, uint32_t stride) {
  mr_field_desc field = {};
  field.name = field.path = name;
  field.unit = unit;
  field.type = type;
  field.used = 1;
  field.stride = stride;
  field.status_stride = 1;
  field.offset = field.status_offset = UINT32_MAX;
  return field;
}

mr_field_desc rowField(const char *name, mr_type type, uint32_t offset) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = type;
  field.offset = offset;
  field.status_offset = UINT32_MAX;
  return field;
}

const mr_field_desc kRecord[3] = {sourceField("key", "", MR_STRING, 16), sourceField("time", "ms", MR_TIMESTAMP, 8),
                                  [] {
                                    mr_field_desc field = sourceField("value", "", MR_I64, 8);
                                    field.nullable = 1;
                                    return field;
                                  }()};
const mr_field_desc kAll[3] = {rowField("key", MR_STRING, 0), rowField("time", MR_TIMESTAMP, 16),
                               rowField("double", MR_I64, 24)};
const mr_field_desc kSums[5] = {rowField("key", MR_STRING, 0), rowField("window_start", MR_TIMESTAMP, 16),
                                rowField("window_end", MR_TIMESTAMP, 24), rowField("n", MR_I64, 32),
                                rowField("sum", MR_I64, 40)};
const mr_site_desc kSites[5] = {{"in", "field `key`", 1, 1},
                                {"in", "field `time`", 1, 2},
                                {"in", "field `value`", 1, 3},
                                {"all", "value * 2", 2, 5},
                                {"per10", "sum(value)", 3, 7}};
const char *const kTerminals[3] = {"all_stdout", "per10", "per10_stdout"};
const mr_input_ref kFromSource[1] = {{0, 0}};
const uint8_t kKeyTypes[1] = {MR_STRING};

} // namespace

HandPipeline::HandPipeline() {
  sourceOptions = {{"path", "in.jsonl", -1}};
  mr_source_desc &source = sources[0];
  source.name = "in";
  source.connector = "file";
  source.format = "json";
  source.num_options = 1;
  source.fields = kRecord;
  source.num_fields = 3;
  source.dead_of = -1;
  source.event_time = 1;
  source.watermark = MR_WATERMARK_ASCENDING;
  source.on_bad = MR_BAD_FAIL;
  source.max_bad = source.max_bad_percent = -1;
  source.step = step;
  const char *names[2] = {"all_stdout", "per10_stdout"};
  for (int i = 0; i < 2; ++i) {
    sinks[i].name = names[i];
    sinks[i].connector = "stdout";
    sinks[i].format = "json";
    sinks[i].fields = i ? kSums : kAll;
    sinks[i].num_fields = i ? 5 : 3;
    sinks[i].row_size = i ? 48 : 32;
  }
  sinks[0].connector = "null"; // tests that look at single records change it
  mr_window_desc &window = windows[0];
  window.name = "per10";
  window.kind = MR_WINDOW_TUMBLING;
  window.keyed = 1;
  window.size = window.slide = kTen;
  window.table.layout = MR_LAYOUT_INLINE;
  window.table.time_offset = -1;
  window.table.slot_size = 40;
  window.table.key_strings = 1;
  window.table.key_types = kKeyTypes;
  window.table.num_keys = 1;
  window.inputs = kFromSource;
  window.num_inputs = 1;
  window.max_rows_per_slot = 1;
  window.fire = fire;
  pipeline.abi_version = MR_ABI_VERSION;
  pipeline.size = sizeof(pipeline);
  pipeline.name = "hand";
  pipeline.manifest = "{}";
  pipeline.sources = sources;
  pipeline.sinks = sinks;
  pipeline.windows = windows;
  pipeline.sites = kSites;
  pipeline.terminals = kTerminals;
  pipeline.num_sources = 1;
  pipeline.num_sinks = 2;
  pipeline.num_windows = 1;
  pipeline.num_sites = 5;
  pipeline.num_terminals = 3;
}

int HandPipeline::run() {
  for (uint32_t i = 0; i < pipeline.num_sources; ++i)
    if (!sources[i].options)
      sources[i].options = sourceOptions.data();
  pipeline.params = params.data();
  pipeline.num_params = uint32_t(params.size());
  std::FILE *said = std::tmpfile();
  options.storage = &storage;
  options.messages = fileno(said);
  storage.output.clear();
  int code = runPipeline(pipeline, options, &counts);
  messages.resize(size_t(lseek(fileno(said), 0, SEEK_END)));
  if (pread(fileno(said), messages.data(), messages.size(), 0) != ssize_t(messages.size()))
    messages = "cannot read the messages back";
  std::fclose(said);
  return code;
}

std::string record(const char *key, int64_t millis, const char *value) {
  return "{\"key\":\"" + std::string(key) + "\",\"time\":" + std::to_string(millis) + ",\"value\":" + value + "}\n";
}
std::string record(const char *key, int64_t millis, int64_t value) {
  return record(key, millis, std::to_string(value).c_str());
}
