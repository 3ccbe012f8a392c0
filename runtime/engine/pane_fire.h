//===- pane_fire.h - rows of windows that fire again ----------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_PANE_FIRE_H
#define MILLRACE_RUNTIME_ENGINE_PANE_FIRE_H

#include "runtime/engine/state.h"
#include "runtime/engine/timing.h"

namespace millrace {

/// Lets windows of one operator fire. What returns `Work` may be done in pieces.
class PaneFiring {
public:
  PaneFiring(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), store(*window.kept), desc(*window.desc),
        key(desc.table.key_words + 2 * desc.table.key_strings + 1) {}

  /// W goes from `from` to `watermark`.
  Work upTo(WideTime from, int64_t watermark);
  /// The same of a global window.
  Work global(WideTime from, int64_t watermark);
  /// The clock has come to `now`.
  Work byClock(int64_t now);
  /// Windows that are left go, each key with a row.
  Work atEnd(Timing timing);
  /// What is due in a move of W is in hand from here on. Is there something?
  bool takeInHand(WideTime from, int64_t watermark);
  /// What the record in hand has made due. False: the pipeline stops.
  bool now();

private:
  // pane_rows.cpp
  void add(const KeptPane &pane, uint64_t position, Timing timing);
  Work flush(KeptPane &pane);
  bool mayGoOn();
  Work end(KeptPane &pane);
  Work fire(KeptPane &pane, uint64_t least, Timing timing);
  Work fireAt(KeptPane &pane, StateVector<uint64_t> &positions, Timing timing);
  Work fireAll(KeptPane &pane, Timing timing);
  Work fireChanged(KeptPane &pane, Timing timing);
  Work findWaiting(KeptPane &pane, int64_t watermark, StateVector<uint64_t> &due);
  Work refire(KeptPane &pane, int64_t watermark);
  // pane_fire.cpp
  void wait(KeptPane &pane, mr_table *table, uint64_t position, int64_t at);
  Work visit(KeptPane &pane, int64_t watermark);
  Work absorb(KeptPane &pane);
  bool absorbKey(KeptPane &pane, mr_table *from, uint64_t position);
  bool passesEarly(const KeptPane &pane, WideTime from, int64_t watermark) const;
  PaneStore::Panes::iterator nextFilled(int64_t watermark);
  Work onTime(WideTime from, int64_t watermark);
  Work early(WideTime from, WideTime to, int64_t watermark);
  Work leave(KeptPane &pane);
  void makeEmptyRow();
  bool isAtOnce(const DueSlot &one) const;
  bool now(KeptPane &pane, const DueSlot *first, const DueSlot *last);

  mr_engine &engine;
  WindowState &window;
  PaneStore &store;
  const mr_window_desc &desc;
  std::vector<uint64_t> key; ///< room for one
  bool any = false;          ///< has the window in hand given a row?
};

} // namespace millrace

#endif
