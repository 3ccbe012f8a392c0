//===- ExprOps.td - operations on values -----------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXPR_OPS_TD
#define MILLRACE_DIALECT_EXPR_OPS_TD

include "dialect/expr/ExprEnums.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialect/expr/ExprTypes.td"

class Expr_Op<string m, list<Trait> t = []> : Op<Expr_Dialect, m, !listconcat(t, [Pure])>;

//===--- literals ----------------------------------------------------------------===//

def Expr_ConstantOp : Expr_Op<"constant", [ConstantLike]> {
  let summary = "a literal";
  let description = [{
    Infix: `4.5`, `10`, `true`, `"text"`, `1 h 30 min`, `timestamp "2018-02-03T04:05:06Z"`, `date "2018-02-03"`,
    `cast(null as i64)`. A number takes its neighbour's type where it fits (`mag >= 4`).

    Constraints:
    1. `value` is an integer, a float or a bool of the result's type, a string (result `string`), `#expr.duration`,
       `#expr.timestamp` or `#expr.date`, or `unit` for null.
    2. The result is nullable if and only if it is null.

    ```mlir
    %number = expr.constant(5 : i64) : i64
    %text = expr.constant("us") : !expr.string
    %gap = expr.constant(#expr.duration<1 h 30 min>) : !expr.duration
    %then = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    %day = expr.constant(#expr.date<"2018-02-03">) : !expr.date
    %none = expr.constant(unit) : !expr.nullable<f64>
    ```
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "`(` $value `)` attr-dict `:` type($result)";
  let hasFolder = 1;
  let hasVerifier = 1;
}

//===--- arithmetic ----------------------------------------------------------------===//

class Expr_Binary<string m> : Expr_Op<m> {
  let arguments = (ins AnyType:$lhs, AnyType:$rhs);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_AddOp : Expr_Binary<"add"> {
  let summary = "sum; overflow is an error";
  let description = [{
    Infix: `a + b`.

    Constraints:
    1. Both operands are numbers of one type (infix widens them), or a timestamp and a duration, or two durations.
    2. The result has the first operand's type, nullable if an operand is.

    ```mlir
    %a = expr.constant(1 : i64) : i64
    %b = expr.add %a, %a : (i64, i64) -> i64
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    %gap = expr.constant(#expr.duration<10 min>) : !expr.duration
    %later = expr.add %time, %gap : (!expr.timestamp, !expr.duration) -> !expr.timestamp
    ```
  }];
}
def Expr_SubOp : Expr_Binary<"sub"> {
  let summary = "difference; overflow is an error";
  let description = [{
    Infix: `a - b` (with blanks around it: `%x-1` is a name).

    Constraints:
    1. Both operands are numbers of one type, or a timestamp and a duration, or two timestamps, or two durations.
    2. The result has the first operand's type, but for two timestamps, which give a duration; nullable if an operand is.

    ```mlir
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    %age = expr.sub %time, %time : (!expr.timestamp, !expr.timestamp) -> !expr.duration
    ```
  }];
}
def Expr_MulOp : Expr_Binary<"mul"> {
  let summary = "product; overflow is an error";
  let description = [{
    Infix: `a * b`.

    Constraints:
    1. Both operands are numbers of one type, or a duration and an i64.
    2. The result has the first operand's type, nullable if an operand is.

    ```mlir
    %gap = expr.constant(#expr.duration<10 min>) : !expr.duration
    %n = expr.constant(3 : i64) : i64
    %long = expr.mul %gap, %n : (!expr.duration, i64) -> !expr.duration
    ```
  }];
}
def Expr_DivOp : Expr_Binary<"div"> {
  let summary = "quotient, on integers cut towards zero; their division by zero, or MIN / -1, is an error";
  let description = [{
    Infix: `a / b`. Floats follow IEEE.

    Constraints:
    1. Both operands are numbers of one type, or a duration and an i64.
    2. The result has the first operand's type, nullable if an operand is.

    ```mlir
    %a = expr.constant(7 : i64) : i64
    %b = expr.constant(2 : i64) : i64
    %three = expr.div %a, %b : (i64, i64) -> i64
    ```
  }];
}
def Expr_ModOp : Expr_Binary<"mod"> {
  let summary = "remainder with the dividend's sign; by zero is an error";
  let description = [{
    Infix: `a mod b`.

    Constraints:
    1. Both operands are integers of one type.
    2. The result has that type, nullable if an operand is.

    ```mlir
    %a = expr.constant(7 : i64) : i64
    %b = expr.constant(2 : i64) : i64
    %one = expr.mod %a, %b : (i64, i64) -> i64
    ```
  }];
}
def Expr_NegOp : Expr_Op<"neg"> {
  let summary = "negation; of MIN is an error";
  let description = [{
    Infix: `-a`.

    Constraints:
    1. The operand is a signed integer, a float or a duration.
    2. The result has its type.

    ```mlir
    %a = expr.constant(7 : i64) : i64
    %b = expr.neg %a : (i64) -> i64
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

//===--- conditions ------------------------------------------------------------------===//

def Expr_CmpPredicateAttr : EnumAttr<Expr_Dialect, Expr_CmpPredicate, "cmp">;
def Expr_CmpOp : Expr_Op<"cmp"> {
  let summary = "comparison; floats by IEEE, strings and bytes by bytes";
  let description = [{
    Infix: `=` (also read as `==`), `<>`, `<`, `<=`, `>`, `>=`. `x between a and b` and `x in (a, b)` are made of it.

    Constraints:
    1. Both operands have one type but for nullability (infix widens numbers), which is no list.
    2. Bools are only compared by `eq` and `ne`.
    3. The result is a bool, nullable if an operand is.

    ```mlir
    %a = expr.constant(4.5 : f64) : f64
    %strong = expr.cmp ge %a, %a : (f64, f64) -> i1
    ```
  }];
  let arguments = (ins Expr_CmpPredicateAttr:$predicate, AnyType:$lhs, AnyType:$rhs);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$predicate $lhs `,` $rhs attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Expr_AndOp : Expr_Binary<"and"> {
  let summary = "three-valued and; false beats null and error";
  let description = [{
    Infix: `a and b`.

    Constraints:
    1. Both operands are bools, nullable or not.
    2. The result is a bool, nullable if an operand is.

    ```mlir
    %yes = expr.constant(true) : i1
    %both = expr.and %yes, %yes : (i1, i1) -> i1
    ```
  }];
}
def Expr_OrOp : Expr_Binary<"or"> {
  let summary = "three-valued or; true beats null and error";
  let description = [{
    Infix: `a or b`.

    Constraints:
    1. Both operands are bools, nullable or not.
    2. The result is a bool, nullable if an operand is.

    ```mlir
    %yes = expr.constant(true) : i1
    %unknown = expr.constant(unit) : !expr.nullable<i1>
    %either = expr.or %yes, %unknown : (i1, !expr.nullable<i1>) -> !expr.nullable<i1>
    ```
  }];
}
def Expr_NotOp : Expr_Op<"not"> {
  let summary = "three-valued not";
  let description = [{
    Infix: `not a`.

    Constraints:
    1. The operand is a bool, nullable or not.
    2. The result has its type.

    ```mlir
    %yes = expr.constant(true) : i1
    %no = expr.not %yes : (i1) -> i1
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_IsNullOp : Expr_Op<"is_null"> {
  let summary = "is this null? (an error stays an error)";
  let description = [{
    Infix: `a is null`; `a is not null` is a `not` of it.

    Constraints:
    1. The operand is nullable: else the question is a mistake.

    ```mlir
    %unknown = expr.constant(unit) : !expr.nullable<f64>
    %yes = expr.is_null %unknown : !expr.nullable<f64>
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs I1:$result);
  let assemblyFormat = "$value attr-dict `:` type($value)";
  let hasVerifier = 1;
}

//===--- choices: they judge only what they choose --------------------------------------===//

def Expr_CoalesceOp : Expr_Op<"coalesce"> {
  let summary = "the first operand that is not null; errors after it do not count";
  let description = [{
    Infix: `coalesce(a, b, ...)`.

    Constraints:
    1. There are at least two operands, of one type but for nullability.
    2. The result has that type, nullable if all operands are.

    ```mlir
    %unknown = expr.constant(unit) : !expr.nullable<f64>
    %zero = expr.constant(0.0 : f64) : f64
    %known = expr.coalesce %unknown, %zero : (!expr.nullable<f64>, f64) -> f64
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$values attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_SelectOp : Expr_Op<"select"> {
  let summary = "`then` where the condition is true, else (false or null) `else`; only the chosen one's error counts";
  let description = [{
    Infix: `case when a then x when b then y else z end`; without `else` it is null.

    Constraints:
    1. The condition is a bool, nullable or not.
    2. Both values have one type but for nullability.
    3. The result has that type, nullable if a value is.

    ```mlir
    %yes = expr.constant(true) : i1
    %day = expr.constant("day") : !expr.string
    %night = expr.constant("night") : !expr.string
    %part = expr.select %yes, %day, %night : (i1, !expr.string, !expr.string) -> !expr.string
    ```
  }];
  let arguments = (ins AnyType:$condition, AnyType:$thenValue, AnyType:$elseValue);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$condition `,` $thenValue `,` $elseValue attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_TryOp : Expr_Op<"try"> {
  let summary = "an error becomes null";
  let description = [{
    Infix: `try(a / b)`.

    Constraints:
    1. The result has the operand's type, nullable.

    ```mlir
    %text = expr.constant("12") : !expr.string
    %number = expr.cast %text : !expr.string to i64
    %maybe = expr.try %number : (i64) -> !expr.nullable<i64>
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

//===--- conversions, lists, calls ------------------------------------------------------===//

def Expr_CastOp : Expr_Op<"cast"> {
  let summary = "conversion; what does not fit is an error";
  let description = [{
    Infix: `cast(a as i64)`. Where numbers of different types meet, infix puts it in by itself.

    Constraints:
    1. There is a conversion: between numbers (to an integer it cuts), from bool to an integer (0 or 1), from any scalar
       to a string, from a string to all but durations, between timestamp and date, between duration and i64 (in
       microseconds); from a type to the same.
    2. The result is nullable if the operand is (it may also be if the operand is not).

    ```mlir
    %text = expr.constant("12") : !expr.string
    %number = expr.cast %text : !expr.string to i64
    %wide = expr.cast %number : i64 to f64
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `to` type($result)";
  let hasVerifier = 1;
}
def Expr_ListOp : Expr_Op<"list"> {
  let summary = "a list written out";
  let description = [{
    Infix: `[a, b]`.

    Constraints:
    1. There is at least one element.
    2. The elements have one scalar type but for nullability.
    3. The result is a list of that type, nullable if an element is.

    ```mlir
    %a = expr.constant(1 : i64) : i64
    %list = expr.list [%a, %a] : (i64, i64) -> !expr.list<i64>
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let results = (outs Expr_List:$result);
  let assemblyFormat = "`[` $values `]` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_FieldOp : Expr_Op<"field"> {
  let summary = "a field of a record that is a value";
  let description = [{
    Infix: `best.mag`, where `best` is a field, an element or a `let` that is a record.

    Constraints:
    1. The operand is a record, nullable or not.
    2. `name` is one of its fields.
    3. The result has the field's type, nullable if the record is.

    ```mlir
    stream.pipeline @field {
      %quakes = source file("quakes.jsonl") as json { mag: f64?, place: string, time: timestamp } watermark time bounded 1 h
      %hourly = window %quakes tumbling 1 h { strongest = top(3, mag) { place, mag } }
      %each = flat_map %hourly each one in strongest { place = one.place, mag = one.mag }
      sink %each to stdout as json
    }
    ```
  }];
  let arguments = (ins AnyType:$record, StrAttr:$name);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$record $name attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}
def Expr_CallOp : Expr_Op<"call"> {
  let summary = "a built-in function, by its name in the function table";
  let description = [{
    Infix: `f(a, b)`; `a || b` is `concat(a, b)`, and `hour(t)` is `extract(t, "hour")`.

    The functions are the rows of `Functions.def`: name, parameters, result,
    what can go wrong, one line of documentation, an example. Adding one is a
    row, its lowering and its meaning in the reference interpreter.

    Constraints:
    1. `callee` is a function of the table.
    2. There are as many arguments as it takes, of the types it takes.
    3. A unit of time is a constant, and one the function knows.
    4. The result has the function's type, nullable if an argument is.

    ```mlir
    %text = expr.constant("stream") : !expr.string
    %big = expr.call "upper"(%text) : (!expr.string) -> !expr.string
    ```
  }];
  let arguments = (ins StrAttr:$callee, Variadic<AnyType>:$args);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$callee `(` $args `)` attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

//===--- structure -------------------------------------------------------------------------===//

def Expr_YieldOp : Op<Expr_Dialect, "yield", [Pure, Terminator]> {
  let summary = "the values of an expression region";
  let description = [{
    ```mlir
    stream.pipeline @written_out {
      %in = source sequence(count = 10)
      %few = filter %in (%n = n) {
        %limit = constant(5 : i64) : i64
        %low = cmp lt %n, %limit : (i64, i64) -> i1
        yield %low : i1
      }
    }
    ```
  }];
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
