//===- Zones.h - which time zones there are -------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_ZONES_H
#define MILLRACE_DIALECT_STREAM_ZONES_H

#include "llvm/ADT/StringRef.h"
#include <string>

namespace millrace::stream {

/// The folder of the time zone database: what the variable TZDIR says, else that of the system.
std::string zoneFolder();

/// Why there is no zone `name`, with a near miss if there is one; empty if there is, or if it is "" (UTC).
std::string whyNoZone(llvm::StringRef name);

} // namespace millrace::stream

#endif
