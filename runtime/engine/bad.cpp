//===- bad.cpp - records that are bad, and what is done with them ----------------------------===//
//
// Rules 46 to 49. A record is counted once per operator that found it bad. The
// policy is the source's: stop, drop, or a letter to the dead-letter stream;
// with a limit, the first record beyond it stops the pipeline.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <tuple>
#include <unistd.h>
#include <utility>

using namespace millrace;

namespace {

/// Before so many records a share of bad ones says nothing; but at the end of input it is what it is.
constexpr uint64_t kShareCounts = 1000;

std::string nameOf(const Feed &feed) {
  if (feed.partition)
    return feed.partition->name();
  return std::string("dead letters of `") + feed.source->desc->name + "`";
}

/// Where a record of the batch stands; the text of records that never were bytes goes to `made`.
RecordPlace placeOf(const Feed &feed, uint32_t record, Buffer &made) {
  if (feed.letters) {
    const Letter &letter = feed.letters[record];
    return {letter.raw, letter.line, letter.byte};
  }
  RecordPlace place = feed.partition->place(*feed.batch, record);
  if (!feed.batch->offsets) {
    appendRecordAsJson(*feed.source->desc, feed.batch->batch, record, made);
    place.raw = made.view();
  }
  return place;
}

/// The whole message for a record that stops the pipeline. `column`: from 1; 0: unknown.
std::string messageOf(const Feed &feed, const RecordPlace &place, uint64_t column, const std::string &reason,
                      const std::string &limit) {
  std::string text = nameOf(feed);
  if (place.line >= 0)
    text += ":" + std::to_string(place.line);
  if (column)
    text += ":" + std::to_string(column);
  text += ": error: " + reason + "\n";
  if (!place.raw.empty())
    text += "  " + excerpt(place.raw) + "\n";
  if (feed.source->desc->dead_of >= 0)
    text += "note: a dead letter that is bad itself has nowhere to go; `try(...)` makes null of such a value";
  else if (limit.empty())
    text += "note: `on_bad drop` or `on_bad dead_letter` at the source `" + std::string(feed.source->desc->name) +
            "` would let the pipeline go on";
  else
    text += "note: " + limit;
  return text;
}

void addLetter(Feed &feed, const RecordPlace &place, std::string_view op, std::string reason) {
  if (feed.source->desc->on_bad != MR_BAD_DEAD_LETTER || feed.source->deadStream < 0)
    return;
  Letter letter;
  letter.raw = place.raw.substr(0, kMaxRecord);
  letter.file = feed.partition && !feed.partition->file().empty() ? &feed.partition->file() : nullptr;
  letter.line = place.line;
  letter.byte = place.byte;
  letter.op = op;
  letter.reason = std::move(reason);
  feed.source->letters.push_back(std::move(letter));
}

/// What to say if more of the records read so far are bad than `max_bad … percent` allows; else empty.
std::string shareTooGreat(const SourceState &source, uint64_t records) {
  int64_t percent = source.desc->max_bad_percent;
  if (percent < 0 || source.bad * 100 <= records * uint64_t(percent))
    return {};
  return std::to_string(source.bad) + " of " + std::to_string(records) + " records are bad: more than `max_bad " +
         std::to_string(percent) + " percent` allows";
}

/// What to say of the limit that was passed; empty if bad records have none.
std::string limitText(const SourceState &source, uint64_t records) {
  const mr_source_desc &desc = *source.desc;
  if (desc.max_bad >= 0 && source.bad > uint64_t(desc.max_bad))
    return "that is one bad record more than `max_bad " + std::to_string(desc.max_bad) + "` allows";
  return shareTooGreat(source, records);
}

} // namespace

std::string millrace::excerpt(std::string_view raw) {
  constexpr size_t most = 160;
  std::string text;
  for (char c : raw.substr(0, most))
    text += uint8_t(c) < 0x20 || c == 0x7f ? '?' : c;
  while (raw.size() > most && !text.empty() && (uint8_t(text.back()) & 0xc0) == 0x80)
    text.pop_back(); // not in the middle of a character
  return raw.size() > most ? text + "…" : text;
}

bool mr_engine::isTooMuch(const SourceState &source, uint64_t bad, uint64_t records) const {
  const mr_source_desc &desc = *source.desc;
  if (desc.on_bad == MR_BAD_FAIL && desc.max_bad < 0 && desc.max_bad_percent < 0)
    return true;
  if (desc.max_bad >= 0 && bad > uint64_t(desc.max_bad))
    return true;
  return desc.max_bad_percent >= 0 && records >= kShareCounts && bad * 100 > records * uint64_t(desc.max_bad_percent);
}

/// In which operator and where in the pipeline the error arose.
std::string mr_engine::whereText(const BadValue &value) const {
  const char *terminal = pipeline.terminals[value.terminal];
  if (!siteOfWindow(value.error).empty())
    return std::string(value.error == kWindowError ? " would leave the years 0000 to 9999" : "") + " (in `" +
           std::string(terminal) + "`)";
  const mr_site_desc &site = pipeline.sites[value.error >> 3];
  std::string where = std::string(" (in `") + (*site.op ? site.op : terminal) + "`";
  if (site.line)
    where += ", at " + std::to_string(site.line) + ":" + std::to_string(site.column) + " of the pipeline";
  return where + ")";
}

std::string mr_engine::stateMessage(const Feed &feed, const StateError &value) const {
  std::string_view site = siteOfWindow(value.error);
  if (site.empty())
    site = pipeline.sites[value.error >> 3].text;
  Buffer made;
  std::string_view note = "state has taken this record already, so `on_bad` does not help: an error behind state stops "
                          "the pipeline; `try(...)` makes null of such a value";
  return messageOf(feed, placeOf(feed, value.record, made), 0,
                   reasonText(value.error & 7, site) + whereText(value) + value.key,
                   std::string(value.note.empty() ? note : value.note));
}

bool mr_engine::judge(Feed &feed, uint32_t from, uint32_t &stopAt, std::string &message) {
  std::sort(bad.begin(), bad.end(), [](const BadValue &a, const BadValue &b) {
    return std::tie(a.record, a.terminal, a.error) < std::tie(b.record, b.terminal, b.error);
  });
  auto same = [](const BadValue &a, const BadValue &b) { return a.record == b.record && a.terminal == b.terminal; };
  bad.erase(std::unique(bad.begin(), bad.end(), same), bad.end());
  for (const BadValue &value : bad) {
    std::string_view site = siteOfWindow(value.error);
    std::string reason = reasonText(value.error & 7, site.empty() ? pipeline.sites[value.error >> 3].text : site);
    Buffer made;
    ++feed.source->bad, ++counts.bad;
    uint64_t records = feed.source->records + (value.record - from) + 1;
    if (isTooMuch(*feed.source, feed.source->bad, records)) {
      message = messageOf(feed, placeOf(feed, value.record, made), 0, reason + whereText(value),
                          limitText(*feed.source, records));
      stopAt = value.record;
      return false;
    }
    addLetter(feed, placeOf(feed, value.record, made), pipeline.terminals[value.terminal], std::move(reason));
  }
  return true;
}

bool mr_engine::noteMalformed(Feed &feed, const MalformedRecord &record) {
  RecordPlace place = feed.partition->place(record);
  ++feed.source->records, ++counts.records;
  ++feed.source->bad, ++counts.bad;
  if (isTooMuch(*feed.source, feed.source->bad, feed.source->records))
    return halt(messageOf(feed, place, record.byte + 1, record.reason, limitText(*feed.source, feed.source->records)));
  addLetter(feed, place, feed.source->desc->name, record.reason);
  return true;
}

bool mr_engine::noteBadTime(Feed &feed, uint32_t record, uint8_t status) {
  const mr_source_desc &desc = *feed.source->desc;
  return noteNoTime(feed, record,
                    eventTimeReason(status, desc.event_time >= 0 ? desc.fields[desc.event_time].name : ""));
}

bool mr_engine::noteBadWatermark(Feed &feed, uint32_t record, uint8_t status) {
  return noteNoTime(feed, record, reasonText(status - MR_ERROR_BASE, kWatermarkSite));
}

/// A record whose event time or watermark cannot be told is not well-formed (rule 48).
bool mr_engine::noteNoTime(Feed &feed, uint32_t record, std::string reason) {
  const mr_source_desc &desc = *feed.source->desc;
  Buffer made;
  RecordPlace place = placeOf(feed, record, made);
  ++feed.source->records, ++counts.records;
  ++feed.source->bad, ++counts.bad;
  if (isTooMuch(*feed.source, feed.source->bad, feed.source->records))
    return halt(messageOf(feed, place, 0, reason, limitText(*feed.source, feed.source->records)));
  addLetter(feed, place, desc.name, std::move(reason));
  return true;
}

/// At the source's end, before what its end lets fire.
bool mr_engine::judgeShare(const SourceState &source) {
  std::string limit = shareTooGreat(source, source.records);
  return limit.empty() || halt("error: source `" + std::string(source.desc->name) + "`: " + limit);
}

bool mr_engine::stop(int code, const std::string &message) {
  if (stopped)
    return false;
  stopped = true;
  exitCode = code;
  status.say(message);
  return false;
}

namespace {

/// One field of the dead-letter stream, laid out as its description says.
struct LetterColumn {
  std::vector<uint8_t> values, status;

  void set(const mr_field_desc &field, size_t i, const void *value) {
    if (value)
      std::memcpy(values.data() + i * field.stride, value,
                  field.type == MR_STRING || field.type == MR_BYTES ? sizeof(mr_string) : sizeof(int64_t));
    if (field.status_stride)
      status[i * field.status_stride] = value ? MR_VALUE : MR_NULL;
  }
};

void setField(LetterColumn &column, const mr_field_desc &field, size_t i, const Letter &letter) {
  std::string_view name = field.name;
  std::string_view text = name == "raw"      ? std::string_view(letter.raw)
                          : name == "op"     ? std::string_view(letter.op)
                          : name == "reason" ? std::string_view(letter.reason)
                          : letter.file      ? std::string_view(*letter.file)
                                             : std::string_view();
  if (name == "line" || name == "byte") {
    const int64_t &number = name == "line" ? letter.line : letter.byte;
    column.set(field, i, number >= 0 ? &number : nullptr);
    return;
  }
  mr_string string = stringOf(text);
  column.set(field, i, name == "file" && !letter.file ? nullptr : &string);
}

} // namespace

/// Feeds the letters of the batch in hand. They are in the order of the records and then of the terminals: steps go
/// over a batch in order, and `judge` sorts what one step found.
bool mr_engine::feedLetters(SourceState &source) {
  if (source.letters.empty())
    return true;
  std::vector<Letter> letters = std::exchange(source.letters, {});
  bool wasStopped = std::exchange(stopped, false); // the letters written before a stop still go out
  int code = exitCode;
  uint64_t records = counts.records;
  bool good = true;
  for (size_t from = 0; good && from < letters.size(); from += options.batch)
    good = feedLetterBatch(sources[source.deadStream], letters.data() + from,
                           uint32_t(std::min<size_t>(options.batch, letters.size() - from)));
  counts.records = records; // they were counted when they came in
  if (wasStopped) {
    stopped = true;
    exitCode = code;
  }
  return good;
}

bool mr_engine::feedLetterBatch(SourceState &dead, const Letter *letters, uint32_t count) {
  const mr_source_desc &desc = *dead.desc;
  std::vector<LetterColumn> columns(desc.num_fields);
  std::vector<mr_column> starts(desc.num_fields);
  for (uint32_t k = 0; k < desc.num_fields; ++k) {
    const mr_field_desc &field = desc.fields[k];
    columns[k].values.resize(size_t(count) * field.stride);
    columns[k].status.resize(size_t(count) * field.status_stride);
    for (uint32_t i = 0; i < count; ++i)
      setField(columns[k], field, i, letters[i]);
    starts[k] = {columns[k].values.data(), field.status_stride ? columns[k].status.data() : nullptr};
  }
  dead.batch = DecodedBatch();
  dead.batch.batch.size = count;
  dead.batch.batch.columns = starts.data();
  Feed feed{&dead, &dead.lanes[0], nullptr, &dead.batch, letters};
  return this->feed(feed);
}

/// Called by generated code.
extern "C" void mr_bad(mr_task *task, uint32_t record, uint32_t terminal, mr_error error) {
  mr_engine &engine = *task->engine;
  if (!engine.firing) {
    if (engine.stateful)
      engine.haltIfBad(record, terminal);
    engine.bad.push_back({record, terminal, error});
  } else if (error == kWindowError) {
    engine.outOfRange = true; // of a session: told once the call is done
  } else if (error == MR_GAP_ERROR) {
    engine.failFiring("error: `" + std::string(engine.pipeline.terminals[terminal]) +
                      "`: the gap of a result's session is null or not above zero");
  } else if (!engine.stopped) {
    engine.stopFiring(record, error);
  }
}
