//===- fuzz_json_paths.cpp - all decode paths agree in everything ---------===//
//
// Input: a byte that says which source, then JSON lines. The lines are decoded
// in every way; rows, errors, messages and places must be the same (rule 48).
// The lines of a sample stand before them, so that shapes have been learned.
//
//===----------------------------------------------------------------------===//
#include "test/support/generated.h"
#include "test/support/json_corpus.h"

using namespace millrace;
using namespace millrace::test;

static void show(const char *title, const Outcome &outcome) {
  std::fprintf(stderr, "%s: %llu blank\n", title, static_cast<unsigned long long>(outcome.blank));
  for (auto *list : {&outcome.rows, &outcome.places, &outcome.malformed})
    for (const std::string &line : *list)
      std::fprintf(stderr, "  %s\n", line.c_str());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const mr_source_desc *const sources[] = {&generatedSource("decode_bids"), &generatedSource("decode_quakes")};
  static const std::string first[] = {bidText(3), quakeText().substr(0, 3000)};
  if (size == 0 || size > 20000)
    return 0;
  uint32_t which = data[0] & 1;
  std::string text = first[which].substr(0, first[which].rfind('\n') + 1);
  if (data[0] & 2)
    text.clear();
  text.append(reinterpret_cast<const char *>(data + 1), size - 1);
  Outcome expected = decodeBy(ways[0], *sources[which], text);
  for (const Way &way : ways) {
    Outcome outcome = decodeBy(way, *sources[which], text);
    if (outcome == expected)
      continue;
    show("general path", expected);
    show("other path", outcome);
    std::fprintf(stderr, "path %d, vectors %d, batches of %u\n", int(way.path), int(way.simd), way.batchSize);
    std::abort();
  }
  return 0;
}
