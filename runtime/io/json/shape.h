//===- shape.h - stage 2 for lines of one shape ------------------*- C -*-===//
//
// Shared with generated code: the place where a decoder that was generated for
// one shape (lowering/DecodeJson) is plugged in. decoder.h tells the idea.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_SHAPE_H
#define MILLRACE_RUNTIME_IO_JSON_SHAPE_H

#include "millrace/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Lines that stage 1 has been over, and where their values go. Positions count from `text`. */
typedef struct mr_json_lines {
  const uint8_t *text; /* MR_JSON_PADDING bytes can be read on both sides */
  const uint32_t
      *index;         /* of the next line's first quote or line end; UINT32_MAX, MR_JSON_POSITIONS times, at the end */
  uint32_t start;     /* of the next line */
  uint32_t stop;      /* lines that end at or behind this are not touched */
  uint32_t row, rows; /* the next row; the first that is not free */
  const mr_column *columns; /* by the source's fields; to be written to. Unused fields have none */
  uint32_t *offsets;        /* by row: where the record starts, from `text` + `base` */
  uint32_t *lengths;        /* by row: its bytes, without the line end */
  uint32_t base;            /* added to positions to give offsets */
} mr_json_lines;
MR_ASSERT(sizeof(mr_json_lines) == 64);

/** What speaks against reading a line in line: any bit of `bytes` or `words`, or a negative `sign`. Zero at its start.
 */
struct mr_json_doubt {
  uint64_t bytes[2], words;
  int64_t sign;
};

#define MR_JSON_PADDING 64u
/** The most quotes and line ends that a line of a known shape has. */
#define MR_JSON_POSITIONS 512u
/** The longest text between two values that is compared in line (reads stay inside the padding). */
#define MR_JSON_LITERAL 48u

/** A decoder for one shape (abi.h names the type). */
struct mr_json_shape {
  const char *sample; /* a line of this shape, for people */
  uint32_t positions; /* quotes and line ends of a line */
  uint32_t pad;
  /** Decodes lines for as long as they are of this shape and every value in line is one that needs no second look, then
   *  returns; `index`, `start` and `row` tell how far it came. Rows are as the general path would have written them,
   * and no status is an error. */
  void (*decode)(mr_json_lines *);
};

#ifdef __cplusplus
}
#endif
#endif
