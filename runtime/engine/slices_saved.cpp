//===- slices_saved.cpp - slices as saved state --------------------------------------------===//
//
// All that the operators keep which read the same slices is the state of the first
// of them: the slices, and what each has made of them. Numbers say what is where;
// a table is named by its place among those that are saved, from 1.
//
//===----------------------------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/snapshot.h"

#include <utility>

using namespace millrace;

namespace {

/// Times of slices lie within the years 0000 to 9999, or are an infinity of W.
int64_t narrow(WideTime time) {
  invariant(time >= INT64_MIN && time <= INT64_MAX, "what is saved of a time has 64 bits");
  return int64_t(time);
}

class Writer {
public:
  explicit Writer(SavedState &state) : state(state) {}

  void number(uint64_t value) { state.numbers.push_back(int64_t(value)); }
  void time(WideTime value) { state.numbers.push_back(narrow(value)); }
  void table(mr_table *table, uint32_t owner) {
    if (table)
      state.tables.push_back({int64_t(state.tables.size()), table, owner});
    number(table ? state.tables.size() : 0);
  }

private:
  SavedState &state;
};

/// Once something is missing all that is read is zero, and `good` is false.
class Reader {
public:
  explicit Reader(SavedState &state) : state(state) {}
  bool good = true;

  uint64_t number() {
    good = good && next < state.numbers.size();
    return good ? uint64_t(state.numbers[next++]) : 0;
  }
  int64_t time() { return int64_t(number()); }
  /// Each is taken once; the others stay in `state`.
  mr_table *table() {
    uint64_t place = number();
    good = good && place <= state.tables.size();
    return good && place ? std::exchange(state.tables[place - 1].table, nullptr) : nullptr;
  }
  bool atEnd() const { return next == state.numbers.size(); }

private:
  SavedState &state;
  size_t next = 0;
};

void saveReader(const mr_engine &engine, const WindowState &window, Writer &out) {
  const SliceReader &reader = *window.slices;
  out.number(reader.begin);
  out.number(reader.added);
  out.number(reader.suffixes.size());
  for (mr_table *table : reader.suffixes)
    out.table(table, reader.number);
  for (size_t number : {reader.older, reader.joined, reader.unturned})
    out.number(number);
  out.table(reader.between, reader.number);
  out.table(reader.running, reader.number);
  out.time(reader.runningEnd);
  out.time(reader.done);
  out.number(reader.keys);
  for (uint64_t count : {engine.heads[&window - engine.windows.data()].late, reader.counts.partlyLate,
                         reader.counts.inNoWindow, window.fired})
    out.number(count);
  out.table(window.known, reader.number); // of `fill`
  out.time(window.filledTo);
  out.time(window.lastStart);
}

void loadReader(mr_engine &engine, WindowState &window, Reader &in) {
  SliceReader &reader = *window.slices;
  size_t slices = reader.store->slices.size();
  reader.begin = in.number();
  reader.added = in.number();
  uint64_t suffixes = in.number();
  in.good &= reader.begin <= slices && reader.added <= slices - reader.begin && suffixes <= reader.added;
  for (; in.good && suffixes; --suffixes)
    reader.suffixes.push_back(in.table());
  reader.older = in.number();
  reader.joined = in.number();
  reader.unturned = in.number();
  reader.between = in.table();
  bool isTurning = reader.between != nullptr;
  in.good &= reader.joined <= reader.older && reader.older <= reader.unturned &&
             reader.unturned <= reader.suffixes.size() && isTurning == (reader.older < reader.suffixes.size());
  reader.running = in.table();
  reader.runningEnd = in.time();
  reader.done = in.time();
  reader.keys = in.number();
  for (uint64_t *count : {&engine.heads[&window - engine.windows.data()].late, &reader.counts.partlyLate,
                          &reader.counts.inNoWindow, &window.fired})
    *count = in.number();
  reader.countsBefore = reader.counts;
  window.known = in.table();
  window.filledTo = in.time();
  window.lastStart = in.time();
}

} // namespace

void millrace::saveSlices(const mr_engine &engine, const WindowState &first, SavedState &state) {
  const SliceStore &store = *first.slices->store;
  invariant(store.firing.empty() && store.waiting.empty() && !store.inHand,
            "slices are saved when no firing is under way");
  Writer out(state);
  out.number(store.readers.size());
  for (const WindowState *window : store.readers) // what `running` and `suffixes` are depends on it
    out.number(window->desc->algorithm);
  out.number(store.slices.size());
  for (const Slice &slice : store.slices) {
    for (WideTime time : {slice.start, slice.end, slice.firstEnd})
      out.time(time);
    out.number(slice.readers);
    out.number(slice.isCut);
    out.table(slice.table, 0);
    out.table(slice.patch, 0);
  }
  for (const WindowState *window : store.readers)
    saveReader(engine, *window, out);
}

bool millrace::loadSlices(mr_engine &engine, WindowState &first, SavedState &state, std::string &error) {
  SliceStore &store = *first.slices->store;
  invariant(store.slices.empty() && !store.patches, "slices are loaded into operators that have none");
  Reader in(state);
  bool isAlike = in.number() == store.readers.size();
  for (size_t i = 0; isAlike && i < store.readers.size(); ++i)
    isAlike = in.number() == store.readers[i]->desc->algorithm;
  if (!isAlike) {
    error = "is of slices that other windows read, or that are put together in another way";
    return false;
  }
  for (uint64_t left = in.number(); in.good && left; --left) {
    Slice &slice = store.slices.emplace_back();
    slice.start = in.time();
    slice.end = in.time();
    slice.firstEnd = in.time();
    slice.readers = in.number();
    slice.isCut = in.number() != 0;
    slice.table = in.table();
    slice.patch = in.table();
    store.patches += slice.patch != nullptr;
  }
  for (WindowState *window : store.readers)
    loadReader(engine, *window, in);
  if (!in.good || !in.atEnd())
    error = "does not say what its tables are of";
  return error.empty();
}
