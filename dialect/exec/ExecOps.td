//===- ExecOps.td - programs, steps and what is in them --------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXEC_OPS_TD
#define MILLRACE_DIALECT_EXEC_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "dialect/exec/ExecDialect.td"
include "dialect/state/StateInterfaces.td"
include "dialect/stream/StreamTypes.td"

class Exec_Op<string m, list<Trait> t = []> : Op<Exec_Dialect, m, t>;

def Exec_SiteAttr : AttrDef<Exec_Dialect, "Site"> {
  let mnemonic = "site";
  let summary = "where an error can arise: operator, what was written, line and column";
  let parameters = (ins StringRefParameter<"">:$op, StringRefParameter<"">:$text, "unsigned":$line, "unsigned":$column);
  let assemblyFormat = "`<` $op `,` $text `,` $line `,` $column `>`";
}

def Exec_ProgramOp : Exec_Op<"program", [IsolatedFromAbove, NoTerminator, SingleBlock, Symbol, SymbolTable]> {
  let summary = "a whole pipeline, cut into steps";
  let description = [{
    `sites` are the error sites by number, `terminals` the names of terminals by
    number. The body has, in this order: params, sources (in the order that
    decides where watermarks tie; a dead-letter source behind the one it
    belongs to), sinks, tables (upstream before downstream),
    then event times, steps and fires. Sources, sinks and tables are numbered
    in their order, which is how the runtime's tables know them.

    Example:
    ```mlir
    exec.program @copy sites [#exec.site<"rows", "field `n`", 2, 11>] terminals ["rows_stdout"] {
      exec.source @rows : !stream.of<n: i64> {connector = "stdin", options = {}, format = "json", columns = [#stream.column<"n", "">],
        used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
      exec.sink @rows_stdout : !stream.of<n: i64> {connector = "stdout", options = {}, format = "json"}
      exec.step @rows fields [0] {
      ^bb0(%n: i64):
        exec.emit @rows_stdout terminal 0 (%n : i64)
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypedArrayAttrBase<Exec_SiteAttr, "sites">:$sites, StrArrayAttr:$terminals);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `sites` $sites `terminals` $terminals attr-dict-with-keyword $body";
  let hasVerifier = 1;
}
def Exec_ParamOp : Exec_Op<"param"> {
  let summary = "a param; its value is known when the pipeline starts";
  let description = [{
    `index` is its number in the pipeline's description.

    Example:
    ```mlir
    %min = exec.param "min" = 4.5 : f64 index 0 "smallest magnitude that counts" : f64
    ```
  }];
  let arguments = (ins StrAttr:$name, AnyAttr:$value, OptionalAttr<StrAttr>:$doc, I32Attr:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$name `=` $value `index` $index ($doc^)? attr-dict `:` type($result)";
}
def Exec_SourceOp : Exec_Op<"source", [Symbol]> {
  let summary = "a port that records come in by";
  let description = [{
    `type` is the stream as declared; `used[i]` tells whether the pipeline as
    written uses field i (an unused one is checked, not built; a step may read
    fewer, where an optimisation made a use go away); `first_site` is the error
    site of field 0, the others follow. `event_time` is the index of the field
    that is the event time, -1 without one, -2 if an `exec.event_time` of this
    source computes it. `dead_of` makes it the dead-letter stream of another
    source: it has no columns and no event time, and its fields never fail.
    Options are dictionaries of attributes, a param as `#stream.arg` with the
    param's index in the program.

    Example:
    ```mlir
    exec.source @quakes : !stream.of<mag: f64?, time: timestamp timed> {connector = "stdin", options = {},
      format = "json", columns = [#stream.column<"properties.mag", "">, #stream.column<"properties.time", "ms">],
      used = array<i1: true, true>, first_site = 0 : i32, event_time = 1 : i32,
      watermark = #stream.watermark<bounded 10 min>, on_bad = #stream<on_bad fail>}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Stream_StreamType>:$type, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options, ArrayAttr:$columns,
                       DenseBoolArrayAttr:$used, I32Attr:$first_site, I32Attr:$event_time,
                       OptionalAttr<Stream_WatermarkAttr>:$watermark, Stream_BadPolicyAttr:$on_bad,
                       OptionalAttr<I64Attr>:$max_bad, OptionalAttr<I64Attr>:$max_bad_percent,
                       OptionalAttr<FlatSymbolRefAttr>:$dead_of);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
  let hasVerifier = 1;
}
def Exec_SinkOp : Exec_Op<"sink", [Symbol]> {
  let summary = "a port that rows leave by";
  let description = [{
    Example:
    ```mlir
    exec.sink @hourly_stdout : !stream.of<net: string, n: i64> {connector = "stdout", options = {}, format = "table"}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Stream_StreamType>:$type, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options);
  let assemblyFormat = "$sym_name `:` $type attr-dict";
}
def Exec_StepOp : Exec_Op<"step", [SingleBlock, NoTerminator, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    OpAsmOpInterface]> {
  let summary = "everything fused behind a source";
  let description = [{
    Block arguments: the source's fields named by `fields` (indices, in order),
    then, if the source has an event time, the event time (`!expr.timestamp`,
    never null, never an error: it was read before the step). Expression ops,
    then `keep`, `demand`, `branch`, `unnest`, `stage` and terminals, in the
    order in which a record meets them. A source that nothing reads has none.

    Example:
    ```mlir
    exec.source @in : !stream.of<id: i64, name: string> {connector = "stdin", options = {}, format = "json",
      columns = [#stream.column<"id", "">, #stream.column<"name", "">], used = array<i1: true, true>, first_site = 0 : i32,
      event_time = -1 : i32, on_bad = #stream<on_bad fail>}
    exec.sink @german_file : !stream.of<id: i64> {connector = "file", options = {path = "de.jsonl"}, format = "json"}
    exec.sink @all_file : !stream.of<id: i64> {connector = "file", options = {path = "all.jsonl"}, format = "json"}
    exec.step @in fields [0, 1] {
    ^bb0(%id: i64, %name: !expr.string):
      exec.branch {
        %de = expr.constant("DE") : !expr.string
        %german = expr.cmp eq %name, %de : (!expr.string, !expr.string) -> i1
        exec.keep %german : i1 filter "german"
        exec.emit @german_file terminal 0 (%id : i64)
      }
      exec.branch {
        exec.emit @all_file terminal 1 (%id : i64)
      }
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$input, DenseI32ArrayAttr:$fields);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input `fields` $fields attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::exec::nameArguments(r, fn); }
  }];
}
def Exec_EventTimeOp : Exec_Op<"event_time", [SingleBlock, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    OpAsmOpInterface]> {
  let summary = "the event time of a source's records, where it is an expression; ends in expr.yield";
  let description = [{
    Null or an error makes the record malformed (rule 48).

    Example:
    ```mlir
    exec.source @trips : !stream.of<id: i64, started: timestamp, took: duration timed> {connector = "stdin", options = {},
      format = "json", columns = [#stream.column<"id", "">, #stream.column<"started", "ms">, #stream.column<"took", "s">],
      used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -2 : i32, watermark = #stream.watermark<ascending>,
      on_bad = #stream<on_bad fail>}
    exec.event_time @trips fields [1, 2] {
    ^bb0(%started: !expr.timestamp, %took: !expr.duration):
      %ended = expr.add %started, %took {expr.site = 3 : i32} : (!expr.timestamp, !expr.duration) -> !expr.timestamp
      expr.yield %ended : !expr.timestamp
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$input, DenseI32ArrayAttr:$fields);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input `fields` $fields attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::exec::nameArguments(r, fn); }
  }];
}
def Exec_PunctuationOp : Exec_Op<"punctuation", [SingleBlock, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    OpAsmOpInterface]> {
  let summary = "where a source's watermark is punctuated: does a record move it, and to what; ends in expr.yield";
  let description = [{
    Yields a condition and perhaps a watermark; without one it is the record's event time less 1 us (rule 5). False and
    null move nothing. An error makes the record malformed, as an event time that cannot be read (rule 48); so does a
    watermark's where the condition holds.

    Example:
    ```mlir
    exec.source @marks : !stream.of<time: timestamp, last: bool timed> {connector = "stdin", options = {}, format = "json",
      columns = [#stream.column<"time", "ms">, #stream.column<"last", "">], used = array<i1: true, true>,
      first_site = 0 : i32, event_time = 0 : i32, watermark = #stream.watermark<punctuated>, on_bad = #stream<on_bad fail>}
    exec.punctuation @marks fields [1] {
    ^bb0(%last: i1):
      expr.yield %last : i1
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$input, DenseI32ArrayAttr:$fields);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input `fields` $fields attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::exec::nameArguments(r, fn); }
  }];
}
def Exec_FireOp : Exec_Op<"fire", [SingleBlock, NoTerminator, DeclareOpInterfaceMethods<SymbolUserOpInterface>,
    OpAsmOpInterface, DeclareOpInterfaceMethods<State_StateAccess>]> {
  let summary = "everything fused behind a window: runs for each key of a pane that fires";
  let description = [{
    Block arguments: the keys, then for windows in time `window_start`,
    `window_end`, in processing time `timing` (string), then the members'
    results, then the result's event time (a timestamp; nullable for an unkeyed
    global window: null over empty input). A body as a step's.

    Example:
    ```mlir
    state.table @hourly : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>) layout inline>
      window <tumbling 1 h> inputs [@quakes]
    exec.sink @hourly_stdout : !stream.of<net: string, n: i64> {connector = "stdout", options = {}, format = "table"}
    exec.fire @hourly {
    ^bb0(%net: !expr.string, %start: !expr.timestamp, %end: !expr.timestamp, %n: i64, %time: !expr.timestamp):
      exec.emit @hourly_stdout terminal 1 (%net, %n : !expr.string, i64)
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$table);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$table attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::exec::nameArguments(r, fn); }
  }];
}
def Exec_KeepOp : Exec_Op<"keep"> {
  let summary = "the record goes on if the condition is true; false and null reject it, an error stays with its path (rule 47)";
  let description = [{
    One conjunct of a filter, whose name is `filter`. The condition is `i1` or
    `!expr.nullable<bool>`. What follows in the block is behind it; it is not left
    by a rejected record, which goes on behind the enclosing `branch` or
    `unnest`, or to the next record.

    `likely` is the estimated pass rate in percent, -1 if unknown.
    `branch_free` (from `exec-stage-loops`): do not branch. What follows in the
    block, up to its next `stage` or its end, is harmless and cheap for a
    rejected record too: expression ops without calls, further such keeps and
    `demand`; then the `stage`, where the record's index is written always and
    counted only if all these keeps passed, or, as the last op of the block, one
    `emit`, whose row is written always and counted likewise.

    Example:
    ```mlir
    %strong = expr.constant(true) : i1
    exec.keep %strong : i1 filter "strong" {likely = 30 : i32}
    ```
  }];
  let arguments = (ins AnyType:$condition, StrAttr:$filter, DefaultValuedAttr<I32Attr, "-1">:$likely, UnitAttr:$branch_free);
  let assemblyFormat = "$condition `:` type($condition) `filter` $filter attr-dict";
  let hasVerifier = 1;
}
def Exec_DemandOp : Exec_Op<"demand"> {
  let summary = "values that the pipeline as written uses here: their errors stay with the path (rule 47)";
  let description = [{
    For keys of a `key_by` that no fold behind it uses. It rejects nothing; like
    an erroneous condition of `keep`, an error is judged at the terminals behind.

    Example:
    ```mlir
    %net = expr.constant("us") : !expr.string
    exec.demand %net : !expr.string
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "$values `:` type($values) attr-dict";
}
def Exec_BranchOp : Exec_Op<"branch", [SingleBlock, NoTerminator]> {
  let summary = "one consumer of a stream that has several; a record rejected inside goes on behind it";
  let description = [{
    The errors that the path has before the branch hold inside it too; those
    that arise inside end with it. Branches run in their order for each record,
    which is what puts the copies of one record in the order of a union's
    operands.

    Example:
    ```mlir
    %id = expr.constant(1 : i64) : i64
    exec.branch {
      exec.demand %id : i64
    }
    ```
  }];
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
  let hasVerifier = 1;
}
def Exec_UnnestOp : Exec_Op<"unnest", [SingleBlock, NoTerminator, OpAsmOpInterface]> {
  let summary = "once for each element of a list (the block's argument); null and empty: never";
  let description = [{
    An erroneous list has no elements, and the record is bad for every terminal
    inside, by the least of the path's and the list's error, without asking the
    filters inside. The argument has the list's element type. Nothing follows
    an unnest in its block.

    Example:
    ```mlir
    %text = expr.constant("a b") : !expr.string
    %blank = expr.constant(" ") : !expr.string
    %words = expr.call "split"(%text, %blank) : (!expr.string, !expr.string) -> !expr.list<string>
    exec.unnest %words : !expr.list<string> {
    ^bb0(%word: !expr.string):
      exec.demand %word : !expr.string
    }
    ```
  }];
  let arguments = (ins AnyType:$list);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$list `:` type($list) attr-dict-with-keyword $body";
  let extraClassDeclaration = [{
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::exec::nameArguments(r, fn); }
  }];
  let hasVerifier = 1;
}
def Exec_StageOp : Exec_Op<"stage"> {
  let summary = "ends a loop: what follows runs in a loop of its own over the records that got here";
  let description = [{
    Stands in a step's body or in a branch, never in a fire, never inside an
    unnest, never in a step with a `state.update` or `state.admit`. The loop that follows runs after the loop in which the stage stands
    has done all records of the step's call. So each terminal behind it is
    reached from nowhere else in the step, or rows would come in another order
    (rule 7). Values from before the stage that are used behind it are computed
    again or kept, as the lowering likes. `reason` says who decided and why.

    Example:
    ```mlir
    exec.source @in : !stream.of<id: i64, name: string> {connector = "stdin", options = {}, format = "json",
      columns = [#stream.column<"id", "">, #stream.column<"name", "">], used = array<i1: true, true>, first_site = 0 : i32,
      event_time = -1 : i32, on_bad = #stream<on_bad fail>}
    exec.sink @all_file : !stream.of<id: i64> {connector = "file", options = {path = "all.jsonl"}, format = "json"}
    exec.step @in fields [0] {
    ^bb0(%id: i64):
      %zero = expr.constant(0 : i64) : i64
      %positive = expr.cmp gt %id, %zero : (i64, i64) -> i1
      exec.keep %positive : i1 filter "positive" {branch_free}
      exec.stage "`positive` passes an unknown share, and more than a cheap row follows"
      exec.emit @all_file terminal 0 (%id : i64)
    }
    ```
  }];
  let arguments = (ins StrAttr:$reason);
  let assemblyFormat = "$reason attr-dict";
  let hasVerifier = 1;
}
def Exec_EmitOp : Exec_Op<"emit", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "a row to a sink; a terminal: judges the path's errors and those of its values (rule 47)";
  let description = [{
    A value for each field of the sink, in order. If one of the values or the
    path has an error, the record is bad for this terminal and there is no row.

    Example:
    ```mlir
    exec.sink @strong_stdout : !stream.of<mag: f64> {connector = "stdout", options = {}, format = "json"}
    %mag = expr.constant(5.5 : f64) : f64
    exec.emit @strong_stdout terminal 0 (%mag : f64)
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$sink, I32Attr:$terminal, Variadic<AnyType>:$values);
  let assemblyFormat = "$sink `terminal` $terminal `(` ($values^ `:` type($values))? `)` attr-dict";
}
#endif
