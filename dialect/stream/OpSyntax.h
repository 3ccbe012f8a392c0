//===- OpSyntax.h - what the statements of a pipeline share ---------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_OPSYNTAX_H
#define MILLRACE_DIALECT_STREAM_OPSYNTAX_H

#include "dialect/expr/ExprBuilder.h"
#include "dialect/expr/ExprPrinter.h"
#include "dialect/stream/Connectors.h"

namespace millrace::stream {

//===--- reading -----------------------------------------------------------------------===//

/// The end of a statement: attributes in braces. Keeps the names before it, which MLIR forgets and a pipeline's state
/// and metrics need, as attribute `labels`; reports more names than there are results.
mlir::ParseResult finishStatement(mlir::OpAsmParser &p, mlir::OperationState &result);
/// Marks an op whose mistake was reported while parsing, so that it cannot verify and parsing goes on.
void markInvalid(mlir::OpAsmParser &p, mlir::OperationState &result);
/// Was it reported while parsing?
bool isReported(mlir::Operation *op);

/// `%stream`: adds the operand, whatever its type of stream.
mlir::ParseResult parseInput(mlir::OpAsmParser &p, mlir::OperationState &result, StreamType &type);
/// A field of `type`, reported with its near miss if there is none.
mlir::ParseResult parseField(mlir::OpAsmParser &p, StreamType type, std::string &name);
expr::Scope scopeOf(StreamType type);
/// A stream of these fields, not keyed, insert-only; null after a report at `loc`.
StreamType makeStream(mlir::OpAsmParser &p, llvm::SMLoc loc, llvm::ArrayRef<std::string> names,
                      llvm::ArrayRef<mlir::Type> types, bool timed);
/// The types of `values`.
llvm::SmallVector<mlir::Type> typesOf(llvm::ArrayRef<mlir::Value> values);
void buildYield(mlir::OpAsmParser &p, expr::ExprBuilder &build, llvm::SMLoc loc, llvm::ArrayRef<mlir::Value> values);
/// `name(first, key = value)`, checked against what `name` declares. `skip` operands of `result` are no options.
mlir::ParseResult parsePlugin(mlir::OpAsmParser &p, mlir::OperationState &result, unsigned skip, Role role,
                              const Plugin *&plugin);

/// The head of a region written out, `(%m = mag, %n = net)`. `first` has arguments that are no fields.
mlir::ParseResult parseFieldArguments(mlir::OpAsmParser &p, StreamType type,
                                      llvm::SmallVectorImpl<mlir::OpAsmParser::Argument> &arguments,
                                      mlir::ArrayAttr &fields);
/// That head, and the region.
mlir::ParseResult parseWrittenRegion(mlir::OpAsmParser &p, StreamType type, mlir::Region &body,
                                     mlir::ArrayAttr &fields);
/// ` -> (a, b)`.
mlir::ParseResult parseResultNames(mlir::OpAsmParser &p, llvm::SmallVectorImpl<std::string> &names);
/// Types of what a region written out yields, empty if it does not end in expr.yield.
llvm::SmallVector<mlir::Type> yieldedTypes(mlir::Region &body);

//===--- writing ----------------------------------------------------------------------------===//

/// How a value is called, for ExprPrinter.
std::string operandText(mlir::OpAsmPrinter &p, mlir::Value value);
llvm::SmallVector<std::string> fieldTexts(mlir::ArrayAttr fields);
void printFieldArguments(mlir::OpAsmPrinter &p, llvm::ArrayRef<mlir::BlockArgument> arguments, mlir::ArrayAttr fields);
void printResultNames(mlir::OpAsmPrinter &p, llvm::ArrayRef<mlir::StringAttr> names);
std::string pluginText(mlir::OpAsmPrinter &p, mlir::ValueRange args, llvm::StringRef name, mlir::DictionaryAttr options,
                       Role role);
/// `{ a, b }` on one line if it fits behind `before` columns, else one item a line with `=` in one column.
void printBraced(mlir::OpAsmPrinter &p, llvm::ArrayRef<std::string> items, size_t before);
/// `{a = 1}` for attributes that are not in `elided`, which always contains what the custom form shows.
void printRest(mlir::OpAsmPrinter &p, mlir::Operation *op, llvm::ArrayRef<llvm::StringRef> elided);

//===--- which changes an op takes --------------------------------------------------------------===//

/// Why `word` (an op's) cannot stand over `input`, which has to be insert-only, with the remedy; empty if it can.
std::string whyOnlyInserts(llvm::StringRef word, mlir::Value input);
/// The same for a stream that has to be keyed as well.
std::string whyNoState(llvm::StringRef word, mlir::Value input);
/// Why rows of these two streams of one type cannot be united: they are upserts of two ops, of which neither knows what
/// the other wrote by the same key (rule 34). Empty if they can. `writer`: the op whose rows the first one brings.
std::string whyTwoWriters(mlir::Value first, mlir::Value other, mlir::Operation *&writer);
/// `what`, a fault ("`over` goes by event time, and this stream has none"), and what gives `input` an event time.
std::string whyNotTimed(llvm::StringRef what, mlir::Value input);
/// Why there is no `clause` of `micros`, a time to live in event time, over `input`; empty if there can be.
std::string whyNoTimeToLive(llvm::StringRef clause, int64_t micros, mlir::Value input);
/// Why `clause` cannot go by the event time of `input`: a row of it may have none (rule 18). Empty if all have one.
std::string whyTimeMayLack(llvm::StringRef clause, mlir::Value input);

//===--- verifying --------------------------------------------------------------------------===//

/// The arguments of `body` from `first` on are the fields `fields` of `input`, with their types.
mlir::LogicalResult verifyReads(mlir::Operation *op, mlir::Region &body, StreamType input, mlir::ArrayAttr fields,
                                unsigned first = 0);
/// `body` ends in an expr.yield of `count` values (any number for -1) and holds ops of `expr` only.
mlir::FailureOr<expr::YieldOp> verifyRegion(mlir::Operation *op, mlir::Region &body, int count = -1);
/// Connector and options of a source or sink, its format, and the params among its options.
mlir::LogicalResult verifyPlugins(mlir::Operation *op, mlir::ValueRange args, Role connector, Role format);
/// Labels, if there are any, are one for each result.
mlir::LogicalResult verifyLabels(mlir::Operation *op);

} // namespace millrace::stream

#endif
