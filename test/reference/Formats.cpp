//===- Formats.cpp - rows as sinks write them ---------------------------------===//
#include "Formats.h"
#include "Text.h"

#include "llvm/ADT/StringExtras.h"

#include <bit>
#include <cmath>

using namespace millrace::reference;
using namespace millrace;

Format millrace::reference::formatOf(stream::SinkOp op) {
  Format format;
  format.kind = llvm::StringSwitch<Format::Kind>(op.getFormat().value_or("json"))
                    .Case("csv", Format::Kind::Csv)
                    .Case("binary", Format::Kind::Binary)
                    .Default(Format::Kind::Json);
  if (mlir::DictionaryAttr options = op.getFormatOptionsAttr()) {
    if (auto delimiter = options.getAs<mlir::StringAttr>("delimiter"))
      format.delimiter = delimiter.getValue().front();
    if (auto header = options.getAs<mlir::BoolAttr>("header"))
      format.header = header.getValue();
  }
  return format;
}

static bool isUpsert(stream::StreamType type) { return type.getChanges() == stream::Changes::Upsert; }

/// Does the row hold the field (rule 34)?
static bool holds(const Row &row, stream::StreamType type, mlir::StringAttr field) {
  return !row.isDelete || llvm::is_contained(type.getUpsertKeys(), field);
}

static std::string opText(const Row &row) { return row.isDelete ? "delete" : "upsert"; }

static std::string jsonRow(stream::StreamType type, const Row &row) {
  std::string text = isUpsert(type) ? "\"op\":\"" + opText(row) + "\"" : "";
  for (auto [name, of, value] : llvm::zip_equal(type.getNames(), type.getTypes(), row.fields))
    if (holds(row, type, name))
      text += (text.empty() ? "" : ",") + quoteJson(name.strref()) + ":" + toJson(value, of);
  return "{" + text + "}";
}

/// Empty texts are quoted: an empty field is a null.
static std::string quoteCsv(std::string text, char delimiter) {
  if (!text.empty() && text.find_first_of(std::string("\"\r\n") + delimiter) == text.npos)
    return text;
  for (size_t at = 0; (at = text.find('"', at)) != text.npos; at += 2)
    text.insert(at, 1, '"');
  return '"' + text + '"';
}

static std::string csvRow(char delimiter, stream::StreamType type, const Row &row) {
  std::vector<std::string> fields;
  if (isUpsert(type))
    fields.push_back(opText(row));
  for (auto [name, of, value] : llvm::zip_equal(type.getNames(), type.getTypes(), row.fields)) {
    std::string &text = fields.emplace_back();
    Kind kind = describe(of).kind;
    if (!holds(row, type, name) || value.isNull())
      continue;
    bool isNested = kind == Kind::List || kind == Kind::Record; // written as JSON
    text = isNested ? toJson(value, of) : toText(value, kind);
    if (kind == Kind::String || kind == Kind::Bytes || isNested)
      text = quoteCsv(text, delimiter);
  }
  return llvm::join(fields, std::string(1, delimiter));
}

std::string millrace::reference::csvHeader(const Format &format, stream::StreamType type) {
  std::vector<std::string> names;
  if (isUpsert(type))
    names.push_back("op");
  for (mlir::StringAttr name : type.getNames())
    names.push_back(quoteCsv(name.str(), format.delimiter));
  return llvm::join(names, std::string(1, format.delimiter));
}

//===-- binary ------------------------------------------------------------===//

/// What lies in the file where there is no value: null where that can be, else zeros.
static std::string binaryNothing(const TypeInfo &type) {
  if (type.nullable)
    return "null";
  return isExact(type.kind) ? "0" : isFloat(type.kind) ? "\"0\"" : "\"\"";
}

static std::string binaryValue(const Value &value, const TypeInfo &type) {
  if (value.isNull())
    return binaryNothing(type);
  if (isExact(type.kind))
    return llvm::toString(llvm::APInt(128, {uint64_t(value.integer()), uint64_t(value.integer() >> 64)}), 10, true);
  if (type.kind == Kind::String)
    return quoteJson(value.text());
  if (type.kind == Kind::Bytes)
    return '"' + llvm::toHex(value.text(), /*LowerCase=*/true) + '"';
  double real = value.real();
  uint64_t bits = type.kind == Kind::F32 ? std::bit_cast<uint32_t>(float(real)) : std::bit_cast<uint64_t>(real);
  return std::isnan(real) ? "\"nan\"" : real == 0 ? "\"0\"" : '"' + llvm::utohexstr(bits, /*LowerCase=*/true) + '"';
}

static std::string binaryRow(stream::StreamType type, const Row &row) {
  std::string text = isUpsert(type) ? row.isDelete ? "1" : "0" : "";
  for (auto [name, of, value] : llvm::zip_equal(type.getNames(), type.getTypes(), row.fields)) {
    TypeInfo info = describe(of);
    text += (text.empty() ? "" : ",") + (holds(row, type, name) ? binaryValue(value, info) : binaryNothing(info));
  }
  return "[" + text + "]";
}

std::string millrace::reference::rowText(const Format &format, stream::StreamType type, const Row &row) {
  switch (format.kind) {
  case Format::Kind::Json:
    return jsonRow(type, row);
  case Format::Kind::Csv:
    return csvRow(format.delimiter, type, row);
  case Format::Kind::Binary:
    return binaryRow(type, row);
  }
  llvm_unreachable("a format without rows");
}
