//===- Constants.h - C structs as constants of the llvm dialect -----*- C++ -*-===//
//
// Internal to the lowering. A struct is built field by field with the offsets
// that the C compiler gave them (`MR_FIELD`), and the LLVM struct type must give
// the same: a changed or forgotten field stops with a message.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_CONSTANTS_H
#define MILLRACE_LOWERING_CONSTANTS_H

#include "lowering/Code.h"

namespace millrace::lowering {

/// A value that a constant's initialiser computes, inside the initialiser.
class Constant {
public:
  static Constant integer(unsigned bits, int64_t value) { return {Kind::Integer, bits, value, {}}; }
  static Constant null() { return {Kind::Null, 64, 0, {}}; }
  static Constant address(std::string symbol) { return {Kind::Address, 64, 0, std::move(symbol)}; }
  static Constant function(std::string symbol) { return address(std::move(symbol)); }
  unsigned bytes() const { return bits / 8; }

  mlir::Type type(Code &code) const;
  mlir::Value build(Code &code) const;

private:
  enum class Kind { Integer, Null, Address };
  Constant(Kind kind, unsigned bits, int64_t value, std::string symbol)
      : kind(kind), bits(bits), value(value), symbol(std::move(symbol)) {}
  Kind kind;
  unsigned bits;
  int64_t value;
  std::string symbol;
};

/// One struct, its fields in their order.
class StructConstant {
public:
  explicit StructConstant(size_t size) : size(size) {}
  void field(size_t offset, size_t bytes, Constant value);
  /// Stops with a message unless the LLVM struct has the C struct's size.
  void check() const;
  mlir::Type type(Code &code) const;
  mlir::Value build(Code &code) const;

private:
  size_t size, next = 0, align = 1;
  llvm::SmallVector<Constant> fields;
};

/// Sets a field of a C struct: `MR_FIELD(object, mr_sink_desc, row_size, 16)` takes its offset and width from the
/// struct.
#define MR_FIELD(object, type, member, value)                                                                          \
  (object).field(offsetof(type, member), sizeof(((type *)nullptr)->member),                                            \
                 millrace::lowering::asConstant<sizeof(((type *)nullptr)->member)>(value))

template <size_t bytes> Constant asConstant(int64_t value) { return Constant::integer(8 * bytes, value); }
template <size_t bytes> Constant asConstant(Constant value) { return value; }

/// Makes the module's constant globals.
class ConstantTable {
public:
  ConstantTable(mlir::ModuleOp module, Code &code) : module(module), code(code) {}

  /// The address of a zero-terminated text; equal ones are one.
  Constant text(llvm::StringRef text);
  /// The address of an array of structs; null for none.
  Constant array(llvm::StringRef name, llvm::ArrayRef<StructConstant> elements);
  Constant array(llvm::StringRef name, llvm::ArrayRef<Constant> elements);

private:
  std::string unique(llvm::StringRef name);
  void global(llvm::StringRef name, mlir::Type element, unsigned count,
              llvm::function_ref<mlir::Value(unsigned)> build);

  mlir::ModuleOp module;
  Code &code;
  llvm::StringMap<std::string> texts;
};

} // namespace millrace::lowering

#endif
