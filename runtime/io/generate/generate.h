//===- generate.h - sources that make their records -----------------------===//
#ifndef MILLRACE_RUNTIME_IO_GENERATE_GENERATE_H
#define MILLRACE_RUNTIME_IO_GENERATE_GENERATE_H

#include "runtime/io/source.h"

namespace millrace {

/// The generator that the source's connector names (`sequence`, `nexmark`). Null with a message in `error` if an option
/// is wrong. `source` outlives it.
std::unique_ptr<Generator> makeGenerator(const mr_source_desc &source, const Options &connector,
                                         const DecodeOptions &options, std::string &error);

} // namespace millrace

#endif
