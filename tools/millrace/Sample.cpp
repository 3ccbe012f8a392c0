//===- Sample.cpp - a look at the input before compiling ------------------===//
#include "Sample.h"
#include "Diagnostics.h"

#include "lowering/DecodeJson.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <glob.h>

using namespace llvm;

namespace millrace {

/// Enough for some hundred lines.
constexpr uint64_t kSampleBytes = 64 << 10;

/// The first bytes of a regular file.
static ErrorOr<std::unique_ptr<MemoryBuffer>> startOf(StringRef path) {
  sys::fs::file_status status;
  if (std::error_code error = sys::fs::status(path, status))
    return error;
  if (!sys::fs::is_regular_file(status))
    return std::make_error_code(std::errc::not_supported);
  return MemoryBuffer::getFileSlice(path, std::min<uint64_t>(status.getSize(), kSampleBytes), 0);
}

/// The first file that a pattern matches.
static std::string firstOf(StringRef path) {
  glob_t matches;
  bool found = ::glob(path.str().c_str(), 0, nullptr, &matches) == 0 && matches.gl_pathc > 0;
  std::string first = found ? matches.gl_pathv[0] : path.str();
  ::globfree(&matches);
  return first;
}

/// The text's whole lines; the last one may have been cut.
static StringRef wholeLines(const MemoryBuffer &buffer) {
  StringRef text = buffer.getBuffer();
  return text.size() < kSampleBytes ? text : text.take_front(text.rfind('\n') + 1);
}

/// The source's file: as written, or the value of a param. Empty: it reads none.
static StringRef pathOf(exec::SourceOp source, const std::vector<std::string> &settings) {
  mlir::Attribute path = source.getConnector() == "file" ? source.getOptions().get("path") : mlir::Attribute();
  if (auto argument = dyn_cast_or_null<stream::ArgAttr>(path)) {
    for (auto param : source->getParentOfType<exec::ProgramOp>().getOps<exec::ParamOp>()) {
      if (param.getIndex() != argument.getIndex())
        continue;
      path = param.getValue();
      for (StringRef setting : settings)
        if (setting.consume_front(param.getName()) && setting.consume_front("="))
          return setting;
    }
  }
  auto text = dyn_cast_or_null<mlir::StringAttr>(path);
  return text ? text.getValue() : "";
}

bool noteSamples(mlir::ModuleOp module, StringRef sample, const std::vector<std::string> *settings) {
  std::unique_ptr<MemoryBuffer> given;
  if (!sample.empty()) {
    auto buffer = startOf(sample);
    if (!buffer) {
      reportError("cannot read the sample `" + sample.str() + "`: " + problemText(buffer.getError()));
      return false;
    }
    given = std::move(*buffer);
  }
  module.walk([&](exec::SourceOp source) {
    if (given)
      return lowering::noteSamples(source, wholeLines(*given));
    StringRef path = settings ? pathOf(source, *settings) : "";
    if (path.empty())
      return;
    if (auto buffer = startOf(firstOf(path))) // else it is not there: the engine will say
      lowering::noteSamples(source, wholeLines(**buffer));
  });
  return true;
}

} // namespace millrace
