//===- slice_fire.h - one operator's windows from slices -----------------------------------===//
//
// Internal. What slice_fire.cpp and slice_stacks.cpp share: a firing of windows that
// are made of slices.
//
//===----------------------------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_SLICE_FIRE_H
#define MILLRACE_RUNTIME_ENGINE_SLICE_FIRE_H

#include "runtime/engine/state.h"

#include <optional>

namespace millrace {

/// Windows that fire.
class SliceFiring {
public:
  using Combine = decltype(mr_window_desc::combine);

  SliceFiring(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), reader(*window.slices), store(*reader.store), desc(*window.desc) {}

  /// All windows that end by `watermark`; `fired`: up to where they have fired.
  Work all(WideTime fired, int64_t watermark, uint32_t why);
  /// Positions that the window that ends at `end` will take at least, where that is more than others take.
  uint64_t expected(WideTime end) const;

private:
  // slice_fire.cpp
  Work run(WideTime start, WideTime end, uint32_t why);
  Work expire(WideTime end);
  Work absorb();
  Work leave(WindowState &owner, mr_table *&table);
  Work dropSlices();
  Work applyPatches();
  Work patch(WindowState &patched, size_t place, mr_table *from);
  Work add(size_t until);
  size_t closedBy(WideTime end) const;
  bool isNeededOnlyUntil(WideTime start, WideTime end) const {
    return store.isAlone() && reader.times.lastEnd(start) <= end;
  }
  Work recompute(size_t count, WideTime end);
  Work make(WideTime end);
  Work makeFilled(WideTime end);
  void noteKeys(const mr_table *table) { reader.keys = desc.table.layout == MR_LAYOUT_DENSE ? 0 : tableCount(table); }
  Work combine(mr_table *into, mr_table *from) { return call(desc.combine, into, from); }
  Work call(Combine function, mr_table *into, mr_table *from);
  mr_table *take() { return takeTable(engine, window, /*large=*/true); }
  Combine mergeOf(const WindowState &first) const { return store.isAlone() ? desc.combine : first.desc->merge; }
  // slice_stacks.cpp: two stacks
  Work makeOfStacks(WideTime end);
  Work patchStacks(WindowState &patched, size_t own, mr_table *from);
  Work addToSuffix(WindowState &patched, size_t own, size_t until, mr_table *from);
  /// The next slices of those whose turn it is become suffixes, before the first `gone` go behind the window that ends
  /// at `end`.
  Work turn(size_t gone, WideTime end);
  Work turnOne(size_t number);
  std::optional<size_t> turnsBy(size_t gone, WideTime end) const;

  mr_engine &engine;
  WindowState &window;
  SliceReader &reader;
  SliceStore &store;
  const mr_window_desc &desc;
  mr_table *made = nullptr; ///< what the window in hand fires
};

} // namespace millrace

#endif
