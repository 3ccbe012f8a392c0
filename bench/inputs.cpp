//===- inputs.cpp - what the measured programs read -----------------------===//
#include "bench/inputs.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace bench {
namespace {

constexpr size_t kPad = 64;
constexpr int64_t kStart = 1'436'918'400'000'000; // 2015-07-15

uint64_t draw(uint64_t &state) { // SplitMix64
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

void writeBid(std::ostream &out, const uint8_t *row) {
  auto &bid = *reinterpret_cast<const twins::Bid *>(row);
  out << "{\"auction\":" << bid.auction << ",\"bidder\":" << bid.bidder << ",\"price\":" << bid.price
      << ",\"time\":" << bid.time << "}\n";
}
void writeFloatBid(std::ostream &out, const uint8_t *row) {
  auto &bid = *reinterpret_cast<const twins::Bid *>(row);
  out << "{\"auction\":" << bid.auction << ",\"bidder\":" << bid.price << ",\"price\":" << bid.price
      << ",\"time\":" << bid.time << "}\n";
}
void writePair(std::ostream &out, const uint8_t *row) {
  auto &pair = *reinterpret_cast<const twins::SmallPair *>(row);
  out << "{\"a\":" << pair.a << ",\"b\":" << pair.b << ",\"price\":" << pair.price << ",\"time\":" << pair.time
      << "}\n";
}
void writeNamed(std::ostream &out, const uint8_t *row) {
  auto &named = *reinterpret_cast<const twins::Named *>(row);
  out << "{\"name\":\"" << named.name() << "\",\"price\":" << named.price << ",\"time\":" << named.time << "}\n";
}

/// Rows, and the bytes of their texts.
struct Rows {
  std::vector<uint8_t> rows;
  std::string texts;
};

template <typename Record>
InputPtr rowsOf(std::shared_ptr<Rows> owner, uint64_t records, void (*writeLine)(std::ostream &, const uint8_t *)) {
  return std::make_shared<Input>(
      Input{owner->rows.data(), owner->rows.size(), records, "bids", sizeof(Record), std::move(owner), writeLine});
}

/// A price, and a time some seconds into an hour.
struct Offers {
  uint64_t state = 11;
  int64_t price() { return int64_t(draw(state) % 1000); }
  int64_t time(uint64_t record) { return kStart + 10'000'000 + int64_t(record) * 5 - int64_t(draw(state) % 2'000'000); }
};

InputPtr text(const std::string &lines, uint64_t records) {
  auto bytes = std::make_shared<std::vector<uint8_t>>(lines.size() + 2 * kPad, uint8_t(' '));
  std::memcpy(bytes->data() + kPad, lines.data(), lines.size());
  const uint8_t *begin = bytes->data() + kPad;
  return std::make_shared<Input>(Input{begin, lines.size(), records, "lines", 0, std::move(bytes)});
}

} // namespace

Input Input::part(uint64_t wanted) const {
  Input p = *this;
  p.records = std::min(records, wanted);
  if (rowSize) {
    p.size = p.records * rowSize;
    return p;
  }
  const uint8_t *end = bytes;
  for (uint64_t i = 0; i < p.records; ++i)
    end = static_cast<const uint8_t *>(std::memchr(end, '\n', bytes + size - end)) + 1;
  p.size = end - bytes;
  return p;
}

std::function<uint64_t()> keyNumbers(uint64_t keys, Spread spread) {
  constexpr uint64_t kOdd = 0x9e3779b97f4a7c15; // what is frequent does not lie together
  uint64_t bits = 64 - uint64_t(__builtin_clzll(keys)), mask = (uint64_t(1) << bits) - 1;
  auto scattered = [=](uint64_t rank) { // a permutation of [0, keys), walked until it stays inside
    do
      rank = (rank * kOdd + 12345) & mask;
    while (rank >= keys);
    return rank;
  };
  uint64_t state = keys, next = 0;
  switch (spread) {
  case Spread::Uniform:
    return [=]() mutable { return draw(state) % keys; };
  case Spread::Skewed:
    return [=]() mutable {
      double u = double(draw(state) >> 11) * 0x1p-53;
      return scattered(std::min(keys - 1, uint64_t(std::pow(double(keys), u)) - 1));
    };
  case Spread::EachOnce:
    break;
  }
  return [=]() mutable { return scattered(next++ % keys); };
}

InputPtr bids(uint64_t records, uint64_t keys) {
  auto owner = std::make_shared<Rows>();
  owner->rows.resize(records * sizeof(twins::Bid));
  auto *bid = reinterpret_cast<twins::Bid *>(owner->rows.data());
  uint64_t state = keys;
  for (uint64_t i = 0; i < records; ++i) {
    int64_t disorder = int64_t(draw(state) % 2'000'000);
    bid[i] = {int64_t(draw(state) % keys), int64_t(draw(state) % 100'000), int64_t(draw(state) % 1000),
              kStart + int64_t(i) * 5 - disorder};
  }
  return rowsOf<twins::Bid>(std::move(owner), records, writeBid);
}

InputPtr keyedBids(uint64_t records, const std::function<uint64_t()> &number,
                   const std::function<twins::Pair64(uint64_t)> &key) {
  auto owner = std::make_shared<Rows>();
  owner->rows.resize(records * sizeof(twins::Bid));
  auto *bid = reinterpret_cast<twins::Bid *>(owner->rows.data());
  Offers offers;
  for (uint64_t i = 0; i < records; ++i) {
    twins::Pair64 k = key(number());
    bid[i] = {k.a, k.b, offers.price(), offers.time(i)};
  }
  return rowsOf<twins::Bid>(std::move(owner), records, writeBid);
}

namespace {

void writeSpaced(twins::Bid *bid, uint64_t records, uint64_t keys, int64_t spacing, bool disorder) {
  uint64_t state = keys;
  for (uint64_t i = 0; i < records; ++i) {
    int64_t price = int64_t(draw(state) % 1000);
    uint64_t chance = draw(state);
    int64_t behind = disorder && chance % 100 == 0 ? int64_t(chance / 100 % 3'000'000) : 0;
    bid[i] = {int64_t(draw(state) % keys), std::bit_cast<int64_t>(double(price)), price,
              kStart + 10'000'000 + int64_t(i) * spacing - behind};
  }
}

/// Addresses for as many bytes, at each of which parts of one file may be mapped.
class Mapping {
public:
  explicit Mapping(size_t bytes) : bytes(bytes), file(memfd_create("bench", MFD_CLOEXEC)) {
    void *p = mmap(nullptr, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED || file < 0)
      die("cannot reserve addresses for the input");
    begin = static_cast<uint8_t *>(p);
  }
  Mapping(const Mapping &) = delete;
  ~Mapping() {
    munmap(begin, bytes);
    close(file);
  }
  /// Adds to the file; returns where it lies there. Lengths are whole pages.
  off_t write(const void *from, size_t length) {
    for (size_t done = 0; done < length;) {
      ssize_t n = pwrite(file, static_cast<const uint8_t *>(from) + done, length - done, end + off_t(done));
      if (n <= 0)
        die("cannot keep the input in memory");
      done += size_t(n);
    }
    return std::exchange(end, end + off_t(length));
  }
  void map(size_t at, off_t from, size_t length) {
    if (mmap(begin + at, length, PROT_READ, MAP_SHARED | MAP_FIXED | MAP_POPULATE, file, from) == MAP_FAILED)
      die("cannot map the input");
  }

  uint8_t *begin;
  size_t bytes;

private:
  [[noreturn]] static void die(const char *what) {
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(3);
  }
  int file;
  off_t end = 0;
};

} // namespace

InputPtr spacedBids(uint64_t records, uint64_t keys, int64_t spacing, bool disorder) {
  auto owner = std::make_shared<Rows>();
  owner->rows.resize(records * sizeof(twins::Bid));
  writeSpaced(reinterpret_cast<twins::Bid *>(owner->rows.data()), records, keys, spacing, disorder);
  return rowsOf<twins::Bid>(std::move(owner), records, writeFloatBid);
}

InputPtr jumpingBids(uint64_t records, uint64_t keys, int64_t spacing, uint64_t every, int64_t jump) {
  auto owner = std::make_shared<Rows>();
  owner->rows.resize(records * sizeof(twins::Bid));
  auto *bids = reinterpret_cast<twins::Bid *>(owner->rows.data());
  writeSpaced(bids, records, keys, spacing, /*disorder=*/false);
  for (uint64_t i = 0; i < records; ++i)
    bids[i].time += int64_t(i / every) * jump;
  return rowsOf<twins::Bid>(std::move(owner), records, writeFloatBid);
}

InputPtr filledBids(uint64_t keys, uint64_t each, uint64_t records, int64_t spacing, bool disorder) {
  constexpr uint64_t kRounds = 8, group = 10'000; // of the keys at once; 8 rounds of them are whole pages
  uint64_t warm = keys * each;
  auto mapping = std::make_shared<Mapping>((warm + records) * sizeof(twins::Bid));
  std::vector<twins::Bid> bids(group * kRounds);
  size_t length = bids.size() * sizeof(twins::Bid), at = 0;
  uint64_t state = keys;
  for (uint64_t first = 0; first < keys; first += group) {
    for (uint64_t i = 0; i < bids.size(); ++i) {
      uint64_t round = i / group, key = first + (i % group * (2 * (round + 1) * group / 5 + 1) + round) % group;
      int64_t price = int64_t(draw(state) % 1000);
      bids[i] = {int64_t(key), std::bit_cast<int64_t>(double(price)), price, kStart + 10'000'000};
    }
    off_t from = mapping->write(bids.data(), length);
    for (uint64_t i = 0; i < each; i += kRounds, at += length)
      mapping->map(at, from, length);
  }
  bids.resize(records);
  writeSpaced(bids.data(), records, keys, spacing, disorder);
  mapping->map(at, mapping->write(bids.data(), records * sizeof(twins::Bid)), records * sizeof(twins::Bid));
  return std::make_shared<Input>(
      Input{mapping->begin, mapping->bytes, warm + records, "bids", sizeof(twins::Bid), mapping, writeFloatBid});
}

InputPtr keyedPairs(uint64_t records, const std::function<uint64_t()> &number,
                    const std::function<twins::Pair32(uint64_t)> &key) {
  auto owner = std::make_shared<Rows>();
  owner->rows.resize(records * sizeof(twins::SmallPair));
  auto *pair = reinterpret_cast<twins::SmallPair *>(owner->rows.data());
  Offers offers;
  for (uint64_t i = 0; i < records; ++i) {
    twins::Pair32 k = key(number());
    pair[i] = {k.a, k.b, offers.price(), offers.time(i)};
  }
  return rowsOf<twins::SmallPair>(std::move(owner), records, writePair);
}

InputPtr keyedNames(uint64_t records, uint64_t keys, const std::function<uint64_t()> &number,
                    const std::function<std::string(uint64_t)> &key) {
  auto owner = std::make_shared<Rows>();
  // Each record's text lies where its line would: long ones behind one another, in the order of arrival.
  std::vector<std::string> names(keys);
  for (uint64_t k = 0; k < keys; ++k)
    names[k] = key(k);
  std::vector<uint32_t> drawn(records);
  size_t bytes = 0;
  for (uint32_t &k : drawn)
    k = uint32_t(number()), bytes += names[k].size();
  owner->texts.reserve(bytes);
  owner->rows.resize(records * sizeof(twins::Named));
  auto *named = reinterpret_cast<twins::Named *>(owner->rows.data());
  Offers offers;
  for (uint64_t i = 0; i < records; ++i) {
    const std::string &name = names[drawn[i]];
    uint64_t words[2] = {uint32_t(name.size()), 0};
    std::memcpy(reinterpret_cast<char *>(words) + 4, name.data(), std::min<size_t>(name.size(), 12));
    if (name.size() > 12) {
      words[1] = reinterpret_cast<uint64_t>(owner->texts.data() + owner->texts.size());
      owner->texts += name;
    }
    named[i] = {words[0], words[1], offers.price(), offers.time(i)};
  }
  return rowsOf<twins::Named>(std::move(owner), records, writeNamed);
}

InputPtr jsonBids(uint64_t records) {
  static const char *const channels[] = {"Google", "Facebook", "Baidu", "Apple"};
  std::string lines;
  uint64_t state = 7;
  auto letters = [&](size_t n) {
    std::string s(n, 'a');
    for (char &c : s)
      c = char('a' + draw(state) % 26);
    return s;
  };
  for (uint64_t i = 0; i < records; ++i) {
    std::string channel =
        draw(state) % 2 ? channels[draw(state) % 4] : "channel-" + std::to_string(draw(state) % 10000);
    std::string extra = letters(55 + draw(state) % 28);
    lines += "{\"auction\":" + std::to_string(1000 + draw(state) % 100000) +
             ",\"bidder\":" + std::to_string(1000 + draw(state) % 50000) +
             ",\"price\":" + std::to_string(100 + draw(state) % 100000000) + ",\"channel\":\"" + channel +
             "\",\"url\":\"https://www.nexmark.com/" + letters(5) + "/" + letters(5) + "/" + letters(5) +
             "/item.htm?query=1\",\"date_time\":" + std::to_string(1436918400000 + i / 10) + ",\"extra\":\"" + extra +
             "\"}\n";
  }
  return text(lines, records);
}

InputPtr jsonQuakes(int times) {
  std::ifstream file(std::string(MILLRACE_SOURCE_DIR) + "/examples/data/quakes.jsonl");
  std::stringstream all;
  all << file.rdbuf();
  std::string week = all.str(), lines;
  for (int i = 0; i < times; ++i)
    lines += week;
  return text(lines, uint64_t(std::count(lines.begin(), lines.end(), '\n')));
}

} // namespace bench
