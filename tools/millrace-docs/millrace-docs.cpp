//===- millrace-docs.cpp - reference pages from the compiler's own tables -----===//
//
// `millrace-docs functions` and `millrace-docs connectors` print a page; the
// pages of dialects come from tablegen. Called by tools/dev/docs.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Functions.h"
#include "dialect/stream/Connectors.h"
#include "llvm/ADT/StringExtras.h"

using namespace millrace;
using llvm::outs;
using llvm::StringRef;

/// In a cell of a table, `|` would end it.
static std::string cell(StringRef text) {
  std::string escaped;
  for (char c : text)
    (escaped += c == '|' ? "\\" : "") += c;
  return escaped;
}

static std::string parametersText(const expr::Function &f) {
  std::string text;
  for (unsigned i = 0; i < f.maxArgs(); ++i) {
    if (i >= f.minArgs())
      text += text.empty() ? "[" : " [";
    text += (i ? ", " : "");
    StringRef kind = expr::parameterText(f.parameter(i));
    text += kind.substr(0, kind.find(','));
    if (i >= f.minArgs())
      text += "]";
  }
  return text;
}

static void printFunctions() {
  outs()
      << "<!-- Made by `./dev docs` from dialect/expr/Functions.def. -->\n\n# Functions\n\n"
         "Null in any argument gives null. Where a number is taken, another type of number is widened to it.\n"
         "The grammar itself knows `coalesce(a, b, ...)`, `try(e)`, `cast(e as T)`, `case when .. then .. end`, and\n"
         "`hour(t)` for `extract(t, \"hour\")`, as for every unit of `extract`.\n\n"
         "| function | takes | what it gives | can fail by | example |\n|---|---|---|---|---|\n";
  for (const expr::Function &f : expr::functions())
    outs() << "| `" << f.name << "` | " << parametersText(f) << " | " << cell(f.doc) << " | "
           << (f.fails == "none" ? "" : f.fails) << " | `" << cell(f.example) << "` |\n";
}

static StringRef whenText(expr::Aggregate::When when) {
  switch (when) {
  case expr::Aggregate::Never:
    return "";
  case expr::Aggregate::OfIntegers:
    return "not of floats";
  case expr::Aggregate::Always:
    return "yes";
  }
  llvm_unreachable("an aggregate's fact without a text");
}

/// What stands between the parentheses of an aggregate, and behind them.
static std::string takesText(const expr::Aggregate &a) {
  llvm::SmallVector<std::string> parts;
  std::string words;
  for (const expr::AggregateOption &option : expr::aggregateOptions())
    if (a.takesOption(option) && option.place == expr::AggregateOption::Front)
      parts.push_back(option.doc.str());
  bool hasFields = a.takesOption(*expr::findOption(expr::optionFields));
  for (unsigned i = 0; i < (hasFields ? a.minArgs() : a.maxArgs()); ++i) {
    StringRef needs = a.parameter(i) == '*' ? "anything but a list or a record" : expr::aggregateNeeds(a.parameter(i));
    parts.push_back(i >= a.minArgs() ? ("[" + needs + "]").str() : needs.str());
  }
  for (const expr::AggregateOption &option : expr::aggregateOptions()) {
    if (!a.takesOption(option))
      continue;
    if (option.place == expr::AggregateOption::Last)
      parts.push_back(a.mustHave(option) ? option.doc.str() : ("[" + option.doc + "]").str());
    else if (option.kind == expr::AggregateOption::Flag)
      words += (words.empty() ? "; " : ", ") + ("`" + option.written + "`").str();
  }
  return llvm::join(parts, ", ") + words + (hasFields ? "; [`{ fields }`]" : "");
}

static void printAggregates() {
  outs()
      << "<!-- Made by `./dev docs` from dialect/expr/Aggregates.def. -->\n\n# Aggregates\n\n"
         "They stand in `window` and `running`, each with or without a condition: `slow = count() where ms > 2000`.\n"
         "But for counts and lists they are null where there was nothing. All but first, last and collect pass over "
         "nulls:\n"
         "of two arguments where one of them is null, argmin and argmax where the second one is.\n\n"
         "Any order: the result does not depend on the order of records. Taken back: what was added can be taken\n"
         "away again, to the bit, so that a sliding window costs two steps for each slice, however long it is.\n\n"
         "Words beside what an aggregate takes are its options: `distinct` and `exact` stand before it, as in\n"
         "`sum(exact x)`, the others behind it, as in `first(x ignore nulls)`:\n\n";
  for (const expr::AggregateOption &option : expr::aggregateOptions())
    if (option.kind == expr::AggregateOption::Flag)
      outs() << "- `" << option.written << "`: " << option.doc << "\n";
  outs() << "\n"
            "| aggregate | takes | what it gives | any order | taken back | example |\n|---|---|---|---|---|---|\n";
  for (const expr::Aggregate &a : expr::aggregates()) {
    outs() << "| `" << a.name << "` | " << takesText(a) << " | " << cell(a.doc) << " | " << whenText(a.orderFree)
           << " | " << whenText(a.inverse) << " | `" << cell(a.example) << "` |\n";
  }
}

static StringRef kindText(stream::OptionKind kind) {
  switch (kind) {
  case stream::OptionKind::Text:
    return "text";
  case stream::OptionKind::Integer:
    return "integer";
  case stream::OptionKind::Number:
    return "number";
  case stream::OptionKind::Flag:
    return "true or false";
  case stream::OptionKind::Duration:
    return "duration";
  case stream::OptionKind::Time:
    return "timestamp";
  case stream::OptionKind::Word:
    return "word";
  }
  llvm_unreachable("a kind of option without a text");
}

static void printPlugins(bool formats) {
  using stream::Role;
  for (const stream::Plugin &p : stream::plugins()) {
    bool reads = p.plays(Role::Source) || p.plays(Role::InputFormat);
    bool writes = p.plays(Role::Sink) || p.plays(Role::OutputFormat);
    if ((p.plays(Role::InputFormat) || p.plays(Role::OutputFormat)) != formats)
      continue;
    outs() << "\n### `" << p.name << "` ("
           << (reads && writes ? "source and sink"
               : reads         ? "source"
                               : "sink")
           << ")\n\n"
           << p.doc << "\n";
    if (!p.options.empty())
      outs() << "\n| option | | |\n|---|---|---|\n";
    for (const stream::Option &o : p.options) {
      outs() << "| `" << o.name << "`" << (o.required ? ", required" : "") << " | "
             << (o.words.empty() ? kindText(o.kind).str() : llvm::join(o.words, ", ")) << " | " << cell(o.doc)
             << " |\n";
    }
  }
}

int main(int argc, char **argv) {
  StringRef page = argc == 2 ? argv[1] : "";
  if (page == "functions") {
    printFunctions();
    return 0;
  }
  if (page == "aggregates") {
    printAggregates();
    return 0;
  }
  if (page == "connectors") {
    outs()
        << "<!-- Made by `./dev docs` from dialect/stream/Connectors.cpp. -->\n\n# Connectors and formats\n\n"
           "Written `name(first, option = value)`: the first option may be given without its name. An option that is\n"
           "no word may be a param.\n\n## Connectors\n";
    printPlugins(/*formats=*/false);
    outs() << "\n## Formats\n";
    printPlugins(/*formats=*/true);
    return 0;
  }
  llvm::errs() << "usage: millrace-docs functions|aggregates|connectors\n";
  return 2;
}
