//===- layouts.h - the table of layouts ---------------------------------------===//
//
// Internal. What the rest of the runtime asks of a layout. A new layout is a file
// with such a row, a line in layouts.cpp, its inlined probe in runtime/inline and
// its tests.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_LAYOUTS_H
#define MILLRACE_RUNTIME_STATE_LAYOUTS_H

#include "runtime/state/state_vector.h"
#include "runtime/state/table.h"

namespace millrace {

struct LayoutRow {
  const char *name;
  bool inKeyOrder; ///< do positions have the order of keys?
  /// Makes the memory of a table whose description, account and dictionary are set.
  void (*begin)(mr_table &table, uint64_t expected);
  uint64_t (*count)(const mr_table &table);
  bool (*inUse)(const mr_table &table, uint64_t position);
  /// Normalised, strings in flight.
  void (*key)(const mr_table &table, uint64_t position, uint64_t *key);
  /// `key` is normalised, its strings are in flight. Marks the slot as touched.
  uint8_t *(*upsert)(mr_table &table, const uint64_t *key);
  /// See table_keys.h.
  uint64_t (*token)(const mr_table &table, uint64_t position);
  void (*find)(mr_table &table, uint64_t token, StateVector<uint64_t> &positions);
  void (*erase)(mr_table &table, uint64_t position);
  /// What only this layout has. May be 0.
  void (*end)(mr_table &table);
};

extern const LayoutRow kDense, kPacked, kInline, kById;

const LayoutRow &layoutOf(const mr_table_desc &desc);

/// Do the words at `occupied_offset` say that the slot is in use (dense, by_id)?
inline bool isOccupied(const mr_table_desc &desc, const uint8_t *slot) {
  uint64_t word;
  std::memcpy(&word, slot + desc.occupied_offset, sizeof(word));
  return desc.occupied_bit == 255 ? word != 0 : word >> desc.occupied_bit & 1;
}

/// What dense and by_id have in common: a key has one position for ever, which is its token.
namespace by_position {
bool inUse(const mr_table &table, uint64_t position);
uint64_t token(const mr_table &table, uint64_t position);
void find(mr_table &table, uint64_t token, StateVector<uint64_t> &positions);
} // namespace by_position

/// The shape of a table's slots; how many such tables there are it says itself.
SlotShape shapeOf(const mr_table &table, uint32_t extra);

} // namespace millrace

#endif
