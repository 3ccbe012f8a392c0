//===- StateInterfaces.td - which state an op touches ----------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_INTERFACES_TD
#define MILLRACE_DIALECT_STATE_INTERFACES_TD

include "mlir/IR/OpBase.td"

def State_StateAccess : OpInterface<"StateAccess"> {
  let cppNamespace = "::millrace::state";
  let description = [{
    An op that reads or writes the state of one table. Fusion, the layout of
    state, and checkpoints ask it, and need not know the ops.
  }];
  let methods = [
    InterfaceMethod<"the table's name", "::llvm::StringRef", "getTable">,
    InterfaceMethod<"does it put keys into the table that were not there?", "bool", "writesKeys">,
    InterfaceMethod<"the key, field by field; none if it takes the keys as they come", "::mlir::OperandRange", "keyOperands">,
    InterfaceMethod<"a value for each member that has an argument", "::mlir::OperandRange", "argumentOperands">,
    InterfaceMethod<[{numbers of the members that it changes; what they were goes into that (`sum`), without being seen
      by anything else}], "::llvm::SmallVector<unsigned>", "writtenMembers">,
    InterfaceMethod<"numbers of the members whose results something behind it uses", "::llvm::SmallVector<unsigned>", "readMembers">
  ];
}
#endif
