//===- byte_queue.cpp - bytes that a key keeps, the oldest first to go ----------===//
#include "runtime/state/byte_queue.h"

#include "runtime/state/memory.h"

#include <algorithm>
#include <cstring>

using namespace millrace;

namespace {

/// What a queue begins with. The first four bytes of a text lie beside its length too, so they never change.
struct Header {
  uint32_t never = 0, pad = 0;
  uint64_t begin = 0, end = 0; ///< of what is in use, in bytes behind the header
  uint64_t room = 0;           ///< bytes behind the header
  uint64_t gone = 0;
};
static_assert(sizeof(Header) == 40);

constexpr uint64_t kLongestText = ~uint32_t(0), kLeastRoom = 56;

Header *headerOf(const StringArena &texts, mr_string stored) {
  return reinterpret_cast<Header *>(const_cast<char *>(texts.at(stored.tail)));
}

uint8_t *bytesOf(Header *header) { return reinterpret_cast<uint8_t *>(header + 1); }

/// The same queue with more room. Empty: refused.
mr_string grow(StringArena &texts, mr_string stored, uint64_t more) {
  QueuedBytes old = queuedBytes(texts, stored);
  uint64_t room = std::max(kLeastRoom, (old.size + more) * 2);
  if (room + sizeof(Header) > kLongestText)
    room = std::max(old.size + more, kLongestText - sizeof(Header));
  if (room + sizeof(Header) > kLongestText) {
    texts.account->refuseTooLong();
    return {};
  }
  mr_string made = texts.room(sizeof(Header) + room);
  if (!stringLength(made))
    return made;
  old = queuedBytes(texts, stored); // it may have moved
  Header *header = headerOf(texts, made);
  *header = {0, 0, 0, old.size, room, old.gone};
  if (old.size)
    std::memcpy(bytesOf(header), old.bytes, old.size);
  if (stringLength(stored))
    texts.giveBack(stored);
  return made;
}

} // namespace

QueuedBytes millrace::queuedBytes(const StringArena &texts, mr_string stored) {
  if (!stringLength(stored))
    return {};
  Header *header = headerOf(texts, stored);
  return {bytesOf(header) + header->begin, header->end - header->begin, header->gone};
}

mr_string millrace::queueBytes(StringArena &texts, mr_string stored, const void *bytes, uint64_t size,
                               uint64_t &place) {
  place = kNoPlace;
  Header *header = stringLength(stored) ? headerOf(texts, stored) : nullptr;
  if (header && header->end + size > header->room && header->end - header->begin + size <= header->room / 4 * 3) {
    header->end -= header->begin;
    std::memmove(bytesOf(header), bytesOf(header) + header->begin, header->end);
    header->begin = 0;
  }
  if (!header || header->end + size > header->room) {
    mr_string grown = grow(texts, stored, size);
    if (!stringLength(grown))
      return stored;
    stored = grown;
    header = headerOf(texts, stored);
  }
  place = header->gone + (header->end - header->begin);
  std::memcpy(bytesOf(header) + header->end, bytes, size);
  header->end += size;
  return stored;
}

void millrace::dropBytes(const StringArena &texts, mr_string stored, uint64_t size) {
  if (!stringLength(stored))
    return;
  Header *header = headerOf(texts, stored);
  size = std::min(size, header->end - header->begin);
  header->begin += size;
  header->gone += size;
  if (header->begin == header->end)
    header->begin = header->end = 0;
}
