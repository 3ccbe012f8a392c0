//===- table_order.cpp - slots in the order of their keys -----------------===//
//
// Rows of one firing count as arriving in the order of their keys (rule 10). Of a
// million of them nobody waits for all at once: short runs are sorted, and merged
// two by two, as many entries at a time as the caller says.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/table_order.h"

#include "runtime/state/invariant.h"
#include "runtime/state/key_order.h"
#include "runtime/state/layouts.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr uint64_t kRun = 4096;            ///< entries that are sorted at once
constexpr uint64_t kMergedPerPosition = 4; ///< entries that are merged in the time of a look at a slot

/// Are packed words in the order of the keys they were made of? So if no field is a float.
bool packsInOrder(const mr_table_desc &desc) {
  for (uint32_t i = 0; i < desc.num_keys; ++i)
    if (uint8_t type = desc.key_types[i] & ~MR_KEY_NULLABLE; type == MR_F32 || type == MR_F64)
      return false;
  return true;
}

} // namespace

template <typename T> bool TableOrder::Room<T>::take(uint64_t count) {
  bytes = (count + 1) * sizeof(T);
  all = reinterpret_cast<T *>(account.take(bytes));
  return all;
}

TableOrder::TableOrder(mr_table &table, const mr_top_desc *top)
    : table(table), top(top), all(tableCount(&table)), among(top && !top->groups ? top->limit : all),
      entries(*table.account), merged(*table.account), keys(*table.account) {
  begin();
}

TableOrder::TableOrder(mr_table &table, uint64_t *positions, uint64_t number)
    : table(table), top(nullptr), given(positions), all(number), among(number), entries(*table.account),
      merged(*table.account), keys(*table.account) {
  begin();
}

void TableOrder::begin() {
  invariant(!table.old.slots, "a table that is put in order is settled");
  const mr_table_desc &desc = *table.desc;
  if (layoutOf(desc).inKeyOrder)
    by = By::Position;
  else if (desc.layout == MR_LAYOUT_PACKED)
    by = packsInOrder(desc) ? By::PackedWord : By::NormalKey;
  if (!entries.take(all) || (by == By::NormalKey && !keys.take(all * desc.key_words)))
    refuse();
}

void TableOrder::refuse() {
  phase = Phase::Done;
  good = false;
  if (!given)
    table.orderCount = 0;
}

template <typename Function> void TableOrder::withLess(Function use) const {
  if (by == By::Position)
    return use([](const Entry &a, const Entry &b) { return a.position < b.position; });
  if (by == By::PackedWord)
    return use([this](const Entry &a, const Entry &b) {
      bool nullA = mr_packed_is_null(&table, a.position), nullB = mr_packed_is_null(&table, b.position);
      return nullA != nullB ? nullB : a.first < b.first;
    });
  SlotKeys in(&table, top);
  if (by == By::NormalKey)
    return use([&](const Entry &a, const Entry &b) {
      uint64_t words = table.desc->key_words;
      return in.less(keys.all + a.first * words, keys.all + b.first * words);
    });
  use([&](const Entry &a, const Entry &b) {
    return a.first != b.first ? a.first < b.first : in.less(in.at(a.position), in.at(b.position));
  });
}

bool TableOrder::some(uint64_t positions) {
  switch (phase) {
  case Phase::Gather:
    gather(positions);
    return false;
  case Phase::Sort:
    sortRun();
    return false;
  case Phase::Merge:
    merge(positions > ~uint64_t(0) / kMergedPerPosition ? positions : positions * kMergedPerPosition);
    return false;
  case Phase::Cut:
    cut(positions);
    return false;
  case Phase::Write:
    write(positions);
    return phase == Phase::Done;
  case Phase::Done:
    return true;
  }
  return true;
}

//===-- gather -------------------------------------------------------------===//

void TableOrder::add(const SlotKeys &in, uint64_t position) {
  const mr_table_desc &desc = *table.desc;
  uint64_t first = 0;
  if (by == By::PackedWord) {
    first = mr_packed_key(&table, position, desc.slot_size);
  } else if (by == By::NormalKey) {
    first = count;
    tableKey(&table, position, keys.all + count * desc.key_words);
  } else if (by == By::SlotKey && desc.num_keys) {
    first = in.firstRank(in.at(position));
  }
  entries.all[count++] = {first, position};
}

void TableOrder::gather(uint64_t most) {
  const LayoutRow &layout = layoutOf(*table.desc);
  SlotKeys in(&table, top);
  uint32_t size = table.desc->slot_size;
  for (; given && next < all && most; ++next, --most)
    add(in, given[next]);
  uint64_t end = given ? all : table.end;
  for (; !given && (next = mr_table_next(&table, next, size)) < end && most; ++next, --most) {
    if (!layout.inUse(table, next))
      continue;
    invariant(count < all, "as many slots are in use as there are keys");
    add(in, next);
    if (among < all / 4 && count >= 2 * among + kRun) // mostly few of many
      keepLeast();
  }
  if (next < end)
    return;
  if (among < count)
    keepLeast();
  phase = Phase::Sort;
  next = 0;
}

/// Of the entries those that may be among the least stay: as many as are asked for, and what is as good as the last of
/// them so far as the first field tells.
void TableOrder::keepLeast() {
  Entry *all = entries.all;
  std::nth_element(all, all + among - 1, all + count, [](const Entry &a, const Entry &b) { return a.first < b.first; });
  uint64_t last = all[among - 1].first;
  count =
      uint64_t(std::partition(all + among, all + count, [&](const Entry &entry) { return entry.first == last; }) - all);
}

//===-- sort and merge ------------------------------------------------------===//

void TableOrder::sortRun() {
  uint64_t end = std::min(next + kRun, count);
  withLess([&](auto less) { std::sort(entries.all + next, entries.all + end, less); });
  if (next = end; next < count)
    return;
  width = kRun;
  if (width < count && !merged.take(count))
    return refuse();
  made = left = 0;
  right = width;
  phase = Phase::Merge;
}

/// Goes on with the two runs in hand: `left` and `right` are what comes next of them, `made` entries of the pass are
/// there.
void TableOrder::merge(uint64_t most) {
  while (width < count && most) {
    uint64_t begin = made == count ? 0 : (made / (2 * width)) * 2 * width;
    uint64_t middle = std::min(begin + width, count), end = std::min(middle + width, count);
    withLess([&](auto less) {
      for (; most && left < middle && right < end; --most) {
        bool takesRight = less(entries.all[right], entries.all[left]);
        merged.all[made++] = entries.all[takesRight ? right++ : left++];
      }
    });
    for (; most && left < middle && right == end; --most)
      merged.all[made++] = entries.all[left++];
    for (; most && right < end && left == middle; --most)
      merged.all[made++] = entries.all[right++];
    if (made < end)
      return;
    left = end;
    right = std::min(end + width, count);
    if (made < count)
      continue;
    entries.swap(merged);
    width *= 2;
    made = left = 0;
    right = std::min(width, count);
  }
  if (width < count)
    return;
  next = made = 0;
  phase = Phase::Cut;
}

//===-- the best of each group, and the end -----------------------------------===//

/// Of each group only the first stay, and with ties what is equal to the last of these.
void TableOrder::cut(uint64_t most) {
  SlotKeys in(&table, top);
  for (; top && next < count && most; ++next, --most) {
    const uint64_t *key = in.at(entries.all[next].position);
    if (!before || in.compare(before, key, top->groups))
      taken = 0;
    before = key;
    if (taken < top->limit) {
      ++taken;
      last = key;
    } else if (!top->ties || in.compare(last, key, table.desc->num_keys - 1)) { // but for the arrival
      continue;
    }
    entries.all[made++] = entries.all[next];
  }
  if (top && next < count)
    return;
  count = top ? made : count;
  if (!given && !beginWrite())
    return refuse();
  next = 0;
  phase = Phase::Write;
}

bool TableOrder::beginWrite() {
  if (table.order)
    table.account->give(reinterpret_cast<uint8_t *>(table.order), table.orderBytes);
  table.orderCount = 0;
  table.orderBytes = (count + 1) * sizeof(uint64_t);
  table.order = reinterpret_cast<uint64_t *>(table.account->take(table.orderBytes));
  table.orderChanges = table.changes - 1; // nobody takes it for whole
  return table.order;
}

void TableOrder::write(uint64_t most) {
  uint64_t *to = given ? given : table.order;
  for (; next < count && most; ++next, --most)
    to[next] = entries.all[next].position;
  if (next < count)
    return;
  if (!given) {
    table.orderCount = count;
    table.orderChanges = table.changes;
  }
  phase = Phase::Done;
}

//===-- at once -----------------------------------------------------------===//

static bool finish(TableOrder order) {
  while (!order.some(~uint64_t(0)))
    ;
  return order.isGood();
}

bool millrace::tableSort(mr_table *table, uint64_t *positions, uint64_t count) {
  return finish(TableOrder(*table, positions, count));
}

bool millrace::tableIsInKeyOrder(const mr_table_desc &desc) { return layoutOf(desc).inKeyOrder; }

bool millrace::tableKeyLess(const mr_table_desc &desc, const uint64_t *a, const uint64_t *b) {
  return compareKeys(desc, hasNulls(desc), a, b, desc.num_keys, 0, [](mr_string text) { return text; }) < 0;
}

extern "C" const uint64_t *mr_table_order(mr_table *table, uint64_t *count) {
  static const uint64_t none = 0;
  table->settle();
  if (!table->order || table->orderChanges != table->changes)
    finish(TableOrder(*table));
  *count = table->order ? table->orderCount : 0;
  return table->order ? table->order : &none;
}
