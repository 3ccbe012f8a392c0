//===- Source.cpp - records from outside --------------------------------------===//
//
//   %quakes[, %bad] = source CONNECTOR [as FORMAT] [{ name: type [at path] [in unit] [between LO and HI], … }]
//     [watermark EXPR WATERMARK]                          (Watermark.cpp)
//     [on_bad (fail | drop | dead_letter) [max_bad N | max_bad N percent]]
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Columns.h"
#include "dialect/stream/MisplacedClauses.h"
#include "dialect/stream/OpSyntax.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- clauses ------------------------------------------------------------------------------===//

/// Reports if `type` is not what an event time is.
static bool checkEventTime(OpAsmParser &p, SMLoc loc, Type type) {
  if (isa<expr::InvalidType, expr::TimestampType>(type))
    return true;
  auto diag = errorAt(p, loc) << "the event time must be a timestamp, but this is " << typeText(type);
  if (isa<expr::TimestampType>(expr::stripNull(type)))
    diag << "; declare the field as `timestamp`, so that a record without it is bad";
  return false;
}

/// Behind `watermark`: the event time as a region over the fields, and how the watermark follows it.
static ParseResult parseEventTime(OpAsmParser &p, OperationState &result, StreamType type, Region &region,
                                  Region &punctuation, ArrayAttr &fields) {
  SMLoc loc = p.getCurrentLocation();
  Type found;
  if (peek(p) == '(' && *skipBlanks(textAt(p) + 1) == '%') {
    if (parseWrittenRegion(p, type, region, fields))
      return failure();
    SmallVector<Type> types = yieldedTypes(region);
    found = types.size() == 1 ? types[0] : Type(expr::InvalidType::get(p.getContext()));
  } else {
    region.emplaceBlock();
    expr::ExprBuilder build(p, region.front(), scopeOf(type));
    expr::Expr e;
    if (expr::ExprParser(p, build).parse(e))
      return failure();
    Value v = build.value(e);
    buildYield(p, build, e.loc, v);
    fields = build.fieldsRead();
    found = v.getType();
  }
  if (!checkEventTime(p, loc, found) || isa<expr::InvalidType>(found))
    markInvalid(p, result);
  return parseWatermark(p, result, type, punctuation);
}

/// What a generator takes for its event time if nothing is said.
static void buildDefaultEventTime(OpAsmParser &p, OperationState &result, StreamType type, const Generated &generated,
                                  Region &region, ArrayAttr &fields) {
  region.emplaceBlock();
  expr::ExprBuilder build(p, region.front(), scopeOf(type));
  SMLoc loc = p.getNameLoc();
  buildYield(p, build, loc, build.value(build.name(generated.eventTime, loc)));
  fields = build.fieldsRead();
  auto kind = generated.bound ? WatermarkKind::Bounded : WatermarkKind::Ascending;
  result.addAttribute("watermark", WatermarkAttr::get(p.getContext(), kind, generated.bound));
}

/// `on_bad POLICY [max_bad N [percent]]`.
static ParseResult parseOnBad(OpAsmParser &p, OperationState &result, BadPolicy &policy) {
  policy = BadPolicy::Fail;
  if (succeeded(p.parseOptionalKeyword("on_bad"))) {
    SMLoc loc = p.getCurrentLocation();
    StringRef word;
    static const StringRef policies[] = {"fail", "drop", "dead_letter"};
    auto named = succeeded(p.parseOptionalKeyword(&word)) ? symbolizeBadPolicy(word) : std::nullopt;
    if (!named) {
      auto diag = errorAt(p, loc) << "expected fail, drop or dead_letter behind `on_bad`";
      return suggest(diag, word, policies);
    }
    policy = *named;
  }
  result.addAttribute("on_bad", BadPolicyAttr::get(p.getContext(), policy));
  if (failed(p.parseOptionalKeyword("max_bad"))) {
    if (nextWord(p) == "watermark")
      return errorAt(p, p.getCurrentLocation()) << "`watermark` stands before `on_bad`";
    return success();
  }
  int64_t count;
  const char *behind = textAt(p);
  while (llvm::isDigit(*behind))
    ++behind;
  if (behind != textAt(p) && *skipBlanks(behind) == '%' && !llvm::isAlpha(skipBlanks(behind)[1]))
    return errorAt(p, SMLoc::getFromPointer(skipBlanks(behind)))
           << "write `" << StringRef(textAt(p), behind - textAt(p)) << " percent`";
  if (guardToken(p) || p.parseInteger(count))
    return failure();
  bool percent = succeeded(p.parseOptionalKeyword("percent"));
  result.addAttribute(percent ? "max_bad_percent" : "max_bad", p.getBuilder().getI64IntegerAttr(count));
  return success();
}

StreamType stream::deadLetterType(MLIRContext *ctx) {
  Builder b(ctx);
  Type text = expr::StringType::get(ctx), bytes = expr::BytesType::get(ctx);
  Type number = expr::NullableType::get(ctx, b.getI64Type());
  SmallVector<StringAttr> names;
  for (StringRef name : {"raw", "file", "line", "byte", "op", "reason"})
    names.push_back(b.getStringAttr(name));
  return StreamType::get(ctx, names, {bytes, expr::NullableType::get(ctx, text), number, number, text, text}, {},
                         Changes::Insert, {}, /*timed=*/false);
}

//===--- the op ---------------------------------------------------------------------------------===//

/// `{ … }`, or what the connector declares.
static ParseResult parseFields(OpAsmParser &p, OperationState &result, const Plugin &connector, Columns &columns,
                               std::optional<Generated> &generated) {
  SMLoc loc = p.getCurrentLocation();
  if (connector.generated) {
    if (peek(p) == '{')
      return errorAt(p, loc) << "`" << connector.name << "` declares its fields itself";
    auto options = cast<DictionaryAttr>(result.attributes.get("options"));
    generated = connector.generated(p.getContext(), options);
    for (auto [name, type] : llvm::zip(generated->names, generated->types))
      columns.add(name, type, plainColumn(p.getContext(), name, type));
    return success();
  }
  if (peek(p) != '{')
    return errorAt(p, missingAt(p)) << "expected the fields: `{ name: type, ... }`";
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Braces, [&] { return parseColumn(p, columns); }))
    return failure();
  if (columns.names.empty())
    return errorAt(p, loc) << "expected at least one field: `{ name: type, ... }`";
  return success();
}

ParseResult SourceOp::parse(OpAsmParser &p, OperationState &result) {
  const Plugin *connector, *format;
  Columns columns;
  std::optional<Generated> generated;
  Region *region = result.addRegion(), *punctuation = result.addRegion();
  ArrayAttr fields = p.getBuilder().getArrayAttr({});
  if (parsePlugin(p, result, 0, Role::Source, connector))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalKeyword("as"))) {
    if (parsePlugin(p, result, 0, Role::InputFormat, format))
      return failure();
    if (!connector->formatted)
      return errorAt(p, loc) << "`" << connector->name << "` takes no format";
  } else if (connector->formatted) {
    return errorAt(p, missingAt(p)) << "expected a format: `as` " << listed(pluginNames(Role::InputFormat));
  }
  if (parseFields(p, result, *connector, columns, generated))
    return failure();
  StreamType plain = makeStream(p, loc, columns.names, columns.types, /*timed=*/false);
  if (!plain)
    return failure();
  if (succeeded(p.parseOptionalKeyword("watermark"))) {
    if (parseEventTime(p, result, plain, *region, *punctuation, fields))
      return failure();
  } else if (generated && !generated->eventTime.empty()) {
    buildDefaultEventTime(p, result, plain, *generated, *region, fields);
  }
  BadPolicy policy;
  if (parseOnBad(p, result, policy))
    return failure();
  if (policy == BadPolicy::DeadLetter && p.getNumResults() != 2)
    return errorAt(p, p.getNameLoc())
           << "`on_bad dead_letter` gives a second stream: write `%records, %bad = source ...`";
  if (policy != BadPolicy::DeadLetter && p.getNumResults() > 1)
    return errorAt(p, p.getNameLoc()) << "a second stream comes of `on_bad dead_letter`";
  result.addAttribute("columns", p.getBuilder().getArrayAttr(columns.attrs));
  result.addAttribute("fields", fields);
  result.addTypes(makeStream(p, loc, columns.names, columns.types, bool(result.attributes.get("watermark"))));
  if (policy == BadPolicy::DeadLetter)
    result.addTypes(deadLetterType(p.getContext()));
  return failure(refuseClauses(p, "source") || finishStatement(p, result));
}

void SourceOp::print(OpAsmPrinter &p) {
  p << " " << pluginText(p, getArgs(), getConnector(), getOptions(), Role::Source);
  if (getFormat())
    p << " as "
      << pluginText(p, getArgs(), *getFormat(), getFormatOptions().value_or(DictionaryAttr::get(getContext())),
                    Role::InputFormat);
  const Plugin *connector = findPlugin(getConnector(), Role::Source);
  if (!connector || !connector->generated)
    printBraced(p, columnTexts(getOutput().getType(), getColumns()), getColumns().size() > 1 ? kColumnsALine : 0);
  if (!getEventTime().empty()) {
    p << " watermark";
    Block &block = getEventTime().front();
    auto outside = [&](Value v) { return operandText(p, v); };
    expr::ExprPrinter text(block, fieldTexts(getFields()), outside);
    if (text.ok() && text.lets().empty()) {
      p << " " << text.text(block.getTerminator()->getOperand(0));
    } else {
      printFieldArguments(p, block.getArguments(), getFields());
      p << " ";
      p.printRegion(getEventTime(), /*printEntryBlockArgs=*/false);
    }
    if (getWatermark())
      printWatermark(p, *this);
  }
  if (getOnBad() != BadPolicy::Fail)
    p << " on_bad " << stringifyBadPolicy(getOnBad());
  if (getMaxBad())
    p << " max_bad " << *getMaxBad();
  if (getMaxBadPercent())
    p << " max_bad " << *getMaxBadPercent() << " percent";
  printRest(p, *this,
            {"connector", "options", "format", "format_options", "columns", "fields", "watermark", "punctuation_fields",
             "on_bad", "max_bad", "max_bad_percent"});
}

//===--- constraints ---------------------------------------------------------------------------===//

LogicalResult SourceOp::verifyColumns() {
  StreamType type = getOutput().getType();
  if (getColumns().size() != type.getTypes().size())
    return emitOpError("has ") << getColumns().size() << " columns for " << type.getTypes().size() << " fields";
  for (auto [name, fieldType, attr] : llvm::zip(type.fieldNames(), type.getTypes(), getColumns())) {
    auto column = dyn_cast<ColumnAttr>(attr);
    if (!column)
      return emitOpError("needs columns that are #stream.column");
    if (std::string why = whyNoColumn(column, name, fieldType); !why.empty())
      return emitOpError() << why;
  }
  const Plugin *connector = findPlugin(getConnector(), Role::Source);
  if (!connector->generated)
    return success();
  Generated generated = connector->generated(getContext(), getOptions());
  if (type.fieldNames() != generated.names || type.getTypes() != ArrayRef<Type>(generated.types))
    return emitOpError("`") << getConnector() << "` declares other fields than the result has";
  return success();
}

LogicalResult SourceOp::verifyEventTime() {
  StreamType type = getOutput().getType();
  bool timed = !getEventTime().empty();
  if (timed != bool(getWatermark()) || timed != type.getTimed())
    return emitOpError("has an event time, a watermark and a timed result, or none of them");
  if (!timed)
    return success();
  auto yield = verifyRegion(*this, getEventTime(), 1);
  if (failed(yield))
    return failure();
  Type found = yield->getValues()[0].getType();
  if (!isa<expr::TimestampType>(found))
    return emitOpError("needs an event time that is a timestamp, but it is ") << typeText(found);
  return verifyReads(*this, getEventTime(), type, getFields());
}

LogicalResult SourceOp::verify() {
  if (isReported(*this))
    return failure();
  if (failed(verifyPlugins(*this, getArgs(), Role::Source, Role::InputFormat)) || failed(verifyColumns()) ||
      failed(verifyEventTime()) || failed(verifyPunctuation()))
    return failure();
  StreamType type = getOutput().getType();
  if (type.isKeyed() || type.getChanges() != Changes::Insert)
    return emitOpError("gives a stream that is not keyed and only inserts, but its result is ") << type;
  if (bool(getDead()) != (getOnBad() == BadPolicy::DeadLetter))
    return emitOpError("has a second result if and only if it is `on_bad dead_letter`");
  if (getDead() && getDead().getType() != deadLetterType(getContext()))
    return emitOpError("needs dead letters of type ") << deadLetterType(getContext());
  if (getMaxBad() && getMaxBadPercent())
    return emitOpError("has both a number and a percentage as max_bad");
  if ((getMaxBad() || getMaxBadPercent()) && getOnBad() == BadPolicy::Fail)
    return emitOpError("has max_bad, which needs `on_bad drop` or `on_bad dead_letter`");
  if (getMaxBad().value_or(0) < 0 || getMaxBadPercent().value_or(1) < 1 || getMaxBadPercent().value_or(1) > 100)
    return emitOpError("needs a max_bad of 0 or more records, or of 1 to 100 percent");
  return verifyLabels(*this);
}
