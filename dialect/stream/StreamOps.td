//===- StreamOps.td - operators of a pipeline ------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STREAM_OPS_TD
#define MILLRACE_DIALECT_STREAM_OPS_TD

include "mlir/IR/OpAsmInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"
include "dialect/stream/StreamTypes.td"
include "mlir/IR/BuiltinAttributes.td"

class Stream_Op<string m, list<Trait> t = []> : Op<Stream_Dialect, m, t>;

/// An operator: keeps its SSA names, and its regions may drop the dialect prefix.
class Stream_FlowOp<string m, list<Trait> t = []> : Stream_Op<m, !listconcat(t, [OpAsmOpInterface])> {
  code flowDeclaration = [{
    void getAsmResultNames(::mlir::OpAsmSetValueNameFn fn) { ::millrace::stream::nameResults(*this, fn); }
    void getAsmBlockArgumentNames(::mlir::Region &r, ::mlir::OpAsmSetValueNameFn fn) { ::millrace::stream::nameArguments(*this, r, fn); }
    static ::llvm::StringRef getDefaultDialect() { return "expr"; } // in its regions; the pipeline's is "stream"
  }];
  let extraClassDeclaration = flowDeclaration;
  let hasCustomAssemblyFormat = 1;
}

def Stream_PipelineOp : Stream_Op<"pipeline", [IsolatedFromAbove, NoTerminator, SingleBlock, Symbol, OpAsmOpInterface]> {
  let summary = "a named stream pipeline";
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let extraClassDeclaration = [{ static ::llvm::StringRef getDefaultDialect() { return "stream"; } }];
  let hasVerifier = 1;
}
def Stream_ParamOp : Stream_FlowOp<"param"> {
  let summary = "a named value with a type and a default, set when the pipeline starts";
  let arguments = (ins AnyAttr:$value, OptionalAttr<StrAttr>:$doc, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs AnyType:$result);
  let hasVerifier = 1;
}
def Stream_SourceOp : Stream_FlowOp<"source"> {
  let summary = "records from outside, with their event time, watermark and policy for bad ones";
  let description = [{
    `columns` has one `#stream.column` for each field of the output. The region
    gives the event time from the fields it names (`time_fields`); it is empty
    if the stream has none. With `on_bad dead_letter` the second result carries
    `{raw: bytes, file: string?, line: i64?, byte: i64?, op: string, reason: string}`.
  }];
  let arguments = (ins Variadic<AnyType>:$args, StrAttr:$connector, DictionaryAttr:$options, OptionalAttr<StrAttr>:$format,
                       OptionalAttr<DictionaryAttr>:$format_options, ArrayAttr:$columns, StrArrayAttr:$fields,
                       OptionalAttr<Stream_WatermarkAttr>:$watermark, Stream_BadPolicyAttr:$on_bad,
                       OptionalAttr<I64Attr>:$max_bad, OptionalAttr<I64Attr>:$max_bad_percent,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output, Optional<Stream_StreamType>:$dead);
  let regions = (region AnyRegion:$eventTime);
  let hasVerifier = 1;
  let extraClassDeclaration = flowDeclaration # [{
    ::llvm::LogicalResult verifyColumns();
    ::llvm::LogicalResult verifyEventTime();
  }];
}
def Stream_FilterOp : Stream_FlowOp<"filter", [SingleBlock]> {
  let summary = "keeps the records for which the condition is true";
  let arguments = (ins Stream_StreamType:$input, StrArrayAttr:$fields, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_MapOp : Stream_FlowOp<"map", [SingleBlock]> {
  let summary = "a record for each record; the yield gives the output's fields in order";
  let arguments = (ins Stream_StreamType:$input, StrArrayAttr:$fields, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_FlatMapOp : Stream_FlowOp<"flat_map", [SingleBlock]> {
  let summary = "a record for each element of a list";
  let description = [{
    `flat_map %lines each w in split(text, " ") { word = lower(w) }`. The first
    region yields the list (from `fields`); the second has as its first argument
    the element (named `element`), then `body_fields`, and yields the output's
    fields. A null list and an empty one give no record.
  }];
  let arguments = (ins Stream_StreamType:$input, StrAttr:$element, StrArrayAttr:$fields, StrArrayAttr:$body_fields,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$list, SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_KeyByOp : Stream_FlowOp<"key_by"> {
  let summary = "the same stream, keyed by the fields its result type names";
  let arguments = (ins Stream_StreamType:$input, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let hasVerifier = 1;
}
def Stream_UnionOp : Stream_FlowOp<"union"> {
  let summary = "the records of several streams of one type";
  let arguments = (ins Variadic<Stream_StreamType>:$inputs, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let hasVerifier = 1;
}
def Stream_WindowOp : Stream_FlowOp<"window", [SingleBlock]> {
  let summary = "aggregates over a window, for each key";
  let description = [{
    The output's fields are the keys, `window_start` and `window_end` (not for
    `global`), `timing` (in processing time), then one for each of `aggregates`.
    The yield gives, for each aggregate in order, its arguments and, if it is
    filtered, its condition.
  }];
  let arguments = (ins Stream_StreamType:$input, Stream_WindowAttr:$window, StrArrayAttr:$fields,
                       ArrayAttr:$aggregates, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_SinkOp : Stream_FlowOp<"sink"> {
  let summary = "where records leave the pipeline";
  let arguments = (ins Stream_StreamType:$input, Variadic<AnyType>:$args, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options);
  let hasVerifier = 1;
}
#endif
