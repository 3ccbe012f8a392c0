//===- Syntax.cpp - names, texts, near misses, guards of the lexer ------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Expr.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace mlir;
using namespace millrace;

static bool isWordChar(char c) { return llvm::isAlnum(c) || c == '_' || c == '.' || c == '$'; }

StringRef millrace::wordAt(const char *s) {
  const char *end = s;
  if (llvm::isAlpha(*end) || *end == '_')
    while (isWordChar(*end))
      ++end;
  return {s, size_t(end - s)};
}

const char *millrace::skipBlanks(const char *s) {
  while (true) {
    while (llvm::isSpace(*s))
      ++s;
    if (s[0] != '/' || s[1] != '/')
      return s;
    while (*s && *s != '\n')
      ++s;
  }
}

SMLoc millrace::missingAt(AsmParser &p) {
  const char *next = textAt(p), *end = next;
  while (llvm::isSpace(end[-1])) // what was read before ends it
    --end;
  return SMLoc::getFromPointer(StringRef(end, next - end).contains('\n') ? end : next);
}

//===--- near misses -----------------------------------------------------------===//

StringRef millrace::nearest(StringRef word, ArrayRef<StringRef> words) {
  unsigned best = std::max<size_t>(2, word.size() / 3) + 1;
  best = std::min<size_t>(best, std::max<size_t>(word.size(), 2));
  StringRef found;
  for (StringRef candidate : words) {
    std::string a = word.lower(), b = candidate.lower();
    unsigned distance = StringRef(a).edit_distance(b, /*AllowReplacements=*/true, best);
    llvm::sort(a);
    llvm::sort(b);
    if (a == b && distance) // letters swapped
      distance = 1;
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

InFlightDiagnostic &millrace::suggest(InFlightDiagnostic &diag, StringRef word, ArrayRef<StringRef> words) {
  if (StringRef near = nearest(word, words); !near.empty())
    diag << "; did you mean `" << near << "`?";
  return diag;
}

std::string millrace::listed(ArrayRef<StringRef> words) { return llvm::join(words, ", "); }

//===--- guards ------------------------------------------------------------------===//

/// Escapes of a text that starts behind the quote at `s`.
static ParseResult guardText(AsmParser &p, const char *s) {
  for (; *s && *s != '"' && *s != '\n'; ++s) {
    if (*s != '\\')
      continue;
    ++s;
    if (*s && std::strchr("\"\\nt", *s))
      continue;
    SMLoc here = SMLoc::getFromPointer(s - 1);
    if (!llvm::isHexDigit(*s) || !llvm::isHexDigit(s[1]))
      return errorAt(p, here) << "unknown escape in a text; for a backslash write two: `\\\\" << StringRef(s, 1) << "`";
    if (llvm::isAlpha(*s))
      emitWarning(p.getEncodedSourceLoc(here))
          << "`\\" << StringRef(s, 2) << "` stands for one byte; for a backslash write two";
  }
  return success();
}

ParseResult millrace::guardAfter(AsmParser &p, const char *end) {
  const char *s = skipBlanks(end);
  SMLoc here = SMLoc::getFromPointer(s);
  static const std::pair<StringRef, StringRef> foreign[] = {
      {"!=", "<>"}, {"&&", "and"}, {"% ", "mod"}, {"!", "not"}, {"&", "and"}};
  StringRef rest(s, strnlen(s, 3));
  for (auto [wrong, right] : foreign)
    if (rest.starts_with(wrong))
      return errorAt(p, here) << "`" << wrong.trim() << "` is not an operator here; write `" << right << "`";
  if (*s == '\'')
    return errorAt(p, here) << "texts are written with double quotes";
  if (*s == '`')
    return errorAt(p, here) << "a field with an odd name is written `field(\"...\")`";
  if (*s == '.' && llvm::isDigit(s[1]))
    return errorAt(p, here) << "a number starts with a digit: write `0."
                            << StringRef(s + 1).take_while([](char c) { return llvm::isDigit(c); }) << "`";
  if (*s == '.' && llvm::isAlpha(s[1]))
    return errorAt(p, here) << "only what has a name has fields: write `let one = ...` before, and `one."
                            << wordAt(s + 1) << "` here";
  if (*s == ';')
    return errorAt(p, here) << "no `;` is needed here";
  return *s == '"' ? guardText(p, s + 1) : ParseResult(success());
}

ParseResult millrace::guardToken(AsmParser &p) {
  const char *s = textAt(p);
  if (*s == '"') {
    for (++s; *s && *s != '"' && *s != '\n'; ++s)
      if (*s == '\\' && s[1])
        ++s;
    s += *s == '"';
  } else if (*s && std::strchr("()[],", *s)) {
    ++s;
  } else {
    for (s += *s == '%'; isWordChar(*s); ++s) {
    }
  }
  return guardAfter(p, s);
}

//===--- names and texts -----------------------------------------------------------===//

static bool isBareWord(StringRef s) {
  return !s.empty() && (llvm::isAlpha(s[0]) || s[0] == '_') && llvm::all_of(s, isWordChar);
}

bool millrace::isReserved(StringRef word) {
  static const StringRef reserved[] = {"and",   "or",   "not",  "is",   "in",   "between", "mod", "null",  "true",
                                       "false", "case", "when", "then", "else", "end",     "let", "where", "as"};
  return llvm::is_contained(reserved, word);
}

ParseResult millrace::parseName(AsmParser &p, std::string &name) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '"')
    return parseText(p, name);
  if (succeeded(p.parseOptionalKeywordOrString(&name)))
    return success();
  return errorAt(p, loc) << "expected a name";
}

std::string millrace::nameText(StringRef name) {
  return isBareWord(name) && !isReserved(name) ? name.str() : quoted(name);
}

std::string millrace::quoted(StringRef s) {
  std::string text = "\"";
  for (unsigned char c : s) {
    if (c == '"' || c == '\\')
      (text += '\\') += char(c);
    else if (c == '\n')
      text += "\\n";
    else if (c == '\t')
      text += "\\t";
    else if (c < 32 || c == 127)
      ((text += '\\') += llvm::hexdigit(c >> 4)) += llvm::hexdigit(c & 15);
    else
      text += char(c);
  }
  return text + "\"";
}

ParseResult millrace::parseText(AsmParser &p, std::string &text) {
  SMLoc loc = p.getCurrentLocation();
  if (guardToken(p) || p.parseString(&text))
    return failure();
  const auto *bytes = reinterpret_cast<const llvm::UTF8 *>(text.data());
  if (!llvm::isLegalUTF8String(&bytes, bytes + text.size()))
    return errorAt(p, loc) << "a text must be UTF-8";
  return success();
}

ParseResult millrace::guardComma(AsmParser &p) {
  const char *s = textAt(p);
  if (*s != '"' && wordAt(s).empty())
    return success();
  size_t length = *s == '"' ? 0 : wordAt(s).size();
  auto diag = errorAt(p, missingAt(p)) << "a comma is missing";
  if (length)
    diag << " before `" << StringRef(s, length) << "`";
  return diag;
}

//===--- durations ------------------------------------------------------------------===//

static const std::pair<StringRef, int64_t> units[] = {{"d", 86400000000}, {"h", 3600000000}, {"min", 60000000},
                                                      {"s", 1000000},     {"ms", 1000},      {"us", 1}};

bool millrace::isDurationUnit(StringRef word) {
  return llvm::any_of(units, [&](auto &unit) { return unit.first == word; });
}

static LogicalResult badUnit(AsmParser &p, SMLoc loc, StringRef unit) {
  StringRef here = llvm::StringSwitch<StringRef>(unit.lower())
                       .Cases({"hour", "hours", "hr"}, "h")
                       .Cases({"minute", "minutes", "mins", "m"}, "min")
                       .Cases({"sec", "secs", "second", "seconds"}, "s")
                       .Cases({"day", "days"}, "d")
                       .Cases({"msec", "millis", "milliseconds"}, "ms")
                       .Cases({"usec", "micros", "microseconds"}, "us")
                       .Default("");
  if (!here.empty())
    return errorAt(p, loc) << "unknown unit of time `" << unit << "`; did you mean `" << here << "`?";
  StringRef letters = unit.take_while([](char c) { return llvm::isAlpha(c); });
  if (letters.size() < unit.size() && isDurationUnit(letters))
    return errorAt(p, loc) << "write the parts of a duration apart, as in `1 h 30 min`";
  return errorAt(p, loc) << "unknown unit of time `" << unit << "`: expected us, ms, s, min, h or d";
}

ParseResult millrace::parseDuration(AsmParser &p, int64_t &micros) {
  micros = 0;
  SMLoc start = p.getCurrentLocation();
  if (peek(p) == '%' && missingAt(p) == start)
    return errorAt(p, start) << "a duration cannot be a param: it decides what is compiled; write it out, as in `10 s`";
  if (!llvm::isDigit(peek(p)))
    return errorAt(p, missingAt(p)) << "expected a duration, as in `10 s` or `1 h 30 min`";
  do {
    int64_t count, part;
    StringRef unit;
    const char *behind = textAt(p);
    while (llvm::isDigit(*behind))
      ++behind;
    if (*behind == '.')
      return errorAt(p, start) << "a duration has whole numbers; write it in smaller units, as in `1 h 30 min`";
    if (guardToken(p) || p.parseInteger(count))
      return failure();
    SMLoc loc = missingAt(p);
    if (loc != p.getCurrentLocation() || failed(p.parseOptionalKeyword(&unit)))
      return errorAt(p, loc) << "expected a unit of time: us, ms, s, min, h or d";
    const auto *known = llvm::find_if(units, [&](auto &u) { return u.first == unit; });
    if (known == std::end(units))
      return badUnit(p, loc, unit);
    if (__builtin_mul_overflow(count, known->second, &part) || __builtin_add_overflow(micros, part, &micros))
      return errorAt(p, start) << "this duration is out of range";
  } while (llvm::isDigit(peek(p)));
  return success();
}

std::string millrace::durationText(int64_t micros) {
  if (micros == 0)
    return "0 s";
  std::string text = micros < 0 ? "-" : "";
  uint64_t rest = micros < 0 ? -uint64_t(micros) : micros;
  for (auto [unit, size] : units) {
    uint64_t count = rest / size;
    if (!count)
      continue;
    text += (text.empty() || text == "-" ? "" : " ") + std::to_string(count) + " " + unit.str();
    rest %= size;
  }
  return text;
}

//===--- devices against AsmParser's limits --------------------------------------------===//

/// The names that lines above `loc` define (`%a, %b = …`), without `%`; the text's first line is left out.
static SmallVector<StringRef> definedAbove(AsmParser &p, SMLoc loc) {
  auto place = dyn_cast<FileLineColLoc>(p.getEncodedSourceLoc(loc));
  if (!place)
    return {};
  // The text's begin is not known here: the number of the line says how far back it is safe to look.
  const char *end = loc.getPointer() - (place.getColumn() - 1), *begin = end;
  for (unsigned line = place.getLine(); line > 2; --line)
    for (--begin; begin[-1] != '\n';)
      --begin;
  SmallVector<StringRef> lines, names;
  StringRef(begin, end - begin).split(lines, '\n');
  for (StringRef line : lines) {
    auto [left, right] = line.split('=');
    SmallVector<StringRef> parts;
    if (!right.empty() && left.ltrim().starts_with("%"))
      left.split(parts, ',');
    for (StringRef part : parts)
      if (part = part.trim(); part.consume_front("%"))
        names.push_back(part);
  }
  return names;
}

Value millrace::resolveAny(OpAsmParser &p, const OpAsmParser::UnresolvedOperand &operand) {
  // resolveOperand wants the type beforehand; asking with a type that no value has makes it name the right one.
  MLIRContext *ctx = p.getContext();
  SmallVector<Value> values;
  Type found;
  bool undefined;
  {
    ScopedDiagnosticHandler probe(ctx, [&](Diagnostic &diag) {
      for (DiagnosticArgument &arg : diag.getArguments())
        if (arg.getKind() == DiagnosticArgument::DiagnosticArgumentKind::Type)
          found = arg.getAsType();
      return success();
    });
    undefined = succeeded(p.resolveOperand(operand, expr::ProbeType::get(ctx), values));
  }
  if (undefined || !found) {
    auto diag = errorAt(p, operand.location) << "`" << operand.name << "` is not defined above";
    if (operand.name.contains('-'))
      diag << "; a `-` belongs to the name: put blanks around it to subtract";
    else if (operand.name.size() > 2) // any letter would be near a single one
      if (StringRef near = nearest(operand.name.drop_front(), definedAbove(p, operand.location)); !near.empty())
        diag << "; did you mean `%" << near << "`?";
    return {};
  }
  return failed(p.resolveOperand(operand, found, values)) ? Value() : values.back();
}

namespace {
/// The completion hooks are protected; a pointer to them taken in a derived class is not.
struct Completion : AsmParser {
  static ParseResult word(AsmParser &p, StringRef *word) { return (p.*(&Completion::parseKeywordOrCompletion))(word); }
  static void offer(AsmParser &p, ArrayRef<StringRef> words) { (p.*(&Completion::codeCompleteExpectedTokens))(words); }
};
} // namespace

void millrace::offerCompletion(AsmParser &p, ArrayRef<StringRef> words) { Completion::offer(p, words); }

ParseResult millrace::parseWordOrCompletion(AsmParser &p, StringRef &word) {
  // Its own message would speak of keywords.
  ScopedDiagnosticHandler quiet(p.getContext(), [](Diagnostic &) { return success(); });
  return Completion::word(p, &word);
}
