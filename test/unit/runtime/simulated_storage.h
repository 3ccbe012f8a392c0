//===- simulated_storage.h - files in memory, with faults -------------------===//
//
// For tests: reads come in pieces of a chosen size, with EINTR in between;
// a disk fills up or a reader goes away at a chosen byte.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_SIMULATED_STORAGE_H
#define MILLRACE_TEST_UNIT_RUNTIME_SIMULATED_STORAGE_H

#include "runtime/io/storage.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fnmatch.h>
#include <map>
#include <utility>

struct SimulatedStorage final : millrace::Storage {
  std::map<std::string, std::string> files;
  std::map<std::string, int64_t> changed;
  std::string input, output;     ///< standard input and output
  size_t piece = SIZE_MAX;       ///< bytes of one read
  bool interrupts = false;       ///< EINTR before each read and write
  std::vector<size_t> pauses;    ///< offsets of standard input at which it has nothing for a while
  std::vector<size_t> seen;      ///< bytes of standard output at each of these pauses
  size_t outputLimit = SIZE_MAX; ///< bytes that fit
  int outputError = ENOSPC;      ///< what comes then
  int closeError = 0;
  size_t longestWrite = 0; ///< bytes that one call was asked to write

  struct Input final : millrace::InputFile {
    SimulatedStorage &storage;
    std::string bytes;
    bool standard;
    size_t at = 0, pause = 0;
    bool interrupt = true;
    Input(SimulatedStorage &storage, std::string bytes, bool standard)
        : storage(storage), bytes(std::move(bytes)), standard(standard) {}
    millrace::IoResult read(uint8_t *to, size_t size) override {
      if (storage.interrupts && std::exchange(interrupt, !interrupt))
        return {0, EINTR};
      size_t end = bytes.size();
      if (standard && pause < storage.pauses.size()) {
        if (at == storage.pauses[pause]) {
          ++pause;
          storage.paused = true;
          return {0, EAGAIN};
        }
        end = storage.pauses[pause];
      }
      if (std::exchange(storage.paused, false))
        storage.seen.push_back(storage.output.size());
      size_t count = std::min({size, storage.piece, end - at});
      std::memcpy(to, bytes.data() + at, count);
      at += count;
      return {count, 0};
    }
    int seek(uint64_t position) override { return at = position, 0; }
    int waitOn() const override { return standard ? 0 : -1; }
    uint64_t size() const override { return bytes.size(); }
  };

  struct Output final : millrace::OutputFile {
    SimulatedStorage &storage;
    std::string &bytes, path;
    bool interrupt = true;
    Output(SimulatedStorage &storage, std::string &bytes, std::string path)
        : storage(storage), bytes(bytes), path(std::move(path)) {}
    millrace::IoResult write(const uint8_t *from, size_t size) override {
      storage.longestWrite = std::max(storage.longestWrite, size);
      if (storage.interrupts && std::exchange(interrupt, !interrupt))
        return {0, EINTR};
      size_t count = std::min({size, storage.piece, storage.outputLimit - std::min(bytes.size(), storage.outputLimit)});
      if (count == 0)
        return {0, storage.outputError};
      bytes.append(reinterpret_cast<const char *>(from), count);
      return {count, 0};
    }
    int close() override { return storage.closeError; }
    bool isFile(const std::string &other) const override { return path == other; }
  };

  std::unique_ptr<millrace::InputFile> openInput(const std::string &path, int &error) override {
    error = readable(path);
    return error ? nullptr : std::make_unique<Input>(*this, files[path], false);
  }
  std::unique_ptr<millrace::OutputFile> openOutput(const std::string &path, int &error) override {
    error = path.find("missing/") == 0 ? ENOENT : 0;
    if (error)
      return nullptr;
    files[path].clear();
    return std::make_unique<Output>(*this, files[path], path);
  }
  std::unique_ptr<millrace::InputFile> standardInput() override { return std::make_unique<Input>(*this, input, true); }
  std::unique_ptr<millrace::OutputFile> standardOutput() override {
    return std::make_unique<Output>(*this, output, "");
  }
  std::vector<std::string> glob(const std::string &pattern) override {
    std::vector<std::string> found;
    for (const auto &[path, bytes] : files)
      if (fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME) == 0)
        found.insert(found.begin(), path); // not in order, as the machine's may come
    return found;
  }
  int64_t modified(const std::string &path) override { return changed[path]; }
  int readable(const std::string &path) override {
    if (path.ends_with("/"))
      return EISDIR;
    return files.count(path) ? 0 : ENOENT;
  }
  uint64_t sizeOf(const std::string &path) override { return files.count(path) ? files[path].size() : 0; }
  bool sameFile(const std::string &a, const std::string &b) override { return a == b && files.count(a); }

private:
  bool paused = false;
};

#endif
