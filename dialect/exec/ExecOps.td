//===- ExecOps.td - programs, steps and what is in them --------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_EXEC_OPS_TD
#define MILLRACE_DIALECT_EXEC_OPS_TD

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "mlir/IR/BuiltinAttributes.td"
include "dialect/exec/ExecDialect.td"
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
  let description = "`sites` are the error sites by number, `terminals` the names of terminals by number.";
  let arguments = (ins SymbolNameAttr:$sym_name, TypedArrayAttrBase<Exec_SiteAttr, "sites">:$sites, StrArrayAttr:$terminals);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `sites` $sites `terminals` $terminals attr-dict-with-keyword $body";
}
def Exec_ParamOp : Exec_Op<"param", [Pure]> {
  let summary = "a param; its value is known when the pipeline starts";
  let arguments = (ins StrAttr:$name, AnyAttr:$value, OptionalAttr<StrAttr>:$doc, I32Attr:$index);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$name `=` $value `index` $index ($doc^)? attr-dict `:` type($result)";
}
def Exec_SourceOp : Exec_Op<"source", [Symbol]> {
  let summary = "a port that records come in by";
  let description = [{
    `type` is the stream as declared; `used[i]` tells whether field i is read
    (an unused one is checked, not built); `first_site` is the error site of
    field 0, the others follow. `event_time` is the index of the field that is
    the event time, -1 without one, -2 if a step `@<name>.event_time` computes
    it. `dead_of` makes it the dead-letter stream of another source. Options are
    dictionaries of attributes, a param as `#stream.arg` with the param's index.
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Stream_StreamType>:$type, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options, ArrayAttr:$columns,
                       DenseBoolArrayAttr:$used, I32Attr:$first_site, I32Attr:$event_time,
                       OptionalAttr<Stream_WatermarkAttr>:$watermark, Stream_BadPolicyAttr:$on_bad,
                       OptionalAttr<I64Attr>:$max_bad, OptionalAttr<I64Attr>:$max_bad_percent,
                       OptionalAttr<FlatSymbolRefAttr>:$dead_of);
  let assemblyFormat = "$sym_name `:` $type attr-dict-with-keyword";
}
def Exec_SinkOp : Exec_Op<"sink", [Symbol]> {
  let summary = "a port that rows leave by";
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<Stream_StreamType>:$type, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options);
  let assemblyFormat = "$sym_name `:` $type attr-dict-with-keyword";
}
def Exec_StepOp : Exec_Op<"step", [SingleBlock, NoTerminator]> {
  let summary = "everything fused behind a source";
  let description = [{
    Block arguments: the source's fields named by `fields` (indices, in order),
    then, if the source has an event time, the event time. Expression ops, then
    `keep`, `branch`, `unnest`, `stage` and terminals, in the order in which a
    record meets them.
  }];
  let arguments = (ins FlatSymbolRefAttr:$input, DenseI32ArrayAttr:$fields);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input `fields` $fields attr-dict-with-keyword $body";
}
def Exec_EventTimeOp : Exec_Op<"event_time", [SingleBlock]> {
  let summary = "the event time of a source's records, where it is an expression; ends in expr.yield";
  let arguments = (ins FlatSymbolRefAttr:$input, DenseI32ArrayAttr:$fields);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$input `fields` $fields attr-dict-with-keyword $body";
}
def Exec_FireOp : Exec_Op<"fire", [SingleBlock, NoTerminator]> {
  let summary = "everything fused behind a window: runs for each key of a pane that fires";
  let description = [{
    Block arguments: the keys, then for windows in time `window_start`,
    `window_end`, in processing time `timing` (string), then the members' results, then the
    result's event time (a timestamp; nullable for an unkeyed global window).
  }];
  let arguments = (ins FlatSymbolRefAttr:$table);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$table attr-dict-with-keyword $body";
}
def Exec_KeepOp : Exec_Op<"keep"> {
  let summary = "the record goes on if the condition is true; false and null reject it, an error stays with its path (rule 47)";
  let description = "One conjunct of a filter. `likely` is the estimated pass rate in percent, -1 if unknown. `filter` names the filter.";
  let arguments = (ins AnyType:$condition, StrAttr:$filter, DefaultValuedAttr<I32Attr, "-1">:$likely);
  let assemblyFormat = "$condition `:` type($condition) `filter` $filter attr-dict";
}
def Exec_BranchOp : Exec_Op<"branch", [SingleBlock, NoTerminator]> {
  let summary = "one consumer of a stream that has several; a record rejected inside goes on behind it";
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict-with-keyword $body";
}
def Exec_UnnestOp : Exec_Op<"unnest", [SingleBlock, NoTerminator]> {
  let summary = "once for each element of a list (the block's argument); null and empty: never";
  let arguments = (ins AnyType:$list);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$list `:` type($list) attr-dict-with-keyword $body";
}
def Exec_StageOp : Exec_Op<"stage"> {
  let summary = "ends a loop: what follows runs in a loop of its own over the records that got here";
  let description = [{
    Stands in a step's body or in a branch, never inside an unnest. `reason` says who decided and why.
  }];
  let arguments = (ins StrAttr:$reason);
  let assemblyFormat = "$reason attr-dict";
}
def Exec_EmitOp : Exec_Op<"emit"> {
  let summary = "a row to a sink; a terminal: judges the path's errors and those of its values (rule 47)";
  let arguments = (ins FlatSymbolRefAttr:$sink, I32Attr:$terminal, Variadic<AnyType>:$values);
  let assemblyFormat = "$sink `terminal` $terminal `(` ($values^ `:` type($values))? `)` attr-dict";
}
#endif
