//===- task.h - the state of one running pipeline -------------------------===//
//
// Internal. The head of mr_task is what the inlined functions (runtime/inline)
// read and write, so it is plain data with asserted offsets; what only the
// engine knows hangs off `engine`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_TASK_H
#define MILLRACE_RUNTIME_ENGINE_TASK_H

#include "millrace/abi.h"

/// Rows on their way to one sink: [begin, end) are written, [end, limit) is room.
struct mr_out {
  uint8_t *begin, *end, *limit;
  uint32_t rowSize;
  uint32_t pad;
};

struct mr_dictionary; // runtime/state/dictionary.h

/// Records that wait in one operator, as far as a step knows of them (over.h): of one that comes in order the row goes
/// behind the others.
struct mr_waiting {
  uint8_t *free;         ///< rows that are free, chained by their first bytes
  uint8_t **end, **room; ///< behind the last row in order; behind all that there is room for
  int64_t lastTime;      ///< of that row; INT64_MIN: there is none
  uint64_t arrivals;     ///< records so far
};

/// What a step needs to know of an operator with state while it runs.
struct mr_window_head {
  int64_t firstOpen;         ///< records whose window starts before this are late; INT64_MIN: none
  uint64_t late;             ///< late records so far
  int64_t greatestTime;      ///< global windows: the greatest event time seen; INT64_MIN: none
  int64_t lane;              ///< W of the lane in hand at the begin of the call; INT64_MIN: none yet
  int64_t others;            ///< least W of all other inputs; INT64_MAX: there are none
  mr_table *table;           ///< operators without windows: their one table
  mr_dictionary *dictionary; ///< layout by_id: ids of keys, for all panes
  mr_waiting *waiting;       ///< windows per record
  int64_t floor = INT64_MIN; ///< W of all inputs is never less: it was there while one of them was idle (rule 6)
};

/// A param's value: its bits, or a string.
struct mr_param_value {
  mr_string bits; ///< numbers: `head`; strings: both words
};

struct mr_engine; // runtime/engine/engine.h

/// All run-time state of one worker.
struct mr_task {
  mr_out *outs;                 ///< by sink
  mr_window_head *windows;      ///< by window
  mr_param_value *params;       ///< by param
  uint8_t *arena, *arenaLimit;  ///< bump allocation for the batch in hand
  int64_t now;                  ///< processing time of the batch, microseconds
  uint64_t outBytes, outBudget; ///< bytes written to all outs since the last drain; a firing pauses above the budget
  uint32_t halted;              ///< stateful steps: not 0 once a record of the call has stopped the pipeline
  uint32_t paused;              ///< not 0: a window has to fire before the next record
  int64_t quietFrom;            ///< steps that watch times: the least with which nothing happens
  uint64_t quietSpan;           ///< the same: how many such times there are
  int64_t greatestTime;         ///< the same: the greatest of the records of this call
  const uint8_t *firingSlot;    ///< windows per record: of the key whose record goes on; 0: none does
  mr_engine *engine;
};

#endif
