//===- set_block.h - how a set of values lies in its text ----------------------===//
//
// Internal to value_set.cpp and seen_set.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SET_BLOCK_H
#define MILLRACE_RUNTIME_STATE_SET_BLOCK_H

#include "runtime/state/hash.h"
#include "runtime/state/value_set.h"

#include <cstring>

namespace millrace {

inline constexpr uint64_t kLongestText = ~uint32_t(0);

/// What a set begins with. The first four bytes of a text lie beside its length too, so they never change.
struct SetHeader {
  uint32_t never = 0;
  uint32_t slots = 0; ///< a power of two
  uint64_t count = 0;
  uint32_t used = 0, room = 0; ///< of the pool, in units of 8 bytes; 0: a set of words
};
static_assert(sizeof(SetHeader) == 24);

inline constexpr uint32_t kLeastSlots = 4, kLeastRoom = 16; ///< three words: a cache line
inline uint64_t bytesFor(uint64_t slots, uint64_t room) { return sizeof(SetHeader) + (slots + 1 + room) * 8; }

/// One word alone lies in the slot itself: a text of its eight bytes, behind the four that lie beside the length.
inline constexpr uint64_t kOneWord = sizeof(uint32_t) + sizeof(uint64_t);
static_assert(kOneWord <= MR_STRING_INLINE);
inline bool isOneWord(mr_string stored) { return stringLength(stored) == kOneWord; }
inline mr_string setOfOne(uint64_t word) { return {kOneWord, word}; }

/// Of a set that slides (seen_set.h) the number of values lies beside the length, too, where its first four bytes
/// would: each firing asks for it, and would touch the set only for that.
inline uint64_t countBeside(mr_string stored) { return stored.head >> 32; }

/// A set where it lies, or where it is made anew. None that is a single word.
class Set {
public:
  explicit Set(char *at) : at(at) {}

  SetHeader &header() const { return *reinterpret_cast<SetHeader *>(at); }
  /// Of words: the word, 0 is empty; then one that says whether 0 is in the set. Of texts: the upper half of the spread
  /// bits, and 1 + the place in the pool; 0 is empty.
  uint64_t *slots() const { return reinterpret_cast<uint64_t *>(at + sizeof(SetHeader)); }
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

inline Set setIn(const StringArena &texts, mr_string stored) { return Set(const_cast<char *>(texts.at(stored.tail))); }

} // namespace millrace

#endif
