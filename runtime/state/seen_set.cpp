//===- seen_set.cpp - sets of the values that a sliding window has seen ---------===//
//
// The text has the header of a set, whose `used` and `room` are of the pool, then
// the slots of an open addressing, then of texts the pool. How many values there
// are lies beside the text's length only (countBeside): whoever adds a word or
// takes one away then touches its slot and nothing else. A value that goes leaves
// no mark: those behind it move up. The bytes of its text stay until the set is
// made anew.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/seen_set.h"

#include "runtime/state/invariant.h"
#include "runtime/state/memory.h"
#include "runtime/state/set_block.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <span>

using namespace millrace;

namespace {

struct SeenSlot {
  uint64_t value; ///< a word; of a text the upper half of its spread bits, and its place in the pool
  uint64_t slice; ///< 0: the slot is empty
};

constexpr size_t kAhead = 16; ///< values whose slots are asked for before they are looked at

/// A value of a slice's set: a word, or a text.
struct Sought {
  uint64_t spread, word;
  std::string_view text;
  bool isText;
};

/// A set where it lies.
class SeenSet {
public:
  /// Of words its length says how many slots there are: to look for one, nothing of its header is waited for.
  SeenSet(char *at, uint64_t bytes, bool ofTexts)
      : at(at), last((ofTexts ? header().slots : (bytes - sizeof(SetHeader)) / sizeof(SeenSlot)) - 1),
        ofTexts(ofTexts) {}

  SetHeader &header() const { return *reinterpret_cast<SetHeader *>(at); }
  SeenSlot *slots() const { return reinterpret_cast<SeenSlot *>(at + sizeof(SetHeader)); }
  uint64_t mask() const { return last; }
  char *pool() const { return reinterpret_cast<char *>(slots() + header().slots); }
  bool isOfTexts() const { return ofTexts; }

  std::string_view textIn(const SeenSlot &slot) const {
    const char *begin = pool() + uint64_t(uint32_t(slot.value)) * 8;
    uint32_t length;
    std::memcpy(&length, begin, 4);
    return {begin + 4, length};
  }

  /// Where the search for a value in `slot` begins.
  uint64_t home(const SeenSlot &slot) const {
    return (isOfTexts() ? spreadText(stringOf(textIn(slot))) : spreadWord(slot.value)) & mask();
  }

  bool is(const SeenSlot &slot, const Sought &value) const {
    if (!value.isText)
      return slot.value == value.word;
    return slot.value >> 32 == value.spread >> 32 && textIn(slot) == value.text;
  }

  /// It holds the value, or is empty.
  SeenSlot &find(const Sought &value) const {
    uint64_t i = value.spread & mask();
    while (slots()[i].slice && !is(slots()[i], value))
      i = (i + 1) & mask();
    return slots()[i];
  }

  /// Puts a value into an empty slot of its own; there is room.
  void put(SeenSlot &slot, const Sought &value, uint64_t slice) const {
    slot = {value.word, slice};
    if (!value.isText)
      return;
    char *begin = pool() + uint64_t(header().used) * 8;
    uint32_t length = uint32_t(value.text.size());
    std::memcpy(begin, &length, 4);
    std::memcpy(begin + 4, value.text.data(), length);
    slot.value = value.spread >> 32 << 32 | header().used;
    header().used += Set::unitsFor(value.text);
  }

  void erase(SeenSlot &slot) const {
    uint64_t hole = uint64_t(&slot - slots());
    for (uint64_t i = (hole + 1) & mask(); slots()[i].slice; i = (i + 1) & mask()) {
      if (((i - home(slots()[i])) & mask()) < ((i - hole) & mask())) // it is not looked for before the hole
        continue;
      slots()[hole] = slots()[i];
      hole = i;
    }
    slots()[hole] = {0, 0};
  }

  /// Is one more than `count` values more than three quarters?
  bool isFull(uint64_t count) const { return (count + 1) * 4 > (mask() + 1) * 3; }

  bool hasRoomFor(const Sought &value, uint64_t count) const {
    return !isFull(count) && (!value.isText || header().used + uint64_t(Set::unitsFor(value.text)) <= header().room);
  }

  /// Units that the texts take which are still there.
  uint64_t live() const {
    uint64_t units = 0;
    for (uint64_t i = 0; isOfTexts() && i < header().slots; ++i)
      units += slots()[i].slice ? Set::unitsFor(textIn(slots()[i])) : 0;
    return units;
  }

private:
  char *at;
  uint64_t last;
  bool ofTexts;
};

SeenSet seenIn(const StringArena &texts, mr_string stored, bool ofTexts) {
  return SeenSet(const_cast<char *>(texts.at(stored.tail)), stringLength(stored), ofTexts);
}

Sought soughtIn(const SeenSet &set, const SeenSlot &slot) {
  if (!set.isOfTexts())
    return {spreadWord(slot.value), slot.value, {}, false};
  std::string_view text = set.textIn(slot);
  return {spreadText(stringOf(text)), 0, text, true};
}

/// With room for one more than its `count` values, twice as large where it is full. False: memory is refused, and it is
/// as it was.
bool grow(StringArena &texts, mr_string &stored, uint64_t count, const Sought &value) {
  uint64_t slots = kLeastSlots, room = value.isText ? kLeastRoom : 0,
           units = value.isText ? Set::unitsFor(value.text) : 0;
  if (stringLength(stored)) {
    SeenSet old = seenIn(texts, stored, value.isText);
    slots = old.isFull(count) ? uint64_t(old.header().slots) * 2 : old.header().slots;
    units += old.live() * 3 / 2; // else what went would soon have it made anew again
    room = old.header().room;
  }
  while (room < units)
    room *= 2;
  uint64_t bytes = sizeof(SetHeader) + slots * sizeof(SeenSlot) + room * 8;
  if (bytes > kLongestText) {
    texts.account->refuseTooLong();
    return false;
  }
  mr_string bigger = texts.room(bytes);
  if (!stringLength(bigger))
    return false;
  auto *header = reinterpret_cast<SetHeader *>(const_cast<char *>(texts.at(bigger.tail)));
  std::memset(header, 0, sizeof(SetHeader) + slots * sizeof(SeenSlot));
  header->slots = uint32_t(slots);
  header->room = uint32_t(room);
  SeenSet made = seenIn(texts, bigger, value.isText);
  if (stringLength(stored)) {
    SeenSet old = seenIn(texts, stored, value.isText);
    for (uint64_t i = 0; i < old.header().slots; ++i)
      if (const SeenSlot &slot = old.slots()[i]; slot.slice) {
        Sought kept = soughtIn(old, slot);
        made.put(made.find(kept), kept, slot.slice);
      }
    texts.giveBack(stored);
  }
  stored = bigger;
  return true;
}

/// Calls `take` for each value of a slice's set, kAhead of them at once.
template <typename Take> void eachGroup(const StringArena &texts, mr_string stored, Take take) {
  if (isOneWord(stored)) {
    Sought one = {spreadWord(stored.tail), stored.tail, {}, false};
    return take(&one, 1);
  }
  Set set = setIn(texts, stored);
  Sought group[kAhead];
  size_t count = 0;
  auto add = [&](const Sought &value) {
    group[count++] = value;
    if (count == kAhead) {
      take(group, count);
      count = 0;
    }
  };
  if (set.slots()[set.header().slots])
    add({spreadWord(0), 0, {}, false});
  set.each([&](uint64_t slot) {
    if (!set.isOfTexts())
      return add({spreadWord(slot), slot, {}, false});
    std::string_view text = set.textIn(slot);
    add({spreadText(stringOf(text)), 0, text, true});
  });
  take(group, count);
}

void prefetch(const SeenSet &set, const Sought *group, size_t count) {
  for (size_t i = 0; i < count; ++i)
    __builtin_prefetch(set.slots() + (group[i].spread & set.mask()));
}

/// The set of a window in which values of a slice are looked for.
SeenSet seenIn(const StringArena &texts, mr_string stored, const Sought *like) {
  return seenIn(texts, stored, like->isText);
}

/// See countBeside.
mr_string withCount(mr_string stored, uint64_t count) { return {stringLength(stored) | count << 32, stored.tail}; }

/// Is a text that is there a set of several words?
bool isBlockOfWords(const StringArena &texts, mr_string stored) {
  if (stringLength(stored) < sizeof(SetHeader))
    return false;
  const SetHeader &header = setIn(texts, stored).header();
  return header.room == 0 && bytesFor(header.slots, 0) == stringLength(stored);
}

/// Asks for where a word will be looked for in the set of a window.
void prefetchWord(const StringArena &texts, mr_string stored, uint64_t word) {
  uint64_t slots = (stringLength(stored) - sizeof(SetHeader)) / sizeof(SeenSlot);
  __builtin_prefetch(texts.at(stored.tail) + sizeof(SetHeader) + (spreadWord(word) & (slots - 1)) * sizeof(SeenSlot),
                     1);
}

/// Keys of a slice that a window has too: where their slots lie in both.
class SameKeys {
public:
  SameKeys(const mr_table *window, const mr_table *slice, uint64_t begin, uint64_t end)
      : window(window), slice(slice), isArray(tableIsArray(*slice->desc)) {
    end = std::min({end, begin + kSeenAhead, isArray ? std::min(slice->end, window->end) : slice->now.mask + 1});
    uint32_t used[kSeenAhead]; // which positions hold a key nobody can foresee: no branch hangs on it
    size_t numUsed = 0;
    for (uint64_t i = begin; i < end; ++i) {
      used[numUsed] = uint32_t(i);
      numUsed += isArray || slice->tagAt(slice->now, i);
    }
    for (size_t i = 0; i < numUsed; ++i)
      __builtin_prefetch(window->slotAt(homeOf(used[i])), 1);
    for (size_t i = 0; i < numUsed; ++i)
      if (const uint8_t *slot = find(used[i]))
        pairs[count++] = {slice->slotAt(used[i]), slot};
  }

  struct Pair {
    const uint8_t *its, *seen;
  } pairs[kSeenAhead];
  size_t count = 0;

private:
  uint64_t homeOf(uint64_t i) const {
    return isArray ? i : slice->homeOf(slice->tagAt(slice->now, i)) & window->now.mask;
  }
  /// In the window; null: not near its home.
  const uint8_t *find(uint64_t i) const {
    if (isArray)
      return window->slotAt(i);
    uint64_t tag = slice->tagAt(slice->now, i);
    for (uint64_t at = homeOf(i), tries = 0; tries < 8; ++tries, at = (at + 1) & window->now.mask) {
      if (window->tagAt(window->now, at) == tag)
        return window->slotAt(at);
      if (!window->tagAt(window->now, at))
        break;
    }
    return nullptr;
  }

  const mr_table *window, *slice;
  const bool isArray;
};

} // namespace

mr_string millrace::seeAll(StringArena &texts, mr_string stored, uint64_t slice, const StringArena &from,
                           mr_string other) {
  invariant(slice != 0, "what goes into a running result is of a slice");
  if (!stringLength(other))
    return stored;
  uint64_t values = countBeside(stored);
  eachGroup(from, other, [&](const Sought *group, size_t count) {
    if (stringLength(stored) && count > 1)
      prefetch(seenIn(texts, stored, group), group, count);
    for (const Sought *value = group; value != group + count; ++value) {
      if (stringLength(stored)) {
        SeenSet set = seenIn(texts, stored, value);
        SeenSlot &slot = set.find(*value);
        if (slot.slice) {
          slot.slice = std::max(slot.slice, slice);
          continue;
        }
        if (set.hasRoomFor(*value, values)) {
          set.put(slot, *value, slice);
          ++values;
          continue;
        }
      }
      if (!grow(texts, stored, values, *value))
        continue;
      SeenSet set = seenIn(texts, stored, value);
      set.put(set.find(*value), *value, slice);
      ++values;
    }
  });
  return withCount(stored, values);
}

mr_string millrace::forgetAll(StringArena &texts, mr_string stored, uint64_t slice, const StringArena &from,
                              mr_string other) {
  if (!stringLength(stored) || !stringLength(other))
    return stored;
  uint64_t values = countBeside(stored);
  eachGroup(from, other, [&](const Sought *group, size_t count) {
    if (!count)
      return;
    SeenSet set = seenIn(texts, stored, group);
    if (count > 1)
      prefetch(set, group, count);
    for (const Sought *value = group; value != group + count; ++value)
      if (SeenSlot &slot = set.find(*value); slot.slice == slice) {
        set.erase(slot);
        --values;
      }
  });
  return withCount(stored, values);
}

void millrace::seenAhead(const mr_table *window, const mr_table *slice, uint64_t begin, uint64_t end) {
  constexpr uint64_t least = sizeof(SetHeader) + kLeastSlots * sizeof(SeenSlot);
  SameKeys keys(window, slice, begin, end);
  for (uint32_t p = 0; p < slice->desc->num_pieces; ++p) {
    const mr_piece_desc &piece = slice->desc->pieces[p];
    if (piece.kind != MR_PIECE_STRING || piece.cold)
      continue;
    std::pair<mr_string, mr_string> blocks[kSeenAhead]; // sets of several words, and of the window
    size_t count = 0;
    for (SameKeys::Pair key : std::span(keys.pairs, keys.count)) {
      mr_string its, seen;
      std::memcpy(&its, key.its + piece.offset, sizeof(its));
      std::memcpy(&seen, key.seen + piece.offset, sizeof(seen));
      if (!stringLength(its) || stringLength(seen) < least)
        continue;
      if (isOneWord(its)) {
        prefetchWord(window->texts, seen, its.tail);
      } else if (stringLength(its) >= sizeof(SetHeader)) {
        __builtin_prefetch(slice->texts.at(its.tail));
        blocks[count++] = {its, seen};
      }
    }
    for (auto [its, seen] : std::span(blocks, count))
      if (isBlockOfWords(slice->texts, its))
        setIn(slice->texts, its).each([&, seen = seen](uint64_t word) { prefetchWord(window->texts, seen, word); });
  }
}
