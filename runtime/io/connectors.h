//===- connectors.h - the connectors and formats there are ------------------===//
//
// Internal. A source connector opens a source as lanes; a sink connector opens
// an output; a format makes decoders and encoders. Each table has one line per
// name: to add one, write its file and its line.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_CONNECTORS_H
#define MILLRACE_RUNTIME_IO_CONNECTORS_H

#include "runtime/io/output.h"
#include "runtime/io/partition.h"
#include "runtime/io/sink.h"

namespace millrace {

/// Partitions that are read one after the other and count as one (rule 10: `order = name | mtime`); usually one only.
using Lane = std::vector<std::unique_ptr<Partition>>;

/// Why something could not be opened, and whose fault it is.
struct OpenError {
  std::string text;
  bool environment = false; ///< exit code 3, else 1
};

struct SourceContext {
  const mr_source_desc &source;
  Storage &storage;
  Options options;             ///< of the connector
  const DecodeOptions &decode; ///< with the format's options
  bool turns = false;          ///< other sources are read in turns with this one
};

/// A decoder for one partition in the source's format; null with a message.
std::unique_ptr<Decoder> makeDecoder(const mr_source_desc &source, const DecodeOptions &options, std::string &error);

/// The lanes of a source, ties among them in this order. Empty with `error`.
std::vector<Lane> openSource(const SourceContext &context, OpenError &error);

/// An encoder for the sink's format; null with a message.
std::unique_ptr<Encoder> makeEncoder(const mr_sink_desc &sink, const Options &format, std::string &error);

/// `file`: paths with * ? [ are patterns; `order = name | mtime` makes all files one lane.
std::vector<Lane> openFiles(const SourceContext &context, OpenError &error);
/// `stdin`
std::vector<Lane> openStandardInput(const SourceContext &context, OpenError &error);
/// `memory`
std::vector<Lane> openMemory(const SourceContext &context, OpenError &error);
/// `sequence`, `nexmark`
std::vector<Lane> openGenerator(const SourceContext &context, OpenError &error);

} // namespace millrace

#endif
