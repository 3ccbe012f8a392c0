//===- inputs.h - what the measured programs read -------------------------===//
#ifndef MILLRACE_BENCH_INPUTS_H
#define MILLRACE_BENCH_INPUTS_H

#include "bench/twins/twins.h"

#include <functional>
#include <memory>
#include <ostream>
#include <string>

namespace bench {

/// Input in memory: rows in the binary layout, or JSON lines with padding on both sides.
struct Input {
  const uint8_t *bytes;
  size_t size;
  uint64_t records;
  const char *name;            ///< as the pipeline names it: `memory("bids")`
  size_t rowSize;              ///< 0: lines
  std::shared_ptr<void> owner; ///< of all this points to
  /// Writes a row as a line of JSON, for the reference.
  void (*writeLine)(std::ostream &out, const uint8_t *row) = nullptr;

  /// The first records of it.
  Input part(uint64_t records) const;
};
using InputPtr = std::shared_ptr<const Input>;

/// How keys are spread: evenly, or so that the k-th most frequent comes about 1/k as often as the first (Zipf).
enum class Spread { Uniform, Skewed, EachOnce };

/// Numbers of keys in [0, keys) for so many records. EachOnce: all of them, in no order.
std::function<uint64_t()> keyNumbers(uint64_t keys, Spread spread);

/// Bids on `keys` auctions, evenly; prices even in [0, 1000); 200 K events a second of event time, up to 2 s out of
/// order.
InputPtr bids(uint64_t records, uint64_t keys);
/// The same with the auction (and bidder) made of a key's number, for windows of an hour.
InputPtr keyedBids(uint64_t records, const std::function<uint64_t()> &number,
                   const std::function<twins::Pair64(uint64_t)> &key);
/// Bids on `keys` auctions, evenly, one each `spacing` microseconds; `bidder` holds the price as a float. `disorder`:
/// one of a hundred is up to 3 s late.
InputPtr spacedBids(uint64_t records, uint64_t keys, int64_t spacing, bool disorder);
/// The same in order, but that event time jumps behind each `every` records by `jump` microseconds.
InputPtr jumpingBids(uint64_t records, uint64_t keys, int64_t spacing, uint64_t every, int64_t jump);
/// The same as spacedBids behind a warm-up: each of the keys (a multiple of 10,000) has come `each` times (a multiple
/// of 8) when the records begin, so that windows of counts are full. The warm-up lies in memory once, mapped as often
/// as it comes.
InputPtr filledBids(uint64_t keys, uint64_t each, uint64_t records, int64_t spacing, bool disorder);
InputPtr keyedPairs(uint64_t records, const std::function<uint64_t()> &number,
                    const std::function<twins::Pair32(uint64_t)> &key);
InputPtr keyedNames(uint64_t records, uint64_t keys, const std::function<uint64_t()> &number,
                    const std::function<std::string(uint64_t)> &key);

/// Nexmark's bids as flat JSON lines, seven members, about 250 bytes each.
InputPtr jsonBids(uint64_t records);
/// The week of quakes, so many times over.
InputPtr jsonQuakes(int times);

inline const twins::Bid *asBids(const Input &i) { return reinterpret_cast<const twins::Bid *>(i.bytes); }
inline const char *asText(const Input &i) { return reinterpret_cast<const char *>(i.bytes); }

} // namespace bench

#endif
