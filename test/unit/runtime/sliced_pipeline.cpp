//===- sliced_pipeline.cpp - windows of slices as the compiler would make them, by hand ---===//
#include "sliced_pipeline.h"

#include <algorithm>

using namespace millrace;

std::function<void()> onCombine;

namespace {

constexpr uint32_t kSlot = 56, kValue = 24; ///< flags and hash, the key, the value
constexpr uint64_t kFactor = 1099511628211;

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }

uint8_t *slotOf(mr_table *table, mr_string key) {
  const uint64_t words[2] = {key.head, key.tail};
  uint8_t *slot = mr_table_upsert(table, mr_key_hash(words, 0, 1), words, 0, 1, kSlot);
  mr_table_touch(table, slot);
  return slot;
}

template <bool inProcessingTime>
mr_status step(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  auto *keys = reinterpret_cast<const mr_string *>(batch->columns[0].values);
  auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
  mr_interval inHand = {0, 0};
  mr_table *table = nullptr;
  for (uint32_t i = uint32_t(cursor->position); i < limit && !mr_halted(task); ++i) {
    int64_t time = inProcessingTime ? mr_now(task) : batch->event_time[i];
    if (uint64_t(time) - uint64_t(inHand.start) >= inHand.length)
      table = mr_window_slice(task, 0, time, i, &inHand);
    if (table)
      slicedFold(table, keys[i], values[i]);
    if (values[i] == kStops)
      mr_bad(task, i, 1, 0);
  }
  cursor->position = limit;
  return MR_DONE;
}

template <typename Function> mr_status eachSlot(mr_table *from, uint64_t to, mr_cursor *cursor, Function each) {
  for (uint64_t i = cursor->position; i < to; ++i) {
    uint8_t *slot = mr_table_slots(from) + i * kSlot;
    if (at<uint64_t>(slot, 0))
      each(mr_table_text(from, at<mr_string>(slot, 8)), at<SlicedValue>(slot, kValue));
  }
  cursor->position = to;
  return MR_DONE;
}

mr_status combine(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *cursor) {
  if (onCombine)
    onCombine();
  return eachSlot(from, to, cursor, [&](mr_string key, const SlicedValue &value) {
    at<SlicedValue>(slotOf(into, key), kValue).add(value);
  });
}

mr_status takeAway(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *cursor) {
  return eachSlot(from, to, cursor, [&](mr_string key, const SlicedValue &value) {
    uint8_t *slot = slotOf(into, key);
    at<SlicedValue>(slot, kValue).n -= value.n;
    at<SlicedValue>(slot, kValue).sum -= value.sum;
    if (at<SlicedValue>(slot, kValue).n == 0)
      mr_table_erase(into, slot);
  });
}

template <bool subtract>
mr_status fire(mr_task *task, mr_table *table, int64_t start, int64_t end, int64_t, mr_cursor *cursor) {
  uint64_t count;
  const uint64_t *order = mr_table_order(table, &count);
  for (; cursor->position < count; ++cursor->position) {
    if (mr_out_full(task))
      return MR_MORE;
    uint8_t *slot = mr_table_slots(table) + order[cursor->position] * kSlot;
    uint8_t *row = mr_out_begin(task, 1, 1);
    at<mr_string>(row, 0) = mr_table_text(table, at<mr_string>(slot, 8));
    at<int64_t>(row, 16) = start;
    at<int64_t>(row, 24) = end;
    at<SlicedValue>(row, 32) = at<SlicedValue>(slot, kValue);
    if (subtract)
      at<SlicedValue>(row, 32).most = at<SlicedValue>(row, 32).order = 0;
    mr_out_end(task, 1, row + 64);
  }
  return MR_DONE;
}

mr_field_desc field(const char *name, mr_type type, uint32_t offset) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = type;
  field.offset = offset;
  field.status_offset = UINT32_MAX;
  return field;
}

const mr_field_desc kFields[7] = {field("key", MR_STRING, 0), field("start", MR_I64, 16), field("end", MR_I64, 24),
                                  field("n", MR_I64, 32),     field("sum", MR_I64, 40),   field("most", MR_I64, 48),
                                  field("order", MR_I64, 56)};

} // namespace

mr_string slicedKey(mr_table *table, uint64_t position) {
  return at<mr_string>(mr_table_slots(table) + position * kSlot, 8);
}
SlicedValue &slicedValue(mr_table *table, uint64_t position) {
  return at<SlicedValue>(mr_table_slots(table) + position * kSlot, kValue);
}
void slicedFold(mr_table *table, mr_string key, int64_t value) {
  at<SlicedValue>(slotOf(table, key), kValue).add(value);
}

void SlicedValue::add(int64_t value) { add(SlicedValue{1, value, value, value + 1}); }

void SlicedValue::add(const SlicedValue &later) {
  uint64_t factor = 1;
  for (int64_t i = 0; i < later.n; ++i)
    factor *= kFactor;
  order = int64_t(uint64_t(order) * factor + uint64_t(later.order));
  most = n ? std::max(most, later.most) : later.most;
  n += later.n;
  sum += later.sum;
}

std::string slicedRow(const char *key, int64_t start, int64_t end, const SlicedValue &value, bool subtract) {
  auto number = [](const char *name, int64_t value) {
    return std::string(",\"") + name + "\":" + std::to_string(value);
  };
  return "{\"key\":\"" + std::string(key) + "\"" + number("start", start) + number("end", end) + number("n", value.n) +
         number("sum", value.sum) + number("most", subtract ? 0 : value.most) +
         number("order", subtract ? 0 : value.order) + "}\n";
}

SlicedPipeline::SlicedPipeline(mr_window_kind kind, mr_window_algorithm algorithm, int64_t size, int64_t slide,
                               int64_t offset) {
  sources[0].step = step<false>;
  mr_window_desc &window = windows[0];
  window.kind = kind;
  window.algorithm = algorithm;
  window.size = size;
  window.slide = slide;
  window.offset = offset;
  window.table.slot_size = kSlot;
  window.fire = algorithm == MR_WINDOW_SUBTRACT ? fire<true> : fire<false>;
  window.combine = combine;
  window.remove = takeAway;
  stepByClock = step<true>;
  mr_sink_desc &sink = sinks[1];
  sink.fields = kFields;
  sink.num_fields = 7;
  sink.row_size = 64;
}
