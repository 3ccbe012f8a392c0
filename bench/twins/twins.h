//===- twins.h - the same work, by hand -----------------------------------===//
//
// Each twin does what one pipeline of bench/pipelines does, written to win:
// knowing its record, its key and its output. It makes the checks that the
// pipeline makes (overflow, time, lateness) and hands its rows on in chunks of a
// batch's size, as a program would that does not keep them.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_H
#define MILLRACE_BENCH_TWINS_H

#include <cstddef>
#include <cstdint>

namespace twins {

/// A record in memory, 32 bytes: Nexmark's bid without its texts. `time` is in microseconds.
struct Bid {
  int64_t auction, bidder, price, time;
};

/// What came out: as many rows, and a sum over all their fields that does not depend on their order.
struct Answer {
  uint64_t rows = 0, checksum = 0;
  bool operator==(const Answer &) const = default;
};

/// A row's part of the checksum: fields mixed by their position, so that swapped columns do not go unseen.
inline uint64_t mix(uint64_t value, uint64_t position) {
  return (value ^ (value >> 29)) * (0x9e3779b97f4a7c15 + 2 * position);
}

/// Rows are looked at (for the checksum) only while this is true; the timed runs throw them away, as the null sink
/// does.
bool &checking();

/// Records a chunk of output holds.
inline constexpr size_t kChunk = 4096;

/// auction mod 123 = 0 -> auction, price.
Answer filterProject(const Bid *bids, size_t count);
/// price < limit -> auction, 0.908 * price, price * 3 + bidder (checked).
Answer filterMap(const Bid *bids, size_t count, int64_t limit);
/// tumbling windows of `size` microseconds, bounded disorder: count and exact sum of the price for each auction.
Answer countAndSum(const Bid *bids, size_t count, int64_t size, int64_t bound);

/// JSON lines by simdjson's on-demand parser, four members each; the checksum is the sum of what was read. `bytes` has
/// simdjson's padding behind it.
Answer jsonBids(const char *bytes, size_t size);
Answer jsonQuakes(const char *bytes, size_t size);

} // namespace twins

#endif
