//===- StreamEnums.td - the words of clauses -*- tablegen -*-===//
#ifndef MILLRACE_DIALECT_STREAM_ENUMS_TD
#define MILLRACE_DIALECT_STREAM_ENUMS_TD

include "mlir/IR/EnumAttr.td"

class Stream_Enum<string n, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<n, summary, cases> {
  let cppNamespace = "::millrace::stream";
  let genSpecializedAttr = 0;
}
def Stream_Changes : Stream_Enum<"Changes", "which changes a stream carries",
    [I32EnumAttrCase<"Insert", 0, "insert">, I32EnumAttrCase<"Upsert", 1, "upsert">, I32EnumAttrCase<"Changelog", 2, "changelog">]>;
def Stream_WindowKind : Stream_Enum<"WindowKind", "a kind of window",
    [I32EnumAttrCase<"Tumbling", 0, "tumbling">, I32EnumAttrCase<"Global", 1, "global">,
     I32EnumAttrCase<"Sliding", 2, "sliding">, I32EnumAttrCase<"Cumulate", 3, "cumulate">,
     I32EnumAttrCase<"Session", 4, "session">, I32EnumAttrCase<"Count", 5, "count">,
     I32EnumAttrCase<"Calendar", 6, "calendar">, I32EnumAttrCase<"Same", 7, "same">]>;
def Stream_CalendarUnit : Stream_Enum<"CalendarUnit", "what a calendar window is one of (rule 17)",
    [I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Day", 1, "day">, I32EnumAttrCase<"Week", 2, "week">,
     I32EnumAttrCase<"Month", 3, "month">, I32EnumAttrCase<"Quarter", 4, "quarter">, I32EnumAttrCase<"Year", 5, "year">]>;
def Stream_Algorithm : Stream_Enum<"Algorithm", "an algorithm of windows",
    [I32EnumAttrCase<"InPlace", 0, "in_place">, I32EnumAttrCase<"Recompute", 1, "recompute">,
     I32EnumAttrCase<"Subtract", 2, "subtract">, I32EnumAttrCase<"TwoStacks", 3, "two_stacks">,
     I32EnumAttrCase<"Prefix", 4, "prefix">, I32EnumAttrCase<"Sessions", 5, "sessions">,
     I32EnumAttrCase<"Panes", 6, "panes">,
     I32EnumAttrCase<"Same", 7, "same">]>;
def Stream_Kept : Stream_Enum<"Kept", "which of a key's records deduplicate keeps",
    [I32EnumAttrCase<"First", 0, "first">, I32EnumAttrCase<"Last", 1, "last">]>;
def Stream_OverKind : Stream_Enum<"OverKind", "which records before it a record looks at (rule 30)",
    [I32EnumAttrCase<"Time", 0, "time">, I32EnumAttrCase<"Rows", 1, "rows">, I32EnumAttrCase<"All", 2, "all">]>;
def Stream_TimeDomain : Stream_Enum<"TimeDomain", "event or processing time",
    [I32EnumAttrCase<"Event", 0, "event_time">, I32EnumAttrCase<"Processing", 1, "processing_time">]>;
def Stream_EmitUnit : Stream_Enum<"EmitUnit", "what `emit every` counts (rule 21)",
    [I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Event", 1, "event_time">,
     I32EnumAttrCase<"Processing", 2, "processing_time">, I32EnumAttrCase<"Records", 3, "records">]>;
def Stream_FiringMode : Stream_Enum<"FiringMode", "what the rows of a window that fires more than once hold (rule 22)",
    [I32EnumAttrCase<"Accumulating", 0, "accumulating">, I32EnumAttrCase<"Discarding", 1, "discarding">,
     I32EnumAttrCase<"Final", 2, "final">]>;
def Stream_WatermarkKind : Stream_Enum<"WatermarkKind", "a watermark strategy",
    [I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Bounded", 1, "bounded">, I32EnumAttrCase<"Ascending", 2, "ascending">,
     I32EnumAttrCase<"Punctuated", 3, "punctuated">]>;
def Stream_IdlePolicy : Stream_Enum<"IdlePolicy", "what the watermark does when all inputs are idle (rule 6)",
    [I32EnumAttrCase<"Hold", 0, "hold">, I32EnumAttrCase<"Clock", 1, "clock">]>;
def Stream_FuturePolicy : Stream_Enum<"FuturePolicy", "what happens to records too far in the future (rule 9)",
    [I32EnumAttrCase<"Drop", 0, "drop">, I32EnumAttrCase<"Keep", 1, "keep">]>;
def Stream_BadPolicy : Stream_Enum<"BadPolicy", "what happens to bad records (rule 49)",
    [I32EnumAttrCase<"Fail", 0, "fail">, I32EnumAttrCase<"Drop", 1, "drop">, I32EnumAttrCase<"DeadLetter", 2, "dead_letter">]>;
#endif
