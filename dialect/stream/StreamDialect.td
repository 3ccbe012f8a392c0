//===- StreamDialect.td - what a pipeline is -------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STREAM_DIALECT_TD
#define MILLRACE_DIALECT_STREAM_DIALECT_TD

include "mlir/IR/OpBase.td"

def Stream_Dialect : Dialect {
  let name = "stream";
  let cppNamespace = "::millrace::stream";
  let summary = "what a pipeline means: sources, stateless ops, keys, windows, sinks";
  let description = [{
    A pipeline is a graph of streams in SSA form. Expressions are regions over
    `expr`, whose block arguments are the fields they read (`fields`, in order).
    Every op keeps the names its results were written with (`labels`), which
    name its state, its metrics and its messages.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::millrace::expr::ExprDialect"];
}
#endif
