//===- Report.cpp - what `millrace test` found, for people and for scripts ---===//
#include "Report.h"

#include "../Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"
#include <set>

using namespace llvm;

namespace millrace::script {

/// Without what it would rewrite: is anything wrong that --update cannot put right?
static bool failedForGood(const FileResult &result, const Outcome &outcome) {
  if (!result.updated)
    return !outcome.failures.empty();
  return any_of(outcome.failures, [&](const Failure &failure) {
    bool rows = !failure.difference.empty();
    return !rows && !outcome.counts.contains(failure.line);
  });
}

unsigned FileResult::failed() const {
  if (wrong)
    return 1;
  return unsigned(count_if(outcomes, [&](const Outcome &outcome) { return failedForGood(*this, outcome); }));
}

void printMistakes(const Script &script) {
  for (const Mistake &mistake : script.mistakes) {
    errs() << script.file << ":" << mistake.line << ":" << mistake.column << ": error: " << mistake.text << "\n";
    StringRef rest = script.text;
    for (unsigned line = 1; line < mistake.line; ++line)
      rest = rest.split('\n').second;
    StringRef line = rest.split('\n').first.rtrim();
    if (line.empty() || line.size() > 500 || !json::isUTF8(line))
      continue;
    errs() << line << "\n";
    for (char c : line.take_front(mistake.column - 1))
      if ((c & 0xC0) != 0x80)
        errs() << (c == '\t' ? '\t' : ' ');
    errs() << "^\n";
  }
}

static std::string counted(size_t n, StringRef what) {
  return std::to_string(n) + " " + what.str() + (n == 1 ? "" : "s");
}

static void printFailure(const Script &script, const Case &each, const Failure &failure) {
  outs() << script.file << ":" << failure.line << ": failed: ";
  if (!each.name.empty())
    outs() << "\"" << each.name << "\": ";
  auto [first, rest] = StringRef(failure.text).split('\n');
  outs() << first << "\n";
  while (!rest.empty()) {
    auto [line, behind] = rest.split('\n');
    outs() << "    " << line << "\n";
    rest = behind;
  }
  for (const DiffLine &line : collapsed(failure.difference))
    outs() << formatv("{0,6} {1} {2}\n", line.line ? std::to_string(line.line) : "", line.mark, line.text);
}

void printFile(const FileResult &result) {
  const Script &script = result.script;
  if (result.wrong) {
    outs() << script.file << ": not tested\n";
    outs().flush();
    return;
  }
  for (auto [each, outcome] : zip(script.cases, result.outcomes))
    if (failedForGood(result, outcome))
      for (const Failure &failure : outcome.failures)
        printFailure(script, each, failure);
  unsigned failed = result.failed();
  outs() << script.file << ": ";
  if (failed)
    outs() << failed << " of " << counted(script.cases.size(), "test") << " failed";
  else if (result.updated)
    outs() << counted(result.updated, "expectation") << " updated";
  else
    outs() << counted(script.cases.size(), "test") << " passed";
  outs() << "\n";
  outs().flush();
}

void printSummary(ArrayRef<FileResult> results) {
  size_t cases = 0, failed = 0;
  for (const FileResult &result : results) {
    cases += result.wrong ? 1 : result.script.cases.size();
    failed += result.failed();
  }
  outs() << counted(results.size(), "file") << ", " << counted(cases, "test") << ": " << cases - failed << " passed, "
         << failed << " failed\n";
}

//===--- for scripts -------------------------------------------------------------------===//

static json::Array texts(ArrayRef<std::string> all) {
  json::Array list;
  for (const std::string &text : all)
    list.push_back(json::fixUTF8(text));
  return list;
}

static json::Object caseToJson(const FileResult &result, const Case &each, const Outcome &outcome) {
  json::Array failures;
  for (const Failure &failure : outcome.failures)
    failures.push_back(json::Object{{"line", failure.line},
                                    {"message", json::fixUTF8(failure.text)},
                                    {"expected", texts(failure.expected)},
                                    {"actual", texts(failure.actual)}});
  return json::Object{{"name", json::fixUTF8(each.name)},
                      {"line", each.line},
                      {"passed", !failedForGood(result, outcome)},
                      {"failures", std::move(failures)}};
}

json::Object toJson(ArrayRef<FileResult> results) {
  json::Array files;
  int64_t cases = 0, failed = 0;
  for (const FileResult &result : results) {
    json::Array tests, mistakes = result.compilerSaid;
    for (auto [each, outcome] : zip(result.script.cases, result.outcomes))
      tests.push_back(caseToJson(result, each, outcome));
    for (const Mistake &mistake : result.script.mistakes)
      mistakes.push_back(json::Object{{"file", json::fixUTF8(result.script.file)},
                                      {"line", mistake.line},
                                      {"column", mistake.column},
                                      {"severity", "error"},
                                      {"message", json::fixUTF8(mistake.text)},
                                      {"notes", json::Array()}});
    cases += result.wrong ? 1 : int64_t(result.script.cases.size());
    failed += result.failed();
    files.push_back(json::Object{{"file", json::fixUTF8(result.script.file)},
                                 {"tests", std::move(tests)},
                                 {"mistakes", std::move(mistakes)},
                                 {"updated", result.updated}});
  }
  return json::Object{{"files", std::move(files)}, {"passed", cases - failed}, {"failed", failed}};
}

//===--- --update ----------------------------------------------------------------------===//

/// `expect NAME [in order]`, with or without `nothing`; the rest of the line stays.
static std::string withNothing(StringRef line, bool nothing) {
  size_t comment = line.find("//");
  std::string head = line.take_front(comment).rtrim().str(), tail;
  if (comment != StringRef::npos)
    tail = ("  " + line.drop_front(comment)).str();
  if (StringRef(head).ends_with(" nothing"))
    head.resize(head.size() - StringRef(" nothing").size());
  return StringRef(head).rtrim().str() + (nothing ? " nothing" : "") + tail;
}

/// What is to stand behind each line, and which lines go.
namespace {
struct Edits {
  std::map<unsigned, std::vector<std::string>> behind;
  std::map<unsigned, std::string> instead;
  std::set<unsigned> gone;
};
} // namespace

static void updateCase(const Case &each, const Outcome &outcome, ArrayRef<StringRef> lines, Edits &edits) {
  for (const Statement &statement : each.statements) {
    StringRef line = lines[statement.line - 1];
    if (auto rows = outcome.rows.find(statement.line); rows != outcome.rows.end()) {
      for (const Line &old : statement.lines)
        edits.gone.insert(old.number);
      for (const std::string &row : rows->second)
        edits.behind[statement.line].push_back("  " + row);
      edits.instead[statement.line] = withNothing(line, rows->second.empty());
    }
    if (auto count = outcome.counts.find(statement.line); count != outcome.counts.end()) {
      size_t name = statement.column - 1 + statement.name.size();
      size_t digits = line.find_first_of("0123456789", name), end = line.find_first_not_of("0123456789", digits);
      edits.instead[statement.line] =
          (line.take_front(digits) + Twine(count->second) + (end == StringRef::npos ? "" : line.drop_front(end))).str();
    }
  }
  for (auto &[sink, rows] : outcome.left) {
    std::vector<std::string> &behind = edits.behind[each.lastLine];
    behind.push_back("expect " + sink);
    for (const std::string &row : rows)
      behind.push_back("  " + row);
  }
}

std::string updatedText(const Script &script, ArrayRef<Outcome> outcomes, unsigned &changed) {
  SmallVector<StringRef> lines;
  StringRef(script.text).split(lines, '\n');
  bool ends = !lines.empty() && lines.back().empty();
  if (ends)
    lines.pop_back();
  Edits edits;
  changed = 0;
  for (auto [each, outcome] : zip(script.cases, outcomes)) {
    updateCase(each, outcome, lines, edits);
    changed += unsigned(outcome.rows.size() + outcome.counts.size() + outcome.left.size());
  }
  std::string text;
  for (unsigned number = 1; number <= lines.size(); ++number) {
    if (!edits.gone.contains(number)) {
      auto instead = edits.instead.find(number);
      text += (instead == edits.instead.end() ? lines[number - 1].str() : instead->second) + "\n";
    }
    if (auto behind = edits.behind.find(number); behind != edits.behind.end())
      for (const std::string &line : behind->second)
        text += line + "\n";
  }
  if (!ends && changed == 0)
    text.pop_back();
  return text;
}

} // namespace millrace::script
