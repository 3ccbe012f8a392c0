//===- OutputFile.h - a file that appears whole or not at all -----------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_OUTPUTFILE_H
#define MILLRACE_CODEGEN_OUTPUTFILE_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace::codegen {

/// A new file under a temporary name beside its place. `commit` puts it there; without it nothing is left, also when
/// the program is interrupted. A file that was there before stays as it is until then, and may be running.
class OutputFile {
public:
  /// Fails if the place is a directory or a device, or its directory cannot be written.
  static llvm::Expected<OutputFile> create(llvm::StringRef path, bool executable);
  OutputFile(OutputFile &&other);
  OutputFile &operator=(OutputFile &&) = delete;
  ~OutputFile();

  llvm::StringRef temporaryName() const { return temporary; }
  llvm::Error write(llvm::StringRef bytes);
  llvm::Error commit();

private:
  OutputFile() = default;
  std::string path, temporary;
  int descriptor = -1;
};

/// All at once.
llvm::Error writeFile(llvm::StringRef path, llvm::StringRef bytes, bool executable = false);

} // namespace millrace::codegen

#endif
