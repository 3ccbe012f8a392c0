//===- StateEnums.td - layouts -*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_ENUMS_TD
#define MILLRACE_DIALECT_STATE_ENUMS_TD

include "mlir/IR/EnumAttr.td"

def State_LayoutKind : I32EnumAttr<"LayoutKind", "how a table finds a key's slot",
    [I32EnumAttrCase<"Dense", 0, "dense">, I32EnumAttrCase<"Packed", 1, "packed">,
     I32EnumAttrCase<"Inline", 2, "inline">, I32EnumAttrCase<"ById", 3, "by_id">]> {
  let cppNamespace = "::millrace::state";
  let genSpecializedAttr = 0;
}

def State_KeepKind : I32EnumAttr<"KeepKind", "what a key's state is for as long as it lives",
    [I32EnumAttrCase<"Running", 0, "running">, I32EnumAttrCase<"First", 1, "first">, I32EnumAttrCase<"Last", 2, "last">,
     I32EnumAttrCase<"Count", 3, "count">, I32EnumAttrCase<"Over", 4, "over">]> {
  let cppNamespace = "::millrace::state";
  let genSpecializedAttr = 0;
}
#endif
