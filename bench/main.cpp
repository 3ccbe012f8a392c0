//===- main.cpp - ratios of generated programs to their twins -------------===//
//
// usage: millrace-bench --millrace BIN --pipelines DIR [--list] [--filter REGEX] [--json FILE] [--rounds N] [--anyway |
// --processor-time] [--build-flag FLAG]...
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
#include <cmath>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <regex>

namespace {

struct Settings {
  std::string millrace, pipelines, filter = ".*", json;
  std::vector<std::string> flags; ///< more arguments of `build`
  int rounds = 9;
  bool list = false; ///< only name the cases
  bool anyway = false;
  bool processorTime = false;
};

/// What is measured of state beside its speed; zeros where there is none.
struct StateFigures {
  double bytesPerKey, otherBytesPerKey, idealBytesPerKey;
  double longestBatch, otherLongestBatch; ///< milliseconds, the least of all rounds
};

struct Row {
  std::string name, against, group;
  double millrace, other, ratio, least, greatest;
  StateFigures state;
};

/// By the clock on the wall; or, on a machine that is shared, the time that this process had a processor. What is there
/// to warm up is not counted.
double seconds(const Settings &s, auto &&work) {
  static bool isProcessorTime;
  isProcessorTime = s.processorTime;
  static auto now = [] {
    timespec t;
    clock_gettime(isProcessorTime ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
  };
  static double start;
  twins::warmUp().isDone = [] { start = now(); };
  start = now();
  work();
  return now() - start;
}
/// Of an even number, the mean of the two in the middle.
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  size_t half = v.size() / 2;
  return v.size() % 2 ? v[half] : (v[half - 1] + v[half]) / 2;
}

bool parse(int argc, char **argv, Settings &s) {
  for (int i = 1; i < argc; ++i) {
    std::string a = argv[i];
    auto value = [&](std::string &to) { return i + 1 < argc && (to = argv[++i], true); };
    std::string number, flag;
    if (a == "--list")
      s.list = true;
    else if (a == "--anyway")
      s.anyway = true;
    else if (a == "--processor-time")
      s.anyway = s.processorTime = true;
    else if (a == "--rounds" && value(number))
      s.rounds = std::max(1, atoi(number.c_str()));
    else if (a == "--build-flag" && value(flag))
      s.flags.push_back(flag);
    else if (!((a == "--millrace" && value(s.millrace)) || (a == "--pipelines" && value(s.pipelines)) ||
               (a == "--filter" && value(s.filter)) || (a == "--json" && value(s.json)))) {
      fprintf(stderr, "usage: ./dev bench [--list] [--filter REGEX] [--json FILE] [--rounds N] [--build-flag FLAG]... "
                      "[--anyway | --processor-time]\n");
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
  fprintf(stderr, "%s: WRONG: %lu rows, checksum %016lx; %s has %lu rows, checksum %016lx\n", c.name.c_str(), got.rows,
          got.checksum, whose, expected.rows, expected.checksum);
  return false;
}

/// The same rows as the rivals' on a part of the input, and as the reference's on the beginning of it; a wrong answer
/// has no speed.
bool check(const bench::Case &c, const bench::Input &measured, const std::string &text, const Settings &s) {
  bench::InputPtr own = c.checkedOn ? c.checkedOn() : nullptr;
  const bench::Input &all = own ? *own : measured;
  bench::Input part = all.part(c.checked);
  bench::Program program(s.millrace, text, flagsOf(s, c), /*toCsv=*/true);
  twins::Answer got = program.runToCsv(part, c.settings, c.columns);
  bool right = true;
  twins::checking() = true;
  for (const bench::Rival &rival : c.rivals)
    if (rival.steps.empty())
      right &= same(c, rival.against.c_str(), got, rival.run(part));
  twins::checking() = false;
  bench::Input beginning = all.part(20'000);
  std::string reference = s.millrace + "-reference";
  return right && same(c, "reference", program.runToCsv(beginning, c.settings, c.columns),
                       bench::runReference(reference, text, beginning, c.settings, c.columns));
}

/// What all rounds of one way to do the work gave.
struct Runs {
  std::vector<double> rates, ratios; ///< M records/s; this program's to Millrace's
  double bytesPerKey = 0, longestBatch = 1e9;

  void add(const bench::Input &all, double taken, double millrace) {
    rates.push_back(double(all.records - twins::warmUp().records) / taken / 1e6), ratios.push_back(taken / millrace);
  }
};

/// The pipeline of a rival whose steps are timed. Nothing for others.
std::unique_ptr<bench::Program> programOf(const bench::Case &c, const bench::Rival &rival, const Settings &s) {
  if (rival.steps.empty())
    return nullptr;
  std::string text = bench::pipelineText(s.pipelines + "/" + c.pipeline + ".mlir", rival.steps);
  return std::make_unique<bench::Program>(s.millrace, text, flagsOf(s, c), /*toCsv=*/false);
}

/// Runs a rival once; returns its seconds. Leaves the process if it gives another number of rows.
double timeRival(const bench::Case &c, const bench::Rival &rival, bench::Program *program, const bench::Input &all,
                 uint64_t rows, const Settings &s) {
  if (program) {
    program->run(all, c.settings);
    return program->stepSeconds();
  }
  twins::Answer answer;
  double taken = seconds(s, [&] { answer = rival.run(all); });
  if (rows == answer.rows)
    return taken;
  fprintf(stderr, "%s: WRONG: %lu rows, %s has %lu\n", c.name.c_str(), rows, rival.against.c_str(), answer.rows);
  exit(1);
}

Row rowOf(const bench::Case &c, const bench::Rival &rival, const Runs &mine, const Runs &other) {
  auto [least, greatest] = std::minmax_element(other.ratios.begin(), other.ratios.end());
  Row row = {c.name, rival.against, c.group, median(mine.rates), median(other.rates), median(other.ratios),
             *least, *greatest,     {}};
  if (c.ideal)
    row.state = {mine.bytesPerKey, other.bytesPerKey, c.ideal, mine.longestBatch, other.longestBatch};
  return row;
}

std::vector<Row> measure(const bench::Case &c, const bench::Input &all, const std::string &text, const Settings &s) {
  bench::Program program(s.millrace, text, flagsOf(s, c), /*toCsv=*/false);
  Runs mine;
  std::vector<Runs> others(c.rivals.size());
  std::vector<std::unique_ptr<bench::Program>> programs;
  for (const bench::Rival &rival : c.rivals)
    programs.push_back(programOf(c, rival, s));
  bool isSteps = !programs.empty() && programs.front();
  bench::Program::timeSteps(isSteps);
  bench::Program::timeByProcessor(s.processorTime && c.rivals.empty()); // it costs a call of the system for each step
  twins::warmUp().records = c.warmUp;
  int rounds = std::min(s.rounds, c.rounds);
  uint64_t state = uint64_t(512) << 20; // bytes that a run may need: of the first nobody knows
  auto ready = [&] {
    if (c.ideal)
      bench::readyMemory(state + state / 2);
  };
  for (int round = rounds > 1 ? -1 : 0; round < rounds; ++round) { // -1 is not counted
    uint64_t rows = 0;
    ready();
    double own = seconds(s, [&] { rows = program.run(all, c.settings); });
    if (isSteps)
      own = program.stepSeconds();
    if (round >= 0)
      mine.add(all, own, own), mine.longestBatch = std::min(mine.longestBatch, program.longestBatch());
    if (c.keys)
      mine.bytesPerKey = double(program.stateBytes()) / double(c.keys), state = std::max(state, program.stateBytes());
    for (size_t i = 0; i < c.rivals.size(); ++i) {
      const bench::Rival &rival = c.rivals[i];
      bool isBeside = rival.rounds < s.rounds;
      if (isBeside && (round < 0 || round >= rival.rounds))
        continue;
      twins::held() = {};
      ready();
      double taken = timeRival(c, rival, programs[i].get(), all, rows, s);
      state = std::max(state, std::max<uint64_t>(twins::held().bytes, program.stateBytes()));
      if (round < 0)
        continue;
      others[i].add(all, taken, own);
      const twins::Held &held = twins::held();
      others[i].longestBatch = std::min(others[i].longestBatch, held.longestBatch);
      if (c.ideal && held.keys) {
        others[i].bytesPerKey = double(held.bytes) / double(held.keys);
        mine.bytesPerKey = double(program.stateBytes()) / double(held.keys);
      }
    }
  }
  twins::warmUp() = {};
  std::vector<Row> rows;
  for (size_t i = 0; i < c.rivals.size(); ++i)
    rows.push_back(rowOf(c, c.rivals[i], mine, others[i]));
  if (rows.empty()) // how long it takes is all there is to say
    rows.push_back(
        {c.name, "", c.group, median(mine.rates), 0, 0, 0, 0, {mine.bytesPerKey, 0, c.ideal, mine.longestBatch, 0}});
  return rows;
}

void writeJson(const std::vector<Row> &rows, const std::string &file) {
  std::ofstream out(file);
  out << "[\n";
  for (size_t i = 0; i < rows.size(); ++i) {
    const Row &r = rows[i];
    char line[512];
    snprintf(line, sizeof line,
             "  {\"name\": \"%s\", \"against\": \"%s\", \"millrace\": %.2f, \"other\": %.2f, "
             "\"unit\": \"M records/s\", \"ratio\": %.3f, \"spread\": [%.3f, %.3f]",
             r.name.c_str(), r.against.c_str(), r.millrace, r.other, r.ratio, r.least, r.greatest);
    out << line;
    if (r.state.idealBytesPerKey) {
      snprintf(line, sizeof line,
               ", \"bytes_per_key\": %.1f, \"other_bytes_per_key\": %.1f, \"ideal_bytes_per_key\": %.1f, "
               "\"longest_batch_ms\": %.3f, \"other_longest_batch_ms\": %.3f",
               r.state.bytesPerKey, r.state.otherBytesPerKey, r.state.idealBytesPerKey, r.state.longestBatch,
               r.state.otherLongestBatch);
      out << line;
    }
    out << (i + 1 < rows.size() ? "},\n" : "}\n");
  }
  out << "]\n";
  if (!out.flush()) {
    fprintf(stderr, "bench: cannot write %s: %s\n", file.c_str(), strerror(errno));
    exit(3);
  }
}

} // namespace

namespace {

void print(const Row &r) {
  printf("%-46s %-23s %9.1f %9.1f %7.2f   %.2f-%.2f", r.name.c_str(), r.against.c_str(), r.millrace, r.other, r.ratio,
         r.least, r.greatest);
  const StateFigures &state = r.state;
  if (state.idealBytesPerKey)
    printf("   %5.1f %5.1f %5.1f   %6.2f %6.2f", state.bytesPerKey, state.otherBytesPerKey, state.idealBytesPerKey,
           state.longestBatch, state.otherLongestBatch);
  printf("\n");
  fflush(stdout);
}

/// Ratios taken together, by what is compared with and by group.
void printMeans(const std::vector<Row> &rows) {
  std::map<std::string, std::pair<double, int>> means; // of the logarithms
  for (const Row &r : rows) {
    if (r.against.empty())
      continue;
    auto &mean = means[r.against + (r.group.empty() ? "" : ", " + r.group)];
    mean.first += std::log(r.ratio), ++mean.second;
  }
  for (const auto &[against, sum] : means)
    printf("%-36s %-33s %27.2f\n", "geometric mean", against.c_str(), std::exp(sum.first / sum.second));
}

/// What marking the pages that are written costs the twins: with marks against without, ns for each record (one write).
void printMarks(const std::vector<Row> &rows) {
  std::map<std::string, double> with;
  std::vector<double> costs;
  for (const Row &r : rows)
    if (r.against == "hand-written")
      with[r.name] = 1000 / r.other;
    else if (r.against == "hand-written, no marks" && with.count(r.name))
      costs.push_back(with[r.name] - 1000 / r.other);
  if (!costs.empty())
    printf("%-36s %-33s %27.2f   %.2f-%.2f\n", "marks of pages", "ns a write, of twins", median(costs),
           *std::min_element(costs.begin(), costs.end()), *std::max_element(costs.begin(), costs.end()));
}

} // namespace

/// The cases that the filter takes. Says it if it is no expression, or takes none.
std::optional<std::vector<bench::Case>> chosen(const Settings &s) {
  std::vector<bench::Case> all = bench::cases(), some;
  std::regex filter;
  try {
    filter = std::regex(s.filter);
  } catch (const std::regex_error &) {
    fprintf(stderr, "bench: `%s` is no regular expression\n", s.filter.c_str());
    return std::nullopt;
  }
  for (const bench::Case &c : all)
    if (std::regex_search(c.name, filter))
      some.push_back(c);
  if (!some.empty())
    return some;
  fprintf(stderr, "bench: no case's name matches `%s`; there are\n", s.filter.c_str());
  for (const bench::Case &c : all)
    fprintf(stderr, "  %s\n", c.name.c_str());
  return std::nullopt;
}

int main(int argc, char **argv) {
  Settings s;
  if (!parse(argc, argv, s))
    return 2;
  std::optional<std::vector<bench::Case>> cases = chosen(s);
  if (!cases)
    return 2;
  if (s.list) {
    for (const bench::Case &c : *cases)
      printf("%s\n", c.name.c_str());
    return 0;
  }
  if (!s.anyway && !bench::waitUntilIdle(60)) {
    fprintf(stderr, "bench: the machine is busy, figures would mean nothing; --anyway measures all the same\n");
    return 3;
  }
  std::vector<Row> rows;
  bool wrong = false;
  printf("%-46s %-23s %9s %9s %7s   %-10s  %s\n", "case", "against", "millrace", "other", "ratio", "spread",
         "bytes/key: own, other's, ideal; longest batch, ms: own, other's");
  for (const bench::Case &c : *cases) {
    bench::InputPtr input = c.input();
    std::string text = bench::pipelineText(s.pipelines + "/" + c.pipeline + ".mlir", c.replacements);
    if (!check(c, *input, text, s)) {
      wrong = true;
      continue;
    }
    for (Row &row : measure(c, *input, text, s)) {
      print(row);
      rows.push_back(std::move(row));
    }
  }
  printMeans(rows);
  printMarks(rows);
  printf("M records/s on one core of %s; ratio above 1: the generated program is faster\n", bench::processor().c_str());
  if (!twins::hasAbseil())
    printf("without Abseil: `apt-get install libabsl-dev` and a new configuration bring absl::flat_hash_map\n");
  if (!s.json.empty())
    writeJson(rows, s.json);
  return wrong ? 1 : 0;
}
