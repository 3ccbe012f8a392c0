//===- MisplacedClauses.cpp - clauses where they cannot stand -----------------===//
//
// A clause is read at one place of its statement. At any other the word would be
// taken for the next statement, or for whatever is expected there. Here is known
// which clauses there are and where they stand, for messages only.
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/MisplacedClauses.h"
#include "dialect/expr/Syntax.h"

using namespace mlir;
using namespace millrace;

namespace {
struct Clause {
  StringRef word, op;
  StringRef place; ///< behind "`word` stands "
};
} // namespace

static const StringRef beforeBraces = "before the braces: `window %in tumbling 1 h lateness 10 min { n = count() }`";
static const StringRef behindKind = "in `watermark`, behind how it moves: `watermark at bounded 10 s idle 1 min`";
static const StringRef behindTime = "behind the event time: `watermark at bounded 10 s`";
static const StringRef beforeWindow = "before the window: `top %in by n desc limit 3 with ties tumbling 1 h`";

static const Clause clauses[] = {
    {"watermark", "source", "once, behind the fields and before `on_bad`"},
    {"bounded", "source", behindTime},
    {"ascending", "source", behindTime},
    {"punctuated", "source", behindTime},
    {"idle", "source", behindKind},
    {"align", "source", behindKind},
    {"max_future", "source", behindKind},
    {"on_bad", "source", "behind the fields and the `watermark`"},
    {"max_bad", "source", "behind `on_bad`: `on_bad drop max_bad 100`"},
    {"offset", "window", "behind the window's length: `window %in tumbling 1 h offset 30 min { n = count() }`"},
    {"lateness", "window", beforeBraces},
    {"emit", "window", beforeBraces},
    {"refire", "window", beforeBraces},
    {"accumulating", "window", beforeBraces},
    {"discarding", "window", beforeBraces},
    {"final", "window", beforeBraces},
    {"fill", "window", "last before the braces: `window %in tumbling 1 h fill { n = count() }`"},
    {"last", "over", "before the braces: `over %in last 1 h { *, n = count() }`"},
    {"limit", "top", beforeWindow},
    {"with", "top", "behind the limit and before the window: `top %in by n desc limit 3 with ties tumbling 1 h`"},
    {"ttl", "running", "before the braces: `running %in ttl 1 h { n = count() }`"},
    {"within", "deduplicate", "behind what is kept: `deduplicate %in keep first within 1 h`"},
    {"keep", "deduplicate", "behind the stream: `deduplicate %in keep first`"}};

/// What a window has and `op`, which is none, has not; `word` is a clause of `window`.
static StringRef whyNotOf(StringRef op, StringRef word) {
  static const StringRef atTheSource = "how far records may be out of order is said at the source, as in `watermark at "
                                       "bounded 10 min`";
  if (word == "offset")
    return "";
  if (op == "over" || op == "top")
    return word == "lateness" ? atTheSource
           : op == "over"     ? "each record gives its row once, when the watermark passes it"
                              : "it gives the records of a window once";
  return op == "running" ? "it gives a row for each record, and nothing is late" : "";
}

std::string stream::whyMisplaced(StringRef op, StringRef word, bool near) {
  SmallVector<StringRef> own;
  const Clause *found = nullptr;
  for (const Clause &clause : clauses) {
    if (clause.op == op)
      own.push_back(clause.word);
    if (clause.word == word)
      found = &clause;
  }
  if (!found) {
    StringRef meant = near && word.size() > 2 ? nearest(word, own) : StringRef();
    return meant.empty() ? "" : ("no `" + word + "` stands in `" + op + "`; did you mean `" + meant + "`?").str();
  }
  if (found->op == op)
    return ("`" + word + "` stands " + found->place).str();
  std::string text = ("`" + word + "` is a clause of `" + found->op + "`").str();
  if (op.empty())
    return text + ": it stands " + found->place.str();
  StringRef why = found->op == "window" ? whyNotOf(op, word) : "";
  return text + ", and `" + op.str() + "` has none" + (why.empty() ? "" : ": " + why.str());
}

ParseResult stream::refuseClauses(AsmParser &p, StringRef op) {
  SMLoc loc = p.getCurrentLocation();
  StringRef word = missingAt(p) == loc ? nextWord(p) : StringRef(); // at another line the next statement may begin
  bool isStatement = RegisteredOperationName::lookup(("stream." + word).str(), p.getContext()).has_value();
  std::string why = word.empty() || isStatement ? "" : whyMisplaced(op, word);
  return why.empty() ? success() : ParseResult(errorAt(p, loc) << why);
}
