//===- Kept.h - what a run of `millrace test` writes, kept ------------------*- C++ -*-===//
//
// Internal to Player: sinks write JSON to files that are strings, and messages
// go to a descriptor whose bytes can be read back.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_KEPT_H
#define MILLRACE_TOOLS_MILLRACE_TEST_KEPT_H

#include "millrace/abi.h"
#include "runtime/io/storage.h"

#include "llvm/ADT/StringRef.h"
#include <cerrno>
#include <deque>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace millrace::script {

/// The pipeline's description with sinks that write JSON to a file of their own name.
class Rewritten {
public:
  explicit Rewritten(const mr_pipeline_desc &original)
      : sinks(original.sinks, original.sinks + original.num_sinks), paths(original.num_sinks), desc(original) {
    for (uint32_t i = 0; i < original.num_sinks; ++i) {
      names.push_back(std::to_string(i));
      paths[i] = {"path", names[i].c_str(), -1};
      sinks[i].connector = "file";
      sinks[i].format = "json";
      sinks[i].options = &paths[i];
      sinks[i].num_options = 1;
      sinks[i].num_format_options = 0;
    }
    desc.sinks = sinks.data();
  }
  Rewritten(const Rewritten &) = delete;

  const mr_pipeline_desc &pipeline() const { return desc; }

private:
  std::vector<mr_sink_desc> sinks;
  std::vector<mr_option> paths;
  std::deque<std::string> names; ///< their addresses stay
  mr_pipeline_desc desc;
};

/// A sink's file: keeps what is written.
class Kept final : public OutputFile {
public:
  explicit Kept(std::string &bytes) : bytes(bytes) {}
  IoResult write(const uint8_t *from, size_t size) override {
    bytes.append(reinterpret_cast<const char *>(from), size);
    return {size, 0};
  }
  int close() override { return 0; }
  bool isFile(const std::string &) const override { return false; }

private:
  std::string &bytes;
};

/// The files of a run: its sinks', by number. Nothing else is opened.
class KeptFiles final : public Storage {
public:
  explicit KeptFiles(size_t sinks) : bytes(sinks), seen(sinks) {}

  std::unique_ptr<InputFile> openInput(const std::string &, int &error) override {
    error = ENOENT;
    return nullptr;
  }
  std::unique_ptr<OutputFile> openOutput(const std::string &path, int &) override {
    return std::make_unique<Kept>(bytes[std::stoul(path)]);
  }
  std::unique_ptr<InputFile> standardInput() override { return nullptr; }
  std::unique_ptr<OutputFile> standardOutput() override { return nullptr; }
  std::vector<std::string> glob(const std::string &) override { return {}; }
  int64_t modified(const std::string &) override { return 0; }
  int readable(const std::string &) override { return ENOENT; }
  uint64_t sizeOf(const std::string &) override { return 0; }
  bool sameFile(const std::string &, const std::string &) override { return false; }

  /// The rows of a sink that were not taken yet.
  std::vector<std::string> take(uint32_t sink) {
    std::vector<std::string> rows;
    llvm::StringRef rest = llvm::StringRef(bytes[sink]).drop_front(seen[sink]);
    seen[sink] = bytes[sink].size();
    while (!rest.empty()) {
      auto [row, behind] = rest.split('\n');
      rows.push_back(row.str());
      rest = behind;
    }
    return rows;
  }

private:
  std::vector<std::string> bytes;
  std::vector<size_t> seen;
};

/// A descriptor whose bytes can be read back.
class Messages {
public:
  Messages() : fd(memfd_create("messages", MFD_CLOEXEC)) {}
  ~Messages() { ::close(fd); }
  int descriptor() const { return fd; }
  std::string text() const {
    std::string all(size_t(lseek(fd, 0, SEEK_END)), '\0');
    ssize_t read = pread(fd, all.data(), all.size(), 0);
    all.resize(read > 0 ? size_t(read) : 0);
    return llvm::StringRef(all).rtrim().str();
  }

private:
  int fd;
};

} // namespace millrace::script

#endif
