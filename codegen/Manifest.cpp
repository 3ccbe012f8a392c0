//===- Manifest.cpp - reading the manifest's section ----------------------===//
#include "codegen/Manifest.h"

#include "codegen/LlvmModule.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace millrace::codegen {

Expected<std::string> readManifest(StringRef path) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read %s: %s", path.str().c_str(),
                             buffer.getError().message().c_str());
  auto none = [&] {
    return createStringError(std::errc::invalid_argument,
                             "%s is not a program that `millrace build` made: it has no manifest", path.str().c_str());
  };
  auto object = object::ObjectFile::createELFObjectFile((*buffer)->getMemBufferRef());
  if (!object) {
    consumeError(object.takeError());
    return none();
  }
  for (const object::SectionRef &section : (*object)->sections()) {
    auto name = section.getName();
    if (!name) {
      consumeError(name.takeError());
      continue;
    }
    if (*name != kManifestSection)
      continue;
    auto contents = section.getContents();
    if (!contents) {
      consumeError(contents.takeError());
      return none();
    }
    return contents->take_until([](char c) { return c == 0; }).str();
  }
  return none();
}

} // namespace millrace::codegen
