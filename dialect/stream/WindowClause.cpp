//===- WindowClause.cpp - the kinds of windows as they are written ------------===//
//
//   tumbling D [offset D] [in processing_time]
//   sliding D every D [offset D] [in processing_time]
//   cumulate D every D [offset D] [in processing_time]
//   session gap D [longest D] [in processing_time], session gap (EXPR) [longest D] [in processing_time]
//   count N [every N]
//   calendar (day | week | month | quarter | year) [in "ZONE"] [in processing_time]
//   global
//   same
//
// A mistake in a measure is shown at that measure (WindowMeasures.h).
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/WindowMeasures.h"
#include "dialect/stream/Zones.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using namespace millrace::stream::measures;

//===--- reading -------------------------------------------------------------------------===//

namespace {
/// One window at the cursor.
class WindowReader {
public:
  WindowReader(AsmParser &p, function_ref<ParseResult()> parseGap) : p(p), parseGap(parseGap) {}
  ParseResult read(WindowAttr &window);

private:
  ParseResult readKind();
  ParseResult readMeasures();
  ParseResult readEvery(const char *of);
  ParseResult readOffset();
  ParseResult readSession();
  ParseResult readCount();
  ParseResult readNumber(int64_t &number, const char *example);
  ParseResult readCalendar();
  ParseResult readDomain();
  ParseResult duration(Part part, int64_t &micros) {
    places[part] = p.getCurrentLocation();
    return parseDuration(p, micros);
  }
  bool reads(StringRef word) { return succeeded(p.parseOptionalKeyword(word)); }

  AsmParser &p;
  function_ref<ParseResult()> parseGap;
  Measures m;
  SMLoc places[NumParts];
  std::string zone;
};
} // namespace

/// How other systems call what is called otherwise here.
static StringRef meantBy(StringRef word) {
  return llvm::StringSwitch<StringRef>(word.lower())
      .Cases({"hop", "hopping", "slide"}, "sliding 60 s every 10 s")
      .Cases({"tumble", "fixed"}, "tumbling 1 h")
      .Cases({"cumulative", "cumulating"}, "cumulate 1 d every 1 h")
      .Cases({"sessions", "inactivity"}, "session gap 30 min")
      .Cases({"rows", "counting"}, "count 100")
      .Case("day", "calendar day")
      .Case("week", "calendar week")
      .Case("month", "calendar month")
      .Case("quarter", "calendar quarter")
      .Case("year", "calendar year")
      .Cases({"all", "unbounded"}, "global")
      .Default("");
}

/// The next word, or empty where there is none at `loc`; offers `words` where the cursor of a language client is.
static StringRef readWord(AsmParser &p, SMLoc loc, ArrayRef<StringRef> words) {
  StringRef word;
  if (loc != p.getCurrentLocation() || failed(parseWordOrCompletion(p, word)))
    return ""; // at another line the next statement begins
  if (word.empty())
    offerCompletion(p, words);
  return word;
}

ParseResult WindowReader::readKind() {
  static const StringRef kinds[] = {"tumbling", "sliding",  "cumulate", "session",
                                    "count",    "calendar", "global",   "same"};
  SMLoc loc = places[Kind] = missingAt(p);
  StringRef word = readWord(p, loc, kinds);
  if (auto kind = symbolizeWindowKind(word)) {
    m.kind = *kind;
    return success();
  }
  if (StringRef meant = meantBy(word); !meant.empty())
    return errorAt(p, loc) << "no windows are called `" << word << "` here; did you mean `" << meant << "`?";
  auto diag = errorAt(p, loc) << "expected a kind of window: " << listed(kinds);
  return suggest(diag, word, kinds);
}

/// `every D`, the second measure of a window of the kind `of`.
ParseResult WindowReader::readEvery(const char *of) {
  if (!reads("every"))
    return errorAt(p, missingAt(p)) << "expected `every DURATION`, as in `" << of << "`";
  return duration(Slide, m.slide);
}

ParseResult WindowReader::readOffset() {
  if (!reads("offset"))
    return success();
  SMLoc loc = p.getCurrentLocation();
  bool negative = succeeded(p.parseOptionalMinus());
  if (duration(Offset, m.offset))
    return failure();
  places[Offset] = loc;
  m.offset = negative ? -m.offset : m.offset;
  return success();
}

ParseResult WindowReader::readSession() {
  if (!reads("gap"))
    return errorAt(p, missingAt(p)) << "expected `gap DURATION`, as in `session gap 30 min`";
  bool isOwn = peek(p) == '(';
  SMLoc loc = missingAt(p);
  if (loc == p.getCurrentLocation() && (peek(p) == '%' || !nextWord(p).empty()) && parseGap)
    return errorAt(p, loc)
           << "the gap is a duration, as in `gap 30 min`, or in parentheses what each record gives, as in "
              "`gap ("
           << (peek(p) == '%' ? StringRef("%pause") : nextWord(p)) << ")`";
  if (isOwn && !parseGap) {
    if (p.parseLParen() || p.parseEllipsis() || p.parseRParen())
      return failure();
  } else if (isOwn ? parseGap() : duration(Size, m.size)) {
    return failure();
  }
  if (!isOwn && m.size == 0) // the attribute's word for a gap of each record
    return errorAt(p, places[Size]) << "expected the gap of a session to be above zero, but found 0 s";
  if (!reads("longest"))
    return success();
  if (duration(Longest, m.longest))
    return failure();
  if (m.longest == 0) // the attribute's word for `any`
    return errorAt(p, places[Longest]) << "expected the longest session to be "
                                       << (isOwn ? std::string("above zero")
                                                 : "at least the gap " + durationText(m.size) +
                                                       ", which each session ends with")
                                       << ", but found 0 s";
  return success();
}

ParseResult WindowReader::readNumber(int64_t &number, const char *example) {
  const char *behind = textAt(p);
  bool negative = *behind == '-';
  if (negative)
    ++behind;
  if (!llvm::isDigit(*behind))
    return errorAt(p, missingAt(p)) << "expected a number of records, as in `" << example << "`";
  SMLoc loc = p.getCurrentLocation();
  while (llvm::isDigit(*behind))
    ++behind;
  if (*behind == '.')
    return errorAt(p, loc) << "expected a whole number of records, as in `" << example << "`";
  return failure(guardToken(p) || p.parseInteger(number));
}

ParseResult WindowReader::readCount() {
  places[Size] = p.getCurrentLocation();
  if (readNumber(m.size, "count 100"))
    return failure();
  m.slide = m.size;
  if (isDurationUnit(nextWord(p)))
    return errorAt(p, p.getCurrentLocation()) << "a count window has a number of records; a window of that duration is "
                                                 "`tumbling "
                                              << m.size << " " << nextWord(p) << "`";
  if (!reads("every"))
    return success();
  places[Slide] = p.getCurrentLocation();
  return readNumber(m.slide, "count 100 every 10");
}

ParseResult WindowReader::readCalendar() {
  static const StringRef units[] = {"day", "week", "month", "quarter", "year"};
  SMLoc loc = missingAt(p);
  StringRef word = readWord(p, loc, units);
  auto unit = symbolizeCalendarUnit(word);
  if (!unit || *unit == CalendarUnit::None) {
    auto diag = errorAt(p, loc) << "expected what a calendar window is one of: " << listed(units);
    if (word == "hour" || word == "minute")
      return diag << "; an hour is always as long: `tumbling 1 " << (word == "hour" ? "h" : "min") << "`";
    return suggest(diag, word, units);
  }
  m.unit = *unit;
  if (!reads("in"))
    return success();
  places[Zone] = p.getCurrentLocation();
  if (StringRef domain = nextWord(p); symbolizeTimeDomain(domain)) { // no zone is said
    places[Domain] = places[Zone];
    m.domain = *symbolizeTimeDomain(domain);
    return p.parseKeyword(&word);
  }
  if (peek(p) != '"' && succeeded(p.parseOptionalKeyword(&word)))
    return errorAt(p, places[Zone]) << "expected the zone in quotes, as in `in \"Europe/Berlin\"`, or "
                                       "`processing_time`";
  if (parseText(p, zone))
    return failure();
  if (zone.empty())
    return errorAt(p, places[Zone]) << "expected the name of a zone, as in `in \"Europe/Berlin\"`; without `in` it is "
                                       "UTC";
  if (std::string why = whyNoZone(zone); !why.empty())
    return errorAt(p, places[Zone]) << why;
  m.zone = zone;
  return success();
}

ParseResult WindowReader::readDomain() {
  if (places[Domain].isValid() || !reads("in")) // of a calendar it may have been read
    return success();
  places[Domain] = p.getCurrentLocation();
  StringRef word;
  auto named = succeeded(p.parseOptionalKeyword(&word)) ? symbolizeTimeDomain(word) : std::nullopt;
  if (!named) {
    static const StringRef domains[] = {"processing_time", "event_time"};
    auto diag = errorAt(p, places[Domain]) << "expected `processing_time` or `event_time` after `in`";
    return suggest(diag, word, domains);
  }
  m.domain = *named;
  return success();
}

ParseResult WindowReader::readMeasures() {
  switch (m.kind) {
  case WindowKind::Tumbling:
    if (duration(Size, m.size))
      return failure();
    m.slide = m.size;
    if (nextWord(p) == "every")
      return errorAt(p, p.getCurrentLocation()) << "a tumbling window begins where the one before ends; did you mean "
                                                   "`sliding`?";
    return readOffset();
  case WindowKind::Sliding:
    return failure(duration(Size, m.size) || readEvery("sliding 60 s every 1 s") || readOffset());
  case WindowKind::Cumulate:
    return failure(duration(Size, m.size) || readEvery("cumulate 1 d every 1 h") || readOffset());
  case WindowKind::Session:
    return readSession();
  case WindowKind::Count:
    return readCount();
  case WindowKind::Calendar:
    return readCalendar();
  case WindowKind::Global:
  case WindowKind::Same:
    return success();
  }
  llvm_unreachable("every kind has its measures");
}

ParseResult WindowReader::read(WindowAttr &window) {
  if (readKind() || readMeasures() || readDomain())
    return failure();
  if (Flaw flaw = flawOf(m); !flaw.text.empty())
    return errorAt(p, places[flaw.part].isValid() ? places[flaw.part] : places[Kind]) << flaw.text;
  window = WindowAttr::get(p.getContext(), m.kind, m.size, m.slide, m.offset, m.domain, m.longest, m.unit,
                           StringAttr::get(p.getContext(), m.zone));
  return success();
}

ParseResult stream::parseWindow(AsmParser &p, WindowAttr &window, function_ref<ParseResult()> parseGap) {
  return WindowReader(p, parseGap).read(window);
}

Attribute WindowAttr::parse(AsmParser &p, Type) {
  WindowAttr window;
  return p.parseLess() || parseWindow(p, window) || p.parseGreater() ? Attribute() : window;
}

//===--- writing -------------------------------------------------------------------------===//

static std::string measuresText(WindowAttr window, StringRef gap) {
  switch (window.getKind()) {
  case WindowKind::Tumbling:
    return " " + durationText(window.getSize());
  case WindowKind::Sliding:
  case WindowKind::Cumulate:
    return " " + durationText(window.getSize()) + " every " + durationText(window.getSlide());
  case WindowKind::Session:
    return " gap " + (hasOwnGap(window) ? ("(" + gap + ")").str() : durationText(window.getSize())) +
           (window.getLongest() ? " longest " + durationText(window.getLongest()) : "");
  case WindowKind::Count:
    return " " + std::to_string(window.getSize()) +
           (window.getSlide() != window.getSize() ? " every " + std::to_string(window.getSlide()) : "");
  case WindowKind::Calendar:
    return (" " + stringifyCalendarUnit(window.getUnit())).str() +
           (window.getZone().empty() ? "" : " in " + quoted(window.getZone()));
  case WindowKind::Global:
  case WindowKind::Same:
    return "";
  }
  llvm_unreachable("every kind has its measures");
}

std::string stream::windowText(WindowAttr window, StringRef gap) {
  std::string text = stringifyWindowKind(window.getKind()).str() + measuresText(window, gap);
  if (window.getOffset())
    text += " offset " + durationText(window.getOffset());
  return text + (window.isInProcessingTime() ? " in processing_time" : "");
}

void WindowAttr::print(AsmPrinter &p) const { p << "<" << windowText(*this) << ">"; }
