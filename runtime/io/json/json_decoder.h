//===- json_decoder.h - JSON lines to records -----------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_JSON_DECODER_H
#define MILLRACE_RUNTIME_IO_JSON_JSON_DECODER_H

#include "runtime/io/source.h"

namespace millrace {

/// A decoder for one partition. Null with a message in `error` if an option is wrong or the path that was forced is not
/// there. `source` outlives it.
std::unique_ptr<Decoder> makeJsonDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                         std::string &error);

} // namespace millrace

#endif
