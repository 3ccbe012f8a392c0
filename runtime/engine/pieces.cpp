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
// same window waits for that, and so does a record, or another firing, that stops
// the pipeline.
//
// Where memory is scarce nothing waits: tables are given back as soon as may be.
//
//===--------------------------------------------------------------------------------------===//
#include "runtime/engine/state.h"

#include <algorithm>

using namespace millrace;

// Where firings follow one another so soon that small pieces are not enough, larger ones are better than all of the
// rest at once: from one firing to the next, and within one as the next comes nearer.
static constexpr uint64_t kFirstTurns = 64; ///< batches until the next firing, where nobody knows yet
static constexpr uint64_t kMostDoublings = 3;

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
  int64_t before = pieceLeft; // of what calls it
  while (work.isUnderWay()) {
    pieceLeft = INT64_MAX;
    work.resume();
  }
  pieceLeft = before;
  return work.isGood();
}

/// The first piece of what fires, or all of it. Then the window's results have come up to `reaches`.
bool mr_engine::begin(WindowState &window, Work work, int64_t reaches) {
  window.work = std::move(work);
  window.reaches = reaches;
  window.began = ++firings;
  window.turnsBefore = window.beganAt ? turnsTaken - window.beganAt + 1 : kFirstTurns;
  window.beganAt = turnsTaken + 1;
  window.spentBefore = std::max(std::exchange(window.spent, 0), std::exchange(window.expects, 0));
  bool isScarce = memory->budget && memory->bytes > memory->budget / 2;
  return goOn(window, !window.desc->in_pieces || isScarce);
}

/// The positions of the piece that comes next: as many as let it be whole, if it is as long as the last firing was,
/// when three quarters of the time are over that it had until the next one began. From then on pieces become larger.
int64_t mr_engine::pieceOf(const WindowState &window) const {
  uint64_t taken = turnsTaken + 1 - window.beganAt, quarter = std::max<uint64_t>(window.turnsBefore / 4, 1);
  uint64_t even = window.spentBefore / (3 * quarter) + 1;
  int64_t some = std::max(options.piece * window.hurry, int64_t(even));
  uint64_t late = window.spentBefore ? 2 : 0; // quarters without
  // What ends with each batch says nothing of when a million sessions end together, or as many records are due.
  return window.desc->fill || window.sessions || window.waiting
             ? some
             : some << std::min(taken / quarter - std::min(taken / quarter, late), kMostDoublings);
}

/// A piece more, or all the rest.
bool mr_engine::goOn(WindowState &window, bool whole) {
  while (whole && window.slices && window.slices->store->firing.front() != &window)
    if (!settle(*window.slices->store->firing.front())) // another one is in the middle of the same slices
      return false;
  do {
    int64_t before = pieceLeft, most = pieceLeft = pieceOf(window); // `before`: of what calls it
    window.runs = true;
    window.work.resume();
    window.runs = false;
    window.spent += uint64_t(most - std::exchange(pieceLeft, before));
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
  if (!window.work.isUnderWay() || window.runs) // what it is doing may be what fires
    return true;
  window.hurryUp();
  return goOn(window, /*whole=*/true) && advanceBehind(window);
}

bool mr_engine::fireSome() {
  if (stopped)
    return false;
  ++turnsTaken;
  for (WindowState &window : windows) {
    int64_t before = window.outWatermark;
    if (!window.work.isUnderWay())
      continue;
    if (!goOn(window, /*whole=*/false) || (window.outWatermark > before && !advanceBehind(window)))
      return false;
    if (!window.work.isUnderWay() && !followUp(window))
      return false;
  }
  return true;
}

/// Sessions that were under way are whole: what W has made due meanwhile follows, and the windows behind see how far
/// the results have come.
bool mr_engine::followUp(WindowState &window) {
  int64_t before = window.outWatermark;
  return !window.sessions || (advanceWindow(window) && (window.outWatermark == before || advanceBehind(window)));
}

bool mr_engine::fireRest() {
  if (stopped)
    return false;
  for (WindowState &window : windows) { // those behind it come later
    bool follows = window.work.isUnderWay() && !window.runs;
    if (!settle(window) || (follows && !(followUp(window) && settle(window))))
      return false;
  }
  return true;
}

/// What it makes due behind it belongs to it. (What began later has no rows of its own: it could only go on beside this
/// one as all sinks are behind this one.) Of windows whose turn comes before its own W had made more due.
bool mr_engine::fireBefore(const WindowState &failed) {
  uint64_t before = failed.work.isUnderWay() ? failed.began : UINT64_MAX, last = firings;
  for (WindowState &window : windows) {
    if (&window == &failed || !(window.began < before || window.began > last))
      continue;
    bool follows = window.work.isUnderWay() && !window.runs && &window < &failed && !failed.desc->in_pieces;
    if (!settle(window) || (follows && !(followUp(window) && settle(window))))
      return false;
  }
  return true;
}

bool mr_engine::halt(const std::string &message, int code) { return fireRest() && stop(code, message); }
