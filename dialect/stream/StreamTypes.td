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
  let summary = "how the watermark follows the event time (rules 4 to 6, 9)";
  let description = [{
    Durations are in microseconds. `bound` is that of `bounded`. `idle` is the time without records after which a
    partition is idle, 0: never; `idlePolicy` says what W does when all are. `align` is how far a partition may be
    ahead of the slowest, 0: without limit. `maxFuture` is how far beyond the clock an event time may lie: 0 where
    nothing is written, 2^63 - 1 without limit.

    Example: `#stream.watermark<bounded 10 min idle 1 min clock align 1 h max_future 5 min keep>`
  }];
  let parameters = (ins "::millrace::stream::WatermarkKind":$kind, "int64_t":$bound, "int64_t":$idle,
                        "::millrace::stream::IdlePolicy":$idlePolicy, "int64_t":$align, "int64_t":$maxFuture,
                        "::millrace::stream::FuturePolicy":$futurePolicy);
  let builders = [AttrBuilder<(ins "::millrace::stream::WatermarkKind":$kind, "int64_t":$bound), [{
    return $_get($_ctxt, kind, bound, 0, ::millrace::stream::IdlePolicy::Hold, 0, 0, ::millrace::stream::FuturePolicy::Drop);
  }]>];
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
    | session | `session gap 30 min longest 4 h` | the gap; 0, written `gap (...)`: each record's own | 0 |
    | count | `count 100 every 10` | records of a window | records from one result to the next |
    | calendar | `calendar month in "Europe/Berlin"` | 0 | 0 |
    | global | `global` | 0 | 0 |
    | same | `same`: those that the input came from | 0 | 0 |

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
def Stream_OverAttr : Stream_Attr<"Over", "over"> {
  let summary = "the window of each record (rule 30)";
  let description = [{
    | written | it holds |
    |---|---|
    | `last 1 h` | the records of the key from an hour before it to its own time, both ends and all of its own time included |
    | `last 10 rows` | itself and the nine before it, by (timestamp, arrival) |
    | `all` | itself and all before it |

    `amount` is in microseconds or rows, 0 of `all`.

    Example: `#stream.over<last 10 rows>`
  }];
  let parameters = (ins "::millrace::stream::OverKind":$kind, "int64_t":$amount);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
}
def Stream_FiringAttr : Stream_Attr<"Firing", "firing"> {
  let summary = "how often a window fires, and for how long it takes late records (rules 19 to 22)";
  let description = [{
    | written | what it is |
    |---|---|
    | `lateness D` | for how long behind its end a window takes records; 0: it does not |
    | `emit every D [in processing_time]`, `emit every N records` | rows before the end; `emit` in microseconds or records, `emitUnit` says which |
    | `refire every D` | gathers what late records change for that long; 0: each fires at once |
    | `accumulating` | a row is of all records of its window so far: it replaces the one before. The default |
    | `discarding` | a row is of the records since the one before: it is added to it |
    | `final` | one row, when no record can come any more |

    A window without this attribute fires once, at its end. With it, `lateness` or `emit` is there.

    Example: `#stream.firing<lateness 1 h emit every 1 min in processing_time refire every 10 min discarding>`
  }];
  let parameters = (ins "int64_t":$lateness, "int64_t":$emit, "::millrace::stream::EmitUnit":$emitUnit,
                        "int64_t":$refire, "::millrace::stream::FiringMode":$mode);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// May a key have several rows of one window? These have the columns `pane` and `timing`.
    bool firesAgain() const { return getMode() != ::millrace::stream::FiringMode::Final; }
    /// May a row be of no records? The one on time comes also where all of them were in early rows (rule 21).
    bool mayBeEmpty() const { return getMode() == ::millrace::stream::FiringMode::Discarding && getEmit() != 0; }
    /// Does a row replace the one before? The results are an upsert stream.
    bool replaces() const { return getMode() == ::millrace::stream::FiringMode::Accumulating; }
  }];
}
def Stream_AggregateAttr : Stream_Attr<"Aggregate", "agg"> {
  let summary = "one aggregate of a window or running: function, number of arguments, whether a `where` follows them in the yield";
  let parameters = (ins StringRefParameter<"of Aggregates.def">:$fn, "unsigned":$numArgs, "bool":$filtered,
                        DefaultValuedParameter<"::mlir::DictionaryAttr", "::mlir::DictionaryAttr::get($_ctxt)", "of Aggregates.def">:$options);
  let builders = [AttrBuilder<(ins "::llvm::StringRef":$fn, "unsigned":$numArgs, "bool":$filtered), [{
    return $_get($_ctxt, fn, numArgs, filtered, ::mlir::DictionaryAttr::get($_ctxt));
  }]>];
  let assemblyFormat = "`<` $fn `,` $numArgs `,` $filtered (`,` $options^)? `>`";
}
def Stream_ArgAttr : Stream_Attr<"Arg", "arg"> {
  let summary = "an option's value that is a param: the index-th of the op's `args`";
  let parameters = (ins "unsigned":$index, "::mlir::Type":$type);
  let assemblyFormat = "`<` $index `:` $type `>`";
}
#endif
