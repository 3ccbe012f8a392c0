//===- Layout.cpp - layouts: their text, what a key needs in them -----------===//
#include "dialect/state/Layout.h"
#include "dialect/expr/Types.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

//===-- text ----------------------------------------------------------------===//

static bool hasRanges(LayoutKind kind) { return kind == LayoutKind::Dense || kind == LayoutKind::Packed; }

static ParseResult parseRange(AsmParser &parser, KeyRange &range) {
  if (succeeded(parser.parseOptionalStar()))
    return success();
  int64_t greatest;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseInteger(range.least) || parser.parseKeyword("to") || parser.parseInteger(greatest))
    return failure();
  range.values = uint64_t(greatest) - uint64_t(range.least) + 1;
  if (greatest < range.least || range.values == 0)
    return parser.emitError(loc, "expected `least to greatest`, or `*` for all of the type's values");
  return success();
}

ParseResult state::parseLayout(AsmParser &parser, LayoutAttr &layout) {
  StringRef word;
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&word))
    return failure();
  std::optional<LayoutKind> kind = symbolizeLayoutKind(word);
  if (!kind)
    return parser.emitError(loc, "no layout `") << word << "`; expected ?, dense, packed, inline or by_id";
  SmallVector<KeyRange> ranges;
  auto one = [&] { return parseRange(parser, ranges.emplace_back()); };
  if (hasRanges(*kind) && parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalLessGreater, one))
    return failure();
  SmallVector<StringAttr> cold;
  auto name = [&]() -> ParseResult {
    std::string text;
    if (parser.parseKeywordOrString(&text))
      return failure();
    cold.push_back(StringAttr::get(parser.getContext(), text));
    return success();
  };
  if (succeeded(parser.parseOptionalKeyword("cold")) &&
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, name))
    return failure();
  layout = LayoutAttr::get(parser.getContext(), *kind, ranges, cold);
  return success();
}

Attribute LayoutAttr::parse(AsmParser &parser, Type) {
  LayoutAttr layout;
  if (parser.parseLess() || parseLayout(parser, layout) || parser.parseGreater())
    return {};
  return layout;
}

void LayoutAttr::print(AsmPrinter &printer) const { printer << "<" << text() << ">"; }

/// A name as a word, or in quotes where it is none.
static void writeName(StringRef name, raw_ostream &os) {
  bool isWord = !name.empty() && !llvm::isDigit(name[0]) &&
                llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_' || c == '$' || c == '.'; });
  if (isWord) {
    os << name;
    return;
  }
  os << '"';
  llvm::printEscapedString(name, os);
  os << '"';
}

std::string LayoutAttr::text() const {
  std::string text = stringifyLayoutKind(getKind()).str();
  llvm::raw_string_ostream os(text);
  if (!getRanges().empty()) {
    os << "<";
    llvm::interleaveComma(getRanges(), os, [&](const KeyRange &range) {
      if (range.isKnown())
        os << range.least << " to " << range.greatest();
      else
        os << "*";
    });
    os << ">";
  }
  if (!getCold().empty()) {
    os << " cold [";
    llvm::interleaveComma(getCold(), os, [&](StringAttr name) { writeName(name.getValue(), os); });
    os << "]";
  }
  return text;
}

//===-- what a key needs ----------------------------------------------------===//

std::optional<uint64_t> state::densePositions(ArrayRef<Type> types, ArrayRef<KeyRange> ranges) {
  uint64_t positions = 1;
  for (auto [type, range] : llvm::zip_equal(types, ranges)) {
    if (!range.isKnown() || range.values > mostPositions)
      return std::nullopt;
    positions *= range.values + expr::isNullable(type); // both factors are at most 2^21 + 1
    if (positions > mostPositions)
      return std::nullopt;
  }
  return positions;
}

std::optional<unsigned> state::packedBits(Type type, KeyRange range) {
  type = expr::stripNull(type);
  if (range.isKnown())
    return llvm::Log2_64_Ceil(range.values);
  if (type.isIntOrFloat())
    return type.getIntOrFloatBitWidth();
  if (isa<expr::TimestampType, expr::DurationType>(type))
    return 64;
  if (isa<expr::DateType>(type))
    return 32;
  return std::nullopt;
}

bool state::fitsWord(ArrayRef<Type> types, ArrayRef<KeyRange> ranges) {
  unsigned bits = 0;
  for (auto [type, range] : llvm::zip_equal(types, ranges)) {
    std::optional<unsigned> needed = packedBits(type, range);
    if (!needed)
      return false;
    bits += *needed + (expr::isNullable(type) && types.size() > 1);
  }
  return bits <= 64;
}

//===-- the table's type ----------------------------------------------------===//

TableType TableType::withLayout(LayoutAttr layout) const {
  return get(getContext(), getKeyNames(), getKeyTypes(), getMembers(), layout);
}

LogicalResult TableType::verify(llvm::function_ref<InFlightDiagnostic()> emitError, ArrayRef<StringAttr> keyNames,
                                ArrayRef<Type> keyTypes, ArrayRef<MemberAttr> members, LayoutAttr layout) {
  if (keyNames.size() != keyTypes.size())
    return emitError() << "has " << keyNames.size() << " names for " << keyTypes.size() << " keys";
  if (!layout)
    return success();
  if (layout.getRanges().size() != (hasRanges(layout.getKind()) ? keyTypes.size() : 0))
    return emitError() << "the layout `" << layout.text() << "` has " << layout.getRanges().size() << " ranges for "
                       << keyTypes.size() << " keys";
  if (layout.getKind() == LayoutKind::Dense && !densePositions(keyTypes, layout.getRanges()))
    return emitError() << "the layout `" << layout.text() << "` needs a known range for each key, and at most "
                       << mostPositions << " positions in all";
  if (layout.getKind() == LayoutKind::Packed && (keyTypes.empty() || !fitsWord(keyTypes, layout.getRanges())))
    return emitError() << "the layout `" << layout.text() << "` needs keys that fit one word of 64 bits";
  for (StringAttr cold : layout.getCold())
    if (llvm::none_of(members, [&](MemberAttr member) { return member.getName() == cold; }))
      return emitError() << "the layout keeps `" << cold.getValue() << "` aside, which is no member";
  return success();
}
