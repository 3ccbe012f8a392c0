//===- pieces.cpp - firings that go on behind later records --------------------------------===//
//
// A million keys that fire at once must not hold the input back. So where nobody
// can tell (mr_window_desc.in_pieces: what is behind the window has no other
// input), a firing is done in pieces: so many positions of state, then the next
// batch, then the next piece. What a piece is does not depend on the clock.
//
// What decides about records (which windows are open, what is late) has moved when
// the firing begins; the watermark of the window's results moves when it is whole,
// so the windows behind it see what they would have seen. What fires next in the
// same window waits for that, and so does a record that stops the pipeline.
//
// Where memory is scarce nothing waits: tables are given back as soon as may be.
//
//===--------------------------------------------------------------------------------------===//
#include "runtime/engine/state.h"

#include <algorithm>

using namespace millrace;

/// Where firings follow one another so soon that small pieces are not enough: that is better than all of the rest at
/// once.
static constexpr int64_t kMostHurry = 4;

bool mr_engine::anyUnderWay() const {
  return std::any_of(windows.begin(), windows.end(),
                     [](const WindowState &window) { return window.work.isUnderWay(); });
}

/// Does it get the results of `before`, be it through others?
static bool isBehind(const mr_engine &engine, const WindowState &window, const WindowState &before) {
  return std::any_of(window.desc->inputs, window.desc->inputs + window.desc->num_inputs, [&](mr_input_ref input) {
    if (!input.is_window)
      return false;
    const WindowState &one = engine.windows[input.index];
    return &one == &before || isBehind(engine, one, before);
  });
}

/// Does it wait for results of a window that are under way?
bool mr_engine::isBehindUnderWay(const WindowState &window) const {
  return std::any_of(windows.begin(), windows.end(), [&](const WindowState &before) {
    return before.work.isUnderWay() && isBehind(*this, window, before);
  });
}

/// The windows behind this one see its watermark.
bool mr_engine::advanceBehind(const WindowState &window) {
  for (WindowState &next : windows)
    if (&next > &window && isBehind(*this, next, window) && !advanceWindow(next))
      return false;
  return true;
}

bool mr_engine::runWhole(Work work) {
  while (work.isUnderWay()) {
    pieceLeft = INT64_MAX;
    work.resume();
  }
  return work.isGood();
}

/// The first piece of what fires, or all of it. Then the window's results have come up to `reaches`.
bool mr_engine::begin(WindowState &window, Work work, int64_t reaches) {
  window.work = std::move(work);
  window.reaches = reaches;
  bool isScarce = memory->budget && memory->bytes > memory->budget / 2;
  bool isShared = window.slices && !window.slices->store->isAlone(); // others are made of what it is in the midst of
  return goOn(window, !window.desc->in_pieces || isScarce || isShared);
}

/// A piece more, or all the rest.
bool mr_engine::goOn(WindowState &window, bool whole) {
  while (whole && window.slices && window.slices->store->firing && window.slices->store->firing != &window)
    if (!settle(*window.slices->store->firing)) // another one is in the middle of the same slices
      return false;
  do {
    pieceLeft = options.piece * window.hurry;
    window.work.resume();
  } while (whole && window.work.isUnderWay());
  if (window.work.isUnderWay())
    return !stopped;
  bool good = window.work.isGood();
  window.work = Work();
  window.outWatermark = std::max(window.outWatermark, window.reaches);
  return good && !stopped;
}

/// What fires next begins: what is under way comes to its end before.
bool mr_engine::settle(WindowState &window) {
  if (!window.work.isUnderWay())
    return true;
  window.hurry = std::min(window.hurry * 2, kMostHurry);
  return goOn(window, /*whole=*/true) && advanceBehind(window);
}

bool mr_engine::fireSome() {
  if (stopped)
    return false;
  for (WindowState &window : windows)
    if (window.work.isUnderWay() &&
        (!goOn(window, /*whole=*/false) || (!window.work.isUnderWay() && !advanceBehind(window))))
      return false;
  return true;
}

bool mr_engine::fireRest() {
  if (stopped)
    return false;
  for (WindowState &window : windows) // those behind it come later
    if (!settle(window))
      return false;
  return true;
}

bool mr_engine::halt(const std::string &message, int code) { return fireRest() && stop(code, message); }
