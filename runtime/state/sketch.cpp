//===- sketch.cpp - how many different values, nearly ---------------------------===//
//
// A sketch is a set of spread words while it is small, then registers. What it
// estimates depends only on which values came, in no way on their order or on how
// sketches of parts of them were put together.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/table.h"
#include "runtime/state/value_set.h"

#include <cmath>

using namespace millrace;

namespace {

constexpr int kIndexBits = 12, kRankBits = 64 - kIndexBits;
constexpr uint64_t kRegisters = uint64_t(1) << kIndexBits;
constexpr uint64_t kMostExact = 256;
/// Eight bytes that never change come first (value_set.cpp: the first four of a text lie beside its length too). No set
/// of at most kMostExact values is as long.
constexpr uint64_t kFront = 8, kDenseBytes = kFront + kRegisters;

bool isDense(mr_string stored) { return stringLength(stored) == kDenseBytes; }

uint8_t *registersOf(const StringArena &texts, mr_string stored) {
  return reinterpret_cast<uint8_t *>(const_cast<char *>(texts.at(stored.tail))) + kFront;
}

/// The greatest number of leading zeros among the values of a register, and one.
void note(uint8_t *registers, uint64_t spread) {
  uint64_t rest = spread << kIndexBits | uint64_t(1) << (kIndexBits - 1);
  uint8_t rank = uint8_t(__builtin_clzll(rest) + 1);
  uint8_t &kept = registers[spread >> kRankBits];
  kept = std::max(kept, rank);
}

/// The registers of what a set holds.
mr_string makeDense(StringArena &texts, mr_string stored) {
  uint8_t bytes[kDenseBytes] = {};
  eachWord(texts, stored, [&](uint64_t spread) { note(bytes + kFront, spread); });
  return texts.replace(stored, stringOf(reinterpret_cast<const char *>(bytes), kDenseBytes));
}

/// The two series of Ertl's estimator, for the registers that are zero and those that are full.
double sigma(double x) {
  if (x == 1)
    return INFINITY;
  double sum = x, before, factor = 1;
  do {
    x *= x;
    before = sum;
    sum += x * factor;
    factor += factor;
  } while (sum != before);
  return sum;
}
double tau(double x) {
  if (x == 0 || x == 1)
    return 0;
  double sum = 1 - x, before, factor = 1;
  do {
    x = std::sqrt(x);
    before = sum;
    factor /= 2;
    sum -= (1 - x) * (1 - x) * factor;
  } while (sum != before);
  return sum / 3;
}

double estimate(const uint8_t *registers) {
  double of[kRankBits + 2] = {}; // how many registers have a rank
  for (uint64_t i = 0; i < kRegisters; ++i)
    ++of[registers[i]];
  double m = double(kRegisters), z = m * tau(1 - of[kRankBits + 1] / m);
  for (int rank = kRankBits; rank >= 1; --rank)
    z = 0.5 * (z + of[rank]);
  z += m * sigma(of[0] / m);
  return m * m / (2 * M_LN2 * z);
}

} // namespace

mr_string millrace::sketchWord(StringArena &texts, mr_string stored, uint64_t spread) {
  if (!isDense(stored)) {
    stored = addWord(texts, stored, spread);
    return countOf(texts, stored) > kMostExact ? makeDense(texts, stored) : stored;
  }
  note(registersOf(texts, stored), spread);
  return stored;
}

mr_string millrace::sketchAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!isDense(other)) {
    eachWord(from, other, [&](uint64_t spread) { stored = sketchWord(texts, stored, spread); });
    return stored;
  }
  if (!isDense(stored))
    stored = makeDense(texts, stored);
  if (!isDense(stored)) // refused
    return stored;
  uint8_t *mine = registersOf(texts, stored), *more = registersOf(from, other);
  for (uint64_t i = 0; i < kRegisters; ++i)
    mine[i] = std::max(mine[i], more[i]);
  return stored;
}

uint64_t millrace::estimateOf(const StringArena &texts, mr_string stored) {
  return isDense(stored) ? uint64_t(std::llround(estimate(registersOf(texts, stored)))) : countOf(texts, stored);
}

extern "C" mr_string mr_sketch_add_word(mr_table *table, mr_string stored, uint64_t word) {
  return sketchWord(table->texts, stored, spreadWord(word));
}
extern "C" mr_string mr_sketch_add_text(mr_table *table, mr_string stored, mr_string text) {
  return sketchWord(table->texts, stored, spreadText(text));
}
extern "C" mr_string mr_sketch_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return sketchAll(table->texts, stored, from->texts, other);
}
extern "C" uint64_t mr_sketch_count(mr_table *table, mr_string stored) { return estimateOf(table->texts, stored); }
