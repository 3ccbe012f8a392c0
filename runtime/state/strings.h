//===- strings.h - strings that state keeps ----------------------------------===//
//
// Internal. A kept string is an mr_string whose tail, where it is too long to lie
// in place, is no address but a number: the place of its bytes in the arena of
// its table, in units of 8 bytes. So state can be copied elsewhere and back.
// Memory of strings that are given back is used again, by size.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_STRINGS_H
#define MILLRACE_RUNTIME_STATE_STRINGS_H

#include "millrace/abi.h"
#include "runtime/values/string_view.h"

namespace millrace {

struct StateAccount;

/// 4 KiB of an arena. `pages`: of the piece of memory that begins here, 0 within a piece.
struct TextPage {
  char *data;
  uint64_t pages;
};

/// Are these bytes, 8 or more, the same? In loops of generated code, where most keys are short: no call, no branch but
/// for the length.
__attribute__((always_inline)) inline bool sameBytes(const char *a, const char *b, uint32_t length) {
  auto differs = [&]<typename Bytes>(Bytes, uint32_t at) {
    Bytes x, y;
    __builtin_memcpy(&x, a + at, sizeof(x));
    __builtin_memcpy(&y, b + at, sizeof(y));
    return x ^ y;
  };
  if (length < 16)
    return (differs(uint64_t(), 0) | differs(uint64_t(), length - 8)) == 0;
  if (length > 256)
    return __builtin_memcmp(a, b, length) == 0;
  using Two = uint64_t __attribute__((vector_size(16)));
  Two all = differs(Two(), length - 16); // may overlap what the loop compares
#pragma clang loop unroll(disable)
  for (uint32_t i = 0; i < length - 16; i += 16)
    all |= differs(Two(), i);
  return (all[0] | all[1]) == 0;
}

/// All zero is an empty arena without account.
struct StringArena {
  TextPage *pages; ///< by place / kUnitsInPage; read by inlined code
  StateAccount *account;
  uint32_t numPages, maxPages;
  uint32_t cursor, limit; ///< units: room behind the last small string
  uint32_t firstRange;    ///< 1 + number of the first page of a range that is free again; 0: none
  uint32_t free[49];      ///< by size class: the first place that is free again; 0: none (place 0 is never given out)

  static constexpr uint32_t kUnit = 8, kUnitsInPage = 512;

  /// Sizes that strings are rounded to.
  struct SizeClass {
    uint32_t number, units;
  };

  /// The string again, with its bytes here. Empty if memory is refused.
  mr_string keep(mr_string value);
  /// A text of so many bytes, more than MR_STRING_INLINE, that the caller fills; the first four have to be zero. Empty
  /// if memory is refused.
  mr_string room(uint64_t length);
  /// Its bytes are not needed any more.
  void giveBack(mr_string stored);
  /// `value` instead of `old`, whose bytes are used again where they fit.
  mr_string replace(mr_string old, mr_string value);
  /// For an empty arena that is filled with what was saved: a directory of so many pages, and a piece of memory in it.
  /// Nothing: refused.
  bool makePages(uint32_t count);
  char *makePiece(uint32_t first, uint64_t pages);
  /// Gives all memory back; the arena then is empty.
  void clear();

  const char *at(uint64_t place) const { return pages[place / kUnitsInPage].data + place % kUnitsInPage * kUnit; }

  /// In flight.
  mr_string text(mr_string stored) const {
    if (stringLength(stored) > MR_STRING_INLINE)
      stored.tail = reinterpret_cast<uint64_t>(at(stored.tail));
    return stored;
  }

  /// Are the bytes of a kept string those of one in flight?
  bool equals(mr_string stored, mr_string value) const {
    if (stored.head != value.head)
      return false;
    uint32_t length = stringLength(value);
    return length <= MR_STRING_INLINE ? stored.tail == value.tail
                                      : sameBytes(at(stored.tail), reinterpret_cast<const char *>(value.tail), length);
  }

private:
  void setFree(uint32_t place, SizeClass size);
  uint32_t take(uint64_t length);
  uint32_t takeLong(uint64_t length);
  bool openChunk(uint32_t units);
  uint32_t addPages(uint64_t bytes);
  void addRange(uint32_t first);
};

} // namespace millrace

#endif
