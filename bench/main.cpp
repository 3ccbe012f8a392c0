//===- main.cpp - ratios of generated programs to their twins -------------===//
//
// usage: millrace-bench --millrace BIN --pipelines DIR [--filter REGEX] [--json FILE] [--rounds N] [--anyway]
//        [--build-flag FLAG]...
//
// Each case builds its pipeline by the product's own command as a shared
// library for this processor, checks its answer against the twin's on a part of
// the input, then runs the two in turn on the whole. What is printed is the
// median and the spread of the ratios of neighbouring runs.
//
//===----------------------------------------------------------------------===//
#include "bench/cases.h"
#include "bench/machine.h"
#include "bench/program.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <regex>

namespace {

struct Settings {
  std::string millrace, pipelines, filter = ".*", json;
  std::vector<std::string> flags; ///< more arguments of `build`
  int rounds = 9;
  bool anyway = false;
};

struct Row {
  std::string name, against;
  double millrace, other, ratio, least, greatest;
};

double seconds(auto &&work) {
  auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

bool parse(int argc, char **argv, Settings &s) {
  for (int i = 1; i < argc; ++i) {
    std::string a = argv[i];
    auto value = [&](std::string &to) { return i + 1 < argc && (to = argv[++i], true); };
    std::string number, flag;
    if (a == "--anyway")
      s.anyway = true;
    else if (a == "--rounds" && value(number))
      s.rounds = std::max(3, atoi(number.c_str()));
    else if (a == "--build-flag" && value(flag))
      s.flags.push_back(flag);
    else if (!((a == "--millrace" && value(s.millrace)) || (a == "--pipelines" && value(s.pipelines)) ||
               (a == "--filter" && value(s.filter)) || (a == "--json" && value(s.json)))) {
      fprintf(stderr,
              "usage: ./dev bench [--filter REGEX] [--json FILE] [--rounds N] [--build-flag FLAG]... [--anyway]\n");
      return false;
    }
  }
  return true;
}

/// What `build` is told beside the pipeline.
std::vector<std::string> flagsOf(const Settings &s, const bench::Case &c) {
  std::vector<std::string> flags = s.flags;
  if (!c.sample.empty())
    flags.push_back("--sample=" MILLRACE_SOURCE_DIR "/" + c.sample);
  return flags;
}

/// Says it if the answers differ.
bool same(const bench::Case &c, const char *whose, const twins::Answer &got, const twins::Answer &expected) {
  if (expected == got)
    return true;
  fprintf(stderr, "%s: WRONG: %lu rows, checksum %016lx; the %s has %lu rows, checksum %016lx\n", c.name.c_str(),
          got.rows, got.checksum, whose, expected.rows, expected.checksum);
  return false;
}

/// The same rows as the twin's on a part of the input, and as the reference's on the beginning of it; a wrong answer
/// has no speed.
bool check(const bench::Case &c, const Settings &s) {
  bench::Input part = c.input->part(c.checked);
  twins::checking() = true;
  twins::Answer expected = c.twin(part);
  twins::checking() = false;
  bench::Program program(s.millrace, s.pipelines + "/" + c.pipeline + ".mlir", flagsOf(s, c), /*toCsv=*/true);
  if (!same(c, "twin", program.runToCsv(part, c.settings, c.columns), expected))
    return false;
  bench::Input beginning = c.input->part(20'000);
  std::string reference = s.millrace + "-reference";
  return same(
      c, "reference", program.runToCsv(beginning, c.settings, c.columns),
      bench::runReference(reference, s.pipelines + "/" + c.pipeline + ".mlir", beginning, c.settings, c.columns));
}

Row measure(const bench::Case &c, const Settings &s) {
  bench::Program program(s.millrace, s.pipelines + "/" + c.pipeline + ".mlir", flagsOf(s, c), /*toCsv=*/false);
  const bench::Input &all = *c.input;
  std::vector<double> mine, others, ratios;
  for (int round = -1; round < s.rounds; ++round) { // the first is not counted
    uint64_t rows = 0;
    twins::Answer answer;
    double a = seconds([&] { rows = program.run(all, c.settings); });
    double b = seconds([&] { answer = c.twin(all); });
    if (rows != answer.rows) {
      fprintf(stderr, "%s: WRONG: %lu rows, the twin has %lu\n", c.name.c_str(), rows, answer.rows);
      exit(1);
    }
    if (round < 0)
      continue;
    mine.push_back(all.records / a / 1e6), others.push_back(all.records / b / 1e6), ratios.push_back(b / a);
  }
  auto [least, greatest] = std::minmax_element(ratios.begin(), ratios.end());
  return {c.name, c.against, median(mine), median(others), median(ratios), *least, *greatest};
}

void writeJson(const std::vector<Row> &rows, const std::string &file) {
  std::ofstream out(file);
  out << "[\n";
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row &r = rows[i];
    char line[512];
    snprintf(
        line, sizeof line,
        "  {\"name\": \"%s\", \"against\": \"%s\", \"millrace\": %.2f, \"other\": %.2f, \"unit\": \"M records/s\", "
        "\"ratio\": %.3f, \"spread\": [%.3f, %.3f]}%s\n",
        r.name.c_str(), r.against.c_str(), r.millrace, r.other, r.ratio, r.least, r.greatest,
        i + 1 < rows.size() ? "," : "");
    out << line;
  }
  out << "]\n";
  if (!out.flush()) {
    fprintf(stderr, "bench: cannot write %s: %s\n", file.c_str(), strerror(errno));
    exit(3);
  }
}

} // namespace

int main(int argc, char **argv) {
  Settings s;
  if (!parse(argc, argv, s))
    return 2;
  if (!s.anyway && !bench::waitUntilIdle(60)) {
    fprintf(stderr, "bench: the machine is busy, figures would mean nothing; --anyway measures all the same\n");
    return 3;
  }
  std::regex filter(s.filter);
  std::vector<Row> rows;
  bool wrong = false;
  printf("%-34s %-13s %10s %10s %7s   %s\n", "case", "against", "millrace", "other", "ratio", "spread of the ratio");
  for (const bench::Case &c : bench::cases()) {
    if (!std::regex_search(c.name, filter))
      continue;
    if (!check(c, s)) {
      wrong = true;
      continue;
    }
    rows.push_back(measure(c, s));
    const Row &r = rows.back();
    printf("%-34s %-13s %10.1f %10.1f %7.2f   %.2f-%.2f\n", r.name.c_str(), r.against.c_str(), r.millrace, r.other,
           r.ratio, r.least, r.greatest);
    fflush(stdout);
  }
  std::map<std::string, std::pair<double, int>> means; // of the logarithms, by what is compared with
  for (const Row &r : rows)
    means[r.against].first += std::log(r.ratio), ++means[r.against].second;
  for (const auto &[against, sum] : means)
    printf("%-34s %-13s %29.2f\n", "geometric mean", against.c_str(), std::exp(sum.first / sum.second));
  printf("M records/s on one core of %s; ratio above 1: the generated program is faster\n", bench::processor().c_str());
  if (!s.json.empty())
    writeJson(rows, s.json);
  return wrong ? 1 : 0;
}
