//===- Rows.h - rows of streams and their keys --------------------*- C++ -*-===//
#ifndef MILLRACE_TEST_REFERENCE_ROWS_H
#define MILLRACE_TEST_REFERENCE_ROWS_H

#include "Value.h"
#include "dialect/stream/Stream.h"

#include <optional>

namespace millrace::reference {

/// Watermarks before and behind everything.
inline constexpr int64_t minusInfinity = INT64_MIN;
inline constexpr int64_t plusInfinity = INT64_MAX;

/// A row of a stream. Fields may be errors: they count where they are used (rule 47).
struct Row {
  std::vector<Value> fields;
  std::optional<int64_t> time;       ///< event time; hidden, kept also when no field shows it (rule 3)
  mr_error pathError = MR_NO_ERROR;  ///< the least of what filters, keys and lists on the way gave
  bool isBroken = false;             ///< an erroneous list was to be taken apart: bad for whatever follows
  bool isBehindState = false;        ///< came from `running` or `deduplicate`: an error stops the pipeline (rule 47)
  bool isDelete = false;             ///< of an upsert stream: the key's row is gone; only the key's fields are there
  bool isForgotten = false;          ///< a delete that no sink is told of: filters forget that they let the key through
  mlir::Operation *origin = nullptr; ///< of an upsert stream: the operator whose state it is
  std::string route;                 ///< behind state: which operands of unions it came by
};

using Key = std::vector<Value>;

stream::StreamType typeOf(mlir::Value stream);

/// The values that `names` have in a row of type `type`.
std::vector<Value> pick(const Row &row, stream::StreamType type, llvm::ArrayRef<mlir::StringAttr> names);

/// The values of the fields `names` as a key: -0 and +0 are one, which prints as 0 (rule 26).
Key keyOf(const Row &row, stream::StreamType type, llvm::ArrayRef<mlir::StringAttr> names);

/// `region = 3, name = "x"`, for messages; `names` are fields of `type`.
std::string keyText(const Key &key, stream::StreamType type, llvm::ArrayRef<mlir::StringAttr> names);

} // namespace millrace::reference
#endif
