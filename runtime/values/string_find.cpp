//===- string_find.cpp - length, searching, parts -------------------------===//
//
// Called by generated code. A part of a string needs no memory of its own: it
// points into the whole, or lies in place if it is short.
//
//===----------------------------------------------------------------------===//
#include "runtime/values/string_view.h"
#include "runtime/values/utf8.h"

using namespace millrace;

namespace {

constexpr size_t kNowhere = std::string_view::npos;

size_t find(std::string_view text, std::string_view part, size_t from = 0) {
  if (part.empty())
    return from;
  const char *begin = text.data() + from;
  const void *found = part.size() == 1 ? std::memchr(begin, part[0], text.size() - from)
                                       : memmem(begin, text.size() - from, part.data(), part.size());
  return found ? size_t(static_cast<const char *>(found) - text.data()) : kNowhere;
}

/// Ends of the part that starts at `begin`.
size_t partEnd(std::string_view text, std::string_view separator, size_t begin) {
  size_t end = separator.empty() ? kNowhere : find(text, separator, begin);
  return end == kNowhere ? text.size() : end;
}

bool isSpace(uint32_t c) { // Unicode's White_Space
  return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

/// The code point of these bytes, if they are at most three: all white space is.
uint32_t codePointOf(std::string_view bytes) {
  auto at = [&](size_t i) { return uint32_t(uint8_t(bytes[i])); };
  switch (bytes.size()) {
  case 1:
    return at(0);
  case 2:
    return (at(0) & 0x1f) << 6 | (at(1) & 0x3f);
  case 3:
    return (at(0) & 0x0f) << 12 | (at(1) & 0x3f) << 6 | (at(2) & 0x3f);
  default:
    return 0;
  }
}

} // namespace

extern "C" int64_t mr_string_length(mr_string s) { return int64_t(codePoints(viewOf(s))); }

extern "C" bool mr_string_contains(mr_string s, mr_string part) { return find(viewOf(s), viewOf(part)) != kNowhere; }

extern "C" bool mr_string_starts_with(mr_string s, mr_string prefix) { return viewOf(s).starts_with(viewOf(prefix)); }

extern "C" bool mr_string_ends_with(mr_string s, mr_string suffix) { return viewOf(s).ends_with(viewOf(suffix)); }

extern "C" int64_t mr_string_position(mr_string s, mr_string part) {
  std::string_view text = viewOf(s);
  size_t at = find(text, viewOf(part));
  return at == kNowhere ? 0 : int64_t(codePoints(text.substr(0, at))) + 1;
}

extern "C" mr_string mr_string_substring(mr_task *, mr_string s, int64_t start, int64_t count) {
  int64_t end; // the first position behind
  if (__builtin_add_overflow(start, count, &end))
    end = count < 0 ? INT64_MIN : INT64_MAX;
  int64_t begin = start < 1 ? 1 : start;
  if (end <= begin)
    return {0, 0};
  std::string_view text = viewOf(s);
  text.remove_prefix(bytesOf(text, uint64_t(begin) - 1));
  return stringOf(text.substr(0, bytesOf(text, uint64_t(end) - uint64_t(begin))));
}

extern "C" mr_list mr_string_split(mr_task *task, mr_string s, mr_string separator) {
  std::string_view text = viewOf(s), between = viewOf(separator);
  uint64_t count = 1;
  for (size_t at = partEnd(text, between, 0); at < text.size(); at = partEnd(text, between, at + between.size()))
    ++count;
  auto *parts = reinterpret_cast<mr_string *>(mr_arena(task, count * sizeof(mr_string)));
  for (uint64_t i = 0, begin = 0; i < count; ++i) {
    size_t end = partEnd(text, between, begin);
    parts[i] = stringOf(text.substr(begin, end - begin));
    begin = end + between.size();
  }
  return {reinterpret_cast<const uint8_t *>(parts), count};
}

extern "C" mr_string mr_string_split_part(mr_task *, mr_string s, mr_string separator, int64_t n) {
  std::string_view text = viewOf(s), between = viewOf(separator);
  if (n < 1)
    return {0, 0};
  for (size_t begin = 0;; --n) {
    size_t end = partEnd(text, between, begin);
    if (n == 1)
      return stringOf(text.substr(begin, end - begin));
    if (end == text.size())
      return {0, 0};
    begin = end + between.size();
  }
}

extern "C" mr_string mr_string_trim(mr_task *, mr_string s) {
  std::string_view text = viewOf(s);
  while (!text.empty()) {
    size_t size = bytesOf(text, 1);
    if (!isSpace(codePointOf(text.substr(0, size))))
      break;
    text.remove_prefix(size);
  }
  while (!text.empty()) {
    size_t size = 1;
    while (size < text.size() && continues(text[text.size() - size]))
      ++size;
    if (!isSpace(codePointOf(text.substr(text.size() - size))))
      break;
    text.remove_suffix(size);
  }
  return stringOf(text);
}
