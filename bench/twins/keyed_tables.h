//===- keyed_tables.h - one table for each layout, by hand ----------------===//
#ifndef MILLRACE_BENCH_TWINS_KEYED_TABLES_H
#define MILLRACE_BENCH_TWINS_KEYED_TABLES_H

#include "bench/twins/keyed_update.h"

#include <cstring>
#include <string>
#include <sys/mman.h>

namespace twins {

/// Zeroed pages, huge ones where it is worth it; given back when they go.
class Pages {
public:
  Pages() = default;
  explicit Pages(size_t size) : bytes(size) {
    void *p = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
      abort();
    if (bytes >= size_t(2) << 20)
      madvise(p, bytes, MADV_HUGEPAGE);
    memory = static_cast<uint8_t *>(p);
  }
  Pages(Pages &&other) noexcept : memory(other.memory), bytes(other.bytes) { other.memory = nullptr, other.bytes = 0; }
  Pages &operator=(Pages &&other) noexcept {
    std::swap(memory, other.memory), std::swap(bytes, other.bytes);
    return *this;
  }
  ~Pages() {
    if (memory)
      munmap(memory, bytes);
  }

  uint8_t *memory = nullptr;
  size_t bytes = 0;
};

/// What all tables have: slots, a mark for each 4 KiB page of them, and the high words of sums that left 64 bits.
template <typename Slot, bool Marked> struct SlotArray {
  void allocate(size_t slots) {
    memory = Pages(slots * sizeof(Slot));
    marks = Pages((memory.bytes >> 12) + 1);
    high = Pages();
  }
  Slot *slots() const { return reinterpret_cast<Slot *>(memory.memory); }
  int64_t *highWords() {
    if (!high.memory)
      high = Pages(memory.bytes / sizeof(Slot) * 8);
    return reinterpret_cast<int64_t *>(high.memory);
  }
  /// A sum must fit 64 bits when it is handed out.
  void check(size_t position) const {
    if (high.memory && reinterpret_cast<const int64_t *>(high.memory)[position] != 0)
      abort(); // not in these inputs; the check is what counts
  }
  size_t bytes() const { return memory.bytes + marks.bytes + high.bytes; }

  Pages memory, marks, high;
};

/// The hot half of it, for a loop.
template <typename Slot, bool Marked> struct SlotCursor {
  SlotCursor() = default;
  explicit SlotCursor(SlotArray<Slot, Marked> &array)
      : array(&array), slots(array.slots()), marks(array.marks.memory), isLarge(array.memory.bytes > (1u << 20)) {}

  void fold(size_t position, int64_t price) {
    Slot &slot = slots[position];
    if (slot.members.fold(price)) [[unlikely]]
      array->highWords()[position] += price < 0 ? -1 : 1;
    if constexpr (Marked)
      marks[position * sizeof(Slot) >> 12] = 3;
  }

  SlotArray<Slot, Marked> *array = nullptr;
  Slot *slots = nullptr;
  uint8_t *marks = nullptr;
  bool isLarge = false;
};

/// A small range of integers: an array.
template <bool Marked> class DenseTable {
public:
  using Key = int64_t;
  struct Slot {
    Members members;
  };
  explicit DenseTable(int64_t most) : most(most) { array.allocate(size_t(most) + 1); }

  struct Cursor : SlotCursor<Slot, Marked> {
    Cursor() = default;
    explicit Cursor(DenseTable &table) : SlotCursor<Slot, Marked>(table.array), most(uint64_t(table.most)) {}
    bool update(const Bid &r) {
      if (uint64_t(r.auction) > most) [[unlikely]]
        return false;
      this->fold(size_t(r.auction), r.price);
      return true;
    }
    void prefetch(const Bid &r) const { __builtin_prefetch(&this->slots[std::min(uint64_t(r.auction), most)], 1); }
    uint64_t most = 0;
  };
  Cursor cursor() { return Cursor(*this); }
  void insert(const Bid &) { abort(); } // outside the declared range: not in these inputs
  template <typename F> void forEach(F f) const {
    const Slot *slots = array.slots();
    for (int64_t i = 0; i <= most; ++i)
      if (const Members &m = slots[i].members; m.count) {
        array.check(size_t(i));
        f(i, int64_t(m.count), m.sum, m.maximum());
      }
  }
  size_t bytes() const { return array.bytes(); }

private:
  int64_t most;
  SlotArray<Slot, Marked> array;
};

/// Open addressing with linear probing; sparse while it fits the caches, where a probe that goes wrong costs more than
/// memory. `Form` says what a key is: Stored (zero: no key), Arena for what does not fit, and how to hash and compare.
template <typename Form, bool Marked> class HashTable {
public:
  using Record = typename Form::Record;
  using Key = typename Form::Key;
  struct Slot {
    typename Form::Stored key;
    Members members;
  };
  HashTable() { allocate(1024); }

  struct Cursor : SlotCursor<Slot, Marked> {
    Cursor() = default;
    explicit Cursor(HashTable &table)
        : SlotCursor<Slot, Marked>(table.array), mask(table.mask), shift(table.shift), arena(&table.arena) {}
    bool update(const Record &r) {
      auto probe = Form::probe(r);
      for (size_t i = probe.hash >> shift;; i = (i + 1) & mask) {
        Slot &slot = this->slots[i];
        if (Form::same(slot.key, probe, *arena)) [[likely]] {
          this->fold(i, r.price);
          return true;
        }
        if (slot.members.count == 0) [[unlikely]]
          return false;
      }
    }
    void prefetch(const Record &r) const { __builtin_prefetch(&this->slots[Form::probe(r).hash >> shift], 1); }
    size_t mask = 0;
    unsigned shift = 0;
    const typename Form::Arena *arena = nullptr;
  };
  Cursor cursor() { return Cursor(*this); }

  /// Adds a key that is not there.
  void insert(const Record &r) {
    if (used == limit)
      grow();
    ++used;
    auto probe = Form::probe(r);
    size_t at = probe.hash >> shift;
    Slot *slots = array.slots();
    while (slots[at].members.count)
      at = (at + 1) & mask;
    slots[at].key = Form::keep(probe, arena);
    Cursor(*this).fold(at, r.price);
  }
  template <typename F> void forEach(F f) const {
    const Slot *slots = array.slots();
    for (size_t i = 0; i <= mask; ++i)
      if (const Members &m = slots[i].members; m.count) {
        array.check(i);
        f(Form::key(slots[i].key, arena), int64_t(m.count), m.sum, m.maximum());
      }
  }
  size_t bytes() const { return array.bytes() + Form::bytes(arena); }

private:
  void allocate(size_t capacity) {
    array.allocate(capacity);
    mask = capacity - 1, shift = unsigned(__builtin_clzll(mask)), used = 0;
    size_t bytes = array.memory.bytes;
    limit = bytes < (4u << 20) ? capacity / 4 : bytes < (64u << 20) ? capacity / 2 : capacity / 4 * 3;
  }
  void grow() {
    SlotArray<Slot, Marked> old = std::move(array);
    size_t capacity = mask + 1, kept = used;
    allocate(capacity * 2);
    const Slot *from = old.slots();
    Slot *slots = array.slots();
    for (size_t i = 0; i < capacity; ++i) {
      if (!from[i].members.count)
        continue;
      size_t at = Form::hashOf(from[i].key, arena) >> shift;
      while (slots[at].members.count)
        at = (at + 1) & mask;
      slots[at] = from[i];
      if constexpr (Marked)
        array.marks.memory[at * sizeof(Slot) >> 12] = 3;
      if (old.high.memory)
        array.highWords()[at] = reinterpret_cast<const int64_t *>(old.high.memory)[i];
    }
    used = kept;
  }

  SlotArray<Slot, Marked> array;
  typename Form::Arena arena;
  size_t mask = 0, limit = 0, used = 0;
  unsigned shift = 0;
};

/// One multiplication; both halves of the product, because numbers in steps of one size fill either badly.
inline uint64_t hashWord(uint64_t word) {
  unsigned __int128 product = (unsigned __int128)(word ^ 0xa0761d6478bd642f) * 0xe7037ed1a0b428db;
  return uint64_t(product) ^ uint64_t(product >> 64);
}
inline uint64_t hashWords(uint64_t a, uint64_t b) {
  unsigned __int128 product = (unsigned __int128)(a ^ 0xa0761d6478bd642f) * (b ^ 0xe7037ed1a0b428db);
  return uint64_t(product) ^ uint64_t(product >> 64);
}

/// One word as the key. The word whose stored form is zero finds an empty slot to be its own, which then is right.
template <typename R, typename K, uint64_t (*Word)(const R &), K (*Unpack)(uint64_t)> struct WordForm {
  using Record = R;
  using Key = K;
  using Stored = uint64_t;
  struct Arena {};
  struct Probe {
    uint64_t word, hash;
  };
  static Probe probe(const R &r) { return {Word(r), hashWord(Word(r))}; }
  static bool same(uint64_t stored, const Probe &p, const Arena &) { return stored == ~p.word; }
  static uint64_t keep(const Probe &p, Arena &) { return ~p.word; }
  static uint64_t hashOf(uint64_t stored, const Arena &) { return hashWord(~stored); }
  static K key(uint64_t stored, const Arena &) { return Unpack(~stored); }
  static size_t bytes(const Arena &) { return 0; }
};

/// Two words; (0, 0) as above.
struct PairForm {
  using Record = Bid;
  using Key = Pair64;
  using Stored = Pair64;
  struct Arena {};
  struct Probe {
    Pair64 key;
    uint64_t hash;
  };
  static uint64_t hashOf(const Pair64 &key, const Arena & = {}) { return hashWords(uint64_t(key.a), uint64_t(key.b)); }
  static Probe probe(const Bid &r) { return {{r.auction, r.bidder}, hashOf({r.auction, r.bidder})}; }
  static bool same(const Pair64 &stored, const Probe &p, const Arena &) {
    return ((stored.a ^ p.key.a) | (stored.b ^ p.key.b)) == 0;
  }
  static Pair64 keep(const Probe &p, Arena &) { return p.key; }
  static Pair64 key(const Pair64 &stored, const Arena &) { return stored; }
  static size_t bytes(const Arena &) { return 0; }
};

/// Texts: in the slot up to 12 bytes, else behind one another in an arena. The hash stays in the slot (never zero).
struct TextForm {
  using Record = Named;
  using Key = std::string_view;
  struct Stored {
    uint64_t hash, head, tail;
  };
  struct Arena {
    std::string text;
  };
  struct Probe {
    uint64_t hash, head, tail;
  };
  static uint64_t hashLong(const char *text, size_t size) {
    auto word = [&](size_t at) {
      uint64_t w;
      std::memcpy(&w, text + at, 8);
      return w;
    };
    uint64_t hash = size;
    for (size_t i = 0; i + 16 < size; i += 16)
      hash = hashWords(hash ^ word(i), word(i + 8));
    return size < 16 ? hashWords(hash ^ word(0), word(size - 8)) : hashWords(hash ^ word(size - 16), word(size - 8));
  }
  static Probe probe(const Named &r) {
    uint64_t hash = uint32_t(r.head) <= 12 ? hashWords(r.head, r.tail)
                                           : hashLong(reinterpret_cast<const char *>(r.tail), uint32_t(r.head));
    return {hash | 1, r.head, r.tail};
  }
  static bool same(const Stored &s, const Probe &p, const Arena &arena) {
    if (s.hash != p.hash || s.head != p.head)
      return false;
    size_t size = uint32_t(p.head);
    return size <= 12 ? s.tail == p.tail
                      : std::memcmp(arena.text.data() + s.tail, reinterpret_cast<const char *>(p.tail), size) == 0;
  }
  static Stored keep(const Probe &p, Arena &arena) {
    if (uint32_t(p.head) <= 12)
      return {p.hash, p.head, p.tail};
    size_t at = arena.text.size();
    arena.text.append(reinterpret_cast<const char *>(p.tail), uint32_t(p.head));
    return {p.hash, p.head, at};
  }
  static uint64_t hashOf(const Stored &s, const Arena &) { return s.hash; }
  static std::string_view key(const Stored &s, const Arena &arena) {
    const char *text =
        uint32_t(s.head) <= 12 ? reinterpret_cast<const char *>(&s.head) + 4 : arena.text.data() + s.tail;
    return {text, uint32_t(s.head)};
  }
  static size_t bytes(const Arena &arena) { return arena.text.capacity(); }
};

} // namespace twins

#endif
