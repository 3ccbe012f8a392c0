//===- nexmark.cpp - the connector `nexmark` ------------------------------===//
//
// One of the three streams of the Nexmark benchmark, seeded per event: every
// run gives the same events. Numbers are drawn field after field, so a field
// is made only as far as it, or one behind it, is read.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/generate/columns.h"
#include "runtime/io/generate/generators.h"
#include "runtime/io/generate/nexmark_model.h"
#include "runtime/io/generate/pace.h"
#include "runtime/values/calendar.h"

#include <algorithm>

using namespace millrace;
using namespace millrace::nexmark;

namespace {

constexpr GeneratedField kPersonFields[] = {
    {"id", MR_I64},      {"name", MR_STRING},  {"emailAddress", MR_STRING}, {"creditCard", MR_STRING},
    {"city", MR_STRING}, {"state", MR_STRING}, {"dateTime", MR_TIMESTAMP},  {"extra", MR_STRING}};
constexpr GeneratedField kAuctionFields[] = {
    {"id", MR_I64},       {"itemName", MR_STRING},    {"description", MR_STRING}, {"initialBid", MR_I64},
    {"reserve", MR_I64},  {"dateTime", MR_TIMESTAMP}, {"expires", MR_TIMESTAMP},  {"seller", MR_I64},
    {"category", MR_I64}, {"extra", MR_STRING}};
constexpr GeneratedField kBidFields[] = {{"auction", MR_I64},    {"bidder", MR_I64}, {"price", MR_I64},
                                         {"channel", MR_STRING}, {"url", MR_STRING}, {"dateTime", MR_TIMESTAMP},
                                         {"extra", MR_STRING}};

struct Fields {
  const GeneratedField *fields;
  uint32_t count;
  uint64_t bytes; ///< at most, of one record's strings
};
constexpr Fields kFields[] = {{kPersonFields, std::size(kPersonFields), 384},
                              {kAuctionFields, std::size(kAuctionFields), 768},
                              {kBidFields, std::size(kBidFields), 128}};

/// No more events than that, so that their times are computed in 64 bits.
constexpr uint64_t kMostEvents = 1'000'000'000'000'000;

struct Settings {
  Kind kind;
  uint64_t seed, events, group;
  int64_t rate, base; ///< base in milliseconds
  bool bounded, pace;
};

class Nexmark final : public Generator {
public:
  Nexmark(const Settings &settings, uint32_t maxBatch, GeneratedColumns given)
      : settings(settings), columns(std::move(given)), pace(settings.pace, settings.rate) {
    if (settings.kind == Kind::Bid && (columns[BidChannel] || columns[BidUrl]))
      channels = std::make_unique<Channels>(settings.seed);
    text = std::make_unique_for_overwrite<char[]>(kFields[size_t(settings.kind)].bytes * maxBatch);
    depth = 0;
    while (columns.anyFrom(depth))
      ++depth;
  }

  Result poll(uint32_t maxRecords, int64_t now, bool paced, DecodedBatch &batch, int64_t &due) override {
    uint64_t until = std::min(settings.events, pace.allowed(now, paced));
    end = text.get();
    uint32_t size = 0;
    for (; number < until && size < maxRecords; ++number) {
      int64_t place = placeOf(number);
      if (kindOf(place + 1) == settings.kind)
        make(place, size++);
    }
    if (size) {
      columns.give(size, batch);
      return Result::Batch;
    }
    if (number == settings.events)
      return Result::End;
    due = pace.due(number);
    return Result::Pending;
  }

  bool paced() const override { return pace.isOn(); }
  std::optional<uint64_t> total() const override {
    if (!settings.bounded)
      return std::nullopt;
    uint64_t whole = settings.events / settings.group * settings.group, count = countOf(settings.kind, whole);
    for (uint64_t i = whole; i < settings.events; ++i)
      count += kindOf(placeOf(i) + 1) == settings.kind;
    return count;
  }

private:
  enum PersonField : uint32_t {
    PersonId,
    PersonName,
    PersonEmail,
    PersonCard,
    PersonCity,
    PersonState,
    PersonTime,
    PersonExtra
  };
  enum AuctionField : uint32_t {
    AuctionId,
    AuctionItem,
    AuctionDescription,
    AuctionInitial,
    AuctionReserve,
    AuctionTime,
    AuctionExpires,
    AuctionSeller,
    AuctionCategory,
    AuctionExtra
  };
  enum BidField : uint32_t { BidAuction, BidBidder, BidPrice, BidChannel, BidUrl, BidTime, BidExtra };

  /// Where the n-th event stands in time: groups of events are shuffled.
  int64_t placeOf(uint64_t n) const {
    if (settings.group == 1)
      return int64_t(n);
    uint64_t inGroup = n % settings.group;
    return int64_t(n - inGroup + inGroup * 953 % settings.group);
  }

  /// Milliseconds since 1970.
  int64_t timeOf(int64_t place) const { return settings.base + place * 1000 / settings.rate; }

  void make(int64_t place, uint32_t row) {
    switch (settings.kind) {
    case Kind::Person:
      return person(place, row);
    case Kind::Auction:
      return auction(place, row);
    case Kind::Bid:
      return bid(place, row);
    }
  }

  /// The string of what was written from `begin` on, up to `end`.
  mr_string upTo(const char *begin) const { return stringOf(begin, uint64_t(end - begin)); }

  void append(std::string_view more) {
    std::memcpy(end, more.data(), more.size());
    end += more.size();
  }

  void person(int64_t place, uint32_t row) {
    int64_t id = place + 1;
    Draws draws(settings.seed, id);
    columns[PersonId].put(row, lastPerson(id) + kFirstPerson);
    columns[PersonTime].put(row, timeOf(place) * 1000);
    if (!reads(PersonName))
      return;
    char *begin = end;
    append(kFirstNames[draws.below(std::size(kFirstNames))]);
    append(" ");
    append(kLastNames[draws.below(std::size(kLastNames))]);
    int64_t size = 8 + (end - begin);
    columns[PersonName].put(row, upTo(begin));
    begin = end;
    end = word(draws, end, 7);
    append("@");
    end = word(draws, end, 5);
    append(".com");
    size += end - begin;
    columns[PersonEmail].put(row, upTo(begin));
    begin = end;
    for (int i = 0; i < 4; ++i)
      cardDigits(draws.below(10000), i);
    size += end - begin;
    columns[PersonCard].put(row, upTo(begin));
    std::string_view city = kCities[draws.below(std::size(kCities))], state = kStates[draws.below(std::size(kStates))];
    columns[PersonCity].put(row, stringOf(city));
    columns[PersonState].put(row, stringOf(state));
    putExtra(draws, PersonExtra, row, size + int64_t(city.size() + state.size()), 200);
  }

  void cardDigits(int64_t value, int group) {
    if (group)
      append(" ");
    for (int i = 4; i-- > 0; value /= 10)
      end[i] = char('0' + value % 10);
    end += 4;
  }

  void auction(int64_t place, uint32_t row) {
    int64_t id = place + 1, time = timeOf(place);
    Draws draws(settings.seed, id);
    columns[AuctionId].put(row, lastAuction(id) + kFirstAuction);
    columns[AuctionTime].put(row, time * 1000);
    if (!reads(AuctionItem))
      return;
    char *begin = end;
    end = word(draws, end, 20);
    int64_t size = 8 + (end - begin) + 40;
    columns[AuctionItem].put(row, upTo(begin));
    begin = end;
    end = word(draws, end, 100);
    size += end - begin;
    columns[AuctionDescription].put(row, upTo(begin));
    int64_t initial = prices.draw(draws), reserve = initial + prices.draw(draws);
    columns[AuctionInitial].put(row, initial);
    columns[AuctionReserve].put(row, reserve);
    int64_t horizon = timeOf(place + 1666) - time;
    columns[AuctionExpires].put(row, (time + 1 + draws.below(uint64_t(std::max<int64_t>(2 * horizon, 1)))) * 1000);
    int64_t seller = draws.below(4) > 0 ? lastPerson(id) / 100 * 100 : somePerson(draws, id);
    columns[AuctionSeller].put(row, seller + kFirstPerson);
    columns[AuctionCategory].put(row, kFirstCategory + draws.below(kCategories));
    putExtra(draws, AuctionExtra, row, size, 500);
  }

  void bid(int64_t place, uint32_t row) {
    int64_t id = place + 1;
    Draws draws(settings.seed, id);
    if (columns[BidTime])
      columns[BidTime].put(row, timeOf(place) * 1000);
    int64_t auction = draws.below(2) > 0 ? lastAuction(id) / 100 * 100 : someAuction(draws, id);
    columns[BidAuction].put(row, auction + kFirstAuction);
    if (!reads(BidBidder))
      return;
    int64_t bidder = draws.below(4) > 0 ? lastPerson(id) / 100 * 100 + 1 : somePerson(draws, id);
    columns[BidBidder].put(row, bidder + kFirstPerson);
    if (!reads(BidPrice))
      return;
    if (columns[BidPrice])
      columns[BidPrice].put(row, prices.draw(draws));
    else
      draws.next(); // the price's
    if (!reads(BidChannel))
      return;
    int64_t channel = draws.below(2) > 0 ? Channels::kCold + draws.below(Channels::kHot) : draws.below(Channels::kCold);
    if (channels) {
      columns[BidChannel].put(row, channels->name(channel));
      columns[BidUrl].put(row, channels->url(channel));
    }
    putExtra(draws, BidExtra, row, 32, 100);
  }

  void putExtra(Draws &draws, uint32_t field, uint32_t row, int64_t size, int64_t average) {
    if (!columns[field])
      return;
    char *begin = end;
    end = extra(draws, end, size, average);
    columns[field].put(row, upTo(begin));
  }

  /// Is this field, or one behind it that is drawn, read?
  bool reads(uint32_t field) const { return field < depth; }

  Settings settings;
  uint64_t number = 0; ///< of the next event
  GeneratedColumns columns;
  Pace pace;
  Prices prices;
  std::unique_ptr<Channels> channels;
  std::unique_ptr<char[]> text; ///< of this batch's strings
  char *end = nullptr;
  uint32_t depth; ///< fields up to the last that is read
};

bool readKind(std::string_view text, Kind &kind) {
  kind = text == "person" ? Kind::Person : text == "auction" ? Kind::Auction : Kind::Bid;
  return kind != Kind::Bid || text == "bid";
}

/// Reads and checks the options.
Settings readSettings(const Options &connector, std::string &error) {
  Settings settings{};
  int64_t events = connector.integer("events", 0, error), group = connector.integer("group", 1, error);
  constexpr int64_t kBase = 1'436'918'400'000'000; // 2015-07-15T00:00:00Z
  settings.bounded = connector.get("events").has_value();
  settings.rate = connector.integer("rate", 10'000, error);
  settings.seed = uint64_t(connector.integer("seed", 0, error));
  settings.base = floorDiv(connector.timestamp("start", kBase, error), 1000);
  settings.group = uint64_t(group);
  settings.pace = connector.flag("pace", false, error);
  if (!error.empty())
    return settings;
  if (!readKind(connector.text("stream", "bid"), settings.kind))
    error =
        "option `stream`: expected bid, auction or person, found `" + std::string(connector.text("stream", "")) + "`";
  else if (events < 0 || uint64_t(events) > kMostEvents)
    error = "option `events`: expected 0 to 1000000000000000";
  else if (settings.rate < 1 || settings.rate > 1'000'000'000)
    error = "option `rate`: expected 1 to 1000000000 events a second";
  else if (group < 1 || group > 1'000'000'000 || group % 953 == 0)
    error = "option `group`: expected how many events are shuffled together, from 1, not a multiple of 953";
  if (!error.empty())
    return settings;
  // Event times, and the end of an auction that begins with the last event, must stay before the year 10000.
  int64_t room = kLastTime / 1000 - settings.base; // milliseconds; at most 2^49
  __int128 inRange = __int128(room) * settings.rate / 1000 - 4 * 1666 - group;
  uint64_t most = inRange < 0 ? 0 : inRange > __int128(kMostEvents) ? kMostEvents : uint64_t(inRange);
  settings.events = settings.bounded ? uint64_t(events) : most;
  if (settings.events > most)
    error = "the last event is after the year 9999; fewer `events`, an earlier `start` or a higher `rate` fit";
  return settings;
}

} // namespace

std::unique_ptr<Generator> millrace::makeNexmark(const mr_source_desc &source, const Options &connector,
                                                 const DecodeOptions &options, std::string &error) {
  Settings settings = readSettings(connector, error);
  if (!error.empty())
    return nullptr;
  const Fields &fields = kFields[size_t(settings.kind)];
  GeneratedColumns columns(source, options, fields.fields, fields.count, error);
  if (!error.empty())
    return nullptr;
  return std::make_unique<Nexmark>(settings, options.maxBatch, std::move(columns));
}
