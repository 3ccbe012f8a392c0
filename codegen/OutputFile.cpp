//===- OutputFile.cpp - temporary name, then rename -----------------------===//
#include "codegen/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include <sys/stat.h>
#include <unistd.h>

using namespace llvm;

namespace millrace::codegen {

static Error failure(StringRef path, std::error_code code) {
  return createStringError(code, "cannot write %s: %s", path.str().c_str(), code.message().c_str());
}

/// What is at `path` now may be replaced: nothing, or a plain file.
static Error checkPlace(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code code = sys::fs::status(path, status))
    return code == std::errc::no_such_file_or_directory ? Error::success() : failure(path, code);
  if (status.type() == sys::fs::file_type::directory_file)
    return failure(path, std::make_error_code(std::errc::is_a_directory));
  if (status.type() != sys::fs::file_type::regular_file)
    return createStringError(std::errc::invalid_argument, "cannot write %s: it is not a plain file",
                             path.str().c_str());
  return Error::success();
}

Expected<OutputFile> OutputFile::create(StringRef path, bool executable) {
  if (path.empty())
    return createStringError(std::errc::invalid_argument, "cannot write a file without a name");
  if (Error error = checkPlace(path))
    return std::move(error);
  OutputFile file;
  // Through a symbolic link, the file it points at is replaced and the link stays.
  SmallString<256> target;
  file.path = sys::fs::real_path(path, target) ? path.str() : std::string(target);

  SmallString<256> model(sys::path::parent_path(file.path));
  sys::path::append(model, "." + sys::path::filename(file.path) + ".%%%%%%%%.tmp");
  SmallString<256> name;
  if (std::error_code code = sys::fs::createUniqueFile(model, file.descriptor, name, sys::fs::OF_None,
                                                       sys::fs::owner_read | sys::fs::owner_write))
    return failure(path, code);
  file.temporary = std::string(name);
  sys::RemoveFileOnSignal(file.temporary);
  mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file.descriptor, (executable ? 0777 : 0666) & ~mask))
    return failure(path, std::error_code(errno, std::generic_category()));
  return file;
}

OutputFile::OutputFile(OutputFile &&other)
    : path(std::move(other.path)), temporary(std::move(other.temporary)), descriptor(other.descriptor) {
  other.temporary.clear();
  other.descriptor = -1;
}

OutputFile::~OutputFile() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (temporary.empty())
    return;
  sys::fs::remove(temporary);
  sys::DontRemoveFileOnSignal(temporary);
}

Error OutputFile::write(StringRef bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return failure(path, std::error_code(errno, std::generic_category()));
    bytes = bytes.drop_front(written);
  }
  return Error::success();
}

Error OutputFile::commit() {
  int closing = descriptor;
  descriptor = -1;
  if (::close(closing))
    return failure(path, std::error_code(errno, std::generic_category()));
  if (std::error_code code = sys::fs::rename(temporary, path))
    return failure(path, code);
  sys::DontRemoveFileOnSignal(temporary);
  temporary.clear();
  return Error::success();
}

Error writeFile(StringRef path, StringRef bytes, bool executable) {
  auto file = OutputFile::create(path, executable);
  if (!file)
    return file.takeError();
  if (Error error = file->write(bytes))
    return error;
  return file->commit();
}

} // namespace millrace::codegen
