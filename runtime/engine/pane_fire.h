//===- pane_fire.h - rows of windows that fire again ----------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_PANE_FIRE_H
#define MILLRACE_RUNTIME_ENGINE_PANE_FIRE_H

#include "runtime/engine/state.h"
#include "runtime/engine/timing.h"

namespace millrace {

/// Lets windows of one operator fire. False: the pipeline stops.
class PaneFiring {
public:
  PaneFiring(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), store(*window.kept), desc(*window.desc) {}

  /// W goes to `watermark`.
  bool upTo(int64_t watermark);
  /// The same of a global window.
  bool global(int64_t watermark);
  /// The clock has come to `now`.
  bool byClock(int64_t now);
  /// Windows that are left go, each key with a row.
  bool atEnd(Timing timing);
  /// What the record in hand has made due.
  bool now();

private:
  void add(const KeptPane &pane, uint64_t position, uint32_t timing);
  bool flush(KeptPane &pane);
  bool mayGoOn();
  bool write(KeptPane &pane, uint64_t position, uint32_t timing);
  bool end(KeptPane &pane);
  bool fire(KeptPane &pane, uint64_t least, uint32_t timing);
  bool fireAt(KeptPane &pane, StateVector<uint64_t> &positions, uint32_t timing);
  bool fireAll(KeptPane &pane, uint32_t timing);
  bool fireChanged(KeptPane &pane, uint32_t timing);
  void findWaiting(KeptPane &pane);
  bool refire(KeptPane &pane, int64_t watermark);
  void wait(KeptPane &pane, uint64_t position, int64_t at);
  bool visit(KeptPane &pane, int64_t watermark);
  PaneStore::Panes::iterator nextFilled(int64_t watermark);
  bool onTime(int64_t watermark);
  bool early(WideTime from, WideTime to, int64_t watermark);
  void makeEmptyRow();
  bool now(KeptPane &pane, const DueSlot *first, const DueSlot *last);

  mr_engine &engine;
  WindowState &window;
  PaneStore &store;
  const mr_window_desc &desc;
  bool any = false; ///< has the window in hand given a row?
};

} // namespace millrace

#endif
