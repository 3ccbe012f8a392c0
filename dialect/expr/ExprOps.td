//===- ExprOps.td - operations on values -----------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXPR_OPS_TD
#define MILLRACE_DIALECT_EXPR_OPS_TD

include "dialect/expr/ExprEnums.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialect/expr/ExprTypes.td"

class Expr_Op<string m, list<Trait> t = []> : Op<Expr_Dialect, m, !listconcat(t, [Pure])>;

def Expr_ConstantOp : Expr_Op<"constant", [ConstantLike]> {
  let summary = "a literal";
  let description = [{
    `value` is an IntegerAttr, FloatAttr, BoolAttr, StringAttr (string),
    `#expr.duration`, `#expr.timestamp`, `#expr.date`, or UnitAttr for null.
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $value `)` attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

class Expr_Binary<string m> : Expr_Op<m> {
  let arguments = (ins AnyType:$lhs, AnyType:$rhs);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_AddOp : Expr_Binary<"add"> { let summary = "sum; overflow is an error"; }
def Expr_SubOp : Expr_Binary<"sub"> { let summary = "difference; overflow is an error"; }
def Expr_MulOp : Expr_Binary<"mul"> { let summary = "product; overflow is an error"; }
def Expr_DivOp : Expr_Binary<"div"> { let summary = "quotient, cut towards zero; by zero, or MIN / -1, is an error"; }
def Expr_ModOp : Expr_Binary<"mod"> { let summary = "remainder with the dividend's sign; by zero is an error"; }
def Expr_NegOp : Expr_Op<"neg"> {
  let summary = "negation; of MIN is an error";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Expr_CmpPredicateAttr : EnumAttr<Expr_Dialect, Expr_CmpPredicate, "cmp">;
def Expr_CmpOp : Expr_Op<"cmp"> {
  let summary = "comparison; floats by IEEE, strings by bytes";
  let arguments = (ins Expr_CmpPredicateAttr:$predicate, AnyType:$lhs, AnyType:$rhs);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Expr_AndOp : Expr_Binary<"and"> { let summary = "three-valued and; false beats null and error"; }
def Expr_OrOp : Expr_Binary<"or"> { let summary = "three-valued or; true beats null and error"; }
def Expr_NotOp : Expr_Op<"not"> {
  let summary = "three-valued not";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_IsNullOp : Expr_Op<"is_null"> {
  let summary = "is this null? (an error stays an error)";
  let arguments = (ins AnyType:$value);
  let results = (outs I1:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
}
def Expr_CoalesceOp : Expr_Op<"coalesce"> {
  let summary = "the first operand that is not null; errors after it do not count";
  let arguments = (ins Variadic<AnyType>:$values);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$values attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_SelectOp : Expr_Op<"select"> {
  let summary = "`then` where the condition is true, else (false or null) `else`; only the chosen one's error counts";
  let arguments = (ins AnyType:$condition, AnyType:$thenValue, AnyType:$elseValue);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$condition `,` $thenValue `,` $elseValue attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_CastOp : Expr_Op<"cast"> {
  let summary = "conversion; what does not fit is an error";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` type($result)";
  let hasVerifier = 1;
}
def Expr_TryOp : Expr_Op<"try"> {
  let summary = "an error becomes null";
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_ListOp : Expr_Op<"list"> {
  let summary = "a list written out";
  let arguments = (ins Variadic<AnyType>:$values);
  let results = (outs Expr_List:$result);
  let assemblyFormat = "`[` $values `]` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_CallOp : Expr_Op<"call"> {
  let summary = "a built-in function, by its name in the function table";
  let description = [{
    The functions are the rows of `Functions.def`: name, parameters, result,
    what can go wrong, one line of documentation, an example. Adding one is a
    row, its lowering and its meaning in the reference interpreter.
  }];
  let arguments = (ins StrAttr:$callee, Variadic<AnyType>:$args);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $args `)` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_YieldOp : Op<Expr_Dialect, "yield", [Pure, Terminator]> {
  let summary = "the values of an expression region";
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}
def Expr_InvalidOp : Op<Expr_Dialect, "invalid"> {
  let summary = "stands where a reported mistake was, so that parsing goes on; never verifies";
  let results = (outs Expr_Invalid:$result);
  let assemblyFormat = "attr-dict `:` type($result)";
  let hasVerifier = 1;
}
#endif
