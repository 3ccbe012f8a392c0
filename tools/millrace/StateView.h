//===- StateView.h - a program's state, for people ----------------------*- C++ -*-===//
//
// Internal to the driver. What `inspect --state` shows, out of a manifest.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_STATEVIEW_H
#define MILLRACE_TOOLS_MILLRACE_STATEVIEW_H

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <optional>
#include <string>
#include <vector>

namespace millrace {

/// Some bytes of a key's state, or a bit.
struct StatePiece {
  std::string part; ///< head, key, member, time or flag
  std::string name, encoding;
  unsigned offset, size; ///< bytes; from the begin of the slot, or of its cold part
  int bit = -1;          ///< flags: of the byte at `offset`
  bool cold = false;
};

/// The state of one operator.
struct StateTable {
  std::string name, kind, place, layout, reason, hash;
  std::string layoutKind; ///< the layout without ranges: `dense`
  unsigned slotBytes, coldBytes, idealBytes;
  unsigned keyBytes = 0;         ///< by_id: of a key in the dictionary
  std::vector<std::string> keys; ///< `net: string`
  std::optional<int64_t> positions, ttl;
  bool deletes = false;
  std::vector<StatePiece> pieces; ///< by place

  /// `running, ttl 1 h`: what stands behind the name.
  std::string what() const;
  /// Of one of so many keys, what lies around it counted: positions that are free, cold parts, the dictionary; not
  /// texts beyond 12 bytes. Nothing for a dense array, whose size does not follow the keys.
  std::optional<uint64_t> bytesAmong(uint64_t keys) const;
  /// Bytes per key, in a sentence.
  std::string bytesText() const;
};

/// `file:line:column` of a location; "" if it is none.
std::string placeText(const llvm::json::Object &location);

/// The tables of a manifest; nothing if it is damaged.
std::optional<std::vector<StateTable>> readState(const llvm::json::Object &manifest);

/// Names, offsets, sizes, as text.
void printState(llvm::StringRef program, llvm::ArrayRef<StateTable> tables, llvm::raw_ostream &out);

/// A picture (SVG): for each table its cache lines of 64 bytes, each piece a box.
void drawState(llvm::StringRef program, llvm::ArrayRef<StateTable> tables, llvm::raw_ostream &out);

} // namespace millrace

#endif
