//===- value_set.cpp - sets of values that a member keeps ----------------------===//
//
// Called by generated code (below) and by sketch.cpp.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/value_set.h"

#include "runtime/state/hash.h"
#include "runtime/state/memory.h"
#include "runtime/state/table.h"

#include <memory>

using namespace millrace;

namespace {

/// What a set begins with. The first four bytes of a text lie beside its length too, so they never change.
struct Header {
  uint32_t never = 0;
  uint32_t slots = 0; ///< a power of two
  uint64_t count = 0;
  uint32_t used = 0, room = 0; ///< of the pool, in units of 8 bytes; 0: a set of words
};
static_assert(sizeof(Header) == 24);

constexpr uint32_t kLeastSlots = 8, kLeastRoom = 16;
constexpr uint64_t kLongestText = ~uint32_t(0);

uint64_t bytesFor(uint64_t slots, uint64_t room) { return sizeof(Header) + (slots + 1 + room) * 8; }

/// A set where it lies, or where it is made anew.
class Set {
public:
  explicit Set(char *at) : at(at) {}

  Header &header() const { return *reinterpret_cast<Header *>(at); }
  /// Of words: the word, 0 is empty; then one that says whether 0 is in the set. Of texts: the upper half of the spread
  /// bits, and 1 + the place in the pool; 0 is empty.
  uint64_t *slots() const { return reinterpret_cast<uint64_t *>(at + sizeof(Header)); }
  char *pool() const { return reinterpret_cast<char *>(slots() + header().slots + 1); }
  bool isOfTexts() const { return header().room != 0; }

  std::string_view textIn(uint64_t slot) const {
    const char *begin = pool() + uint64_t(uint32_t(slot) - 1) * 8;
    uint32_t length;
    std::memcpy(&length, begin, 4);
    return {begin + 4, length};
  }

  /// The slot of a word that is not 0: it holds the word, or is empty.
  uint64_t *find(uint64_t word) const {
    uint64_t mask = header().slots - 1, i = spreadWord(word) & mask;
    while (slots()[i] && slots()[i] != word)
      i = (i + 1) & mask;
    return slots() + i;
  }
  uint64_t *find(uint64_t spread, std::string_view text) const {
    uint64_t mask = header().slots - 1, i = spread & mask;
    for (; slots()[i]; i = (i + 1) & mask)
      if (slots()[i] >> 32 == spread >> 32 && textIn(slots()[i]) == text)
        break;
    return slots() + i;
  }

  /// Adds what is not there yet; there is room.
  void put(uint64_t word) const {
    (word ? *find(word) : slots()[header().slots]) = word ? word : 1;
    ++header().count;
  }
  void put(uint64_t spread, std::string_view text) const {
    uint64_t *slot = find(spread, text);
    char *begin = pool() + uint64_t(header().used) * 8;
    uint32_t length = uint32_t(text.size());
    std::memcpy(begin, &length, 4);
    std::memcpy(begin + 4, text.data(), length);
    *slot = spread >> 32 << 32 | (header().used + 1);
    header().used += unitsFor(text);
    ++header().count;
  }
  static uint32_t unitsFor(std::string_view text) { return uint32_t((text.size() + 4 + 7) / 8); }

  /// Is another one more than three quarters?
  bool isFull() const { return (header().count + 1) * 4 > uint64_t(header().slots) * 3; }

  template <typename Take> void each(Take take) const {
    for (uint64_t i = 0; i < header().slots; ++i)
      if (slots()[i])
        take(slots()[i]);
  }

private:
  char *at;
};

Set setIn(const StringArena &texts, mr_string stored) { return Set(const_cast<char *>(texts.at(stored.tail))); }

/// The same values with so many slots, and so much room for texts.
mr_string remake(StringArena &texts, mr_string stored, uint64_t slots, uint64_t room) {
  uint64_t bytes = bytesFor(slots, room);
  if (bytes > kLongestText || room > kLongestText) {
    texts.account->refuseTooLong();
    return stored;
  }
  auto memory = std::make_unique<uint64_t[]>(bytes / 8);
  Set made(reinterpret_cast<char *>(memory.get()));
  made.header().slots = uint32_t(slots);
  made.header().room = uint32_t(room);
  if (stringLength(stored)) {
    Set old = setIn(texts, stored);
    old.each([&](uint64_t slot) {
      if (old.isOfTexts())
        made.put(spreadText(stringOf(old.textIn(slot))), old.textIn(slot));
      else
        made.put(slot);
    });
    if (old.slots()[old.header().slots])
      made.put(0);
  }
  return texts.replace(stored, stringOf(reinterpret_cast<char *>(memory.get()), bytes));
}

mr_string addText(StringArena &texts, mr_string stored, std::string_view text, uint64_t spread) {
  uint64_t units = Set::unitsFor(text);
  if (!stringLength(stored)) {
    stored = remake(texts, stored, kLeastSlots, std::max<uint64_t>(kLeastRoom, units));
  } else {
    Set set = setIn(texts, stored);
    const Header &header = set.header();
    if (*set.find(spread, text))
      return stored;
    uint64_t slots = set.isFull() ? uint64_t(header.slots) * 2 : header.slots, room = header.room;
    while (room < header.used + units)
      room *= 2;
    if (slots != header.slots || room != header.room)
      stored = remake(texts, stored, slots, room);
  }
  if (!stringLength(stored)) // refused
    return stored;
  Set set = setIn(texts, stored);
  if (set.header().used + units <= set.header().room)
    set.put(spread, text);
  return stored;
}

} // namespace

uint64_t millrace::spreadWord(uint64_t word) { return mix(word ^ kSeed, mix(word ^ kLast, kStep)); }

uint64_t millrace::spreadText(mr_string text) {
  std::string_view bytes = viewOf(text);
  uint64_t all = mix(bytes.size() ^ kSeed, kStep);
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    all = mix(all ^ word, kLast);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, bytes.data(), bytes.size());
  return mix(all ^ rest, kStep);
}

mr_string millrace::addWord(StringArena &texts, mr_string stored, uint64_t word) {
  if (!stringLength(stored)) {
    stored = remake(texts, stored, kLeastSlots, 0);
  } else {
    Set set = setIn(texts, stored);
    if (word ? *set.find(word) : set.slots()[set.header().slots])
      return stored;
    if (set.isFull())
      stored = remake(texts, stored, uint64_t(set.header().slots) * 2, 0);
  }
  if (stringLength(stored)) // else refused
    if (Set set = setIn(texts, stored); set.header().count + 1 < set.header().slots)
      set.put(word);
  return stored;
}

mr_string millrace::addText(StringArena &texts, mr_string stored, mr_string text) {
  return ::addText(texts, stored, viewOf(text), spreadText(text));
}

mr_string millrace::addAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!stringLength(other))
    return stored;
  Set set = setIn(from, other);
  if (set.slots()[set.header().slots])
    stored = addWord(texts, stored, 0);
  set.each([&](uint64_t slot) {
    if (set.isOfTexts())
      stored = ::addText(texts, stored, set.textIn(slot), spreadText(stringOf(set.textIn(slot))));
    else
      stored = addWord(texts, stored, slot);
  });
  return stored;
}

void millrace::eachWord(const StringArena &texts, mr_string stored, const std::function<void(uint64_t)> &take) {
  if (!stringLength(stored))
    return;
  Set set = setIn(texts, stored);
  if (set.slots()[set.header().slots])
    take(0);
  set.each(take);
}

uint64_t millrace::countOf(const StringArena &texts, mr_string stored) {
  return stringLength(stored) ? setIn(texts, stored).header().count : 0;
}

extern "C" mr_string mr_set_add_word(mr_table *table, mr_string stored, uint64_t word) {
  return addWord(table->texts, stored, word);
}
extern "C" mr_string mr_set_add_text(mr_table *table, mr_string stored, mr_string text) {
  return addText(table->texts, stored, text);
}
extern "C" mr_string mr_set_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return addAll(table->texts, stored, from->texts, other);
}
extern "C" uint64_t mr_set_places(mr_table *table, mr_string stored) {
  return stringLength(stored) ? setIn(table->texts, stored).header().slots + 1 : 0;
}
extern "C" bool mr_set_is_at(mr_table *table, mr_string stored, uint64_t place) {
  return setIn(table->texts, stored).slots()[place] != 0;
}
extern "C" uint64_t mr_set_word_at(mr_table *table, mr_string stored, uint64_t place) {
  Set set = setIn(table->texts, stored);
  return place == set.header().slots ? 0 : set.slots()[place];
}
extern "C" uint64_t mr_set_count(mr_table *table, mr_string stored) { return countOf(table->texts, stored); }
