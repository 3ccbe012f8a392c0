//===- arena_task.h - a task for library functions ------------------------===//
//
// A task with an arena and nothing else, and short spellings of strings.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_ARENA_TASK_H
#define MILLRACE_TEST_UNIT_RUNTIME_ARENA_TASK_H

#include "runtime/engine/task.h"
#include "runtime/values/string_view.h"

#include <string>
#include <vector>

namespace millrace {

struct ArenaTask : mr_task {
  std::vector<uint8_t> memory;
  explicit ArenaTask(size_t size = 1 << 20) : mr_task{}, memory(size) {
    arena = memory.data();
    arenaLimit = arena + size;
  }
};

/// The string of a literal or a std::string that outlives it.
inline mr_string str(std::string_view text) { return stringOf(text); }
inline std::string text(mr_string s) { return std::string(viewOf(s)); }

} // namespace millrace

#endif
