//===- encoders.h - formats that are written ---------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_ENCODERS_H
#define MILLRACE_RUNTIME_IO_ENCODERS_H

#include "runtime/io/options.h"
#include "runtime/io/sink.h"

#include <memory>

namespace millrace {

// All of them write a first field `op` for the rows of upsert streams (rule 34).

/// JSON lines, by rule 50; lists are arrays, records objects. No options.
std::unique_ptr<Encoder> makeJsonEncoder(const mr_sink_desc &sink, const Options &format, std::string &error);

/// RFC 4180 with LF. `header` (true): the fields' names first; `delimiter` (","): one byte. A null is an empty field,
/// empty strings and bytes are `""`, lists and records are JSON.
std::unique_ptr<Encoder> makeCsvEncoder(const mr_sink_desc &sink, const Options &format, std::string &error);

/// Columns for people. Rows wait until 1,000 (or 1 MiB) are there or nothing more comes for now, and are laid out
/// together. Upsert streams update in place on a terminal (live_table.h).
std::unique_ptr<Encoder> makeTableEncoder(const mr_sink_desc &sink, const Options &format, std::string &error);

/// A value's bits, extended as formatValue wants them. Not for strings, bytes and lists.
uint64_t loadBits(const uint8_t *value, mr_type type);

/// A row as JSON text, without a line end: for messages and for dead letters of records that never were bytes. The
/// fields lie in columns.
void appendRecordAsJson(const mr_source_desc &source, const mr_batch &batch, uint32_t record, Buffer &out);

} // namespace millrace

#endif
