//===- UnknownStatement.cpp - words that are no statement ---------------------===//
//
// What was meant: a statement that is written otherwise, what another language
// calls so, or a clause that stands where no clause is read.
//
//===----------------------------------------------------------------------===//
#include "dialect/import/UnknownStatement.h"
#include "dialect/expr/Syntax.h"
#include "dialect/stream/MisplacedClauses.h"
#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace millrace;

/// The statements of a pipeline, without `stream.`.
static SmallVector<StringRef> statements(MLIRContext *context) {
  SmallVector<StringRef> names;
  for (RegisteredOperationName op : context->getRegisteredOperations())
    if (op.getDialectNamespace() == "stream" && op.stripDialect() != "pipeline")
      names.push_back(op.stripDialect());
  return names;
}

/// The near miss, the statement that `word` begins (`dedup`), or all of them.
static void suggestStatement(InFlightDiagnostic &error, StringRef word, SmallVector<StringRef> &known) {
  StringRef near = nearest(word, known);
  auto *longer = llvm::find_if(known, [&](StringRef other) { return word.size() > 2 && other.starts_with(word); });
  if (near.empty() && longer != known.end())
    near = *longer;
  llvm::sort(known);
  if (near.empty())
    error << "; there are " << listed(known);
  else
    error << "; did you mean `" << near << "`?";
}

/// What SQL and its kin call otherwise, or what is not there.
static StringRef wordFromElsewhere(StringRef word) {
  struct Hint {
    SmallVector<StringRef, 6> words;
    StringRef text;
  };
  static const Hint hints[] = {
      {{"group_by", "group", "groupby", "aggregate", "agg", "reduce"},
       "grouping takes two: `%k = key_by %in on user`, then `window %k tumbling 1 h { n = count() }` for each hour, or "
       "`running %k { n = count() }` for totals so far"},
      {{"select", "project"},
       "`map %in { a, total = b + c }` chooses and computes fields, `filter %in where a > 3` chooses records"},
      {{"from"}, "a stream is named where it is used, as in `filter %in where a > 3`; `source` reads one"},
      {{"where"}, "a condition stands in a filter: `%big = filter %in where a > 3`"},
      {{"having"}, "what a window gives is filtered behind it: `%big = filter %w where n > 3`"},
      {{"distinct", "unique"},
       "`deduplicate %k keep first` lets one record of each key pass; before it `%k = key_by %in on a, b` names what "
       "tells records apart"},
      {{"join", "inner_join", "left_join", "right_join", "full_join", "cross_join", "lookup"},
       "joins are not there yet; `union` puts streams of one type together"},
      {{"order_by", "sort", "sort_by", "order"}, "a stream has no end to sort at; sort what the sink wrote"},
      {{"limit", "take", "offset"}, "a stream is not cut; `millrace run FILE | head` ends the pipeline too"},
      {{"insert", "write", "print", "output"}, "results leave by a sink: `sink %x to stdout as json`"},
      {{"create", "table", "read", "scan", "load"},
       "records come in by a source: `%in = source file(\"in.jsonl\") as json { user: string }`"},
      {{"explode", "unnest"}, "`flat_map %in each x in list { y = x }` gives a record for each element"},
      {{"rename", "drop", "with", "as", "set", "let"},
       "fields are made, renamed and left out by a map: `map %in { user = name, total = a + b }`"}};
  std::string lower = word.lower();
  for (const Hint &hint : hints)
    if (llvm::is_contained(hint.words, StringRef(lower)))
      return hint.text;
  return "";
}

/// What stands in `text` before a place that a diagnostic names.
static StringRef textBefore(StringRef text, Location place) {
  auto loc = dyn_cast<FileLineColLoc>(place);
  size_t begin = 0;
  for (unsigned line = 1; loc && line < loc.getLine() && begin != StringRef::npos; ++line)
    begin = text.find('\n', begin) + 1;
  return loc ? text.take_front(begin + loc.getColumn() - 1) : StringRef();
}

/// The statement that `before` ends with or in.
static StringRef statementBefore(StringRef before, ArrayRef<StringRef> known) {
  size_t last = 0;
  StringRef found;
  for (StringRef op : known) {
    size_t at = before.rfind((op == "sink" ? "sink" : "= " + op.str()) + " ");
    if (at != StringRef::npos && at >= last) {
      last = at;
      found = op;
    }
  }
  return found;
}

/// Is `word` a clause of the statement before it, in the wrong place? Says where it belongs.
static std::string whyNoStatement(StringRef word, StringRef before, ArrayRef<StringRef> known) {
  StringRef line = before.rtrim(" \t");
  if (line.ends_with("=") || line.ends_with("{")) // a statement was meant
    return "";
  bool isBehind =
      !line.empty() && !line.ends_with("\n"); // else only what is a clause and nothing else is taken for one
  bool isOwn = wordFromElsewhere(word).empty() || isBehind;
  return isOwn ? stream::whyMisplaced(statementBefore(before, known), word, isBehind) : "";
}

/// MLIR's message for a word that is no statement speaks of custom ops; this one says what was meant.
LogicalResult millrace::explainUnknown(Diagnostic &diag, StringRef text, MLIRContext *context) {
  std::string message = diag.str();
  StringRef rest(message);
  if (!rest.consume_front("custom op '") || !rest.contains("' is unknown"))
    return failure(); // another handler's
  StringRef word = rest.split('\'').first;
  word.consume_front("stream.");
  SmallVector<StringRef> known = statements(context);
  StringRef before = textBefore(text, diag.getLocation());
  auto error = emitError(diag.getLocation());
  if (llvm::is_contained(known, word))
    error << "`" << word << "` stands in a pipeline: `stream.pipeline @name { ... }`";
  else if (std::string why = whyNoStatement(word, before, known); !why.empty())
    error << why;
  else if (StringRef hint = wordFromElsewhere(word); !hint.empty())
    error << "no statement `" << word << "`: " << hint;
  else if (!nearest(word, {"pipeline"}).empty())
    error << "a pipeline begins with `stream.pipeline @name {`";
  else
    suggestStatement(error << "no statement `" << word << "`", word, known);
  return success();
}
