//===- ExecDialect.td - steps ----------------------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXEC_DIALECT_TD
#define MILLRACE_DIALECT_EXEC_DIALECT_TD

include "mlir/IR/OpBase.td"

def Exec_Dialect : Dialect {
  let name = "exec";
  let cppNamespace = "::millrace::exec";
  let summary = "how a pipeline runs: steps over batches, firings, branches, staging";
  let description = [{
    A program is a list of ports (sources, sinks), tables and steps. A step
    pushes each record of its input through everything that is fused behind it,
    up to terminals (`exec.emit`, `state.fold`). `exec.stage` ends a loop: the
    records that got there are collected in a selection vector, and a second
    loop goes on with them.
  }];
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::millrace::expr::ExprDialect", "::millrace::state::StateDialect"];
}
#endif
