//===- SlotLayout.cpp - where each piece of a key's state lies ----------------===//
//
// A slot begins with what finds its key, then come the pieces in the order of
// their sizes, so that each is aligned without gaps.
//
//===----------------------------------------------------------------------===//
#include "lowering/table/SlotLayout.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Shape.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class SlotBuilder {
public:
  SlotBuilder(state::TableType table, const SlotNeeds &needs) : table(table), needs(needs) {}

  SlotLayout build() {
    layout.kind = table.getLayout().getKind();
    layoutKey();
    for (auto [i, member] : llvm::enumerate(table.getMembers()))
      layout.members.push_back(
          placeMember(member, needs.filtered[i], needs.removed.empty() ? needs.removes : bool(needs.removed[i])));
    if (needs.time)
      layout.time = {0, 8, false};
    if (needs.session)
      layout.sessionFirst = layout.sessionEnd = layout.sessionMore = {0, 8, false};
    if (needs.session && needs.fires)
      layout.sessionArmed = {0, 8, false};
    if (needs.session && needs.clock)
      layout.sessionClock = {0, 8, false};
    if (needs.refires)
      (needs.session ? layout.sessionPending : layout.refire) = {0, 8, false};
    if (needs.keepsRows) {
      layout.records = {0, 8, false};
      layout.keptRows = layout.keptTexts = {0, 16, false};
    }
    if (needs.stacks)
      layout.front = {0, 8, false};
    if (needs.stacks || needs.aside)
      layout.aside = {0, 16, false};
    if (needs.aside)
      countParts();
    else if ((needs.removes && !needs.keepsRows) || needs.counts || needs.shared)
      countRecords();
    if (needs.fires)
      layout.rows = layout.fresh = {0, 8, false};
    if (needs.parts || needs.keepsRows)
      keepTogether();
    layout.firstIn = layout.numFlags;
    layout.in = needs.in;
    layout.numFlags += needs.in;
    findOccupied();
    assignOffsets();
    for (auto [i, member] : llvm::enumerate(table.getMembers()))
      if (state::keptWith(member))
        layout.members[i] = placeKeptWith(member, state::holderOf(table.getMembers(), unsigned(i)));
    return layout;
  }

private:
  void layoutKey() {
    for (Type key : table.getKeyTypes()) {
      ++(isText(key) ? layout.strings : layout.words);
      layout.nullWord |= isNullable(key);
    }
    layout.words += layout.nullWord;
    if (layout.kind == state::LayoutKind::Packed)
      hotBytes = 8;
    else if (layout.kind == state::LayoutKind::Inline)
      hotBytes = 8 * (1 + layout.words + 2 * layout.strings);
  }

  MemberPlace placeMember(state::MemberAttr member, bool filtered, bool removed) {
    MemberPlace place;
    if (state::keptWith(member)) // it gets the places of another one when these are known
      return place;
    state::Shape shape = state::shapeOf(member);
    place.value = {0, shape.value, table.getLayout().isCold(member.getName())};
    place.by = {0, shape.by, false};
    for (const state::Word &word : shape.words)
      place.words.push_back({0, word.bytes, false});
    if (shape.high)
      place.high = {0, 8, true};
    if (shape.beside != state::Shape::Nothing)
      place.extra = {0, 8, false};
    // Without a key a slot is there also where nothing was folded (rule 18).
    bool mayBeEmpty = table.getKeyTypes().empty() && isNullable(member.getResult());
    bool skips = filtered || llvm::any_of(member.getArguments(), isNullable) || mayBeEmpty;
    // The least string needs to know whether there is one to compare with: none has all bytes zero as its identity.
    bool isLeastText = member.getFn() == "min" && isText(member.getArgument());
    if (shape.beside == state::Shape::Nothing && ((skips && isNullable(member.getResult())) || isLeastText)) {
      if (removed) // a flag could not be taken back
        place.extra = {0, 8, false};
      else
        place.seen = int(layout.numFlags++);
    }
    if (state::keepsNulls(member))
      place.null = int(layout.numFlags++);
    return place;
  }

  /// Of a member that is read out of its holder's pieces (state::holds).
  MemberPlace placeKeptWith(state::MemberAttr member, unsigned number) {
    state::MemberAttr holder = table.getMembers()[number];
    MemberPlace place = layout.members[number];
    StringRef fn = member.getFn(), its = holder.getFn();
    if (fn == "count" && its != "count")
      place.value = place.extra;
    else if (fn == "count_distinct" && its != "count_distinct")
      place.value = place.words.back(); // the set
    bool isVariance = its.starts_with("var_") || its.starts_with("stddev_");
    if (isVariance && (fn == "sum" || fn == "avg")) {
      const Place &sum = place.words.front();
      place.value = {sum.offset, 8, sum.cold};
      place.high = {sum.offset + 8, 8, sum.cold};
      place.highIsUpper = true;
    }
    return place;
  }

  /// Where it stands how many records or values a member counts.
  Place &countOf(unsigned number) {
    unsigned holder = state::holderOf(table.getMembers(), number);
    MemberPlace &place = layout.members[holder];
    return table.getMembers()[holder].getFn() == "count" ? place.value : place.extra;
  }

  /// A member that counts all records serves; else there is a piece that nobody sees.
  void countRecords() {
    for (auto [i, member] : llvm::enumerate(table.getMembers()))
      if (!needs.parts && member.getFn() == "count" && !needs.filtered[i] && !isNullable(member.getArgument()) &&
          !countOf(unsigned(i)).cold) {
        layout.recordsMember = int(i);
        return;
      }
    // Taking away asks only if a record is left.
    bool isEnough = layout.holdsKey() && !needs.parts && !needs.counts && !needs.shared;
    for (auto [i, member] : llvm::enumerate(table.getMembers()))
      if (isEnough && member.getFn() == "count_distinct" && !needs.filtered[i] && !isNullable(member.getArgument()) &&
          !state::keptWith(member) && !layout.members[i].value.cold) {
        layout.recordsSet = int(i);
        return;
      }
    layout.records = {0, 8, false};
  }

  /// Half a word for each, unless they count that far.
  void countParts() { progress = {0, needs.mostTurns <= INT32_MAX ? 8u : 16u, false}; }

  /// A part has the members in the same order as the slot, none of them aside; only where parts are, what sums rarely
  /// need stays apart.
  void keepTogether() {
    for (MemberPlace &place : layout.members)
      for (Place *piece : {&place.value, &place.high, &place.extra})
        piece->cold = needs.aside && piece == &place.high;
  }

  /// A word that is zero in unused slots only, where there is one; else a flag.
  void findOccupied() {
    occupiedBy = nullptr;
    if (layout.holdsKey())
      return;
    if (progress.size > 8) { // no single word of it will do
      layout.occupiedFlag = int(layout.numFlags++);
      return;
    }
    if (progress) {
      occupiedBy = &progress;
      return;
    }
    if (layout.rows && !layout.sessionMore) { // it stays when the members begin anew
      occupiedBy = &layout.rows;
      return;
    }
    if (layout.time) {
      occupiedBy = &layout.time;
      return;
    }
    if (layout.sessionMore) {
      occupiedBy = &layout.sessionMore;
      return;
    }
    if (layout.records || needs.shared) { // of shared slots every window sees it
      occupiedBy = layout.records ? &layout.records : &countOf(unsigned(layout.recordsMember));
      return;
    }
    for (auto [i, place] : llvm::enumerate(layout.members)) {
      state::MemberAttr member = table.getMembers()[i];
      if (needs.filtered[i] || llvm::any_of(member.getArguments(), isNullable) || state::keptWith(member))
        continue;
      Place &word = member.getFn() == "count" ? place.value : place.extra;
      if (member.getFn() == "count" || (word && !place.extra.cold)) {
        if (word.cold)
          continue;
        occupiedBy = &word;
        return;
      }
    }
    layout.occupiedFlag = int(layout.numFlags++);
  }

  void assignOffsets() {
    SmallVector<Place *> places;
    for (MemberPlace &place : layout.members) {
      for (Place *piece : {&place.value, &place.high, &place.extra, &place.by})
        if (*piece)
          places.push_back(piece);
      for (Place &word : place.words)
        places.push_back(&word);
    }
    if (layout.time)
      places.push_back(&layout.time);
    for (Place *piece : {&layout.sessionFirst, &layout.sessionEnd, &layout.sessionMore, &layout.sessionPending,
                         &layout.sessionArmed, &layout.sessionClock})
      if (*piece)
        places.push_back(piece);
    for (Place *piece : {&layout.records, &progress})
      if (*piece)
        places.push_back(piece);
    for (Place *kept : {&layout.keptRows, &layout.keptTexts, &layout.aside, &layout.front})
      if (*kept)
        places.push_back(kept);
    for (Place *piece : {&layout.rows, &layout.fresh, &layout.refire})
      if (*piece)
        places.push_back(piece);
    unsigned flagsLeft = layout.numFlags;
    // The lower half of the first word is flags, all but its top bit; but what is copied lies the same in every layout.
    if (layout.kind == state::LayoutKind::Inline && !needs.parts) {
      layout.flagWords.push_back(0);
      layout.inFirstWord = 31;
      flagsLeft -= std::min(flagsLeft, layout.inFirstWord);
    }
    SmallVector<Place> flags(llvm::divideCeil(flagsLeft, 32u), Place{0, 4, false});
    for (Place &word : flags)
      places.push_back(&word);
    std::vector<Place *> ordered; // by falling alignment, else as they stand
    for (unsigned align : {8u, 4u, 2u, 1u})
      llvm::copy_if(places, std::back_inserter(ordered), [&](const Place *p) { return alignOf(*p) == align; });
    assert(ordered.size() == places.size() && "a piece has 1, 2, 4, 8 bytes or more");
    for (Place *piece : ordered) {
      unsigned &at = piece->cold ? layout.coldSize : hotBytes;
      piece->offset = at;
      at += piece->size;
    }
    for (const Place &word : flags)
      layout.flagWords.push_back(word.offset);
    layout.coldSize = unsigned(llvm::alignTo(layout.coldSize, 8));
    if (progress)
      splitProgress();
    // Not rounded to a power of two: where tables leave the caches, a slot in two cache lines costs less than the
    // memory that would avoid it (decision 0015).
    layout.size = unsigned(llvm::alignTo(std::max(hotBytes, 8u), 8));
    layout.parts = needs.parts;
    layout.partSize = layout.size;
    layout.size += needs.parts && !needs.aside ? (needs.parts + 1) * layout.partSize : 0;
    findMembers();
    layout.size += needs.aside ? layout.asideSize() : 0; // what the parts give together
    // But where a ring lies beside each slot, that is most of the memory, and a second line would cost what its does.
    constexpr unsigned line = 64;
    if (needs.aside && layout.holdsKey() && layout.size > line / 2)
      layout.size = std::max(layout.size, line);
    if (occupiedBy)
      layout.occupied = occupiedBy->offset;
  }

  void splitProgress() {
    unsigned each = progress.size / 2, highs = layout.coldSize;
    layout.filled = {progress.offset, each, false};
    layout.turn = {progress.offset + each, each, false};
    if (highs == 0)
      return;
    layout.wholeHigh = {highs, highs, true};
    layout.highs = {2 * highs, 16, true};
    layout.coldSize = 2 * highs + 16;
  }

  void findMembers() {
    layout.membersBegin = layout.size;
    auto reach = [&](unsigned begin, unsigned end) {
      layout.membersBegin = std::min(layout.membersBegin, begin / 8 * 8);
      layout.membersEnd = std::max(layout.membersEnd, unsigned(llvm::alignTo(end, 8)));
    };
    auto hold = [&](const Place &piece) {
      if (piece && !piece.cold)
        reach(piece.offset, piece.offset + piece.size);
    };
    if (needs.aside && table.getKeyTypes().empty())
      hold(layout.records);
    for (const MemberPlace &place : layout.members) {
      for (const Place *piece : {&place.value, &place.high, &place.extra, &place.by})
        hold(*piece);
      for (const Place &word : place.words)
        hold(word);
      for (int flag : {place.seen, place.null})
        if (flag >= 0)
          reach(layout.flag(unsigned(flag)).offset, layout.flag(unsigned(flag)).offset + 4);
    }
    layout.membersBegin = std::min(layout.membersBegin, layout.membersEnd);
  }

  static unsigned alignOf(const Place &place) { return std::min(place.size, 8u); }

  state::TableType table;
  const SlotNeeds &needs;
  SlotLayout layout;
  unsigned hotBytes = 0;
  Place progress; // `filled` and `turn`, which is never 0 in a slot in use
  Place *occupiedBy = nullptr;
};

} // namespace

SlotLayout millrace::lowering::layoutSlot(state::TableType table, const SlotNeeds &needs) {
  return SlotBuilder(table, needs).build();
}

SlotLayout millrace::lowering::onlyMembers(const SlotLayout &layout, ArrayRef<int32_t> own) {
  SlotLayout seen = layout;
  seen.members.clear();
  seen.recordsMember = -1;
  for (auto [i, number] : llvm::enumerate(own)) {
    seen.members.push_back(layout.members[unsigned(number)]);
    if (number == layout.recordsMember)
      seen.recordsMember = int(i);
  }
  if (layout.recordsMember >= 0 && seen.recordsMember < 0) // another window's counts the records
    seen.records = layout.recordCount();
  return seen;
}

bool millrace::lowering::keepsTexts(state::MemberAttr member) {
  state::Shape shape = state::shapeOf(member);
  return shape.isText || shape.isByText ||
         llvm::any_of(shape.words, [](const state::Word &word) { return word.isText; });
}

SmallVector<Place, 2> millrace::lowering::textsOf(state::MemberAttr member, const MemberPlace &place) {
  SmallVector<Place, 2> texts;
  if (state::keptWith(member)) // they are another one's
    return texts;
  state::Shape shape = state::shapeOf(member);
  if (shape.isText)
    texts.push_back(place.value);
  if (shape.isByText)
    texts.push_back(place.by);
  for (auto [word, at] : llvm::zip_equal(shape.words, place.words))
    if (word.isText)
      texts.push_back(at);
  return texts;
}

SmallVector<Piece> millrace::lowering::piecesOf(state::TableType table, const SlotLayout &layout) {
  SmallVector<Piece> pieces;
  auto bytes = [&](const llvm::Twine &name, Place place, bool isText = false) {
    if (place)
      pieces.push_back({name.str(), isText ? MR_PIECE_STRING : MR_PIECE_BYTES, place});
  };
  auto flag = [&](const llvm::Twine &name, int number) {
    if (number < 0)
      return;
    FlagPlace place = layout.flag(unsigned(number));
    unsigned word = place.offset & ~7u;
    pieces.push_back({name.str(), MR_PIECE_BIT, {word, 8, false}, place.bit + 8 * (place.offset - word)});
  };
  for (auto [member, place] : llvm::zip_equal(table.getMembers(), layout.members)) {
    if (state::keptWith(member))
      continue;
    StringRef name = member.getName().getValue();
    state::Shape shape = state::shapeOf(member);
    bytes(name, place.value, shape.isText);
    bytes(name + ".high", place.high);
    bytes(name + (shape.beside == state::Shape::Time ? ".time" : ".count"), place.extra);
    bytes(name + ".by", place.by, shape.isByText);
    for (auto [word, at] : llvm::zip_equal(shape.words, place.words))
      bytes(name + "." + word.name, at, word.isText);
    flag(name + ".seen", place.seen);
    flag(name + ".null", place.null);
  }
  bytes("time", layout.time);
  bytes("session.first", layout.sessionFirst);
  bytes("session.end", layout.sessionEnd);
  bytes("session.more", layout.sessionMore);
  bytes("session.pending", layout.sessionPending);
  bytes("session.armed", layout.sessionArmed);
  bytes("session.clock", layout.sessionClock);
  bytes("records", layout.records);
  bytes("kept", layout.keptRows, /*isText=*/true);
  bytes("kept.texts", layout.keptTexts, /*isText=*/true);
  bytes("firing.rows", layout.rows);
  bytes("firing.fresh", layout.fresh);
  bytes("firing.refire", layout.refire);
  // Parts are the bytes of the members, which lie in every layout as they do in each other.
  bytes("aside", layout.aside, /*isText=*/true);
  bytes("aside.front", layout.front);
  if (layout.parts && layout.aside)
    bytes("aside.whole", {layout.size - layout.asideSize(), layout.asideSize(), false});
  bytes("aside.filled", layout.filled);
  bytes("aside.turn", layout.turn);
  bytes("aside.high.whole", layout.wholeHigh);
  bytes("aside.high", layout.highs, /*isText=*/true);
  for (unsigned part = 0; layout.parts && !layout.aside && part <= layout.parts; ++part) // and what they give together
    bytes("ring." + llvm::Twine(part), {(part + 1) * layout.partSize + layout.membersBegin, layout.asideSize(), false});
  for (auto [member, place] : llvm::zip_equal(table.getMembers(), layout.members))
    for (auto [number, text] : llvm::enumerate(textsOf(member, place)))
      // Behind the bytes of the parts, whose words they replace.
      for (unsigned part = 0; !layout.aside && part < layout.parts; ++part)
        bytes(member.getName().getValue() + ".text" + llvm::Twine(number) + "_" + llvm::Twine(part),
              {(part + 1) * layout.partSize + text.offset, 16, false}, /*isText=*/true);
  for (unsigned i = 0; i < layout.in; ++i)
    flag("in" + llvm::Twine(i), int(layout.firstIn + i));
  return pieces;
}
