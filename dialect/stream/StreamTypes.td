//===- StreamTypes.td - streams and clauses --------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STREAM_TYPES_TD
#define MILLRACE_DIALECT_STREAM_TYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "dialect/stream/StreamDialect.td"
include "dialect/stream/StreamEnums.td"

def Stream_BadPolicyAttr : EnumAttr<Stream_Dialect, Stream_BadPolicy, "on_bad">;

def Stream_KeptAttr : EnumAttr<Stream_Dialect, Stream_Kept, "kept">;

def Stream_StreamType : TypeDef<Stream_Dialect, "Stream"> {
  let mnemonic = "of";
  let summary = "a stream of records, `!stream.of<net: string, n: i64 keyed by net timed>`";
  let description = [{
    Field names and types in order; the keys (names of fields), empty if not
    keyed; the changes it may carry, with the fields that an upsert is by; and
    whether its records have an event time (`timed`), which they keep, hidden,
    also when no field shows it (rule 3).
  }];
  let parameters = (ins ArrayRefParameter<"::mlir::StringAttr">:$names, ArrayRefParameter<"::mlir::Type">:$types,
                        ArrayRefParameter<"::mlir::StringAttr">:$keys, "::millrace::stream::Changes":$changes,
                        ArrayRefParameter<"::mlir::StringAttr">:$upsertKeys, "bool":$timed);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    bool isKeyed() const { return !getKeys().empty(); }
    /// Type of field `name`, or null.
    ::mlir::Type lookup(::llvm::StringRef name) const;
    /// Position of field `name`, or -1.
    int indexOf(::llvm::StringRef name) const;
    ::llvm::SmallVector<::llvm::StringRef> fieldNames() const;
    /// The same fields, keys and time; an upsert stream is by `upsertKeys`, no other has any.
    StreamType withChanges(Changes changes, ::llvm::ArrayRef<::mlir::StringAttr> upsertKeys) const;
  }];
}

class Stream_Attr<string n, string m> : AttrDef<Stream_Dialect, n> { let mnemonic = m; }
def Stream_ColumnAttr : Stream_Attr<"Column", "column"> {
  let summary = "where a source's field is found: its path, the unit of a time, and the declared range of an integer";
  let description = [{
    A value outside the range is an error of the record (rule 46) where it is
    used. Both bounds are of the field's type, without its `?`.

    Example: `#stream.column<"a.b[2]", "", between 0 : i64 and 9999 : i64>`
  }];
  let parameters = (ins StringRefParameter<"path in the record, `a.b[2]`">:$path,
                        StringRefParameter<"s, ms, us, ns, rfc3339; empty if the type has none">:$unit,
                        OptionalParameter<"::mlir::IntegerAttr">:$least, OptionalParameter<"::mlir::IntegerAttr">:$greatest);
  let assemblyFormat = "`<` $path `,` $unit (`,` `between` $least^ `and` $greatest)? `>`";
  let extraClassDeclaration = [{ bool hasRange() const { return bool(getLeast()); } }];
}
def Stream_WatermarkAttr : Stream_Attr<"Watermark", "watermark"> {
  let summary = "how the watermark follows the event time (rules 4, 5)";
  let parameters = (ins "::millrace::stream::WatermarkKind":$kind, "int64_t":$bound);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Stream_WindowAttr : Stream_Attr<"Window", "window"> {
  let summary = "a kind of window and its measures, in microseconds";
  let parameters = (ins "::millrace::stream::WindowKind":$kind, "int64_t":$size, "int64_t":$offset,
                        "::millrace::stream::TimeDomain":$domain);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Stream_AggregateAttr : Stream_Attr<"Aggregate", "agg"> {
  let summary = "one aggregate of a window or running: function, number of arguments, whether a `where` follows them in the yield";
  let parameters = (ins StringRefParameter<"count, sum, min, max, avg, first, last">:$fn, "unsigned":$numArgs, "bool":$filtered);
  let assemblyFormat = "`<` $fn `,` $numArgs `,` $filtered `>`";
}
def Stream_ArgAttr : Stream_Attr<"Arg", "arg"> {
  let summary = "an option's value that is a param: the index-th of the op's `args`";
  let parameters = (ins "unsigned":$index, "::mlir::Type":$type);
  let assemblyFormat = "`<` $index `:` $type `>`";
}
#endif
