//===- memory.h - memory of state, and what it may be -----------------------===//
//
// Internal. All memory of keyed state comes through one StateMemory, each piece
// on the account of an operator; the sum is kept within a budget. Bytes are
// counted as they are asked for, rounded by stateSize: what a test's memory hands
// out and what the accounts say is the same number.
//
// Beyond the budget (or where the system has no memory) `take` gives nothing and
// StateMemory::refused says so from then on. A table then hands out a slot that
// belongs to no key, so that a step comes to its end; the engine looks at
// `refused` after each call, discards what the call gave and stops.
//
// What a snapshot copies of it (snapshot.h): slots and cold parts by pages, whose
// marks (pages.h) tell which were written since the last one; generated code and
// the runtime mark a slot with every write to it or to its cold part. Texts and
// dictionaries have no marks and are copied whole: places that are free again are
// chained through the arena, so that a text that goes writes to a page far from
// any slot, and a store for that with each text would be paid by programs without
// checkpoints too. Timers, the order of keys and an array that is being made ready
// are made anew.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_MEMORY_H
#define MILLRACE_RUNTIME_STATE_MEMORY_H

#include "millrace/abi.h"

#include <string>
#include <vector>

namespace millrace {

class StateMemory;

/// The state of one operator, as bytes.
struct StateAccount {
  StateAccount(StateMemory &memory, std::string name);
  ~StateAccount();
  StateAccount(const StateAccount &) = delete;
  StateAccount &operator=(const StateAccount &) = delete;

  /// Zeroed memory, aligned to a page, or to a cache line if it is smaller than that; null: refused.
  uint8_t *take(uint64_t bytes);
  /// The same for what must be there for a step to end, beyond the budget too (which then is refused from here on).
  /// Ends the program with exit code 3 where the system has no memory.
  uint8_t *takeAlways(uint64_t bytes);
  /// As realloc, the new part zeroed; null: refused, and the old piece stays.
  uint8_t *resize(uint8_t *memory, uint64_t before, uint64_t after);
  /// Gives a piece back; of pieces from kStateMapped bytes on also parts that begin and end at pages. Null is allowed.
  void give(uint8_t *memory, uint64_t bytes);

  /// Refuses what no text of state can be: more than 4 GiB.
  void refuseTooLong();
  /// May it take so many bytes more? If not, they count as refused.
  bool allows(uint64_t bytes);

  StateMemory &memory;
  const std::string name; ///< the operator's
  uint64_t bytes = 0;     ///< now
  uint64_t most = 0;      ///< the most that it was
};

class StateMemory {
public:
  virtual ~StateMemory() = default;

  uint64_t budget = ~uint64_t(0);        ///< bytes
  uint64_t bytes = 0, most = 0;          ///< now; the most that it was
  const StateAccount *refused = nullptr; ///< who was refused memory first
  uint64_t refusedBytes = 0;             ///< how much it asked for
  bool exhausted = false;                ///< it was the system that refused it, not the budget
  bool tooLong = false;                  ///< neither: a text or a list of one key would be longer than 4 GiB
  std::vector<const StateAccount *> accounts;

  /// The account that holds most; null: there is none.
  const StateAccount *largest() const;

protected:
  friend StateAccount;
  // `bytes` are those of stateSize. Null: there is no memory.
  virtual uint8_t *obtain(uint64_t bytes) = 0;
  virtual uint8_t *move(uint8_t *memory, uint64_t before, uint64_t after) = 0;
  virtual void release(uint8_t *memory, uint64_t bytes) = 0;
};

/// The machine's memory.
class SystemStateMemory : public StateMemory {
protected:
  uint8_t *obtain(uint64_t bytes) override;
  uint8_t *move(uint8_t *memory, uint64_t before, uint64_t after) override;
  void release(uint8_t *memory, uint64_t bytes) override;
};

inline constexpr uint64_t kStatePage = 4096, kStateMapped = uint64_t(256) << 10, kStateHuge = uint64_t(2) << 20;

/// Bytes that are taken for a piece: whole cache lines, from a page on whole pages.
constexpr uint64_t stateSize(uint64_t bytes) {
  uint64_t unit = bytes < kStatePage ? 64 : kStatePage;
  return bytes ? (bytes + unit - 1) & ~(unit - 1) : 64;
}

} // namespace millrace

#endif
