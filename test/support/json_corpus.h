//===- json_corpus.h - JSON lines for tests -------------------------------===//
//
// Shared by the unit tests and the fuzzers' seeds. MILLRACE_SOURCE_DIR must be
// defined.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_SUPPORT_JSON_CORPUS_H
#define MILLRACE_TEST_SUPPORT_JSON_CORPUS_H

#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace millrace::test {

inline std::string quakeText() {
  std::ifstream file(MILLRACE_SOURCE_DIR "/examples/data/quakes.jsonl");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

inline std::string bidLine(uint32_t i) {
  return "{\"auction\":" + std::to_string(1000 + i * 7 % 5000) + ",\"bidder\":" + std::to_string(i * 31 % 99999) +
         ",\"price\":" + std::to_string(int64_t(i) * i * 997) + ",\"channel\":\"channel-" + std::to_string(i) +
         "\",\"url\":\"https://www.nexmark.com/abc/def/item.htm?query=" + std::to_string(i) +
         "\",\"date_time\":" + std::to_string(1436918400000 + i) + ",\"extra\":\"" + std::string(i % 40, 'y') + "\"}";
}

inline std::string bidText(uint32_t count) {
  std::string text;
  for (uint32_t i = 0; i < count; ++i)
    text += bidLine(i) + "\n";
  return text;
}

/// A line with a small change that a seed decides.
inline std::string mutated(std::string line, std::mt19937 &random) {
  static const std::vector<std::string> pieces = {"\"",
                                                  "\\",
                                                  "\n",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "]",
                                                  ",",
                                                  ":",
                                                  "-",
                                                  ".",
                                                  "0",
                                                  "00",
                                                  "9",
                                                  "1e5",
                                                  "1.5",
                                                  "1.0",
                                                  "null",
                                                  "true",
                                                  "false",
                                                  "\"x\"",
                                                  "\"\\u0041\"",
                                                  " ",
                                                  "\t",
                                                  "\r",
                                                  "\xc3\xa9",
                                                  "\xc3",
                                                  "\xff",
                                                  std::string(1, '\0'),
                                                  "99999999999999999999",
                                                  "1234567890123456",
                                                  "12345678901234567",
                                                  "-0",
                                                  "e",
                                                  "\"auction\":1,",
                                                  "{}",
                                                  "[]",
                                                  "/"};
  for (uint32_t n = random() % 3; n < 3; ++n) {
    size_t at = random() % (line.size() + 1);
    switch (random() % 5) {
    case 0:
      line.erase(at, random() % 4);
      break;
    case 1:
      line.insert(at, pieces[random() % pieces.size()]);
      break;
    case 2: { // a value for another
      size_t colon = line.find(':', at);
      if (colon != line.npos)
        line.replace(colon + 1, line.find_first_of(",}", colon + 1) - colon - 1, pieces[random() % pieces.size()]);
      break;
    }
    case 3:
      if (at < line.size())
        line[at] = char(random());
      break;
    default:
      break;
    }
  }
  return line;
}

} // namespace millrace::test

#endif
