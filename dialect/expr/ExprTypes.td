//===- ExprTypes.td - types and literals -----------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXPR_TYPES_TD
#define MILLRACE_DIALECT_EXPR_TYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/BuiltinAttributeInterfaces.td"
include "dialect/expr/ExprDialect.td"

class Expr_Type<string n, string m> : TypeDef<Expr_Dialect, n> { let mnemonic = m; }

def Expr_String : Expr_Type<"String", "string"> {
  let summary = "UTF-8 text; length in code points, ordered by bytes";
}
def Expr_Bytes : Expr_Type<"Bytes", "bytes"> { let summary = "any bytes"; }
def Expr_Timestamp : Expr_Type<"Timestamp", "timestamp"> {
  let summary = "microseconds since 1970-01-01T00:00:00Z, years 0000 to 9999 (rule 1)";
}
def Expr_Duration : Expr_Type<"Duration", "duration"> { let summary = "signed microseconds"; }
def Expr_Date : Expr_Type<"Date", "date"> {
  let summary = "days since 1970-01-01 (signed 32 bits), years 0000 to 9999";
}
def Expr_List : Expr_Type<"List", "list"> {
  let summary = "a list of scalars or of records, `[f64?]`";
  let parameters = (ins "::mlir::Type":$element);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Expr_Record : Expr_Type<"Record", "record"> {
  let summary = "a record as a value: named scalars, `{place: string, mag: f64?}`";
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names, ArrayRefParameter<"::mlir::Type">:$types);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Position of field `name`, or -1.
    int indexOf(::llvm::StringRef name) const;
  }];
}
def Expr_Nullable : Expr_Type<"Nullable", "nullable"> {
  let summary = "a value or null; never nested";
  let parameters = (ins "::mlir::Type":$element);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Expr_Null : Expr_Type<"Null", "null"> { let summary = "the type of the literal `null` before it meets another"; }
def Expr_Invalid : Expr_Type<"Invalid", "invalid"> {
  let summary = "stands for the type of an expression that was already reported as wrong";
}

def Expr_Probe : Expr_Type<"Probe", "probe"> {
  let summary = "a type no value has; parsers ask with it for the type a value really has";
}

class Expr_TimeAttr<string n, string m> : AttrDef<Expr_Dialect, n, [DeclareAttrInterfaceMethods<TypedAttrInterface>]> {
  let mnemonic = m;
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Expr_DurationAttr : Expr_TimeAttr<"Duration", "duration"> {
  let summary = "a literal duration, `#expr.duration<1 h 30 min>`";
  let parameters = (ins "int64_t":$micros);
}
def Expr_TimestampAttr : Expr_TimeAttr<"Timestamp", "timestamp"> {
  let summary = "a literal point in time, `#expr.timestamp<\"2015-07-15T00:00:00Z\">`";
  let parameters = (ins "int64_t":$micros);
}
def Expr_DateAttr : Expr_TimeAttr<"Date", "date"> {
  let summary = "a literal date, `#expr.date<\"2015-07-15\">`";
  let parameters = (ins "int32_t":$days);
}
#endif
