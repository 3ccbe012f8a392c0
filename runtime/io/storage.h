//===- storage.h - files, real and simulated ------------------------------===//
//
// Internal. Everything that the runtime reads or writes goes through this
// interface, so that a test can let a disk fill up, a read come short or a
// reader go away at any byte.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_STORAGE_H
#define MILLRACE_RUNTIME_IO_STORAGE_H

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

/// How a system call ended: `error` 0, or an errno.
struct IoResult {
  size_t bytes = 0;
  int error = 0;
};

/// Something that bytes come from.
class InputFile {
public:
  virtual ~InputFile() = default;
  /// Up to `size` bytes; 0 bytes without an error is the end. EINTR comes through. EAGAIN: nothing now, see `waitOn`.
  virtual IoResult read(uint8_t *to, size_t size) = 0;
  /// Goes to a position (regular files). Returns an errno.
  virtual int seek(uint64_t position) = 0;
  /// The descriptor to wait on after EAGAIN; -1 if there is none.
  virtual int waitOn() const = 0;
  /// Bytes in all, if known; else 0.
  virtual uint64_t size() const = 0;
};

/// Lines and columns of a terminal; 0: it is none, or one that cannot move its cursor.
struct TerminalSize {
  unsigned rows = 0, columns = 0;
};

/// Something that bytes go to.
class OutputFile {
public:
  virtual ~OutputFile() = default;
  /// May write less than `size`. EINTR comes through.
  virtual IoResult write(const uint8_t *from, size_t size) = 0;
  /// Returns an errno: what was written may not have arrived.
  virtual int close() = 0;
  /// Same file as `path`?
  virtual bool isFile(const std::string &path) const = 0;
  /// As it is now: people resize their windows.
  virtual TerminalSize terminal() const { return {}; }
};

class Storage {
public:
  virtual ~Storage() = default;
  /// Opens for reading; null with an errno (EISDIR for a directory).
  virtual std::unique_ptr<InputFile> openInput(const std::string &path, int &error) = 0;
  /// Creates the file or empties it; null with an errno.
  virtual std::unique_ptr<OutputFile> openOutput(const std::string &path, int &error) = 0;
  virtual std::unique_ptr<InputFile> standardInput() = 0;
  virtual std::unique_ptr<OutputFile> standardOutput() = 0;
  /// The files that a pattern with * ? [ names, by name; empty if none does.
  virtual std::vector<std::string> glob(const std::string &pattern) = 0;
  /// Microseconds since 1970 of the last change; 0 if unknown.
  virtual int64_t modified(const std::string &path) = 0;
  /// Can it be read? Returns an errno (EISDIR for a directory).
  virtual int readable(const std::string &path) = 0;
  /// Bytes of a regular file; 0 if unknown.
  virtual uint64_t sizeOf(const std::string &path) = 0;
  /// Are both there, and one and the same regular file?
  virtual bool sameFile(const std::string &a, const std::string &b) = 0;
};

/// The machine's files, with these descriptors as standard input and output.
std::unique_ptr<Storage> makeRealStorage(int standardInput = 0, int standardOutput = 1);

/// To be called first of all by a program: a standard stream that is closed gets a descriptor that can only fail with
/// EBADF. Otherwise the first file opened would take its number, and be read or written in its stead.
void holdStandardStreams();

/// What an errno means, in lower case words: "no space left on the disk".
std::string errnoText(int error);

} // namespace millrace

#endif
