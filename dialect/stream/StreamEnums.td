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
    [I32EnumAttrCase<"Tumbling", 0, "tumbling">, I32EnumAttrCase<"Global", 1, "global">]>;
def Stream_Kept : Stream_Enum<"Kept", "which of a key's records deduplicate keeps",
    [I32EnumAttrCase<"First", 0, "first">, I32EnumAttrCase<"Last", 1, "last">]>;
def Stream_TimeDomain : Stream_Enum<"TimeDomain", "event or processing time",
    [I32EnumAttrCase<"Event", 0, "event_time">, I32EnumAttrCase<"Processing", 1, "processing_time">]>;
def Stream_WatermarkKind : Stream_Enum<"WatermarkKind", "a watermark strategy",
    [I32EnumAttrCase<"None", 0, "none">, I32EnumAttrCase<"Bounded", 1, "bounded">, I32EnumAttrCase<"Ascending", 2, "ascending">]>;
def Stream_BadPolicy : Stream_Enum<"BadPolicy", "what happens to bad records (rule 49)",
    [I32EnumAttrCase<"Fail", 0, "fail">, I32EnumAttrCase<"Drop", 1, "drop">, I32EnumAttrCase<"DeadLetter", 2, "dead_letter">]>;
#endif
