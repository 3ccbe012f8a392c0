//===- nexmark_model.h - Nexmark's events by number -----------------------===//
//
// Internal. The arithmetic of the benchmark's auctions, after the generator of
// the nexmark/nexmark project: who and what exists at an event, and the numbers
// that are drawn. Every event has draws of its own, so that any event can be
// made without those before it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_GENERATE_NEXMARK_MODEL_H
#define MILLRACE_RUNTIME_IO_GENERATE_NEXMARK_MODEL_H

#include "millrace/abi.h"

#include <cmath>
#include <memory>
#include <string>
#include <vector>

namespace millrace::nexmark {

enum class Kind : uint8_t { Person, Auction, Bid };

/// Of every 50 events one is a person, three are auctions, the others bids.
constexpr int64_t kEpoch = 50, kAuctions = 3;
constexpr int64_t kFirstPerson = 1000, kFirstAuction = 1000, kFirstCategory = 10;
constexpr uint64_t kCategories = 5;

constexpr Kind kindOf(int64_t id) {
  int64_t place = id % kEpoch;
  return place < 1 ? Kind::Person : place < 1 + kAuctions ? Kind::Auction : Kind::Bid;
}

/// Number of the last person, from 0, that exists at event `id`.
constexpr int64_t lastPerson(int64_t id) { return id / kEpoch; }

/// Number of the last auction.
constexpr int64_t lastAuction(int64_t id) {
  int64_t epoch = id / kEpoch, place = id % kEpoch;
  if (place < 1)
    return (epoch - 1) * kAuctions + kAuctions - 1;
  return epoch * kAuctions + (place <= kAuctions ? place - 1 : kAuctions - 1);
}

/// How many of the events 1 … `count` are of a kind.
constexpr uint64_t countOf(Kind kind, uint64_t count) {
  uint64_t epochs = count / kEpoch, rest = count % kEpoch; // an epoch ends with its person: 1 … 49, 50
  uint64_t auctions = rest < kAuctions ? rest : kAuctions;
  switch (kind) {
  case Kind::Person:
    return epochs;
  case Kind::Auction:
    return epochs * kAuctions + auctions;
  case Kind::Bid:
    return epochs * (kEpoch - kAuctions - 1) + rest - auctions;
  }
  return 0;
}

/// Numbers of one event: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
class Draws {
public:
  static constexpr uint64_t kStep = 0x9e3779b97f4a7c15u;

  Draws(uint64_t seed, int64_t id) : state(seed + uint64_t(id) * kStep) {}

  uint64_t next() {
    uint64_t z = state += kStep;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  /// Uniform in [0, n).
  int64_t below(uint64_t n) { return int64_t((unsigned __int128)next() * n >> 64); }

private:
  uint64_t state;
};

/// Prices in cents, from 100 to 10^8, each power of ten as likely: round(10^(6u) * 100) for u uniform in [0, 1).
class Prices {
public:
  Prices();

  int64_t draw(Draws &draws) const { return of(draws.next() >> 11); }

  /// The price of u = bits / 2^53. Where it is certain on which side of a half it lies, by tables for the first twelve
  /// bits of u and four terms of the series for the others: the same number as by pow, four times as fast.
  int64_t of(uint64_t bits) const {
    constexpr double kScale = 0x1p-53 * 6 * 2.302585092994045684; // ln 10
    double t = double(bits & ((uint64_t(1) << 41) - 1)) * kScale; // < 0.0034: the fifth term is below 4e-15
    double cents = coarse[bits >> 47] * fine[bits >> 41 & 63] * (1 + t * (1 + t * (1. / 2 + t * (1. / 6 + t / 24))));
    double whole = std::floor(cents), rest = cents - whole;
    if (std::fabs(rest - 0.5) < 1e-5)
      return byPower(bits);
    return int64_t(whole) + (rest > 0.5);
  }

  static int64_t byPower(uint64_t bits) {
    return int64_t(std::round(std::pow(10.0, 6 * (double(bits) * 0x1p-53)) * 100));
  }

private:
  double coarse[64], fine[64];
};

inline int64_t somePerson(Draws &draws, int64_t id) {
  int64_t people = lastPerson(id) + 1, active = people < 1000 ? people : 1000;
  return people - active + draws.below(uint64_t(active) + 10);
}

inline int64_t someAuction(Draws &draws, int64_t id) {
  int64_t last = lastAuction(id), least = last > 100 ? last - 100 : 0;
  return least + draws.below(uint64_t(last - least) + 11);
}

/// A word of at most `longest` letters, some of them `special`; blanks are trimmed. Returns its end.
char *word(Draws &draws, char *out, uint64_t longest, char special = ' ');

/// Letters that make a record of `size` bytes about `average` long. At most 1.2 * average of them. Returns their end.
char *extra(Draws &draws, char *out, int64_t size, int64_t average);

/// Channels by number, 10,000 and then the four hot ones, with their urls: the same for all events of a seed. (The
/// reference makes an entry when it is first used and keeps it. Here entry i is drawn as event -1 - i would be.)
class Channels {
public:
  static constexpr int64_t kCold = 10000, kHot = 4;
  explicit Channels(uint64_t seed);
  mr_string name(int64_t channel) const { return names[size_t(channel)]; }
  mr_string url(int64_t channel) const { return urls[size_t(channel)]; }

private:
  std::vector<mr_string> names, urls;
  std::unique_ptr<char[]> text;
};

extern const char *const kFirstNames[11], *const kLastNames[9], *const kCities[10], *const kStates[6];

} // namespace millrace::nexmark

#endif
