//===- Values.h - what a value of the expr dialect is in registers --*- C++ -*-===//
//
// Internal to the lowering. A value in flight is its parts, whether it is there,
// and its error; what is provably absent is not kept.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_VALUES_H
#define MILLRACE_LOWERING_VALUES_H

#include "lowering/Code.h"

#include "millrace/abi.h"

namespace millrace::lowering {

/// A value in flight. Strings and bytes have two parts (i64), lists two (pointer, i64), records their
/// address, all others one scalar. The parts of a string or list are always well-formed, also where it is null or an
/// error: then they are empty. The address of a record that is null or an error is 0.
struct Val {
  llvm::SmallVector<mlir::Value, 2> parts;
  mlir::Value valid; ///< i1; none: never null
  mlir::Value error; ///< i32, MR_NO_ERROR if there is none; none: cannot fail

  mlir::Value scalar() const { return parts.front(); }
};

bool isNullable(mlir::Type type);
/// Without `nullable`.
mlir::Type valueType(mlir::Type type);
bool isUnsigned(mlir::Type type);
/// Types of the parts; integers lose their sign.
llvm::SmallVector<mlir::Type, 2> partTypes(mlir::Type type, mlir::MLIRContext *context);
/// Strings, bytes, lists and records: what points at memory.
bool isReference(mlir::Type type);
bool isText(mlir::Type type);
mr_type mrTypeOf(mlir::Type type);
/// Bytes of the value in columns, rows and lists.
unsigned sizeOf(mlir::Type type);

/// Null of this type.
Val nullOf(Code &code, mlir::Type type);
/// The value at `pointer`, as columns, rows and lists have it. `align`: what is known of the address.
Val loadValue(Code &code, mlir::Type type, mlir::Value pointer, Memory memory, unsigned align);
/// Stores the parts; bools as a byte.
void storeValue(Code &code, mlir::Type type, const Val &value, mlir::Value pointer, Memory memory, unsigned align);
/// Zero parts where `keep` is false.
void clearUnless(Code &code, Val &value, mlir::Value keep);
/// `condition ? a : b`, part by part; validity and errors too.
Val selectValue(Code &code, mlir::Value condition, const Val &a, const Val &b);

// Validity and errors, of which either may be absent.
mlir::Value bothValid(Code &code, mlir::Value a, mlir::Value b);
mlir::Value leastError(Code &code, mlir::Value a, mlir::Value b);
/// `number` (site << 3 | kind) where the condition holds, else no error.
mlir::Value errorIf(Code &code, mlir::Value condition, mlir::Value number);
/// `condition ? a : b`.
mlir::Value chooseError(Code &code, mlir::Value condition, mlir::Value a, mlir::Value b);
/// i1: is there none?
mlir::Value noError(Code &code, mlir::Value error);
/// The error's number computed anew where the builder stands, from the conditions it depends on: for places that are
/// rarely reached, so that nothing of it is computed on the usual way.
mlir::Value errorAgain(Code &code, mlir::Value error);
/// i1: neither null nor an error; none if that is certain.
mlir::Value present(Code &code, const Val &value);
/// The bits of a scalar as a 64-bit word (floats: their pattern, f32 in the low half).
mlir::Value toWord(Code &code, mlir::Type type, mlir::Value scalar);
mlir::Value fromWord(Code &code, mlir::Type type, mlir::Value word);

} // namespace millrace::lowering

#endif
