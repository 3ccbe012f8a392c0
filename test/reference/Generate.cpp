//===- Generate.cpp - sources that make their records -------------------------===//
//
// `sequence`, and `nexmark` as the design of the benchmark describes it: each
// event is a function of the seed and its number alone.
//
//===----------------------------------------------------------------------===//
#include "Sources.h"
#include "Time.h"

#include <cmath>

using namespace millrace::reference;
using namespace millrace;

using Fields = std::vector<GeneratedField>;

static GeneratedField number(std::string name, Integer value) { return {std::move(name), Value::ofInteger(value)}; }
static GeneratedField text(std::string name, std::string value) {
  return {std::move(name), Value::ofText(std::move(value))};
}

/// A bound for sources that do not end: no reference run is that long.
static constexpr int64_t mostRecords = 1'000'000;

namespace {
struct Options {
  mutable stream::SourceOp op; ///< MLIR has no const operations
  const Environment &params;

  std::optional<std::string> get(llvm::StringRef name) const {
    return optionText(op.getOptions(), op.getArgs(), name, params);
  }
  int64_t integer(llvm::StringRef name, int64_t fallback) const {
    auto found = get(name);
    return found ? std::stoll(*found) : fallback;
  }
  int64_t time(llvm::StringRef name, int64_t fallback) const {
    auto found = get(name);
    return found ? parseTimestamp(*found).value_or(fallback) : fallback;
  }
};
} // namespace

static std::vector<Fields> sequence(const Options &options) {
  std::vector<Fields> records;
  int64_t from = options.integer("from", 0), count = options.integer("count", mostRecords);
  int64_t rate = options.integer("rate", 1000), start = options.time("start", 0);
  for (int64_t i = 0; i < count; ++i) // the first record has the time `start`
    records.push_back(
        {number("n", Integer(from) + i), number("time", start + floorDiv(Integer(i) * microsPerSecond, rate))});
  return records;
}

//===-- nexmark -----------------------------------------------------------===//

namespace {
/// The numbers of one event, drawn one after the other (SplitMix64).
struct Draws {
  uint64_t state;
  uint64_t next() {
    uint64_t z = state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  int64_t below(int64_t n) { return int64_t((unsigned __int128)next() * uint64_t(n) >> 64); }
  int64_t price() { return int64_t(std::round(std::pow(10.0, 6 * (double(next() >> 11) * 0x1p-53)) * 100)); }
  /// Letters, some of them `special`; trimmed.
  std::string word(int64_t longest, char special = ' ') {
    std::string letters;
    for (int64_t length = 3 + below(longest - 3); length > 0; --length)
      letters += below(13) == 0 ? special : char('a' + below(26));
    size_t begin = std::min(letters.find_first_not_of(' '), letters.size());
    return letters.substr(begin, letters.find_last_not_of(' ') + 1 - begin);
  }
  /// Letters that bring a record of `size` bytes to about `average`.
  std::string extra(size_t size, int64_t average) {
    std::string letters;
    int64_t wanted = average - int64_t(size);
    if (wanted < 0)
      return letters;
    int64_t spread = int64_t(std::round(0.2 * double(wanted)));
    for (int64_t length = wanted - spread + (spread ? below(2 * spread) : 0); length > 0; --length)
      letters += char('a' + below(26));
    return letters;
  }
};

struct Nexmark {
  int64_t seed, rate, start, group;

  Draws draws(int64_t id) const { return {uint64_t(seed) + uint64_t(id) * 0x9e3779b97f4a7c15u}; }
  int64_t millis(int64_t place) const { return int64_t(floorDiv(start, 1000) + Integer(place) * 1000 / rate); }

  static int64_t lastPerson(int64_t id) { return id / 50; }
  static int64_t lastAuction(int64_t id) {
    int64_t epoch = id / 50, place = id % 50;
    if (place < 1)
      return (epoch - 1) * 3 + 2;
    return epoch * 3 + (place >= 4 ? 2 : place - 1);
  }
  static int64_t somePerson(Draws &draws, int64_t id) {
    int64_t people = lastPerson(id) + 1, active = std::min<int64_t>(people, 1000);
    return people - active + draws.below(active + 10);
  }
  static int64_t someAuction(Draws &draws, int64_t id) {
    int64_t low = std::max<int64_t>(lastAuction(id) - 100, 0);
    return low + draws.below(lastAuction(id) - low + 11);
  }

  Fields person(int64_t place) const;
  Fields auction(int64_t place) const;
  Fields bid(int64_t place) const;
  std::pair<std::string, std::string> channel(int64_t entry) const;
};
} // namespace

Fields Nexmark::person(int64_t place) const {
  static const std::string first[] = {"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                      "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
  static const std::string last[] = {"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                     "Walton", "Smith",  "Jones",   "Noris"};
  static const std::string cities[] = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                       "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
  static const std::string states[] = {"AZ", "CA", "ID", "OR", "WA", "WY"};
  int64_t id = place + 1;
  Draws d = draws(id);
  std::string name = first[d.below(11)];
  name += " " + last[d.below(9)];
  std::string email = d.word(7);
  email += "@" + d.word(5) + ".com";
  std::string card;
  for (int i = 0; i < 4; ++i) {
    std::string digits = std::to_string(10000 + d.below(10000)).substr(1);
    card += (i ? " " : "") + digits;
  }
  std::string city = cities[d.below(10)], state = states[d.below(6)];
  std::string extra = d.extra(8 + name.size() + email.size() + card.size() + city.size() + state.size(), 200);
  return {number("id", lastPerson(id) + 1000),
          text("name", name),
          text("emailAddress", email),
          text("creditCard", card),
          text("city", city),
          text("state", state),
          number("dateTime", Integer(millis(place)) * 1000),
          text("extra", extra)};
}

Fields Nexmark::auction(int64_t place) const {
  int64_t id = place + 1, time = millis(place);
  Draws d = draws(id);
  std::string item = d.word(20), description = d.word(100);
  int64_t initial = d.price(), reserve = initial + d.price();
  int64_t horizon = millis(place + 1666) - time;
  int64_t expires = time + 1 + d.below(std::max<int64_t>(2 * horizon, 1));
  int64_t seller = d.below(4) > 0 ? lastPerson(id) / 100 * 100 : somePerson(d, id);
  int64_t category = 10 + d.below(5);
  std::string extra = d.extra(8 + item.size() + description.size() + 40, 500);
  return {number("id", lastAuction(id) + 1000),
          text("itemName", item),
          text("description", description),
          number("initialBid", initial),
          number("reserve", reserve),
          number("dateTime", Integer(time) * 1000),
          number("expires", Integer(expires) * 1000),
          number("seller", seller + 1000),
          number("category", category),
          text("extra", extra)};
}

/// Entry of the table of channels: 10,000 and then the four hot ones; entry i is drawn as event -1 - i would be.
std::pair<std::string, std::string> Nexmark::channel(int64_t entry) const {
  static const std::string hot[] = {"Google", "Facebook", "Baidu", "Apple"};
  Draws d = draws(-1 - entry);
  std::string url = "https://www.nexmark.com/";
  for (int i = 0; i < 3; ++i)
    url += d.word(5, '_') + "/";
  url += "item.htm?query=1";
  if (entry >= 10000)
    return {hot[entry - 10000], url};
  uint32_t reversed = 0;
  for (int bit = 0; bit < 32; ++bit)
    reversed |= uint32_t(entry >> bit & 1) << (31 - bit);
  if (d.below(10) > 0)
    url += "&channel_id=" + std::to_string(std::llabs(int64_t(int32_t(reversed))));
  return {"channel-" + std::to_string(entry), url};
}

Fields Nexmark::bid(int64_t place) const {
  int64_t id = place + 1;
  Draws d = draws(id);
  int64_t auction = d.below(2) > 0 ? lastAuction(id) / 100 * 100 : someAuction(d, id);
  int64_t bidder = d.below(4) > 0 ? lastPerson(id) / 100 * 100 + 1 : somePerson(d, id);
  int64_t price = d.price();
  int64_t entry = d.below(2) > 0 ? 10000 + d.below(4) : d.below(10000);
  auto [name, url] = channel(entry);
  std::string extra = d.extra(32, 100);
  return {number("auction", auction + 1000),
          number("bidder", bidder + 1000),
          number("price", price),
          text("channel", name),
          text("url", url),
          number("dateTime", Integer(millis(place)) * 1000),
          text("extra", extra)};
}

static std::vector<Fields> nexmark(const Options &options) {
  Nexmark model{options.integer("seed", 0), options.integer("rate", 10'000),
                options.time("start", 1'436'918'400'000'000), // 2015-07-15T00:00:00Z
                options.integer("group", 1)};
  std::string kind = options.get("stream").value_or("bid");
  int64_t events = options.integer("events", mostRecords);
  std::vector<Fields> records;
  for (int64_t n = 0; n < events; ++n) {
    int64_t place = n / model.group * model.group + int64_t(Integer(n) * 953 % model.group);
    int64_t id = place + 1, turn = id % 50;
    std::string made = turn < 1 ? "person" : turn < 4 ? "auction" : "bid";
    if (made == kind)
      records.push_back(kind == "person"    ? model.person(place)
                        : kind == "auction" ? model.auction(place)
                                            : model.bid(place));
  }
  return records;
}

std::vector<Fields> millrace::reference::generate(stream::SourceOp op, const Environment &params, std::string &error) {
  Options options{op, params};
  return op.getConnector() == "sequence" ? sequence(options) : nexmark(options);
}
