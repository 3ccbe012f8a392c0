//===- generate.cpp - generators by name ----------------------------------===//
#include "runtime/io/generate/generate.h"
#include "runtime/io/generate/generators.h"

std::unique_ptr<millrace::Generator> millrace::makeGenerator(const mr_source_desc &source, const Options &connector,
                                                             const DecodeOptions &options, std::string &error) {
  if (std::string_view(source.connector) == "sequence")
    return makeSequence(source, connector, options, error);
  if (std::string_view(source.connector) == "nexmark")
    return makeNexmark(source, connector, options, error);
  error = std::string("no generator is named `") + source.connector + "`";
  return nullptr;
}
