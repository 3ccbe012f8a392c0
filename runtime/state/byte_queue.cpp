//===- byte_queue.cpp - bytes that a key keeps, the oldest first to go ----------===//
#include "runtime/state/byte_queue.h"

#include "runtime/state/memory.h"

#include <algorithm>
#include <cstring>

using namespace millrace;

namespace {

constexpr uint64_t kLongestText = ~uint32_t(0), kLeastRoom = 56;

/// The same queue with more room. Empty: refused.
mr_string grow(StringArena &texts, mr_string stored, uint64_t more) {
  QueuedBytes old = queuedBytes(texts, stored);
  uint64_t room = std::max(kLeastRoom, (old.size + more) * 2);
  if (room + sizeof(QueueHeader) > kLongestText)
    room = std::max(old.size + more, kLongestText - sizeof(QueueHeader));
  if (room + sizeof(QueueHeader) > kLongestText) {
    texts.account->refuseTooLong();
    return {};
  }
  mr_string made = texts.room(sizeof(QueueHeader) + room);
  if (!stringLength(made))
    return made;
  old = queuedBytes(texts, stored); // it may have moved
  QueueHeader *header = QueueHeader::of(texts, made);
  *header = {0, 0, 0, old.size, room, old.gone};
  if (old.size)
    std::memcpy(header->bytes(), old.bytes, old.size);
  if (stringLength(stored))
    texts.giveBack(stored);
  return made;
}

} // namespace

mr_string millrace::roomInQueue(StringArena &texts, mr_string stored, uint64_t size, uint64_t &place) {
  place = kNoPlace;
  QueueHeader *header = stringLength(stored) ? QueueHeader::of(texts, stored) : nullptr;
  if (header && header->end + size > header->room && header->end - header->begin + size <= header->room / 4 * 3) {
    header->end -= header->begin;
    std::memmove(header->bytes(), header->bytes() + header->begin, header->end);
    header->begin = 0;
  }
  if (!header || header->end + size > header->room) {
    mr_string grown = grow(texts, stored, size);
    if (!stringLength(grown))
      return stored;
    stored = grown;
    header = QueueHeader::of(texts, stored);
  }
  place = header->gone + (header->end - header->begin);
  header->end += size;
  return stored;
}

mr_string millrace::queueBytes(StringArena &texts, mr_string stored, const void *bytes, uint64_t size,
                               uint64_t &place) {
  stored = roomInQueue(texts, stored, size, place);
  if (place == kNoPlace)
    return stored;
  QueueHeader *header = QueueHeader::of(texts, stored);
  std::memcpy(header->bytes() + header->end - size, bytes, size);
  return stored;
}

void millrace::dropBytes(const StringArena &texts, mr_string stored, uint64_t size) {
  if (!stringLength(stored))
    return;
  QueueHeader *header = QueueHeader::of(texts, stored);
  size = std::min(size, header->end - header->begin);
  header->begin += size;
  header->gone += size;
  if (header->begin == header->end)
    header->begin = header->end = 0;
}
