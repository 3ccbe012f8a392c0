//===- json_decoder.h - JSON lines to records -----------------------------===//
//
// Internal. One record a line, one object a record. The format's options:
//   max_record, max_string, max_nesting, max_members   limits of a record (schema.h)
//
// How it is fast, once for all. Looking for the next `,` or `"` costs a
// mispredicted branch for each value, about 15 cycles, because lengths vary.
// So the text is read in two stages that have no such branch:
//
//   Stage 1 (index.h) goes over 256 KiB with vector instructions and writes
//   the positions of all quotes and line ends, and notes the few bytes that
//   need care (backslashes, control bytes, bytes beyond ASCII).
//
//   Stage 2 (shape.h) knows the shape that lines have: `{"a":` number
//   `,"b":"` string `"}`. A line of this shape has a fixed number of
//   positions, so the place of each value follows from the index without
//   looking. It compares the constant text between the values with what it
//   must be, reads the values, gathers all deviations in one word and branches
//   on that once.
//
// A line of another shape, or with a byte that needs care, takes the general
// path (record.h), which alone decides what is an error. Shapes are known when
// compiling (mr_source_desc::shapes: stage 2 is generated code), or learned from
// the lines that took the general path (learned.h: stage 2 goes over a table).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_JSON_DECODER_H
#define MILLRACE_RUNTIME_IO_JSON_JSON_DECODER_H

#include "runtime/io/source.h"

namespace millrace {

/// A decoder for one partition. Null with a message in `error` if an option or a field's path is wrong, or the path
/// that was forced is not there. `source` outlives it.
std::unique_ptr<Decoder> makeJsonDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                         std::string &error);

} // namespace millrace

#endif
