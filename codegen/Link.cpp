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
#include "codegen/Sanitize.h"
#include "codegen/SystemFiles.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

using namespace llvm;

namespace millrace::codegen {

namespace {
/// A file without a place. Its name is valid for this process and those it starts.
class MemoryFile {
public:
  explicit MemoryFile(const char *label) : label(label), descriptor(::memfd_create(label, 0)) {}
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
  std::unique_ptr<MemoryBuffer> read() const {
    auto buffer = MemoryBuffer::getOpenFile(sys::fs::convertFDToNativeFile(descriptor), label, /*FileSize=*/-1,
                                            /*RequiresNullTerminator=*/false, /*IsVolatile=*/true);
    return buffer ? std::move(*buffer) : MemoryBuffer::getMemBuffer("");
  }

private:
  const char *label;
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
static Expected<std::vector<std::string>> argumentsFor(const std::string &object, const LinkOptions &options) {
  auto runtime = findRuntimeFile("libmillrace_rt.a");
  if (!runtime)
    return runtime.takeError();
  auto system = findSystemFiles();
  if (!system)
    return system.takeError();

  // To standard output, which is memory: what lld writes to a full disk ends in a signal or, worse, in success.
  std::vector<std::string> arguments{"-m", "elf_x86_64", "-o", "-"};
  addHardening(arguments, options);
  if (options.shared) {
    arguments.insert(arguments.end(), {"-shared", "--exclude-libs", "ALL"});
    if (checkedArchives().empty()) // else the host has the sanitizer, which there is once in a process
      arguments.insert(arguments.end(), {"-z", "defs"});
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
  if (!options.shared)
    for (const char *archive : checkedArchives())
      arguments.insert(arguments.end(), {"--whole-archive", archive, "--no-whole-archive"});
  arguments.push_back("-L" + system->gccDirectory);
  arguments.push_back("-L" + system->crtDirectory);
  // A library whose host has the sanitizer takes and gives memory by the host's operators.
  bool isChecked = options.shared && !checkedArchives().empty();
  arguments.insert(arguments.end(), {isChecked ? "-Bdynamic" : "-Bstatic", "-lstdc++", "-Bdynamic", "-lm", "-Bstatic",
                                     "-lgcc", "-lgcc_eh", "-Bdynamic", "-lc", "-Bstatic", "-lgcc", "-lgcc_eh"});
  arguments.push_back(system->gccDirectory + "/crtendS.o");
  arguments.push_back(system->crtDirectory + "/crtn.o");
  return arguments;
}

/// What the linker said, without the stack trace that it prints when a signal stops it.
static std::string firstLines(StringRef said) {
  if (said.contains("Stack dump:"))
    return "";
  return said.take_front(4000).rtrim().str();
}

static Error noMemory() {
  return createStringError(std::error_code(errno, std::generic_category()), "no memory to link in: %s",
                           std::strerror(errno));
}

/// The linked program. `place`: what to call it in messages.
static Expected<std::unique_ptr<MemoryBuffer>> runLinker(const std::string &linker, ArrayRef<std::string> arguments,
                                                         StringRef place) {
  MemoryFile program("program"), messages("messages");
  if (!program.valid() || !messages.valid())
    return noMemory();
  std::string programName = program.name(), messagesName = messages.name(), problem;
  std::optional<StringRef> redirects[] = {StringRef("/dev/null"), StringRef(programName), StringRef(messagesName)};
  std::vector<StringRef> vector{linker};
  vector.insert(vector.end(), arguments.begin(), arguments.end());
  int status = sys::ExecuteAndWait(linker, vector, /*Env=*/std::nullopt, redirects, /*SecondsToWait=*/0,
                                   /*MemoryLimit=*/0, &problem);
  std::unique_ptr<MemoryBuffer> bytes = program.read();
  // A truncated program has lost the section table at its end.
  auto whole = object::ObjectFile::createELFObjectFile(bytes->getMemBufferRef());
  if (status == 0 && whole)
    return bytes;
  consumeError(whole.takeError());
  std::string said = firstLines(messages.read()->getBuffer());
  if (said.empty() && status == 0)
    said = "what the linker gave is no program";
  else if (said.empty())
    said = "the linker failed: " + (problem.empty() ? "status " + std::to_string(status) : problem);
  return createStringError(std::errc::io_error, "cannot write %s: %s", place.str().c_str(), said.c_str());
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
    return noMemory();
  auto arguments = argumentsFor(input.name(), options);
  if (!arguments)
    return arguments.takeError();
  auto program = runLinker(*linker, *arguments, options.output);
  if (!program)
    return program.takeError();
  if (Error error = output->write((*program)->getBuffer()))
    return error;
  return output->commit();
}

} // namespace millrace::codegen
