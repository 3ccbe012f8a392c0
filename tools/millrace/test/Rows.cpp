//===- Rows.cpp - rows that came, compared with rows that were expected ------===//
#include "Rows.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <array>
#include <charconv>
#include <map>

using namespace llvm;

namespace millrace::script {
namespace {

constexpr size_t kPartners = 500; ///< rows among which the one that was meant is looked for

Row rowOf(StringRef text) {
  Row row;
  std::string problem;
  size_t place;
  if (!parseRow(text, row, problem,
                place)) // what the encoder wrote is JSON; a mistyped expectation was reported before
    row.canonical = row.text = text.str();
  return row;
}

/// In which members do they differ?
std::string memberDifferences(const Row &expected, const Row &actual) {
  std::string text;
  auto add = [&](const Twine &part) { text += (text.empty() ? "" : "; ") + part.str(); };
  auto plain = [](StringRef row, StringRef member) -> std::string { // as written, not canonical
    Expected<json::Value> parsed = json::parse(row);
    if (!parsed) {
      consumeError(parsed.takeError());
      return "";
    }
    std::string text;
    const json::Value *value = parsed->getAsObject()->get(member);
    if (value && value->kind() == json::Value::Number && !value->getAsInteger() && !value->getAsUINT64()) {
      std::array<char, 40> digits; // as few as tell it from all others, as sinks write it
      return {digits.data(), std::to_chars(digits.begin(), digits.end(), *value->getAsNumber()).ptr};
    }
    if (value)
      raw_string_ostream(text) << *value;
    return text;
  };
  // A number with more digits than a float takes differs in its canonical text only.
  auto addUnequal = [&](StringRef name, StringRef came, StringRef wanted) {
    std::string a = plain(actual.text, name), b = plain(expected.text, name);
    add("`" + name + "` is " + (a == b ? came : StringRef(a)) + ", expected " + (a == b ? wanted : StringRef(b)));
  };
  for (auto &[quoted, value] : expected.members) {
    StringRef name = StringRef(quoted).drop_front().drop_back();
    if (actual.member(quoted).empty())
      add("no `" + name + "`");
    else if (actual.member(quoted) != value)
      addUnequal(name, actual.member(quoted), value);
  }
  for (auto &[quoted, value] : actual.members)
    if (expected.member(quoted).empty())
      add("`" + StringRef(quoted).drop_front().drop_back() + "` was not expected");
  return text;
}

/// How many members are equal.
unsigned likeness(const Row &a, const Row &b) {
  unsigned equal = 0;
  for (auto &[name, value] : a.members)
    equal += b.member(name) == value;
  return equal;
}

/// For each expected row the one that came for it, or -1: as many as can be, in order if that counts.
std::vector<int> matchInOrder(ArrayRef<Row> expected, ArrayRef<Row> actual) {
  size_t n = expected.size(), m = actual.size();
  std::vector<int> match(n, -1);
  size_t head = 0; // mostly they agree: the table is only for what is between
  while (head < n && head < m && expected[head].canonical == actual[head].canonical)
    match[head] = int(head), ++head;
  while (n > head && m > head && expected[n - 1].canonical == actual[m - 1].canonical)
    match[n - 1] = int(m - 1), --n, --m;
  size_t rows = n - head, columns = m - head;
  if (rows * columns > 25'000'000)
    return match;
  std::vector<std::vector<unsigned>> longest(rows + 1, std::vector<unsigned>(columns + 1));
  for (size_t i = rows; i-- > 0;)
    for (size_t k = columns; k-- > 0;)
      longest[i][k] = expected[head + i].canonical == actual[head + k].canonical
                          ? longest[i + 1][k + 1] + 1
                          : std::max(longest[i + 1][k], longest[i][k + 1]);
  for (size_t i = 0, k = 0; i < rows && k < columns;) {
    if (expected[head + i].canonical == actual[head + k].canonical)
      match[head + i] = int(head + k), ++i, ++k;
    else
      longest[i + 1][k] >= longest[i][k + 1] ? ++i : ++k;
  }
  return match;
}

std::vector<int> matchAnyhow(ArrayRef<Row> expected, ArrayRef<Row> actual) {
  std::map<StringRef, std::vector<int>> places;
  for (size_t k = actual.size(); k-- > 0;)
    places[actual[k].canonical].push_back(int(k));
  std::vector<int> match(expected.size(), -1);
  for (size_t i = 0; i < expected.size(); ++i)
    if (std::vector<int> &left = places[expected[i].canonical]; !left.empty()) {
      match[i] = left.back();
      left.pop_back();
    }
  return match;
}

/// All rows came, but those of some key in another order: says so, else nothing.
std::optional<std::vector<DiffLine>> compareByKey(ArrayRef<Line> lines, ArrayRef<Row> expected, ArrayRef<Row> actual,
                                                  ArrayRef<std::string> keys) {
  std::map<std::string, std::vector<size_t>> mine, theirs;
  auto keyOf = [&](const Row &row) {
    std::string key;
    for (const std::string &name : keys)
      key += (row.member("\"" + name + "\"") + "\n").str();
    return key;
  };
  for (size_t i = 0; i < expected.size(); ++i)
    mine[keyOf(expected[i])].push_back(i);
  for (size_t k = 0; k < actual.size(); ++k)
    theirs[keyOf(actual[k])].push_back(k);
  for (auto &[key, places] : mine)
    for (size_t i = 0; i < places.size(); ++i) {
      const Row &wanted = expected[places[i]], &came = actual[theirs[key][i]];
      if (wanted.canonical != came.canonical)
        return std::vector<DiffLine>{{'-', lines[places[i]].number, wanted.text},
                                     {'+', 0, came.text},
                                     {'^', 0, "the rows of this key came in another order"}};
    }
  return std::nullopt;
}

} // namespace

std::optional<std::vector<DiffLine>> compareRows(ArrayRef<Line> expected, ArrayRef<std::string> actual,
                                                 const Comparison &how) {
  std::vector<Row> wanted, came;
  for (const Line &line : expected)
    wanted.push_back(rowOf(line.text));
  for (const std::string &text : actual)
    came.push_back(rowOf(text));
  if (!how.times.empty())
    for (Row &row : llvm::concat<Row>(wanted, came))
      countTimes(row, how.times);
  std::vector<int> match = how.inOrder ? matchInOrder(wanted, came) : matchAnyhow(wanted, came);
  if (wanted.size() == came.size() && !is_contained(match, -1))
    return how.inOrder || how.keys.empty() ? std::nullopt : compareByKey(expected, wanted, came, how.keys);

  std::vector<bool> used(came.size());
  for (int k : match)
    if (k >= 0)
      used[k] = true;
  std::vector<DiffLine> lines;
  size_t next = 0; // in order: rows before it are shown
  auto showUpTo = [&](size_t end) {
    for (; next < end; ++next)
      if (!used[next])
        lines.push_back({'+', 0, came[next].text});
  };
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (match[i] >= 0) {
      if (how.inOrder) {
        showUpTo(size_t(match[i]));
        next = size_t(match[i]) + 1;
      }
      lines.push_back({' ', expected[i].number, wanted[i].text});
      continue;
    }
    lines.push_back({'-', expected[i].number, wanted[i].text});
    size_t best = came.size();
    unsigned most = 0;
    for (size_t looked = 0, k = how.inOrder ? next : 0;
         looked < kPartners && k < came.size() && !(how.inOrder && used[k]); ++looked, ++k)
      if (!used[k] && likeness(wanted[i], came[k]) > most)
        most = likeness(wanted[i], came[k]), best = k;
    if (best == came.size())
      continue;
    if (how.inOrder)
      showUpTo(best);
    used[best] = true;
    lines.push_back({'+', 0, came[best].text});
    lines.push_back({'^', 0, memberDifferences(wanted[i], came[best])});
  }
  showUpTo(came.size());
  return lines;
}

std::vector<DiffLine> collapsed(ArrayRef<DiffLine> lines) {
  constexpr size_t around = 2;
  std::vector<DiffLine> kept;
  for (size_t i = 0; i < lines.size();) {
    size_t end = i;
    while (end < lines.size() && lines[end].mark == ' ')
      ++end;
    if (end - i > 2 * around + 1) {
      size_t from = i == 0 ? 0 : around, to = end == lines.size() ? 0 : around;
      for (size_t k = i; k < i + from; ++k)
        kept.push_back(lines[k]);
      kept.push_back({' ', 0, "… " + std::to_string(end - i - from - to) + " rows as expected"});
      for (size_t k = end - to; k < end; ++k)
        kept.push_back(lines[k]);
      i = end;
    }
    for (; i < end; ++i)
      kept.push_back(lines[i]);
    if (i < lines.size())
      kept.push_back(lines[i++]);
  }
  return kept;
}

} // namespace millrace::script
