//===- expire.cpp - keys whose time-to-live is over ------------------------------------===//
//
// A key is gone when W >= the time it was written last + its time-to-live (rule
// 35). Generated code sees to that for a key that comes again, exactly, by the W
// of that record. Here the others go, in the order of time, so that their memory
// is used again and, where asked for, a delete row tells of each.
//
// A timer is armed when a key is new and not moved when it is written: one that
// comes too early is armed again. Keys go in pieces, between batches, so that a
// million of them do not hold the input back; that cannot be seen, because a key
// that is due and still there counts as gone, and rows have an order per key only.
//
// At the end of input W goes to +∞, but no key expires by that: state ends there,
// it is not deleted.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <cstring>

using namespace millrace;

namespace {

/// Timers that are looked at before input goes on, twice as many as a batch can bring. Each costs a look-up in memory
/// that is not in the caches: one or two milliseconds in all. So many at once are noted, so that the notes are small.
constexpr uint64_t kLookedAt = 2 * kMaxBatch, kAtOnce = 512;

/// Look-ups ahead of the one in hand for which the memory is asked.
constexpr size_t kAhead = 16;

bool isArray(const mr_table *table) {
  return table->desc->layout == MR_LAYOUT_DENSE || table->desc->layout == MR_LAYOUT_BY_ID;
}

/// Asks for the memory that tableFind will look at first.
void prefetch(const mr_table *table, uint64_t token) {
  __builtin_prefetch(table->slotAt(isArray(table) ? token : token & table->now.mask), 1);
}

} // namespace

/// The slot holds its time with the top bit turned, zero is none.
int64_t Expiry::dueOf(const mr_window_desc &desc, const uint8_t *slot) {
  invariant(desc.table.time_offset >= 0, "state with a time-to-live has its keys' times");
  int64_t time, due;
  std::memcpy(&time, slot + desc.table.time_offset, sizeof(time));
  time = int64_t(uint64_t(time) ^ uint64_t(1) << 63);
  return __builtin_add_overflow(time, desc.ttl, &due) ? kPlusInfinity : due;
}

void Expiry::armAll(const mr_window_desc &desc, mr_table *table, int64_t savedWatermark) {
  invariant(wheel.size() == 0, "timers are armed once");
  watermark = savedWatermark;
  tableSettle(table);
  for (uint64_t i = mr_table_next(table, 0, desc.table.slot_size); i < mr_table_capacity(table);
       i = mr_table_next(table, i + 1, desc.table.slot_size)) {
    if (!tableInUse(table, i))
      continue;
    int64_t due = dueOf(desc, table->slotAt(i));
    wheel.add({due, tableToken(table, i)}); // refused memory stops the pipeline
    behind |= due <= watermark;
  }
}

/// W as it is now, for what expires; +∞ does not count.
void mr_engine::noteWatermarks() {
  for (WindowState &window : windows)
    if (window.expiry)
      // Records that wait still have their windows.
      if (int64_t watermark =
              window.waiting ? std::min(window.outWatermark, window.lastFinite) : inputWatermark(window);
          watermark != kPlusInfinity && watermark > window.expiry->watermark) {
        window.expiry->watermark = watermark;
        window.expiry->behind = true;
      }
}

bool mr_engine::anyBehind() const {
  return std::any_of(windows.begin(), windows.end(),
                     [](const WindowState &window) { return window.expiry && window.expiry->behind; });
}

bool mr_engine::expire(bool all) {
  noteWatermarks();
  for (WindowState &window : windows)
    while (window.expiry && window.expiry->behind) {
      if (!expirePiece(window))
        return false;
      if (!all)
        break;
      if (givenUp())
        return stop(kInterrupted, "error: interrupted while keys of `" + std::string(window.desc->name) +
                                      "` expired: not all of their delete rows were written");
    }
  return true;
}

/// Notes which keys of this token are gone. Returns when a timer is due again that is due now; +∞: it is not needed.
///
/// Keys of one hash are found by each other's timers. So that there are as many timers as keys, one for each key that
/// goes is not armed again, whichever it was.
static int64_t nextDue(Expiry &expiry, const mr_window_desc &desc, mr_table *table, uint64_t token) {
  if (!expiry.alike.empty())
    if (auto at = expiry.alike.find(token); at != expiry.alike.end()) {
      Alike &alike = at->second;
      if (alike.spare) {
        --alike.spare;
        return kPlusInfinity;
      }
      if (alike.piece == expiry.piece) // what is gone is noted
        return alike.next;
    }
  expiry.found.clear();
  tableFind(table, token, expiry.found);
  int64_t next = kPlusInfinity;
  uint64_t before = expiry.gone.size();
  for (uint64_t position : expiry.found) {
    int64_t due = Expiry::dueOf(desc, table->slotAt(position));
    if (due <= expiry.watermark)
      expiry.gone.push_back(position);
    else
      next = std::min(next, due);
  }
  if (expiry.found.size() <= 1)
    return next;
  uint64_t gone = expiry.gone.size() - before;
  expiry.alike[token] = {gone ? gone - 1 : 0, next, expiry.piece};
  return gone ? kPlusInfinity : next;
}

/// Lets a piece of what is due go.
bool mr_engine::expirePiece(WindowState &window) {
  for (uint64_t looked = 0; window.expiry->behind && looked < kLookedAt; looked += kAtOnce)
    if (!expireSome(window))
      return false;
  return true;
}

bool mr_engine::expireSome(WindowState &window) {
  Expiry &expiry = *window.expiry;
  const mr_window_desc &desc = *window.desc;
  mr_table *table = heads[&window - windows.data()].table;
  expiry.due.clear();
  expiry.gone.clear();
  expiry.behind = !expiry.wheel.advance(expiry.watermark, kAtOnce, expiry.due);
  ++expiry.piece;
  for (size_t i = 0; i < expiry.due.size(); ++i) {
    if (i + kAhead < expiry.due.size())
      prefetch(table, expiry.due[i + kAhead].token);
    if (int64_t next = nextDue(expiry, desc, table, expiry.due[i].token); next != kPlusInfinity)
      expiry.wheel.add({next, expiry.due[i].token}); // refused memory stops the pipeline
  }
  if (!expiry.behind && !expiry.alike.empty())
    expiry.alike = Expiry::AlikeMap(expiry.alike.get_allocator());
  if (expiry.gone.empty())
    return true;
  std::sort(expiry.gone.begin(), expiry.gone.end());
  expiry.gone.erase(std::unique(expiry.gone.begin(), expiry.gone.end()), expiry.gone.end());
  expiry.expired += expiry.gone.size();
  if (desc.expire && !writeDeletes(window, table))
    return false;
  tableEraseAll(table, expiry.gone);
  return true;
}

/// Delete rows for the keys that go.
bool mr_engine::writeDeletes(const WindowState &window, mr_table *table) {
  const StateVector<uint64_t> &gone = window.expiry->gone;
  mr_cursor cursor = {0, 0};
  while (window.desc->expire(&task, table, gone.data(), gone.size(), &cursor) == MR_MORE)
    if (bool wasStopped = stopped; !drain() && !wasStopped)
      return false;
  return true;
}

/// Called by generated code: the slot's key is new in an operator with time-to-live, and has its time.
extern "C" void mr_arm(mr_task *task, uint32_t index, const uint8_t *slot) {
  WindowState &window = task->engine->windows[index];
  const mr_table *table = task->windows[index].table;
  if (slot == table->noSlot()) // memory is refused already
    return;
  Expiry &expiry = *window.expiry;
  int64_t due = Expiry::dueOf(*window.desc, slot);
  expiry.wheel.add({due, tableToken(table, table->positionOf(slot))});
  expiry.behind |= due <= expiry.watermark; // of a late record: W need not move for it
}
