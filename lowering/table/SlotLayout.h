//===- SlotLayout.h - where each piece of a key's state lies --------*- C++ -*-===//
//
// Internal to the lowering. The one place that gives the pieces of a slot their
// offsets: what folds and fires reads them here, and so does the description
// that the runtime gets (mr_table_desc). All bytes zero is the identity of
// every piece.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_SLOTLAYOUT_H
#define MILLRACE_LOWERING_TABLE_SLOTLAYOUT_H

#include "lowering/Values.h"

#include "dialect/state/State.h"

namespace millrace::lowering {

/// Bytes of a slot, or of the part of it that is kept aside.
struct Place {
  unsigned offset = 0;
  unsigned size = 0; ///< 0: there is no such piece
  bool cold = false;

  explicit operator bool() const { return size != 0; }
};

/// Where a member is in its slot.
struct MemberPlace {
  Place value;                       ///< count, the low word of a sum, or the value kept
  Place by;                          ///< argmin, argmax: the value that it is judged by
  Place high;                        ///< integer sums: what the low word does not hold, in units of 2^64
  Place extra;                       ///< a count; or a time, so mapped that the greater one wins; 0: there was nothing
  llvm::SmallVector<Place, 2> words; ///< what only this aggregate has (state::Shape)
  int seen = -1;            ///< number of the flag that a value was there; -1: there is one in every slot in use
  int null = -1;            ///< number of the flag that the value kept is null
  bool highIsUpper = false; ///< is `high` the upper half of the 128 bits of a sum, as a variance has it?
};

/// Where a flag is: bit `bit` of the 32-bit word at `offset`.
struct FlagPlace {
  unsigned offset, bit;
};

/// What the layout needs to know that the table's type does not say.
struct SlotNeeds {
  llvm::SmallVector<bool> filtered; ///< by member: is it folded under a condition?
  bool removes = false;             ///< is what was added taken away again (Member::remove)?
  bool counts = false;              ///< is it asked how many records there were?
  unsigned parts = 0;               ///< of a count: how many parts the records are kept in
  uint64_t mostTurns = 0;           ///< of a count: the greatest number that it counts parts, or a part's records, by
  unsigned in = 0;                  ///< flags that tell whether the key's row is in a sink
  bool time = false;                ///< the time written last, or kept
  bool keepsRows = false;           ///< of `over`: rows of the windows of later records, and how many there ever were
  bool stacks = false;              ///< of `over`: what suffixes of the rows give
  bool aside = false;               ///< are the parts kept outside the slot?
  bool fires = false;               ///< may a key have several rows of one window?
  bool session = false;             ///< where the session in it begins and ends
  bool refires = false;             ///< are changes by late records gathered?
  bool clock = false;               ///< do rows come by the clock before the end?
  bool shared = false;              ///< do several windows read the slots, each some members?
  llvm::SmallVector<bool> removed;  ///< by member: is this one taken away again? Empty: as `removes` says
};

struct SlotLayout {
  state::LayoutKind kind = state::LayoutKind::Inline;
  unsigned words = 0, strings = 0; ///< of the normalised key (abi.h)
  bool nullWord = false;           ///< the last word tells which fields of the key are null
  llvm::SmallVector<MemberPlace> members;
  Place time;                                  ///< with its sign bit flipped, so that 0 is none
  Place sessionFirst, sessionEnd, sessionMore; ///< of sessions (abi.def, mr_session_slot)
  Place sessionPending;                        ///< the same, where changes by late records are gathered
  Place sessionArmed, sessionClock; ///< the same, of those that fire again, and of those that do by the clock
  Place records;                    ///< where it is asked: how many records were folded, if no member says it
  Place keptRows, keptTexts;        ///< of `over`: strings, the rows of the key's window and the bytes of their strings
  /// A string: what is kept of the key's members outside its slot, one behind the other: parts of a count (what they
  /// give together is the end of the slot, laid out the same); suffixes of the rows of `over`, the shortest first.
  Place aside;
  Place front;        ///< of `over`: the number of the first record that is in none of these
  Place filled, turn; ///< of a count whose parts are aside: records of the part in hand, and its number (Counts.cpp)
  Place wholeHigh;    ///< of such a count, cold: the high words of what the parts give together, as a slot's own lie
  Place highs;        ///< of such a count, cold, a string: those of the parts, if any part ever needed them
  int recordsMember = -1; ///< the member that says it
  int recordsSet = -1;    ///< the member whose set is empty when there is none, where nobody asks for more
  Place rows, fresh;      ///< of windows that fire again: rows so far, records since the last one (mr_firing_desc)
  Place refire;           ///< of panes, where changes by late records are gathered (the same)
  unsigned firstIn = 0, in = 0; ///< numbers of the flags, one for each emit
  unsigned numFlags = 0;
  llvm::SmallVector<unsigned> flagWords; ///< offsets of 32-bit words
  unsigned inFirstWord = 32;             ///< flags in the first of them
  /// A slot is in use if the 64-bit word at this offset is not zero, or has the bit set if there is one.
  unsigned occupied = 0;
  int occupiedFlag = -1;
  unsigned size = 0, coldSize = 0; ///< bytes, multiples of 8
  /// Of a count whose results share records: how many parts there are. Where they are not aside, as many bytes as the
  /// slot's own come behind them for each, and once more for what the parts give together. `size` is all of it.
  unsigned parts = 0, partSize = 0;

  FlagPlace flag(unsigned number) const {
    if (number < inFirstWord)
      return {flagWords.front(), number};
    number -= inFirstWord;
    return {flagWords[1 + number / 32], number % 32};
  }
  /// Where the members' bytes are, and with them flags and what lies between them: `asideSize` bytes from here on are
  /// copied for what is kept aside.
  unsigned membersBegin = 0, membersEnd = 0;
  unsigned asideSize() const { return membersEnd - membersBegin; }
  /// Bytes of the high words of all members, where they are cold.
  unsigned highSize() const { return wholeHigh.size; }

  /// How many records a slot has, where it is asked.
  const Place &recordCount() const { return recordsMember < 0 ? records : members[unsigned(recordsMember)].value; }
  /// Is the key found in the slot, and not by the slot's position?
  bool holdsKey() const { return kind == state::LayoutKind::Packed || kind == state::LayoutKind::Inline; }
};

/// `table` must be resolved.
SlotLayout layoutSlot(state::TableType table, const SlotNeeds &needs);

/// The same slots, as a window sees them whose members are those of these numbers.
SlotLayout onlyMembers(const SlotLayout &layout, llvm::ArrayRef<int32_t> own);

/// Has a member texts, which lie in the table's arena?
bool keepsTexts(state::MemberAttr member);

/// Where a member's texts are, which lie in the table's arena.
llvm::SmallVector<Place, 2> textsOf(state::MemberAttr member, const MemberPlace &place);

/// A piece as it is called in every layout of a table.
struct Piece {
  std::string name;
  mr_piece_kind kind;
  Place place;
  unsigned bit = 0; ///< of the 64-bit word at `place`
};
/// All of a table's pieces, in an order that does not depend on the layout.
llvm::SmallVector<Piece> piecesOf(state::TableType table, const SlotLayout &layout);

} // namespace millrace::lowering

#endif
