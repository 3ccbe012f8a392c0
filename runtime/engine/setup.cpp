//===- setup.cpp - from a pipeline's description to something that can run ----------------------===//
#include "runtime/engine/host.h"
#include "runtime/engine/signals.h"
#include "runtime/engine/state.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

#include <cstdlib>
#include <new>
#include <sys/resource.h>
#include <unistd.h>

using namespace millrace;

namespace {
/// Rows that a firing may gather before it pauses: few enough to stay in the cache.
constexpr uint64_t kOutBudget = uint64_t(1) << 20;

/// While one lives, `new` without memory ends the program with a message.
struct OutOfMemory {
  std::new_handler before = std::set_new_handler([] {
    static constexpr char text[] = "error: out of memory\n";
    [[maybe_unused]] ssize_t ignored = ::write(2, text, sizeof(text) - 1);
    _exit(kEnvironment);
  });
  ~OutOfMemory() { std::set_new_handler(before); }
};

} // namespace

mr_engine::mr_engine(const mr_pipeline_desc &pipeline, const RunOptions &options)
    : pipeline(pipeline), options(options), status(options.messages, options.progress, options.quiet) {}

mr_engine::~mr_engine() {
  for (mr_out &out : outs)
    std::free(out.begin);
  for (WindowState &window : windows) {
    window.work = Work();
    tableFree(window.known);
    for (mr_table *table : window.spare)
      tableFree(table);
    for (std::vector<Pane> *panes : {&window.panes, &window.due})
      for (Pane &pane : *panes)
        tableFree(pane.table);
    if (window.kept)
      window.kept->forEach(tableFree);
    if (window.slices)
      window.slices->forEach(tableFree);
    for (size_t level = 1; window.sessions && level < window.sessions->levels.size(); ++level)
      tableFree(window.sessions->levels[level]);
    if (window.sessions)
      for (mr_table *table : window.sessions->ghostTables)
        tableFree(table);
  }
  for (WindowState &window : windows)
    window.kept.reset(), window.expiry.reset(), window.sessions.reset(), window.waiting.reset();
  for (mr_window_head &head : heads) {
    tableFree(head.table);
    dictionaryFree(head.dictionary);
  }
}

bool mr_engine::setUp() {
  if (pipeline.abi_version != MR_ABI_VERSION || pipeline.size != sizeof(mr_pipeline_desc))
    return stop(kWrong, "error: this pipeline was compiled for another version of the runtime; compile it again");
  std::string error;
  if (!params.set(pipeline, options.settings, error))
    return stop(kUsage, error);
  clock = options.host            ? options.host->makeClock()
          : options.clock.empty() ? makeRealClock()
                                  : makeSimulatedClock(options.clock, error);
  if (!clock)
    return stop(kUsage, "error: " + error);
  if (!options.storage)
    ownStorage = makeRealStorage();
  storage = options.storage ? options.storage : ownStorage.get();

  outs.resize(pipeline.num_sinks);
  for (uint32_t i = 0; i < pipeline.num_sinks; ++i)
    outs[i] = {nullptr, nullptr, nullptr, pipeline.sinks[i].row_size, 0};
  for (uint32_t i = 0; i < pipeline.num_windows; ++i) {
    windows.emplace_back().desc = &pipeline.windows[i];
    hasProcessingTime |=
        pipeline.windows[i].processing_time != 0 || pipeline.windows[i].firing.emit_unit == MR_EMIT_PROCESSING_TIME;
  }
  heads.assign(pipeline.num_windows,
               {kMinusInfinity, 0, kMinusInfinity, kMinusInfinity, kPlusInfinity, nullptr, nullptr, nullptr});
  marks.resize(outs.size());
  lateMarks.resize(heads.size());
  task = {};
  task.outs = outs.data();
  task.windows = heads.data();
  task.params = params.values.data();
  task.outBudget = kOutBudget;
  task.now = clock->now();
  task.engine = this;
  makeState();
  return openSources() && openSinks();
}

/// Accounts and dictionaries of all operators with state, tables of those without windows.
void mr_engine::makeState() {
  memory = options.stateMemory ? options.stateMemory : &ownMemory;
  if (options.stateBudget)
    memory->budget = options.stateBudget;
  for (size_t i = 0; i < windows.size(); ++i) {
    const mr_window_desc &desc = *windows[i].desc;
    windows[i].account = std::make_unique<StateAccount>(*memory, desc.name);
    StateAccount &account = *windows[i].account;
    bool readsOthers = desc.slices && desc.slices - 1 != i; // slices of another window, by its numbers of keys
    if (desc.table.layout == MR_LAYOUT_BY_ID && !readsOthers)
      heads[i].dictionary = dictionaryNew(desc.table, account);
    if (desc.algorithm == MR_WINDOW_PANES)
      windows[i].kept = PaneStore::make(desc, account);
    if (isSliced(desc))
      windows[i].slices = makeSlices(windows[i], readsOthers ? windows[desc.slices - 1].slices.get() : nullptr);
    if (!isState(desc) && !isOver(desc) && desc.kind != MR_WINDOW_SESSION)
      continue;
    heads[i].table = tableNew(desc.table, account, heads[i].dictionary);
    if (desc.ttl)
      windows[i].expiry = Expiry::make(account);
    if (isOver(desc)) {
      windows[i].waiting = WaitingRecords::make(*desc.over, account);
      heads[i].waiting = &windows[i].waiting->head;
    }
    if (desc.kind == MR_WINDOW_SESSION)
      windows[i].sessions = SessionStore::make(desc, account, heads[i].table);
  }
}

bool mr_engine::openSources() {
  uint32_t outside = 0;
  for (uint32_t i = 0; i < pipeline.num_sources; ++i)
    outside += pipeline.sources[i].dead_of < 0;
  sources.resize(pipeline.num_sources);
  size_t lanes = 0;
  for (uint32_t i = 0; i < pipeline.num_sources; ++i) {
    const mr_source_desc &desc = pipeline.sources[i];
    SourceState &source = sources[i];
    source.desc = &desc;
    if (desc.dead_of >= 0) {
      sources[desc.dead_of].deadStream = int32_t(i);
      source.lanes.resize(1);
      continue;
    }
    DecodeOptions decode;
    decode.path = options.decode;
    decode.simd = options.simd;
    decode.maxBatch = options.batch;
    decode.buildAll = desc.on_bad == MR_BAD_DEAD_LETTER;
    decode.format = Options(desc.format_options, desc.num_format_options, params.texts);
    decode.memory = &options.memory;
    OpenError error;
    SourceContext context{desc, *storage, Options(desc.options, desc.num_options, params.texts), decode, outside > 1};
    for (Lane &lane : options.host ? options.host->openSource(context, error) : openSource(context, error))
      source.lanes.emplace_back().parts = std::move(lane);
    if (source.lanes.empty())
      return stop(error.environment ? kEnvironment : kWrong, error.text);
    lanes += source.lanes.size();
  }
  turns = lanes > 1;
  for (SourceState &source : sources) {
    aligns |= source.desc->align != 0;
    for (LaneState &lane : source.lanes)
      if (options.host)
        lane.quietSince = clock->now();
  }
  if (turns) { // files that take turns stay open
    rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
      limit.rlim_cur = limit.rlim_max;
      setrlimit(RLIMIT_NOFILE, &limit);
    }
  }
  return true;
}

bool mr_engine::openSinks() {
  sinks.resize(pipeline.num_sinks);
  for (uint32_t i = 0; i < pipeline.num_sinks; ++i) {
    sinks[i].desc = &pipeline.sinks[i];
    if (!openSink(sinks[i]))
      return false;
  }
  for (const std::unique_ptr<Output> &output : outputs)
    output->givesUp = SignalWatch::impatient;
  for (SinkState &sink : sinks) {
    if (!sink.encoder)
      continue;
    bool shared = false;
    for (const SinkState &other : sinks)
      shared |= &other != &sink && other.output == sink.output;
    if (shared)
      sink.encoder->share(sink.desc->name);
    else if (sink.output == standardOutput && standardOutput->target().terminal().rows)
      sink.encoder->onTerminal(standardOutput->target());
    sink.encoder->begin(sink.output->buffer);
  }
  return true;
}

bool mr_engine::openSink(SinkState &sink) {
  const mr_sink_desc &desc = *sink.desc;
  std::string name = "error: sink `" + std::string(desc.name) + "`: ", error;
  std::string_view connector = desc.connector;
  if (connector == "null")
    return true;
  if (connector != "stdout" && connector != "file")
    return stop(kWrong, name + "there is no connector `" + std::string(connector) + "`");
  sink.encoder = makeEncoder(desc, Options(desc.format_options, desc.num_format_options, params.texts), error);
  if (!sink.encoder)
    return stop(kWrong, error);
  if (connector == "stdout") {
    if (!standardOutput) {
      outputs.push_back(std::make_unique<Output>(storage->standardOutput(), "standard output"));
      standardOutput = outputs.back().get();
    }
    sink.output = standardOutput;
    return true;
  }
  std::string path(Options(desc.options, desc.num_options, params.texts).text("path", ""));
  for (const std::unique_ptr<Output> &other : outputs)
    if (other.get() != standardOutput && other->target().isFile(path))
      return stop(kWrong, name + "another sink writes `" + path + "` already");
  for (const SourceState &source : sources)
    for (const LaneState &lane : source.lanes)
      for (const std::unique_ptr<Partition> &part : lane.parts)
        if (!part->file().empty() && storage->sameFile(part->file(), path))
          return stop(kWrong, name + "`" + path + "` is an input of this pipeline and would be emptied");
  int code = 0;
  std::unique_ptr<OutputFile> file = storage->openOutput(path, code);
  if (!file)
    return stop(kEnvironment, name + "cannot write `" + path + "`: " + errnoText(code));
  outputs.push_back(std::make_unique<Output>(std::move(file), "`" + path + "`"));
  sink.output = outputs.back().get();
  return true;
}

int millrace::runPipeline(const mr_pipeline_desc &pipeline, const RunOptions &options, Statistics *statistics) {
  int64_t start = stopwatch();
  OutOfMemory outOfMemory;
  SignalWatch signals;
  mr_engine engine(pipeline, options);
  bool ready = engine.setUp();
  if (ready) {
    engine.loop();
    engine.finish();
  }
  engine.counts.micros = stopwatch() - start;
  engine.countState();
  if (statistics)
    *statistics = engine.counts;
  if (options.json)
    engine.status.say(statisticsJson(pipeline.name, engine.counts, engine.exitCode));
  else if (ready && !options.quiet && (options.stats || engine.status.terminal()))
    engine.status.say(statisticsLine(engine.counts));
  return engine.exitCode;
}
