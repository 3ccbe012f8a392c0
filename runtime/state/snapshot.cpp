//===- snapshot.cpp - state to bytes and back ------------------------------------===//
#include "runtime/state/snapshot.h"

#include "runtime/state/invariant.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"
#include "runtime/state/snapshot_bytes.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

constexpr uint64_t kMagic = 0x335461745372694d; // "MirStaT3"
constexpr const char *kDamaged = "is damaged";
constexpr const char *kOther = "was written by another version of the runtime";

//===-- strings ---------------------------------------------------------------===//

void writeTexts(SnapshotWriter &out, const StringArena &texts) {
  out.number(texts.numPages);
  for (uint32_t number : {texts.cursor, texts.limit, texts.firstRange})
    out.number(number);
  out.raw(texts.free, sizeof(texts.free));
  std::vector<bool> isFree(texts.numPages);
  for (uint32_t at = texts.firstRange; at; at = uint32_t(uint64_t(texts.pages[at - 1].data)))
    isFree[at - 1] = true;
  for (uint32_t i = 0; i < texts.numPages; ++i) {
    const TextPage &page = texts.pages[i];
    if (!page.pages)
      continue;
    out.number(i);
    out.number(page.pages);
    out.number(isFree[i]);
    if (isFree[i])
      out.number(uint64_t(page.data));
    else
      out.rawAsItLies(page.data, page.pages * kStatePage);
  }
  out.number(UINT64_MAX);
}

bool readTexts(SnapshotReader &in, StringArena &texts) {
  uint64_t count = in.number();
  uint32_t cursor = uint32_t(in.number()), limit = uint32_t(in.number()), range = uint32_t(in.number());
  uint32_t free[sizeof(texts.free) / sizeof(uint32_t)];
  in.raw(free, sizeof(free));
  if (!in.good || count > (uint64_t(1) << 23) || range > count)
    return false;
  if (count && !texts.makePages(uint32_t(count)))
    return true; // refused
  for (uint64_t at = in.number(); in.good && at != UINT64_MAX; at = in.number()) {
    uint64_t pages = in.number();
    if (at >= count || pages == 0 || pages > count - at)
      return false;
    if (in.number())
      texts.pages[at] = {reinterpret_cast<char *>(in.number()), pages};
    else if (char *memory = texts.makePiece(uint32_t(at), pages))
      in.raw(memory, pages * kStatePage);
    else
      return true; // refused
  }
  texts.cursor = cursor;
  texts.limit = limit;
  texts.firstRange = range;
  std::copy(std::begin(free), std::end(free), texts.free);
  return in.good;
}

//===-- slots -----------------------------------------------------------------===//

/// Positions whose slots begin in a page.
struct PageOfSlots {
  uint64_t first, count;
};

PageOfSlots slotsIn(uint64_t page, const mr_table &table) {
  auto from = [&](uint64_t page) {
    return std::min(((page << MR_STATE_PAGE_BITS) + table.shape.slotSize - 1) / table.shape.slotSize, table.now.total);
  };
  return {from(page), from(page + 1) - from(page)};
}

void writeTable(SnapshotWriter &out, const SavedTable &saved) {
  mr_table &table = *saved.table;
  tableSettle(&table);
  invariant(!table.old.slots, "a table that is saved has all its keys in one array");
  out.begin(Section::Table);
  out.number(uint64_t(saved.start));
  out.number(saved.owner);
  for (uint64_t number : {table.now.total, table.now.mask, table.count, table.limit, table.reach, table.end})
    out.number(number);
  writeTexts(out, table.texts);
  uint64_t pages = (table.now.total * table.shape.slotSize >> MR_STATE_PAGE_BITS) + 1;
  for (uint64_t page = 0; page < pages; ++page) {
    if (!table.now.touched[page])
      continue;
    PageOfSlots slots = slotsIn(page, table);
    const uint8_t *cold = table.now.cold ? table.now.cold + slots.first * table.shape.coldSize : nullptr;
    out.number(page);
    out.rawAsItLies(table.slotAt(slots.first), slots.count * table.shape.slotSize);
    out.number(cold != nullptr);
    if (cold)
      out.rawAsItLies(cold, slots.count * table.shape.coldSize);
    table.now.touched[page] = MR_STATE_USED;
  }
  out.number(UINT64_MAX);
  out.end();
}

/// Is this what a table of this layout can say of itself?
bool makesSense(const mr_table &table, uint64_t total, uint64_t mask, uint64_t count, uint64_t limit, uint64_t reach,
                uint64_t end) {
  bool hashed = table.shape.extra != 0;
  if (total == 0 || total > (uint64_t(1) << 32) || end > total || reach > total)
    return false;
  if (!hashed)
    return mask == 0 && reach == end && end == total - 1;
  return (mask & (mask + 1)) == 0 && total == mask + 1 + table.shape.extra && end == total - 1 && limit <= mask &&
         count <= end;
}

bool readTable(SnapshotReader &in, mr_table &table) {
  uint64_t total = in.number(), mask = in.number(), count = in.number(), limit = in.number(), reach = in.number(),
           end = in.number();
  if (!in.good || !makesSense(table, total, mask, count, limit, reach, end))
    return false;
  if (!readTexts(in, table.texts))
    return false;
  if (table.account->memory.refused || !table.restart(total, mask))
    return true; // refused
  table.count = count;
  table.limit = limit;
  table.reach = reach;
  table.end = end;
  uint64_t pages = (total * table.shape.slotSize >> MR_STATE_PAGE_BITS) + 1;
  // Once there are cold parts, slots that are not read yet are hidden: as slots without a key.
  for (uint64_t page = in.number(); in.good && page != UINT64_MAX; page = in.number()) {
    if (page >= pages)
      return false;
    PageOfSlots slots = slotsIn(page, table);
    unpoison(table.slotAt(slots.first), slots.count * table.shape.slotSize);
    in.raw(table.slotAt(slots.first), slots.count * table.shape.slotSize);
    table.now.touched[page] = MR_STATE_USED;
    if (!in.number() || !slots.count)
      continue;
    if (!table.coldOf(table.slotAt(slots.first)))
      return true; // refused
    uint8_t *cold = table.now.cold + slots.first * table.shape.coldSize;
    unpoison(cold, slots.count * table.shape.coldSize);
    in.raw(cold, slots.count * table.shape.coldSize);
  }
  table.hideFree(table.now);
  return in.good;
}

//===-- dictionaries ------------------------------------------------------------===//

void writeDictionary(SnapshotWriter &out, const mr_dictionary &d) {
  out.begin(Section::Dictionary);
  out.number(d.ids);
  out.number(d.firstFree);
  writeTexts(out, d.texts);
  out.raw(d.keys, d.ids * d.keySize);
  out.raw(d.live, (d.ids + 63) / 64 * 8);
  out.end();
}

bool readDictionary(SnapshotReader &in, mr_dictionary &d) {
  uint64_t ids = in.number(), firstFree = in.number();
  if (!in.good || ids >= (uint64_t(1) << 31) || firstFree > ids || !readTexts(in, d.texts))
    return false;
  if (d.account->memory.refused || !dictionaryRoom(d, ids))
    return true; // refused
  in.raw(d.keys, ids * d.keySize);
  in.raw(d.live, (ids + 63) / 64 * 8);
  if (!in.good)
    return false;
  d.ids = ids;
  d.firstFree = uint32_t(firstFree);
  d.toLookAt = ids;
  dictionaryIndex(d);
  return true;
}

/// State as it was saved, in its own layout.
struct Loaded {
  ~Loaded() {
    for (SavedTable &saved : tables)
      tableFree(saved.table);
    dictionaryFree(ownDictionary);
  }
  std::vector<SavedTable> tables;
  mr_dictionary *ownDictionary = nullptr;
};

bool readAll(SnapshotReader &in, uint64_t tables, const mr_table_desc &desc, std::span<StateAccount *const> owners,
             mr_dictionary *dictionary, Loaded &loaded) {
  const StateMemory &memory = owners[0]->memory;
  if (desc.layout == MR_LAYOUT_BY_ID)
    if (SnapshotReader section = in.section(Section::Dictionary); !readDictionary(section, *dictionary))
      return false;
  for (; tables && in.good && !memory.refused; --tables) {
    SnapshotReader section = in.section(Section::Table);
    if (!section.good)
      return false;
    int64_t start = int64_t(section.number());
    uint64_t owner = section.number();
    if (owner >= owners.size())
      return false;
    mr_table *table = tableNew(desc, *owners[owner], dictionary);
    loaded.tables.push_back({start, table, uint32_t(owner)});
    if (!readTable(section, *table))
      return false;
  }
  return memory.refused || (in.good && in.atEnd());
}

} // namespace

void millrace::stateSave(const mr_table_desc &desc, const mr_dictionary *dictionary, const SavedState &state,
                         std::string &bytes) {
  SnapshotWriter out(bytes);
  out.number(kMagic);
  out.begin(Section::State);
  writeDesc(out, desc);
  out.number(uint64_t(state.watermark));
  out.number(uint64_t(state.greatestTime));
  out.number(state.tables.size());
  out.number(state.numbers.size());
  for (int64_t number : state.numbers)
    out.number(uint64_t(number));
  out.end();
  if (desc.layout == MR_LAYOUT_BY_ID)
    writeDictionary(out, *dictionary);
  for (const SavedTable &saved : state.tables)
    writeTable(out, saved);
}

bool millrace::stateLoad(std::string_view bytes, const mr_table_desc &desc, std::span<StateAccount *const> owners,
                         mr_dictionary *dictionary, SavedState &state, std::string &error) {
  StateAccount &account = *owners[0];
  SnapshotReader in(bytes);
  bool known = in.number() == kMagic;
  SnapshotReader head = in.section(Section::State);
  SavedDesc saved;
  if (!known || !head.good || !readDesc(head, saved)) {
    error = !known            ? std::string(kOther) + ", or " + kDamaged
            : saved.otherForm ? std::string("has ") + saved.otherForm + " in a form of another version of the runtime"
            : head.good       ? kOther
                              : kDamaged;
    return false;
  }
  int64_t watermark = int64_t(head.number()), greatestTime = int64_t(head.number());
  uint64_t count = head.number();
  std::vector<int64_t> numbers;
  for (uint64_t left = head.number(); head.good && left; --left)
    numbers.push_back(int64_t(head.number()));
  error = whyNotAlike(saved.desc, desc);
  if (!error.empty())
    return false;
  auto refused = [&] {
    if (account.memory.refused)
      error = "does not fit the memory that state may take";
    return account.memory.refused != nullptr;
  };
  bool same = isSameLayout(saved, desc);
  Loaded loaded, filled;
  if (!same && saved.desc.layout == MR_LAYOUT_BY_ID)
    loaded.ownDictionary = dictionaryNew(saved.desc, account);
  if (!readAll(in, count, same ? desc : saved.desc, owners, same ? dictionary : loaded.ownDictionary, loaded)) {
    error = kDamaged;
    return false;
  }
  for (SavedTable &from : loaded.tables) {
    if (same || refused())
      break;
    mr_table *to = tableNew(desc, *owners[from.owner], dictionary, tableCount(from.table));
    filled.tables.push_back({from.start, to, from.owner});
    if (!copyKeys(from.table, to, error))
      return false;
    tableFree(std::exchange(from.table, nullptr));
  }
  if (refused())
    return false;
  state = {watermark, greatestTime, std::exchange(same ? loaded.tables : filled.tables, {}), std::move(numbers)};
  return true;
}
