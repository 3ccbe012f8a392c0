//===- budget.cpp - state that needs more memory than it may have ------------------------===//
//
// Memory of state is refused where it is asked for, deep in a step or a firing,
// which goes on with slots that belong to no key (runtime/state/memory.h). Here,
// after the call, the pipeline stops.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/values/size_text.h"

#include <algorithm>

using namespace millrace;

uint64_t mr_engine::keysOf(const WindowState &window) const {
  uint64_t keys = 0;
  for (const std::vector<Pane> *panes : {&window.panes, &window.due})
    for (const Pane &pane : *panes)
      keys += tableCount(pane.table);
  if (window.kept) {
    window.kept->forEach([&](const mr_table *table) { keys += table ? tableCount(table) : 0; });
    return keys;
  }
  if (window.slices) {
    window.slices->forEach([&](const mr_table *table) { keys += table ? tableCount(table) : 0; });
    return keys;
  }
  if (window.sessions)
    return keys + window.sessions->keys();
  if (const mr_table *table = heads[&window - windows.data()].table)
    keys += tableCount(table);
  if (&window == firing && firingTable && window.due.empty())
    keys += tableCount(firingTable);
  return keys;
}

void mr_engine::countState() {
  if (!memory)
    return;
  counts.stateBytes = memory->bytes;
  counts.stateBytesMost = memory->most;
  counts.operators.clear();
  for (const WindowState &window : windows)
    counts.operators.push_back({window.desc->name, window.account->bytes, window.account->most, keysOf(window)});
}

/// "`per10` holds 1.2 GiB for 3400 keys". An array is there as a whole from its first key on, which explains its size.
static std::string heldText(const mr_engine &engine, const StateAccount &account) {
  uint64_t count = 0;
  uint64_t positions = 0; // of an array for all keys that there can be
  bool several = false;   // a key counts in each of its windows
  std::string text = "`" + account.name + "` holds " + sizeText(account.bytes);
  for (const WindowState &window : engine.windows)
    if (window.account.get() == &account) {
      count = engine.keysOf(window);
      if (window.desc->table.layout == MR_LAYOUT_DENSE && window.desc->table.positions > 1)
        positions = window.desc->table.positions;
      if (window.sessions && count)
        return text + " for " + std::to_string(count) + (count == 1 ? " session" : " sessions");
      several = window.kept || window.slices || window.panes.size() + window.due.size() > 1;
    }
  if (count)
    text += " for " + std::to_string(count) + (count == 1 ? " key" : " keys") +
            (several && count > 1 ? ", each in all of its windows" : "");
  if (count && positions)
    text += ", in an array of all " + std::to_string(positions) + " keys that there can be";
  return text;
}

/// What would need less, of the operators that hold it.
static std::string adviceText(const mr_engine &engine, const StateAccount &refused, const StateAccount *largest) {
  bool anyWindow = false, anyState = false;
  for (const WindowState &window : engine.windows)
    if (window.account.get() == &refused || window.account.get() == largest)
      (isState(*window.desc) ? anyState : anyWindow) = true;
  return std::string("; ") + (anyWindow ? "fewer or shorter open windows" : "") + (anyWindow && anyState ? ", " : "") +
         (anyState ? "a time-to-live (`ttl`, `within`)" : "") + (anyWindow || anyState ? " or " : "") +
         "fewer keys need less";
}

bool mr_engine::keepsBudget() {
  const StateAccount *refused = memory->refused, *largest = memory->largest();
  if (!refused)
    return true;
  if (memory->tooLong)
    return stop(kEnvironment,
                "error: `" + refused->name +
                    "` keeps more than 4 GiB for one key, the most that there can be of a list or a text; "
                    "shorter windows or a `limit` need less");
  std::string text = memory->exhausted
                         ? "error: out of memory: the machine has no more for state"
                         : "error: state needs more memory than --memory allows (" + sizeText(memory->budget) + ")";
  text += ": " + heldText(*this, *refused);
  if (memory->exhausted || memory->bytes <= memory->budget) // a dense array is there in full, also beyond the budget
    text += " and needs " + sizeText(memory->refusedBytes) + " more";
  if (largest && largest->bytes <= refused->bytes)
    largest = nullptr;
  if (largest)
    text += (2 * largest->bytes > memory->bytes ? "; most is held elsewhere: " : "; more is held elsewhere: ") +
            heldText(*this, *largest);
  return stop(kEnvironment, text + adviceText(*this, *refused, largest));
}
