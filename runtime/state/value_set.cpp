//===- value_set.cpp - sets of values that a member keeps ----------------------===//
//
// Called by generated code (below) and by sketch.cpp.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/value_set.h"

#include "runtime/state/memory.h"
#include "runtime/state/seen_set.h"
#include "runtime/state/set_block.h"
#include "runtime/state/table.h"

#include <cstring>

using namespace millrace;

namespace {

/// The same values with so many slots, and so much room for texts.
mr_string remake(StringArena &texts, mr_string stored, uint64_t slots, uint64_t room) {
  uint64_t bytes = bytesFor(slots, room);
  if (bytes > kLongestText || room > kLongestText) {
    texts.account->refuseTooLong();
    return stored;
  }
  mr_string bigger = texts.room(bytes);
  if (!stringLength(bigger)) // refused
    return stored;
  std::memset(const_cast<char *>(texts.at(bigger.tail)), 0, bytes);
  Set made = setIn(texts, bigger);
  made.header().slots = uint32_t(slots);
  made.header().room = uint32_t(room);
  if (!stringLength(stored))
    return bigger;
  if (isOneWord(stored)) {
    made.put(stored.tail);
    return bigger;
  }
  Set old = setIn(texts, stored);
  old.each([&](uint64_t slot) {
    if (old.isOfTexts())
      made.put(spreadText(stringOf(old.textIn(slot))), old.textIn(slot));
    else
      made.put(slot);
  });
  if (old.slots()[old.header().slots])
    made.put(0);
  texts.giveBack(stored);
  return bigger;
}

mr_string addText(StringArena &texts, mr_string stored, std::string_view text, uint64_t spread) {
  uint64_t units = Set::unitsFor(text);
  if (!stringLength(stored)) {
    stored = remake(texts, stored, kLeastSlots, std::max<uint64_t>(kLeastRoom, units));
  } else {
    Set set = setIn(texts, stored);
    const SetHeader &header = set.header();
    if (*set.find(spread, text))
      return stored;
    uint64_t slots = set.isFull() ? uint64_t(header.slots) * 2 : header.slots, room = header.room;
    while (room < header.used + units)
      room *= 2;
    if (slots != header.slots || room != header.room)
      stored = remake(texts, stored, slots, room);
  }
  if (!stringLength(stored)) // refused
    return stored;
  Set set = setIn(texts, stored);
  if (set.header().used + units <= set.header().room)
    set.put(spread, text);
  return stored;
}

} // namespace

uint64_t millrace::spreadText(mr_string text) {
  std::string_view bytes = viewOf(text);
  uint64_t all = mix(bytes.size() ^ kSeed, kStep);
  for (; bytes.size() >= 8; bytes.remove_prefix(8)) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    all = mix(all ^ word, kLast);
  }
  uint64_t rest = 0;
  std::memcpy(&rest, bytes.data(), bytes.size());
  return mix(all ^ rest, kStep);
}

mr_string millrace::addWord(StringArena &texts, mr_string stored, uint64_t word) {
  if (!stringLength(stored))
    return setOfOne(word);
  if (isOneWord(stored)) {
    if (stored.tail == word)
      return stored;
    stored = remake(texts, stored, kLeastSlots, 0);
    if (isOneWord(stored)) // refused
      return stored;
  } else {
    Set set = setIn(texts, stored);
    if (word ? *set.find(word) : set.slots()[set.header().slots])
      return stored;
    if (set.isFull())
      stored = remake(texts, stored, uint64_t(set.header().slots) * 2, 0);
  }
  if (Set set = setIn(texts, stored); set.header().count + 1 < set.header().slots) // else refused
    set.put(word);
  return stored;
}

mr_string millrace::addText(StringArena &texts, mr_string stored, mr_string text) {
  return ::addText(texts, stored, viewOf(text), spreadText(text));
}

mr_string millrace::addAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!stringLength(other))
    return stored;
  if (isOneWord(other))
    return addWord(texts, stored, other.tail);
  Set set = setIn(from, other);
  if (set.slots()[set.header().slots])
    stored = addWord(texts, stored, 0);
  set.each([&](uint64_t slot) {
    if (set.isOfTexts())
      stored = ::addText(texts, stored, set.textIn(slot), spreadText(stringOf(set.textIn(slot))));
    else
      stored = addWord(texts, stored, slot);
  });
  return stored;
}

void millrace::eachWord(const StringArena &texts, mr_string stored, const std::function<void(uint64_t)> &take) {
  if (!stringLength(stored))
    return;
  if (isOneWord(stored))
    return take(stored.tail);
  Set set = setIn(texts, stored);
  if (set.slots()[set.header().slots])
    take(0);
  set.each(take);
}

uint64_t millrace::countOf(const StringArena &texts, mr_string stored) {
  if (isOneWord(stored))
    return 1;
  if (uint64_t count = countBeside(stored))
    return count;
  return stringLength(stored) ? setIn(texts, stored).header().count : 0;
}

extern "C" mr_string mr_set_add_word(mr_table *table, mr_string stored, uint64_t word) {
  return addWord(table->texts, stored, word);
}
extern "C" mr_string mr_set_add_text(mr_table *table, mr_string stored, mr_string text) {
  return addText(table->texts, stored, text);
}
extern "C" mr_string mr_set_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  if (table->seesSlices)
    return seeAll(table->texts, stored, from->slice, from->texts, other);
  return addAll(table->texts, stored, from->texts, other);
}
extern "C" mr_string mr_set_take_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return forgetAll(table->texts, stored, from->slice, from->texts, other);
}
extern "C" uint64_t mr_set_places(mr_table *table, mr_string stored) {
  if (isOneWord(stored))
    return 1;
  return stringLength(stored) ? setIn(table->texts, stored).header().slots + 1 : 0;
}
extern "C" bool mr_set_is_at(mr_table *table, mr_string stored, uint64_t place) {
  return isOneWord(stored) || setIn(table->texts, stored).slots()[place] != 0;
}
extern "C" uint64_t mr_set_word_at(mr_table *table, mr_string stored, uint64_t place) {
  if (isOneWord(stored))
    return stored.tail;
  Set set = setIn(table->texts, stored);
  return place == set.header().slots ? 0 : set.slots()[place];
}
