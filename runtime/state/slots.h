//===- slots.h - arrays of slots, with open addressing --------------------------===//
//
// Internal. What the layouts packed and inline and the index of a dictionary have
// in common: linear probing by a number that a slot's first word gives (its
// `home`), a first word of 0 in empty slots, growth without a pause, deletion by
// moving what stands behind.
//
// Growth: when an array gets full, one of twice the size takes its place and the
// old one empties into it bit by bit, with every insertion; an insertion looks
// there first. Look-ups that succeed know nothing of this. The new array is made
// ready (its pages touched) before it is needed, the old one goes back in pieces.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SLOTS_H
#define MILLRACE_RUNTIME_STATE_SLOTS_H

#include "millrace/abi.h"
#include "runtime/state/hash.h"
#include "runtime/state/pages.h"
#include "runtime/state/poison.h"

namespace millrace {

struct StateAccount;

struct SlotArray {
  uint8_t *slots;
  uint64_t mask;    ///< open addressing: capacity - 1; the capacity is a power of two
  uint8_t *touched; ///< by 4 KiB page of slots: bit 0 written since the last snapshot, bit 1 since the array was made
  uint8_t *cold;    ///< cold parts by position; 0: not made yet
  uint64_t total;   ///< positions that there is memory for; the last one, total - 1, belongs to no key
};

/// How an array's slots are.
struct SlotShape {
  uint32_t slotSize, coldSize;
  uint32_t extra; ///< positions behind the open addressing, the last of which belongs to no key; 0: no open addressing
  uint8_t packed; ///< the home is the hash of the first word, else its upper half
  uint8_t marked; ///< are there marks of pages?
  uint8_t tight;  ///< is it gone through more often than keys are looked for, so that few slots may be empty?
  uint32_t key = 8;      ///< bytes of a slot that who looks for a key reads, of empty ones too
  uint32_t together = 1; ///< tables that are in use in turn with this one, itself counted: they share the caches
};

/// `now` comes first: inlined probes read it.
struct Slots {
  SlotArray now;
  uint64_t count; ///< keys, those in `old` and special ones included
  uint64_t limit; ///< grow when count reaches it
  SlotShape shape;
  StateAccount *account;
  SlotArray old;  ///< what is being emptied; slots 0: nothing is
  uint64_t hand;  ///< position in `old` that is emptied next; what stands from here on has its home from here on
  uint64_t first; ///< where it began
  uint64_t left;  ///< keys in `old`
  SlotArray next; ///< the one to come; slots 0: none is ready
  uint64_t ready; ///< bytes of its slots that were touched
  struct Piece {
    uint8_t *memory;
    uint64_t bytes;
  } gone[3];      ///< of an array that is empty: given back bit by bit
  uint32_t calls; ///< of `add`, to spread work

  uint64_t &tagAt(const SlotArray &in, uint64_t position) const {
    return *reinterpret_cast<uint64_t *>(in.slots + position * shape.slotSize);
  }
  uint64_t homeOf(uint64_t tag) const { return shape.packed ? packedHash(tag) : tagOf(tag); }
  uint8_t *slotAt(uint64_t position) const { return now.slots + position * shape.slotSize; }
  uint64_t positionOf(const uint8_t *slot) const { return uint64_t(slot - now.slots) / shape.slotSize; }
  /// The slot that belongs to no key: what is handed out where memory is refused.
  uint8_t *noSlot() const { return slotAt(now.total - 1); }
  void touch(const uint8_t *slot) {
    if (shape.marked)
      now.touched[uint64_t(slot - now.slots) >> MR_STATE_PAGE_BITS] = MR_STATE_TOUCHED;
  }

  /// Makes the first array, for `expected` keys if that is little enough.
  void begin(const SlotShape &shape, StateAccount &account, uint64_t expected);
  void release();
  /// From now on few of its slots are empty.
  void makeTight();
  /// An array for exactly so many keys by position, without open addressing. False: refused (a smallest one is there).
  /// `always`: beyond the budget too, where generated code looks at no limit.
  bool beginArray(const SlotShape &shape, StateAccount &account, uint64_t positions, bool always);
  /// More positions for such an array. The memory may move. False: refused.
  bool reachArray(uint64_t positions);

  /// Another array, empty, for what was saved. False: refused.
  bool restart(uint64_t positions, uint64_t mask);

  /// An empty slot for a key that is nowhere yet, counted and touched; the caller writes it, tag first. Null: refused.
  uint8_t *add(uint64_t home);
  /// Moves the first key in `old` that `matches(slot)` to where it belongs. Null: there is none.
  template <typename Matches> uint8_t *takeOld(uint64_t home, Matches matches) {
    // A key whose home was emptied is there no more; mostly its slot is in no cache.
    if (!old.slots || ((home - first) & old.mask) < ((hand - first) & old.mask))
      return nullptr;
    for (uint64_t i = home & old.mask; tagAt(old, i); i = (i + 1) & old.mask)
      if (uint8_t *slot = old.slots + i * shape.slotSize; matches(slot)) {
        slot = moveOut(i);
        empty(perInsertion());
        return slot;
      }
    return nullptr;
  }
  /// Moves keys out of `old`, some more than `most` slots of it. True: nothing is left there.
  bool empty(uint64_t most);
  /// Finishes a growth that is under way, so that all keys have positions.
  void settle() { empty(~uint64_t(0)); }
  /// Takes the key at a position out; others may move. The slot's cold part is cleared too.
  void erase(uint64_t position);
  /// No key is there any more; the array stays, as if new.
  void clearAll();
  /// A part of that, from `page` on, about so many bytes; until clearAll is called nobody may look for a key. True: the
  /// rest takes no time.
  bool clearSome(uint64_t &page, uint64_t bytes);
  /// Gives a part of the memory back, about so many bytes; nobody may look into it any more. True: little is left.
  bool releaseSome(uint64_t bytes);
  /// Of an array that nobody may look into until `show` (poison.h).
  void hide() const;
  void show() const;
  /// Slots without a key: whoever looks for a key reads where it would be, and nobody anything else.
  void hideFree(const SlotArray &in) const;
  /// Makes a slot and its cold part zero.
  void clear(uint64_t position);
  /// The slot's cold part, made if need be. Null: refused.
  uint8_t *coldOf(const uint8_t *slot);

private:
  /// Slots of the old array that an insertion looks through: enough to be done long before the next growth, for until
  /// then a new key is looked for in both, and no more bytes than a batch of insertions has the time for.
  uint64_t perInsertion() const {
    constexpr uint64_t kBytes = 1024, kLeast = 4, kMost = 32;
    uint64_t slots = kBytes / shape.slotSize;
    return slots < kLeast ? kLeast : slots > kMost ? kMost : slots;
  }
  void hideSlot(const SlotArray &in, uint64_t position) const {
    poison(in.slots + position * shape.slotSize + shape.key, shape.slotSize - shape.key);
    if (in.cold)
      poison(in.cold + position * shape.coldSize, shape.coldSize);
  }
  void showSlots(const SlotArray &in, uint64_t position, uint64_t count = 1) const {
    unpoison(in.slots + position * shape.slotSize, count * shape.slotSize);
    if (in.cold)
      unpoison(in.cold + position * shape.coldSize, count * shape.coldSize);
  }
  bool obtain(SlotArray &array, uint64_t positions, uint64_t mask, bool always);
  void give(SlotArray &array);
  void giveLater(SlotArray &array);
  void giveAll();
  void giveSome();
  bool grow();
  void prepare();
  void askAhead() const;
  uint8_t *copyIn(const uint8_t *slot, const uint8_t *cold);
  uint8_t *moveOut(uint64_t position);
  void closeGap(SlotArray &in, uint64_t hole);
  uint64_t emptyFor(uint64_t home) const;
};

/// Positions of an array with open addressing that grew to so many keys.
uint64_t positionsFor(uint64_t keys, uint32_t slotSize);

} // namespace millrace

#endif
