//===- SystemFiles.cpp - searching for crt files and static libraries -----===//
#include "codegen/SystemFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VersionTuple.h"

using namespace llvm;

namespace millrace::codegen {

static bool hasAll(const Twine &directory, std::initializer_list<const char *> names) {
  return llvm::all_of(names, [&](const char *name) { return sys::fs::exists(directory + "/" + name); });
}

static Expected<std::string> findCrt() {
  for (const char *directory : {"/usr/lib/x86_64-linux-gnu", "/usr/lib64", "/lib64", "/usr/lib"})
    if (hasAll(directory, {"Scrt1.o", "crti.o", "crtn.o", "libc.so", "libm.so"}))
      return std::string(directory);
  return createStringError(
      std::errc::no_such_file_or_directory,
      "the C library's files for linking (Scrt1.o, libc.so) are missing (Debian: package libc6-dev)");
}

static Expected<std::string> findGcc() {
  std::string best;
  VersionTuple newest;
  for (const char *root :
       {"/usr/lib/gcc/x86_64-linux-gnu", "/usr/lib/gcc/x86_64-pc-linux-gnu", "/usr/lib/gcc/x86_64-redhat-linux"}) {
    std::error_code code;
    for (sys::fs::directory_iterator entry(root, code), end; !code && entry != end; entry.increment(code)) {
      VersionTuple version;
      if (version.tryParse(sys::path::filename(entry->path())) || (!best.empty() && version < newest))
        continue;
      if (!hasAll(entry->path(), {"crtbeginS.o", "crtendS.o", "libgcc.a", "libgcc_eh.a", "libstdc++.a"}))
        continue;
      best = entry->path();
      newest = version;
    }
  }
  if (best.empty())
    return createStringError(std::errc::no_such_file_or_directory,
                             "GCC's static libraries (libstdc++.a, libgcc.a) are missing (Debian: package g++)");
  return best;
}

Expected<SystemFiles> findSystemFiles() {
  auto crt = findCrt();
  if (!crt)
    return crt.takeError();
  auto gcc = findGcc();
  if (!gcc)
    return gcc.takeError();
  return SystemFiles{*crt, *gcc};
}

} // namespace millrace::codegen
