//===- StateOps.td - tables and what is done with them ---------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STATE_OPS_TD
#define MILLRACE_DIALECT_STATE_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "dialect/state/StateDialect.td"
include "dialect/state/StateEnums.td"
include "dialect/state/StateInterfaces.td"
include "dialect/stream/StreamTypes.td"

/// A piece of a key's state. What it holds is the lowering's business (i128 sums, seen bits): here it has the
/// aggregate it serves and the type of its argument.
def State_MemberAttr : AttrDef<State_Dialect, "Member"> {
  let mnemonic = "member";
  let summary = "a named member: the aggregate it holds, the types of its arguments (`none` if it has none), the type it is read as";
  let parameters = (ins "::mlir::StringAttr":$name, StringRefParameter<"of Aggregates.def">:$fn,
                        ArrayRefParameter<"::mlir::Type">:$arguments, "::mlir::Type":$result,
                        DefaultValuedParameter<"::mlir::DictionaryAttr", "::mlir::DictionaryAttr::get($_ctxt)", "of Aggregates.def">:$options);
  let builders = [AttrBuilder<(ins "::mlir::StringAttr":$name, "::llvm::StringRef":$fn,
                                   "::llvm::ArrayRef<::mlir::Type>":$arguments, "::mlir::Type":$result), [{
    return $_get($_ctxt, name, fn, arguments, result, ::mlir::DictionaryAttr::get($_ctxt));
  }]>];
  let assemblyFormat = "`<` $name `=` $fn `(` custom<Arguments>($arguments) `)` `:` $result (`,` $options^)? `>`";
  let extraClassDeclaration = [{
    /// The type of the first argument; NoneType without one.
    ::mlir::Type getArgument() const {
      return getArguments().empty() ? ::mlir::NoneType::get(getContext()) : getArguments().front();
    }
  }];
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
    `running`: aggregates so far (`state.update`). `last`: the time of the
    newest record (`state.update`), whose other fields nobody asks for again.
    `first`: the time of the record that passed (`state.admit`). `count n every m`:
    aggregates of a key's last n records, or as many as there are, which give a
    row with each m-th record (`state.update`); without `every` m is n. `over n`, `over, ttl D` and `over`: aggregates
    over each record's own window, of n rows, of the time D, of all before it (`state.await`). `running`, `count` and
    `over` have members.

    `ttl`: event time after the greatest written (`first`: kept) at which a key
    is forgotten (rule 35). `delete`: its rows are then deleted.

    Example: `#state.keep<running, ttl 1 h, delete>`
  }];
  let parameters = (ins "::millrace::state::KeepKind":$kind, "int64_t":$ttl, "bool":$deletes,
                        "int64_t":$records, "int64_t":$every);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// As it is written: `running, ttl 1 h, delete`, `count 100`. The time to live is in microseconds, 0 is for ever.
    std::string text() const;
    /// Of a count: how many parts the last n records are kept in, each as long as a result's new records have a whole
    /// number of; 0: they need none, because a row is of new records alone.
    int64_t parts() const;
    int64_t recordsOfPart() const;
  }];
}

def State_TopAttr : AttrDef<State_Dialect, "Top"> {
  let mnemonic = "top";
  let summary = "a table of whole records, of which each group's best come when it fires";
  let description = [{
    The table's key is the group's fields (`groups` of them), the values that
    records are compared by (one for each of `descending`), and the number of
    the record's arrival, which `state.fold` does not give: it makes it. So each
    record has a slot, and those of a group are in the order of their keys. Of
    each group `limit` come, or with `ties` all that are equal to the last of
    them by the values.

    Example: `#state.top<groups 1 limit 10 ties true descending array<i1: true, false>>`
  }];
  let parameters = (ins "unsigned":$groups, "int64_t":$limit, "bool":$ties, "::mlir::DenseBoolArrayAttr":$descending);
  let assemblyFormat = "`<` `groups` $groups `limit` $limit `ties` $ties `descending` $descending `>`";
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

    A window whose records are folded into slices, from which each result comes
    by combining, has an `algorithm` that says how; without one each pane is
    folded in place. `firing` is of a window that takes late records or may fire
    more than once (rules 19 to 22); without it, it fires once, at its end.

    Windows over the same records may share their slices (`stream-share-slices`): each names the first of them, itself too, by
    `slices of`. The first one has the members of all, its own in front; of the others `own` gives for each member its number among
    those. One `state.fold`, into the first, folds for all.

    Example:
    ```mlir
    state.table @hourly : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
      window <tumbling 1 h> inputs [@quakes]
    state.table @totals : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>) layout ?>
      keep <running, ttl 1 h, delete> inputs [@quakes]
    state.table @last_hour : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>) layout ?>
      window <sliding 1 h every 1 min> algorithm <subtract> inputs [@quakes]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<State_TableType>:$type,
                       State_OrNull<Stream_WindowAttr>:$window, State_OrNull<Stream_FiringAttr>:$firing,
                       State_OrNull<Stream_AlgorithmAttr>:$algorithm,
                       State_OrNull<State_KeepAttr>:$keep, State_OrNull<State_TopAttr>:$top,
                       TypedArrayAttrBase<FlatSymbolRefAttr, "symbols">:$inputs, UnitAttr:$ordered,
                       OptionalAttr<FlatSymbolRefAttr>:$slices_of, OptionalAttr<DenseI32ArrayAttr>:$own);
  let hasVerifier = 1;
  let assemblyFormat = "$sym_name `:` $type (`window` $window^)? (`firing` $firing^)? (`algorithm` $algorithm^)? (`keep` $keep^)? (`top` $top^)? `inputs` $inputs (`ordered` $ordered^)? (`slices` `of` $slices_of^ `own` $own)? attr-dict";
  let extraClassDeclaration = [{
    /// Does the window read the slices of another one? It then has no fold of its own.
    bool readsOthers() { return getSlicesOf() && *getSlicesOf() != getSymName(); }
    /// The members that the window fires: all, but of the first one of several windows of the same slices.
    ::llvm::ArrayRef<::millrace::state::MemberAttr> firedMembers() {
      ::llvm::ArrayRef<::millrace::state::MemberAttr> members = getType().getMembers();
      return getOwn() && !readsOthers() ? members.take_front(getOwn()->size()) : members;
    }
  }];
}
/// The members of tables whose function is `%name` are of it.
def State_AggregateOp : State_Op<"aggregate", [Symbol]> {
  let summary = "what is done with the states of an aggregate of one's own: the members whose function is `%name`";
  let description = [{
    The regions take and yield states, whose types are the members' option `state`: `identity` gives that of no record,
    `combine` puts two together, the second one behind the first, `inverse` (empty without one) takes the second away
    again, `lower` gives the result. A member's arguments are the state of a record, lifted already.

    Example:
    ```mlir
    state.aggregate @total identity {
      %none = expr.constant(0 : i64) : i64
      expr.yield %none : i64
    } combine {
    ^bb0(%a: i64, %b: i64):
      %both = expr.add %a, %b : (i64, i64) -> i64
      expr.yield %both : i64
    } inverse {
    ^bb0(%a: i64, %b: i64):
      %left = expr.sub %a, %b : (i64, i64) -> i64
      expr.yield %left : i64
    } lower {
    ^bb0(%s: i64):
      expr.yield %s : i64
    }
    state.table @totals : !state.table<(net: !expr.string) (<"sum" = "%total"(i64) : i64, {exact_inverse, fails, gives = i64, order_free, state = [i64], state_names = ["s"], takes = [i64]}>) layout ?>
      keep <running> inputs [@quakes]
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$identity, SizedRegion<1>:$combine, AnyRegion:$inverse, SizedRegion<1>:$lower);
  let assemblyFormat = "$sym_name `identity` $identity `combine` $combine `inverse` $inverse `lower` $lower attr-dict";
}
def State_FoldOp : State_Op<"fold", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<State_StateAccess>]> {
  let summary = "folds a record into its key's members, in the pane its time belongs to";
  let description = [{
    A terminal: judges the path's errors and those of its operands (rule 47);
    a late record is counted and dropped (rule 19). `args` has one value for
    each member with an argument, `filters` one condition for each member
    (`filtered` tells which members have one). Without `time` (processing time,
    global without event time) the pane is the clock's or the only one. Null as
    `time` (only behind an unkeyed global window that saw no time) belongs to no
    window in event time: nothing is folded, nothing is late.

    Where late records go on, there are two results: is the record late (`i1`, false for one that is bad here), and why
    (a string). What stands behind it keeps those by `exec.keep`.

    `also` are the other windows of the same slices, each a terminal too: it judges what its own members take.

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
                       Variadic<AnyType>:$args, Variadic<AnyType>:$filters, DenseBoolArrayAttr:$filtered,
                       OptionalAttr<ArrayAttr>:$also, OptionalAttr<DenseI32ArrayAttr>:$also_terminals);
  let results = (outs Variadic<AnyType>:$late);
  let assemblyFormat = [{
    $table `terminal` $terminal `keys` `(` ($keys^ `:` type($keys))? `)` (`at` $time^ `:` type($time))?
    `args` `(` ($args^ `:` type($args))? `)` `filters` $filtered `(` ($filters^ `:` type($filters))? `)`
    (`late` type($late)^)? (`also` $also^ `terminals` $also_terminals)? attr-dict
  }];
  let hasVerifier = 1;
}
def State_AwaitOp : State_Op<"await", [AttrSizedOperandSegments, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    DeclareOpInterfaceMethods<State_StateAccess>]> {
  let summary = "lets a record wait for the watermark, which then fires it with its own window";
  let description = [{
    For a table that keeps `over`. A terminal: judges the path's errors and those of its operands (rule 47); a record
    that is not later than W (the one before the record moves it) is late: it is counted and dropped. `args` and
    `filters` are as those of `state.fold`; `passed` is what else goes on, which is not judged here: what of it is used
    behind is demanded before.

    When W has passed it, the table's `exec.fire` runs for it, by (timestamp, arrival). Its arguments are the `passed`
    values, the members' results over the record's window, and `time`.

    Example:
    ```mlir
    state.table @lately : !state.table<(net: !expr.string) (<"worst" = "max"(f64) : f64>) layout ?>
      keep <over, ttl 1 h> inputs [@quakes]
    %net = expr.constant("us") : !expr.string
    %mag = expr.constant(5.5 : f64) : f64
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    state.await @lately terminal 0 keys(%net : !expr.string) at %time : !expr.timestamp args(%mag : f64) filters [false] () passed(%net : !expr.string)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32Attr:$terminal, Variadic<AnyType>:$keys, AnyType:$time,
                       Variadic<AnyType>:$args, Variadic<AnyType>:$filters, DenseBoolArrayAttr:$filtered,
                       Variadic<AnyType>:$passed);
  let assemblyFormat = [{
    $table `terminal` $terminal `keys` `(` ($keys^ `:` type($keys))? `)` `at` $time `:` type($time)
    `args` `(` ($args^ `:` type($args))? `)` `filters` $filtered `(` ($filters^ `:` type($filters))? `)`
    `passed` `(` ($passed^ `:` type($passed))? `)` attr-dict
  }];
  let hasVerifier = 1;
}
/// What runs for a record behind the state that kept it: a region in a step or firing.
class State_KeepingOp<string m, list<Trait> t = []> : State_Op<m, !listconcat(t, [SingleBlock, NoTerminator,
    OpAsmOpInterface, DeclareOpInterfaceMethods<SymbolUserOpInterface>, DeclareOpInterfaceMethods<State_StateAccess>])> {
  let regions = (region SizedRegion<1>:$body);
  code nameDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::state::nameArguments(r, fn); }
  }];
  let extraClassDeclaration = nameDeclaration;
}

def State_UpdateOp : State_KeepingOp<"update", [AttrSizedOperandSegments]> {
  let summary = "folds a record into its key's state and goes on with the row that this gives: of an upsert stream";
  let description = [{
    For a table that keeps `running`, `last` or `count`. A terminal: judges the path's
    errors and those of its operands (rule 47); what goes wrong inside stops the
    pipeline. `args` and `filters` are as those of `state.fold`; `last` has
    none.

    The body is all that stands behind the operator, and runs at once for each
    record that was folded: for `running` each one, for `last` each that is not
    older than the one kept, for `count n every m` each m-th one of its key (rule
    16). Its arguments are the keys as the table holds them
    (−0 as 0, rule 26), the members' results and, if there is a `time`, that. It
    uses values from outside as well: for `last` the row is the record itself,
    but for the fields of the key that an `emit` gives: these are the arguments.

    In the body stand expression ops, `exec.keep`, `exec.demand`, `exec.branch`
    and `exec.emit`; for `count`, whose rows only insert, whatever may stand in a
    step. Otherwise a row is *in* a sink for each `emit` that the key's newest
    row reached; a later one that a `keep` rejects before that `emit` gives a
    delete there (rule 34).

    `time` is the record's event time; null (only behind an unkeyed global
    window that saw no time) counts as before all others. A record for which the
    table's time to live has passed starts its key anew (rule 35): W is the one
    before the record moves it (rule 7).

    Example:
    ```mlir
    state.table @totals : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
      keep <running, ttl 1 h> inputs [@quakes]
    exec.sink @totals_stdout : !stream.of<net: string, n: i64, worst: f64 upsert by net timed> {connector = "stdout", options = {}, format = "json"}
    %net = expr.constant("us") : !expr.string
    %mag = expr.constant(5.5 : f64) : f64
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    state.update @totals terminal 0 keys(%net : !expr.string) at %time : !expr.timestamp args(%mag : f64) filters [false, false] () {
    ^bb0(%key: !expr.string, %n: i64, %worst: f64, %at: !expr.timestamp):
      exec.emit @totals_stdout terminal 1 (%key, %n, %worst : !expr.string, i64, f64)
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32Attr:$terminal, Variadic<AnyType>:$keys, Optional<AnyType>:$time,
                       Variadic<AnyType>:$args, Variadic<AnyType>:$filters, DenseBoolArrayAttr:$filtered);
  let assemblyFormat = [{
    $table `terminal` $terminal `keys` `(` ($keys^ `:` type($keys))? `)` (`at` $time^ `:` type($time))?
    `args` `(` ($args^ `:` type($args))? `)` `filters` $filtered `(` ($filters^ `:` type($filters))? `)`
    attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}
def State_AdmitOp : State_KeepingOp<"admit", [AttrSizedOperandSegments]> {
  let summary = "goes on with a record if it is the first of its key";
  let description = [{
    For a table that keeps `first`. A terminal: judges the path's errors and
    those of its keys (rule 47); what goes wrong inside stops the pipeline.

    The body is all that stands behind the operator, with the record's values
    from outside. It runs if the key has no state, if the state's time to live
    has passed by W (the one before the record moves it), or if `time` is a time
    to live or more after the one kept; `time` is then the one kept (rule 35).
    Null as `time` counts as before all others.

    Example:
    ```mlir
    state.table @once : !state.table<(id: i64) () layout ?> keep <first, ttl 10 min> inputs [@in]
    exec.sink @once_stdout : !stream.of<id: i64 timed> {connector = "stdout", options = {}, format = "json"}
    %id = expr.constant(7 : i64) : i64
    %time = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
    state.admit @once terminal 0 keys(%id : i64) at %time : !expr.timestamp {
      exec.emit @once_stdout terminal 1 (%id : i64)
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table, I32Attr:$terminal, Variadic<AnyType>:$keys, Optional<AnyType>:$time);
  let assemblyFormat = [{
    $table `terminal` $terminal `keys` `(` $keys `:` type($keys) `)` (`at` $time^ `:` type($time))? attr-dict-with-keyword $body
  }];
  let hasVerifier = 1;
}
#endif
