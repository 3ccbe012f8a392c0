/*===- abi.h - the border between generated code and the runtime ---*- C -*-===*
 *
 * Audience: generated code (through the functions of abi.def) and whoever hosts
 * a compiled pipeline. C11, standalone. Whatever is shared is asserted below.
 *
 * A compiled pipeline exports one symbol, `mr_pipeline`, which returns its
 * description: tables of sources, sinks and windows, with the functions that
 * were generated for them. All state at run time hangs off one `mr_task`.
 *
 *===----------------------------------------------------------------------===*/
#ifndef MILLRACE_ABI_H
#define MILLRACE_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define MR_ASSERT(c) static_assert(c, #c)
#else
#define MR_ASSERT(c) _Static_assert(c, #c)
#endif

/** Counts up with every change of this file that old binaries would notice. */
#define MR_ABI_VERSION 7u

typedef struct mr_task mr_task;   /* all run-time state of one worker (runtime/engine/task.h) */
typedef struct mr_table mr_table; /* keyed state: of one pane, or of an operator without windows (runtime/state/table.h) */

/*===-- values ------------------------------------------------------------===*/

/** Kinds of values; also what a field's bytes are: bool 1 byte (0 or 1), integers and floats their own width,
 *  string and bytes 16 (mr_string), timestamp and duration 8 (microseconds), date 4 (days since 1970-01-01),
 *  list 16 (mr_list), record 8 (the address of its fields, laid out by its description). */
typedef enum mr_type {
  MR_BOOL, MR_I8, MR_I16, MR_I32, MR_I64, MR_U8, MR_U16, MR_U32, MR_U64, MR_F32, MR_F64,
  MR_STRING, MR_BYTES, MR_TIMESTAMP, MR_DURATION, MR_DATE, MR_LIST, MR_RECORD
} mr_type;

/** A string or bytes in flight: 16 bytes, passed in two registers.
 *  length <= 12: the bytes follow the length, in place, and the unused ones are zero.
 *  length  > 12: the first 4 bytes as a prefix, then the address of all of them.
 *  Low 32 bits of `head`: length. The memory belongs to the batch, the task's arena or a table. */
typedef struct mr_string { uint64_t head, tail; } mr_string;
MR_ASSERT(sizeof(mr_string) == 16);
#define MR_STRING_INLINE 12u

/** A list in flight: `count` elements of one type, each `mr_type_size` bytes, aligned, without nulls
 *  unless the element is nullable: then a status byte for each follows the last element. */
typedef struct mr_list { const uint8_t *elements; uint64_t count; } mr_list;
MR_ASSERT(sizeof(mr_list) == 16);

/** The result of a function that may fail: `kind` 0 with the value's bits in `value`, else 1 + mr_error_kind. */
typedef struct mr_result { uint64_t value, kind; } mr_result;
MR_ASSERT(sizeof(mr_result) == 16);

/** A signed 128-bit integer (exact sums), little end first. */
typedef struct mr_i128 { uint64_t low; int64_t high; } mr_i128;
MR_ASSERT(sizeof(mr_i128) == 16);

/*===-- errors of a record (rules 46, 47) ---------------------------------===*/

/** An error is one 32-bit number: site << 3 | kind. Sites are numbered as the pipeline is written, so the least
 *  of several errors is the one written first. */
typedef uint32_t mr_error;
#define MR_NO_ERROR 0xffffffffu
typedef enum mr_error_kind {
  MR_OVERFLOW, MR_DIVISION_BY_ZERO, MR_BAD_CAST, MR_BAD_INDEX, /* of an expression */
  MR_MISSING, MR_WRONG_TYPE, MR_OUT_OF_RANGE, MR_BAD_TIME      /* of a source's field */
} mr_error_kind;

/** Errors of a record that have no site: its window would leave the range of timestamps; its session's gap is null, zero or
 *  below. */
#define MR_WINDOW_ERROR (MR_NO_ERROR - 7u + MR_OVERFLOW)
#define MR_GAP_ERROR (MR_NO_ERROR - 7u + MR_OUT_OF_RANGE)

/** The last timestamp: the end of the year 9999. */
#define MR_MAX_TIME 253402300799999999

/** Where an error can arise: the operator's name, and what was written there (`a / b`, or "field `mag`"). */
typedef struct mr_site_desc { const char *op, *text; uint32_t line, column; } mr_site_desc;

/*===-- what goes in: batches ---------------------------------------------===*/

/** The status byte of a value: 0 there, 1 null, else 2 + mr_error_kind. */
typedef enum mr_value_status { MR_VALUE = 0, MR_NULL = 1, MR_ERROR_BASE = 2 } mr_value_status;

/** One field of a batch: value i is at values + i * stride, its status at status + i * status_stride (strides are the
 *  field's description's, known when compiling). `status` may be 0 where it says that none is needed. */
typedef struct mr_column { const uint8_t *values; const uint8_t *status; } mr_column;

typedef struct mr_batch {
  uint32_t size;               /* records */
  uint32_t dirty;              /* not 0: some status of a used field is an error; 0: none is */
  const mr_column *columns;    /* one for each field of the source's description */
  const int64_t *event_time;   /* contiguous; 0 if the source has none, or if they are a field of rows */
  const int64_t *watermark;    /* punctuated: to what each record moves W, INT64_MIN: it does not; 0 otherwise */
} mr_batch;
MR_ASSERT(sizeof(mr_batch) == 32);

/** How far a call got; all zero at its start. */
typedef struct mr_cursor { uint64_t position, inner; } mr_cursor;

typedef enum mr_status { MR_DONE = 0, MR_MORE = 1, MR_FAILED = 2 } mr_status;

/*===-- descriptions ------------------------------------------------------===*/

#define MR_ELEMENT_NULLABLE 0x80u
typedef struct mr_field_desc {
  const char *name;
  const char *path;            /* sources: `a.b[2]`; sinks: 0 */
  const char *unit;            /* of a timestamp, duration or date: s ms us ns rfc3339; "" otherwise */
  uint8_t type;                /* mr_type */
  uint8_t element;             /* mr_type of a list's elements, | MR_ELEMENT_NULLABLE if they may be null */
  uint8_t nullable;
  uint8_t used;                /* sources: does the pipeline read it? an unused field is not built */
  uint32_t offset;             /* rows: of the value in the row */
  uint32_t status_offset;      /* rows: of the status byte, or UINT32_MAX without one */
  uint32_t stride;             /* sources: bytes from value to value */
  uint32_t status_stride;      /* sources: bytes from status to status; 0 = no status (never null, never wrong) */
  uint32_t num_nested;         /* records, and lists of records: */
  const struct mr_field_desc *nested;  /* the fields of a record, with their places in it; 0: there are none */
} mr_field_desc;

/** An option of a connector or format: text as written, or the value of a param. */
typedef struct mr_option { const char *name, *text; int32_t param; /* index, or -1 */ } mr_option;

typedef struct mr_param_desc {
  const char *name, *doc;
  uint8_t type;
  const char *default_text;    /* as a user would write it after --set name= */
} mr_param_desc;

typedef struct mr_json_shape mr_json_shape;   /* runtime/io/json/shape.h */
typedef struct mr_json_doubt mr_json_doubt;   /* the same */

typedef enum mr_on_bad { MR_BAD_FAIL, MR_BAD_DROP, MR_BAD_DEAD_LETTER } mr_on_bad;
typedef enum mr_watermark_kind {
  MR_WATERMARK_NONE, MR_WATERMARK_BOUNDED, MR_WATERMARK_ASCENDING, MR_WATERMARK_PUNCTUATED
} mr_watermark_kind;
/** What W does when all inputs are idle (rule 6). */
typedef enum mr_idle_policy { MR_IDLE_HOLD, MR_IDLE_CLOCK } mr_idle_policy;
/** What happens to records beyond the clock and max_future (rule 9). */
typedef enum mr_future_policy { MR_FUTURE_DROP, MR_FUTURE_KEEP } mr_future_policy;
#define MR_FUTURE_UNSAID 0         /* max_future: the source's default */
#define MR_FUTURE_ANY INT64_MAX    /* max_future: no limit */

typedef struct mr_source_desc {
  const char *name, *connector, *format;
  const mr_option *options, *format_options;
  uint32_t num_options, num_format_options;
  const mr_field_desc *fields;
  uint32_t num_fields;
  uint32_t row_size;           /* of the declared fields laid out as a row (binary format) */
  int32_t dead_of;             /* >= 0: this is the dead-letter stream of that source, with its six fields */
  int32_t event_time;          /* index of the field that is the event time; -1: none; -2: `event_time_fn` gives it */
  uint8_t watermark;           /* mr_watermark_kind */
  uint8_t on_bad;              /* mr_on_bad */
  uint8_t idle_policy;         /* mr_idle_policy */
  uint8_t future_policy;       /* mr_future_policy */
  int64_t bound;               /* microseconds */
  int64_t idle;                /* microseconds without a record after which a partition is idle; 0: never */
  int64_t align;               /* microseconds that a partition may be ahead of the slowest; 0: no limit */
  int64_t max_future;          /* microseconds beyond the clock, or MR_FUTURE_… */
  int64_t max_bad;             /* records, -1: no limit */
  int64_t max_bad_percent;     /* -1: no limit */
  uint32_t site;               /* error site of field k is site + k */
  uint8_t expands;             /* 1: a record may give many; step is then called with few records at a time */
  uint8_t stateful;            /* 1: step writes state that its own rows depend on (update, admit): it is never run twice */
  uint8_t pauses;              /* 1: step ends (DONE, the cursor before `limit`) behind a record that makes windows fire at once:
                                  see mr_paused */
  uint8_t watches;             /* 1: step looks at event times itself and ends (DONE, the cursor before `limit`) before the
                                  first record that the engine has to look at: see mr_quiet_from. 0: the engine looks
                                  through the times first, and calls step with records between which nothing fires */
  /** Runs the records [cursor->position, limit) of the batch through everything fused behind this source. */
  mr_status (*step)(mr_task *, const mr_batch *, mr_cursor *, uint32_t limit);
  /** Event time of each record of the batch: value to `time`, status to `status`. */
  void (*event_time_fn)(mr_task *, const mr_batch *, int64_t *time, uint8_t *status);
  /** Punctuated: to what each record of the batch moves W (INT64_MIN: it does not); a status but MR_VALUE is an error. */
  void (*watermark_fn)(mr_task *, const mr_batch *, int64_t *watermark, uint8_t *status);
  const mr_json_shape *shapes; /* decoders generated for shapes known when compiling */
  uint32_t num_shapes;
} mr_source_desc;

typedef struct mr_sink_desc {
  const char *name, *connector, *format;
  const mr_option *options, *format_options;
  uint32_t num_options, num_format_options;
  const mr_field_desc *fields;
  uint32_t num_fields;
  uint32_t row_size;           /* bytes of an output row with its header, a multiple of 8 */
  uint8_t changes;             /* 0 insert-only, 1 upsert, 2 changelog */
  uint8_t header;              /* 0; or 8: a row begins with u8 op (0 upsert, 1 delete), 3 zero bytes, u32 the record of the
                                  batch that it came from (0 while a pane fires). Offsets of fields count from the row's
                                  begin, header and all */
  const uint32_t *keys;        /* upsert streams: numbers of the fields that are the key; a delete has only them, the rest is zero */
  uint32_t num_keys;
} mr_sink_desc;

/** What feeds an operator: a source, or a window before it. */
typedef struct mr_input_ref { uint32_t is_window, index; } mr_input_ref;

/** Flag in mr_table_desc.key_types. */
#define MR_KEY_NULLABLE 0x80u

/* A normalised key (what mr_key_hash, mr_table_upsert, mr_table_insert and mr_id_of take) is, in this order:
 *   one 64-bit word for each field of the key that is no string or bytes, in the order of the fields: signed integers
 *     sign-extended, unsigned ones and bool zero-extended, floats by mr_key_f64 (f32 widened first), timestamps and
 *     durations as they are, dates sign-extended;
 *   one more word if any field of the key is nullable: bit i is set if field i is null (its word or string is zero);
 *   one mr_string for each string or bytes field, in the order of the fields.
 * key_words and key_strings count the words and the strings. At most 64 fields.
 *
 * Packed and dense keys are made of a code for each field, with `least` and `values` from the table's description:
 *   integers, bool, dates, timestamps, durations: value - least, an unsigned number; where `values` is 0 (not known) least is
 *     the least value of the type, so that full signed types are the value with its top bit turned;
 *   f64: the bits of mr_key_f64; f32: the bits of that value as f32;
 *   null: the bit above the field's bits, the bits themselves zero (packed); the number `values` (dense).
 * A field's bits: as many as `values - 1` needs (1 value: none), or the type's width, bool 1; one more if it may be null.
 * packed: the word has the last field's bits lowest, the first field's highest; together at most 64. One field of 64 bits may be
 *   null as well: null then has a slot of its own, mr_packed_null, and no bit.
 * dense: index = ((code0 * n1 + code1) * n2 + code2) ..., n = values, + 1 if the field may be null. No key: index 0. */

/** Where a table keeps a key's state. Member bytes and flags of a new key are zero in all of them. */
typedef enum mr_layout {
  MR_LAYOUT_DENSE,  /* an array by the key's index */
  MR_LAYOUT_PACKED, /* open addressing; a slot begins with u64: the key word ^ MR_PACKED_MASK, 0 = empty; two special positions follow */
  MR_LAYOUT_INLINE, /* open addressing; a slot begins with u32 flags (bit 31 not used), u32 hash with its top bit set (0 = empty),
                       then key words, key strings */
  MR_LAYOUT_BY_ID   /* an array by the id that the operator's dictionary gives the key */
} mr_layout;

/** What a packed slot's first word is the key word ^ of: odd, without structure. */
#define MR_PACKED_MASK 0x9fb21c651e98df25u

typedef enum mr_piece_kind { MR_PIECE_BYTES, MR_PIECE_STRING, MR_PIECE_BIT } mr_piece_kind;

/** A piece of a key's state. Two layouts of one operator have the same pieces in the same order, at other places. */
typedef struct mr_piece_desc {
  const char *name;
  uint8_t kind;                /* mr_piece_kind; strings are 16 bytes, as mr_table_keep gives them */
  uint8_t cold;                /* 1: in the cold part */
  uint8_t bit;                 /* MR_PIECE_BIT: number of the bit in the u64 at `offset` */
  uint8_t pad;
  uint32_t offset, size;       /* bytes; from the begin of the slot, or of its cold part */
} mr_piece_desc;

/** An entry of a list that a member keeps (mr_list_add, mr_top_add): a row of fixed size with strings in it. */
typedef struct mr_entry_desc {
  uint32_t size;               /* bytes of a row, a multiple of 8 */
  uint32_t value, value_size;  /* what of it becomes an element of the result: where that begins, and its bytes */
  uint32_t status;             /* the status byte of elements that may be null, or UINT32_MAX */
  const uint32_t *texts;       /* where strings and bytes lie in the row; null ones are all zero */
  uint32_t num_texts;
  uint32_t limit;              /* of a top: how many are kept; at least 1 */
  uint8_t is_record;           /* the value is a record, so elements point at it */
  uint8_t by_text;             /* of a top, whose rows begin with what they are judged by: 1 an mr_string, 0 a word whose order,
                                  unsigned, is that of the values (rule 26) */
  uint8_t ascending;           /* of a top: the least are kept */
  uint8_t ties;                /* of a top: and all that are as good as the last of them */
  uint32_t distinct;           /* of a list that is no top: of equal values (rule 26) only the first is of use */
} mr_entry_desc;
MR_ASSERT(sizeof(mr_entry_desc) == 40);

/** A kind of table: how the keys and members of an operator's state lie in memory. */
typedef struct mr_table_desc {
  uint8_t layout;              /* mr_layout */
  uint8_t occupied_bit;        /* dense, by_id: see occupied_offset */
  uint16_t pad;
  uint32_t slot_size;          /* bytes of a slot, a multiple of 8, with what the layout puts before the members */
  uint32_t cold_size;          /* bytes of a slot's cold part, a multiple of 8; 0: there is none */
  uint32_t key_words, key_strings;
  uint32_t num_keys;
  const uint8_t *key_types;    /* for each field of the key: mr_type, + MR_KEY_NULLABLE if it may be null */
  const int64_t *key_least;    /* for each field of the key: its least value; 0: none is known */
  const uint64_t *key_values;  /* for each field of the key: number of values from key_least on, 0: not known; 0: none is known */
  uint64_t positions;          /* dense: how many */
  uint32_t occupied_offset;    /* dense, by_id: a slot is in use if the u64 at this offset is not 0 (occupied_bit 255) or has the
                                  bit occupied_bit set */
  int32_t time_offset;         /* in the slot, of the greatest i64 time written, or of the one kept, with its top bit turned, so
                                  that 0 is none (also that of a null time); -1: there is none */
  const mr_piece_desc *pieces;
  uint32_t num_pieces;
} mr_table_desc;

/** Operators with keyed state. The last five (MR_STATE_…) have one table that lives as long as the pipeline. */
typedef enum mr_window_kind {
  MR_WINDOW_TUMBLING, MR_WINDOW_GLOBAL, MR_WINDOW_SLIDING, MR_WINDOW_CUMULATE, MR_WINDOW_SESSION, MR_WINDOW_CALENDAR,
  MR_STATE_RUNNING, MR_STATE_FIRST, MR_STATE_LAST, MR_STATE_COUNT, MR_STATE_OVER
} mr_window_kind;

/** How the state of a window comes from that of its slices. Time is cut at every edge of a window: a slice is what lies between
 *  two edges, and a record is folded into the one table of its slice (a pane). */
typedef enum mr_window_algorithm {
  MR_WINDOW_IN_PLACE,   /* a slice is a window: tumbling, calendar, global */
  MR_WINDOW_RECOMPUTE,  /* all slices of the window are combined when it fires */
  MR_WINDOW_SUBTRACT,   /* a running result: slices are added when they close and taken away when they expire */
  MR_WINDOW_TWO_STACKS, /* suffixes of older slices, made from time to time, and a running result of younger ones */
  MR_WINDOW_PREFIX,     /* cumulate: a running result, empty again when the window has ended */
  MR_WINDOW_SESSIONS,   /* sessions: a slot for each */
  MR_WINDOW_PANES,      /* windows that fire again, or that late records still reach: a table for each of them */
  MR_WINDOW_SAME        /* over the results of windows: those of one window have the time before its end, so they lie in its
                           last slice, and no other window has any of them */
} mr_window_algorithm;

typedef enum mr_calendar_unit {
  MR_CALENDAR_NONE, MR_CALENDAR_DAY, MR_CALENDAR_WEEK, MR_CALENDAR_MONTH, MR_CALENDAR_QUARTER, MR_CALENDAR_YEAR
} mr_calendar_unit;

/** The clocks of a zone: from since[i] on (seconds since 1970; since[0] is INT64_MIN) they are offset[i] seconds before UTC's.
 *  `repeats`: from since[num_changes - 1] on they do what they did in the 400 years before it (146,097 days), again and again. */
typedef struct mr_zone_desc {
  const char *name;
  const int64_t *since;
  const int32_t *offset;
  uint32_t num_changes;        /* at least 1 */
  uint32_t repeats;
} mr_zone_desc;
MR_ASSERT(sizeof(mr_zone_desc) == 32);

/** The times [start, start + length); length 0: none. */
typedef struct mr_interval { int64_t start; uint64_t length; } mr_interval;
MR_ASSERT(sizeof(mr_interval) == 16);

/** A record of a session window, whose own window is [time, end), as mr_session_slot gets it. */
typedef struct mr_session {
  int64_t time, end;
  int64_t watermark;           /* W before the record */
  uint64_t record;             /* its number in the batch, 0 while a pane fires */
  mr_table *table;             /* set: the table in which the slot lies */
} mr_session;
MR_ASSERT(sizeof(mr_session) == 40);

/** One row that is due: of the state at `position` of a table, with what it says of its window and why it comes. */
typedef struct mr_due {
  uint64_t position;
  int64_t start, end, time;    /* `time`: the row's event time */
  uint32_t pane;               /* 0, 1, ...: rows of this key and window before it */
  uint32_t timing;             /* 0 early, 1 on_time, 2 late */
  uint32_t deletes;            /* 1: the row goes (upsert streams); of the slot only the key and the flags of its sinks count then */
  uint32_t zero;
} mr_due;
MR_ASSERT(sizeof(mr_due) == 48);

/** Of a table of whole records: which come when it fires. Its key is the group's fields, then the values that records are compared by,
 *  then the record's arrival (mr_arrival), so that each record has a slot. */
typedef struct mr_top_desc {
  uint64_t limit;              /* of each group, at least 1 */
  uint64_t descending;         /* bit i: field i of the key, the greatest first; nulls are last all the same */
  uint32_t groups;             /* fields of the group */
  uint8_t ties;                /* 1: and all that are equal to the last of these but for their arrival */
  uint8_t zero[3];
} mr_top_desc;
MR_ASSERT(sizeof(mr_top_desc) == 24);

/** What `emit every` counts (rule 21), and what rows hold (rule 22). */
typedef enum mr_emit_unit { MR_EMIT_NONE, MR_EMIT_EVENT_TIME, MR_EMIT_PROCESSING_TIME, MR_EMIT_RECORDS } mr_emit_unit;
typedef enum mr_firing_mode { MR_FIRES_ACCUMULATING, MR_FIRES_DISCARDING, MR_FIRES_FINAL } mr_firing_mode;

/** MR_WINDOW_PANES, and sessions that fire again: when rows come (rules 19 to 22), and what a slot has beside its members. */
typedef struct mr_firing_desc {
  int64_t lateness;            /* microseconds behind its end for which a window takes records */
  int64_t emit;                /* microseconds or records */
  int64_t refire;              /* microseconds; 0: late records fire at once */
  uint32_t emit_unit;          /* mr_emit_unit */
  uint32_t mode;               /* mr_firing_mode */
  uint32_t rows_offset;        /* in a slot, u64: twice the rows that the key has had, + 1 once a record came */
  uint32_t fresh_offset;       /* in a slot, u64: records since the last row */
  uint32_t refire_offset;      /* MR_WINDOW_PANES with `refire`: in a slot, i64 with its top bit turned, so that 0 is none: W at which
                                  what late records changed of the key fires. 0 where there is no such piece */
  uint32_t zero;
} mr_firing_desc;
MR_ASSERT(sizeof(mr_firing_desc) == 48);

/** MR_WINDOW_PANES: the windows that a record belongs to are asked for one by one (mr_pane_first, mr_pane_next). The times
 *  [start, start + length) belong to the same window alone (length 0: none; ask again). Of a key that has
 *  `least` new records the engine is told (mr_pane_due), once: not of those that follow before its next row. */
typedef struct mr_pane { int64_t start; uint64_t length, least; } mr_pane;
MR_ASSERT(sizeof(mr_pane) == 24);

/** MR_STATE_OVER: records that wait for W, and what is kept of them then in the windows of their key's later records (rule 30).
 *  A waiting row begins with its time (i64) and its number among those of its key (u64, by `release`); what is kept of it begins
 *  with its time. Strings in what is kept are as in flight, but for those that are longer than MR_STRING_INLINE: mr_over_text. */
typedef struct mr_over_desc {
  const uint32_t *texts, *kept_texts; /* offsets of the strings in a waiting row, and in what is kept of it */
  uint32_t num_texts, num_kept_texts;
  uint64_t rows;               /* kept at most, the record in hand counted; 0: those of the time to live */
  uint32_t row_size, kept_size; /* bytes; nothing kept: 0 */
  uint32_t rows_offset;        /* in a slot, a string: what is kept */
  uint32_t kept_texts_offset;  /* in a slot, a string: the bytes of long strings of it, if it has strings */
  /** Fires `count` rows that W has passed, by (timestamp, arrival), from the cursor->position-th on, until all are done or the
   *  output is full (MORE). */
  mr_status (*release)(mr_task *, mr_table *, const uint8_t *const *rows, uint64_t count, mr_cursor *);
} mr_over_desc;
MR_ASSERT(sizeof(mr_over_desc) == 56);

typedef struct mr_window_desc {
  const char *name;
  uint8_t kind;                /* mr_window_kind */
  uint8_t processing_time;
  uint8_t keyed;
  uint8_t ordered;             /* fire in the order of keys: something behind depends on arrival */
  uint8_t deletes;             /* keys that expire give delete rows */
  uint8_t behind_state;        /* steps reach it through state: what goes wrong stops the pipeline (rule 47) */
  uint8_t algorithm;           /* mr_window_algorithm */
  uint8_t unit;                /* calendar: mr_calendar_unit */
  int64_t size, offset;        /* windows: microseconds; size of a session: its gap */
  int64_t slide;               /* microseconds; cumulate: a step; tumbling: the size */
  int64_t longest;             /* sessions: microseconds; 0: no limit */
  const mr_zone_desc *zone;    /* calendar; 0: UTC */
  int64_t ttl;                 /* microseconds; 0: state stays */
  mr_table_desc table;
  const mr_input_ref *inputs;  /* W is the least of theirs */
  uint32_t num_inputs;
  uint32_t max_rows_per_slot;  /* rows to one sink that firing or expiring one key may give */
  /** Windows: fires slots of the pane from cursor->position on, until all are done, or the output is full or cursor->inner
   *  positions were gone through (MORE; 0: any number). What is left of that number is in cursor->inner then. `time`
   *  is the results' event time. 0 where there is fire_due. */
  mr_status (*fire)(mr_task *, mr_table *, int64_t start, int64_t end, int64_t time, mr_cursor *);
  /** Writes delete rows for the keys at `count` positions, from the cursor->position-th on, until all are done or the output is
   *  full (MORE); leaves the table as it is. 0: there are none to write. */
  mr_status (*expire)(mr_task *, mr_table *, const uint64_t *positions, uint64_t count, mr_cursor *);
  /** Algorithms over slices: adds the state of the keys of `from` at the positions [cursor->position, to) to that of the same
   *  keys of `into`, made where new. `from` holds what is later in time, or of the same times what came later; it stays as it is. `to` is
   *  at most mr_table_capacity(from); both are settled: every key has a position. Sets cursor->position to `to`. */
  mr_status (*combine)(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *);
  /** MR_WINDOW_SUBTRACT: takes it away again; a key of which no record is left is erased from `into`. */
  mr_status (*remove)(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *);
  /** Where rows do not come a table at a time (MR_WINDOW_SESSIONS, windows that fire again): the rows of `due` from the
   *  cursor->position-th on, until all are done or the output is full (MORE). All of them are of slots in use, which stay. */
  mr_status (*fire_due)(mr_task *, mr_table *, const mr_due *due, uint64_t count, mr_cursor *);
  uint8_t prompt;              /* 1: rows must come between the two records at which W passes their time: they meet rows of other
                                  ways, or state that looks at W. 0: nobody can tell whether they come somewhat later */
  uint8_t fill;                /* 1: from a key's first window on there is a row of it for each window, up to the last one with records */
  uint8_t in_pieces;           /* 1: nobody can tell whether a firing has come to its end, as long as the next one does not begin */
  uint8_t zero;
  uint32_t slices;             /* not 0: several windows are made of the same slices, those of window number `slices` - 1 (the first one of
                                  them). All have equal keys and slots; `combine` and `remove` see to the window's own members alone */
  /** The first of several windows of the same slices: as `combine`, of the members of all. */
  mr_status (*merge)(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *);
  const mr_top_desc *top;      /* 0: all slots give rows. Else only the best; `combine` is there, and the layout is MR_LAYOUT_INLINE */
  mr_firing_desc firing;       /* all zero but for MR_WINDOW_PANES and MR_WINDOW_SESSIONS */
  const mr_over_desc *over;    /* MR_STATE_OVER; else 0 */
} mr_window_desc;
MR_ASSERT(offsetof(mr_window_desc, table) == 64);
MR_ASSERT(sizeof(mr_window_desc) == 64 + sizeof(mr_table_desc) + 136);

typedef struct mr_pipeline_desc {
  uint32_t abi_version, size;  /* MR_ABI_VERSION, sizeof(mr_pipeline_desc) */
  const char *name;
  const char *manifest;        /* JSON: operators, source locations, schemas, ABI version. The global that holds it is
                                  called mr_manifest: code generation gives it the section .millrace.manifest */
  const mr_param_desc *params;
  const mr_source_desc *sources;
  const mr_sink_desc *sinks;
  const mr_window_desc *windows;   /* upstream before downstream */
  const mr_site_desc *sites;
  const char *const *terminals;    /* names by terminal number: what a bad record would have reached */
  uint32_t num_params, num_sources, num_sinks, num_windows, num_sites, num_terminals;
} mr_pipeline_desc;

typedef const mr_pipeline_desc *(*mr_pipeline_fn)(void);

/*===-- functions that generated code calls -------------------------------===*/

#define MR_FUNCTION(kind, result, name, parameters) result name parameters;
#include "millrace/abi.def"
#undef MR_FUNCTION

#ifdef __cplusplus
}
#endif
#endif
