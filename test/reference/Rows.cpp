//===- Rows.cpp - rows of streams and their keys ------------------------------===//
#include "Rows.h"
#include "Text.h"

using namespace millrace::reference;
using namespace millrace;

stream::StreamType millrace::reference::typeOf(mlir::Value stream) {
  return llvm::cast<stream::StreamType>(stream.getType());
}

std::vector<Value> millrace::reference::pick(const Row &row, stream::StreamType type,
                                             llvm::ArrayRef<mlir::StringAttr> names) {
  std::vector<Value> values;
  for (mlir::StringAttr name : names)
    values.push_back(row.fields[size_t(type.indexOf(name))]);
  return values;
}

Key millrace::reference::keyOf(const Row &row, stream::StreamType type, llvm::ArrayRef<mlir::StringAttr> names) {
  Key key = pick(row, type, names);
  for (Value &value : key)
    if (auto *real = std::get_if<double>(&value.data); real && *real == 0)
      *real = 0;
  return key;
}

std::string millrace::reference::keyText(const Key &key, stream::StreamType type,
                                         llvm::ArrayRef<mlir::StringAttr> names) {
  std::string text;
  for (auto [name, value] : llvm::zip_equal(names, key))
    text += (text.empty() ? "" : ", ") + name.str() + " = " + toJson(value, type.lookup(name));
  return text;
}
