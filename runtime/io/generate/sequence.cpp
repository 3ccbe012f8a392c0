//===- sequence.cpp - the connector `sequence` ----------------------------===//
//
// Whole numbers, one a record: `n`, and `time` = start + i / rate for record i,
// rounded down to microseconds.
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

/// `time` of record `i`.
int64_t timeOf(const Settings &settings, uint64_t i) {
  return settings.start + int64_t(__int128(i) * 1'000'000 / settings.rate);
}

/// How many records there can be before numbers, or the times that are read, end; at most 2^63.
uint64_t mostRecords(const Settings &settings, bool timeIsRead) {
  __int128 numbers = __int128(INT64_MAX) - settings.from + 1;
  __int128 times = (__int128(kLastTime - settings.start + 1) * settings.rate - 1) / 1'000'000 + 1;
  __int128 most = timeIsRead ? std::min(numbers, times) : numbers;
  return uint64_t(std::min<__int128>(most, INT64_MAX));
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
      columns[FieldN].put(row, settings.from + int64_t(made + row));
      if (columns[FieldTime])
        columns[FieldTime].put(row, timeOf(settings, made + row));
    }
    made += size;
    columns.give(uint32_t(size), batch);
    return Result::Batch;
  }

  bool paced() const override { return pace.isOn(); }
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
  settings.rate = connector.integer("rate", 1000, error);
  settings.start = connector.timestamp("start", 0, error);
  settings.pace = connector.flag("pace", false, error);
  if (error.empty() && connector.get("count") && settings.count < 0)
    error = "option `count`: expected 0 or more records";
  if (error.empty() && settings.rate < 1)
    error = "option `rate`: expected 1 or more records a second";
  GeneratedColumns columns(source, options, kFields, NumFields, error);
  if (!error.empty())
    return nullptr;

  uint64_t most = mostRecords(settings, bool(columns[FieldTime]));
  if (settings.count > 0 && uint64_t(settings.count) > most) {
    error =
        "the last number or its time is out of range; a lesser `count`, `from` or `start`, or a higher `rate`, fits";
    return nullptr;
  }
  // Without `count` it ends where numbers or times end.
  uint64_t records = settings.count >= 0 ? uint64_t(settings.count) : most;
  return std::make_unique<Sequence>(settings, records, std::move(columns));
}
