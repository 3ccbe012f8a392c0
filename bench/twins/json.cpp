//===- json.cpp - JSON lines by simdjson ----------------------------------===//
#include "bench/twins/twins.h"

#include <bit>
#include <cstring>
#include <simdjson.h>

namespace twins {

Answer jsonBids(const char *bytes, size_t size) {
  static simdjson::ondemand::parser parser;
  Answer answer;
  simdjson::ondemand::document_stream stream;
  if (parser.iterate_many(bytes, size, 1 << 20).get(stream))
    return answer;
  for (auto document : stream) {
    simdjson::ondemand::object o;
    int64_t auction, bidder, price, time;
    if (document.get_object().get(o) || o["auction"].get(auction) || o["bidder"].get(bidder) || o["price"].get(price) ||
        o["date_time"].get(time))
      return {};
    ++answer.rows;
    answer.checksum += mix(auction, 0) + mix(bidder, 1) + mix(price, 2) + mix(time * 1000, 3);
  }
  return answer;
}

Answer jsonQuakes(const char *bytes, size_t size) {
  static simdjson::ondemand::parser parser;
  Answer answer;
  simdjson::ondemand::document_stream stream;
  if (parser.iterate_many(bytes, size, 1 << 20).get(stream))
    return answer;
  for (auto document : stream) {
    simdjson::ondemand::object o, properties;
    simdjson::ondemand::value mag;
    double magnitude = 0, depth = 0;
    int64_t time;
    std::string_view net;
    bool null;
    if (document.get_object().get(o) || o["properties"].get_object().get(properties) || properties["mag"].get(mag) ||
        mag.is_null().get(null) || (!null && mag.get(magnitude)) || properties["time"].get(time) ||
        properties["net"].get(net))
      return {};
    simdjson::ondemand::array coordinates;
    if (o["geometry"]["coordinates"].get_array().get(coordinates))
      return {};
    size_t i = 0;
    for (auto c : coordinates)
      if (i++ == 2 && c.get(depth))
        return {};
    ++answer.rows;
    uint64_t text = 0;
    std::memcpy(&text, net.data(), std::min<size_t>(net.size(), 8));
    answer.checksum += (null ? 0 : mix(std::bit_cast<uint64_t>(magnitude), 0)) + mix(time * 1000, 1) + mix(text, 2) +
                       mix(std::bit_cast<uint64_t>(depth), 3);
  }
  return answer;
}

} // namespace twins
