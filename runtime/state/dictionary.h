//===- dictionary.h - keys as small numbers ------------------------------------===//
//
// Internal. For the layout by_id: one dictionary for an operator, shared by its
// tables. A key keeps its id as long as some table has its slot in use. Ids that
// no table uses are found lazily: after a table has gone, each new key looks at a
// few ids; so they are used again, and a dictionary of changing keys stays as
// large as the keys that live need.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_DICTIONARY_H
#define MILLRACE_RUNTIME_STATE_DICTIONARY_H

#include "runtime/state/slots.h"
#include "runtime/state/state_vector.h"
#include "runtime/state/strings.h"

/// The index: slots of 8 bytes, the id below, the tag (hash.h) above. Keys lie by id, normalised, their strings kept.
struct mr_dictionary : millrace::Slots {
  explicit mr_dictionary(millrace::StateAccount &account) : Slots(), tables(account) { texts.account = &account; }

  uint8_t *keys = nullptr;
  millrace::StringArena texts = {};
  const mr_table_desc *desc = nullptr;
  uint32_t keySize = 0;       ///< bytes of a key: words, strings
  uint32_t firstFree = 0;     ///< 1 + an id that is free; 0: none
  uint64_t ids = 0, room = 0; ///< ids that were ever given out; that `keys` has room for
  uint64_t hand = 0,
           toLookAt = 0;    ///< the id that is looked at next, and how many may be free since the last table went
  uint64_t *live = nullptr; ///< a bit for each id: is it given out?
  millrace::StateVector<mr_table *> tables;
};

namespace millrace {

/// An empty dictionary for tables of this description, its memory on `account`. Both must outlive it.
mr_dictionary *dictionaryNew(const mr_table_desc &desc, StateAccount &account);
/// Its tables are gone. 0 is allowed.
void dictionaryFree(mr_dictionary *dictionary);

/// The id of a normalised key, its strings in flight; given if it is new. All ones: memory was refused.
uint64_t dictionaryId(mr_dictionary &dictionary, uint64_t hash, const uint64_t *key);

/// For what was saved: room for so many keys (false: refused), and the index made from the keys and live bits.
bool dictionaryRoom(mr_dictionary &dictionary, uint64_t ids);
void dictionaryIndex(mr_dictionary &dictionary);

/// A table that uses ids, until it goes.
void dictionaryJoin(mr_dictionary &dictionary, mr_table *table);
void dictionaryLeave(mr_dictionary &dictionary, mr_table *table);
/// The table does not use this id any more.
void dictionaryDrop(mr_dictionary &dictionary, uint64_t id);

} // namespace millrace

#endif
