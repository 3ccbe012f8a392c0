//===- State.cpp - the state dialect, its text and its verifiers ------------===//
#include "dialect/state/State.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "dialect/state/BestRows.h"
#include "dialect/state/CountParts.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"
#include "dialect/state/Verify.h"
#include "dialect/stream/Clauses.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

#include "dialect/state/StateDialect.cpp.inc"
#include "dialect/state/StateEnums.cpp.inc"
/// The types of a member's arguments; `none` if it has none.
static ParseResult parseArguments(AsmParser &parser, SmallVector<Type> &types) {
  if (parser.parseTypeList(types))
    return failure();
  if (types.size() == 1 && isa<NoneType>(types.front()))
    types.clear();
  return success();
}
static void printArguments(AsmPrinter &printer, ArrayRef<Type> types) {
  if (types.empty())
    printer << "none";
  llvm::interleaveComma(types, printer);
}

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
    return parser.emitError(loc, "expected running, first, last, count or over"), Attribute();
  int64_t ttl = 0, records = 0, every = 0;
  if (*kind == KeepKind::Count) {
    if (parser.parseInteger(records))
      return {};
    every = records;
    if (succeeded(parser.parseOptionalKeyword("every")) && parser.parseInteger(every))
      return {};
  }
  if (*kind == KeepKind::Over)
    if (OptionalParseResult rows = parser.parseOptionalInteger(records); rows.has_value() && failed(*rows))
      return {};
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
  return getChecked([&] { return parser.emitError(loc); }, parser.getContext(), *kind, ttl, deletes, records, every);
}

std::string KeepAttr::text() const {
  std::string text = stringifyKeepKind(getKind()).str();
  if (getRecords())
    text += " " + std::to_string(getRecords());
  if (getKind() == KeepKind::Count && getEvery() != getRecords())
    text += " every " + std::to_string(getEvery());
  if (getTtl())
    text += ", ttl " + durationText(getTtl());
  return text + (getDeletes() ? ", delete" : "");
}

int64_t KeepAttr::recordsOfPart() const { return std::gcd(getRecords(), getEvery()); }

int64_t KeepAttr::parts() const { return getEvery() == getRecords() ? 0 : getRecords() / recordsOfPart(); }

void KeepAttr::print(AsmPrinter &printer) const { printer << "<" << text() << ">"; }

LogicalResult KeepAttr::verify(function_ref<InFlightDiagnostic()> emitError, KeepKind kind, int64_t ttl, bool deletes,
                               int64_t records, int64_t every) {
  if (kind == KeepKind::Over ? records < 0 || (records && ttl) : (kind == KeepKind::Count) != (records > 0))
    return emitError() << "a count of records is above zero, and stands behind `count` or `over` alone";
  if (kind == KeepKind::Count ? every <= 0 || every > records : every != 0)
    return emitError() << "a count gives a row for each record or for more, but not for more than it counts";
  if (kind == KeepKind::Count && ttl)
    return emitError() << "a count of records has no time to live";
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
  stream::FiringAttr firing = table.getFiring();
  bool hasPanes = firing && firing.firesAgain();
  if (hasPanes)
    types.push_back(IntegerType::get(context, 64));
  if (hasPanes || window.getDomain() == stream::TimeDomain::Processing)
    types.push_back(expr::StringType::get(context));
  for (MemberAttr member : table.firedMembers())
    types.push_back(member.getResult());
  bool givesRecords = llvm::any_of(table.getType().getMembers(), [](MemberAttr m) { return !directionsOf(m).empty(); });
  bool mayBeEmpty =
      window.getKind() == stream::WindowKind::Global && table.getType().getKeyNames().empty() && !givesRecords;
  types.push_back(expr::withNull(timestamp, mayBeEmpty));
  return types;
}

bool state::keepsPanes(TableOp table) {
  stream::AlgorithmAttr algorithm = table.getAlgorithmAttr();
  return algorithm && algorithm.getValue() == stream::Algorithm::Panes;
}

bool state::firesAtOnce(TableOp table) {
  stream::FiringAttr firing = table.getFiring();
  if (firing && table.getWindow() && table.getWindow().getKind() == stream::WindowKind::Session)
    return true; // what it makes due comes earlier than what was known before
  return keepsPanes(table) && firing && firing.firesAgain() &&
         (firing.getLateness() || firing.getEmitUnit() == stream::EmitUnit::Records);
}

/// What is read out of another member's pieces names one of the same table, which has them.
static LogicalResult verifyKeptWith(TableOp table) {
  ArrayRef<MemberAttr> members = table.getType().getMembers();
  for (MemberAttr member : members)
    if (StringAttr name = keptWith(member); name && llvm::none_of(members, [&](MemberAttr holder) {
                                              return holder.getName() == name && !keptWith(holder) &&
                                                     holds(holder, member);
                                            }))
      return table.emitOpError("has no member ") << name << " that keeps what " << member.getName() << " needs";
  return success();
}

LogicalResult TableOp::verify() {
  if (bool(getWindow()) == bool(getKeep()))
    return emitOpError("needs either a window or a `keep`");
  if (getKeep() && getFiring())
    return emitOpError("has no window, so nothing fires");
  if (TopAttr top = getTop();
      top && (getKeep() || getType().getKeyNames().size() != top.getGroups() + size_t(top.getDescending().size()) + 1))
    return emitOpError("of the best records has a window, and as key the group, what is compared, and the arrival");
  bool isCount = getKeep() && getKeep().getKind() == KeepKind::Count;
  if (getKeep() && getKeep().getKind() != KeepKind::Over && !isCount && getAlgorithm())
    return emitOpError("has no window, so it has no algorithm of one");
  if (isCount && getAlgorithm() && getAlgorithm().getValue() == stream::Algorithm::Subtract)
    for (MemberAttr member : getType().getMembers())
      if (StringRef why = whyPartsStay(member); !why.empty())
        return emitOpError("takes parts away, but ") << member.getName() << " " << why;
  if (getKeep() && getOrdered())
    return emitOpError("is never fired, so it cannot be ordered");
  bool needsKey = getKeep() && getKeep().getKind() != KeepKind::Count && getKeep().getKind() != KeepKind::Over;
  if (needsKey && getType().getKeyNames().empty())
    return emitOpError("is kept by key, but has no key");
  bool ofOne = getKeep() && (getKeep().getKind() == KeepKind::First || getKeep().getKind() == KeepKind::Last);
  if (ofOne && !getType().getMembers().empty())
    return emitOpError("keeps a record's time alone, but has members");
  if (getInputs().empty())
    return emitOpError("needs an input");
  if (bool(getSlicesOf()) != bool(getOwn()) || (getOwn() && !getWindow()))
    return emitOpError("of shared slices is a window's, and says which of their members are its own");
  if (getOwn() && (readsOthers() ? getOwn()->size() != getType().getMembers().size()
                                 : getOwn()->size() > getType().getMembers().size()))
    return emitOpError("has ") << getType().getMembers().size() << " members, but `own` has " << getOwn()->size();
  for (auto input : getInputs().getAsRange<FlatSymbolRefAttr>())
    if (input.getAttr() == getSymNameAttr())
      return emitOpError("cannot be its own input");
  return verifyKeptWith(*this);
}

LogicalResult FoldOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = symbols.lookupNearestSymbolFrom<TableOp>(*this, getTableAttr());
  if (!table)
    return emitOpError("folds into @") << getTable() << ", which is no table";
  TableType type = table.getType();
  // A table of the best records numbers them by itself.
  if (!llvm::equal(getKeys().getTypes(), type.getKeyTypes().drop_back(table.getTop() ? 1 : 0)))
    return emitOpError("must give the keys of @") << getTable() << ", in order";
  for (Attribute also : getAlso().value_or(ArrayAttr::get(getContext(), {}))) {
    auto other = symbols.lookupNearestSymbolFrom<TableOp>(*this, cast<FlatSymbolRefAttr>(also));
    bool fits =
        other && other.getSlicesOf() == getTable() && other.getType().getKeyTypes() == type.getKeyTypes() &&
        llvm::all_of(*other.getOwn(), [&](int32_t i) { return i >= 0 && size_t(i) < type.getMembers().size(); });
    if (!fits)
      return emitOpError("folds for ") << also << ", which does not read the slices of @" << getTable();
  }
  if (!table.getWindow() || !stream::hasOwnGap(table.getWindow()))
    return verifyArguments(*this, type);
  if (getArgs().empty() || !isa<expr::DurationType>(expr::stripNull(getArgs().back().getType())))
    return emitOpError("must give the gap of a session as its last argument");
  return verifyArguments(*this, type, getArgs().back().getType());
}

LogicalResult FoldOp::verify() {
  if (bool(getAlso()) != bool(getAlsoTerminals()) ||
      (getAlso() && (getAlso()->size() != getAlsoTerminals()->size() || !getLate().empty())))
    return emitOpError(
        "names a terminal for each other window of the same slices, and none has late records that go on");
  TypeRange late = getLate().getTypes();
  if (!late.empty() && (late.size() != 2 || !late[0].isInteger(1) || !isa<expr::StringType>(late[1])))
    return emitOpError("tells of late records by two results, i1 and !expr.string, or by none");
  return failed(verifyConditions(*this)) ? failure() : verifyTime(*this);
}
