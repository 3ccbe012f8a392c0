//===- program.cpp - a pipeline built by the product, run in this process -===//
#include "bench/program.h"
#include "runtime/engine/engine.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <optional>
#include <simdjson.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace bench {
namespace {

[[noreturn]] void die(const std::string &what) {
  fprintf(stderr, "bench: %s\n", what.c_str());
  exit(3);
}

void spawn(const std::vector<std::string> &command, bool quiet = false) {
  std::vector<char *> argv;
  for (const std::string &a : command)
    argv.push_back(const_cast<char *>(a.c_str()));
  argv.push_back(nullptr);
  pid_t child = fork();
  if (child == 0) {
    if (quiet && !freopen("/dev/null", "w", stderr))
      _exit(127);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status;
  if (child < 0 || waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
    die("`" + command[0] + " " + command[1] + " " + command[2] + "` failed");
}

std::string read(const std::string &path) {
  std::ifstream in(path);
  std::stringstream all;
  all << in.rdbuf();
  if (!in)
    die("cannot read " + path);
  return all.str();
}

/// `2015-07-15T00:00:00.123Z` in microseconds; these inputs have times of that form only.
int64_t micros(const std::string &text) {
  tm t = {};
  const char *rest = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &t);
  int64_t result = int64_t(timegm(&t)) * 1'000'000, unit = 100'000;
  if (rest && *rest == '.')
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, unit /= 10)
      result += (*rest - '0') * unit;
  return result;
}

uint64_t bits(char column, const std::string &cell) {
  switch (column) {
  case 'f':
    return std::bit_cast<uint64_t>(strtod(cell.c_str(), nullptr));
  case 't':
    return uint64_t(micros(cell));
  case 's': {
    uint64_t text = 0;
    std::memcpy(&text, cell.data(), std::min<size_t>(cell.size(), 8));
    return text;
  }
  case 'S':
    return twins::textBits(cell);
  default:
    return uint64_t(strtoll(cell.c_str(), nullptr, 10));
  }
}

/// A folder that goes with this object.
struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/millrace-bench-XXXXXX";
    if (!mkdtemp(name))
      die(std::string("cannot make a folder: ") + strerror(errno));
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

void replace(std::string &text, const std::string &what, const std::string &with) {
  if (size_t at = text.find(what); at != std::string::npos)
    text.replace(at, what.size(), with);
}

void writeLines(const Input &input, const std::string &path) {
  std::ofstream out(path);
  if (!input.rowSize)
    out.write(reinterpret_cast<const char *>(input.bytes), std::streamsize(input.size));
  else
    for (uint64_t i = 0; i < input.records; ++i)
      input.writeLine(out, input.bytes + i * input.rowSize);
}

/// How long the calls of a step take, and what is done between them (where windows fire), measured from inside the run:
/// the description that the engine is given names this step, which calls the pipeline's own.
struct StepClock {
  decltype(mr_source_desc::step) step = nullptr;
  double begin = 0;            ///< of the last call, in seconds
  double longest = 0, all = 0; ///< milliseconds by the clock that is asked for; seconds of the processor
  uint64_t warmUp = 0;         ///< records that are still to be taken before anything is measured
};
StepClock stepClock;
bool stepsTimed = false, byProcessor = false;

double processorSeconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

/// What the longest batch is told by.
double clockSeconds() {
  std::chrono::duration<double> now = std::chrono::steady_clock::now().time_since_epoch();
  return byProcessor ? processorSeconds() : now.count();
}

mr_status timedStep(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  if (stepClock.warmUp && cursor->position == 0 && cursor->inner == 0) {
    if (stepClock.warmUp > batch->size) {
      stepClock.warmUp -= batch->size;
    } else { // this batch is the last of them, or the first behind
      stepClock = {stepClock.step};
      twins::warmUp().isDone();
    }
  }
  double before = stepsTimed ? processorSeconds() : 0;
  auto longest = [](double since) { stepClock.longest = std::max(stepClock.longest, (clockSeconds() - since) * 1e3); };
  if (stepClock.begin)
    longest(stepClock.begin);
  stepClock.begin = clockSeconds();
  mr_status status = stepClock.step(task, batch, cursor, limit);
  longest(stepClock.begin);
  if (stepsTimed)
    stepClock.all += processorSeconds() - before;
  return status;
}

/// One value of a row of JSON, as the twins sum it up; nothing for null.
std::optional<uint64_t> bits(char column, simdjson::dom::element value) {
  if (value.is_null())
    return std::nullopt;
  switch (column) {
  case 'f':
    return std::bit_cast<uint64_t>(double(value));
  case 't':
    return uint64_t(micros(std::string(std::string_view(value))));
  case 's':
  case 'S':
    return bits(column, std::string(std::string_view(value)));
  default:
    return uint64_t(int64_t(value));
  }
}

} // namespace

std::string pipelineText(const std::string &file,
                         const std::vector<std::pair<std::string, std::string>> &replacements) {
  std::string text = read(file);
  for (const auto &[what, with] : replacements) {
    if (text.find(what) == std::string::npos)
      die(file + " does not hold `" + what + "`");
    replace(text, what, with);
  }
  return text;
}

twins::Answer runReference(const std::string &reference, std::string text, const Input &input,
                           const std::vector<std::string> &settings, const std::string &columns) {
  Folder folder;
  std::string lines = folder.path + "/lines.jsonl", rows = folder.path + "/rows.jsonl";
  writeLines(input, lines);
  replace(text, "memory(\"bids\") as binary", "file(\"" + lines + "\") as json");
  replace(text, "time: timestamp }", "time: timestamp in us }");
  replace(text, "memory(\"lines\")", "file(\"" + lines + "\")");
  replace(text, "to null", "to file(\"" + rows + "\") as json");
  std::string pipeline = folder.path + "/pipeline.mlir";
  std::ofstream(pipeline) << text;
  std::vector<std::string> command = {reference, pipeline};
  for (const std::string &setting : settings)
    command.insert(command.end(), {"--set", setting});
  spawn(command, /*quiet=*/true);
  simdjson::dom::parser parser;
  twins::Answer answer;
  std::ifstream in(rows);
  for (std::string line; std::getline(in, line); ++answer.rows) {
    size_t i = 0;
    for (auto field : simdjson::dom::object(parser.parse(line))) {
      if (auto value = bits(columns.at(i), field.value))
        answer.checksum += twins::mix(*value, i);
      ++i;
    }
  }
  return answer;
}

Program::Program(const std::string &millrace, std::string text, const std::vector<std::string> &flags, bool toCsv) {
  char name[] = "/tmp/millrace-bench-XXXXXX";
  if (!mkdtemp(name))
    die(std::string("cannot make a folder: ") + strerror(errno));
  folder = name;
  if (toCsv)
    replace(text, "to null", "to file(\"" + folder + "/rows.csv\") as csv");
  std::string file = folder + "/pipeline.mlir", shared = folder + "/pipeline.so";
  std::ofstream(file) << text;
  std::vector<std::string> command = {millrace, "build", file, "--shared", "--cpu=native", "-o", shared};
  command.insert(command.end(), flags.begin(), flags.end());
  spawn(command);
  library = dlopen(shared.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library)
    die(dlerror());
  auto entry = reinterpret_cast<mr_pipeline_fn>(dlsym(library, "mr_pipeline"));
  if (!entry)
    die(dlerror());
  pipeline = *entry();
  sources.assign(pipeline.sources, pipeline.sources + pipeline.num_sources);
  step = sources.front().step;
  sources.front().step = timedStep;
  pipeline.sources = sources.data();
}

double Program::longestBatch() const { return stepClock.longest; }
void Program::timeSteps(bool wanted) { stepsTimed = wanted; }
void Program::timeByProcessor(bool wanted) { byProcessor = wanted; }
double Program::stepSeconds() const { return stepClock.all; }

Program::~Program() {
  if (library)
    dlclose(library);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

uint64_t Program::run(const Input &input, const std::vector<std::string> &settings) {
  millrace::RunOptions options;
  options.settings = settings;
  options.quiet = true;
  options.progress = millrace::Progress::Never;
  options.memory = {{input.name, input.bytes, input.size}};
  stepClock = {step};
  stepClock.warmUp = twins::warmUp().records;
  millrace::Statistics counts;
  if (millrace::runPipeline(pipeline, options, &counts) != 0)
    die("the pipeline failed");
  if (counts.records != input.records)
    die("the pipeline read " + std::to_string(counts.records) + " records of " + std::to_string(input.records));
  mostState = counts.stateBytesMost;
  return counts.rows;
}

twins::Answer Program::runToCsv(const Input &input, const std::vector<std::string> &settings,
                                const std::string &columns) {
  run(input, settings);
  std::ifstream rows(folder + "/rows.csv");
  std::string line, cell;
  std::getline(rows, line); // the header
  twins::Answer answer;
  while (std::getline(rows, line)) {
    ++answer.rows;
    std::stringstream cells(line);
    for (size_t i = 0; i < columns.size(); ++i) {
      cell.clear();
      std::getline(cells, cell, ',');
      if (columns[i] != 'f' || !cell.empty()) // null has no part in the sum
        answer.checksum += twins::mix(bits(columns[i], cell), i);
    }
  }
  return answer;
}

} // namespace bench
