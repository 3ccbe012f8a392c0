//===- wheel.h - timers of keys, in order of their time --------------------===//
//
// Internal. A hierarchical timing wheel over all of time, in microseconds: eight
// levels of 256 buckets, one level for each byte of a time. A timer lies on the
// level of the highest byte in which it differs from the wheel's own time, in
// the bucket of that byte; as the time goes on it falls to lower levels, at most
// once each. So a timer costs the same whether it is due in a second or a year,
// and a jump over ages costs no more than what lies in between.
//
// Timers are armed once for a key and lazily: who finds that the key was written
// since arms it again, instead of moving the timer with every write.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_WHEEL_H
#define MILLRACE_RUNTIME_TIME_WHEEL_H

#include "runtime/state/state_vector.h"

#include <cstdint>

namespace millrace {

struct Timer {
  int64_t due;    ///< microseconds; INT64_MIN to INT64_MAX
  uint64_t token; ///< whose it is: the owner's business
};

class Wheel {
public:
  /// Its memory is on `account`, and goes back as timers go.
  explicit Wheel(StateAccount &account) : account(account) {}
  ~Wheel();
  Wheel(const Wheel &) = delete;
  Wheel &operator=(const Wheel &) = delete;

  /// False if there is no memory for it. A timer that is due already comes with the next `advance`.
  bool add(Timer timer);

  /// Moves the wheel's time to `time` (it never goes back) and appends to `due` the timers with due <= time, in no
  /// order. It looks at `most` timers, or a few more, and then comes back: false means that there may be more, and that
  /// the same time is to be asked for again, or a later one. Timers may be added between.
  bool advance(int64_t time, uint64_t most, StateVector<Timer> &due);

  /// No timer in it is due before this, though perhaps none is then; INT64_MAX: it is empty.
  int64_t next() const;

  uint64_t size() const { return timers; } ///< timers in it

private:
  struct Chunk;
  struct Slab;
  static constexpr uint32_t kLevels = 8, kBuckets = 256;

  bool push(Chunk *&chain, Timer timer);
  bool place(Timer timer);
  Chunk *newChunk();
  void freeChunk(Chunk *chunk);
  void link(Slab *slab);
  void unlink(Slab *slab);
  struct Bucket {
    uint32_t level = kLevels, number; ///< kLevels: there is none
    uint64_t start;
  };
  Bucket firstBucket() const;
  bool openNext(uint64_t target);

  StateAccount &account;
  uint64_t now = 0; ///< its time, as `ordered` has it
  uint64_t timers = 0;
  Chunk *buckets[kLevels][kBuckets] = {};
  uint64_t used[kLevels][kBuckets / 64] = {}; ///< which buckets hold something
  Chunk *ready = nullptr;                     ///< to be looked at: due, or of the bucket in which `now` lies
  Slab *slabs = nullptr;                      ///< a ring; those with free chunks come first
  Slab *spare = nullptr;                      ///< one without a used chunk, in no ring; 0: there is none
};

} // namespace millrace

#endif
