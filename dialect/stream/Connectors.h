//===- Connectors.h - what connectors and formats declare -----------*- C++ -*-===//
//
// The grammar knows `name(first, option = value)`; which names and options there
// are is declared here, and checked by parser and verifier alike.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_CONNECTORS_H
#define MILLRACE_DIALECT_STREAM_CONNECTORS_H

#include "dialect/stream/Stream.h"
#include <limits>
#include <vector>

namespace millrace::stream {

enum class OptionKind { Text, Integer, Number, Flag, Duration, Time, Word };

struct Option {
  llvm::StringRef name;
  OptionKind kind;
  bool required;
  /// Of a Word: what it may be.
  std::vector<llvm::StringRef> words;
  llvm::StringRef doc;
  /// Of an Integer: what it may be.
  int64_t least = 0, most = std::numeric_limits<int64_t>::max();
  /// What is wrong with a value that is written in the pipeline, or empty; the runtime judges those of params.
  std::string (*problem)(mlir::Attribute value) = nullptr;
};

/// Where a connector or a format may stand.
enum class Role { Source, Sink, InputFormat, OutputFormat };

/// Fields and event time of a connector that makes its records itself.
struct Generated {
  llvm::SmallVector<llvm::StringRef> names;
  llvm::SmallVector<mlir::Type> types;
  /// The default of the watermark clause: a field and a bound in microseconds; empty if there is none.
  llvm::StringRef eventTime;
  int64_t bound = 0;
};

struct Plugin {
  llvm::StringRef name, doc;
  std::vector<Role> roles;
  /// The first may be given without its name.
  std::vector<Option> options;
  /// Is `as FORMAT` needed (and allowed)?
  bool formatted = false;
  Generated (*generated)(mlir::MLIRContext *, mlir::DictionaryAttr options) = nullptr;
  /// What is wrong with options that are right each for itself, as far as they are written in the pipeline, or empty.
  std::string (*problem)(mlir::DictionaryAttr options) = nullptr;

  bool plays(Role role) const;
};

llvm::ArrayRef<Plugin> plugins();
/// Null if there is none of this name that plays the role.
const Plugin *findPlugin(llvm::StringRef name, Role role);
/// The names of those that play it, for near misses and lists.
llvm::SmallVector<llvm::StringRef> pluginNames(Role role);
/// "source", "format for a sink", for messages.
llvm::StringRef roleText(Role role);
/// Reports that there is no `name` for this role, with the near miss or the role it does play.
mlir::InFlightDiagnostic &explainMissing(mlir::InFlightDiagnostic &diag, llvm::StringRef name, Role role);

/// Why no run could take this value, which is of the right kind; empty if one could.
std::string valueProblem(const Plugin &plugin, const Option &option, mlir::Attribute value);

/// Checks `given` against the declaration; `report` makes a diagnostic at an option (at the whole for "").
mlir::LogicalResult checkOptions(const Plugin &plugin, mlir::DictionaryAttr given,
                                 llvm::function_ref<mlir::InFlightDiagnostic(llvm::StringRef)> report);

} // namespace millrace::stream

#endif
