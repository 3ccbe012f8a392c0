//===- output.h - where encoded rows go --------------------------------------===//
//
// Internal. One output for each file, and one for standard output, which
// several sinks may share: what a sink encodes at once stays together.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_OUTPUT_H
#define MILLRACE_RUNTIME_IO_OUTPUT_H

#include "runtime/io/buffer.h"
#include "runtime/io/storage.h"

namespace millrace {

class Output {
public:
  /// `title` is how messages call it.
  Output(std::unique_ptr<OutputFile> file, std::string title) : file(std::move(file)), title(std::move(title)) {}

  /// Encoded bytes that are not written yet; append here.
  Buffer buffer;

  /// Is so much gathered that a system call is worth it?
  bool isMuch() const { return buffer.size() >= kMuch; }
  /// Writes everything. Errors stay and are asked for by `failed` and `readerGone`.
  void write();
  /// Writes everything and closes.
  void close();

  bool failed() const { return !message.empty(); }
  const std::string &failure() const { return message; }
  /// The reader of a pipe has gone (`| head`): nothing more is wanted.
  bool readerGone() const { return gone; }
  /// Asked when a signal interrupts a write: is it to be given up if the reader has not read for a second?
  bool (*givesUp)() = nullptr;
  /// It was given up: what should still have been written is lost.
  bool unread() const { return notRead; }
  std::string unreadMessage() const {
    return "error: interrupted: nobody reads " + title + "; not all of the output was written";
  }
  /// Does writing still make sense?
  bool wanted() const { return !gone && !notRead && !failed(); }
  OutputFile &target() { return *file; }

private:
  static constexpr size_t kMuch = size_t(128) << 10;
  std::unique_ptr<OutputFile> file;
  std::string title, message;
  bool gone = false, notRead = false;
};

} // namespace millrace

#endif
