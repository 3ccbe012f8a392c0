//===- table_api.h - making, looking into and freeing tables ---------------===//
//
// Internal: what the engine does with tables. What generated code does with
// them is in abi.def.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_API_H
#define MILLRACE_RUNTIME_STATE_TABLE_API_H

#include "runtime/state/table.h"

#include <memory>

namespace millrace {

/// An empty table, its memory on `account`; `desc`, `account` and `dictionary` (layout by_id; of the same description)
/// must outlive it. `expected`: keys that are expected (0: unknown). `together`: tables that are in use in turn with
/// this one, itself counted. Where memory is refused the table is there all the same, and hands out a slot that belongs
/// to no key.
mr_table *tableNew(const mr_table_desc &desc, StateAccount &account, mr_dictionary *dictionary = nullptr,
                   uint64_t expected = 0, uint32_t together = 1);

/// Frees the table and all that it kept. 0 is allowed.
void tableFree(mr_table *table);

struct TableDelete {
  void operator()(mr_table *table) const { tableFree(table); }
};
/// A table that nobody else frees.
using OwnTable = std::unique_ptr<mr_table, TableDelete>;

/// Empties it, to be used again as a new table; it keeps its memory. False, and it stays as it is, where it is much
/// larger than its keys: then a new one is better.
bool tableClear(mr_table *table);

/// An empty table that nobody looks into until it is taken out again (or freed): told of such a look under
/// AddressSanitizer.
void tablePutAway(mr_table *table);
void tableTakeOut(mr_table *table);

/// The first `count` pieces of a slot in use are zero again, as of a new key.
void tableResetPieces(mr_table *table, uint8_t *slot, uint32_t count);

/// A part of what tableClear does, from `page` on (0 at first), about so many bytes; until that is called nobody may
/// look for a key. True: the rest takes no time.
inline bool tableClearSome(mr_table *table, uint64_t &page, uint64_t bytes) {
  return table->old.slots || table->clearSome(page, bytes);
}

/// A part of what tableSettle does: about so many positions. True: nothing is left to do.
inline bool tableSettleSome(mr_table *table, uint64_t positions) {
  return !table->old.slots || table->empty(positions);
}

/// A part of what tableFree does, about so many bytes; nobody may look into the table any more. True: the rest takes
/// little time.
bool tableFreeSome(mr_table *table, uint64_t bytes);

/// Finishes a growth that is under way: from here to the next new key every key has a position. To be called before
/// positions are gone through.
void tableSettle(mr_table *table);

/// Keys in the table.
uint64_t tableCount(const mr_table *table);

/// Is the slot at a position (< mr_table_capacity) in use?
bool tableInUse(const mr_table *table, uint64_t position);

/// The normalised key (abi.h) of a position in use, to `key`, with room for key_words + 2 * key_strings words; its
/// strings are in flight, and valid as long as mr_table_text says.
void tableKey(const mr_table *table, uint64_t position, uint64_t *key);

/// Does one key come before another (rule 10; nulls last)? Both as tableKey gives them.
bool tableKeyLess(const mr_table_desc &desc, const uint64_t *a, const uint64_t *b);

/// Are positions those of the keys in every table?
inline bool tableIsArray(const mr_table_desc &desc) {
  return desc.layout == MR_LAYOUT_DENSE || desc.layout == MR_LAYOUT_BY_ID;
}

/// Do positions have the order of keys?
bool tableIsInKeyOrder(const mr_table_desc &desc);

/// Puts positions in use into the order of their keys (rule 10). False: memory was refused.
bool tableSort(mr_table *table, uint64_t *positions, uint64_t count);

/// The slot of a normalised key, made if it is new, whatever the layout.
uint8_t *tableUpsert(mr_table *table, const uint64_t *key);

/// Dense and by_id: the slot is in use, though nothing was folded into it, if it has a flag for that.
void tableOccupy(const mr_table_desc &desc, uint8_t *slot);

} // namespace millrace

#endif
