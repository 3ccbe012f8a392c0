//===- ManifestState.cpp - what a program says about its state ----------------===//
//
// Of each table: its schema (what is kept, and its hash, which tells whether
// saved state fits) and its layout (where it is kept, byte by byte). Offsets are
// SlotLayout's; here they only get names.
//
//===----------------------------------------------------------------------===//
#include "lowering/Manifest.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Types.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"
#include "dialect/state/Shape.h"
#include "dialect/stream/Firing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;
using state::LayoutKind;

namespace json = llvm::json;

//===-- the schema ----------------------------------------------------------===//

/// Equal for equal schemas, whatever the order of builds: of the schema's text.
static std::string hashOf(const json::Value &schema) {
  std::string text;
  llvm::raw_string_ostream(text) << schema;
  return llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true, /*Width=*/16);
}

/// A hash of what an aggregate of one's own does with its state: saved state is of no use under another definition.
static std::string definitionOf(state::TableOp table, StringRef function) {
  auto program = table->getParentOfType<exec::ProgramOp>();
  Operation *copy = program.lookupSymbol<state::AggregateOp>(function.drop_front())->clone();
  copy->walk([](Operation *op) { op->removeDiscardableAttr("expr.site"); }); // of the pipeline around it
  std::string text;
  llvm::raw_string_ostream os(text);
  copy->print(os, OpPrintingFlags().useLocalScope().printGenericOpForm());
  copy->destroy();
  return llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true, /*Width=*/16);
}

/// What is kept, whatever the layout. Not the time to live: saved state is of use under another one.
static json::Object schemaOf(state::TableOp op) {
  state::TableType type = op.getType();
  json::Array members;
  for (state::MemberAttr member : type.getMembers()) {
    json::Object one{{"name", member.getName().getValue()}, {"aggregate", member.getFn()}};
    if (!member.getArguments().empty())
      one["argument"] = expr::typeText(member.getArgument());
    bool isOwn = expr::isUserAggregate(member.getFn());
    if (isOwn)
      one["definition"] = definitionOf(op, member.getFn());
    if (member.getArguments().size() > 1 && member.getFn() != "top" && !isOwn) // a top is by its first
      one["by"] = expr::typeText(member.getArguments()[1]);
    if (member.getOptions().size() > size_t(bool(state::keptWith(member))))
      one["written"] = expr::aggregateOpening(member.getFn(), member.getOptions()) +
                       expr::behindArgument(member.getOptions()) + expr::aggregateClosing(member.getOptions());
    one["type"] = expr::typeText(member.getResult());
    if (StringAttr holder = state::keptWith(member))
      one["kept_with"] = holder.getValue();
    members.push_back(std::move(one));
  }
  json::Object schema{{"keys", manifestFields(type.getKeyNames(), type.getKeyTypes())},
                      {"members", std::move(members)}};
  if (state::KeepAttr keep = op.getKeep()) {
    schema["keep"] = state::stringifyKeepKind(keep.getKind());
    if (keep.getRecords()) {
      schema["records"] = keep.getRecords();
      schema["every"] = keep.getEvery();
    }
    return schema;
  }
  stream::WindowAttr window = op.getWindow();
  schema["window"] = stream::stringifyWindowKind(window.getKind());
  schema["time"] = stream::stringifyTimeDomain(window.getDomain());
  schema["size"] = window.getSize();
  schema["offset"] = window.getOffset();
  if (state::TopAttr top = op.getTop())
    schema["top"] =
        json::Object{{"groups", int64_t(top.getGroups())}, {"limit", top.getLimit()}, {"ties", top.getTies()}};
  return schema;
}

//===-- the layout ----------------------------------------------------------===//

/// How the bytes of a member's piece are to be read.
static std::string encodingOf(state::MemberAttr member, StringRef piece) {
  StringRef fn = member.getFn();
  Type argument = member.getArgument();
  if (piece == "high")
    return "what the low word does not hold, in units of 2^64";
  if (piece == "count")
    return "u64";
  if (piece == "by")
    return isText(member.getArguments()[1]) ? "length and up to 12 bytes, or where the text is"
                                            : expr::typeText(expr::stripNull(member.getArguments()[1]));
  for (const state::Word &word : state::shapeOf(member).words)
    if (piece == word.name)
      return word.encoding.str();
  if (piece == "time")
    return fn != "last" ? "microseconds, turned so that the earlier is greater and 0 is none"
                        : "microseconds, turned so that 0 is none";
  if (piece == "seen")
    return "a value was there";
  if (piece == "null")
    return "the value kept is null";
  if (fn == "count")
    return "u64";
  if (piece.starts_with("text")) // of a part
    return "length and up to 12 bytes, or where the text is";
  if (fn.ends_with("count_distinct"))
    return "where the set of values is, a text";
  if (state::keepsList(member))
    return "where the rows are, a text";
  if (state::isExactSum(member))
    return "where the exact sum is, a text";
  if (fn.contains("quantile") || fn == "median" || fn == "string_join")
    return "where the values are, a text";
  bool isFloat = isa<FloatType>(valueType(argument));
  if (fn == "sum" || fn == "avg")
    return isFloat ? "f64" : "low 64 bits of the exact sum";
  if (isText(argument))
    return "length and up to 12 bytes, or where the text is";
  std::string type = expr::typeText(expr::stripNull(argument));
  if (fn == "all" || fn == "bit_and")
    return type + ", negated so that 0 is none";
  if (fn == "min" || fn == "max")
    return type + ", turned so that 0 is none";
  return type;
}

namespace {
/// The pieces of a slot as JSON, in the order of their places.
class SlotText {
public:
  explicit SlotText(Table &table) : op(table.op), type(op.getType()), layout(table.slot) {}

  json::Array pieces() {
    key();
    for (const Piece &piece : piecesOf(type, layout))
      add(piece);
    if (layout.occupiedFlag >= 0)
      addFlag("in use", "the slot is in use", layout.flag(unsigned(layout.occupiedFlag)));
    llvm::sort(all, [](const Entry &a, const Entry &b) { return a.rank() < b.rank(); });
    json::Array array;
    for (Entry &entry : all)
      array.push_back(std::move(entry.object));
    return array;
  }

  /// The bytes that nobody could do without: the key's values, the members', the time that a time to live needs.
  unsigned ideal() const {
    unsigned bytes = 0;
    for (Type key : type.getKeyTypes())
      bytes += sizeOf(key);
    for (auto [member, place] : llvm::zip_equal(type.getMembers(), layout.members)) {
      if (state::keptWith(member))
        continue;
      bytes += place.value.size + place.extra.size + place.by.size;
      for (const Place &word : place.words)
        bytes += word.size;
    }
    return bytes + layout.time.size + layout.sessionFirst.size + layout.sessionEnd.size;
  }

private:
  struct Entry {
    bool cold;
    unsigned offset;
    int bit; ///< -1: whole bytes
    json::Object object;
    std::tuple<bool, unsigned, int> rank() const { return {cold, offset, bit}; }
  };

  json::Object &add(StringRef part, const Twine &name, unsigned offset, unsigned size, const Twine &encoding) {
    all.push_back(
        {false, offset, 0,
         json::Object{
             {"part", part}, {"name", name.str()}, {"offset", offset}, {"size", size}, {"encoding", encoding.str()}}});
    return all.back().object;
  }

  void addFlag(const Twine &name, const Twine &encoding, FlagPlace place) {
    add("flag", name, place.offset + place.bit / 8, 1, encoding)["bit"] = place.bit % 8;
    all.back().bit = int(place.bit % 8);
  }

  /// What finds the key: before everything else, in the layouts that look for it.
  void key() {
    if (layout.kind == LayoutKind::Packed)
      add("key", llvm::join(names(), ", "), 0, 8, "the whole key in one word, turned so that 0 is an empty slot");
    if (layout.kind != LayoutKind::Inline)
      return;
    add("head", "flags", 0, 4, "a bit for each flag");
    add("head", "hash", 4, 4, "of the key; 0: an empty slot");
    unsigned word = 8, text = 8 + 8 * layout.words;
    for (auto [name, keyType] : llvm::zip_equal(type.getKeyNames(), type.getKeyTypes())) {
      unsigned &at = isText(keyType) ? text : word;
      unsigned size = isText(keyType) ? 16 : 8;
      add("key", name.getValue(), at, size,
          isText(keyType) ? "length and up to 12 bytes, or where the text is"
                          : expr::typeText(keyType) + " in 64 bits");
      at += size;
    }
    if (layout.nullWord)
      add("key", "nulls", word, 8, "a bit for each field of the key that is null");
  }

  SmallVector<StringRef> names() const {
    return llvm::map_to_vector(type.getKeyNames(), [](StringAttr name) { return name.getValue(); });
  }

  void add(const Piece &piece) {
    auto [name, what] = StringRef(piece.name).rsplit('.');
    const state::MemberAttr *member = memberOf(piece.name);
    std::string encoding;
    if (member)
      encoding = encodingOf(*member, (*member).getName().getValue() == piece.name ? "" : what);
    else if (piece.name == "kept")
      encoding = "where the rows of the window are, a text";
    else if (piece.name == "kept.texts")
      encoding = "where the long texts of these rows are, a text";
    else if (piece.name == "firing.rows")
      encoding = "u64: twice the rows that the key has had, + 1 in a slot in use";
    else if (piece.name == "firing.fresh")
      encoding = "u64: records since the last row";
    else if (piece.name == "firing.refire")
      encoding = "W at which what late records changed fires, turned so that 0 is none";
    else if (piece.name == "session.first" || piece.name == "session.end")
      encoding = "microseconds, turned so that 0 is no session";
    else if (piece.name == "session.pending")
      encoding = "W at the first change that waits for `refire`, turned so that 0 is none";
    else if (piece.name == "session.armed" || piece.name == "session.clock")
      encoding = "W, or the clock, at which the key is looked at, turned so that 0 is never";
    else if (piece.name == "session.more")
      encoding = "u32: about when the key is looked at; u32: where its other sessions are listed, 0: it has none";
    else if (piece.name == "records")
      encoding = "u64: records that there ever were";
    else if (piece.name == "time")
      encoding = "microseconds of the greatest event time, turned so that 0 is none";
    else if (piece.name == "aside.front")
      encoding = "u64: the number of the first record that is in nothing aside";
    else if (piece.name == "aside.filled")
      encoding = "records of the part that is not whole yet";
    else if (piece.name == "aside.turn")
      encoding = "the number of that part, which goes round";
    else if (piece.name == "aside.high.whole")
      encoding = "what their sums have beyond 64 bits";
    else if (piece.name == "aside.high")
      encoding = "what the sums of parts have beyond 64 bits, a text";
    else if (piece.name == "aside.whole")
      encoding = "the members of all that lies aside, put together";
    else if (piece.name == "aside")
      encoding = "where the members of the last records lie in parts, a text";
    else if (piece.name.starts_with("ring."))
      encoding = piece.name == "ring." + std::to_string(layout.parts) ? "the members of all parts, put together"
                                                                      : "the members of some of the last records";
    else if (piece.name.starts_with("in") && piece.kind == MR_PIECE_BIT)
      encoding = "the key's row is in this sink";
    else
      llvm::report_fatal_error(Twine("lowering: nobody says what `") + piece.name + "` is");
    if (piece.kind == MR_PIECE_BIT) {
      addFlag(piece.name, encoding, {piece.place.offset, piece.bit});
    } else {
      add(member ? "member" : "time", piece.name, piece.place.offset, piece.place.size, encoding);
      all.back().object["cold"] = piece.place.cold;
      all.back().cold = piece.place.cold;
    }
    if (member)
      all.back().object["member"] = (*member).getName().getValue();
  }

  /// The member that a piece is of: named like it, or like it with a suffix.
  const state::MemberAttr *memberOf(StringRef piece) const {
    for (const state::MemberAttr &member : type.getMembers())
      if (StringRef name = member.getName().getValue();
          piece == name || (piece.starts_with(name) && piece.rsplit('.').first == name))
        return &member;
    return nullptr;
  }

  state::TableOp op;
  state::TableType type;
  const SlotLayout &layout;
  std::vector<Entry> all;
};
} // namespace

static json::Object layoutOf(Table &table) {
  state::TableType type = table.type();
  state::LayoutAttr layout = type.getLayout();
  SlotText text(table);
  json::Object object{{"kind", state::stringifyLayoutKind(layout.getKind())},
                      {"text", layout.text()},
                      {"slot_bytes", table.slot.size},
                      {"cold_bytes", table.slot.coldSize},
                      {"ideal_bytes", text.ideal()},
                      {"pieces", text.pieces()}};
  if (auto reason = state::TableOp(table.op)->getAttrOfType<StringAttr>(state::layoutReason))
    object["reason"] = reason.getValue();
  if (layout.getKind() == LayoutKind::ById) // the dictionary keeps it, once for all tables of the operator
    object["key_bytes"] = 8 * table.slot.words + 16 * table.slot.strings;
  if (layout.getKind() == LayoutKind::Dense)
    object["positions"] = int64_t(*state::densePositions(type.getKeyTypes(), layout.getRanges()));
  return object;
}

StringRef millrace::lowering::operatorKind(state::TableOp op) {
  state::KeepAttr keep = op.getKeep();
  if (!keep || keep.getKind() == state::KeepKind::Count)
    return "window";
  if (keep.getKind() == state::KeepKind::Over)
    return "over";
  return keep.getKind() == state::KeepKind::Running ? "running" : "deduplicate";
}

json::Object millrace::lowering::manifestState(Table &table) {
  state::TableOp op = table.op;
  json::Value schema(schemaOf(op));
  std::string hash = hashOf(schema);
  json::Object object{{"schema", std::move(schema)}, {"schema_hash", hash}, {"layout", layoutOf(table)}};
  if (op.getSlicesOf())
    object["slices_of"] = *op.getSlicesOf();
  if (stream::FiringAttr firing = op.getFiring())
    object["firing"] = stream::firingText(firing);
  if (state::KeepAttr keep = op.getKeep(); keep && keep.getTtl()) {
    object["ttl"] = keep.getTtl();
    object["deletes"] = keep.getDeletes();
  }
  return object;
}
