//===- TextFormatter.cpp - indentation by brackets ------------------------===//
//
// Works on the text, because MLIR's printer forgets comments and layout. A line's
// indentation follows from the brackets that are open at its start and from
// whether it continues the statement or item before it; where it stood before
// does not matter, so formatting is idempotent.
//
//===----------------------------------------------------------------------===//
#include "TextFormatter.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace millrace {

namespace {
struct OpenBracket {
  char opener;
  unsigned line;
  unsigned indent; ///< of the lines inside
  unsigned base;   ///< of the line with the closer
};

class Layout {
public:
  Expected<std::string> run(StringRef text);

private:
  unsigned indentOf(StringRef line) const;
  bool continues(StringRef line) const;
  Error scan(StringRef line, unsigned indent);
  Error close(char closer);

  SmallVector<OpenBracket> open;
  unsigned lineNumber = 0;
  /// The last sign of the last line that was not only a comment; 0 at the start.
  char lastSign = 0;
};
} // namespace

static Error wrong(unsigned line, const Twine &what) { return createStringError("line " + Twine(line) + ": " + what); }

/// Does a line begin a statement: `%x =`, `%x, %y =`, `^bb0`, or an operation's word?
static bool beginsStatement(StringRef line) {
  if (line.starts_with("^"))
    return true;
  if (line.starts_with("%")) {
    StringRef rest = line;
    while (true) { // %name, %name =
      rest = rest.drop_front().drop_while([](char c) { return isAlnum(c) || c == '_' || c == '.' || c == '$'; });
      rest = rest.ltrim();
      if (rest.consume_front(":"))
        rest = rest.drop_while(isDigit).ltrim();
      if (!rest.consume_front(","))
        return rest.starts_with("=") && !rest.starts_with("==");
      rest = rest.ltrim();
      if (!rest.starts_with("%"))
        return false;
    }
  }
  StringRef word = line.take_while([](char c) { return isAlnum(c) || c == '_' || c == '.'; });
  if (word == "sink" || word == "yield" || word == "module")
    return true;
  if (line.consume_front("\"")) { // an operation in MLIR's generic form: "dialect.name"(
    auto [name, rest] = line.split('"');
    return name.contains('.') && rest.starts_with("(");
  }
  static const StringRef dialects[] = {"stream", "expr", "exec", "state", "builtin"};
  return word.contains('.') && is_contained(dialects, word.split('.').first);
}

bool Layout::continues(StringRef line) const {
  if (lastSign == 0 || StringRef("{([,").contains(lastSign) || StringRef("})]").contains(line.front()))
    return false;
  if (line.starts_with("#") || line.starts_with("!"))
    return false; // an alias
  bool statements = open.empty() || open.back().opener == '{';
  return !(statements && beginsStatement(line));
}

unsigned Layout::indentOf(StringRef line) const {
  unsigned inside = open.empty() ? 0 : open.back().indent;
  if (line.starts_with("^") && !open.empty())
    return open.back().base; // a block's name stands beside its region's braces
  if (StringRef("})]").contains(line.front()) && !open.empty()) {
    // Several closers at once go with the outermost of them.
    unsigned closers = line.take_while([](char c) { return StringRef("})]").contains(c); }).size();
    return open[open.size() - std::min<size_t>(closers, open.size())].base;
  }
  return continues(line) ? inside + 2 : inside;
}

Error Layout::close(char closer) {
  char opener = closer == '}' ? '{' : closer == ')' ? '(' : '[';
  if (open.empty())
    return wrong(lineNumber, Twine("`") + Twine(closer) + "` closes nothing");
  if (open.back().opener != opener)
    return wrong(lineNumber, Twine("`") + Twine(closer) + "` does not match the `" + Twine(open.back().opener) +
                                 "` of line " + Twine(open.back().line));
  open.pop_back();
  return Error::success();
}

/// Follows brackets through a line, past strings and comments.
Error Layout::scan(StringRef line, unsigned indent) {
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (line.substr(i).starts_with("//"))
      break;
    if (c == '"') {
      for (++i; i < line.size() && line[i] != '"'; ++i)
        if (line[i] == '\\')
          ++i;
      if (i >= line.size())
        return wrong(lineNumber, "a string without its closing quote");
    } else if (StringRef("{([").contains(c)) {
      // Of the brackets that one line opens, the first indents.
      bool first = open.empty() || open.back().line != lineNumber;
      open.push_back({c, lineNumber, first ? indent + 2 : open.back().indent, indent});
    } else if (StringRef("})]").contains(c)) {
      if (Error error = close(c))
        return error;
    }
    if (!isSpace(c))
      lastSign = c;
  }
  return Error::success();
}

Expected<std::string> Layout::run(StringRef text) {
  std::string result;
  bool blank = false;
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    text = rest;
    ++lineNumber;
    line = line.trim(" \t\r\v\f");
    if (line.empty()) {
      blank = true;
      continue;
    }
    bool afterOpener = !result.empty() && lastSign == '{' && StringRef(result).rtrim().ends_with("{");
    if (blank && !result.empty() && !afterOpener && !line.starts_with("}"))
      result += '\n';
    blank = false;
    bool comment = line.starts_with("//");
    unsigned indent = comment ? (open.empty() ? 0 : open.back().indent) : indentOf(line);
    result.append(indent, ' ');
    result += line;
    result += '\n';
    if (!comment)
      if (Error error = scan(line, indent))
        return std::move(error);
  }
  if (!open.empty())
    return wrong(open.back().line, Twine("`") + Twine(open.back().opener) + "` is never closed");
  return result;
}

Expected<std::string> formatText(StringRef text) { return Layout().run(text); }

} // namespace millrace
