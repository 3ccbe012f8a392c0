//===- rows.h - rows on their way out, by hand ------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_ROWS_H
#define MILLRACE_BENCH_TWINS_ROWS_H

#include "bench/twins/twins.h"

#include <cstring>

namespace twins {

/// Rows of N fields, in chunks of a batch's size.
template <size_t N> class Rows {
public:
  struct Row {
    uint64_t fields[N];
  };
  void add(const Row &row) {
    rows[n++] = row;
    if (n == kChunk)
      flush();
  }
  Answer finish() {
    flush();
    return answer;
  }

private:
  void flush() {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i)
        for (size_t field = 0; field < N; ++field)
          answer.checksum += mix(rows[i].fields[field], field);
    n = 0;
  }
  Answer answer;
  size_t n = 0;
  Row rows[kChunk];
};

/// The first 8 bytes of a short text, as it is summed up.
inline uint64_t wordOf(std::string_view text) {
  uint64_t word = 0;
  std::memcpy(&word, text.data(), text.size() < 8 ? text.size() : 8);
  return word;
}

} // namespace twins

#endif
