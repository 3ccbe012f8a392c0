//===- DecodeJson.h - decoders for JSON lines of a known shape ------*- C++ -*-===//
//
// runtime/io/json/json_decoder.h tells the idea. Where a sample of the input is
// known when compiling, stage 2 is generated: for each shape of the sample's
// lines one function (mr_json_shape), made of the mr_json_ functions of abi.def
// with constant arguments, which inlining turns into straight code.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_DECODEJSON_H
#define MILLRACE_LOWERING_DECODEJSON_H

#include "lowering/Functions.h"

#include "runtime/io/json/shape.h"

#include <string>

namespace millrace::lowering {

/// Shapes that a decoder is generated for; the rest are learned at run time.
inline constexpr unsigned maxGeneratedShapes = 4;
/// Values of all those shapes together, beyond the first: code costs compile time.
inline constexpr unsigned maxGeneratedValues = 48;
/// If more values than this are checked only, they are checked out of line.
inline constexpr unsigned maxInlineChecks = 6;

/// Lines of a sample that are looked at.
inline constexpr unsigned maxSampleLines = 100;

/// Finds the most frequent shapes among the first lines of `text` and keeps a line of each at the source, as the
/// attribute `exec.samples` (an array of strings). Nothing happens if the source does not read JSON, or no line has a
/// shape that gives all its fields. The sample is a hint: lines of other shapes are decoded too.
void noteSamples(exec::SourceOp source, llvm::StringRef text);

/// A decoder that was generated.
struct JsonDecoder {
  std::string function; ///< `decode_<source>_<n>`: (lines)
  std::string sample;
  unsigned positions;
};

/// Generates the decoders of a source: one for each of its samples.
llvm::SmallVector<JsonDecoder> lowerJsonDecoders(Context &context, Source &source);

} // namespace millrace::lowering

#endif
