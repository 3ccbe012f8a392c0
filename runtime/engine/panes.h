//===- panes.h - windows that fire again, or that late records still reach -----------------===//
//
// Internal. Each window has a table of its own until no record can come for it any
// more (rules 19 to 22). Beside its members a slot has the rows that its key has had
// and the records since the last of them (mr_firing_desc): so whatever makes a window
// fire, the keys whose rows are due are found in its table.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_PANES_H
#define MILLRACE_RUNTIME_ENGINE_PANES_H

#include "runtime/engine/slices.h"

#include <cstring>
#include <map>
#include <memory>
#include <vector>

struct mr_engine;

namespace millrace {

/// A window of which there are records.
struct KeptPane {
  WideTime start, end;
  mr_table *table;
  int64_t refireAt = kPlusInfinity; ///< W at which what late records changed fires
  bool pending = false;             ///< something was changed that fires then; `refireAt` may not be known yet
  bool fired = false;               ///< has it fired at its end?
};

/// A slot whose row is due behind the record in hand.
struct DueSlot {
  mr_table *table;
  const uint8_t *slots; ///< where the table's slots were: a table that has grown since has the key elsewhere
  uint64_t position;
};

struct PaneStore {
  explicit PaneStore(const mr_window_desc &desc);

  /// By end; no two windows of an operator have the same.
  std::map<WideTime, KeptPane> panes;
  const mr_window_desc &desc;
  const mr_firing_desc &firing;
  WindowTimes times;
  bool isGlobal, isInEventTime;
  mr_table *outside = nullptr;    ///< takes a record whose windows leave the range of timestamps; thrown away after it
  uint64_t keys = 0;              ///< of the window that fired last: what the next one will need
  int64_t clock = kMinusInfinity; ///< `emit ... in processing_time`: when it was looked at last
  SliceCounts counts, countsBefore; ///< so far; before the step in hand
  WideTime at = 0,
           last = 0; ///< of the record in hand: the end of the window that was asked for last, and of its last window
  // What has to be done behind the record in hand.
  std::vector<DueSlot> due;
  std::vector<WideTime> noted; ///< ends of windows that a late record has changed, which fire later

  bool isDiscarding() const { return firing.mode == MR_FIRES_DISCARDING; }
  bool isFinal() const { return firing.mode == MR_FIRES_FINAL; }
  /// Has W passed the end of a window?
  bool hasEnded(WideTime end, int64_t watermark) const { return isInEventTime && end - 1 <= watermark; }
  /// Is it too late even for late records?
  bool isGone(WideTime end, int64_t watermark) const { return isInEventTime && end - 1 + firing.lateness <= watermark; }
  /// How often rows before the end have been due when W (or the clock) is at `time`, in a window that starts at
  /// `start`.
  WideTime earlyUpTo(WideTime start, WideTime time) const;

  /// The least watermark above `watermark` at which something may happen to a window, also to one without records so
  /// far.
  int64_t border(int64_t watermark) const;

  uint64_t rowsOf(const uint8_t *slot) const { return word(slot + firing.rows_offset) >> 1; }
  uint64_t freshOf(const uint8_t *slot) const { return word(slot + firing.fresh_offset); }
  /// The key has had its row.
  void noteRow(mr_table *table, uint8_t *slot) const;

  /// Windows that have records and have not come to their end.
  size_t open() const;
  /// The end of the first of them.
  WideTime firstEnd() const;
  template <typename Function> void forEach(Function each) const {
    for (auto &[end, pane] : panes)
      each(pane.table);
    each(outside);
  }

private:
  static uint64_t word(const uint8_t *at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
};

std::unique_ptr<PaneStore> makePanes(const mr_window_desc &desc);

} // namespace millrace

#endif
