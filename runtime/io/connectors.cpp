//===- connectors.cpp - the tables, and what is too small for a file ---------===//
#include "runtime/io/connectors.h"
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/changes.h"
#include "runtime/io/encoders.h"
#include "runtime/io/generate/generate.h"
#include "runtime/io/json/json_decoder.h"

namespace millrace {

namespace {

struct SourceConnector {
  std::string_view name;
  std::vector<Lane> (*open)(const SourceContext &, OpenError &);
};
constexpr SourceConnector kSources[] = {
    {"file", openFiles},         {"stdin", openStandardInput}, {"memory", openMemory},
    {"sequence", openGenerator}, {"nexmark", openGenerator},
};

struct Format {
  std::string_view name;
  std::unique_ptr<Decoder> (*decoder)(const mr_source_desc &, const DecodeOptions &, std::string &); ///< 0: none
  std::unique_ptr<Encoder> (*encoder)(const mr_sink_desc &, const Options &, std::string &);
};
constexpr Format kFormats[] = {
    {"json", makeJsonDecoder, makeJsonEncoder},
    {"binary", makeBinaryDecoder, makeBinaryEncoder},
    {"csv", nullptr, makeCsvEncoder},
    {"table", nullptr, makeTableEncoder},
};

const Format *findFormat(const char *name) {
  std::string_view wanted = name && *name ? name : "json";
  for (const Format &format : kFormats)
    if (format.name == wanted)
      return &format;
  return nullptr;
}

} // namespace

std::unique_ptr<Decoder> makeDecoder(const mr_source_desc &source, const DecodeOptions &options, std::string &error) {
  const Format *format = findFormat(source.format);
  if (format && format->decoder) {
    std::unique_ptr<Decoder> decoder = format->decoder(source, options, error);
    if (!decoder)
      error = "error: source `" + std::string(source.name) + "`: " + error;
    return decoder;
  }
  error = "error: source `" + std::string(source.name) + "`: cannot read the format `" + source.format + "`";
  return nullptr;
}

std::unique_ptr<Encoder> makeEncoder(const mr_sink_desc &sink, const Options &options, std::string &error) {
  const Format *format = findFormat(sink.format);
  for (uint32_t i = 0; sink.changes && i < sink.num_fields; ++i)
    if (sink.fields[i].name == std::string_view(kOpField)) {
      error = "error: sink `" + std::string(sink.name) +
              "`: the rows of an upsert stream say `op`, so no field of theirs can be called so; rename it";
      return nullptr;
    }
  if (format && format->encoder) {
    std::unique_ptr<Encoder> encoder = format->encoder(sink, options, error);
    if (!encoder)
      error = "error: sink `" + std::string(sink.name) + "`: " + error;
    return encoder;
  }
  error = "error: sink `" + std::string(sink.name) + "`: cannot write the format `" + sink.format + "`";
  return nullptr;
}

std::vector<Lane> openSource(const SourceContext &context, OpenError &error) {
  for (const SourceConnector &connector : kSources)
    if (connector.name == context.source.connector)
      return connector.open(context, error);
  error = {"error: source `" + std::string(context.source.name) + "`: there is no connector `" +
               context.source.connector + "`",
           false};
  return {};
}

std::vector<Lane> openStandardInput(const SourceContext &context, OpenError &error) {
  std::vector<Lane> lanes;
  if (std::unique_ptr<Decoder> decoder = makeDecoder(context.source, context.decode, error.text)) {
    lanes.emplace_back();
    lanes.back().push_back(makeReader(context.storage, "", std::move(decoder), context.turns));
  }
  return lanes;
}

std::vector<Lane> openGenerator(const SourceContext &context, OpenError &error) {
  std::vector<Lane> lanes;
  std::string text;
  if (std::unique_ptr<Generator> generator = makeGenerator(context.source, context.options, context.decode, text)) {
    lanes.emplace_back();
    lanes.back().push_back(makeGeneratorPartition(std::move(generator), context.source.name));
  } else {
    error = {"error: source `" + std::string(context.source.name) + "`: " + text, false};
  }
  return lanes;
}

} // namespace millrace
