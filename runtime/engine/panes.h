//===- panes.h - windows that fire again, or that late records still reach -----------------===//
//
// Internal. Each window has a table of its own until no record can come for it any
// more (rules 19 to 22). Beside its members a slot has the rows that its key has had,
// the records since the last of them and, where changes by late records are gathered,
// when those fire (mr_firing_desc). So whatever makes a window fire, the keys whose
// rows are due are found in its table; which of them changed is known beforehand as
// long as slots stay where they are (ChangedSlots).
//
// All of it is memory of the operator's state.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_PANES_H
#define MILLRACE_RUNTIME_ENGINE_PANES_H

#include "runtime/engine/slices.h"
#include "runtime/state/invariant.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/state_vector.h"

#include <cstring>
#include <map>
#include <memory>
#include <set>

struct mr_engine;

namespace millrace {

struct WindowState;

/// Where keys lie that have new records, in the order in which they got the first of them.
class ChangedSlots {
public:
  explicit ChangedSlots(StateAccount &account) : all(account) {}

  /// The slot has a new record and had none. `most`: how many are noted; beyond that they are looked for.
  void add(const mr_table *table, const uint8_t *slot, uint64_t most);
  /// Is each of them noted, and still where it was? Else they have to be looked for.
  bool isKnown(const mr_table *table) const;
  /// Nothing has changed since.
  void clear();
  /// They are these from now on.
  void set(const mr_table *table, StateVector<uint64_t> &&positions);
  void forget() { clear(), lost = true; }

  StateVector<uint64_t> all; ///< positions; only if isKnown()

private:
  const uint8_t *slots = nullptr; ///< where the table's were
  bool lost = false;
};

/// A window of which there are records, or that `fill` asks for.
struct KeptPane {
  KeptPane(StateAccount &account, WideTime start, WideTime end, mr_table *table)
      : start(start), end(end), table(table), changed(account) {}

  WideTime start, end;
  mr_table *table;
  int64_t refireAt = kPlusInfinity; ///< the least W at which what late records changed of a key fires
  bool fired = false;               ///< has it fired at its end?
  // What is due of it may be under way (pieces.cpp): what comes then goes aside, until all of it has its row.
  bool isFiring = false;
  mr_table *aside = nullptr;
  int64_t asideRefireAt = kPlusInfinity; ///< the same of what is there
  ChangedSlots changed;                  ///< only where early or gathered rows ask for them
};

/// A slot that the record in hand has changed: its row is due behind the record, or it is known then when it is.
struct DueSlot {
  KeptPane *pane;
  const uint8_t *slots; ///< where the table's slots were: a table that has grown since has the key elsewhere
  uint64_t position;
};

struct PaneStore {
  using Pointer = std::unique_ptr<PaneStore, StateDelete>;
  template <typename T> using Allocator = StateAllocator<T>;
  using Panes = std::map<WideTime, KeptPane, std::less<>, Allocator<std::pair<const WideTime, KeptPane>>>;
  /// W at which late changes of a window fire, and its end.
  using Waiting = std::set<std::pair<int64_t, WideTime>, std::less<>, Allocator<std::pair<int64_t, WideTime>>>;

  static Pointer make(const mr_window_desc &desc, StateAccount &account) {
    return Pointer(new (account.takeAlways(sizeof(PaneStore))) PaneStore(desc, account), StateDelete{&account});
  }

  StateAccount &account;
  Panes panes; ///< by end; no two windows of an operator have the same
  const mr_window_desc &desc;
  const mr_firing_desc &firing;
  WindowTimes times;
  bool isGlobal, isInEventTime;
  Waiting waiting;
  KeptPane *inHand = nullptr;     ///< that was asked for last
  mr_table *outside = nullptr;    ///< takes a record whose windows leave the range of timestamps; thrown away after it
  uint64_t keys = 0;              ///< of the window that fired last: what the next one will need
  int64_t clock = kMinusInfinity; ///< `emit ... in processing_time`: when it was looked at last
  int64_t clockDue = kPlusInfinity; ///< the same: no row is due before
  int64_t interruptedAt = 0;        ///< stopwatch: when a firing saw Ctrl-C; 0: none did
  SliceCounts counts, countsBefore; ///< so far; before the step in hand
  WideTime at = 0,
           last = 0; ///< of the record in hand: the end of the window that was asked for last, and of its last window
  StateVector<DueSlot> due; ///< what has to be done behind the record in hand
  StateVector<mr_due> rows; ///< that are handed to a firing at once

  bool isDiscarding() const { return firing.mode == MR_FIRES_DISCARDING; }
  bool isFinal() const { return firing.mode == MR_FIRES_FINAL; }
  /// Has W passed the end of a window?
  bool hasEnded(WideTime end, int64_t watermark) const { return isInEventTime && end - 1 <= watermark; }
  /// Is it too late even for late records?
  bool isGone(WideTime end, int64_t watermark) const { return isInEventTime && end - 1 + firing.lateness <= watermark; }
  /// How often rows before the end have been due when W (or the clock) is at `time`, in a window that starts at
  /// `start`.
  WideTime earlyUpTo(WideTime start, WideTime time) const;
  /// Do rows of such a window come before its end while W (or the clock) goes from `from` to `to`?
  bool passesEarly(WideTime start, WideTime from, WideTime to) const;

  /// The least watermark above `watermark` at which something may happen to a window, also to one without records so
  /// far.
  int64_t border(int64_t watermark) const;
  /// `emit ... in processing_time`: when does the clock make rows due? Of a new window, and of all.
  void noteClockDue(const KeptPane &pane);
  void findClockDue();

  uint64_t rowsOf(const uint8_t *slot) const { return word(slot + firing.rows_offset) >> 1; }
  uint64_t freshOf(const uint8_t *slot) const { return word(slot + firing.fresh_offset); }
  /// W at which late changes of the key fire; 0 where there is no such piece, or where it is not known.
  int64_t refireOf(const uint8_t *slot) const {
    uint64_t turned = firing.refire ? word(slot + firing.refire_offset) : 0;
    return turned ? int64_t(turned ^ kSign) : 0;
  }
  bool hasRefire(const uint8_t *slot) const { return firing.refire && word(slot + firing.refire_offset) != 0; }
  void setRefire(mr_table *table, uint8_t *slot, int64_t watermark) const;
  /// The key has had its row.
  void noteRow(mr_table *table, uint8_t *slot) const;
  /// So many new records more.
  void addFresh(mr_table *table, uint8_t *slot, uint64_t records) const;
  /// How many keys are noted of those that have changed: to look at more through a list costs what looking at all does.
  static uint64_t mostNoted(const KeptPane &pane) { return 64 + pane.table->now.total / 8; }
  /// The slot is in use, though no record is in it.
  void occupy(mr_table *table, uint8_t *slot) const;

  /// The window that ends at `end`, made if need be.
  KeptPane &paneAt(mr_engine &engine, WindowState &window, WideTime end);
  /// Where records go that come for it now.
  mr_table *tableOf(mr_engine &engine, WindowState &window, KeptPane &pane);
  KeptPane &paneOf(const mr_table *table);
  Panes::iterator drop(Panes::iterator at);
  void setRefireAt(KeptPane &pane, int64_t watermark);

  /// Are there windows that have records and have not come to their end?
  bool isOpen() const { return !panes.empty() && !panes.rbegin()->second.fired; }
  /// How many?
  size_t open() const;
  /// The end of the first of them.
  WideTime firstEnd() const;
  template <typename Function> void forEach(Function each) const {
    for (auto &[end, pane] : panes)
      each(pane.table), each(pane.aside);
    each(outside);
  }

  // panes_saved.cpp: for snapshots. What else there is follows from it.
  void save(const WindowState &window, SavedState &state) const;
  void load(mr_engine &engine, WindowState &window, const SavedState &state);

private:
  PaneStore(const mr_window_desc &desc, StateAccount &account);

  static constexpr uint64_t kSign = uint64_t(1) << 63;
  static uint64_t word(const uint8_t *at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  WideTime gridBorder(int64_t watermark) const;

  mutable int64_t gridFrom = kPlusInfinity,
                  gridLeast = kMinusInfinity; ///< the border of all W in between, but for late changes
};

/// Windows that one record may be in; at least 1.
uint64_t windowsOfRecord(const mr_window_desc &desc);

} // namespace millrace

#endif
