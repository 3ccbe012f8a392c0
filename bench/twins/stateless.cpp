//===- stateless.cpp - filters and maps by hand ---------------------------===//
#include "bench/twins/twins.h"

#include <algorithm>
#include <bit>
#include <cstdlib>

namespace twins {
namespace {

struct Projected {
  int64_t auction, price;
};
struct Mapped {
  int64_t auction;
  double eur;
  int64_t fee;
};

template <typename Row> void consume(const Row *rows, size_t count, Answer &answer);

template <> void consume(const Projected *rows, size_t count, Answer &answer) {
  answer.rows += count;
  if (!checking())
    return;
  for (size_t i = 0; i < count; ++i)
    answer.checksum += mix(rows[i].auction, 0) + mix(rows[i].price, 1);
}
template <> void consume(const Mapped *rows, size_t count, Answer &answer) {
  answer.rows += count;
  if (!checking())
    return;
  for (size_t i = 0; i < count; ++i)
    answer.checksum += mix(rows[i].auction, 0) + mix(std::bit_cast<uint64_t>(rows[i].eur), 1) + mix(rows[i].fee, 2);
}

} // namespace

bool &checking() {
  static bool on = false;
  return on;
}

Answer filterProject(const Bid *bids, size_t count) {
  static Projected out[kChunk];
  Answer answer;
  for (size_t at = 0; at < count; at += kChunk) {
    size_t end = std::min(count, at + kChunk), n = 0;
    // No branch: the row is written always, and counted if it passes.
    for (size_t i = at; i < end; ++i) {
      out[n] = {bids[i].auction, bids[i].price};
      n += bids[i].auction % 123 == 0;
    }
    consume(out, n, answer);
  }
  return answer;
}

Answer filterMap(const Bid *bids, size_t count, int64_t limit) {
  static Mapped out[kChunk];
  Answer answer;
  for (size_t at = 0; at < count; at += kChunk) {
    size_t end = std::min(count, at + kChunk), n = 0;
    bool bad = false;
    for (size_t i = at; i < end; ++i) {
      const Bid &b = bids[i];
      int64_t fee;
      bool pass = b.price < limit;
      bool over = __builtin_mul_overflow(b.price, int64_t(3), &fee);
      over |= __builtin_add_overflow(fee, b.bidder, &fee);
      bad |= over & pass;
      out[n] = {b.auction, 0.908 * double(b.price), fee};
      n += pass;
    }
    if (bad) [[unlikely]]
      abort(); // a record of these inputs never overflows; the check is what counts
    consume(out, n, answer);
  }
  return answer;
}

} // namespace twins
