//===- Connectors.cpp - what connectors and formats declare -------------------===//
#include "dialect/stream/Connectors.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using namespace millrace::expr;

//===--- the records of generators ---------------------------------------------------===//

static Generated sequenceFields(MLIRContext *ctx, DictionaryAttr) {
  return {{"n", "time"}, {IntegerType::get(ctx, 64), expr::TimestampType::get(ctx)}, "time", 0};
}

static Generated nexmarkFields(MLIRContext *ctx, DictionaryAttr options) {
  Type i = IntegerType::get(ctx, 64), s = StringType::get(ctx), t = TimestampType::get(ctx);
  auto which = options.getAs<StringAttr>("stream");
  constexpr int64_t bound = 4000000; // nexmark's own: time - 4 s
  if (which && which == "person")
    return {{"id", "name", "emailAddress", "creditCard", "city", "state", "dateTime", "extra"},
            {i, s, s, s, s, s, t, s},
            "dateTime",
            bound};
  if (which && which == "auction")
    return {{"id", "itemName", "description", "initialBid", "reserve", "dateTime", "expires", "seller", "category",
             "extra"},
            {i, s, s, i, i, t, t, i, i, s},
            "dateTime",
            bound};
  return {
      {"auction", "bidder", "price", "channel", "url", "dateTime", "extra"}, {i, i, i, s, s, t, s}, "dateTime", bound};
}

//===--- values that no run could take ------------------------------------------------------===//

static std::string pathProblem(Attribute value) {
  auto text = dyn_cast<StringAttr>(value);
  return text && text.empty() ? "an empty path names no file" : "";
}

static std::string delimiterProblem(Attribute value) {
  auto text = dyn_cast<StringAttr>(value);
  if (!text || (text.size() == 1 && !StringRef("\"\n\r").contains(text.getValue()[0])))
    return "";
  return "a delimiter is one byte that is no quote and no line end, as in \";\" or \"\\t\"";
}

static std::string groupProblem(Attribute value) {
  auto number = dyn_cast<IntegerAttr>(value);
  return number && number.getValue().urem(953) == 0 ? "a group of nexmark's cannot be a multiple of 953" : "";
}

/// An option that is written as a number or a time, or `fallback`; nothing if it is a param.
static std::optional<int64_t> written(DictionaryAttr options, StringRef name, int64_t fallback) {
  Attribute value = options.get(name);
  if (!value)
    return fallback;
  auto number = dyn_cast<IntegerAttr>(value);
  return number ? std::optional(number.getValue().getSExtValue()) : std::nullopt;
}

constexpr int64_t kGreatestTime = 253402300799999999; // year 9999 (rule 1)

static std::string sequenceProblem(DictionaryAttr options) {
  auto from = written(options, "from", 0), count = written(options, "count", 0), rate = written(options, "rate", 1000),
       start = written(options, "start", 0);
  if (!from || !count || !rate || !start || *count == 0)
    return "";
  bool numbers = __int128(*from) + *count - 1 <= INT64_MAX;
  bool times = *start + (__int128(*count) - 1) * 1000000 / *rate <= kGreatestTime;
  return numbers && times ? ""
                          : "the last number or its time is out of range; a lesser `count`, `from` or `start`, or a "
                            "higher `rate`, fits";
}

static std::string nexmarkProblem(DictionaryAttr options) {
  constexpr int64_t kBase = 1436918400000000; // 2015-07-15T00:00:00Z
  auto events = written(options, "events", 0), rate = written(options, "rate", 10000),
       start = written(options, "start", kBase), group = written(options, "group", 1);
  if (!events || !rate || !start || !group || *events == 0)
    return "";
  // An auction ends up to 4 * 1666 events after it began; times are whole milliseconds.
  int64_t base = *start / 1000 - (*start % 1000 < 0), room = kGreatestTime / 1000 - base;
  return __int128(*events) <= __int128(room) * *rate / 1000 - 4 * 1666 - *group
             ? ""
             : "the last event is after the year 9999; fewer `events`, an earlier `start` or a higher `rate` fit";
}

//===--- the tables ------------------------------------------------------------------------===//

static std::vector<Plugin> makePlugins() {
  using K = OptionKind;
  return {
      {.name = "file",
       .doc = "files, one or (by a glob) many; as a sink one file",
       .roles = {Role::Source, Role::Sink},
       .options = {{.name = "path",
                    .kind = K::Text,
                    .required = true,
                    .words = {},
                    .doc = "path or, in a source, a glob",
                    .problem = pathProblem},
                   {"order",
                    K::Word,
                    false,
                    {"name", "mtime"},
                    "source: read the files one behind the other in this order, as one partition; else lowest "
                    "watermark first"}},
       .formatted = true},
      {.name = "stdin", .doc = "standard input", .roles = {Role::Source}, .options = {}, .formatted = true},
      {.name = "memory",
       .doc = "memory of the program that runs the pipeline inside itself",
       .roles = {Role::Source},
       .options = {{"name", K::Text, true, {}, "as the program names it"}},
       .formatted = true},
      {.name = "stdout", .doc = "standard output", .roles = {Role::Sink}, .options = {}, .formatted = true},
      {.name = "null", .doc = "takes all and writes nothing", .roles = {Role::Sink}, .options = {}},
      {.name = "sequence",
       .doc = "counts: `n: i64` and `time: timestamp`",
       .roles = {Role::Source},
       .options = {{"count", K::Integer, false, {}, "how many records; without it there is no end"},
                   {"from", K::Integer, false, {}, "the first `n`, 0 if not given"},
                   {"rate", K::Integer, false, {}, "records per second of event time, 1000 if not given", 1},
                   {"start", K::Time, false, {}, "event time of the first record, 1970-01-01T00:00:00Z if not given"},
                   {"pace", K::Flag, false, {}, "true: not faster than `rate` by the clock"}},
       .generated = sequenceFields,
       .problem = sequenceProblem},
      {.name = "nexmark",
       .doc = "the events of an auction, seeded (the Nexmark benchmark)",
       .roles = {Role::Source},
       .options =
           {{"stream", K::Word, true, {"bid", "auction", "person"}, "which of the three kinds of events"},
            {"events",
             K::Integer,
             false,
             {},
             "how many events of all kinds; without it there is no end",
             0,
             1000000000000000},
            {"rate", K::Integer, false, {}, "events per second of event time, 10000 if not given", 1, 1000000000},
            {"seed", K::Integer, false, {}, "another seed gives other events, 0 if not given"},
            {"start", K::Time, false, {}, "event time of the first event, 2015-07-15T00:00:00Z if not given"},
            {"group",
             K::Integer,
             false,
             {},
             "events come out of order within groups of so many, 1 if not given",
             1,
             1000000000,
             groupProblem},
            {"pace", K::Flag, false, {}, "true: not faster than `rate` by the clock"}},
       .generated = nexmarkFields,
       .problem = nexmarkProblem},
      {.name = "json",
       .doc = "JSON lines (RFC 8259); a row of an upsert stream begins with `op`: upsert, or delete and then the key "
              "alone",
       .roles = {Role::InputFormat, Role::OutputFormat},
       .options =
           {{"max_record",
             K::Integer,
             false,
             {},
             "source: a longer record is bad, in bytes; at most 1 MiB",
             1,
             1 << 20},
            {"max_string", K::Integer, false, {}, "source: a longer text makes a record bad, in bytes", 1, 1 << 30},
            {"max_nesting", K::Integer, false, {}, "source: deeper nesting makes a record bad", 1, 1000},
            {"max_members", K::Integer, false, {}, "source: more members in all make a record bad", 1, 1 << 30}}},
      {.name = "csv",
       .doc = "comma separated values (RFC 4180); of an upsert stream with a first column `op`",
       .roles = {Role::OutputFormat},
       .options = {{"header", K::Flag, false, {}, "true: the first line names the fields"},
                   {.name = "delimiter",
                    .kind = K::Text,
                    .required = false,
                    .words = {},
                    .doc = "one byte, a comma if not given",
                    .problem = delimiterProblem}}},
      {.name = "binary",
       .doc = "records as they lie in memory, for replay; of an upsert stream with a first field `op: u8`, 1 is a "
              "delete: of "
              "that only the key is there, other fields are null, or where they cannot be null zero, false or empty",
       .roles = {Role::InputFormat, Role::OutputFormat},
       .options = {}},
      {.name = "table",
       .doc = "columns for people; an upsert stream changes in place on a terminal, which shows all of it at the end; "
              "elsewhere "
              "it has a first column `op`",
       .roles = {Role::OutputFormat},
       .options = {}}};
}

ArrayRef<Plugin> stream::plugins() {
  static const std::vector<Plugin> all = makePlugins();
  return all;
}

bool Plugin::plays(Role role) const { return llvm::is_contained(roles, role); }

const Plugin *stream::findPlugin(StringRef name, Role role) {
  for (const Plugin &plugin : plugins())
    if (plugin.name == name && plugin.plays(role))
      return &plugin;
  return nullptr;
}

SmallVector<StringRef> stream::pluginNames(Role role) {
  SmallVector<StringRef> names;
  for (const Plugin &plugin : plugins())
    if (plugin.plays(role))
      names.push_back(plugin.name);
  return names;
}

StringRef stream::roleText(Role role) {
  switch (role) {
  case Role::Source:
    return "source";
  case Role::Sink:
    return "sink";
  case Role::InputFormat:
    return "format of a source";
  case Role::OutputFormat:
    return "format of a sink";
  }
  llvm_unreachable("a role without a text");
}

InFlightDiagnostic &stream::explainMissing(InFlightDiagnostic &diag, StringRef name, Role role) {
  bool format = role == Role::InputFormat || role == Role::OutputFormat;
  for (const Plugin &plugin : plugins())
    if (plugin.name == name && plugin.plays(Role::OutputFormat) == format) {
      diag << "`" << name << "` is no " << roleText(role) << " but a " << roleText(plugin.roles.front());
      return diag << "; there are " << listed(pluginNames(role));
    }
  diag << "no " << roleText(role) << " `" << name << "`";
  if (StringRef near = nearest(name, pluginNames(role)); !near.empty())
    return diag << "; did you mean `" << near << "`?";
  return diag << "; there are " << listed(pluginNames(role));
}

//===--- checking options ------------------------------------------------------------------===//

static StringRef wanted(OptionKind kind) {
  switch (kind) {
  case OptionKind::Text:
    return "a text in quotes";
  case OptionKind::Integer:
    return "an integer, zero or more";
  case OptionKind::Number:
    return "a number";
  case OptionKind::Flag:
    return "true or false";
  case OptionKind::Duration:
    return "a duration, as in `10 s`";
  case OptionKind::Time:
    return "a time, as in timestamp \"2018-02-03T04:05:06Z\"";
  case OptionKind::Word:
    return "a word";
  }
  llvm_unreachable("a kind of option without a text");
}

static bool fitsType(OptionKind kind, Type type) {
  switch (kind) {
  case OptionKind::Text:
    return isa<StringType>(type);
  case OptionKind::Integer:
    return expr::isInteger(type);
  case OptionKind::Number:
    return isNumber(type);
  case OptionKind::Flag:
    return isBool(type);
  case OptionKind::Duration:
    return isa<DurationType>(type);
  case OptionKind::Time:
    return isa<TimestampType>(type);
  case OptionKind::Word:
    return false; // decides what is compiled
  }
  llvm_unreachable("a kind of option without a type");
}

static bool fits(const Option &option, Attribute value) {
  if (auto arg = dyn_cast<ArgAttr>(value))
    return fitsType(option.kind, arg.getType());
  if (auto text = dyn_cast<StringAttr>(value))
    return option.kind == OptionKind::Text ||
           (option.kind == OptionKind::Word && llvm::is_contained(option.words, text.getValue()));
  if (auto i = dyn_cast<IntegerAttr>(value); i && !isa<BoolAttr>(value) && option.kind == OptionKind::Integer)
    return !i.getValue().isNegative();
  auto typed = dyn_cast<TypedAttr>(value);
  return typed && option.kind != OptionKind::Text && fitsType(option.kind, typed.getType());
}

static void reportUnfit(InFlightDiagnostic diag, const Plugin &plugin, const Option &option, Attribute value) {
  diag << "option `" << option.name << "` of `" << plugin.name << "` needs ";
  if (option.words.empty()) {
    diag << wanted(option.kind);
    return;
  }
  ArrayRef<StringRef> words(option.words);
  diag << "one of " << listed(words);
  if (auto word = dyn_cast<StringAttr>(value))
    suggest(diag, word, words);
}

std::string stream::valueProblem(const Plugin &plugin, const Option &option, Attribute value) {
  std::string name = ("option `" + option.name + "` of `" + plugin.name + "`").str();
  if (auto number = dyn_cast<IntegerAttr>(value); number && option.kind == OptionKind::Integer) {
    llvm::APSInt given(number.getValue(), cast<IntegerType>(number.getType()).isUnsigned());
    // What is less than all that may be written comes from a param only, where it may mean something (`seed`).
    bool tooLittle = given < option.least && option.least > 0, tooMuch = given > option.most;
    if (tooLittle || tooMuch)
      return name + " has to be " + std::to_string(option.least) +
             (option.most == INT64_MAX ? " or more" : " to " + std::to_string(option.most)) + ", but it is " +
             llvm::toString(given, 10);
  }
  std::string problem = option.problem ? option.problem(value) : "";
  return problem.empty() ? "" : name + ": " + problem;
}

LogicalResult stream::checkOptions(const Plugin &plugin, DictionaryAttr given,
                                   function_ref<InFlightDiagnostic(StringRef)> report) {
  bool good = true;
  for (NamedAttribute entry : given) {
    StringRef key = entry.getName();
    auto option = llvm::find_if(plugin.options, [&](const Option &o) { return o.name == key; });
    if (option == plugin.options.end()) {
      good = false;
      SmallVector<StringRef> names;
      for (const Option &o : plugin.options)
        names.push_back(o.name);
      auto diag = report(key) << "`" << plugin.name << "` has no option `" << key << "`";
      if (StringRef near = nearest(key, names); !near.empty())
        diag << "; did you mean `" << near << "`?";
      else if (!names.empty())
        diag << "; it has " << listed(names);
    } else if (!fits(*option, entry.getValue())) {
      good = false;
      reportUnfit(report(key), plugin, *option, entry.getValue());
    } else if (std::string problem = valueProblem(plugin, *option, entry.getValue()); !problem.empty()) {
      good = false;
      report(key) << problem;
    }
  }
  for (const Option &option : plugin.options)
    if (option.required && !given.contains(option.name)) {
      good = false;
      report("") << "`" << plugin.name << "` needs the option `" << option.name << "`";
    }
  if (std::string problem = good && plugin.problem ? plugin.problem(given) : ""; !problem.empty()) {
    good = false;
    report("") << problem;
  }
  return success(good);
}
