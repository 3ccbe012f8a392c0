//===- command_line.cpp - the one file that uses CLI11, and so exceptions ------------------------===//
#include "runtime/engine/command_line.h"
#include "runtime/engine/params.h"
#include "runtime/io/connectors.h"
#include "runtime/values/size_text.h"

#include <CLI/CLI.hpp>

namespace millrace {

namespace {

std::string padded(std::string text, size_t width) {
  text.append(text.size() < width ? width - text.size() : 0, ' ');
  return text;
}

void describePort(std::string &text, const char *name, const char *connector, const char *format,
                  const mr_option *options, uint32_t count, const mr_pipeline_desc &pipeline) {
  text += "  " + padded(name, 18) + connector;
  for (uint32_t i = 0; i < count; ++i) {
    text += i ? ", " : "(";
    text += std::string(options[i].name) + " = ";
    text += options[i].param >= 0 ? "%" + std::string(pipeline.params[options[i].param].name) : options[i].text;
  }
  text += count ? ")" : "";
  text += format && *format ? std::string(" as ") + format + "\n" : "\n";
}

/// An option with few values, whose message names them all.
template <typename T>
void addChoice(CLI::App &app, const char *name, T &target, std::vector<std::pair<const char *, T>> choices,
               const char *what, const char *kind) {
  std::string all;
  for (const auto &[text, value] : choices)
    all += (all.empty() ? "" : ", ") + std::string(text);
  auto choose = [name, &target, choices, all](const std::string &given) {
    for (const auto &[text, value] : choices)
      if (given == text) {
        target = value;
        return;
      }
    throw CLI::ValidationError(name, "expected one of " + all + ", found `" + given + "`");
  };
  app.add_option_function<std::string>(name, choose, what + (": " + all))->type_name(kind);
}

void declare(CLI::App &app, RunOptions &run) {
  app.add_option("--set", run.settings, "the value of a param; may be given again")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  app.add_flag("--drain", run.drain,
               "Ctrl-C counts as the end of input: open windows fire (exit code 130 all the same)");
  auto setBudget = [&run](const std::string &text) {
    std::string problem;
    std::optional<uint64_t> bytes = parseMemory(text, problem);
    if (!bytes)
      throw CLI::ValidationError("--memory", problem);
    run.stateBudget = *bytes;
  };
  app.add_option_function<std::string>("--memory", setBudget, kMemoryHelp)->type_name("SIZE");
  app.add_flag("--stats", run.stats, "final statistics on standard error, even where it is no terminal");
  app.add_flag("--json", run.json, "final statistics as one JSON object on standard error");
  app.add_flag("-q,--quiet", run.quiet, "nothing but errors on standard error");
  addChoice<Progress>(app, "--progress", run.progress,
                      {{"auto", Progress::Auto}, {"always", Progress::Always}, {"never", Progress::Never}},
                      "live status line", "WHEN");
  app.add_option("--batch", run.batch, "records that are handled at once, 1 to 4096; changes no result of any key")
      ->check(CLI::Range(1u, kMaxBatch).description(""))
      ->type_name("N");
  app.add_option("--piece", run.piece, "positions of state that a firing goes through between two batches; the same")
      ->check(CLI::Range(1u, ~0u).description(""))
      ->type_name("N");
  addChoice<DecodePath>(app, "--decode", run.decode,
                        {{"auto", DecodePath::Auto},
                         {"generated", DecodePath::Generated},
                         {"learned", DecodePath::Learned},
                         {"general", DecodePath::General}},
                        "how JSON is read; changes no result", "PATH");
  addChoice<Simd>(app, "--simd", run.simd,
                  {{"auto", Simd::Auto}, {"avx512", Simd::Avx512}, {"avx2", Simd::Avx2}, {"portable", Simd::Portable}},
                  "the vector unit; changes no result", "KIND");
  app.add_option("--clock", run.clock,
                 "simulated processing time, as 0=2024-01-01T00:00:00Z,100=+10s: at record 100, ten seconds later")
      ->type_name("SPEC");
}

} // namespace

std::string describePipeline(const mr_pipeline_desc &pipeline) {
  std::string text;
  if (pipeline.num_params)
    text += "Params (--set name=value):\n";
  for (uint32_t i = 0; i < pipeline.num_params; ++i) {
    const mr_param_desc &param = pipeline.params[i];
    text += "  " + padded(param.name, 18) + padded(std::string(typeName(param.type)) + " = " + param.default_text, 24) +
            (param.doc ? param.doc : "") + "\n";
  }
  text += "Sources:\n";
  for (uint32_t i = 0; i < pipeline.num_sources; ++i)
    if (const mr_source_desc &source = pipeline.sources[i]; source.dead_of < 0)
      describePort(text, source.name, source.connector, source.format, source.options, source.num_options, pipeline);
  text += "Sinks:\n";
  for (uint32_t i = 0; i < pipeline.num_sinks; ++i) {
    const mr_sink_desc &sink = pipeline.sinks[i];
    describePort(text, sink.name, sink.connector, sink.format, sink.options, sink.num_options, pipeline);
  }
  text +=
      "Exit codes: 0 done; 1 pipeline or input wrong; 2 usage; 3 environment failed (file, disk); 130 interrupted\n";
  return text;
}

/// The first argument that nobody takes, and what may have been meant.
static std::string describeExtra(const CLI::App &app) {
  const std::string argument = app.remaining().front(), word = argument.substr(0, argument.find('='));
  if (word.compare(0, 1, "-") != 0)
    return "unexpected argument `" + argument + "`";
  std::vector<std::string> names;
  for (const CLI::Option *option : app.get_options())
    names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
  size_t dashes = std::min(word.find_first_not_of('-'), word.size()); // they make all options alike
  std::string_view near = nearest(std::string_view(word).substr(dashes), {names.begin(), names.end()});
  return "unknown option `" + word + "`" + (near.empty() ? "" : "; did you mean `--" + std::string(near) + "`?");
}

CommandLine parseCommandLine(const mr_pipeline_desc &pipeline, int argc, char **argv) {
  CommandLine result;
  CLI::App app("Runs the pipeline `" + std::string(pipeline.name) +
               "`: results on standard output, the rest on standard error.");
  try {
    declare(app, result.run);
    app.set_version_flag("--version", std::string(pipeline.name) + ": built by Millrace " MILLRACE_VERSION ", ABI " +
                                          std::to_string(MR_ABI_VERSION));
    app.footer(describePipeline(pipeline));
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp &) {
    result.exitCode = kDone;
    result.output = app.help();
  } catch (const CLI::CallForVersion &) {
    result.exitCode = kDone;
    result.output = app.version() + "\n";
  } catch (const CLI::ExtrasError &) {
    result.exitCode = kUsage;
    result.output = "error: " + describeExtra(app) + "\n--help lists the options\n";
  } catch (const CLI::ParseError &error) {
    result.exitCode = kUsage;
    result.output = std::string("error: ") + error.what() + "; --help lists the options\n";
  } catch (const std::exception &error) { // out of memory, and what else the library may throw
    result.exitCode = kEnvironment;
    result.output = std::string("error: ") + error.what() + "\n";
  }
  return result;
}

} // namespace millrace
