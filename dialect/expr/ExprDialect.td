//===- ExprDialect.td - the value language of a pipeline -------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXPR_DIALECT_TD
#define MILLRACE_DIALECT_EXPR_DIALECT_TD

include "mlir/IR/OpBase.td"

def Expr_Dialect : Dialect {
  let name = "expr";
  let cppNamespace = "::millrace::expr";
  let summary = "total, typed operations on values";
  let description = [{
    What a pipeline computes inside one record. Every operation is *total*: its
    result is a value, null, or an error of the record (rule 46); none has
    undefined behaviour and none wraps. Nullability is part of the type. Errors
    are values (rule 47): an operation with an erroneous operand gives that
    error, unless it is one that judges only what it chooses (`select`,
    `coalesce`, `try`, `and`, `or`).

    Signed integers are MLIR's signless `i8` to `i64`, unsigned ones `ui8` to
    `ui64`, `bool` is `i1`. Of several errors in one record the one *written
    first* counts, which the discardable attribute `expr.site` (i32, given by
    `numberSites`) makes independent of the order of evaluation.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}
#endif
