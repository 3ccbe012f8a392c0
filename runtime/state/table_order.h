//===- table_order.h - the slots of a table put in order, in pieces ----------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_ORDER_H
#define MILLRACE_RUNTIME_STATE_TABLE_ORDER_H

#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

#include <utility>

namespace millrace {

class SlotKeys; // key_order.h

/// Makes what mr_table_order gives, until a key comes or goes: runs are sorted while slots are gone through, and merged
/// then. The table is settled; no key comes or goes until that is done.
class TableOrder {
public:
  /// `top`: only the best records.
  explicit TableOrder(mr_table &table, const mr_top_desc *top = nullptr);
  /// The same for these positions in use: they are put in order where they are.
  TableOrder(mr_table &table, uint64_t *positions, uint64_t number);
  TableOrder(const TableOrder &) = delete;

  /// Does what takes about as long as a look at so many slots. True: it is there, or memory was refused.
  bool some(uint64_t positions);
  /// Was there memory for it?
  bool isGood() const { return good; }

private:
  struct Entry {
    uint64_t first;    ///< rank of the first field, or a prefix of it; of keys that were made normal, their number
    uint64_t position; ///< of the slot
  };
  /// What entries are compared by.
  enum class By : uint8_t { Position, PackedWord, NormalKey, SlotKey };
  enum class Phase : uint8_t { Gather, Sort, Merge, Cut, Write, Done };

  /// Memory within the budget, untouched until it is used.
  template <typename T> struct Room {
    explicit Room(StateAccount &account) : account(account) {}
    Room(const Room &) = delete;
    ~Room() { account.give(reinterpret_cast<uint8_t *>(all), bytes); }
    /// False: refused.
    bool take(uint64_t count);
    void swap(Room &other) { std::swap(all, other.all), std::swap(bytes, other.bytes); }

    StateAccount &account;
    T *all = nullptr;
    uint64_t bytes = 0;
  };

  template <typename Function> void withLess(Function use) const;
  void begin();
  void refuse();
  void gather(uint64_t positions);
  void add(const SlotKeys &in, uint64_t position);
  void keepLeast();
  void sortRun();
  void merge(uint64_t entries);
  void cut(uint64_t entries);
  bool beginWrite();
  void write(uint64_t entries);

  mr_table &table;
  const mr_top_desc *top;
  uint64_t *given = nullptr; ///< positions, instead of all that are in use
  uint64_t all;              ///< so many
  bool good = true;
  By by = By::SlotKey;
  Phase phase = Phase::Gather;
  uint64_t among;                                    ///< so many are asked for, the least by their keys
  uint64_t count = 0;                                ///< entries
  Room<Entry> entries, merged;                       ///< in runs that are in order; what is made of them
  Room<uint64_t> keys;                               ///< By::NormalKey: one behind the other
  uint64_t next = 0;                                 ///< the position, or the entry, that is looked at next
  uint64_t width = 0;                                ///< entries of a run
  uint64_t left = 0, right = 0;                      ///< of the two runs in hand, what comes next
  uint64_t made = 0;                                 ///< entries of the pass in hand; those that are left of the best
  uint64_t taken = 0;                                ///< best of the group in hand
  const uint64_t *last = nullptr, *before = nullptr; ///< keys: of the last of the best, of the entry before
};

} // namespace millrace

#endif
