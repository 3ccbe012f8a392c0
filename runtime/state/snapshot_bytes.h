//===- snapshot_bytes.h - numbers and texts in saved state ----------------------===//
//
// Internal to the snapshot. Numbers are little-endian, 8 bytes each. After the
// number that tells what this is come sections: their kind, the bytes that follow,
// these bytes, and a checksum (XXH3, 64 bits) of all that. A section is looked at
// only when its checksum is right.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SNAPSHOT_BYTES_H
#define MILLRACE_RUNTIME_STATE_SNAPSHOT_BYTES_H

#include "millrace/abi.h"
#include "runtime/io/binary/format.h"
#include "runtime/state/poison.h"

#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class Section : uint64_t { State = 1, Dictionary, Table };

class SnapshotWriter {
public:
  explicit SnapshotWriter(std::string &bytes) : bytes(bytes) {}

  void begin(Section section) {
    number(uint64_t(section));
    number(0);
    start = bytes.size();
  }
  void end() {
    uint64_t size = bytes.size() - start;
    std::memcpy(bytes.data() + start - sizeof(size), &size, sizeof(size));
    number(binary::checksum(bytes.data() + start - 16, size + 16));
  }
  void number(uint64_t value) { bytes.append(reinterpret_cast<const char *>(&value), sizeof(value)); }
  void raw(const void *from, uint64_t size) {
    if (size)
      bytes.append(static_cast<const char *>(from), size);
  }
  /// Free places and all: whole words, of arenas and slots.
  void rawAsItLies(const void *from, uint64_t size) {
    bytes.resize(bytes.size() + size);
    copyAsItLies(bytes.data() + bytes.size() - size, from, size);
  }
  void text(std::string_view value) {
    number(value.size());
    raw(value.data(), value.size());
  }

private:
  std::string &bytes;
  size_t start = 0;
};

/// Once something is missing all that is read is zero, and `good` is false.
class SnapshotReader {
public:
  explicit SnapshotReader(std::string_view bytes) : bytes(bytes) {}
  bool good = true;

  uint64_t number() {
    uint64_t value = 0;
    raw(&value, sizeof(value));
    return value;
  }
  void raw(void *to, uint64_t size) {
    if (const char *from = take(size); from && size)
      std::memcpy(to, from, size);
  }
  std::string_view text() {
    uint64_t size = number();
    const char *from = take(size);
    return from ? std::string_view(from, size) : std::string_view();
  }
  bool atEnd() const { return bytes.empty(); }

  /// What is in the section that begins here. Not good: it is another one, or was damaged.
  SnapshotReader section(Section kind) {
    std::string_view all = bytes;
    bool isKind = number() == uint64_t(kind);
    std::string_view inside = text();
    uint64_t sum = number();
    good = good && isKind && sum == binary::checksum(all.data(), inside.size() + 16);
    SnapshotReader reader(good ? inside : std::string_view());
    reader.good = good;
    return reader;
  }

private:
  const char *take(uint64_t size) {
    if (!good || size > bytes.size()) {
      good = false;
      return nullptr;
    }
    const char *from = bytes.data();
    bytes.remove_prefix(size);
    return from;
  }

  std::string_view bytes;
};

/// The description of a table that was saved, with memory of its own.
struct SavedDesc {
  mr_table_desc desc = {};
  uint64_t hashVersion = 0;
  const char *otherForm = nullptr; ///< what lies in another form than here (kept_forms.h)
  std::vector<uint8_t> types;
  std::vector<int64_t> least;
  std::vector<uint64_t> values;
  std::vector<mr_piece_desc> pieces;
  std::deque<std::string> names;

  SavedDesc() = default;
  SavedDesc(const SavedDesc &) = delete;
};

void writeDesc(SnapshotWriter &out, const mr_table_desc &desc);
/// False: the bytes are no description, or values lie in another form.
bool readDesc(SnapshotReader &in, SavedDesc &saved);

/// May pages that were saved be those of a table of this description, as they lie?
bool isSameLayout(const SavedDesc &saved, const mr_table_desc &desc);
/// Why keys and pieces of one cannot be those of the other; empty: they can.
std::string whyNotAlike(const mr_table_desc &saved, const mr_table_desc &desc);

/// Puts all keys of a table into another one of the same keys and pieces. False: `error` says why.
bool copyKeys(mr_table *from, mr_table *to, std::string &error);

} // namespace millrace

#endif
