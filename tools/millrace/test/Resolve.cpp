//===- Resolve.cpp - the names of a script, found in the pipeline ------------===//
#include "../Diagnostics.h"
#include "Counters.h"
#include "Player.h"

#include "runtime/engine/params.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace millrace::script {
namespace {

class Resolver {
public:
  Resolver(Script &script, const mr_pipeline_desc &pipeline) : script(script), pipeline(pipeline) {
    for (uint32_t i = 0; i < pipeline.num_sources; ++i)
      if (pipeline.sources[i].dead_of < 0)
        sources.push_back(pipeline.sources[i].name);
    for (uint32_t i = 0; i < pipeline.num_sinks; ++i)
      sinks.push_back(pipeline.sinks[i].name);
  }

  void resolveCase(Case &each) {
    checkSettings(each);
    ended.assign(pipeline.num_sources, 0);
    now = 0;
    for (Statement &statement : each.statements) {
      switch (statement.act) {
      case Act::Give:
      case Act::Watermark:
        toSource(statement);
        break;
      case Act::Clock:
        toTime(statement);
        break;
      case Act::End:
        toEnd(statement);
        break;
      case Act::Rows:
        toSink(statement);
        break;
      case Act::Count:
        toCounter(statement);
        break;
      case Act::Exit:
        break;
      }
    }
  }

private:
  void mistake(const Statement &statement, const Twine &text) {
    script.mistakes.push_back({statement.line, statement.column ? statement.column : 1, text.str()});
  }

  /// Each on its own: so a message has its line.
  void checkSettings(const Case &each) {
    for (const Setting &setting : each.settings) {
      Params params;
      std::string error;
      if (params.set(pipeline, {setting.text}, error))
        continue;
      StringRef text = error;
      text.consume_front("error: ");
      text.consume_front("--set ");
      if (text.consume_front(setting.text)) // which stands above the caret
        text.consume_front(": ");
      Mistake found{setting.line, 5, text.str()};
      if (none_of(script.mistakes, [&](const Mistake &m) { return m.line == found.line && m.text == found.text; }))
        script.mistakes.push_back(found); // what stands before the first test belongs to all
    }
  }

  /// The clock never goes back (rule 3).
  void toTime(Statement &statement) {
    if (!isAnythingOpen())
      mistake(statement, "all input has ended: the clock moves nothing any more");
    if (statement.isStep && __builtin_add_overflow(now, statement.time, &statement.time))
      return mistake(statement, "that is beyond the end of time");
    statement.isStep = false;
    if (statement.time < now)
      return mistake(statement, "processing time never goes back");
    now = statement.time;
  }

  bool isAnythingOpen() const {
    for (uint32_t i = 0; i < pipeline.num_sources; ++i)
      if (pipeline.sources[i].dead_of < 0 && !ended[i])
        return true;
    return false;
  }

  bool findSource(Statement &statement) {
    for (uint32_t i = 0; i < pipeline.num_sources; ++i)
      if (pipeline.sources[i].dead_of < 0 && statement.name == pipeline.sources[i].name) {
        statement.index = i;
        if (ended[i])
          mistake(statement, "the input of `" + statement.name + "` has ended at line " + Twine(ended[i]));
        return !ended[i];
      }
    mistake(statement, "there is no source `" + statement.name + "`" + suggestion(statement.name, sources));
    return false;
  }

  void toSource(Statement &statement) {
    if (!findSource(statement))
      return;
    if (statement.act == Act::Watermark && pipeline.sources[statement.index].event_time == -1)
      mistake(statement, "`" + statement.name +
                             "` has no event time, so no watermark; `watermark FIELD bounded 0 s` "
                             "at the source gives it one");
  }

  void toEnd(Statement &statement) {
    if (!statement.name.empty()) {
      if (findSource(statement))
        ended[statement.index] = statement.line;
      return;
    }
    if (!isAnythingOpen())
      mistake(statement, "all input has ended already");
    for (uint32_t i = 0; i < pipeline.num_sources; ++i)
      if (!ended[i])
        ended[i] = statement.line;
  }

  /// By its name, or by that of the stream that goes into it.
  void toSink(Statement &statement) {
    std::vector<uint32_t> found;
    for (uint32_t i = 0; i < pipeline.num_sinks; ++i) {
      StringRef name = pipeline.sinks[i].name;
      if (name == statement.name) {
        found = {i};
        break;
      }
      if (name.consume_front(statement.name) && name.consume_front("_") &&
          name.consume_front(pipeline.sinks[i].connector))
        found.push_back(i);
    }
    if (found.size() > 1) {
      SmallVector<StringRef> names;
      for (uint32_t i : found)
        names.push_back(pipeline.sinks[i].name);
      return mistake(statement, "`" + statement.name + "` goes into several sinks: " + join(names, ", "));
    }
    if (!found.empty()) {
      statement.index = found.front();
      return;
    }
    for (uint32_t i = 0; i < pipeline.num_sources; ++i)
      if (statement.name == pipeline.sources[i].name)
        return mistake(statement, "`" + statement.name + "` is a source; what can be expected are the rows of a sink" +
                                      suggestion("", sinks));
    for (const Counter &counter : counters())
      if (counter.name == statement.name)
        return mistake(statement, "`" + statement.name + "` is a counter: it has a number, as in `expect " +
                                      statement.name + " 0`");
    SmallVector<StringRef> streams = streamNames();
    StringRef near = nearMiss(statement.name, streams);
    mistake(statement, "there is no sink `" + statement.name + "`" +
                           (near.empty() ? suggestion(statement.name, sinks) : suggestion(statement.name, streams)));
  }

  /// The streams that go into one sink alone, whose names do for it.
  SmallVector<StringRef> streamNames() const {
    SmallVector<StringRef> names;
    for (uint32_t i = 0; i < pipeline.num_sinks; ++i) {
      StringRef name = pipeline.sinks[i].name;
      size_t end = name.rfind(("_" + StringRef(pipeline.sinks[i].connector)).str());
      if (end != StringRef::npos)
        names.push_back(name.take_front(end));
    }
    auto isOfSeveral = [all = names](StringRef name) { return count(all, name) > 1; };
    erase_if(names, isOfSeveral);
    return names;
  }

  void toCounter(Statement &statement) {
    SmallVector<StringRef> names;
    for (uint32_t i = 0; i < counters().size(); ++i) {
      names.push_back(counters()[i].name);
      if (counters()[i].name == statement.name) {
        statement.index = i;
        return;
      }
    }
    names.push_back("exit"); // `expect exit 1` has a number, too
    mistake(statement, "there is no counter `" + statement.name + "`" + suggestion(statement.name, names));
  }

  Script &script;
  const mr_pipeline_desc &pipeline;
  SmallVector<StringRef> sources, sinks;
  std::vector<unsigned> ended; ///< by source: at which line; 0: not yet
  int64_t now = 0;             ///< processing time where the script is
};

} // namespace

ArrayRef<Counter> counters() {
  static const Counter all[] = {{"records", &Statistics::records}, {"bad", &Statistics::bad},
                                {"late", &Statistics::late},       {"partly_late", &Statistics::partlyLate},
                                {"future", &Statistics::future},   {"in_no_window", &Statistics::inNoWindow},
                                {"rows", &Statistics::rows}};
  return all;
}

void resolve(Script &script, const mr_pipeline_desc &pipeline) {
  Resolver resolver(script, pipeline);
  for (Case &each : script.cases) {
    resolver.resolveCase(each);
    if (each.statements.empty())
      script.mistakes.push_back({each.name.empty() ? std::max(script.pipelineLine, 1u) : each.line, 1,
                                 "nothing is tested here: a test gives records and says what is to come, as in `give "
                                 "SOURCE` and `expect SINK`"});
  }
}

} // namespace millrace::script
