//===- output.cpp -----------------------------------------------------------===//
#include "runtime/io/output.h"
#include "runtime/time/clock.h"

#include <cerrno>

namespace millrace {

namespace {
constexpr int64_t kPatience = 1'000'000; ///< microseconds
}

void Output::write() {
  const uint8_t *from = buffer.data();
  size_t left = wanted() ? buffer.size() : 0;
  int64_t lastRead = stopwatch();
  while (left) {
    IoResult result = file->write(from, left);
    from += result.bytes;
    left -= result.bytes;
    if (result.bytes)
      lastRead = stopwatch();
    if (result.error == EINTR) {
      notRead = givesUp && givesUp() && stopwatch() - lastRead >= kPatience;
      if (notRead)
        break;
      continue;
    }
    if (result.error == EPIPE) {
      gone = true;
      break;
    }
    if (result.error || result.bytes == 0) {
      message = "error: cannot write to " + title + ": " + errnoText(result.error ? result.error : EIO);
      break;
    }
  }
  buffer.clear();
}

void Output::close() {
  write();
  int error = file->close();
  if (error && !failed() && !gone)
    message = "error: cannot write to " + title + ": " + errnoText(error);
}

} // namespace millrace
