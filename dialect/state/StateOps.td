//===- StateOps.td - tables and what is done with them ---------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_OPS_TD
#define MILLRACE_DIALECT_STATE_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "dialect/state/StateDialect.td"
include "dialect/state/StateEnums.td"
include "dialect/stream/StreamTypes.td"

/// A piece of a key's state. What it holds is the lowering's business (i128 sums, seen bits): here it has the
/// aggregate it serves and the type of its argument.
def State_MemberAttr : AttrDef<State_Dialect, "Member"> {
  let mnemonic = "member";
  let summary = "a named member: the aggregate it holds, its argument's type (none for count), the type it is read as";
  let parameters = (ins "::mlir::StringAttr":$name, StringRefParameter<"count, sum, min, max, avg, first, last, latest">:$fn,
                        "::mlir::Type":$argument, "::mlir::Type":$result);
  let assemblyFormat = "`<` $name `=` $fn `(` $argument `)` `:` $result `>`";
}

def State_LayoutAttr : AttrDef<State_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "where a key's state lies: kind of table, range of each field of the key, members kept aside";
  let description = [{
    | text | a key's slot is |
    |---|---|
    | `dense<0 to 9999, *>` | at a position computed from the key: its fields are digits, the first the most significant, null the last value of its field |
    | `packed<*, 0 to 7>` | found by hashing one 64-bit word that holds the whole key |
    | `inline` | found by hashing the key, which lies in the slot: words, then strings |
    | `by_id` | at the number that the table's dictionary gives the key |

    A range is the least and the greatest value that a field of the key can
    have; `*` is whatever its type allows. `cold [a, b]` are members that lie in
    another array, at the same position, because they are seldom touched or the
    slot would outgrow a cache line.

    Example: `#state.layout<dense<0 to 9999, 0 to 1> cold [newest]>`
  }];
  let parameters = (ins "::millrace::state::LayoutKind":$kind,
                        ArrayRefParameter<"::millrace::state::KeyRange">:$ranges,
                        ArrayRefParameter<"::mlir::StringAttr">:$cold);
  let hasCustomAssemblyFormat = 1;
  let extraClassDeclaration = [{
    /// As it is written: `dense<0 to 9999>`.
    std::string text() const;
    bool isCold(::mlir::StringAttr member) const { return ::llvm::is_contained(getCold(), member); }
  }];
}

def State_TableType : TypeDef<State_Dialect, "Table"> {
  let mnemonic = "table";
  let summary = "keys and members, and the layout, `?` until it is resolved";
  let description = [{
    `!state.table<(net: !expr.string) (<"n" = "count"(none) : i64>) layout ?>`

    The layout, once there, has a range for each key if it is `dense` or
    `packed`, none otherwise, and its cold members are the table's.
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$keyNames, ArrayRefParameter<"::mlir::Type">:$keyTypes,
                        ArrayRefParameter<"::millrace::state::MemberAttr">:$members,
                        "::millrace::state::LayoutAttr":$layout);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The same table, laid out; null: not yet.
    TableType withLayout(LayoutAttr layout) const;
    /// Is it decided where a key's state lies?
    bool isResolved() const { return bool(getLayout()); }
  }];
}

def State_KeepAttr : AttrDef<State_Dialect, "Keep"> {
  let mnemonic = "keep";
  let summary = "state that no window ends: what it is for, how long a key lives";
  let description = [{
    `running`: aggregates so far (`state.update`). `last`: the newest record,
    whose fields are the members, all with the function `latest`
    (`state.update`). `first`: no members, the time of the record that passed
    (`state.admit`).

    `ttl`: event time after the greatest written (`first`: kept) at which a key
    is forgotten (rule 35). `delete`: its rows are then deleted.

    Example: `#state.keep<running, ttl 1 h, delete>`
  }];
  let parameters = (ins "::millrace::state::KeepKind":$kind, "int64_t":$ttl, "bool":$deletes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// As it is written: `running, ttl 1 h, delete`. The time to live is in microseconds, 0 is for ever.
    std::string text() const;
  }];
}

/// An attribute that may be missing, and is null then.
class State_OrNull<Attr attr> : OptionalAttr<attr> {
  let returnType = attr.storageType;
  let convertFromStorage = "$_self";
}

class State_Op<string m, list<Trait> t = []> : Op<State_Dialect, m, t>;

def State_TableOp : State_Op<"table", [Symbol]> {
  let summary = "the state of one operator: a table for each open pane of a window, or one that no window ends";
  let description = [{
    `inputs` names what feeds it: sources and tables upstream (its W is the
    least of theirs). Either `window` or `keep` is there. `ordered` asks for rows in the order of keys when a pane
    fires, because something behind depends on arrival (rule 10).

    Example:
    ```mlir
    state.table @hourly : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
      window <tumbling 1 h> inputs [@quakes]
    state.table @totals : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>) layout ?>
      keep <running, ttl 1 h, delete> inputs [@quakes]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<State_TableType>:$type,
                       State_OrNull<Stream_WindowAttr>:$window, State_OrNull<State_KeepAttr>:$keep,
                       TypedArrayAttrBase<FlatSymbolRefAttr, "symbols">:$inputs, UnitAttr:$ordered);
  let hasVerifier = 1;
  let assemblyFormat = "$sym_name `:` $type (`window` $window^)? (`keep` $keep^)? `inputs` $inputs (`ordered` $ordered^)? attr-dict";
}
def State_FoldOp : State_Op<"fold", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "folds a record into its key's members, in the pane its time belongs to";
  let description = [{
    A terminal: judges the path's errors and those of its operands (rule 47);
    a late record is counted and dropped (rule 19). `args` has one value for
    each member with an argument, `filters` one condition for each member
    (`filtered` tells which members have one). Without `time` (processing time,
    global without event time) the pane is the clock's or the only one. Null as
    `time` (only behind an unkeyed global window that saw no time) belongs to no
    window in event time: nothing is folded, nothing is late.

    Example:
    ```mlir
    state.table @hourly : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
      window <tumbling 1 h> inputs [@quakes]
    %net = expr.constant("us") : !expr.string
    %mag = expr.constant(5.5 : f64) : f64
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    state.fold @hourly terminal 0 keys(%net : !expr.string) at %time : !expr.timestamp args(%mag : f64) filters [false, false] ()
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32Attr:$terminal, Variadic<AnyType>:$keys, Optional<AnyType>:$time,
                       Variadic<AnyType>:$args, Variadic<AnyType>:$filters, DenseBoolArrayAttr:$filtered);
  let assemblyFormat = [{
    $table `terminal` $terminal `keys` `(` ($keys^ `:` type($keys))? `)` (`at` $time^ `:` type($time))?
    `args` `(` ($args^ `:` type($args))? `)` `filters` $filtered `(` ($filters^ `:` type($filters))? `)` attr-dict
  }];
  let hasVerifier = 1;
}
#endif
