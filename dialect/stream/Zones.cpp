//===- Zones.cpp - which time zones there are ---------------------------------===//
#include "dialect/stream/Zones.h"
#include "dialect/expr/Syntax.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <vector>

using namespace llvm;
using namespace millrace;

std::string stream::zoneFolder() {
  const char *folder = std::getenv("TZDIR");
  return folder && *folder ? folder : "/usr/share/zoneinfo";
}

/// A name is a path in the folder, and leads nowhere else; it begins with a capital, unlike `localtime`, which is
/// another zone on each machine, and `right`, whose zones count leap seconds.
static bool isName(StringRef name) {
  auto fits = [](char c) { return isAlnum(c) || StringRef("/_+-").contains(c); };
  return !name.empty() && isUpper(name[0]) && all_of(name, fits) && !name.ends_with("/") && name != "Factory";
}

static bool isZoneFile(const Twine &path) {
  auto buffer = MemoryBuffer::getFileSlice(path, 4, 0);
  return buffer && (*buffer)->getBuffer() == "TZif";
}

/// The names of all zones, in order. The folders `posix` and `right` hold the same ones again.
static std::vector<std::string> allZones(const std::string &folder) {
  std::vector<std::string> names;
  std::error_code problem;
  for (sys::fs::recursive_directory_iterator it(folder, problem), end; it != end && !problem; it.increment(problem)) {
    StringRef name = StringRef(it->path()).drop_front(folder.size()).ltrim('/');
    if (name == "posix" || name == "right")
      it.no_push();
    else if (isName(name) && it->type() != sys::fs::file_type::directory_file)
      names.push_back(name.str());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string stream::whyNoZone(StringRef name) {
  std::string folder = zoneFolder();
  if (name.empty() || (isName(name) && isZoneFile(folder + "/" + name)))
    return "";
  std::vector<std::string> names = allZones(folder);
  if (names.empty())
    return "the time zone database is not in " + folder + ": install it (Debian: tzdata), or say by TZDIR where it is";
  std::string text = ("there is no time zone `" + name + "`").str();
  for (const std::string &zone : names) // `Berlin`, `europe/berlin`
    if (StringRef(zone).equals_insensitive(name) || StringRef(zone).rsplit('/').second.equals_insensitive(name))
      return text + "; did you mean `" + zone + "`?";
  std::vector<StringRef> words(names.begin(), names.end());
  if (StringRef near = nearest(name, words); !near.empty())
    return text + "; did you mean `" + near.str() + "`?";
  return text + " in the time zone database; its names are as `Europe/Berlin`";
}
