//===- Sources.cpp - where records come from ----------------------------------===//
#include "Sources.h"
#include "Text.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Sites.h"
#include "runtime/engine/errors.h"

#include <algorithm>
#include <cstring>
#include <fstream>
#include <glob.h>
#include <iostream>
#include <iterator>
#include <sys/stat.h>
#include <tuple>

using namespace millrace::reference;
using namespace millrace;

//===-- options -----------------------------------------------------------===//

std::optional<std::string> millrace::reference::optionText(mlir::DictionaryAttr options, mlir::ValueRange args,
                                                           llvm::StringRef name, const Environment &params) {
  mlir::Attribute option = options ? options.get(name) : mlir::Attribute();
  if (!option)
    return std::nullopt;
  if (auto arg = llvm::dyn_cast<stream::ArgAttr>(option)) {
    mlir::Value param = args[arg.getIndex()];
    return toText(params.lookup(param), describe(param.getType()).kind);
  }
  if (auto text = llvm::dyn_cast<mlir::StringAttr>(option))
    return text.str();
  Value value = literal(option, llvm::cast<mlir::TypedAttr>(option).getType());
  return toText(value, describe(llvm::cast<mlir::TypedAttr>(option).getType()).kind);
}

//===-- fields ------------------------------------------------------------===//

static std::vector<FieldSpec> fieldSpecs(stream::SourceOp op, const std::vector<bool> &used) {
  auto type = llvm::cast<stream::StreamType>(op.getOutput().getType());
  uint32_t firstSite = uint32_t(op->getAttrOfType<mlir::IntegerAttr>(stream::firstSiteAttr).getInt());
  std::vector<FieldSpec> fields;
  for (auto [i, name] : llvm::enumerate(type.getNames())) {
    FieldSpec &field = fields.emplace_back();
    field.name = name.str();
    field.type = type.getTypes()[i];
    field.site = firstSite + uint32_t(i);
    field.used = used[i];
    if (i < op.getColumns().size()) {
      auto column = llvm::cast<stream::ColumnAttr>(op.getColumns()[i]);
      field.path = parsePath(column.getPath());
      field.unit = column.getUnit().str();
      if (column.hasRange()) {
        field.least = literal(column.getLeast(), column.getLeast().getType()).integer();
        field.greatest = literal(column.getGreatest(), column.getGreatest().getType()).integer();
      }
    }
  }
  return fields;
}

/// What a region of the source yields for the record.
static std::vector<Value> readRegion(stream::SourceOp op, mlir::Region &region, mlir::ArrayAttr fields,
                                     const Environment &params, const Record &record) {
  auto type = llvm::cast<stream::StreamType>(op.getOutput().getType());
  std::vector<Value> arguments, values;
  for (auto name : fields.getAsRange<mlir::StringAttr>())
    arguments.push_back(record.row->fields[size_t(type.indexOf(name))]);
  Environment environment = params;
  evaluate(region, arguments, environment);
  for (mlir::Value value : yielded(region))
    values.push_back(environment.lookup(value));
  return values;
}

/// Rule 5: where the condition holds the watermark comes to the expression, by default to the time less 1 us. An error
/// makes the record malformed, as an event time that cannot be read does (rule 48).
static bool readPunctuation(stream::SourceOp op, const Environment &params, Record &record) {
  if (op.getPunctuation().empty())
    return true;
  std::vector<Value> values = readRegion(op, op.getPunctuation(), *op.getPunctuationFields(), params, record);
  const Value *wrong = values[0].isError() ? &values[0] : nullptr;
  bool holds = values[0].isTrue();
  if (holds && values.size() > 1 && values[1].isError())
    wrong = &values[1];
  if (wrong) {
    record.reason = reasonText(wrong->error & 7, kWatermarkSite);
    record.row.reset();
    return false;
  }
  if (holds)
    record.punctuation = values.size() > 1 ? int64_t(values[1].integer()) : *record.row->time - 1;
  return true;
}

/// Rule 48: the event time must be readable, or the record is not well-formed.
static bool readEventTime(stream::SourceOp op, const Environment &params, Record &record) {
  if (op.getEventTime().empty())
    return true;
  mlir::Value result = yielded(op.getEventTime())[0];
  Value time = readRegion(op, op.getEventTime(), op.getFields(), params, record)[0];
  if (time.isPresent()) {
    record.row->time = int64_t(time.integer());
    return readPunctuation(op, params, record);
  }
  auto argument = llvm::dyn_cast<mlir::BlockArgument>(result);
  std::string field = argument ? stream::argumentName(argument).str() : "";
  record.reason = eventTimeReason(uint8_t(time.isError() ? MR_ERROR_BASE + (time.error & 7) : MR_NULL), field);
  record.row.reset();
  return false;
}

//===-- JSON lines --------------------------------------------------------===//

static bool isBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

static void readLine(stream::SourceOp op, const std::vector<FieldSpec> &fields, const Environment &params,
                     std::string_view line, const SourceOptions &options, Record &record) {
  if (line.ends_with('\r')) // CR LF is a line end too, and no part of the record
    line.remove_suffix(1);
  record.origin.raw = line.substr(0, options.maxRecord);
  std::optional<Json> json = line.size() <= options.maxRecord ? readJson(line) : std::nullopt;
  std::optional<std::vector<Value>> values = json ? readFields(*json, fields) : std::nullopt;
  if (!values)
    return;
  record.row.emplace();
  record.row->fields = std::move(*values);
  readEventTime(op, params, record);
}

/// Adds the records of one input to the lane.
static void readLines(stream::SourceOp op, const std::vector<FieldSpec> &fields, const Environment &params,
                      std::string_view bytes, std::optional<std::string> file, const SourceOptions &options,
                      Lane &lane) {
  uint64_t blank = 0;
  int64_t lineNumber = 0;
  for (size_t begin = 0; begin < bytes.size();) {
    size_t end = std::min(bytes.find('\n', begin), bytes.size());
    std::string_view line = bytes.substr(begin, end - begin);
    ++lineNumber;
    if (isBlank(line)) {
      ++blank;
    } else {
      Record &record = lane.records.emplace_back();
      record.origin.file = file;
      record.origin.line = lineNumber;
      record.origin.byte = int64_t(begin);
      record.chunk = begin / options.chunk;
      record.blankBefore = std::exchange(blank, 0);
      readLine(op, fields, params, line, options, record);
    }
    begin = end + 1;
  }
  lane.blankAtEnd += blank;
}

//===-- connectors --------------------------------------------------------===//

static bool readFile(const std::string &path, std::string &bytes, std::string &error) {
  struct stat info;
  std::ifstream in(path, std::ios::binary);
  if (stat(path.c_str(), &info) != 0 || S_ISDIR(info.st_mode) || !in) {
    error = "cannot read `" + path + "`";
    return false;
  }
  bytes.assign(std::istreambuf_iterator<char>(in), {});
  return true;
}

static std::vector<std::string> filesOf(const std::string &pattern) {
  struct stat info;
  if (pattern.find_first_of("*?[") == pattern.npos || stat(pattern.c_str(), &info) == 0)
    return {pattern};
  std::vector<std::string> files;
  glob_t found;
  if (glob(pattern.c_str(), 0, nullptr, &found) == 0)
    for (size_t i = 0; i < found.gl_pathc; ++i)
      if (stat(found.gl_pathv[i], &info) == 0 && !S_ISDIR(info.st_mode))
        files.push_back(found.gl_pathv[i]);
  globfree(&found);
  std::sort(files.begin(), files.end());
  return files;
}

static std::vector<Lane> openGenerator(stream::SourceOp op, const std::vector<FieldSpec> &fields,
                                       const Environment &params, const SourceOptions &options, std::string &error) {
  std::vector<Lane> lanes(1);
  for (std::vector<GeneratedField> &made : generate(op, params, error)) {
    Record &record = lanes[0].records.emplace_back();
    record.chunk = (lanes[0].records.size() - 1) / options.generatorChunk;
    record.row.emplace();
    for (const FieldSpec &field : fields) {
      auto found = llvm::find_if(made, [&](const GeneratedField &f) { return f.name == field.name; });
      record.row->fields.push_back(found == made.end() ? Value::null() : found->value);
    }
    readEventTime(op, params, record);
  }
  return lanes;
}

std::vector<Lane> millrace::reference::openSource(stream::SourceOp op, const std::vector<bool> &used,
                                                  const Environment &params, const SourceOptions &options,
                                                  std::string &error) {
  std::vector<FieldSpec> fields = fieldSpecs(op, used);
  auto option = [&](llvm::StringRef name) { return optionText(op.getOptions(), op.getArgs(), name, params); };
  std::vector<Lane> lanes;
  if (op.getConnector() == "sequence" || op.getConnector() == "nexmark")
    return openGenerator(op, fields, params, options, error);
  if (op.getConnector() == "stdin") {
    std::string bytes(std::istreambuf_iterator<char>(std::cin), {});
    readLines(op, fields, params, bytes, std::nullopt, options, lanes.emplace_back());
    return lanes;
  }
  std::string pattern = option("path").value_or(""), order = option("order").value_or("");
  std::vector<std::string> files = filesOf(pattern);
  if (files.empty())
    error = "no file matches `" + pattern + "`";
  if (order == "mtime") {
    auto changed = [](const std::string &file) {
      struct stat info = {};
      stat(file.c_str(), &info);
      return std::tuple(info.st_mtim.tv_sec, info.st_mtim.tv_nsec, file); // of one time: by name
    };
    llvm::sort(files, [&](const std::string &a, const std::string &b) { return changed(a) < changed(b); });
  }
  for (const std::string &file : files) {
    std::string bytes;
    if (!readFile(file, bytes, error))
      return {};
    if (lanes.empty() || order.empty()) // rule 10: `order` makes the files one partition
      lanes.emplace_back();
    readLines(op, fields, params, bytes, file, options, lanes.back());
    if (!order.empty())
      for (Record &record : lanes.back().records)
        record.chunk = 0;
  }
  return lanes;
}
