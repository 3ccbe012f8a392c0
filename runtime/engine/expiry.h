//===- expiry.h - time-to-live of one operator's keys ---------------------------------===//
//
// Internal. Timers and lists are memory of the operator's state. None of it is
// saved with the state: a key's slot has its time, so timers are armed anew.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_EXPIRY_H
#define MILLRACE_RUNTIME_ENGINE_EXPIRY_H

#include "runtime/engine/errors.h"
#include "runtime/time/wheel.h"

#include <memory>
#include <unordered_map>

namespace millrace {

/// Of keys whose hashes are equal.
struct Alike {
  uint64_t spare; ///< timers, due already, of keys that went
  int64_t next;   ///< when the first of those that stay is due
  uint64_t piece; ///< that found it
};

/// Time-to-live of an operator's keys (rule 35).
struct Expiry {
  using AlikeMap = std::unordered_map<uint64_t, Alike, std::hash<uint64_t>, std::equal_to<uint64_t>,
                                      StateAllocator<std::pair<const uint64_t, Alike>>>;
  using Pointer = std::unique_ptr<Expiry, StateDelete>;

  static Pointer make(StateAccount &account) {
    return Pointer(new (account.takeAlways(sizeof(Expiry))) Expiry(account), StateDelete{&account});
  }

  /// When a key expires whose slot this is; +∞: never.
  static int64_t dueOf(const mr_window_desc &desc, const uint8_t *slot);

  /// Arms a timer for each key of a table that was loaded, where W is `watermark`: what time-to-live knows of them.
  /// Nothing must be armed yet.
  void armAll(const mr_window_desc &desc, mr_table *table, int64_t watermark);

  Wheel wheel;                        ///< a timer for each key, by the token that finds its slot (table_keys.h)
  int64_t watermark = kMinusInfinity; ///< the greatest finite W so far: what expires at the end of input
  bool behind = false;                ///< may there be keys that are due and not gone yet?
  StateVector<Timer> due;             ///< of the piece in hand
  StateVector<uint64_t> found, gone;  ///< positions
  uint64_t piece = 0;                 ///< its number
  AlikeMap alike;                     ///< by token, until nothing is behind
  uint64_t expired = 0;               ///< keys

private:
  explicit Expiry(StateAccount &account)
      : wheel(account), due(account), found(account), gone(account), alike(AlikeMap::allocator_type(account)) {}
};

} // namespace millrace

#endif
