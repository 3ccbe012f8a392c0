//===- kept_forms.h - how what members keep lies in its bytes ------------------===//
//
// Internal. Saved state has texts and pieces of slots as they lie, whose bytes only
// those functions know that wrote them. So it names the version of each form; state
// of another one is refused, not read. A file that makes such bytes stands at its form (a test looks).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_KEPT_FORMS_H
#define MILLRACE_RUNTIME_STATE_KEPT_FORMS_H

#include <cstdint>

namespace millrace {

struct KeptForm {
  const char *what;
  uint32_t version; ///< a change of how it lies, or of what its bytes mean, counts it up
};

inline constexpr KeptForm kKeptForms[] = {
    {"lists of rows", 1},         // list_block.h, value_list.cpp, value_top.cpp
    {"lists of numbers", 1},      // number_list.cpp
    {"sets of values", 2},        // value_set.cpp, with the hash of texts in there
    {"exact sums", 1},            // exact_sum.cpp
    {"sketches of counts", 2},    // sketch.cpp
    {"sketches of quantiles", 1}, // quantile_sketch.cpp
    {"parts of counts of records",
     2}, // lowering/Counts.cpp, beside the slot lowering/Aside.cpp, lowering/PartHighs.cpp
    {"texts of aggregates of your own", 1}, // lowering/Kept.cpp
    {"sets of sliding windows", 2},         // seen_set.cpp, with the header of set_block.h
    {"ranks that may go again", 1},         // counted_ranks.cpp
    {"queues of rows", 1},                  // byte_queue.cpp
    {"suffixes of the last rows", 1},       // lowering/OverWindow.cpp
};

} // namespace millrace

#endif
