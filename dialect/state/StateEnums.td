//===- StateEnums.td - layouts -*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_ENUMS_TD
#define MILLRACE_DIALECT_STATE_ENUMS_TD

include "mlir/IR/EnumAttr.td"

def State_Layout : I32EnumAttr<"Layout", "a layout of a table",
    [I32EnumAttrCase<"Unresolved", 0, "?">, I32EnumAttrCase<"OpenAddressing", 1, "open_addressing">]> {
  let cppNamespace = "::millrace::state";
  let genSpecializedAttr = 0;
}
#endif
