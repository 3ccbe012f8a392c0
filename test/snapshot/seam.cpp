//===- seam.cpp - one half of the input by one program, the rest by another -------===//
//
//   seam FROM.so FIRST FOLDER TO.so REST FOLDER
//
// FROM and TO are one pipeline, built as shared libraries with layouts of their
// own. Its param `in` names the input, every other one an output, which goes into
// the folder under the param's name. FROM reads the first part and stops
// there, which is not the end of input; its state is saved, loaded by TO, and TO
// reads the rest to its end. What both wrote is what one would have written, and so
// are the records that it counts as late, partly late and in no window, which go to
// standard output.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/host.h"
#include "runtime/engine/signals.h"
#include "runtime/engine/state.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/table_api.h"

#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <utility>

using namespace millrace;

namespace {

[[noreturn]] void fail(const std::string &text) {
  std::fprintf(stderr, "seam: %s\n", text.c_str());
  std::exit(1);
}

const mr_pipeline_desc &load(const char *path) {
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  auto *entry = library ? reinterpret_cast<mr_pipeline_fn>(dlsym(library, "mr_pipeline")) : nullptr;
  if (!entry)
    fail(dlerror());
  return *entry();
}

/// A partition whose end is not the end of input.
class Unfinished : public Partition {
public:
  explicit Unfinished(std::unique_ptr<Partition> inner) : inner(std::move(inner)) {}
  Poll poll(const PollRequest &request, DecodedBatch &batch) override {
    Poll result = inner->poll(request, batch);
    return result == Poll::End ? Poll::Pending : result;
  }

private:
  std::unique_ptr<Partition> inner;
};

class StopsThere : public Host {
public:
  std::unique_ptr<Clock> makeClock() override {
    std::string error;
    return makeSimulatedClock("0=2020-01-01T00:00:00Z", error);
  }
  std::vector<Lane> openSource(const SourceContext &context, OpenError &error) override {
    std::vector<Lane> lanes = millrace::openSource(context, error);
    for (Lane &lane : lanes)
      for (std::unique_ptr<Partition> &part : lane)
        part = std::make_unique<Unfinished>(std::move(part));
    return lanes;
  }
  bool settled(const Statistics &) override { return false; }
};

/// What is saved of a run.
struct Saved {
  std::vector<std::string> operators;           ///< empty: it is in that of the operator whose slices it reads
  std::vector<std::vector<int64_t>> watermarks; ///< by source, by lane
};

/// Is the operator's state part of that of another one?
bool isElsewhere(const WindowState &window) { return window.slices && window.slices->number != 0; }

/// Numbers of an operator without slices that go on: records that it counts, and what `fill` has reached.
std::vector<int64_t *> numbersOf(mr_engine &engine, WindowState &window) {
  std::vector<uint64_t *> counts = {&engine.heads[&window - engine.windows.data()].late};
  if (window.kept)
    counts.insert(counts.end(), {&window.kept->counts.partlyLate, &window.kept->counts.inNoWindow});
  std::vector<int64_t *> numbers;
  for (uint64_t *count : counts)
    numbers.push_back(reinterpret_cast<int64_t *>(count));
  return numbers;
}

Saved save(mr_engine &engine) {
  Saved saved;
  for (const SourceState &source : engine.sources)
    for (saved.watermarks.emplace_back(); const LaneState &lane : source.lanes)
      saved.watermarks.back().push_back(lane.watermark);
  for (size_t i = 0; i < engine.windows.size(); ++i) {
    WindowState &window = engine.windows[i];
    const mr_window_head &head = engine.heads[i];
    std::string &bytes = saved.operators.emplace_back();
    if (isElsewhere(window))
      continue;
    SavedState state;
    state.watermark = window.expiry ? window.expiry->watermark : window.watermark;
    state.greatestTime = head.greatestTime;
    if (window.sessions && !window.sessions->bringAllBack(engine, window))
      fail("there is no memory to save sessions");
    if (window.sessions)
      window.sessions->save(window, state);
    else if (head.table)
      state.tables.push_back({0, head.table});
    if (window.kept)
      window.kept->save(window, state);
    for (const Pane &pane : window.panes)
      state.tables.push_back({pane.start, pane.table});
    if (window.slices) {
      saveSlices(engine, window, state);
    } else {
      for (const int64_t *number : numbersOf(engine, window))
        state.numbers.push_back(*number);
      if (window.known && !window.kept) {
        state.tables.push_back({INT64_MIN, window.known});
        state.numbers.push_back(int64_t(window.filledTo));
      }
    }
    stateSave(window.desc->table, head.dictionary, state, bytes);
  }
  return saved;
}

/// The state of an operator, and of those that read its slices.
SavedState load(mr_engine &engine, size_t operatorNumber, const std::string &bytes) {
  WindowState &window = engine.windows[operatorNumber];
  std::vector<StateAccount *> owners;
  if (!window.slices)
    owners.push_back(window.account.get());
  else
    for (WindowState *reader : window.slices->store->readers)
      owners.push_back(reader->account.get());
  SavedState state;
  std::string error;
  bool loaded = stateLoad(bytes, window.desc->table, owners, engine.heads[operatorNumber].dictionary, state, error);
  if (!loaded || (window.slices && !loadSlices(engine, window, state, error)))
    fail("the saved state of `" + std::string(window.desc->name) + "` " + error);
  return state;
}

void restore(mr_engine &engine, const Saved &saved) {
  for (size_t i = 0; i < saved.watermarks.size(); ++i)
    for (size_t k = 0; k < saved.watermarks[i].size(); ++k)
      engine.sources[i].lanes[k].watermark = saved.watermarks[i][k];
  engine.advance(); // nothing is there that could fire
  for (size_t i = 0; i < engine.windows.size(); ++i) {
    WindowState &window = engine.windows[i];
    mr_window_head &head = engine.heads[i];
    if (isElsewhere(window))
      continue;
    if (!window.sessions)
      tableFree(std::exchange(head.table, nullptr));
    SavedState state = load(engine, i, saved.operators[i]);
    head.greatestTime = state.greatestTime;
    if (!window.slices) {
      std::vector<int64_t *> numbers = numbersOf(engine, window);
      for (size_t k = 0; k < numbers.size(); ++k)
        *numbers[k] = state.numbers.at(k);
      if (state.numbers.size() > numbers.size()) {
        window.known = std::exchange(state.tables.back().table, nullptr);
        state.tables.pop_back();
        window.filledTo = state.numbers.back();
      }
    }
    if (!isState(*window.desc)) {
      if (window.watermark < state.watermark) // it rises where something can fire; W may be beyond
        fail("`" + std::string(window.desc->name) + "` had fired what is after W");
      if (window.kept)
        window.kept->load(engine, window, state);
      else if (window.sessions)
        window.sessions->load(engine, window, state);
      for (const SavedTable &table : state.tables)
        if (!window.kept && !window.sessions && !window.slices)
          window.panes.push_back({table.start, table.table});
      continue;
    }
    head.table = state.tables.at(0).table;
    if (window.expiry)
      window.expiry->armAll(*window.desc, head.table, state.watermark);
  }
}

/// Runs a part. `before`: what to begin with; null: nothing. `after`: stop there and save; null: to the end of input.
void run(const mr_pipeline_desc &pipeline, const char *in, const std::string &folder, const Saved *before,
         Saved *after) {
  StopsThere host;
  RunOptions options;
  options.quiet = true;
  for (uint32_t i = 0; i < pipeline.num_params; ++i) {
    std::string name = pipeline.params[i].name;
    options.settings.push_back(name + "=" + (name == "in" ? std::string(in) : folder + "/" + name));
  }
  options.host = after ? &host : nullptr;
  SignalWatch signals;
  mr_engine engine(pipeline, options);
  if (!engine.setUp())
    fail("the run could not begin");
  if (before)
    restore(engine, *before);
  engine.loop();
  if (after)
    *after = save(engine);
  else
    engine.finish();
  if (!after)
    std::printf("%llu late, %llu partly late, %llu in no window\n", (unsigned long long)engine.counts.late,
                (unsigned long long)engine.counts.partlyLate, (unsigned long long)engine.counts.inNoWindow);
  if (engine.exitCode != kDone)
    fail("the run stopped with exit code " + std::to_string(engine.exitCode));
}

} // namespace

int main(int count, char **arguments) {
  if (count != 7)
    return 2;
  Saved saved;
  run(load(arguments[1]), arguments[2], arguments[3], nullptr, &saved);
  run(load(arguments[4]), arguments[5], arguments[6], &saved, nullptr);
  return 0;
}
