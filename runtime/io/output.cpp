//===- output.cpp -----------------------------------------------------------===//
#include "runtime/io/output.h"

#include <cerrno>

namespace millrace {

void Output::write() {
  const uint8_t *from = buffer.data();
  size_t left = gone || failed() ? 0 : buffer.size();
  while (left) {
    IoResult result = file->write(from, left);
    from += result.bytes;
    left -= result.bytes;
    if (result.error == EINTR)
      continue;
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
