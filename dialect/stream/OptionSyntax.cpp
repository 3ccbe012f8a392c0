//===- OptionSyntax.cpp - `name(first, option = value)` -----------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static bool isFormat(Role role) { return role == Role::InputFormat || role == Role::OutputFormat; }

/// A literal, a word or a `%param`; a param becomes an operand.
static ParseResult parseValue(OpAsmParser &p, OperationState &result, unsigned skip, Attribute &value) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '%') {
    OpAsmParser::UnresolvedOperand operand;
    if (p.parseOperand(operand))
      return failure();
    Value v = resolveAny(p, operand);
    if (!v)
      return failure();
    value = ArgAttr::get(p.getContext(), result.operands.size() - skip, v.getType());
    result.operands.push_back(v);
    return success();
  }
  StringRef word = nextWord(p);
  bool time = (word == "timestamp" || word == "date") && *skipBlanks(word.end()) == '"';
  if (!word.empty() && !time) {
    if (p.parseKeyword(&word))
      return failure();
    value = word == "true" || word == "false" ? Attribute(p.getBuilder().getBoolAttr(word == "true"))
                                              : p.getBuilder().getStringAttr(word);
    return success();
  }
  Block scratch;
  expr::ExprBuilder build(p, scratch, {});
  expr::Expr e;
  if (expr::ExprParser(p, build).parse(e))
    return failure();
  value = e.isLiteral() ? build.adapt(e, e.type) : Attribute();
  scratch.clear();
  return value ? ParseResult(success()) : errorAt(p, loc) << "expected a literal, a word or a param";
}

namespace {
/// What was given between the parentheses.
struct Given {
  NamedAttrList options;
  llvm::StringMap<SMLoc> places;
};
} // namespace

static ParseResult parseOption(OpAsmParser &p, OperationState &result, unsigned skip, const Plugin &plugin,
                               Given &given) {
  SMLoc loc = p.getCurrentLocation();
  StringRef word = nextWord(p);
  std::string key;
  Attribute value;
  bool named = !word.empty() && *skipBlanks(word.end()) == '=';
  if (named) {
    if (parseName(p, key) || guardAfter(p, textAt(p) + 1) || p.parseEqual())
      return failure();
  } else if (!given.options.empty() || plugin.options.empty()) {
    return errorAt(p, loc) << "expected `option = value`";
  } else {
    key = plugin.options[0].name.str();
  }
  if (parseValue(p, result, skip, value))
    return failure();
  if (given.options.get(key))
    return errorAt(p, loc) << "option `" << key << "` is given twice";
  given.options.append(key, value);
  given.places[key] = loc;
  return success();
}

ParseResult stream::parsePlugin(OpAsmParser &p, OperationState &result, unsigned skip, Role role,
                                const Plugin *&plugin) {
  SMLoc loc = p.getCurrentLocation();
  StringRef name;
  if (failed(p.parseOptionalKeyword(&name)))
    return errorAt(p, loc) << "expected a " << roleText(role) << ": " << listed(pluginNames(role));
  plugin = findPlugin(name, role);
  if (!plugin) {
    auto diag = errorAt(p, loc);
    return explainMissing(diag, name, role);
  }
  Given given;
  if (peek(p) == '(') {
    auto one = [&] { return parseOption(p, result, skip, *plugin, given); };
    if (guardToken(p) || p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one))
      return failure();
  }
  DictionaryAttr options = given.options.getDictionary(p.getContext());
  auto report = [&](StringRef key) {
    auto place = given.places.find(key);
    return errorAt(p, place == given.places.end() ? loc : place->second);
  };
  if (failed(checkOptions(*plugin, options, report)))
    markInvalid(p, result);
  result.addAttribute(isFormat(role) ? "format" : "connector", p.getBuilder().getStringAttr(name));
  result.addAttribute(isFormat(role) ? "format_options" : "options", options);
  return success();
}

static std::string valueText(OpAsmPrinter &p, ValueRange args, const Option &option, Attribute value) {
  if (auto arg = dyn_cast<ArgAttr>(value))
    return arg.getIndex() < args.size() ? operandText(p, args[arg.getIndex()]) : "?";
  if (auto word = dyn_cast<StringAttr>(value); word && option.kind == OptionKind::Word)
    return nameText(word);
  return expr::literalText(value);
}

std::string stream::pluginText(OpAsmPrinter &p, ValueRange args, StringRef name, DictionaryAttr options, Role role) {
  const Plugin *plugin = findPlugin(name, role);
  std::string text;
  if (plugin)
    for (auto [i, option] : llvm::enumerate(plugin->options))
      if (Attribute value = options.get(option.name)) {
        bool bare = i == 0 && option.kind == OptionKind::Text;
        text += (text.empty() ? "(" : ", ") + (bare ? "" : option.name.str() + " = ");
        text += valueText(p, args, option, value);
      }
  return name.str() + text + (text.empty() ? "" : ")");
}

/// A param's default has to be a value that a run can take, but for a path, which may be left to `--set`.
static LogicalResult verifyDefault(Operation *op, Value arg, const Plugin &plugin, StringRef name) {
  auto param = arg.getDefiningOp<ParamOp>();
  auto option = llvm::find_if(plugin.options, [&](const Option &o) { return o.name == name; });
  if (!param || option == plugin.options.end() || option->name == "path")
    return success();
  std::string problem = valueProblem(plugin, *option, param.getValue());
  if (problem.empty())
    return success();
  auto diag = op->emitOpError(problem) << "; that is the default of the param";
  diag.attachNote(param.getLoc()) << "the param";
  return diag;
}

static LogicalResult verifyArgs(Operation *op, ValueRange args, DictionaryAttr options, const Plugin &plugin) {
  for (NamedAttribute entry : options) {
    auto arg = dyn_cast<ArgAttr>(entry.getValue());
    if (!arg)
      continue;
    if (arg.getIndex() >= args.size())
      return op->emitOpError("has ") << args.size() << " params as options, but option `" << entry.getName().getValue()
                                     << "` names number " << arg.getIndex();
    if (args[arg.getIndex()].getType() != arg.getType())
      return op->emitOpError("has a param of another type than option `") << entry.getName().getValue() << "` names";
    if (failed(verifyDefault(op, args[arg.getIndex()], plugin, entry.getName())))
      return failure();
  }
  return success();
}

LogicalResult stream::verifyPlugins(Operation *op, ValueRange args, Role connector, Role format) {
  auto one = [&](Role role, StringAttr name, DictionaryAttr options) -> LogicalResult {
    const Plugin *plugin = findPlugin(name, role);
    if (!plugin) {
      auto diag = op->emitOpError();
      return explainMissing(diag, name, role);
    }
    if (failed(checkOptions(*plugin, options, [&](StringRef) { return op->emitOpError(); })))
      return failure();
    return verifyArgs(op, args, options, *plugin);
  };
  auto name = op->getAttrOfType<StringAttr>("connector"), formatName = op->getAttrOfType<StringAttr>("format");
  if (failed(one(connector, name, op->getAttrOfType<DictionaryAttr>("options"))))
    return failure();
  bool formatted = findPlugin(name, connector)->formatted;
  if (formatted && !formatName)
    return op->emitOpError("`") << name.getValue() << "` needs a format: `as` " << listed(pluginNames(format));
  if (!formatted && formatName)
    return op->emitOpError("`") << name.getValue() << "` takes no format";
  if (!formatName)
    return success();
  auto options = op->getAttrOfType<DictionaryAttr>("format_options");
  return one(format, formatName, options ? options : DictionaryAttr::get(op->getContext()));
}
