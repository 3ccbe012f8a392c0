//===- Columns.h - the fields of a source, as they are written ------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_COLUMNS_H
#define MILLRACE_DIALECT_STREAM_COLUMNS_H

#include "dialect/stream/Stream.h"
#include "mlir/IR/OpImplementation.h"
#include <string>

namespace millrace::stream {

/// What was read so far.
struct Columns {
  llvm::SmallVector<std::string> names;
  llvm::SmallVector<mlir::Type> types;
  llvm::SmallVector<mlir::Attribute> attrs;

  void add(llvm::StringRef name, mlir::Type type, ColumnAttr attr) {
    names.push_back(name.str());
    types.push_back(type);
    attrs.push_back(attr);
  }
};

/// `name: type [at path] [in unit] [between LO and HI]`.
mlir::ParseResult parseColumn(mlir::OpAsmParser &p, Columns &columns);
/// A field found under its own name, in its type's usual unit, with any value.
ColumnAttr plainColumn(mlir::MLIRContext *ctx, llvm::StringRef name, mlir::Type type);
/// How the columns of `type` are written, aligned.
llvm::SmallVector<std::string> columnTexts(StreamType type, mlir::ArrayAttr columns);
/// The longest line that holds several columns.
inline constexpr size_t kColumnsALine = 99;
/// What a verifier says of a column that `name`, of `type`, cannot have; empty if it can.
std::string whyNoColumn(ColumnAttr column, llvm::StringRef name, mlir::Type type);

} // namespace millrace::stream

#endif
