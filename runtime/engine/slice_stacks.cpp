//===- slice_stacks.cpp - sliding windows by two stacks ------------------------------------===//
//
// Where nothing can be taken away from a result, the slices of a window are two
// stacks (Tangwongsan, Hirzel, Schneider: Low-latency sliding-window aggregation in
// worst-case constant time, DEBS 2017): of the older ones the state of each suffix,
// to the end of the last of them; of the younger ones a running result. A window is the
// first suffix and the running result.
//
// When the older ones have all gone the younger ones have to be suffixes. If they became
// that all at once, a million keys would wait for sixty slices. So they turn, from the
// last to the first, while some of the older ones are left: as many of them with each
// window as let them be ready in time. Meanwhile windows are made of three parts:
//
//     suffixes of the older | turning: `between` is the state of all | running
//
// The first suffix takes `between` in when its window fires first.
//
//===----------------------------------------------------------------------------------------===//
#include "runtime/engine/slice_fire.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// Slices that turn with each window that fires. More: windows are made of three parts for a shorter time; fewer:
/// firings take equally long.
static constexpr size_t kTurnsAtOnce = 2;

/// The state of the window that ends at `end`.
Work SliceFiring::makeOfStacks(WideTime end) {
  size_t first = 0;
  while (first < reader.older && !reader.suffixes[first])
    ++first;
  if (first < reader.older && first >= reader.joined && reader.between) {
    if (!co_await combine(reader.suffixes[first], reader.between))
      co_return false;
    reader.joined = first + 1;
  }
  bool isSuffix = first < reader.older;
  mr_table *older = isSuffix ? reader.suffixes[first] : reader.between;
  if (!older) // all is in the running result
    co_return true;
  made = older;
  if (!reader.running)
    co_return true;
  if (!isSuffix || reader.times.lastEnd(reader.slice(first).start) > end) { // else no later window needs it
    made = reader.result = take();
    if (!co_await combine(made, older))
      co_return false;
  }
  co_return co_await combine(made, reader.running);
}

/// Records that came late for the `own`-th slice go to its suffix, which ends where the `until`-th slice begins. (The
/// first of those that have joined `between` is there: one before it takes that from it.)
Work SliceFiring::addToSuffix(WindowState &patched, size_t own, size_t until, mr_table *from) {
  SliceReader &its = *patched.slices;
  Combine adds = patched.desc->combine;
  if (its.suffixes[own])
    co_return co_await call(adds, its.suffixes[own], from);
  auto behind = its.suffixes.begin() + ptrdiff_t(until);
  auto next = std::find_if(its.suffixes.begin() + ptrdiff_t(own), behind, [](auto *table) { return table; });
  mr_table *rest = next == behind ? nullptr : *next;
  its.suffixes[own] = takeTable(engine, patched, /*large=*/true);
  co_return co_await call(adds, its.suffixes[own], from) && (!rest || co_await call(adds, its.suffixes[own], rest));
}

/// `from` came late for the `own`-th of the slices that are suffixes, or are turning.
Work SliceFiring::patchStacks(WindowState &patched, size_t own, mr_table *from) {
  SliceReader &its = *patched.slices;
  Combine adds = patched.desc->combine;
  bool isOlder = own < its.older;
  for (size_t i = 0; i < (isOlder ? own : its.joined); ++i)
    if (its.suffixes[i] && !co_await call(adds, its.suffixes[i], from))
      co_return false;
  if (isOlder)
    co_return co_await addToSuffix(patched, own, its.older, from);
  if (!co_await call(adds, its.between, from))
    co_return false;
  for (size_t i = its.unturned; i < own; ++i)
    if (its.suffixes[i] && !co_await call(adds, its.suffixes[i], from))
      co_return false;
  co_return own < its.unturned || co_await addToSuffix(patched, own, its.suffixes.size(), from); // else it turns later
}

/// The slice becomes a suffix; those behind it are.
Work SliceFiring::turnOne(size_t number) {
  auto next = std::find_if(reader.suffixes.begin() + ptrdiff_t(number), reader.suffixes.end(),
                           [](auto *table) { return table; });
  mr_table *rest = next == reader.suffixes.end() ? nullptr : *next;
  mr_table *&suffix = reader.suffixes[number];
  if (store.isAlone())
    suffix = std::exchange(reader.slice(number).table, nullptr);
  else if (suffix = take(); !co_await combine(suffix, reader.slice(number).table))
    co_return false;
  co_return !rest || co_await combine(suffix, rest);
}

/// How many slices turn before the first `gone` go behind the window that ends at `end`; nothing: all that are left, as
/// the next window needs their suffixes.
std::optional<size_t> SliceFiring::turnsBy(size_t gone, WideTime end) const {
  size_t first = std::max<size_t>(reader.older, 1);
  if (reader.between ? gone >= first : gone > reader.older)
    return std::nullopt;
  WideTime last = reader.times.lastEnd(reader.slice(first - 1).start); // of the windows that need none of them
  auto windows = size_t(std::max<WideTime>(last - end, 0) / std::max<int64_t>(desc.slide, 1)) + 1; // with this one
  size_t left = (reader.between ? reader.unturned : reader.added) - reader.older;
  bool begins = reader.between || left >= kTurnsAtOnce * windows;
  return begins ? (left + windows - 1) / windows : 0;
}

/// A window takes about three tables of all its keys: the first suffix is copied, the copy is fired and emptied. Where
/// slices turn, one more for each, and for the suffix that takes `between` in.
uint64_t SliceFiring::expected(WideTime end) const {
  constexpr uint64_t kAlways = 3;
  mr_table *younger = reader.between ? reader.between : reader.running;
  size_t turns = reader.added ? turnsBy(0, end).value_or(0) : 0;
  return turns && younger ? mr_table_capacity(younger) * (kAlways + 1 + turns) : 0;
}

Work SliceFiring::turn(size_t gone, WideTime end) {
  while (reader.added && (reader.between || reader.running)) {
    std::optional<size_t> some = turnsBy(gone, end);
    if (some == size_t(0))
      break;
    if (!reader.between) {
      reader.between = std::exchange(reader.running, nullptr);
      reader.unturned = reader.added;
      reader.suffixes.resize(reader.added, nullptr);
    }
    const size_t least = std::max(reader.older, gone);
    for (size_t left = some.value_or(SIZE_MAX); left && reader.unturned > least; --reader.unturned) {
      if (!reader.isMine(reader.unturned - 1))
        continue;
      if (!co_await turnOne(reader.unturned - 1))
        co_return false;
      --left;
    }
    if (some)
      break;
    reader.older = reader.unturned = reader.suffixes.size();
    reader.joined = 0;
    co_await leave(window, reader.between);
  }
  co_return true;
}
