//===- file_source.cpp - the connector `file` --------------------------------===//
#include "runtime/io/connectors.h"

#include <algorithm>
#include <cerrno>

namespace millrace {

namespace {

bool isPattern(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

/// The files of one path or pattern; empty with an error.
std::vector<std::string> findFiles(Storage &storage, const std::string &path, OpenError &error) {
  if (!isPattern(path) || storage.readable(path) == 0) {
    int code = storage.readable(path);
    if (code == 0)
      return {path};
    error = {"error: cannot read `" + path + "`: " + errnoText(code), true};
    if (code == EISDIR)
      error.text += "; to read the files in it, write `" + path + (path.ends_with('/') ? "*`" : "/*`");
    return {};
  }
  std::vector<std::string> files = storage.glob(path);
  std::erase_if(files, [&](const std::string &file) { return storage.readable(file) == EISDIR; });
  std::sort(files.begin(), files.end());
  for (const std::string &file : files)
    if (int code = storage.readable(file)) {
      error = {"error: cannot read `" + file + "`: " + errnoText(code), true};
      return {};
    }
  if (files.empty())
    error = {"error: no file matches `" + path + "`", true};
  return files;
}

/// Oldest first; equally old ones stay by name.
void sortByTime(Storage &storage, std::vector<std::string> &files) {
  std::vector<std::pair<int64_t, std::string>> dated;
  for (std::string &file : files)
    dated.emplace_back(storage.modified(file), std::move(file));
  std::sort(dated.begin(), dated.end());
  for (size_t i = 0; i < files.size(); ++i)
    files[i] = std::move(dated[i].second);
}

} // namespace

std::vector<Lane> openFiles(const SourceContext &context, OpenError &error) {
  std::string path(context.options.text("path", ""));
  if (path.empty()) {
    error = {"error: source `" + std::string(context.source.name) + "`: the path of its file is empty", false};
    return {};
  }
  std::string_view order = context.options.text("order", "");
  if (!order.empty() && order != "name" && order != "mtime") {
    error = {"error: source `" + std::string(context.source.name) +
                 "`: option `order`: expected name or mtime, found `" + std::string(order) + "`",
             false};
    return {};
  }
  std::vector<std::string> files = findFiles(context.storage, path, error);
  if (order == "mtime")
    sortByTime(context.storage, files);
  std::vector<Lane> lanes;
  bool turns = context.turns || (files.size() > 1 && order.empty());
  for (const std::string &file : files) {
    std::unique_ptr<Decoder> decoder = makeDecoder(context.source, context.decode, error.text);
    if (!decoder)
      return {};
    if (lanes.empty() || order.empty())
      lanes.emplace_back();
    lanes.back().push_back(makeReader(context.storage, file, std::move(decoder), turns));
  }
  return lanes;
}

} // namespace millrace
