//===- binary_decoder.h - the binary record format (format.md) ------------===//
#ifndef MILLRACE_RUNTIME_IO_BINARY_BINARY_DECODER_H
#define MILLRACE_RUNTIME_IO_BINARY_BINARY_DECODER_H

#include "runtime/io/sink.h"
#include "runtime/io/source.h"

namespace millrace {

/// A decoder for one partition, from its first byte on (the header). Null with a message in `error`.
std::unique_ptr<Decoder> makeBinaryDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                           std::string &error);

/// An encoder for one file. Null with a message in `error`.
std::unique_ptr<Encoder> makeBinaryEncoder(const mr_sink_desc &sink, const Options &format, std::string &error);

} // namespace millrace

#endif
