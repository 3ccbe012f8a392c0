//===- nexmark_test.cpp - the generator of the Nexmark benchmark ----------===//
#include "generated_source.h"
#include "runtime/io/generate/nexmark_model.h"

#include <gtest/gtest.h>
#include <map>
#include <random>
#include <set>
#include <unordered_map>

using namespace millrace;

namespace {

constexpr int64_t kBaseMillis = 1436918400000;

struct Bid {
  int64_t auction, bidder, price, time;
};

std::vector<mr_option> options(const char *stream, const char *events, std::vector<mr_option> more = {}) {
  more.push_back({"stream", stream, -1});
  more.push_back({"events", events, -1});
  return more;
}
GeneratedSource bids(const char *events, std::vector<mr_option> more = {}) {
  return {"nexmark",
          options("bid", events, std::move(more)),
          {{"auction", MR_I64},
           {"bidder", MR_I64},
           {"price", MR_I64},
           {"channel", MR_STRING},
           {"url", MR_STRING},
           {"dateTime", MR_TIMESTAMP},
           {"extra", MR_STRING}}};
}
GeneratedSource auctions(const char *events, std::vector<mr_option> more = {}) {
  return {"nexmark",
          options("auction", events, std::move(more)),
          {{"id", MR_I64},
           {"itemName", MR_STRING},
           {"description", MR_STRING},
           {"initialBid", MR_I64},
           {"reserve", MR_I64},
           {"dateTime", MR_TIMESTAMP},
           {"expires", MR_TIMESTAMP},
           {"seller", MR_I64},
           {"category", MR_I64},
           {"extra", MR_STRING}}};
}
GeneratedSource persons(const char *events, std::vector<mr_option> more = {}) {
  return {"nexmark",
          options("person", events, std::move(more)),
          {{"id", MR_I64},
           {"name", MR_STRING},
           {"emailAddress", MR_STRING},
           {"creditCard", MR_STRING},
           {"city", MR_STRING},
           {"state", MR_STRING},
           {"dateTime", MR_TIMESTAMP},
           {"extra", MR_STRING}}};
}

std::vector<Bid> allBids(GeneratedSource &source) {
  std::vector<Bid> all;
  EXPECT_TRUE(source.open()) << source.error;
  source.forEach(kMaxBatch, [&](const mr_batch &batch, uint32_t i) {
    all.push_back({source.number(batch, 0, i), source.number(batch, 1, i), source.number(batch, 2, i),
                   source.number(batch, 5, i)});
  });
  return all;
}

/// Every record as a line.
std::vector<std::string> lines(GeneratedSource &source, uint32_t maxBatch = kMaxBatch) {
  std::vector<std::string> all;
  EXPECT_TRUE(source.open()) << source.error;
  source.forEach(maxBatch, [&](const mr_batch &batch, uint32_t i) {
    std::string line;
    for (uint32_t f = 0; f < source.fields.size(); ++f)
      if (source.fields[f].used)
        line += (source.fields[f].type == MR_STRING ? source.string(batch, f, i)
                                                    : std::to_string(source.number(batch, f, i))) +
                "|";
    all.push_back(line);
  });
  return all;
}

/// A million events of the three kinds, made once.
struct Million {
  std::vector<Bid> bids;
  struct Auction {
    int64_t seller, category, time, expires, initial, reserve;
  };
  std::map<int64_t, Auction> auctions; ///< by id
  std::set<int64_t> persons;
  uint64_t withChannel = 0, bytesOfBids = 0, bytesOfAuctions = 0, bytesOfPersons = 0;

  Million() {
    GeneratedSource b = ::bids("1000000"), a = ::auctions("1000000"), p = ::persons("1000000");
    EXPECT_TRUE(b.open() && a.open() && p.open());
    b.forEach(kMaxBatch, [&](const mr_batch &batch, uint32_t i) {
      bids.push_back({b.number(batch, 0, i), b.number(batch, 1, i), b.number(batch, 2, i), b.number(batch, 5, i)});
      std::string channel = b.string(batch, 3, i), url = b.string(batch, 4, i);
      bool hot = channel == "Google" || channel == "Facebook" || channel == "Baidu" || channel == "Apple";
      withChannel += hot || url.find("&channel_id=") != std::string::npos;
      bytesOfBids += 32 + b.string(batch, 6, i).size();
    });
    a.forEach(kMaxBatch, [&](const mr_batch &batch, uint32_t i) {
      auctions[a.number(batch, 0, i)] = {a.number(batch, 7, i), a.number(batch, 8, i), a.number(batch, 5, i),
                                         a.number(batch, 6, i), a.number(batch, 3, i), a.number(batch, 4, i)};
      bytesOfAuctions +=
          48 + a.string(batch, 1, i).size() + a.string(batch, 2, i).size() + a.string(batch, 9, i).size();
    });
    p.forEach(kMaxBatch, [&](const mr_batch &batch, uint32_t i) {
      persons.insert(p.number(batch, 0, i));
      bytesOfPersons += 8;
      for (uint32_t f : {1, 2, 3, 4, 5, 7})
        bytesOfPersons += p.string(batch, f, i).size();
    });
  }
};
const Million &million() {
  static const Million all;
  return all;
}
double share(uint64_t part, uint64_t whole) { return double(part) / double(whole); }

TEST(Nexmark, TwoSixNinetyTwoPercent) {
  EXPECT_EQ(million().persons.size(), 20000u);
  EXPECT_EQ(million().auctions.size(), 60000u);
  EXPECT_EQ(million().bids.size(), 920000u);
  EXPECT_EQ(*million().persons.begin(), 1001) << "event 0 does not exist, so neither does person 1000";
  EXPECT_EQ(million().auctions.begin()->first, 1000);
  EXPECT_EQ(million().auctions.rbegin()->first, 1000 + 59999);
}

TEST(Nexmark, QueriesPassTheirShares) {
  uint64_t q2 = 0, q14 = 0, q20 = 0, ranks[3] = {};
  for (const Bid &bid : million().bids) {
    q2 += bid.auction % 123 == 0;
    double euros = 0.908 * double(bid.price);
    q14 += euros > 1e6 && euros < 5e7;
    ++ranks[bid.price < 10000 ? 0 : bid.price < 1000000 ? 1 : 2];
    auto auction = million().auctions.find(bid.auction);
    q20 += auction != million().auctions.end() && auction->second.category == 10;
  }
  uint64_t bids = million().bids.size();
  EXPECT_NEAR(share(q2, bids), 0.0081, 0.0008); // hot auctions are multiples of 100: it varies with the seed
  EXPECT_NEAR(share(q14, bids), 0.283, 0.003);
  EXPECT_NEAR(share(q20, bids), 0.196, 0.02);
  for (uint64_t rank : ranks)
    EXPECT_NEAR(share(rank, bids), 1.0 / 3, 0.003);
  EXPECT_NEAR(share(million().withChannel, bids), 0.95, 0.003); // q21
}

TEST(Nexmark, BidsPerAuction) {
  std::unordered_map<int64_t, uint64_t> counts;
  uint64_t early = 0, most = 0, without = 0;
  for (const Bid &bid : million().bids) {
    most = std::max(most, ++counts[bid.auction]);
    auto auction = million().auctions.find(bid.auction);
    early += auction == million().auctions.end() || auction->second.time > bid.time;
  }
  for (auto &[id, auction] : million().auctions)
    without += !counts.count(id);
  EXPECT_NEAR(share(million().bids.size(), counts.size()), 15.3, 0.1);
  EXPECT_GT(most, 750u);
  EXPECT_LT(most, 900u);
  EXPECT_NEAR(share(early, million().bids.size()), 0.045, 0.003);
  EXPECT_LT(share(without, million().auctions.size()), 0.0015);
}

TEST(Nexmark, SellersAndHotAuctions) {
  std::set<int64_t> sellers;
  for (auto &[id, auction] : million().auctions) {
    sellers.insert(auction.seller);
    ASSERT_TRUE(auction.category >= 10 && auction.category <= 14);
    ASSERT_GT(auction.expires, auction.time);
    ASSERT_LE(auction.expires - auction.time, (2 * 167 + 1) * 1000);
    ASSERT_TRUE(auction.initial >= 100 && auction.reserve > auction.initial);
  }
  EXPECT_NEAR(share(sellers.size(), million().persons.size()), 0.53, 0.02);
  // The hot auction is the greatest multiple of 100: it changes with every 100 auctions, which are 1667 events.
  std::map<int64_t, uint64_t> hot;
  for (const Bid &bid : million().bids)
    if (bid.auction % 100 == 0)
      ++hot[bid.auction];
  EXPECT_NEAR(share(1000000, hot.size()), 1667, 5);
}

TEST(Nexmark, SizesOfRecords) {
  EXPECT_NEAR(share(million().bytesOfBids, million().bids.size()), 100, 1);
  EXPECT_NEAR(share(million().bytesOfAuctions, million().auctions.size()), 500, 3);
  EXPECT_NEAR(share(million().bytesOfPersons, million().persons.size()), 200, 2);
}

TEST(Nexmark, EventTimeIsOfTheEventAlone) {
  GeneratedSource source = bids("200", {{"rate", "3000", -1}});
  auto all = allBids(source);
  // Bids are events 3 … 48 of the first 49 (their places in time start at 0), and so on; 3000 events a second.
  uint64_t next = 0;
  for (int64_t place = 0; place < 200; ++place)
    if ((place + 1) % 50 >= 4)
      EXPECT_EQ(all.at(next++).time, (kBaseMillis + place * 1000 / 3000) * 1000);
  EXPECT_EQ(next, all.size());
}

TEST(Nexmark, ModelByHand) {
  // Event 4 is the first bid: persons up to 0, auctions up to 2. With SplitMix64 from seed 0, worked out by hand.
  GeneratedSource source = bids("4");
  auto all = allBids(source);
  ASSERT_EQ(all.size(), 1u);
  uint64_t state = 4 * 0x9e3779b97f4a7c15u;
  auto below = [&](uint64_t n) {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    return int64_t((unsigned __int128)z * n >> 64);
  };
  int64_t auction = below(2) > 0 ? 0 : below(2 + 11);
  int64_t bidder = below(4) > 0 ? 1 : 1 - 1 + below(1 + 10);
  EXPECT_EQ(all[0].auction, 1000 + auction);
  EXPECT_EQ(all[0].bidder, 1000 + bidder);
  EXPECT_EQ(all[0].time, kBaseMillis * 1000);
}

TEST(Nexmark, PricesAreThoseOfThePower) {
  nexmark::Prices prices;
  std::mt19937_64 random(7);
  constexpr uint64_t kGreatest = (uint64_t(1) << 53) - 1;
  for (int i = 0; i < 500000; ++i) {
    uint64_t bits = random() >> 11;
    ASSERT_EQ(prices.of(bits), nexmark::Prices::byPower(bits)) << bits;
  }
  // About the borders between two prices, and between two entries of the tables.
  for (double cents = 100.5; cents < 1e8; cents = std::floor(cents * 1.01) + 0.5)
    for (int64_t near = -20; near <= 20; ++near) {
      uint64_t bits = uint64_t(std::log10(cents / 100) / 6 * 0x1p53) + uint64_t(near);
      ASSERT_EQ(prices.of(bits), nexmark::Prices::byPower(bits)) << bits;
    }
  for (uint64_t entry = 1; entry < 4096; ++entry)
    for (uint64_t bits : {(entry << 41) - 1, entry << 41})
      ASSERT_EQ(prices.of(bits), nexmark::Prices::byPower(bits)) << bits;
  EXPECT_EQ(prices.of(0), 100);
  EXPECT_EQ(prices.of(kGreatest), 100000000);
}

TEST(Nexmark, Rule7BatchesAndUnusedFieldsChangeNothing) {
  for (auto make : {bids, auctions, persons}) {
    GeneratedSource source = make("3000", {});
    auto expected = lines(source);
    for (uint32_t maxBatch : {1, 7, 64})
      EXPECT_EQ(lines(source, maxBatch), expected);
    // Each field alone is what it is among the others.
    for (uint32_t f = 0; f < source.fields.size(); ++f) {
      GeneratedSource alone = make("3000", {});
      for (auto &field : alone.fields)
        field.used = 0;
      alone.fields[f].used = 1;
      auto column = lines(alone);
      ASSERT_EQ(column.size(), expected.size());
      for (size_t i = 0; i < column.size(); ++i) {
        std::string rest = expected[i];
        for (uint32_t skip = 0; skip < f; ++skip)
          rest = rest.substr(rest.find('|') + 1);
        ASSERT_EQ(column[i], rest.substr(0, rest.find('|') + 1)) << source.fields[f].name;
      }
    }
  }
}

TEST(Nexmark, DisorderKeepsEventsAndTimes) {
  GeneratedSource ordered = bids("5000"), shuffled = bids("5000", {{"group", "100", -1}});
  auto a = lines(ordered), b = lines(shuffled);
  EXPECT_NE(a, b);
  EXPECT_EQ(shuffled.generator->total(), a.size());
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  EXPECT_EQ(a, b);
}

TEST(Nexmark, SeedsDiffer) {
  GeneratedSource a = bids("100"), b = bids("100", {{"seed", "1", -1}});
  EXPECT_NE(lines(a), lines(b));
}

TEST(Nexmark, TotalIsWhatComes) {
  for (auto make : {bids, auctions, persons})
    for (const char *events : {"0", "1", "3", "49", "50", "51", "777"})
      for (const char *group : {"1", "10", "64"}) {
        GeneratedSource source = make(events, {{"group", group, -1}});
        ASSERT_TRUE(source.open()) << source.error;
        uint64_t total = source.generator->total().value();
        EXPECT_EQ(source.forEach(64, [](const mr_batch &, uint32_t) {}), total) << events << " " << group;
      }
}

TEST(Nexmark, WrongOptionsAreMessages) {
  auto message = [](std::vector<mr_option> more) {
    GeneratedSource source = bids("10", std::move(more));
    EXPECT_FALSE(source.open());
    return source.error;
  };
  EXPECT_NE(message({{"rate", "0", -1}}).find("option `rate`"), std::string::npos);
  EXPECT_NE(message({{"rate", "fast", -1}}).find("expected a whole number, found `fast`"), std::string::npos);
  EXPECT_NE(message({{"group", "953", -1}}).find("option `group`"), std::string::npos);
  EXPECT_NE(message({{"stream", "bids", -1}}).find("found `bids`"), std::string::npos);
  EXPECT_NE(message({{"start", "9999-12-31T23:59:59.9Z", -1}}).find("after the year 9999"), std::string::npos);
  GeneratedSource wrong("nexmark", options("bid", "10"), {{"prize", MR_I64}});
  EXPECT_FALSE(wrong.open());
  EXPECT_NE(wrong.error.find("no field `prize`; its fields are auction, bidder, price"), std::string::npos);
}

TEST(Nexmark, PacedEventsComeWhenDue) {
  GeneratedSource source = bids("1000", {{"pace", "true", -1}, {"rate", "100", -1}});
  ASSERT_TRUE(source.open());
  DecodedBatch batch;
  int64_t due = 0, now = 5'000'000;
  // The first event is due at once, but is no bid; the first bid is the fourth event.
  ASSERT_EQ(source.generator->poll(64, now, true, batch, due), Generator::Result::Pending);
  EXPECT_EQ(due, now + 10'000);
  ASSERT_EQ(source.generator->poll(64, now + 30'000, true, batch, due), Generator::Result::Batch);
  EXPECT_EQ(batch.batch.size, 1u);
  ASSERT_EQ(source.generator->poll(64, now + 1'000'000, true, batch, due), Generator::Result::Batch);
  EXPECT_EQ(batch.batch.size, 64u);
}

} // namespace
