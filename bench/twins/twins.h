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
#include <string_view>

namespace twins {

/// A record in memory, 32 bytes: Nexmark's bid without its texts. `time` is in microseconds.
struct Bid {
  int64_t auction, bidder, price, time;
};

/// The same with two small numbers, and with a name: in place up to 12 bytes (`head`: length, first 4), else `tail` is
/// its address.
struct SmallPair {
  int32_t a, b;
  int64_t price, time;
};
struct Named {
  uint64_t head, tail;
  int64_t price, time;

  std::string_view name() const {
    const char *text =
        uint32_t(head) <= 12 ? reinterpret_cast<const char *>(&head) + 4 : reinterpret_cast<const char *>(tail);
    return {text, uint32_t(head)};
  }
};

/// Keys of two fields.
struct Pair32 {
  int32_t a, b;
};
struct Pair64 {
  int64_t a, b;
  bool operator==(const Pair64 &) const = default;
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

/// A text as one word, for the checksum (FNV-1a).
inline uint64_t textBits(std::string_view text) {
  uint64_t bits = 0xcbf29ce484222325;
  for (char c : text)
    bits = (bits ^ uint8_t(c)) * 0x100000001b3;
  return bits;
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

/// What the last twin held at most, and (of keyed updates) its longest batch of kChunk records.
struct Held {
  uint64_t keys = 0, bytes = 0;
  double longestBatch = 0; ///< milliseconds
};
Held &held();

/// Records at the beginning of a run that are not measured, because state is still small. Who runs says when it has
/// taken them.
struct WarmUp {
  uint64_t records = 0;
  void (*isDone)() = nullptr;
};
WarmUp &warmUp();

/// How the state of a keyed update is kept.
enum class Map {
  Layout,         ///< by hand, in the layout that fits the key; writes mark their 4 KiB page, for checkpoints
  LayoutUnmarked, ///< the same without the marks
  Std,            ///< std::unordered_map
  Abseil          ///< absl::flat_hash_map; only if hasAbseil()
};
bool hasAbseil();

/// Windows of an hour, 4 s of disorder: count, exact sum and maximum of the price for each key.
Answer updateDense(const Bid *bids, size_t count, int64_t most, Map map); ///< auction, 0 to `most` (checked)
Answer updateInt(const Bid *bids, size_t count, Map map);                 ///< auction
Answer updatePair32(const SmallPair *records, size_t count, Map map);     ///< a, b
Answer updatePair64(const Bid *bids, size_t count, Map map);              ///< auction, bidder
Answer updateText(const Named *records, size_t count, Map map);           ///< name

/// Windows of slices, in microseconds: each of `size`, a new one with each `slide` (a divisor of size); or windows
/// of `size` in a row that give their result so far with each `slide`. 4 s of disorder.
struct Overlap {
  int64_t size, slide;
  bool cumulates = false;
};
enum class Over { Sum, Max, Average, Distinct }; ///< of prices; the average of the floats that `bidder` holds
/// One aggregate for each auction. `isNaive`: a map for each window instead of slices.
Answer overlapping(const Bid *bids, size_t count, const Overlap &overlap, Over over, bool isNaive);
/// How many different prices, in windows that overlap.
Answer distinctOverlapping(const Bid *bids, size_t count, const Overlap &overlap);
/// After each `step` records of an auction the exact sum of the prices of its last `size` (a multiple of step) or as
/// many as there are.
Answer countWindows(const Bid *bids, size_t count, int64_t size, int64_t step);

/// Windows of `size` microseconds in a row that have, with each `every` of event time from their start, a row of each
/// key that changed, and one of all keys at their end.
Answer windowsAgain(const Bid *bids, size_t count, int64_t size, int64_t every);
/// For each record the exact sum of the prices of its key in the last `length` microseconds; the greatest of its last
/// `length` records.
Answer overTime(const Bid *bids, size_t count, int64_t length);
Answer overRows(const Bid *bids, size_t count, int64_t length);
/// The ten bids with the highest prices of each auction, whole, in windows of `size` in a row.
Answer topOfWindows(const Bid *bids, size_t count, int64_t size);
/// Exact sums in windows of `size` in a row; from its first on each auction has a row of each.
Answer filledWindows(const Bid *bids, size_t count, int64_t size);

/// Sessions with a gap, in microseconds: the exact sum of the prices for each auction. 4 s of disorder, less than the
/// gap; none of the records is late.
Answer sessions(const Bid *bids, size_t count, int64_t gap);

/// JSON lines by simdjson's on-demand parser, four members each; the checksum is the sum of what was read. `bytes` has
/// simdjson's padding behind it.
Answer jsonBids(const char *bytes, size_t size);
Answer jsonQuakes(const char *bytes, size_t size);

} // namespace twins

#endif
