//===- cases.cpp - what is measured ---------------------------------------===//
#include "bench/cases.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <sstream>

namespace bench {
namespace {

constexpr size_t kPad = 64;

uint64_t draw(uint64_t &state) { // SplitMix64
  uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/// Bids on `keys` auctions, evenly; prices even in [0, 1000); 200 K events a second of event time, up to 2 s out of
/// order.
std::shared_ptr<const Input> bids(uint64_t records, uint64_t keys) {
  auto bytes = std::make_shared<std::vector<uint8_t>>(records * sizeof(twins::Bid));
  auto *bid = reinterpret_cast<twins::Bid *>(bytes->data());
  uint64_t state = keys;
  for (uint64_t i = 0; i < records; ++i) {
    int64_t disorder = int64_t(draw(state) % 2'000'000);
    bid[i] = {int64_t(draw(state) % keys), int64_t(draw(state) % 100'000), int64_t(draw(state) % 1000),
              1'436'918'400'000'000 + int64_t(i) * 5 - disorder};
  }
  return std::make_shared<Input>(Input{bytes->data(), bytes->size(), records, "bids", bytes});
}

std::shared_ptr<const Input> text(const std::string &lines, uint64_t records) {
  auto bytes = std::make_shared<std::vector<uint8_t>>(lines.size() + 2 * kPad, uint8_t(' '));
  std::memcpy(bytes->data() + kPad, lines.data(), lines.size());
  return std::make_shared<Input>(Input{bytes->data() + kPad, lines.size(), records, "lines", bytes});
}

/// Nexmark's bids as flat JSON lines, seven members, about 250 bytes each.
std::shared_ptr<const Input> jsonBids(uint64_t records) {
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

/// The week of quakes, so many times over.
std::shared_ptr<const Input> jsonQuakes(int times) {
  std::ifstream file(std::string(MILLRACE_SOURCE_DIR) + "/examples/data/quakes.jsonl");
  std::stringstream all;
  all << file.rdbuf();
  std::string week = all.str(), lines;
  for (int i = 0; i < times; ++i)
    lines += week;
  return text(lines, std::count(lines.begin(), lines.end(), '\n'));
}

const twins::Bid *asBids(const Input &i) { return reinterpret_cast<const twins::Bid *>(i.bytes); }
const char *asText(const Input &i) { return reinterpret_cast<const char *>(i.bytes); }

} // namespace

Input Input::part(uint64_t wanted) const {
  Input p = *this;
  p.records = std::min(records, wanted);
  if (std::strcmp(name, "bids") == 0) {
    p.size = p.records * sizeof(twins::Bid);
    return p;
  }
  const uint8_t *end = bytes;
  for (uint64_t i = 0; i < p.records; ++i)
    end = static_cast<const uint8_t *>(std::memchr(end, '\n', bytes + size - end)) + 1;
  p.size = end - bytes;
  return p;
}

std::vector<Case> cases() {
  constexpr int64_t kSecond = 1'000'000;
  auto few = bids(10'000'000, 10'000), many = bids(10'000'000, 1'000'000);
  auto lines = jsonBids(1'000'000), quakes = jsonQuakes(100);
  auto map = [](int64_t limit) {
    return [limit](const Input &i) { return twins::filterMap(asBids(i), i.records, limit); };
  };
  auto keyed = [](const Input &i) { return twins::countAndSum(asBids(i), i.records, 10 * kSecond, 4 * kSecond); };
  return {
      {"filter, project (1 of 123)",
       "hand-written",
       "filter_project",
       few,
       {},
       "ii",
       [](const Input &i) { return twins::filterProject(asBids(i), i.records); },
       1'000'000},
      {"filter, map (50 %)", "hand-written", "filter_map", few, {"limit=500"}, "ifi", map(500), 300'000},
      {"filter, map (5 %)", "hand-written", "filter_map", few, {"limit=50"}, "ifi", map(50), 300'000},
      {"tumbling count, sum, 10 K keys", "hand-written", "count_and_sum", few, {}, "ittii", keyed, 3'000'000},
      {"tumbling count, sum, 1 M keys", "hand-written", "count_and_sum", many, {}, "ittii", keyed, 3'000'000},
      {"JSON bids, 4 members of 7",
       "simdjson",
       "json_bids",
       lines,
       {},
       "iiit",
       [](const Input &i) { return twins::jsonBids(asText(i), i.size); },
       300'000,
       "bench/pipelines/json_bids.jsonl"},
      {"JSON quakes, 4 members of 31",
       "simdjson",
       "json_quakes",
       quakes,
       {},
       "ftsf",
       [](const Input &i) { return twins::jsonQuakes(asText(i), i.size); },
       17'070,
       "examples/data/quakes.jsonl"},
  };
}

} // namespace bench
