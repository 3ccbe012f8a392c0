//===- generators.h - the generators there are ----------------------------===//
//
// Internal to this folder; as makeGenerator (generate.h), each for one
// connector.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_GENERATE_GENERATORS_H
#define MILLRACE_RUNTIME_IO_GENERATE_GENERATORS_H

#include "runtime/io/source.h"

namespace millrace {

/// Options: `from` (0), `count` (without end), `rate` a second (1000), `start` (1970-01-01T00:00:00Z), `pace` (false).
/// Fields: n: i64, time: timestamp.
std::unique_ptr<Generator> makeSequence(const mr_source_desc &source, const Options &connector,
                                        const DecodeOptions &options, std::string &error);

/// Options: `stream` (bid; auction, person), `events` of all three kinds (without end), `rate` a second (10000), `seed`
/// (0), `start` (2015-07-15T00:00:00Z), `group` (1: so many events at a time are shuffled), `pace` (false).
std::unique_ptr<Generator> makeNexmark(const mr_source_desc &source, const Options &connector,
                                       const DecodeOptions &options, std::string &error);

} // namespace millrace

#endif
