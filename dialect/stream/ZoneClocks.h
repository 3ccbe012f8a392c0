//===- ZoneClocks.h - the clocks of time zones ----------------------*- C++ -*-===//
//
// The clocks of a zone are read from the system's time zone database once, when
// a pipeline is compiled, and become part of the program (rule 17): what runs
// needs no database, and what a program does does not change with it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_ZONE_CLOCKS_H
#define MILLRACE_DIALECT_STREAM_ZONE_CLOCKS_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace millrace::stream {

/// From since[i] on (seconds since 1970; since[0] is INT64_MIN) the clocks are offset[i] seconds before UTC's.
struct ZoneClocks {
  std::vector<int64_t> since;
  std::vector<int32_t> offset;
  bool repeats = false; ///< from the last of these on they do what they did in the 400 years before it, again and again
};

/// The zone of this name of the time zone database (`Europe/Berlin`). Nothing: there is none. Not zones that depend on
/// the machine (`localtime`) or count leap seconds (`right/…`).
std::optional<ZoneClocks> clocksOf(llvm::StringRef name);

/// The version of the database, as in `2025b`; `unknown` where it does not say.
std::string zoneDataVersion();

} // namespace millrace::stream

#endif
