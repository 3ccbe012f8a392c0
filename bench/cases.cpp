//===- cases.cpp - what is measured ---------------------------------------===//
#include "bench/cases.h"

namespace bench {

std::vector<Case> cases() {
  constexpr int64_t kSecond = 1'000'000;
  auto few = [] { return bids(10'000'000, 10'000); };
  auto many = [] { return bids(10'000'000, 1'000'000); };
  auto map = [](int64_t limit) {
    return Rival{"hand-written", [limit](const Input &i) { return twins::filterMap(asBids(i), i.records, limit); }};
  };
  Rival project = {"hand-written", [](const Input &i) { return twins::filterProject(asBids(i), i.records); }};
  Rival keyed = {"hand-written",
                 [](const Input &i) { return twins::countAndSum(asBids(i), i.records, 10 * kSecond, 4 * kSecond); }};
  Rival readBids = {"simdjson", [](const Input &i) { return twins::jsonBids(asText(i), i.size); }};
  Rival readQuakes = {"simdjson", [](const Input &i) { return twins::jsonQuakes(asText(i), i.size); }};
  std::vector<Case> all = {
      {"filter, project (1 of 123)", "filter_project", few, {project}, "ii", 1'000'000},
      {"filter, map (50 %)", "filter_map", few, {map(500)}, "ifi", 300'000, {"limit=500"}},
      {"filter, map (5 %)", "filter_map", few, {map(50)}, "ifi", 300'000, {"limit=50"}},
      {"tumbling count, sum, 10 K keys", "count_and_sum", few, {keyed}, "ittii", 3'000'000},
      {"tumbling count, sum, 1 M keys", "count_and_sum", many, {keyed}, "ittii", 3'000'000},
      {"JSON bids, 4 members of 7",
       "json_bids",
       [] { return jsonBids(1'000'000); },
       {readBids},
       "iiit",
       300'000,
       {},
       {},
       "bench/pipelines/json_bids.jsonl"},
      {"JSON quakes, 4 members of 31",
       "json_quakes",
       [] { return jsonQuakes(100); },
       {readQuakes},
       "ftsf",
       17'070,
       {},
       {},
       "examples/data/quakes.jsonl"},
  };
  for (auto more : {keyedCases, windowCases, latencyCases})
    for (Case &c : more())
      all.push_back(std::move(c));
  return all;
}

} // namespace bench
