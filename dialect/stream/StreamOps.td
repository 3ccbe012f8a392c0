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
  let description = [{
    Statements of `stream`, one behind the other; a stream has as many consumers as name it.

    Constraints:
    1. Only ops of `stream` stand in it.
    2. Results have different names: they name state, params and metrics.

    ```mlir
    stream.pipeline @count_up {
      %numbers = source sequence(count = 10)
      sink %numbers to stdout as json
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let extraClassDeclaration = [{ static ::llvm::StringRef getDefaultDialect() { return "stream"; } }];
  let hasVerifier = 1;
}
def Stream_ParamOp : Stream_FlowOp<"param"> {
  let summary = "a named value with a type and a default, set when the pipeline starts";
  let description = [{
    `%name = param LITERAL [: TYPE] ["documentation"]`, set by `--set name=value`; used as `%name` in expressions and
    as an option of a connector.

    Constraints:
    1. The type is a scalar that is not nullable.
    2. The default is a literal of that type.

    ```mlir
    stream.pipeline @limits {
      %limit = param 5 "what counts as big"
      %pause = param 10 s
      %small = param 5 : i32
      %numbers = source sequence(count = 10)
      %big = filter %numbers where n > %limit
      sink %big to stdout as json
    }
    ```
  }];
  let arguments = (ins AnyAttr:$value, OptionalAttr<StrAttr>:$doc, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs AnyType:$result);
  let hasVerifier = 1;
}
def Stream_AggregateOp : Stream_FlowOp<"aggregate"> {
  let summary = "an aggregate of one's own, by its algebra";
  let description = [{
    ```
    %name = aggregate (x: type, ...) -> type
      identity { s = EXPR, ... }
      lift     { s = EXPR, ... }
      combine  { s = EXPR, ... }
      [inverse { s = EXPR, ... } ]
      lower    EXPR
      [facts   order_free, idempotent, exact_inverse]
    ```
    It is used as `%name(EXPR, ...) [where CONDITION]` wherever an aggregate stands. What it keeps is a few values, the
    state, whose names and types `identity` and `lift` give: `identity` is the state of no record, `lift` that of one,
    from its arguments; `combine` that of two parts from the states `a.s` and `b.s`, of which the records of `b` come
    behind those of `a`; `lower` the result, from the state. `inverse` takes `b`, which was combined into `a` before,
    away again. A literal takes the type that the other of `identity` and `lift` has there.

    A record of which an argument is null is passed over, and where no record was taken in, the result is null (rule 28).
    An error in `lift` is one of the record (rule 46), as one in an argument; one in `combine`, `inverse` or `lower`
    stops the pipeline when a result comes that it is part of (rule 23).

    `combine` has to be associative, and `identity` to change nothing in it. What else holds is claimed by `facts`, which
    choose how windows are computed: `order_free` (`a` and `b` may change places), `idempotent` (a record may be combined
    twice) and `exact_inverse` (`inverse` gives back what was there before, to the bit). `millrace check --facts` tries
    all this on many values. Records are combined as they arrive within a slice, and slices in the order of time; of an
    aggregate that is not `order_free` the result may depend on that (rule 24), and so on `lateness` and `emit`: a window
    that may fire more than once has no slices, and combines all records as they arrive.

    Constraints:
    1. It has a name. It takes at most 16 scalars, that are not nullable, and gives a scalar.
    2. The state has 1 to 16 scalars; bytes are none of them. All regions give the same ones.
    3. There is an `inverse` if and only if `exact_inverse` is claimed; then `order_free` is, too, and the state has no
       float (rule 24) and no text.
    4. `idempotent` and `exact_inverse` exclude each other.
    5. The regions hold ops of `expr` only, and read nothing but their arguments and params.

    ```mlir
    stream.pipeline @geometric_means {
      %geomean = aggregate (x: f64) -> f64
        identity { logs = 0.0, n = 0 }
        lift { logs = log(x), n = 1 }
        combine { logs = a.logs + b.logs, n = a.n + b.n }
        lower exp(logs / n)
        facts order_free
      %numbers = source sequence(count = 1000, rate = 10)
      %reals = map %numbers { parity = n mod 2, x = cast(n as f64) + 1.0 }
      %keyed = key_by %reals on parity
      %means = window %keyed tumbling 1 min { plain = avg(x), geo = %geomean(x) where x > 10.0 }
      sink %means to stdout as json
    }
    ```
  }];
  let arguments = (ins StrArrayAttr:$parameters, StrArrayAttr:$state, UnitAttr:$order_free, UnitAttr:$idempotent,
                       UnitAttr:$exact_inverse, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$identity, SizedRegion<1>:$lift, SizedRegion<1>:$combine, AnyRegion:$inverse,
                        SizedRegion<1>:$lower);
  let hasVerifier = 1;
  let extraClassDeclaration = flowDeclaration # [{
    /// What it takes and gives.
    ::mlir::FunctionType getSignature() { return ::mlir::cast<::mlir::FunctionType>(getResult().getType()); }
    /// The types of its state.
    ::llvm::SmallVector<::mlir::Type> stateTypes();
  }];
}
def Stream_SourceOp : Stream_FlowOp<"source"> {
  let summary = "records from outside, with their event time, watermark and policy for bad ones";
  let description = [{
    ```
    %records[, %bad] = source CONNECTOR [as FORMAT] { name: type [at path] [in unit] [between LO and HI], ... }
      [watermark EXPR (bounded DURATION | ascending | punctuated where CONDITION [as EXPR] | none)
        [idle DURATION [hold | clock]] [align DURATION] [max_future (DURATION [drop | keep] | none)]]
      [on_bad (fail | drop | dead_letter) [max_bad N | max_bad N percent]]
    ```
    Types are written here and nowhere else. `at` is the path in the record (`properties.mag`, `coordinates[2]`), the
    field's name if it is not written; `in` the unit of a timestamp (s, ms, us, ns; RFC 3339 text if not written) or of
    a duration (ISO 8601 text if not written). `between` declares the range of an integer: a value outside is an error of
    the record where it is used, as one that does not fit its type (rule 46); what is known of a key decides the layout
    of state. Connectors that make their records (`sequence`, `nexmark`) declare the
    fields, and an event time, themselves.

    `bounded` and `ascending` move the watermark with the greatest event time; `punctuated` where the condition holds,
    to the expression, or to the record's event time less 1 us. `idle` lets the other inputs go on where a partition
    gave nothing for longer than that: when all are idle the watermark holds, or follows the clock. `align` lets a
    partition that is further ahead than that wait for the slowest. `max_future` is how far beyond the clock an event
    time may lie (1 h if nothing is written and the source is live, as standard input is; none for files): records
    beyond do not move the watermark, and are dropped and counted, or kept.

    `max_bad N` stops the pipeline at the bad record after the N-th. `max_bad N percent` judges the share of bad records
    at each bad record from the 1,000th record on, and once more at the end of the source, however few records it gave.

    `columns` has one `#stream.column` for each field of the output. The first region
    gives the event time from the fields it names (`fields`); it is empty
    if the stream has none. The second one gives the condition, and perhaps the watermark, of `punctuated`. With `on_bad dead_letter` the second result carries
    `{raw: bytes, file: string?, line: i64?, byte: i64?, op: string, reason: string}`.

    Constraints:
    1. Connector and format are known, their options declared and of the right kind, the required ones given.
    2. A connector that reads bytes has a format; one that makes its records has none, and the fields it declares.
    3. Each field has one column with a path of members and indices, and a unit that its type can have; a range
       has bounds of the field's integer type, and holds a value.
    4. Event time, watermark and a `timed` result come together; the event time is a timestamp that is not nullable,
       and so is a punctuated watermark.
    5. The output is not keyed and only inserts.
    6. There are dead letters if and only if the policy is `dead_letter`.
    7. `max_bad` is a number of records or 1 to 100 percent, not both, and not with `fail`.

    ```mlir
    stream.pipeline @strong_quakes {
      %quakes, %bad = source file("quakes/*.jsonl", order = name) as json {
        mag:   f64?      at properties.mag,
        time:  timestamp at properties.time in ms,
        net:   string    at properties.net,
        depth: f64?      at geometry.coordinates[2],
        felt:  i32?      at properties.felt between 0 and 100000,
        tags:  [string]
      } watermark time bounded 10 min on_bad dead_letter max_bad 5 percent
      %bids = source nexmark(stream = bid, events = 1000)
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$args, StrAttr:$connector, DictionaryAttr:$options, OptionalAttr<StrAttr>:$format,
                       OptionalAttr<DictionaryAttr>:$format_options, ArrayAttr:$columns, StrArrayAttr:$fields,
                       OptionalAttr<Stream_WatermarkAttr>:$watermark, OptionalAttr<StrArrayAttr>:$punctuation_fields,
                       Stream_BadPolicyAttr:$on_bad,
                       OptionalAttr<I64Attr>:$max_bad, OptionalAttr<I64Attr>:$max_bad_percent,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output, Optional<Stream_StreamType>:$dead);
  let regions = (region AnyRegion:$eventTime, AnyRegion:$punctuation);
  let hasVerifier = 1;
  let extraClassDeclaration = flowDeclaration # [{
    ::llvm::LogicalResult verifyColumns();
    ::llvm::LogicalResult verifyEventTime();
    ::llvm::LogicalResult verifyPunctuation();
  }];
}
def Stream_FilterOp : Stream_FlowOp<"filter", [SingleBlock]> {
  let summary = "keeps the records for which the condition is true";
  let description = [{
    `filter %in where [let NAME = EXPR, ...] CONDITION`. False and null reject a record; for an error see rule 47. Of an
    upsert stream, a row that is rejected becomes a delete if the one before it of that key was let through (rule 34);
    behind a union, the one before it by the same input.

    Constraints:
    1. The region reads fields of the input (`fields`, in the order of its arguments) with their types.
    2. It holds ops of `expr` only and yields one bool, nullable or not.
    3. The output has the input's type.

    ```mlir
    stream.pipeline @even {
      %numbers = source sequence(count = 10)
      %even = filter %numbers where n mod 2 = 0 and n > 0
      sink %even to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, StrArrayAttr:$fields, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_MapOp : Stream_FlowOp<"map", [SingleBlock]> {
  let summary = "a record for each record; the yield gives the output's fields in order";
  let description = [{
    `map %in { *, name, name = EXPR, let NAME = EXPR, ... }`: `*` stands for all fields, a line behind it replaces or
    adds one; a name alone takes the field over; `let` names a value that is no field. Names mean the input's fields.

    Constraints:
    1. The region reads fields of the input (`fields`) with their types and holds ops of `expr` only.
    2. It yields the output's fields, at least one.
    3. The output is not keyed; event time and changes are the input's.
    4. The fields by which an upsert stream is keyed stay as they are.

    ```mlir
    stream.pipeline @squares {
      %numbers = source sequence(count = 10)
      %squares = map %numbers { *, let small = n < 5, square = n * n, size = case when small then "small" else "big" end }
      sink %squares to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, StrArrayAttr:$fields, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_FlatMapOp : Stream_FlowOp<"flat_map", [SingleBlock]> {
  let summary = "a record for each element of a list";
  let description = [{
    `flat_map %in each NAME in LIST { name = EXPR, ... }`. The first region yields the list (from `fields`); the second
    has as its first argument the element (named `element`), then `body_fields`, and yields the output's fields. A null
    list and an empty one give no record.

    Constraints:
    1. The first region yields one list.
    2. The second region's first argument has the type of its elements.
    3. Both read fields of the input with their types and hold ops of `expr` only.
    4. The second yields the output's fields, at least one.
    5. The input only inserts; the output is not keyed and has an event time if the input has one.

    ```mlir
    stream.pipeline @words {
      %lines = source stdin as json { text: string, id: i64 }
      %words = flat_map %lines each word in split(text, " ") { id, word = lower(word) }
      sink %words to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, StrAttr:$element, StrArrayAttr:$fields, StrArrayAttr:$body_fields,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$list, SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_KeyByOp : Stream_FlowOp<"key_by"> {
  let summary = "the same stream, keyed by the fields its result type names";
  let description = [{
    `key_by %in on a, b`.

    Constraints:
    1. The output is the input's type but for its keys, of which there is at least one.
    2. No key is there twice, and none is a list or a record.
    3. The input only inserts (rule 34).

    ```mlir
    stream.pipeline @by_parity {
      %numbers = source sequence(count = 10)
      %parities = map %numbers { parity = n mod 2, n }
      %keyed = key_by %parities on parity
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let hasVerifier = 1;
}
def Stream_UnionOp : Stream_FlowOp<"union"> {
  let summary = "the records of several streams of one type";
  let description = [{
    `union %a, %b`. Upserts that are united come from one op, by several ways: a later row of a key replaces an earlier
    one, and a delete comes when the row has left by the last way. Of two ops neither would know what the other wrote by
    the same key: a delete of one would delete the other's row (rule 34).

    Constraints:
    1. There are at least two inputs.
    2. All have the output's type.
    3. Inputs that replace rows bring those of one `running` or `deduplicate`, through filters, maps and unions.

    ```mlir
    stream.pipeline @both {
      %low = source sequence(count = 10)
      %high = source sequence(count = 10, from = 1000)
      %all = union %low, %high
      sink %all to stdout as json
    }
    ```
  }];
  let arguments = (ins Variadic<Stream_StreamType>:$inputs, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let hasVerifier = 1;
}
def Stream_WindowOp : Stream_FlowOp<"window", [SingleBlock]> {
  let summary = "aggregates over a window, for each key";
  let description = [{
    `window %in KIND { name = FN(EXPR) [where CONDITION], ... }`, where KIND is one of

    | written | a record is in |
    |---|---|
    | `tumbling D [offset D] [in processing_time]` | the one window `[start, start + D)` that holds it (rule 11) |
    | `sliding D every D [offset D] [in processing_time]` | each that holds it: one begins every D; there may be gaps between them (rule 13) |
    | `cumulate D every D [offset D] [in processing_time]` | each step, from the start of the window on, that it comes before the end of (rule 14) |
    | `session gap D [longest D] [in processing_time]` | the one with the records of its key that are less than the gap away (rule 15). `longest`: a record that would make it longer begins a new one; one between two that may not become one joins the earlier, if that does not get longer by it than it may |
    | `session gap (EXPR) [longest D] [in processing_time]` | the same with a gap that each record gives, a duration: it ends where the last of its records' gaps does. The yield's last value. Null or not above zero is an error of the record; one above the longest counts as that |
    | `count N [every N]` | the last N of its key; every N-th record gives a row (rule 16) |
    | `calendar (day, week, month, quarter, year) [in "ZONE"] [in processing_time]` | the one of its zone, UTC if none is said (rule 17) |
    | `global` | the one of all records (rule 18) |
    | `same` | the one that it is a result of: the input comes from a window in time, and each of that one's windows has its results here. It fires directly behind it |

    and FN one of the aggregates (docs/reference/aggregates.md; rules 23 to 28).

    A window fires once, at its end, and what comes later is dropped and counted, unless clauses behind KIND say
    otherwise, in any order (rules 19 to 22):

    | written | what it does |
    |---|---|
    | `lateness D` | a record is taken up to D behind the end of its window; the window's row then comes again, at once |
    | `refire every D` | gathers what late records change: the row of a key comes when the watermark has moved on by D since the key's first change, at the latest before the window is given up |
    | `emit every D` | rows before the end too: when the watermark reaches the window's start + D, + 2 D, … (for `global`: each multiple of D), at that time − 1 µs as it does the end, of those keys that changed |
    | `emit every D in processing_time` | the same when the clock reaches one of these times, of windows that have not come to their end |
    | `emit every N records` | a row, before the end, when a key has had N records in the window since its last row of it; those of sessions that become one are added up, and one that has more then gives its row, too |
    | `accumulating` | each row is of all records of its window so far and replaces the one before: an upsert stream. The default |
    | `discarding` | each row is of the records since the one before; that at the end may be of none, after rows before it |
    | `final` | one row, when no record can come any more |

    A record that changes the window of a session (it grows, or several become one) takes back the rows that were
    written of it before: `accumulating`, each of them is deleted, right behind the record; the new window begins with
    pane 0, and where its end has passed already its row is late.

    A second result, `%rows, %late = window ...`, has the records that came too late for all of their windows: the
    fields of the input and `reason`, which is `late`, or `after_idle` if the source had been idle. It only inserts, is
    not keyed, and has no event time: these records are behind the watermark. Without it they are dropped; they are
    counted anyway.

    The output's fields are the keys, `window_start` and `window_end` (not for
    `global` and `count`), then where a window may fire more than once `pane` (0, 1, …: how many rows of this key and
    window came before) and `timing` (`early`, `on_time`, `late`), which there is in processing time, too, then one for
    each of `aggregates`. The row at the end comes for each key that has records, also if nothing changed since one
    before; a key whose first record came after the end has none, but `late` ones,
    from pane 0 on. Every row has the event time end − 1 µs; those of a global window the greatest time seen. The
    watermark of the results is that of rows at the end, so late rows are behind it; with `final` it is held back by the
    lateness.
    The yield gives, for each aggregate in order, its arguments (count may have
    none) and, if it is filtered, its condition.

    Constraints:
    1. Durations are above zero and no longer than the years 0000 to 9999; an offset is below the size, of sliding windows
       below the duration between two; a step of cumulate is at most the size, the longest session at least the gap. A
       count window has a record or more, and gives a result for every N of them at most. A zone is one that the time
       zone database knows.
    2. All but count and global windows have an input with event time, or are `in processing_time`.
    3. The input only inserts (rule 34).
    4. The region reads fields of the input with their types, holds ops of `expr` only, and yields what the aggregates
       take, `where` a bool.
    5. There is at least one aggregate, and all names of the output are different.
    6. count gives i64; sum i64 of signed integers, u64 of unsigned ones, f64 of floats; means, variances and
       covariances f64; the others the type of their first argument. All but count are nullable if an argument is, if
       there is a `where`, if the window is global without a key, has `fill` or is `discarding` with `emit`, or if a single
       value is too few.
    7. The output is not keyed, and has an event time, but for a global or count window over a stream
       without. It inserts only, unless rows replace others: then it is upsert by the keys and the window.
    8. `lateness` and late records need a window in event time that is no global or count one; `refire` and `final` need
       `lateness`; `accumulating` and `discarding` need it or `emit`; `final` has neither `emit` nor `refire`. A count
       window has no `emit`. In processing time `emit` is in processing time or by records; a global window without key
       is `discarding` if it has `emit`. The duration of `emit` is below the window's size.

    ```mlir
    stream.pipeline @per_minute {
      %numbers = source sequence(count = 1000, rate = 10)
      %parities = map %numbers { parity = n mod 2, n }
      %keyed = key_by %parities on parity
      %sums = window %keyed tumbling 1 min { count = count(), big = count() where n > 500, total = sum(n) }
      %last = window %keyed sliding 1 min every 10 s { total = sum(n) }
      %today = window %keyed cumulate 1 d every 1 h { total = sum(n) }
      %hundreds = window %keyed count 100 every 10 { mean = avg(n) }
      %months = window %parities calendar month in "Europe/Berlin" { total = sum(n) }
      %early, %too_late = window %keyed tumbling 1 h lateness 1 d emit every 1 min { total = sum(n) }
      %all = window %parities global { total = sum(n) }
      sink %sums to stdout as table
      sink %all to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, Stream_WindowAttr:$window, OptionalAttr<Stream_FiringAttr>:$firing,
                       UnitAttr:$fill, StrArrayAttr:$fields, ArrayAttr:$aggregates, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output, Optional<Stream_StreamType>:$late);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_OverOp : Stream_FlowOp<"over", [SingleBlock]> {
  let summary = "a row for each record, with aggregates over its own window: itself and records before it";
  let description = [{
    `over %in (last D | last N rows | all) { *, name = FN(EXPR) [where CONDITION], ... }`. Fields of the input that go
    on come first, as `*` or by name; then aggregates over the record's own window among the records of its key
    (rule 30), with the functions of `window` and

    | function | gives |
    |---|---|
    | `lag(x)`, `lag(x, n)` | `x` of the record before this one, or of the n-th before; null if the window has none |
    | `row_number()` | which record of its window this one is, from 1 |
    | `rank(x)`, `rank(x desc)` | 1 and how many of its window have a lesser (greater) `x`; null of null |

    They go by (timestamp, arrival). `last D` is from D before the record to its own time, both included, with all
    records of that time; `last N rows` are the record and the N - 1 before it, `all` the record and all before it.

    A row comes when the watermark has passed its record, in the order of event time; it has the record's event time.
    A record that is not later than the watermark is late: it is counted and dropped.

    Of a record's fields it uses the keys, what the aggregates take, and those that are used behind it: an error in one
    of them makes the record bad for this operator (rule 47).

    Constraints:
    1. The input only inserts (rule 34), and every row of it has an event time.
    2. The duration is above zero and no longer than the years 0000 to 9999; there are one or more rows, 1000000 at most.
    3. There is at least one function, and all names of the output are different.
    4. `lag` stays inside of `last N rows`; `rank` is for windows that end, so not for `all`.
    5. Types are as window's (4, 6); lag is of the type of its argument and nullable, row_number and rank i64.
    6. The output is not keyed, inserts only, and has the input's event time.

    ```mlir
    stream.pipeline @changes {
      %numbers = source sequence(count = 1000, rate = 10)
      %parities = map %numbers { parity = n mod 2, n }
      %keyed = key_by %parities on parity
      %last = over %keyed last 1 min { *, mean = avg(n), nth = row_number() }
      %ten = over %keyed last 10 rows { n, before = lag(n), place = rank(n desc) }
      %so_far = over %keyed all { parity, total = sum(n) }
      sink %last to stdout as json
      sink %ten to stdout as json
      sink %so_far to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, Stream_OverAttr:$window, StrArrayAttr:$passed, StrArrayAttr:$fields,
                       ArrayAttr:$aggregates, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_TopOp : Stream_FlowOp<"top", [SingleBlock]> {
  let summary = "the best records of a window, for each key, whole";
  let description = [{
    `top %in by EXPR (desc | asc), ... limit N [with ties] KIND`, where KIND is a window in event time or `global` as
    window has it, most often `same`: the best of what another window gave (its rows know which window that is).

    When the window fires, the N records of each key that are first by the expressions come, in that order; of equal ones
    those that arrived first, or with `with ties` all that are equal to the N-th. Numbers that are no number are the
    greatest, and of several expressions nulls come last (rule 26); a record whose first expression is null is passed over
    (rule 27). The results are not keyed, only insert, and have the time before the window's end (rule 12; `global`: the
    greatest seen).

    It takes whole records: an error in any field makes a record bad for it (rule 47). At most twice the records that
    would come if the window fired now are kept, or 8,192.

    Constraints:
    1. The input only inserts (rule 34), and no field of it is a list or a record.
    2. The window is as window's (1, 2) of event time; sessions and counts are none.
    3. The region reads fields of the input with their types, holds ops of `expr` only, and yields at least one scalar,
       each with its direction in `descending`.
    4. The limit is at least 1.
    5. The output is the input's type without keys.

    ```mlir
    stream.pipeline @hot_items {
      %bids = source nexmark(stream = bid, events = 100000)
      %keyed = key_by %bids on auction
      %counts = window %keyed sliding 10 s every 2 s { num = count() }
      %hot = top %counts by num desc limit 1 with ties same
      %best = top %bids by price desc, auction asc limit 10 tumbling 10 s
      sink %hot to stdout as json
      sink %best to file("best.jsonl") as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, Stream_WindowAttr:$window, StrArrayAttr:$fields,
                       DenseBoolArrayAttr:$descending, I64Attr:$limit, UnitAttr:$ties,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_RunningOp : Stream_FlowOp<"running", [SingleBlock]> {
  let summary = "aggregates over all records of a key so far: an upsert stream";
  let description = [{
    `running %in [ttl D [delete on expiry]] { name = FN(EXPR) [where CONDITION], ... }` with the functions of `window`.
    Each record gives a row at once: the key and what the aggregates are now (rule 34). The row has the record's event
    time.

    With `ttl` a key's state is gone when the watermark reaches its greatest event time plus that, and a later record
    of the key starts anew (rule 35); silently, unless `delete on expiry`: rows of keys that are gone then stay where
    they are, also when a filter rejects the key's next row. A record is never late here: one of a key that is gone
    starts it anew, however old it is, and the key is gone again with the next move of the watermark.

    The output's fields are the keys, then one for each of `aggregates`. The region yields what window's does.

    Constraints:
    1. The input is keyed.
    2. The input only inserts (rule 34).
    3. A time to live is above zero and needs an input whose every row has an event time; `delete on expiry` needs a time to live.
    4. Region and aggregates are as window's (4, 5, 6), where no result is of no record.
    5. The output is not keyed, upsert by the keys, and has an event time if the input has one.

    ```mlir
    stream.pipeline @so_far {
      %numbers = source sequence(count = 1000, rate = 10)
      %parities = map %numbers { parity = n mod 2, n }
      %keyed = key_by %parities on parity
      %totals = running %keyed ttl 1 h delete on expiry { count = count(), big = count() where n > 500, total = sum(n) }
      %most = filter %totals where total > 1000
      sink %most to stdout as json
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, OptionalAttr<I64Attr>:$ttl, UnitAttr:$delete_on_expiry,
                       StrArrayAttr:$fields, ArrayAttr:$aggregates, OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let regions = (region SizedRegion<1>:$body);
  let hasVerifier = 1;
}
def Stream_DeduplicateOp : Stream_FlowOp<"deduplicate"> {
  let summary = "one record for each key: the first, or always the newest";
  let description = [{
    `deduplicate %in keep (first | last) [within D]` (rule 35).

    `keep first` passes a key's first record at once and drops the others; with `within` those whose time is less than
    D after that of the one it kept. The output only inserts. What was kept is forgotten when the watermark reaches its
    time plus D, so a record that is later than the watermark allows may pass again.

    `keep last` gives a row for each record that is not older than the key's newest: an upsert stream by the keys.
    Without event time the newest is the one that came last. With `within` a key is forgotten when the watermark
    reaches its newest time plus D.

    Of a record's fields it uses the keys and those that are used behind it: an error in one of them makes the record
    bad for this operator (rule 47).

    Constraints:
    1. The input is keyed.
    2. The input only inserts (rule 34).
    3. `within` is above zero and needs an input whose every row has an event time; so does `keep last`, if there is one.
    4. The output has the input's fields and event time. It is not keyed; with `keep last` it is upsert by the keys.

    ```mlir
    stream.pipeline @once_an_hour {
      %numbers = source sequence(count = 1000, rate = 10)
      %tens = map %numbers { ten = n / 10, n }
      %keyed = key_by %tens on ten
      %once = deduplicate %keyed keep first within 1 h
      %newest = deduplicate %keyed keep last
      sink %once to stdout as json
      sink %newest to file("newest.csv") as csv
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, Stream_KeptAttr:$kept, OptionalAttr<I64Attr>:$within,
                       OptionalAttr<StrArrayAttr>:$labels);
  let results = (outs Stream_StreamType:$output);
  let hasVerifier = 1;
}
def Stream_SinkOp : Stream_FlowOp<"sink"> {
  let summary = "where records leave the pipeline";
  let description = [{
    `sink %in to CONNECTOR [as FORMAT]`. JSON, CSV and binary rows of an upsert stream begin with a field `op`, `upsert`
    or `delete`; a delete has the fields that the stream is upsert by, and no others. A table on a terminal replaces
    rows in place (rule 34).

    Constraints:
    1. Connector and format are known, their options declared and of the right kind, the required ones given.
    2. `file` and `stdout` have a format, `null` has none.
    3. In the binary format no field is a list or a record; JSON has them as arrays and objects, CSV and tables as the text of those.

    ```mlir
    stream.pipeline @two_sinks {
      %path = param "numbers.csv"
      %numbers = source sequence(count = 10)
      sink %numbers to stdout as table
      sink %numbers to file(%path) as csv(header = true, delimiter = ";")
    }
    ```
  }];
  let arguments = (ins Stream_StreamType:$input, Variadic<AnyType>:$args, StrAttr:$connector, DictionaryAttr:$options,
                       OptionalAttr<StrAttr>:$format, OptionalAttr<DictionaryAttr>:$format_options);
  let hasVerifier = 1;
}
#endif
