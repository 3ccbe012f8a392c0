//===- Locate.cpp - finding the runtime's files and the linker ------------===//
#include "codegen/Locate.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"

using namespace llvm;

namespace millrace::codegen {

Expected<std::string> findRuntimeFile(StringRef name) {
  SmallString<256> path;
  if (auto directory = sys::Process::GetEnv("MILLRACE_RUNTIME_DIR")) {
    path = *directory;
  } else {
    path = sys::fs::getMainExecutable(nullptr, nullptr);
    sys::path::remove_filename(path);
    path += "/../lib";
    sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  }
  std::string directory(path);
  sys::path::append(path, name);
  if (sys::fs::exists(path))
    return std::string(path);
  return createStringError(std::errc::no_such_file_or_directory,
                           "`%s`, a part of Millrace's runtime, is not in %s; MILLRACE_RUNTIME_DIR can name another "
                           "directory",
                           name.str().c_str(), directory.c_str());
}

Expected<std::string> findLinker() {
  if (auto named = sys::Process::GetEnv("MILLRACE_LINKER")) {
    if (sys::fs::can_execute(*named))
      return *named;
    return createStringError(std::errc::no_such_file_or_directory, "MILLRACE_LINKER names %s, which cannot be executed",
                             named->c_str());
  }
  if (sys::fs::can_execute(MILLRACE_LLVM_ROOT "/bin/ld.lld"))
    return std::string(MILLRACE_LLVM_ROOT "/bin/ld.lld");
  for (const char *name : {"ld.lld-22", "ld.lld"})
    if (auto found = sys::findProgramByName(name))
      return *found;
  return createStringError(std::errc::no_such_file_or_directory,
                           "the linker ld.lld is missing (Debian: package lld-22); MILLRACE_LINKER can name it");
}

} // namespace millrace::codegen
