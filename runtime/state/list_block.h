//===- list_block.h - how a list of rows lies in its text -------------------------===//
//
// Internal to value_list.cpp and value_top.cpp.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_LIST_BLOCK_H
#define MILLRACE_RUNTIME_STATE_LIST_BLOCK_H

#include "millrace/top_text.h"
#include "runtime/state/strings.h"

#include <cstddef>
#include <vector>

namespace millrace {

/// What a list begins with. The first four bytes of a text lie beside its length too, so they never change.
struct ListHeader {
  uint32_t never = 0;
  uint32_t count = 0; ///< entries
  uint32_t used = 0;  ///< bytes, the header counted
  uint32_t cut = 0;   ///< of a top, or of different values: entries that its last cut left
  uint32_t last = 0;  ///< of a top: where the last one is that has to be kept; 0: there are fewer
  uint32_t pad = 0;
  int64_t time = INT64_MIN; ///< of the last entry; INT64_MAX: they are in no order
};
static_assert(sizeof(ListHeader) == 32 && offsetof(ListHeader, last) == MR_TOP_LAST);

/// An entry, where it lies: its time, then the row.
struct ListEntry {
  const char *at;

  int64_t time() const {
    int64_t value;
    std::memcpy(&value, at, sizeof(value));
    return value;
  }
  const uint8_t *row() const { return reinterpret_cast<const uint8_t *>(at) + MR_TOP_WORD; }
};

inline uint64_t roundUp8(uint64_t bytes) { return (bytes + 7) & ~uint64_t(7); }

inline mr_string textOfRow(const uint8_t *row, uint32_t offset) {
  mr_string text;
  std::memcpy(&text, row + offset, sizeof(text));
  return text;
}

/// Bytes that an entry takes with this row, whether its strings are in flight or kept.
inline uint64_t entryBytes(const uint8_t *row, const mr_entry_desc &entry) {
  uint64_t bytes = sizeof(int64_t) + entry.size;
  for (uint32_t i = 0; i < entry.num_texts; ++i)
    if (uint32_t length = stringLength(textOfRow(row, entry.texts[i])); length > MR_STRING_INLINE)
      bytes += roundUp8(length);
  return bytes;
}

class ListBlock {
public:
  ListBlock(const StringArena &texts, mr_string stored) : at(const_cast<char *>(texts.at(stored.tail))) {}

  ListHeader &header() const { return *reinterpret_cast<ListHeader *>(at); }
  char *end() const { return at + header().used; }
  ListEntry entryAt(uint64_t offset) const { return {at + offset}; }
  uint32_t offsetOf(ListEntry one) const { return uint32_t(one.at - at); }
  /// The entries as they lie.
  std::vector<ListEntry> entries(const mr_entry_desc &entry) const;
  /// Leaves these entries of it, in this order.
  void keepOnly(const std::vector<ListEntry> &entries, const mr_entry_desc &entry) const;

private:
  char *at;
};

/// The list with room for so many bytes more. As it is if memory is refused, which then is short of room.
mr_string listRoom(StringArena &texts, mr_string stored, uint64_t more);
/// The row of an entry with its strings in flight, in `row`.
void takeRow(ListEntry from, const mr_entry_desc &entry, uint8_t *row);

} // namespace millrace

#endif
