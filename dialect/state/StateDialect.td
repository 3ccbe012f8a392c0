//===- StateDialect.td - explicit, typed state -----------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_DIALECT_TD
#define MILLRACE_DIALECT_STATE_DIALECT_TD

include "mlir/IR/OpBase.td"

def State_Dialect : Dialect {
  let name = "state";
  let cppNamespace = "::millrace::state";
  let summary = "state with named, typed members, before and after its layout is chosen";
  let description = [{
    A table is made explicit when steps are formed, with an unresolved layout
    (`?`). `stream-layout-state` decides it; a verifier pass checks that none
    is left. What stands above reaches state through these ops alone, so a
    layout can be added without touching it.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
  let dependentDialects = ["::millrace::expr::ExprDialect", "::millrace::stream::StreamDialect"];
}
#endif
