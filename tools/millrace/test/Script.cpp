//===- Script.cpp - reading a test file ------------------------------------===//
//
// One statement a line; what begins with a blank belongs to the statement above.
// A mistake does not end the reading: all are reported at once.
//
//===----------------------------------------------------------------------===//
#include "Script.h"
#include "Rows.h"

#include "../Diagnostics.h"
#include "runtime/time/duration.h"
#include "runtime/values/parse.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <tuple>

using namespace llvm;

namespace millrace::script {

std::string suggestion(StringRef word, ArrayRef<StringRef> known) {
  StringRef near = nearMiss(word, known);
  if (!near.empty())
    return "; did you mean `" + near.str() + "`?";
  return known.empty() ? "; there is none"
                       : "; there " + std::string(known.size() == 1 ? "is " : "are ") + join(known, ", ");
}

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

/// The words of one line, up to a comment.
class Words {
public:
  Words(StringRef line, unsigned number) : line(line), number(number) { skip(); }

  bool atEnd() const { return at >= line.size(); }
  unsigned column() const { return unsigned(at) + 1; }
  unsigned lineNumber() const { return number; }
  /// What is left of the line, with a comment if there is one.
  StringRef rest() const { return line.substr(at).rtrim(); }
  bool isQuoted() const { return !atEnd() && line[at] == '"'; }

  StringRef next() {
    size_t end = at;
    while (end < line.size() && !isBlank(line[end]))
      ++end;
    StringRef word = line.slice(at, end);
    at = end;
    skip();
    return word;
  }

  /// A text in quotes, as JSON writes it. False: it has no end, or is none.
  bool quoted(std::string &text) {
    size_t end = at + 1;
    while (end < line.size() && line[end] != '"')
      end += line[end] == '\\' ? 2 : 1;
    if (end >= line.size())
      return false;
    Expected<json::Value> value = json::parse(line.slice(at, end + 1));
    if (!value) {
      consumeError(value.takeError());
      return false;
    }
    text = value->getAsString()->str();
    at = end + 1;
    skip();
    return true;
  }

  /// All words that are left, a blank between any two.
  std::string all() {
    std::string text;
    while (!atEnd())
      text += (text.empty() ? "" : " ") + next().str();
    return text;
  }

private:
  void skip() {
    while (at < line.size() && isBlank(line[at]))
      ++at;
    if (line.substr(at).starts_with("//"))
      at = line.size();
  }

  StringRef line;
  unsigned number;
  size_t at = 0;
};

class Reader {
public:
  Reader(StringRef file, StringRef text) {
    script.file = file.str();
    script.text = text.str();
    StringRef(script.text).split(lines, '\n');
    if (!lines.empty() && lines.back().empty())
      lines.pop_back();
  }

  Script read();

private:
  struct Verb {
    StringRef name;
    void (Reader::*read)(Words &);
  };
  static ArrayRef<Verb> verbs();

  void mistake(unsigned column, const Twine &text, unsigned line = 0) {
    script.mistakes.push_back({line ? line : number, column, text.str()});
  }
  void nothingMore(Words &words) {
    if (!words.atEnd())
      mistake(words.column(), "`" + words.rest() + "` is too much here");
  }
  bool readName(Words &words, StringRef what, StringRef example, Statement &statement);
  bool readTime(Words &words, Statement &statement);
  void readStatement();
  void readPipelineText();
  void readUnder(StringRef line);
  void add(Statement statement);

  void readPipeline(Words &words);
  void readSet(Words &words);
  void readTest(Words &words);
  void readGive(Words &words);
  void readWatermark(Words &words);
  void readClock(Words &words);
  void readEnd(Words &words);
  void readExpect(Words &words);
  void readExit(Words &words);
  void checkRows();

  Script script;
  SmallVector<StringRef> lines;
  unsigned number = 0;     ///< of the line in hand
  Case first;              ///< what stands before the first `test`
  bool takesLines = false; ///< may lines stand under what was read last?
  bool broken = false;     ///< was that a mistake? Then what stands under it is none of its own
  Case &current() { return script.cases.empty() ? first : script.cases.back(); }
};

} // namespace

ArrayRef<Reader::Verb> Reader::verbs() {
  static const Verb all[] = {{"pipeline", &Reader::readPipeline},
                             {"set", &Reader::readSet},
                             {"test", &Reader::readTest},
                             {"give", &Reader::readGive},
                             {"watermark", &Reader::readWatermark},
                             {"clock", &Reader::readClock},
                             {"end", &Reader::readEnd},
                             {"expect", &Reader::readExpect}};
  return all;
}

Script Reader::read() {
  for (number = 1; number <= lines.size(); ++number) {
    StringRef line = lines[number - 1];
    StringRef bare = line.trim(" \t\r");
    if (bare.empty() || line.starts_with("//"))
      continue;
    if (isBlank(line.front()))
      readUnder(line);
    else if (line.starts_with("stream.pipeline"))
      readPipelineText();
    else
      readStatement();
  }
  if (script.pipelineText.empty() && script.path.empty() && script.mistakes.empty())
    mistake(1, "there is no pipeline to test: write it here, or `pipeline \"FILE\"`", 1);
  if (script.cases.empty()) {
    script.cases.push_back(std::move(first));
  } else {
    if (!first.statements.empty())
      mistake(1, "before the first `test` only the pipeline and `set` can stand", first.statements.front().line);
    for (Case &each : script.cases)
      each.settings.insert(each.settings.begin(), first.settings.begin(), first.settings.end());
  }
  checkRows();
  llvm::sort(script.mistakes, [](const Mistake &a, const Mistake &b) {
    return std::tie(a.line, a.column, a.text) < std::tie(b.line, b.column, b.text);
  });
  return std::move(script);
}

/// Each row is a JSON object.
void Reader::checkRows() {
  for (Case &each : script.cases)
    for (Statement &statement : each.statements) {
      if (statement.act != Act::Rows)
        continue;
      if (statement.nothing && !statement.lines.empty())
        mistake(statement.column, "`nothing` is expected, but rows stand under it", statement.line);
      if (!statement.nothing && statement.lines.empty())
        mistake(statement.column,
                "no rows stand under this; write `expect " + statement.name + " nothing` if none is to come",
                statement.line);
      for (const Line &line : statement.lines) {
        Row row;
        std::string problem;
        size_t place = 0;
        if (!parseRow(line.text, row, problem, place))
          mistake(1 + lines[line.number - 1].find(line.text) + place, "a row is a JSON object: " + problem,
                  line.number);
      }
    }
}

void Reader::readStatement() {
  Words words(lines[number - 1], number);
  takesLines = false;
  broken = false;
  size_t before = script.mistakes.size();
  StringRef verb = words.next();
  const Verb *found = find_if(verbs(), [&](const Verb &each) { return each.name == verb; });
  if (found == verbs().end()) {
    SmallVector<StringRef> names;
    for (const Verb &each : verbs())
      names.push_back(each.name);
    names.push_back("stream.pipeline");
    mistake(1, "there is no statement `" + verb + "`" + suggestion(verb, names));
  } else {
    (this->*found->read)(words);
    current().lastLine = number;
  }
  broken = script.mistakes.size() > before;
}

/// An indented line: a record or a row.
void Reader::readUnder(StringRef line) {
  if (broken)
    return;
  if (!takesLines) {
    mistake(1 + line.find(line.ltrim()),
            "this stands under no `give` or `expect`; statements begin at the start of a line");
    broken = true;
    return;
  }
  current().statements.back().lines.push_back({number, line.trim(" \t\r").str()});
  current().lastLine = number;
}

/// `stream.pipeline @name {`, up to a line that begins with `}`.
void Reader::readPipelineText() {
  takesLines = broken = false;
  unsigned begin = number;
  if (!script.pipelineText.empty() || !script.path.empty())
    mistake(1, "there is a pipeline already, at line " + Twine(script.pipelineLine));
  while (number <= lines.size() && !lines[number - 1].starts_with("}"))
    ++number;
  if (number > lines.size()) {
    mistake(1, "this pipeline has no end: `}` at the start of a line", begin);
    return;
  }
  script.pipelineLine = begin;
  script.pipelineText.assign(begin - 1, '\n');
  for (unsigned i = begin; i <= number; ++i)
    script.pipelineText += (lines[i - 1] + "\n").str();
}

void Reader::readPipeline(Words &words) {
  if (!script.pipelineText.empty() || !script.path.empty())
    return mistake(1, "there is a pipeline already, at line " + Twine(script.pipelineLine));
  script.pipelineLine = number;
  unsigned column = words.column();
  if (!words.isQuoted() || !words.quoted(script.path) || script.path.empty())
    return mistake(column, "expected the path of a pipeline in quotes, as in `pipeline \"quakes.mlir\"`");
  if (words.rest().starts_with("@"))
    script.pipelineName = words.next().drop_front().str();
  nothingMore(words);
}

void Reader::readSet(Words &words) {
  unsigned column = words.column();
  size_t equals = words.rest().find('=');
  StringRef name = words.rest().take_front(equals).trim();
  if (equals == StringRef::npos || name.empty() || name.contains(' '))
    return mistake(column, "expected a param and its value, as in `set min = 5`");
  Words value(lines[number - 1].substr(column - 1 + equals + 1), number);
  std::string text;
  unsigned at = unsigned(column + equals + value.column());
  if (value.isQuoted()) {
    if (!value.quoted(text))
      return mistake(at, "this text has no end");
    if (!value.atEnd())
      return mistake(at, "`" + value.rest() + "` is too much here");
  } else {
    text = value.all();
  }
  current().settings.push_back({(name + "=" + text).str(), number});
}

void Reader::readTest(Words &words) {
  Case next;
  next.line = number;
  unsigned column = words.column();
  if (!words.isQuoted() || !words.quoted(next.name) || next.name.empty())
    return mistake(column, "expected a name in quotes, as in `test \"late records are counted\"`");
  for (const Case &other : script.cases)
    if (other.name == next.name)
      mistake(column, "there is a test of this name already, at line " + Twine(other.line));
  nothingMore(words);
  script.cases.push_back(std::move(next));
}

void Reader::add(Statement statement) {
  statement.line = number;
  takesLines = statement.act == Act::Give || statement.act == Act::Rows;
  current().statements.push_back(std::move(statement));
}

bool Reader::readName(Words &words, StringRef what, StringRef example, Statement &statement) {
  statement.column = words.column();
  statement.name = words.next().ltrim('%').str();
  if (statement.name.empty())
    mistake(statement.column, "expected the name of a " + what + ", as in `" + example + "`");
  return !statement.name.empty();
}

/// RFC 3339.
bool Reader::readTime(Words &words, Statement &statement) {
  unsigned column = words.column();
  StringRef word = words.next();
  if (parseTimestamp(std::string_view(word), statement.time) == Parse::Ok)
    return true;
  mistake(column,
          "expected a time, as in `2024-01-01T00:00:00Z`" + (word.empty() ? Twine() : ", found `" + word + "`"));
  return false;
}

void Reader::readGive(Words &words) {
  Statement statement{Act::Give};
  if (!readName(words, "source", "give quakes", statement))
    return;
  nothingMore(words);
  add(std::move(statement));
}

void Reader::readWatermark(Words &words) {
  Statement statement{Act::Watermark};
  if (!readName(words, "source", "watermark quakes 2024-01-01T00:00:00Z", statement) || !readTime(words, statement))
    return;
  nothingMore(words);
  add(std::move(statement));
}

void Reader::readClock(Words &words) {
  Statement statement{Act::Clock};
  statement.column = words.column();
  if (words.rest().starts_with("+")) {
    std::string text = words.all();
    std::optional<int64_t> step = parseWrittenDuration(StringRef(text).drop_front().trim());
    if (!step)
      return mistake(statement.column, "expected a step of time, as in `clock +10 s`, found `" + text + "`");
    statement.time = *step;
    statement.isStep = true;
    return add(std::move(statement));
  }
  if (!readTime(words, statement))
    return;
  nothingMore(words);
  add(std::move(statement));
}

void Reader::readEnd(Words &words) {
  Statement statement{Act::End};
  statement.column = words.column();
  if (!words.atEnd())
    statement.name = words.next().ltrim('%').str();
  nothingMore(words);
  add(std::move(statement));
}

/// `expect SINK [in order] [nothing]`, `expect COUNTER N`, `expect exit N ["…"]`.
void Reader::readExpect(Words &words) {
  Statement statement{Act::Rows};
  if (!readName(words, "sink", "expect hourly_stdout", statement))
    return;
  if (statement.name == "exit")
    return readExit(words);
  int64_t count;
  if (!words.atEnd() && isDigit(words.rest().front())) {
    unsigned column = words.column();
    if (words.next().getAsInteger(10, count))
      return mistake(column, "expected a number, as in `expect late 2`");
    statement.act = Act::Count;
    statement.number = count;
  }
  while (statement.act == Act::Rows && !words.atEnd()) {
    unsigned column = words.column();
    StringRef word = words.next();
    if (word == "nothing")
      statement.nothing = true;
    else if (word == "in" && words.rest().starts_with("order"))
      words.next(), statement.inOrder = true;
    else
      return mistake(column, "expected `in order`, `nothing` or, of a counter, a number, found `" + word + "`");
  }
  nothingMore(words);
  add(std::move(statement));
}

void Reader::readExit(Words &words) {
  Statement statement{Act::Exit};
  statement.column = words.column();
  if (words.next().getAsInteger(10, statement.number))
    return mistake(statement.column, "expected an exit code, as in `expect exit 1 \"out of range\"`");
  unsigned column = words.column();
  if (!words.atEnd() && (!words.isQuoted() || !words.quoted(statement.text)))
    return mistake(column, "expected a part of the message in quotes");
  nothingMore(words);
  add(std::move(statement));
}

Script parseScript(StringRef file, StringRef text) { return Reader(file, text).read(); }

} // namespace millrace::script
