//===- Types.cpp - the type of streams: read, written, verified ---------------===//
#include "dialect/expr/Types.h"
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Stream.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

Type StreamType::lookup(StringRef name) const {
  int i = indexOf(name);
  return i < 0 ? Type() : getTypes()[i];
}

int StreamType::indexOf(StringRef name) const {
  for (auto [i, field] : llvm::enumerate(getNames()))
    if (field == name)
      return int(i);
  return -1;
}

SmallVector<StringRef> StreamType::fieldNames() const {
  SmallVector<StringRef> names;
  for (StringAttr name : getNames())
    names.push_back(name);
  return names;
}

StreamType StreamType::withChanges(Changes changes, ArrayRef<StringAttr> upsertKeys) const {
  return get(getContext(), getNames(), getTypes(), getKeys(), changes, upsertKeys, getTimed());
}

/// Does a word stand here that begins a clause, and is no field's name?
static bool atClause(AsmParser &p) {
  StringRef word = nextWord(p);
  bool known = word == "keyed" || word == "upsert" || word == "changelog" || word == "timed";
  return known && *skipBlanks(word.end()) != ':';
}

static ParseResult parseNames(AsmParser &p, SmallVectorImpl<StringAttr> &names) {
  return p.parseCommaSeparatedList([&]() -> ParseResult {
    std::string name;
    if (parseName(p, name))
      return failure();
    names.push_back(p.getBuilder().getStringAttr(name));
    return success();
  });
}

/// `<net: string, n: i64 keyed by net upsert by net timed>`.
Type StreamType::parse(AsmParser &p) {
  SmallVector<StringAttr> names, keys, upsertKeys;
  SmallVector<Type> types;
  auto changes = Changes::Insert;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess())
    return {};
  auto parseField = [&]() -> ParseResult {
    std::string name;
    if (parseName(p, name) || p.parseColon() || expr::parseBareType(p, types.emplace_back()))
      return failure();
    names.push_back(p.getBuilder().getStringAttr(name));
    return success();
  };
  if (peek(p) != '>' && !atClause(p) && p.parseCommaSeparatedList(parseField))
    return {};
  if (succeeded(p.parseOptionalKeyword("keyed")) && (p.parseKeyword("by") || parseNames(p, keys)))
    return {};
  if (succeeded(p.parseOptionalKeyword("upsert"))) {
    changes = Changes::Upsert;
    if (p.parseKeyword("by") || parseNames(p, upsertKeys))
      return {};
  } else if (succeeded(p.parseOptionalKeyword("changelog"))) {
    changes = Changes::Changelog;
  }
  bool timed = succeeded(p.parseOptionalKeyword("timed"));
  if (p.parseGreater())
    return {};
  return p.getChecked<StreamType>(loc, p.getContext(), ArrayRef(names), ArrayRef(types), ArrayRef(keys), changes,
                                  ArrayRef(upsertKeys), timed);
}

static void printNames(AsmPrinter &p, ArrayRef<StringAttr> names) {
  llvm::interleaveComma(names, p.getStream(), [&](StringAttr name) { p << nameText(name); });
}

void StreamType::print(AsmPrinter &p) const {
  SmallVector<std::string> parts;
  p << "<";
  for (auto [i, name] : llvm::enumerate(getNames()))
    p << (i ? ", " : "") << nameText(name) << ": " << typeText(getTypes()[i]);
  auto clause = [&, first = getNames().empty()](StringRef text) mutable {
    p << (first ? "" : " ") << text;
    first = false;
  };
  if (isKeyed()) {
    clause("keyed by ");
    printNames(p, getKeys());
  }
  if (getChanges() == Changes::Upsert) {
    clause("upsert by ");
    printNames(p, getUpsertKeys());
  } else if (getChanges() == Changes::Changelog) {
    clause("changelog");
  }
  if (getTimed())
    clause("timed");
  p << ">";
}

LogicalResult StreamType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<StringAttr> names,
                                 ArrayRef<Type> types, ArrayRef<StringAttr> keys, Changes changes,
                                 ArrayRef<StringAttr> upsertKeys, bool timed) {
  if (names.size() != types.size())
    return emitError() << "expected a type for each field, but found " << names.size() << " names and " << types.size()
                       << " types";
  llvm::StringSet<> known;
  for (auto [name, type] : llvm::zip(names, types)) {
    if (!known.insert(name).second)
      return emitError() << "field `" << name.getValue() << "` is there twice";
    if (!expr::isValueType(type))
      return emitError() << "field `" << name.getValue() << "` has the type " << type << ", which is no type of values";
  }
  for (auto list : {keys, upsertKeys})
    for (StringAttr key : list)
      if (!known.contains(key))
        return emitError() << "the key `" << key.getValue() << "` is no field of the stream";
  if ((changes == Changes::Upsert) == upsertKeys.empty())
    return emitError() << "an upsert stream, and only that, says which fields it is upsert by";
  return success();
}
