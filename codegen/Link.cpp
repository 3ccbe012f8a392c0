//===- Link.cpp - running ld.lld ------------------------------------------===//
//
// The linker is started directly: no compiler driver (it costs more than the
// linking) and no shell. The object is handed over in memory, so that no
// temporary file but the output's own is ever written.
//
//===----------------------------------------------------------------------===//
#include "codegen/Link.h"

#include "codegen/LlvmModule.h"
#include "codegen/Locate.h"
#include "codegen/OutputFile.h"
#include "codegen/SystemFiles.h"
#include "llvm/Support/Program.h"
#include <sys/mman.h>
#include <unistd.h>

using namespace llvm;

namespace millrace::codegen {

namespace {
/// A file without a place. Its name is valid for this process and those it starts.
class MemoryFile {
public:
  explicit MemoryFile(const char *label) : descriptor(::memfd_create(label, 0)) {}
  MemoryFile(const MemoryFile &) = delete;
  ~MemoryFile() {
    if (descriptor >= 0)
      ::close(descriptor);
  }
  bool valid() const { return descriptor >= 0; }
  std::string name() const { return "/proc/self/fd/" + std::to_string(descriptor); }
  bool write(StringRef bytes) {
    while (!bytes.empty()) {
      ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
      if (written < 0)
        return false;
      bytes = bytes.drop_front(written);
    }
    return true;
  }
  std::string read() const {
    std::string all;
    char part[4096];
    off_t at = 0;
    for (ssize_t got; (got = ::pread(descriptor, part, sizeof(part), at)) > 0; at += got)
      all.append(part, got);
    return all;
  }

private:
  int descriptor;
};
} // namespace

static void addHardening(std::vector<std::string> &arguments, const LinkOptions &options) {
  arguments.insert(arguments.end(), {"-z", "relro", "-z", "now", "-z", "noexecstack", "--eh-frame-hdr",
                                     "--hash-style=gnu", "--build-id=sha1", "--gc-sections", "--as-needed"});
  if (!options.keepSymbols)
    arguments.push_back("--strip-all");
}

/// Everything after the linker's own name, in the order in which it matters.
static Expected<std::vector<std::string>> argumentsFor(const std::string &object, const std::string &output,
                                                       const LinkOptions &options) {
  auto runtime = findRuntimeFile("libmillrace_rt.a");
  if (!runtime)
    return runtime.takeError();
  auto system = findSystemFiles();
  if (!system)
    return system.takeError();

  std::vector<std::string> arguments{"-m", "elf_x86_64", "-o", output, "--no-mmap-output-file"};
  addHardening(arguments, options);
  if (options.shared) {
    arguments.insert(arguments.end(), {"-shared", "--exclude-libs", "ALL", "-z", "defs"});
  } else {
    arguments.insert(arguments.end(), {"-pie", "-dynamic-linker", "/lib64/ld-linux-x86-64.so.2"});
    arguments.push_back(system->crtDirectory + "/Scrt1.o");
  }
  arguments.push_back(system->crtDirectory + "/crti.o");
  arguments.push_back(system->gccDirectory + "/crtbeginS.o");
  arguments.push_back(object);
  if (!options.shared) {
    auto start = findRuntimeFile("libmillrace_start.a");
    if (!start)
      return start.takeError();
    arguments.push_back(*start);
  }
  arguments.push_back(*runtime);
  arguments.push_back("-L" + system->gccDirectory);
  arguments.push_back("-L" + system->crtDirectory);
  arguments.insert(arguments.end(), {"-Bstatic", "-lstdc++", "-Bdynamic", "-lm", "-Bstatic", "-lgcc", "-lgcc_eh",
                                     "-Bdynamic", "-lc", "-Bstatic", "-lgcc", "-lgcc_eh"});
  arguments.push_back(system->gccDirectory + "/crtendS.o");
  arguments.push_back(system->crtDirectory + "/crtn.o");
  return arguments;
}

static Error runLinker(const std::string &linker, ArrayRef<std::string> arguments, StringRef output) {
  std::vector<StringRef> vector{linker};
  vector.insert(vector.end(), arguments.begin(), arguments.end());
  MemoryFile messages("linker messages");
  std::string messagesName = messages.name(), problem;
  std::optional<StringRef> redirects[] = {std::nullopt, StringRef(messagesName), StringRef(messagesName)};
  int status = sys::ExecuteAndWait(linker, vector, /*Env=*/std::nullopt,
                                   messages.valid() ? ArrayRef<std::optional<StringRef>>(redirects)
                                                    : ArrayRef<std::optional<StringRef>>(),
                                   /*SecondsToWait=*/0, /*MemoryLimit=*/0, &problem);
  if (status == 0)
    return Error::success();
  std::string said = messages.valid() ? StringRef(messages.read()).rtrim().str() : "";
  if (said.empty())
    said = problem.empty() ? "it ended with status " + std::to_string(status) : problem;
  return createStringError(std::errc::io_error, "cannot link %s: %s", output.str().c_str(), said.c_str());
}

Error linkProgram(StringRef object, const LinkOptions &options) {
  auto linker = findLinker();
  if (!linker)
    return linker.takeError();
  auto output = OutputFile::create(options.output, /*executable=*/true);
  if (!output)
    return output.takeError();
  MemoryFile input("pipeline.o");
  if (!input.valid() || !input.write(object))
    return createStringError(std::error_code(errno, std::generic_category()), "no memory for the object file");
  auto arguments = argumentsFor(input.name(), output->temporaryName().str(), options);
  if (!arguments)
    return arguments.takeError();
  if (Error error = runLinker(*linker, *arguments, options.output))
    return error;
  return output->commit();
}

} // namespace millrace::codegen
