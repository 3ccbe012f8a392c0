//===- strings.cpp - strings that state keeps --------------------------------===//
#include "runtime/state/strings.h"

#include "runtime/state/invariant.h"
#include "runtime/state/memory.h"
#include "runtime/state/poison.h"

#include <algorithm>

using namespace millrace;

namespace {

/// Longer strings have pages of their own, which go back to the system.
constexpr uint64_t kLongest = 32 << 10;
constexpr uint64_t kLeastChunk = kStatePage, kMostChunk = kStateHuge;
constexpr uint64_t kMostPages = (uint64_t(1) << 32) / StringArena::kUnitsInPage;

uint32_t unitsOf(uint64_t length) { return uint32_t((length + StringArena::kUnit - 1) / StringArena::kUnit); }

using SizeClass = StringArena::SizeClass;

/// Up to 16 units any, beyond four for each doubling.
SizeClass classOf(uint64_t length) {
  uint32_t units = unitsOf(length);
  if (units <= 16)
    return {units, units};
  uint32_t top = 31 - uint32_t(__builtin_clz(units - 1)), shift = top - 2, step = (units - 1) >> shift;
  return {17 + (top - 4) * 4 + (step - 4), (step + 1) << shift};
}

char *&linkAt(TextPage *pages, uint32_t place) {
  return reinterpret_cast<char *&>(
      pages[place / StringArena::kUnitsInPage].data[place % StringArena::kUnitsInPage * StringArena::kUnit]);
}

uint64_t bytesOf(uint32_t maxPages) { return uint64_t(maxPages) * sizeof(TextPage); }

constexpr const char *kGivenOut = "a text lies where one was given a place";

} // namespace

/// A place that is free again begins with the next one of its size.
void StringArena::setFree(uint32_t place, SizeClass size) {
  unpoison(at(place), kUnit);
  linkAt(pages, place) = reinterpret_cast<char *>(uint64_t(free[size.number]));
  free[size.number] = place;
  poison(at(place) + kUnit, (size.units - 1) * kUnit);
}

/// Puts a piece of memory of so many bytes into the directory. Returns the number of its first page, or UINT32_MAX.
uint32_t StringArena::addPages(uint64_t bytes) {
  uint64_t count = (bytes + kStatePage - 1) / kStatePage;
  uint32_t first = numPages;
  TextPage *range = nullptr, *before = nullptr; // the first free range that is large enough
  for (uint32_t at = firstRange; at && !range; at = uint32_t(uint64_t(pages[at - 1].data))) {
    if (pages[at - 1].pages >= count)
      range = &pages[at - 1], first = at - 1;
    else
      before = &pages[at - 1];
  }
  if (!range && count > kMostPages - numPages)
    return UINT32_MAX;
  if (!range && numPages + count > maxPages) {
    uint32_t more = uint32_t(std::max<uint64_t>({numPages + count, uint64_t(maxPages) * 2, 16}));
    auto *moved = account->resize(reinterpret_cast<uint8_t *>(pages), bytesOf(maxPages), bytesOf(more));
    if (!moved)
      return UINT32_MAX;
    pages = reinterpret_cast<TextPage *>(moved);
    maxPages = more;
  }
  auto *memory = reinterpret_cast<char *>(account->take(count * kStatePage));
  if (!memory)
    return UINT32_MAX;
  if (range) {
    uint64_t next = uint64_t(range->data), left = range->pages - count;
    if (left) {
      range[count] = {reinterpret_cast<char *>(next), left};
      next = first + count + 1;
    }
    if (before)
      before->data = reinterpret_cast<char *>(next);
    else
      firstRange = uint32_t(next);
  } else {
    numPages += uint32_t(count);
  }
  for (uint64_t i = 0; i < count; ++i)
    pages[first + i] = {memory + i * kStatePage, i ? 0 : count};
  return first;
}

/// The numbers of a piece that went are free again, as one range with those beside it: texts that grow again and again
/// would leave ever smaller ones, and the directory would grow with them.
void StringArena::addRange(uint32_t first) {
  uint64_t count = pages[first].pages;
  TextPage *before = nullptr;
  for (uint32_t at = firstRange; at;) {
    TextPage &range = pages[at - 1];
    uint32_t next = uint32_t(uint64_t(range.data));
    bool isBefore = at - 1 + range.pages == first, isBehind = first + count == at - 1;
    if (!isBefore && !isBehind) {
      before = &range;
      at = next;
      continue;
    }
    if (before)
      before->data = reinterpret_cast<char *>(uint64_t(next));
    else
      firstRange = next;
    count += range.pages;
    pages[isBefore ? first : at - 1].pages = 0;
    first = isBefore ? at - 1 : first;
    at = next;
  }
  pages[first] = {reinterpret_cast<char *>(uint64_t(firstRange)), count};
  firstRange = first + 1;
}

uint32_t StringArena::takeLong(uint64_t length) {
  uint32_t first = addPages(length);
  return first == UINT32_MAX ? 0 : first * kUnitsInPage;
}

/// Chunks grow with the arena, so that a small table stays small.
bool StringArena::openChunk(uint32_t units) {
  uint64_t held = uint64_t(numPages) * kStatePage;
  uint64_t bytes = std::max<uint64_t>(std::clamp(held, kLeastChunk, kMostChunk), uint64_t(units) * kUnit);
  uint32_t first = addPages(bytes);
  if (first == UINT32_MAX)
    return false;
  cursor = first * kUnitsInPage;
  limit = cursor + uint32_t(pages[first].pages) * kUnitsInPage;
  poison(at(cursor), uint64_t(limit - cursor) * kUnit);
  if (cursor == 0)
    cursor = 1; // place 0 says that there is none
  return true;
}

uint32_t StringArena::take(uint64_t length) {
  if (numPages == 0 && !openChunk(1)) // so that place 0 is never that of a long string
    return 0;
  if (length > kLongest)
    return takeLong(length);
  SizeClass size = classOf(length);
  if (uint32_t place = free[size.number]) {
    invariant(place / kUnitsInPage < numPages, kGivenOut);
    free[size.number] = uint32_t(uint64_t(linkAt(pages, place)));
    unpoison(at(place), uint64_t(size.units) * kUnit);
    return place;
  }
  if (limit - cursor < size.units) {
    // What is left of the chunk serves smaller strings.
    for (uint32_t left = limit - cursor; left >= 2; left = limit - cursor) {
      uint32_t units = std::min<uint32_t>(left, 16);
      setFree(cursor, {units, units});
      cursor += units;
    }
    if (!openChunk(size.units + 1))
      return 0;
  }
  uint32_t place = cursor;
  cursor += size.units;
  unpoison(at(place), uint64_t(size.units) * kUnit);
  return place;
}

mr_string StringArena::keep(mr_string value) {
  uint32_t length = stringLength(value);
  if (length <= MR_STRING_INLINE)
    return value;
  uint32_t place = take(length);
  if (!place)
    return {0, 0};
  std::memcpy(const_cast<char *>(at(place)), reinterpret_cast<const char *>(value.tail), length);
  return {value.head, place};
}

mr_string StringArena::room(uint64_t length) {
  if (length > ~uint32_t(0)) {
    account->refuseTooLong();
    return {0, 0};
  }
  uint32_t place = take(length);
  if (!place)
    return {0, 0};
  std::memset(const_cast<char *>(at(place)), 0, 4);
  return {length, place};
}

void StringArena::giveBack(mr_string stored) {
  uint32_t length = stringLength(stored), place = uint32_t(stored.tail);
  if (length <= MR_STRING_INLINE)
    return;
  invariant(place && place / kUnitsInPage < numPages, kGivenOut);
  if (length > kLongest) {
    invariant(pages[place / kUnitsInPage].pages * kStatePage >= length, kGivenOut);
    TextPage &first = pages[place / kUnitsInPage];
    account->give(reinterpret_cast<uint8_t *>(first.data), first.pages * kStatePage);
    addRange(place / kUnitsInPage);
    return;
  }
  setFree(place, classOf(length));
}

mr_string StringArena::replace(mr_string old, mr_string value) {
  uint32_t before = stringLength(old), length = stringLength(value);
  auto placed = [](uint32_t length) { return length > MR_STRING_INLINE && length <= kLongest; };
  if (placed(before) && placed(length) && classOf(before).number == classOf(length).number) {
    invariant(old.tail && old.tail / kUnitsInPage < numPages, kGivenOut);
    std::memcpy(const_cast<char *>(at(old.tail)), reinterpret_cast<const char *>(value.tail), length);
    return {value.head, old.tail};
  }
  giveBack(old);
  return keep(value);
}

bool StringArena::makePages(uint32_t count) {
  auto *memory = account->take(bytesOf(count));
  if (!memory)
    return false;
  pages = reinterpret_cast<TextPage *>(memory);
  numPages = maxPages = count;
  return true;
}

char *StringArena::makePiece(uint32_t first, uint64_t count) {
  auto *memory = reinterpret_cast<char *>(account->take(count * kStatePage));
  for (uint64_t i = 0; memory && i < count; ++i)
    pages[first + i] = {memory + i * kStatePage, i ? 0 : count};
  return memory;
}

void StringArena::clear() {
  if (!account)
    return;
  // Ranges that are free are not pieces.
  for (uint32_t at = firstRange; at;) {
    TextPage &range = pages[at - 1];
    at = uint32_t(uint64_t(range.data));
    range.pages = 0;
  }
  for (uint32_t i = 0; i < numPages; ++i)
    if (uint64_t count = pages[i].pages)
      account->give(reinterpret_cast<uint8_t *>(pages[i].data), count * kStatePage);
  account->give(reinterpret_cast<uint8_t *>(pages), bytesOf(maxPages));
  StateAccount *mine = account;
  *this = {};
  account = mine;
}
