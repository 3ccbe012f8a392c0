//===- ZoneClocks.cpp - the clocks of time zones ------------------------------===//
#include "dialect/stream/ZoneClocks.h"
#include "dialect/stream/Zones.h"

#include "llvm/ADT/STLExtras.h"

#include <cctz/time_zone.h>

#include <algorithm>
#include <chrono>
#include <fstream>

using namespace millrace::stream;

using Second = cctz::time_point<cctz::seconds>;

/// The Gregorian calendar begins anew after so many seconds: a rule for all years gives the same then.
static constexpr int64_t cycle = int64_t(146'097) * 86'400;

/// Before all changes of clocks.
static constexpr int64_t longAgo = -(int64_t(1) << 50);

/// Names that are files of the database and mean the same everywhere.
static bool isPortable(llvm::StringRef name) {
  static constexpr llvm::StringLiteral machine[] = {"localtime", "posixrules", "Factory"};
  return !name.empty() && name.front() != '/' && !name.contains(':') && !name.contains("..") &&
         !name.starts_with("right/") && !name.starts_with("posix/") && !name.starts_with("Fixed/") &&
         !llvm::is_contained(machine, name);
}

static int64_t secondsOf(Second time) { return time.time_since_epoch().count(); }

/// What lies behind the last change that is the first one's, a cycle before, is left out: it repeats.
static void foldCycles(ZoneClocks &zone) {
  for (size_t last = zone.since.size(); last-- > 1;) {
    auto before = llvm::lower_bound(zone.since, zone.since[last] - cycle);
    size_t index = before - zone.since.begin();
    if (index == 0 || *before != zone.since[last] - cycle || zone.offset[index] != zone.offset[last])
      continue;
    zone.since.resize(last + 1);
    zone.offset.resize(last + 1);
    zone.repeats = true;
    return;
  }
}

std::optional<ZoneClocks> millrace::stream::clocksOf(llvm::StringRef name) {
  cctz::time_zone clocks;
  if (!isPortable(name) || !cctz::load_time_zone(name.str(), &clocks))
    return std::nullopt;
  Second at{cctz::seconds(longAgo)};
  ZoneClocks zone{{INT64_MIN}, {clocks.lookup(at).offset}};
  cctz::time_zone::civil_transition change;
  while (clocks.next_transition(at, &change)) {
    // The one of the two local times that clocks jump over, or show twice.
    Second next = clocks.lookup(change.from < change.to ? change.from : change.to).trans;
    if (next <= at)
      break;
    at = next;
    if (int32_t offset = clocks.lookup(at).offset; offset != zone.offset.back()) {
      zone.since.push_back(secondsOf(at));
      zone.offset.push_back(offset);
    }
  }
  foldCycles(zone);
  return zone;
}

std::string millrace::stream::zoneDataVersion() {
  std::ifstream file(zoneFolder() + "/tzdata.zi");
  std::string line;
  llvm::StringRef start = "# version ";
  if (!std::getline(file, line) || !llvm::StringRef(line).starts_with(start))
    return "unknown";
  return line.substr(start.size());
}
