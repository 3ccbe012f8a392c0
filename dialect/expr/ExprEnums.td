//===- ExprEnums.td - comparisons -*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXPR_ENUMS_TD
#define MILLRACE_DIALECT_EXPR_ENUMS_TD

include "mlir/IR/EnumAttr.td"

def Expr_CmpPredicate : I32EnumAttr<"CmpPredicate", "a comparison", [
    I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>,
    I32EnumAttrCase<"le", 3>, I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::millrace::expr";
  let genSpecializedAttr = 0;
}
#endif
