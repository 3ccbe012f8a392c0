//===- fill.cpp - rows of windows without records ----------------------------------------===//
//
// `fill` (rule 12): from a key's first window on each window has a row of that key,
// up to the last one that W has passed, for W is never ahead of the greatest time
// seen unless the input says so; at the end of input also up to the last one in
// which any key has records. What is behind the window has the same W, so rows that
// came later than W would be late there. The keys so far are those of a
// table like the windows' own, with slots without state, which fires for windows
// without records. Of tumbling windows that fire once tables are arrays by the
// number of the key (decision 0015): they get the keys that they lack as marks.
// Where another layout is forced they lend their state to the table of all keys,
// which fires for them: a window's own table then is only as large as its records
// make it. Where state has parts beside its slot, or is the window's for longer,
// the window gets the keys that it lacks. That is no more work than their rows are.
//
// A key that comes first in a late record (rule 20) has its row there; from the next
// window on that comes to its end it is filled.
//
//===----------------------------------------------------------------------------------===//
#include "runtime/engine/errors.h"
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// Positions that are gone through in one go, and in the time of how many of them a key is found in another table.
static constexpr uint64_t kAtOnce = 1024, kCost = 2;

/// The first position in use from `position` on; `end` if there is none. Of each row that a window has this is asked
/// twice, so it looks at the slots themselves.
static uint64_t nextInUse(mr_table *table, uint64_t position) {
  constexpr uint64_t kPage = uint64_t(1) << MR_STATE_PAGE_BITS;
  const uint32_t size = table->desc->slot_size;
  const bool isArray = tableIsArray(*table->desc);
  for (; position < table->end; ++position) {
    if (((position * size) & (kPage - 1)) < size && // pages that nobody has touched are empty
        (position = mr_table_next(table, position, size)) >= table->end)
      break;
    if (isArray ? tableInUse(table, position) : table->tagAt(table->now, position) != 0)
      return position;
  }
  return table->end;
}

/// Goes to the keys of a table and finds them in another one.
class KeyWalk {
public:
  KeyWalk(mr_table *from, mr_table *into)
      : from(from), into(into), key(from->desc->key_words + 2 * from->desc->key_strings + 1) {}

  uint64_t next(uint64_t position) const { return nextInUse(from, position); }
  /// The same as `find`, where the key is one that can be told by its bytes alone and is there.
  uint8_t *alike(uint64_t position) const {
    const mr_table_desc &desc = *from->desc;
    if (tableIsArray(desc))
      return position < into->reach && tableInUse(into, position) ? into->slotAt(position) : nullptr;
    if (desc.key_strings || into->old.slots || position > from->now.mask)
      return nullptr;
    const bool isPacked = desc.layout == MR_LAYOUT_PACKED;
    const uint64_t mask = into->now.mask, mine = from->tagAt(from->now, position), hash = from->homeOf(mine);
    auto isSame = [&](uint64_t at, uint64_t other) {
      return isPacked ? other == mine
                      : tagOf(other) == tagOf(mine) &&
                            std::memcmp(into->slotAt(at) + 8, from->slotAt(position) + 8, 8 * desc.key_words) == 0;
    };
    for (uint64_t at = hash & mask;; at = (at + 1) & mask) {
      uint64_t other = into->tagAt(into->now, at);
      if (!other)
        return nullptr;
      if (isSame(at, other))
        return into->slotAt(at);
    }
  }
  /// The slot of the key at a position in use, made if it is new there; one of no key where memory is refused.
  uint8_t *find(uint64_t position) {
    if (from->desc->layout == MR_LAYOUT_PACKED && position <= from->now.mask) { // the others are not keys of their own
      uint64_t word = mr_packed_key(from, position, from->desc->slot_size);
      uint8_t *slot = mr_packed_upsert(into, mr_packed_hash(word), word, from->desc->slot_size);
      into->touch(slot);
      return slot;
    }
    tableKey(from, position, key.data());
    return tableUpsert(into, key.data());
  }

private:
  mr_table *from, *into;
  std::vector<uint64_t> key;
};

/// A slot is there for the key, though nothing is in it.
static void occupy(const WindowState &window, mr_table *table, uint8_t *slot) {
  window.kept ? window.kept->occupy(table, slot) : tableOccupy(*table->desc, slot);
}

static Work settleSome(mr_engine &engine, mr_table *table) {
  while (!tableSettleSome(table, kAtOnce))
    co_await engine.spend(kAtOnce);
  tableSettle(table);
  co_return true;
}

/// All keys of `from` are in `into`.
Work mr_engine::addKeys(const WindowState &window, mr_table *from, mr_table *into) {
  KeyWalk keys(from, into);
  co_await settleSome(*this, from);
  uint64_t added = 0;
  for (uint64_t i = keys.next(0); i < from->end; i = keys.next(i + 1)) {
    occupy(window, into, keys.find(i));
    if (++added % kAtOnce)
      continue;
    if (!keepsBudget())
      co_return false;
    co_await spend(kAtOnce * kCost);
  }
  co_await settleSome(*this, into);
  co_return keepsBudget();
}

bool mr_engine::fillsUpTo(const WindowState &window, WideTime start, WideTime end, int64_t watermark) const {
  if (watermark == kPlusInfinity)
    return start <= window.lastStart;
  return end - 1 <= watermark && end <= kMaxTime; // a window that leaves the years is none (rule 1)
}

static mr_table *newTable(mr_engine &engine, const WindowState &window, uint64_t keys) {
  return tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary, keys);
}

static mr_table *knownOf(mr_engine &engine, WindowState &window) {
  if (!window.known) {
    window.known = newTable(engine, window, 0);
    if (!tableIsArray(window.desc->table))
      window.known->makeTight(); // all of it fires, again and again
  }
  return window.known;
}

Work mr_engine::fillKeys(WindowState &window, mr_table *table, WideTime end) {
  mr_table *known = knownOf(*this, window);
  if (!co_await addKeys(window, table, known) || !co_await addKeys(window, known, table))
    co_return false;
  window.filledTo = end;
  co_return true;
}

void mr_engine::learnKey(WindowState &window, mr_table *table, uint64_t position) {
  if (!window.known) // the first key there is: windows that W has passed are without it
    window.filledTo = window.kept->times.endUpTo(WideTime(window.watermark) + 1);
  mr_table *known = knownOf(*this, window);
  occupy(window, known, KeyWalk(table, known).find(position));
}

//===-- windows that fire once -----------------------------------------------------------------===//

/// Has a slot's state nothing elsewhere, so that it can be copied?
static bool isInSlots(const mr_table_desc &desc) {
  return std::none_of(desc.pieces, desc.pieces + desc.num_pieces,
                      [](const mr_piece_desc &piece) { return piece.kind == MR_PIECE_STRING; });
}

/// Where state lies in a slot: behind the key, and in the lower half of the word that an inline key's slot begins with.
class SlotState {
public:
  explicit SlotState(const mr_table_desc &desc)
      : low(desc.layout == MR_LAYOUT_INLINE ? sizeof(uint32_t) : 0), offset(offsetOf(desc)),
        size(desc.slot_size - offset) {}

  void copy(uint8_t *to, const uint8_t *from) const {
    std::memcpy(to, from, low);
    std::memcpy(to + offset, from + offset, size);
  }
  void clear(uint8_t *slot) const {
    std::memset(slot, 0, low);
    std::memset(slot + offset, 0, size);
  }

private:
  static uint32_t offsetOf(const mr_table_desc &desc) {
    uint32_t words = desc.layout == MR_LAYOUT_PACKED   ? 1
                     : desc.layout == MR_LAYOUT_INLINE ? 1 + desc.key_words + 2 * desc.key_strings
                                                       : 0;
    return words * uint32_t(sizeof(uint64_t));
  }

  uint32_t low, offset, size;
};

/// Where state was lent to: as long as no key has come since, else it may be anywhere.
struct Lent {
  std::vector<uint32_t> positions;
  bool isAnywhere = false;
};

/// What `from` has of its keys goes to the slots of all keys, which are without state.
static Work lend(mr_engine &engine, mr_table *from, mr_table *known, Lent &to) {
  KeyWalk keys(from, known);
  SlotState state(*from->desc);
  co_await settleSome(engine, from);
  co_await settleSome(engine, known);
  const uint64_t changes = known->changes;
  to.positions.reserve(tableCount(from));
  uint64_t lent = 0;
  for (uint64_t i = keys.next(0); i < from->end; i = keys.next(i + 1)) {
    uint8_t *slot = keys.alike(i);
    slot = slot ? slot : keys.find(i);
    state.copy(slot, from->slotAt(i));
    known->touch(slot);
    to.positions.push_back(uint32_t(known->positionOf(slot)));
    if (from->now.cold)
      if (uint8_t *cold = known->coldOf(slot))
        std::memcpy(cold, from->now.cold + i * from->desc->cold_size, from->desc->cold_size);
    if (++lent % kAtOnce)
      continue;
    if (!engine.keepsBudget())
      co_return false;
    co_await engine.spend(kAtOnce * kCost);
  }
  co_await settleSome(engine, known);
  to.isAnywhere = known->changes != changes;
  co_return engine.keepsBudget();
}

/// All keys are without state again.
static Work takeBack(mr_engine &engine, mr_table *known, Lent &lent) {
  const mr_table_desc &desc = *known->desc;
  SlotState state(desc);
  auto clear = [&](uint64_t position) {
    uint8_t *slot = known->slotAt(position);
    state.clear(slot);
    tableOccupy(desc, slot);
    known->touch(slot);
    if (known->now.cold)
      std::memset(known->now.cold + position * desc.cold_size, 0, desc.cold_size);
  };
  if (lent.isAnywhere) {
    lent.positions.clear();
    for (uint64_t i = nextInUse(known, 0); i < known->end; i = nextInUse(known, i + 1))
      lent.positions.push_back(uint32_t(i));
  }
  uint64_t cleared = 0;
  for (uint32_t position : lent.positions) {
    clear(position);
    if (++cleared % kAtOnce == 0)
      co_await engine.spend(kAtOnce);
  }
  co_return true;
}

/// A window with records that lends them to all keys.
static Work fireLent(mr_engine &engine, WindowState &window, Pane pane, int64_t end) {
  mr_table *known = knownOf(engine, window);
  Lent lent;
  if (!co_await lend(engine, pane.table, known, lent))
    co_return false;
  window.keys = tableCount(pane.table);
  co_return co_await engine.firePane(window, {pane.start, known}, end, end - 1, 1) &&
      co_await takeBack(engine, known, lent);
}

/// Arrays by position: a key that is in use in one of them from `begin` to `end` is in use in both.
static void uniteSome(mr_table *a, mr_table *b, uint64_t begin, uint64_t end) {
  const mr_table_desc &desc = *a->desc;
  const uint64_t size = desc.slot_size, bit = uint64_t(1) << desc.occupied_bit;
  auto isTouched = [&](uint64_t page) { return a->now.touched[page] || b->now.touched[page]; };
  auto use = [&](mr_table *table, uint8_t *slot, uint64_t word) {
    word |= bit;
    std::memcpy(slot + desc.occupied_offset, &word, sizeof(word));
    table->touch(slot);
  };
  for (uint64_t i = begin; i < end; ++i) {
    if (uint64_t page = i * size >> MR_STATE_PAGE_BITS; !isTouched(page)) {
      i = (((page + 1) << MR_STATE_PAGE_BITS) - 1) / size; // the last slot that begins in it
      continue;
    }
    uint64_t ofA, ofB;
    std::memcpy(&ofA, a->slotAt(i) + desc.occupied_offset, sizeof(ofA));
    std::memcpy(&ofB, b->slotAt(i) + desc.occupied_offset, sizeof(ofB));
    if ((ofA ^ ofB) & bit)
      ofA &bit ? use(b, b->slotAt(i), ofB) : use(a, a->slotAt(i), ofA);
  }
}

/// A window whose table is an array: that gets all keys.
static Work fireArray(mr_engine &engine, WindowState &window, Pane pane, int64_t end) {
  mr_table *known = knownOf(engine, window), *table = pane.table;
  for (auto [less, more] : {std::pair(known, table), std::pair(table, known)})
    if (less->reach < more->reach && less->reachArray(more->reach)) // refused memory stops the pipeline
      less->reach = less->end = more->reach;
  if (!engine.keepsBudget())
    co_return false;
  const uint64_t positions = std::min(known->reach, table->reach);
  for (uint64_t begin = 0; begin < positions; begin += kAtOnce) {
    uniteSome(known, table, begin, std::min(begin + kAtOnce, positions));
    co_await engine.spend(kAtOnce / 4);
  }
  co_return co_await engine.firePane(window, pane, end, end - 1, 1);
}

/// One whose state has parts elsewhere.
static Work fireWithAll(mr_engine &engine, WindowState &window, Pane pane, int64_t end) {
  co_return co_await engine.fillKeys(window, pane.table, end) &&
      co_await engine.firePane(window, pane, end, end - 1, 1);
}

/// The windows that end by `fillTo`, which moves on while they fire. What is behind them sees W pass each of them.
Work mr_engine::fireDueFilled(WindowState &window) {
  const mr_window_desc &desc = *window.desc;
  bool isArray = tableIsArray(desc.table) && desc.table.occupied_bit != 255, lends = isInSlots(desc.table);
  while (window.known || !window.due.empty()) {
    WideTime start = window.known ? window.filledTo : WideTime(window.due.front().start), end = start + desc.size;
    if (!fillsUpTo(window, start, end, window.fillTo))
      break;
    window.filledTo = end;
    if (window.due.empty() || window.due.front().start != start) {
      if (!co_await firePane(window, {int64_t(start), window.known}, int64_t(end), int64_t(end - 1), 1))
        co_return false;
    } else {
      Pane pane = window.due.front();
      if (!(isArray ? co_await fireArray(*this, window, pane, int64_t(end))
            : lends ? co_await fireLent(*this, window, pane, int64_t(end))
                    : co_await fireWithAll(*this, window, pane, int64_t(end))))
        co_return false;
      window.due.erase(window.due.begin());
      co_await leave(OwnTable(pane.table), window);
    }
    window.outWatermark = std::max(window.outWatermark, int64_t(end - 1));
  }
  co_return true;
}

/// A long jump of W lets many windows fire: what W makes due while they do comes behind them. Pieces become larger if
/// there is more of it each time.
bool mr_engine::fireFilled(WindowState &window, int64_t watermark) {
  std::vector<Pane> &panes = window.panes;
  if (!panes.empty())
    window.lastStart = std::max<WideTime>(window.lastStart, panes.back().start);
  auto isDue = [&](const Pane &pane) {
    return fillsUpTo(window, pane.start, pane.start + window.desc->size, watermark);
  };
  auto after = std::find_if_not(panes.begin(), panes.end(), isDue);
  window.due.insert(window.due.end(), panes.begin(), after);
  panes.erase(panes.begin(), after);
  window.fillTo = std::max(window.fillTo, watermark);
  bool isUnderWay = window.work.isUnderWay();
  if (!isUnderWay && !window.known && window.due.empty())
    return true;
  WideTime next = window.known         ? window.filledTo
                  : window.due.empty() ? WideTime(window.fillTo)
                                       : WideTime(window.due.front().start);
  WideTime left = window.fillTo - next, before = std::exchange(window.fillLeft, left);
  if (isUnderWay && left >= before)
    window.hurryUp();
  return isUnderWay || !fillsUpTo(window, next, next + window.desc->size, watermark) ||
         begin(window, fireDueFilled(window), watermark);
}
