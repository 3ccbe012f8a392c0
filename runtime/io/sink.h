//===- sink.h - how rows leave --------------------------------------------===//
//
// Internal. A sink is an encoder (JSON, CSV, binary, table) and where its
// bytes go (standard output, a file, nowhere).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_SINK_H
#define MILLRACE_RUNTIME_IO_SINK_H

#include "millrace/abi.h"
#include "runtime/io/buffer.h"
#include "runtime/io/storage.h"

#include <string>
#include <string_view>

namespace millrace {

/// Turns rows (laid out as mr_sink_desc says) into bytes.
class Encoder {
public:
  virtual ~Encoder() = default;

  /// Other sinks for people write to the same output: say whose rows these are. Called before `begin`, if at all.
  virtual void share(const std::string &name) {}
  /// The output is this terminal, and no other sink's: an upsert stream may update it in place. Called before `begin`.
  virtual void onTerminal(const OutputFile &terminal) {}
  /// What stands before the first row (a header).
  virtual void begin(Buffer &out) {}
  /// Appends rows until `count` are there or `out` is full; returns how many it took (at least one, unless `failure`
  /// says why not). Strings in them are valid during the call only.
  virtual size_t encode(const uint8_t *rows, size_t count, Buffer &out) = 0;
  /// Nothing more comes for now: appends what was held back (a table's rows).
  virtual void flush(Buffer &out) {}
  /// Input goes on: appends what people should see now. Called a few times a second.
  virtual void refresh(Buffer &out) {}
  /// Others have written to the terminal.
  virtual void displaced() {}
  /// What stands behind the last row; flushes too.
  virtual void end(Buffer &out) { flush(out); }
  /// Not empty once a row cannot be written in this format: the pipeline stops with this message.
  virtual std::string_view failure() const { return {}; }
};

} // namespace millrace

#endif
