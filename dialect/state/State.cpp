//===- State.cpp - the state dialect, its text and its verifiers ------------===//
#include "dialect/state/State.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "dialect/state/Layout.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

#include "dialect/state/StateDialect.cpp.inc"
#include "dialect/state/StateEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/state/StateAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/state/StateInterfaces.cpp.inc"
#include "dialect/state/StateTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/state/StateOps.cpp.inc"

namespace {
/// Constants stay in the body that uses them.
struct StateFolds : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *) const override { return true; }
};
} // namespace

void StateDialect::initialize() {
  addInterfaces<StateFolds>();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/state/StateTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/state/StateAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/state/StateOps.cpp.inc"
      >();
}

//===-- types ---------------------------------------------------------------===//

Type TableType::parse(AsmParser &parser) {
  SmallVector<StringAttr> names;
  SmallVector<Type> types;
  SmallVector<MemberAttr> members;
  auto parseKey = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name) || parser.parseColon() || parser.parseType(types.emplace_back()))
      return failure();
    names.push_back(StringAttr::get(parser.getContext(), name));
    return success();
  };
  auto parseMember = [&]() -> ParseResult {
    FailureOr<MemberAttr> member = FieldParser<MemberAttr>::parse(parser);
    if (failed(member))
      return failure();
    members.push_back(*member);
    return success();
  };
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseKey) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseMember) || parser.parseKeyword("layout"))
    return {};
  LayoutAttr layout;
  if (failed(parser.parseOptionalQuestion()) && failed(parseLayout(parser, layout)))
    return {};
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(), names, types, members, layout);
}

void TableType::print(AsmPrinter &printer) const {
  printer << "<(";
  llvm::interleaveComma(llvm::zip(getKeyNames(), getKeyTypes()), printer, [&](auto key) {
    printer.printKeywordOrString(std::get<0>(key).getValue());
    printer << ": " << std::get<1>(key);
  });
  printer << ") (";
  llvm::interleaveComma(getMembers(), printer, [&](MemberAttr m) { printer.printStrippedAttrOrType(m); });
  printer << ") layout " << (getLayout() ? getLayout().text() : "?") << ">";
}

//===-- attributes ----------------------------------------------------------===//

Attribute KeepAttr::parse(AsmParser &parser, Type) {
  StringRef word;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseKeyword(&word))
    return {};
  std::optional<KeepKind> kind = symbolizeKeepKind(word);
  if (!kind)
    return parser.emitError(loc, "expected running, first or last"), Attribute();
  int64_t ttl = 0;
  bool deletes = false;
  while (succeeded(parser.parseOptionalComma())) {
    if (!ttl && succeeded(parser.parseOptionalKeyword("ttl"))) {
      if (parseDuration(parser, ttl))
        return {};
    } else if (deletes || parser.parseKeyword("delete")) {
      return {};
    } else {
      deletes = true;
    }
  }
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(), *kind, ttl, deletes);
}

std::string KeepAttr::text() const {
  std::string text = stringifyKeepKind(getKind()).str();
  if (getTtl())
    text += ", ttl " + durationText(getTtl());
  return text + (getDeletes() ? ", delete" : "");
}

void KeepAttr::print(AsmPrinter &printer) const { printer << "<" << text() << ">"; }

LogicalResult KeepAttr::verify(function_ref<InFlightDiagnostic()> emitError, KeepKind kind, int64_t ttl, bool deletes) {
  if (ttl < 0)
    return emitError() << "a time to live is not negative";
  if (deletes && (!ttl || kind != KeepKind::Running))
    return emitError() << "`delete` needs a time to live, and is for running aggregates";
  return success();
}

//===-- ops -----------------------------------------------------------------===//

SmallVector<Type> state::firedTypes(TableOp table) {
  MLIRContext *context = table.getContext();
  stream::WindowAttr window = table.getWindow();
  Type timestamp = expr::TimestampType::get(context);
  SmallVector<Type> types(table.getType().getKeyTypes());
  if (window.isInTime())
    types.append(2, timestamp);
  if (window.getDomain() == stream::TimeDomain::Processing)
    types.push_back(expr::StringType::get(context));
  for (MemberAttr member : table.getType().getMembers())
    types.push_back(member.getResult());
  bool mayBeEmpty = window.getKind() == stream::WindowKind::Global && table.getType().getKeyNames().empty();
  types.push_back(expr::withNull(timestamp, mayBeEmpty));
  return types;
}

LogicalResult TableOp::verify() {
  if (bool(getWindow()) == bool(getKeep()))
    return emitOpError("needs either a window or a `keep`");
  if (getKeep() && getAlgorithm())
    return emitOpError("has no window, so it has no algorithm of one");
  if (getKeep() && getOrdered())
    return emitOpError("is never fired, so it cannot be ordered");
  if (getKeep() && getType().getKeyNames().empty())
    return emitOpError("is kept by key, but has no key");
  if (getKeep() && getKeep().getKind() != KeepKind::Running && !getType().getMembers().empty())
    return emitOpError("keeps a record's time alone, but has members");
  if (getInputs().empty())
    return emitOpError("needs an input");
  for (auto input : getInputs().getAsRange<FlatSymbolRefAttr>())
    if (input.getAttr() == getSymNameAttr())
      return emitOpError("cannot be its own input");
  return success();
}

/// Types of the arguments that the members of a table take, in order.
static SmallVector<Type> argumentTypes(TableType type) {
  SmallVector<Type> types;
  for (MemberAttr member : type.getMembers())
    if (!isa<NoneType>(member.getArgument()))
      types.push_back(member.getArgument());
  return types;
}

LogicalResult FoldOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = symbols.lookupNearestSymbolFrom<TableOp>(*this, getTableAttr());
  if (!table)
    return emitOpError("folds into @") << getTable() << ", which is no table";
  TableType type = table.getType();
  if (!llvm::equal(getKeys().getTypes(), type.getKeyTypes()))
    return emitOpError("must give the keys of @") << getTable() << ", in order";
  if (!llvm::equal(getArgs().getTypes(), argumentTypes(type)))
    return emitOpError("must give an argument for each member of @") << getTable() << " that has one, in order";
  if (getFiltered().size() != type.getMembers().size())
    return emitOpError("must say of each of the ") << type.getMembers().size() << " members whether it is filtered";
  return success();
}

LogicalResult FoldOp::verify() {
  if (llvm::count(getFiltered(), true) != int64_t(getFilters().size()))
    return emitOpError("has ") << getFilters().size() << " conditions for " << llvm::count(getFiltered(), true)
                               << " filtered members";
  for (Value condition : getFilters())
    if (!expr::stripNull(condition.getType()).isInteger(1))
      return emitOpError("needs conditions, bool or bool?, found ") << condition.getType();
  if (getTime() && !isa<expr::TimestampType>(expr::stripNull(getTime().getType())))
    return emitOpError("needs a timestamp as its time, found ") << getTime().getType();
  return success();
}
