//===- string_case.cpp - lower and upper case -----------------------------===//
//
// Called by generated code. A file of its own, because the tables behind it
// are large: programs that do not change case are linked without them.
//
//===----------------------------------------------------------------------===//
#include "runtime/values/new_string.h"
#include "runtime/values/utf8.h"

#include <utf8proc.h>

using namespace millrace;

namespace {

/// Changes the case of ASCII letters: those from `first` on, 26 of them.
mr_string flipAscii(mr_task *task, std::string_view text, char first) {
  NewString result(task, text.size());
  char *out = result.data();
  for (size_t i = 0; i < text.size(); ++i)
    out[i] = char(text[i] ^ (uint8_t(text[i] - first) < 26 ? 0x20 : 0));
  return result.upTo(out + text.size());
}

/// Unicode has no simple mapping for U+00DF; utf8proc makes it U+1E9E.
utf8proc_int32_t toUpper(utf8proc_int32_t codePoint) {
  return codePoint == 0xdf ? codePoint : utf8proc_toupper(codePoint);
}

/// Maps each code point. A simple mapping makes two bytes three at worst.
mr_string mapCase(mr_task *task, std::string_view text, utf8proc_int32_t (*map)(utf8proc_int32_t)) {
  NewString result(task, text.size() + text.size() / 2 + 1);
  auto *in = reinterpret_cast<const utf8proc_uint8_t *>(text.data()), *end = in + text.size();
  char *out = result.data();
  while (in != end) {
    utf8proc_int32_t codePoint;
    utf8proc_ssize_t size = utf8proc_iterate(in, end - in, &codePoint);
    if (size <= 0) { // no UTF-8: cannot be, and stays as it is
      *out++ = char(*in++);
      continue;
    }
    in += size;
    out += utf8proc_encode_char(map(codePoint), reinterpret_cast<utf8proc_uint8_t *>(out));
  }
  return result.upTo(out);
}

} // namespace

extern "C" mr_string mr_string_lower(mr_task *task, mr_string s) {
  std::string_view text = viewOf(s);
  return isAscii(text) ? flipAscii(task, text, 'A') : mapCase(task, text, utf8proc_tolower);
}

extern "C" mr_string mr_string_upper(mr_task *task, mr_string s) {
  std::string_view text = viewOf(s);
  return isAscii(text) ? flipAscii(task, text, 'a') : mapCase(task, text, toUpper);
}
