//===- codes.h - keys as one number -----------------------------------------===//
//
// Internal. Packed words and dense indices, as abi.h describes them above
// mr_layout, from normalised keys and back. Generated code has its own way; this
// is for orders, messages and for state that is saved and loaded.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_CODES_H
#define MILLRACE_RUNTIME_STATE_CODES_H

#include "millrace/abi.h"

namespace millrace {

/// A field of the key.
struct KeyField {
  mr_type type;
  bool nullable, isString;
  int64_t least;
  uint64_t values; ///< 0: those of the type
};

KeyField keyField(const mr_table_desc &desc, uint32_t field);

/// Is any field of the key nullable? Then the last word of a normalised key holds the null bits.
bool hasNulls(const mr_table_desc &desc);

/// Is the key one field of 64 bits that may be null?
bool hasNullSlot(const mr_table_desc &desc);

/// The word of a normalised key that is not null where hasNullSlot.
uint64_t packedWord(const mr_table_desc &desc, const uint64_t *key);
void unpackWord(const mr_table_desc &desc, uint64_t word, uint64_t *key);

/// Is the key within the ranges that packed words and indices are made for?
bool keyFits(const mr_table_desc &desc, const uint64_t *key);

uint64_t denseIndex(const mr_table_desc &desc, const uint64_t *key);
void undoIndex(const mr_table_desc &desc, uint64_t index, uint64_t *key);

} // namespace millrace

#endif
