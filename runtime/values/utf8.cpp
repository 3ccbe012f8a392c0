//===- utf8.cpp - checking UTF-8 ------------------------------------------===//
#include "runtime/values/utf8.h"
#include "runtime/values/string_view.h"

#include <cstring>

using namespace millrace;

namespace {

/// Bytes of the code point at the front of `text` (not ASCII), by table 3-7 of the Unicode standard; 0 if it is none.
size_t multibyte(std::string_view text) {
  uint8_t first = uint8_t(text[0]), second = text.size() > 1 ? uint8_t(text[1]) : 0;
  uint8_t low = 0x80, high = 0xbf;
  size_t length;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2;
  } else if (first >= 0xe0 && first <= 0xef) {
    length = 3;
    low = first == 0xe0 ? 0xa0 : low;   // not overlong
    high = first == 0xed ? 0x9f : high; // no surrogate
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4;
    low = first == 0xf0 ? 0x90 : low;
    high = first == 0xf4 ? 0x8f : high; // up to U+10FFFF
  } else {
    return 0;
  }
  if (text.size() < length || second < low || second > high)
    return 0;
  for (size_t i = 2; i < length; ++i)
    if (!continues(text[i]))
      return 0;
  return length;
}

} // namespace

bool millrace::isUtf8(std::string_view bytes) {
  while (!bytes.empty()) {
    if (uint64_t word; bytes.size() >= sizeof(word)) {
      std::memcpy(&word, bytes.data(), sizeof(word));
      if (!(word & 0x8080808080808080u)) {
        bytes.remove_prefix(sizeof(word));
        continue;
      }
    }
    size_t length = bytes[0] >= 0 ? 1 : multibyte(bytes);
    if (!length)
      return false;
    bytes.remove_prefix(length);
  }
  return true;
}

extern "C" bool mr_string_valid(mr_string s) { return isUtf8(viewOf(s)); }
