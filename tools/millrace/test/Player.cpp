//===- Player.cpp - one case, played to a pipeline ---------------------------===//
//
// The engine asks the sources for records. The source whose statement is due
// gives them; the others say that they have nothing. When none has anything
// and all rows are written, the engine says so (Host::settled), and what is
// expected at that place is compared.
//
//===----------------------------------------------------------------------===//
#include "Player.h"
#include "Counters.h"
#include "Kept.h"

#include "runtime/engine/host.h"
#include "llvm/ADT/StringExtras.h"
#include <cstring>

using namespace llvm;

namespace millrace::script {
namespace {

class Player;

/// A source of the script.
class ScriptedSource final : public Partition {
public:
  ScriptedSource(Player &player, uint32_t index, const char *name, std::unique_ptr<Decoder> decoder)
      : player(player), index(index), decoder(std::move(decoder)) {
    title = name;
  }

  Poll poll(const PollRequest &request, DecodedBatch &batch) override;
  RecordPlace place(const DecodedBatch &batch, uint32_t record) const override {
    return batch.offsets ? placeOf(batch.base + batch.offsets[record], batch.lengths[record]) : RecordPlace{};
  }
  RecordPlace place(const MalformedRecord &record) const override { return placeOf(record.offset, record.length); }
  int64_t promised() const override { return promise; }
  bool live() const override { return true; }

  /// The engine does not ask: this waits until it does (rule 6, `align`).
  void wait(const Statement &statement) { waiting.push_back(&statement); }

private:
  /// The records of a statement, to the decoder.
  void begin(const Statement &give) {
    text.assign(kPadding, '\0');
    for (const Line &line : give.lines)
      text += line.text + "\n";
    size = text.size() - kPadding;
    text.append(kPadding, '\0');
    decoder->begin(reinterpret_cast<const uint8_t *>(text.data()) + kPadding, size);
    lines = give.lines.size();
    decoding = true;
  }
  void finish() {
    linesBefore += lines;
    bytesBefore += size;
    decoding = false;
  }
  /// As in a file with all records that the source was given.
  RecordPlace placeOf(uint64_t at, uint64_t length) const {
    StringRef raw = StringRef(text).substr(kPadding + at, length);
    return {std::string_view(raw), int64_t(linesBefore + StringRef(text).substr(kPadding, at).count('\n') + 1),
            int64_t(bytesBefore + at)};
  }

  Player &player;
  uint32_t index;
  std::unique_ptr<Decoder> decoder;
  std::string text; ///< with padding
  size_t size = 0, lines = 0, linesBefore = 0, bytesBefore = 0;
  bool decoding = false;
  int64_t promise = INT64_MIN;
  std::deque<const Statement *> waiting;
};

class Player final : public Host {
public:
  Player(const Case &each, const mr_pipeline_desc &pipeline)
      : ended(pipeline.num_sources), each(each), rewritten(pipeline), files(pipeline.num_sinks),
        sources(pipeline.num_sources) {
    if (!each.statements.empty() && each.statements[0].act == Act::Clock) // what comes first is when it starts
      now = each.statements[0].time;
  }

  Outcome play(unsigned batch);

  std::unique_ptr<Clock> makeClock() override { return std::make_unique<StandingClock>(now); }
  std::vector<Lane> openSource(const SourceContext &context, OpenError &error) override;
  bool settled(const Statistics &statistics) override;

  /// The statement that is due; null behind the last one.
  const Statement *due() const { return next < each.statements.size() ? &each.statements[next] : nullptr; }
  void done() { ++next; }
  void end(uint32_t source);

  int64_t now = 0;         ///< processing time
  std::vector<bool> ended; ///< by source

private:
  class StandingClock final : public Clock {
  public:
    explicit StandingClock(const int64_t &time) : time(time) {}
    int64_t now() override { return time; }
    void reached(uint64_t) override {}
    uint64_t nextMove() const override { return UINT64_MAX; }
    bool real() const override { return false; }
    bool isSet() const override { return time != 0; }

  private:
    const int64_t &time;
  };

  void compare(const Statement &statement, const Statistics &statistics);
  void compareRowsOf(const Statement &statement);
  void compareExit(const Statement &statement);
  void finish(const Statistics &statistics);
  void collectLeft();
  void fail(unsigned line, const Twine &text) { outcome.failures.push_back({line, text.str(), {}, {}, {}}); }
  std::string readable(StringRef message) const;

  const Case &each;
  Rewritten rewritten;
  KeptFiles files;
  Messages messages;
  size_t next = 0;                       ///< number of the statement that is due
  size_t settledAt = SIZE_MAX;           ///< the statement that was due when all was settled
  std::vector<ScriptedSource *> sources; ///< by source; null: of dead letters
  int exitCode = -1;                     ///< -1: it runs
  bool exitExpected = false;
  Outcome outcome;
};

Poll ScriptedSource::poll(const PollRequest &request, DecodedBatch &batch) {
  batch.malformed.clear();
  batch.batch.size = 0;
  batch.blank = 0;
  while (const Statement *statement = waiting.empty() ? player.due() : waiting.front()) {
    bool mine = statement->index == index;
    auto done = [&] { waiting.empty() ? player.done() : waiting.pop_front(); };
    switch (statement->act) {
    case Act::Give:
      if (!mine)
        return Poll::Pending;
      if (!decoding)
        begin(*statement);
      if (decoder->next(request.maxRecords, batch))
        return Poll::Batch;
      finish();
      done();
      continue;
    case Act::Watermark:
      if (!mine)
        return Poll::Pending;
      promise = statement->time;
      done();
      return Poll::Promise;
    case Act::Clock: // the engine looks at the clock before it asks again
      player.now = statement->time;
      player.done();
      return Poll::Turn;
    case Act::End:
      if (!statement->name.empty() && !mine)
        return Poll::Pending;
      if (waiting.empty())
        player.end(index);
      else
        player.ended[index] = true;
      return Poll::End;
    case Act::Rows:
    case Act::Count:
    case Act::Exit:
      return Poll::Pending;
    }
  }
  return Poll::Pending;
}

std::vector<Lane> Player::openSource(const SourceContext &context, OpenError &error) {
  std::vector<Lane> lanes;
  if (std::unique_ptr<Decoder> decoder = makeDecoder(context.source, context.decode, error.text)) {
    uint32_t index = uint32_t(&context.source - rewritten.pipeline().sources);
    lanes.emplace_back();
    auto source = std::make_unique<ScriptedSource>(*this, index, context.source.name, std::move(decoder));
    sources[index] = source.get();
    lanes.back().push_back(std::move(source));
  }
  return lanes;
}

/// `source` has said that it is at its end.
void Player::end(uint32_t source) {
  ended[source] = true;
  const mr_pipeline_desc &pipeline = rewritten.pipeline();
  bool all = true;
  for (uint32_t i = 0; i < pipeline.num_sources; ++i)
    all &= ended[i] || pipeline.sources[i].dead_of >= 0;
  if (all || !due()->name.empty())
    done();
}

bool Player::settled(const Statistics &statistics) {
  while (due()) {
    if (due()->expects())
      compare(*due(), statistics);
    else if (next == settledAt && due()->act != Act::Clock && !(due()->act == Act::End && due()->name.empty()))
      sources[due()->index]->wait(*due()); // its source was not asked
    else
      break;
    done();
  }
  settledAt = next;
  return due();
}

void Player::compare(const Statement &statement, const Statistics &statistics) {
  switch (statement.act) {
  case Act::Rows:
    return compareRowsOf(statement);
  case Act::Exit:
    return compareExit(statement);
  default:
    break;
  }
  const Counter &counter = counters()[statement.index];
  int64_t value = int64_t(statistics.*counter.value);
  if (value == statement.number)
    return;
  std::string came = std::to_string(value), expected = std::to_string(statement.number);
  outcome.failures.push_back(
      {statement.line, "`" + counter.name.str() + "` is " + came + ", expected " + expected, {}, {expected}, {came}});
  outcome.counts[statement.line] = value;
}

void Player::compareRowsOf(const Statement &statement) {
  const mr_sink_desc &sink = rewritten.pipeline().sinks[statement.index];
  std::vector<std::string> rows = files.take(statement.index);
  Comparison how{statement.inOrder, {}, {}};
  for (uint32_t i = 0; i < sink.num_fields; ++i)
    if (sink.fields[i].type == MR_TIMESTAMP || sink.fields[i].type == MR_DURATION)
      how.times.push_back({sink.fields[i].name, mr_type(sink.fields[i].type)});
  for (uint32_t i = 0; sink.changes && i < sink.num_keys; ++i)
    how.keys.push_back(sink.fields[sink.keys[i]].name);
  std::optional<std::vector<DiffLine>> difference = compareRows(statement.lines, rows, how);
  if (!difference)
    return;
  Failure failure{statement.line, "", std::move(*difference), {}, rows};
  // For --update: what is as expected stays as it is written, where it is.
  std::vector<std::string> kept;
  for (const DiffLine &line : failure.difference)
    if (line.mark == ' ' || line.mark == '+')
      kept.push_back(line.text);
  outcome.rows[statement.line] = kept.size() == rows.size() ? std::move(kept) : rows;
  auto counted = [](size_t n) { return std::to_string(n) + (n == 1 ? " row" : " rows"); };
  failure.text = counted(rows.size()) + " of `" + sink.name + "` came, " +
                 (statement.lines.size() == rows.size() ? "but not those expected"
                                                        : "expected " + std::to_string(statement.lines.size()));
  for (const Line &line : statement.lines)
    failure.expected.push_back(line.text);
  outcome.failures.push_back(std::move(failure));
}

/// With "the record at line N of this test" where the message counts a source's records.
std::string Player::readable(StringRef message) const {
  auto [source, rest] = message.split(':');
  uint64_t record;
  if (rest.take_while([](char c) { return isDigit(c); }).getAsInteger(10, record))
    return message.str();
  for (const Statement &statement : each.statements) {
    if (statement.act != Act::Give || statement.name != source)
      continue;
    if (record <= statement.lines.size())
      return (message + "\nnote: that record stands at line " + Twine(statement.lines[record - 1].number)).str();
    record -= statement.lines.size();
  }
  return message.str();
}

void Player::compareExit(const Statement &statement) {
  if (exitCode < 0)
    return fail(statement.line, "the pipeline still runs; `end` would be the end of its input");
  exitExpected = true;
  std::string text = messages.text();
  if (exitCode != statement.number)
    return fail(statement.line, "the exit code is " + Twine(exitCode) + ", expected " + Twine(statement.number) +
                                    (text.empty() ? "" : "\n" + readable(text)));
  if (!StringRef(text).contains(statement.text))
    fail(statement.line, "the message does not hold \"" + statement.text + "\"" +
                             (text.empty() ? "; there is none" : "; it is:\n" + readable(text)));
}

/// The run is over: what is left of the script can only expect.
void Player::finish(const Statistics &statistics) {
  unsigned stoppedAt = due() ? due()->line : each.line;
  const Statement *unreached = nullptr;
  for (; due(); done()) {
    if (due()->expects())
      compare(*due(), statistics);
    else if (!unreached && next < each.statements.size() && due()->line != stoppedAt)
      unreached = due();
  }
  if (exitCode != 0 && !exitExpected)
    fail(stoppedAt, "the pipeline stopped with exit code " + Twine(exitCode) + "\n" + readable(messages.text()));
  else if (unreached)
    fail(unreached->line, "not reached: the pipeline stopped at line " + Twine(stoppedAt));
  collectLeft();
}

/// Rows that came after the last time that their sink was asked for.
void Player::collectLeft() {
  std::map<uint32_t, unsigned> asked; // sink: line
  for (const Statement &statement : each.statements)
    if (statement.act == Act::Rows)
      asked[statement.index] = statement.line;
  for (auto [sink, line] : asked) {
    std::vector<std::string> rows = files.take(sink);
    if (rows.empty())
      continue;
    std::string name = rewritten.pipeline().sinks[sink].name;
    Failure failure{line, "behind this, more rows of `" + name + "` came, which nothing expects", {}, {}, rows};
    for (const std::string &row : rows)
      failure.difference.push_back({'+', 0, row});
    auto behind = llvm::upper_bound(outcome.failures, line, [](unsigned l, const Failure &f) { return l < f.line; });
    outcome.failures.insert(behind, std::move(failure));
    outcome.left.emplace_back(name, std::move(rows));
  }
}

Outcome Player::play(unsigned batch) {
  RunOptions options;
  for (const Setting &setting : each.settings)
    options.settings.push_back(setting.text);
  options.batch = batch;
  options.progress = Progress::Never;
  options.storage = &files;
  options.host = this;
  options.messages = messages.descriptor();
  Statistics statistics;
  exitCode = runPipeline(rewritten.pipeline(), options, &statistics);
  outcome.interrupted = exitCode == kInterrupted;
  finish(statistics);
  return std::move(outcome);
}

} // namespace

Outcome play(const Case &each, const mr_pipeline_desc &pipeline, unsigned batch) {
  return Player(each, pipeline).play(batch);
}

} // namespace millrace::script
