//===- over.cpp - windows per record ------------------------------------------------===//
//
// Steps let records wait (mr_over_wait). When W has moved, those that it has
// passed go through what is generated for them, in the order of (timestamp,
// arrival): it keeps each in its key's slot and asks for the records of its
// window. What no later record can have in its window goes.
//
// Where nobody can tell when rows come, they come behind the batch, and if W leaps so
// that many are due at once, behind later ones, in pieces (pieces.cpp).
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/over.h"

#include "runtime/engine/state.h"
#include "runtime/state/byte_queue.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <cstring>
#include <utility>

using namespace millrace;

namespace {
constexpr size_t kChunk = size_t(64) << 10;
/// Memory goes back when less than one row of so many waits.
constexpr size_t kMostlyFree = 4;

template <typename T> T load(const uint8_t *from) {
  T value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}
template <typename T> void store(uint8_t *to, T value) { std::memcpy(to, &value, sizeof(value)); }

/// In as little memory as it needs. (`shrink_to_fit` does nothing in code without exceptions.)
template <typename T> void fit(StateVector<T> &values) {
  StateVector<T>(values.begin(), values.end(), values.get_allocator()).swap(values);
}

size_t chunkSize(const mr_over_desc &desc) { return std::max<size_t>(kChunk, desc.row_size); }
} // namespace

//===-- records that wait ---------------------------------------------------===//

WaitingRecords::WaitingRecords(const mr_over_desc &desc, StateAccount &account)
    : desc(desc), account(account), heap(account), chunks(account), fresh(account), queue(account), merged(account),
      stored(account) {
  texts.account = &account;
  head.lastTime = kMinusInfinity;
}

WaitingRecords::Pointer WaitingRecords::make(const mr_over_desc &desc, StateAccount &account) {
  return Pointer(new (account.takeAlways(sizeof(WaitingRecords))) WaitingRecords(desc, account), {&account});
}

WaitingRecords::~WaitingRecords() {
  texts.clear();
  for (uint8_t *chunk : chunks)
    account.give(chunk, chunkSize(desc));
}

uint8_t *WaitingRecords::take() {
  if (!head.free) {
    uint8_t *chunk = account.takeAlways(chunkSize(desc));
    chunks.push_back(chunk);
    size_t number = chunkSize(desc) / desc.row_size;
    for (uint8_t *row = chunk + (number - 1) * desc.row_size; row >= chunk; row -= desc.row_size) {
      store(row, head.free); // they are used as they lie
      head.free = row;
    }
  }
  uint8_t *row = head.free;
  head.free = load<uint8_t *>(row);
  return row;
}

static int64_t timeOf(const uint8_t *row) { return load<int64_t>(row); }

static WaitingEntry entryOf(uint8_t *row) { return {timeOf(row), load<uint64_t>(row + 8), row}; }

/// For one row more behind the queue. What has gone from it is used again where that is most of it.
void WaitingRecords::makeRoom() {
  constexpr size_t least = 64;
  size_t waiting = inOrder();
  if (waiting > queue.size() / 2) {
    StateVector<uint8_t *> larger(std::max(least, queue.size() * 2), nullptr, queue.get_allocator());
    std::copy(first, head.end, larger.begin());
    queue.swap(larger);
  } else if (queue.empty()) {
    queue.resize(least);
  } else {
    std::copy(first, head.end, queue.begin());
  }
  first = queue.data();
  head.end = first + waiting;
  head.room = first + queue.size();
}

void WaitingRecords::pushLate(const WaitingEntry &entry) {
  heap.push_back(entry);
  std::push_heap(heap.begin(), heap.end());
}

void WaitingRecords::pushLast(const WaitingEntry &entry) {
  if (head.end == head.room)
    makeRoom();
  *head.end++ = entry.row;
  head.lastTime = entry.time;
}

/// Records that come in order cost no search. One that is far ahead of all others is not waited for behind it.
void WaitingRecords::wait(const WaitingEntry &entry) {
  if (inOrder() == 0 || head.lastTime <= entry.time)
    return pushLast(entry);
  if (inOrder() > 1 && timeOf(head.end[-2]) > entry.time)
    return pushLate(entry);
  pushLate(entryOf(head.end[-1]));
  head.end[-1] = entry.row;
  head.lastTime = entry.time;
}

uint64_t WaitingRecords::size() const { return heap.size() + inOrder(); }

uint8_t *WaitingRecords::add(int64_t time) {
  uint8_t *row = take();
  store(row, time);
  store(row + 8, head.arrivals);
  wait({time, head.arrivals++, row});
  if (desc.num_texts)
    fresh.push_back(row);
  return row;
}

void WaitingRecords::settle() {
  for (uint8_t *row : fresh)
    for (uint32_t i = 0; i < desc.num_texts; ++i)
      if (auto text = load<mr_string>(row + desc.texts[i]); stringLength(text) > MR_STRING_INLINE)
        store(row + desc.texts[i], texts.keep(text)); // refused memory stops the pipeline
  fresh.clear();
}

int64_t WaitingRecords::leastTime() const {
  int64_t late = heap.empty() ? kPlusInfinity : heap.front().time;
  return inOrder() ? std::min(late, timeOf(*first)) : late;
}

/// The texts of a row that is due can be read where they are.
void WaitingRecords::readTexts(uint8_t *row) {
  for (uint32_t i = 0; i < desc.num_texts; ++i)
    if (auto text = load<mr_string>(row + desc.texts[i]); stringLength(text) > MR_STRING_INLINE) {
      stored.push_back(text);
      store(row + desc.texts[i], texts.text(text));
    }
}

uint8_t **WaitingRecords::firstAfter(int64_t watermark) const {
  return std::upper_bound(first, head.end, watermark,
                          [](int64_t watermark, const uint8_t *row) { return watermark < timeOf(row); });
}

/// The first one that waits, by (time, arrival), is due.
void WaitingRecords::takeFirst() {
  if (heap.empty() || (inOrder() && !(entryOf(*first) < heap.front()))) {
    merged.push_back(*first++);
    return;
  }
  merged.push_back(heap.front().row);
  std::pop_heap(heap.begin(), heap.end());
  heap.pop_back();
}

std::span<const uint8_t *const> WaitingRecords::takeDue(int64_t watermark, size_t most) {
  settle();
  merged.clear();
  auto isWhole = [&](size_t count, int64_t last) { return count >= most && leastTime() != last; };
  uint8_t **end = firstAfter(watermark);
  if (heap.empty() || heap.front().time > watermark) { // all of them are as they lie
    if (size_t(end - first) > most)
      end = std::min(end, firstAfter(timeOf(first[most - 1])));
    due = {first, end};
    first = end;
  } else {
    while (size() && leastTime() <= watermark && (merged.empty() || !isWhole(merged.size(), timeOf(merged.back()))))
      takeFirst();
    due = merged;
  }
  if (!inOrder())
    head.lastTime = kMinusInfinity;
  if (desc.num_texts)
    for (const uint8_t *row : due)
      readTexts(const_cast<uint8_t *>(row));
  return due;
}

void WaitingRecords::giveBack() {
  for (mr_string text : stored)
    texts.giveBack(text);
  stored.clear();
  for (size_t i = due.size(); i--;) { // so that they are used in this order again
    auto *row = const_cast<uint8_t *>(due[i]);
    store(row, head.free);
    head.free = row;
  }
  due = {};
  if (!inOrder())
    first = head.end = queue.data();
  size_t perChunk = chunkSize(desc) / desc.row_size;
  if (chunks.size() > 1 && fresh.empty() && size() < chunks.size() * perChunk / kMostlyFree)
    shrink();
}

/// What still waits moves to as little memory as it needs: each row once in a time in which many more came.
void WaitingRecords::shrink() {
  StateVector<uint8_t *> before(account);
  std::swap(before, chunks);
  head.free = nullptr;
  auto move = [&](uint8_t *row) {
    uint8_t *to = take();
    std::memcpy(to, row, desc.row_size);
    return to;
  };
  for (uint8_t **row = first; row != head.end; ++row)
    *row = move(*row);
  for (WaitingEntry &entry : heap)
    entry.row = move(entry.row);
  for (uint8_t *chunk : before)
    account.give(chunk, chunkSize(desc));
  StateVector<uint8_t *>(first, head.end, queue.get_allocator()).swap(queue);
  first = queue.data();
  head.end = head.room = first + queue.size();
  fit(heap);
  fit(fresh);
  fit(merged);
  fit(stored);
}

//===-- as W moves ------------------------------------------------------------===//

/// Some rows that W has passed go on: all of one time, and at most `most` if that may be. False: the pipeline stops.
bool mr_engine::releaseSome(WindowState &window, uint64_t &most) {
  const mr_over_desc &desc = *window.desc->over;
  mr_table *table = heads[&window - windows.data()].table;
  std::span<const uint8_t *const> due = window.waiting->takeDue(window.watermark, most);
  most = due.size();
  int64_t reached = load<int64_t>(due.back()); // no more are of that time
  task.firingSlot = nullptr;
  bool ok = runFiring(window, table,
                      [&](mr_cursor &cursor) { return desc.release(&task, table, due.data(), due.size(), &cursor); });
  window.waiting->giveBack();
  if (window.work.isUnderWay())
    window.outWatermark = std::max(window.outWatermark, reached);
  return ok;
}

/// What W has passed goes on, and behind it what W passes meanwhile. Operators behind the window see W where its rows
/// are.
Work mr_engine::releaseDue(WindowState &window) {
  constexpr uint64_t kAtOnce = 2048, kCost = 2; // rows; positions that are gone through in the time of one
  while (window.waiting->isDue(window.watermark)) {
    uint64_t some = uint64_t(std::clamp<int64_t>(pieceLeft / int64_t(kCost), 1, kAtOnce));
    if (!releaseSome(window, some))
      co_return false;
    co_await spend(some * kCost);
  }
  co_return true;
}

/// W moves on. What it has passed goes on behind later records where nobody can tell (pieces.cpp), and pieces grow if
/// more waits each time. False: the pipeline stops.
bool mr_engine::release(WindowState &window, int64_t watermark) {
  window.watermark = watermark;
  if (watermark != kPlusInfinity)
    window.lastFinite = watermark;
  uint64_t waiting = window.waiting->size(), before = std::exchange(window.waitingBefore, waiting);
  if (window.work.isUnderWay()) {
    window.reaches = watermark;
    if (waiting >= before)
      window.hurryUp();
    return true;
  }
  bool ok = true, isDue = window.waiting->isDue(watermark);
  window.fired += isDue;
  if (isDue && window.desc->in_pieces)
    return begin(window, releaseDue(window), watermark);
  if (uint64_t all = UINT64_MAX; isDue)
    ok = releaseSome(window, all);
  window.outWatermark = watermark;
  return ok;
}

/// Behind a batch: texts of records that wait are copied, and what W has passed goes on where that was not done before.
bool mr_engine::settleWaiting() {
  if (std::none_of(windows.begin(), windows.end(), [](const WindowState &window) { return bool(window.waiting); }))
    return true;
  // Where a record stops the pipeline, those before it have moved W all the same.
  bool wasStopped = std::exchange(stopped, false), ok = true;
  int code = exitCode;
  for (WindowState &window : windows) {
    if (!window.waiting)
      continue;
    window.waiting->settle();
    if (int64_t watermark = inputWatermark(window); ok && watermark > window.watermark)
      ok = release(window, watermark);
    ok = ok && (!wasStopped || settle(window));
  }
  ok = ok && keepsBudget();
  if (wasStopped) {
    stopped = true;
    exitCode = code;
  }
  return ok;
}

//===-- called by generated code ------------------------------------------------===//

extern "C" uint8_t *mr_over_wait(mr_task *task, uint32_t window, int64_t time) {
  return task->engine->windows[window].waiting->add(time);
}

namespace {
/// What is kept of the records in the window of a key.
struct KeptRows {
  const mr_over_desc &desc;
  mr_table *table;
  uint8_t *slot;

  KeptRows(mr_task *task, uint32_t window, uint8_t *slot)
      : desc(*task->engine->windows[window].desc->over), table(task->windows[window].table), slot(slot) {}

  mr_string rows() const { return load<mr_string>(slot + desc.rows_offset); }
  mr_string texts() const { return load<mr_string>(slot + desc.kept_texts_offset); }

  /// The first `number` rows go, with their texts.
  void drop(uint64_t number) {
    if (!number)
      return;
    QueuedBytes all = queuedBytes(table->texts, rows());
    uint64_t texts = 0;
    for (uint64_t i = 0; desc.num_kept_texts && i < number; ++i)
      for (uint32_t k = 0; k < desc.num_kept_texts; ++k)
        if (uint64_t length = stringLength(load<mr_string>(all.bytes + i * desc.kept_size + desc.kept_texts[k]));
            length > MR_STRING_INLINE)
          texts += length;
    dropBytes(table->texts, rows(), number * desc.kept_size);
    if (texts)
      dropBytes(table->texts, this->texts(), texts);
  }
};
} // namespace

extern "C" void mr_over_leave(mr_task *task, uint32_t window, uint8_t *slot, uint64_t rows) {
  KeptRows(task, window, slot).drop(rows);
}

extern "C" uint64_t mr_over_keep(mr_task *task, uint32_t window, uint8_t *slot, uint8_t *row) {
  KeptRows kept(task, window, slot);
  StringArena &texts = kept.table->texts;
  for (uint32_t i = 0; i < kept.desc.num_kept_texts; ++i) {
    auto text = load<mr_string>(row + kept.desc.kept_texts[i]);
    if (stringLength(text) <= MR_STRING_INLINE)
      continue;
    uint64_t place;
    mr_string queue =
        queueBytes(texts, kept.texts(), reinterpret_cast<const void *>(text.tail), stringLength(text), place);
    store(slot + kept.desc.kept_texts_offset, queue);
    if (place == kNoPlace)
      text = {0, 0}; // refused memory stops the pipeline; until then there is nothing to read, and nothing to drop
    else
      text.tail = place;
    store(row + kept.desc.kept_texts[i], text);
  }
  uint64_t place;
  store(slot + kept.desc.rows_offset, queueBytes(texts, kept.rows(), row, kept.desc.kept_size, place));
  if (place == kNoPlace) // refused: the place before all that are there, which mr_over_window tells as one before 0
    return queuedBytes(texts, kept.rows()).gone / kept.desc.kept_size - 1;
  return place / kept.desc.kept_size;
}

extern "C" uint8_t *mr_over_grow(mr_table *table, uint8_t *kept, uint32_t size) {
  uint64_t place;
  mr_string rows = roomInQueue(table->texts, load<mr_string>(kept), size, place);
  store(kept, rows);
  if (place == kNoPlace)
    return nullptr;
  QueuedBytes all = queuedBytes(table->texts, rows);
  return const_cast<uint8_t *>(all.bytes + all.size - size);
}

extern "C" mr_string mr_over_text(mr_task *task, uint32_t window, uint8_t *slot, mr_string text) {
  if (stringLength(text) <= MR_STRING_INLINE)
    return text;
  KeptRows kept(task, window, slot);
  QueuedBytes all = queuedBytes(kept.table->texts, kept.texts());
  invariant(text.tail >= all.gone && text.tail - all.gone + stringLength(text) <= all.size,
            "a text of a row in a window lies with its key");
  text.tail = reinterpret_cast<uint64_t>(all.bytes + (text.tail - all.gone));
  return text;
}
