//===- StreamTypes.td - streams and clauses --------------------*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STREAM_TYPES_TD
#define MILLRACE_DIALECT_STREAM_TYPES_TD

include "mlir/IR/AttrTypeBase.td"
include "dialect/stream/StreamDialect.td"
include "dialect/stream/StreamEnums.td"

def Stream_BadPolicyAttr : EnumAttr<Stream_Dialect, Stream_BadPolicy, "on_bad">;

/// What stream-specialize-windows chooses: how the results of a window come from its slices.
def Stream_AlgorithmAttr : EnumAttr<Stream_Dialect, Stream_Algorithm, "algorithm"> {
  let assemblyFormat = "`<` $value `>`";
}

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
  let summary = "a kind of window and its measures (rules 11 to 18)";
  let description = [{
    | kind | written | `size` | `slide` |
    |---|---|---|---|
    | tumbling | `tumbling 1 h` | its length | its length |
    | sliding | `sliding 60 s every 1 s` | its length | from one start to the next |
    | cumulate | `cumulate 1 d every 1 h` | the length of the last step | how much longer each step is |
    | session | `session gap 30 min longest 4 h` | the gap | 0 |
    | count | `count 100 every 10` | records of a window | records from one result to the next |
    | calendar | `calendar month in "Europe/Berlin"` | 0 | 0 |
    | global | `global` | 0 | 0 |

    Durations are in microseconds. `offset` moves the windows of the first three against 1970-01-01T00:00:00Z; `domain`
    is processing time only for these. `longest` is a session's, 0 for any. `unit` and `zone` are a calendar window's;
    the zone is a name of the time zone database, empty for UTC.

    Example: `#stream.window<sliding 1 min every 10 s offset 5 s in processing_time>`
  }];
  let parameters = (ins "::millrace::stream::WindowKind":$kind, "int64_t":$size, "int64_t":$slide, "int64_t":$offset,
                        "::millrace::stream::TimeDomain":$domain, "int64_t":$longest,
                        "::millrace::stream::CalendarUnit":$unit, "::mlir::StringAttr":$zone);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// Is it an interval of time, which its results show? Global and count windows are none.
    bool isInTime() const {
      return getKind() != ::millrace::stream::WindowKind::Global && getKind() != ::millrace::stream::WindowKind::Count;
    }
    bool isInEventTime() const { return isInTime() && getDomain() == ::millrace::stream::TimeDomain::Event; }
    bool isInProcessingTime() const { return getDomain() == ::millrace::stream::TimeDomain::Processing; }
  }];
}
def Stream_AggregateAttr : Stream_Attr<"Aggregate", "agg"> {
  let summary = "one aggregate of a window or running: function, number of arguments, whether a `where` follows them in the yield";
  let parameters = (ins StringRefParameter<"of Aggregates.def">:$fn, "unsigned":$numArgs, "bool":$filtered);
  let assemblyFormat = "`<` $fn `,` $numArgs `,` $filtered `>`";
}
def Stream_ArgAttr : Stream_Attr<"Arg", "arg"> {
  let summary = "an option's value that is a param: the index-th of the op's `args`";
  let parameters = (ins "unsigned":$index, "::mlir::Type":$type);
  let assemblyFormat = "`<` $index `:` $type `>`";
}
#endif
