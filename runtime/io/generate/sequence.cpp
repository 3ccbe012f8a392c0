//===- sequence.cpp - the connector `sequence` ----------------------------===//
//
// Whole numbers, one a record: `n`, and `time` = start + n / rate, rounded
// down to microseconds.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/generate/columns.h"
#include "runtime/io/generate/generators.h"
#include "runtime/io/generate/pace.h"
#include "runtime/values/calendar.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr GeneratedField kFields[] = {{"n", MR_I64}, {"time", MR_TIMESTAMP}};
enum : uint32_t { FieldN, FieldTime, NumFields };

struct Settings {
  int64_t from, count, rate, start; ///< count: -1 without end
  bool pace;
};

/// `time` of a number; it may lie outside the range of timestamps.
__int128 timeOf(const Settings &settings, int64_t n) {
  __int128 micros = __int128(n) * 1'000'000, rate = settings.rate;
  return settings.start + micros / rate - (micros % rate < 0);
}

/// The greatest n whose time is in range.
int64_t lastInRange(const Settings &settings) {
  __int128 last = ((__int128(kLastTime) - settings.start + 1) * settings.rate - 1) / 1'000'000;
  return int64_t(std::min<__int128>(last, INT64_MAX));
}

class Sequence final : public Generator {
public:
  Sequence(const Settings &settings, uint64_t records, GeneratedColumns columns)
      : settings(settings), records(records), columns(std::move(columns)), pace(settings.pace, settings.rate) {}

  Result poll(uint32_t maxRecords, int64_t now, bool paced, DecodedBatch &batch, int64_t &due) override {
    if (made == records)
      return Result::End;
    uint64_t size = std::min<uint64_t>({maxRecords, records - made, pace.allowed(now, paced) - made});
    if (size == 0) {
      due = pace.due(made);
      return Result::Pending;
    }
    for (uint32_t row = 0; row < size; ++row) {
      int64_t n = settings.from + int64_t(made + row);
      columns[FieldN].put(row, n);
      if (columns[FieldTime])
        columns[FieldTime].put(row, int64_t(timeOf(settings, n)));
    }
    made += size;
    columns.give(uint32_t(size), batch);
    return Result::Batch;
  }

  std::optional<uint64_t> total() const override {
    return settings.count < 0 ? std::nullopt : std::optional<uint64_t>(records);
  }

private:
  Settings settings;
  uint64_t records, made = 0;
  GeneratedColumns columns;
  Pace pace;
};

} // namespace

std::unique_ptr<Generator> millrace::makeSequence(const mr_source_desc &source, const Options &connector,
                                                  const DecodeOptions &options, std::string &error) {
  Settings settings;
  settings.from = connector.integer("from", 0, error);
  settings.count = connector.integer("count", -1, error);
  settings.rate = connector.integer("rate", 1, error);
  settings.start = connector.timestamp("start", 0, error);
  settings.pace = connector.flag("pace", false, error);
  if (error.empty() && connector.get("count") && settings.count < 0)
    error = "option `count`: expected 0 or more records";
  if (error.empty() && settings.rate < 1)
    error = "option `rate`: expected 1 or more records a second";
  GeneratedColumns columns(source, options, kFields, NumFields, error);
  if (!error.empty())
    return nullptr;

  // Without `count` it ends where numbers or times end. Times matter only where they are read.
  int64_t last = columns[FieldTime] ? lastInRange(settings) : INT64_MAX;
  if (columns[FieldTime] && timeOf(settings, settings.from) < kFirstTime)
    error = "option `from`: its time is before the year 0000";
  __int128 possible = last < settings.from ? 0 : __int128(last) - settings.from + 1;
  if (settings.count > possible || possible == 0)
    error = "the last number or its time is out of range; a lesser `count` or `from`, or a higher `rate`, fits";
  if (!error.empty())
    return nullptr;
  uint64_t records = settings.count >= 0 ? uint64_t(settings.count) : uint64_t(std::min<__int128>(possible, INT64_MAX));
  return std::make_unique<Sequence>(settings, records, std::move(columns));
}
