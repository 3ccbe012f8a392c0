//===- CommandLine.cpp - the grammar of the command line ------------------===//
//
// CLI11 needs exceptions; none leaves this file and Options.cpp.
//
//===----------------------------------------------------------------------===//
#include "CommandLine.h"
#include "Diagnostics.h"
#include "Options.h"

#include "codegen/Target.h"
#include "millrace/abi.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"

#include <sys/stat.h>

using namespace llvm;

namespace millrace {

/// One line on an argument that nobody takes.
static void reportExtra(CLI::App &app, const std::string &argument) {
  if (!StringRef(argument).starts_with("-")) {
    reportError("unexpected argument `" + argument + "`");
    return;
  }
  std::vector<StringRef> names;
  for (const CLI::Option *option : app.get_options())
    names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
  StringRef word = StringRef(argument).split('=').first;
  StringRef near = nearMiss(word.ltrim('-'), names); // dashes make all options alike
  reportError("unknown option `" + word + "`" + (near.empty() ? Twine() : "; did you mean `--" + near + "`?"));
}

/// What CLI11 threw, in words of our own where its are poor.
static int reportParseError(CLI::App &app, const CLI::ParseError &error) {
  CLI::App *command = &app;
  if (!app.get_subcommands().empty())
    command = app.get_subcommands().front();
  if (dynamic_cast<const CLI::ExtrasError *>(&error)) {
    for (const std::string &argument : app.remaining(/*recurse=*/true)) {
      reportExtra(*command, argument);
      break;
    }
  } else if (error.get_name() == "RequiredError" && StringRef(error.what()).starts_with("file")) {
    reportError(Twine(command->get_name()) + " needs a file");
  } else {
    reportError(error.what());
  }
  errs() << "try `millrace " << (command == &app ? "" : command->get_name() + " ") << "--help`\n";
  return kUsage;
}

static int printVersion() {
  outs() << "millrace " MILLRACE_VERSION " (ABI " << MR_ABI_VERSION << ", LLVM " LLVM_VERSION_STRING ")\n";
  return kDone;
}

static const char *const kExamples = R"(Examples:
  millrace run quakes.mlir                     compile and run at once
  millrace run quakes.mlir --set min=6         with another value of a param
  millrace build quakes.mlir -o quakes         a program that needs nothing else
  millrace check quakes.mlir                   only look for mistakes
  millrace explain quakes.mlir                 the plan, and the reasons for it
  millrace test quakes.mtest                   tests of a pipeline, in virtual time
  millrace inspect quakes.mlir --state         where each operator keeps what about a key
  millrace run quakes.mlir --emit=ll           the LLVM code

Exit status: 0 done; 1 the pipeline or the input is wrong; 2 wrong usage; 3 the environment failed
(a pipeline that cannot be read, disk, network); 130 interrupted.)";

namespace {
/// The whole grammar: flags to fill, and what to call.
struct Grammar {
  CLI::App app{"millrace compiles stream pipelines into native programs.", "millrace"};
  RunFlags run;
  BuildFlags build;
  CompileFlags check;
  bool tryFacts = false;
  ExplainFlags explain;
  FormatFlags format;
  InspectFlags inspect;
  TestFlags test;

  Grammar();
  int dispatch();

private:
  void addRun();
  void addBuild();
  void addCheck();
  void addExplain();
  void addFormat();
  void addInspect();
  void addTest();
};
} // namespace

Grammar::Grammar() {
  app.require_subcommand(1);
  app.footer(kExamples);
  app.set_version_flag("--version", [] { return ""; }, "the version");
  addRun();
  addBuild();
  addCheck();
  addExplain();
  addFormat();
  addInspect();
  addTest();
  app.add_subcommand("help", "this text, or how a command is used: `millrace help run`");
  app.add_subcommand("version", "the version, of the ABI and of LLVM too");
}

void Grammar::addRun() {
  CLI::App *command = app.add_subcommand("run", "compile a pipeline and run it");
  addCompileOptions(*command, run.compile, codegen::kNativeCpu);
  addEngineOptions(*command, run.engine);
  run.compile.settings = &run.engine.settings;
  run.compile.quiet = &run.engine.quiet;
  command->add_option("-o", run.compile.output, "where --emit writes")->type_name("FILE")->group("Looking inside");
}

void Grammar::addBuild() {
  CLI::App *command = app.add_subcommand("build", "compile a pipeline to a program that needs nothing else");
  addCompileOptions(*command, build.compile, codegen::kBaselineCpu);
  command->add_option("-o,--output", build.compile.output, "the program")->type_name("FILE");
  command->add_flag("--shared", build.shared, "a shared library that exports `mr_pipeline`");
  command->add_flag("--symbols", build.keepSymbols, "keep the symbols, for profilers and debuggers");
}

void Grammar::addCheck() {
  CLI::App *command = app.add_subcommand("check", "look for mistakes without running anything");
  command->add_option("file", check.file, "the pipeline; `-` reads standard input")->required()->type_name("FILE");
  CLI::Option *json = command->add_flag("--json", check.json, "the messages as a JSON list");
  command->add_flag("--facts", tryFacts, "try on many values what the pipeline's own aggregates claim")->excludes(json);
}

void Grammar::addExplain() {
  CLI::App *command = app.add_subcommand("explain", "the plan before and after optimisation, each decision and why");
  command->add_option("file", explain.compile.file, "the pipeline; `-` reads standard input")
      ->required()
      ->type_name("FILE");
  auto form = [&](const char *name, PlanForm value, const char *help) {
    return command->add_flag_callback(name, [this, value] { explain.form = value; }, help);
  };
  CLI::Option *json = form("--json", PlanForm::Json, "a JSON list with one plan for each pipeline");
  form("--dot", PlanForm::Graphviz, "graphs for Graphviz: `millrace explain --dot FILE | dot -Tsvg`")->excludes(json);
  command->add_flag("--before", explain.before, "only the plan as it is written, before it is optimised");
  command->add_option("--pipeline", explain.compile.pipeline, "which of the file's pipelines")->type_name("NAME");
  addDiagnostics(*command, explain.compile);
  addPlanOptions(*command, explain.compile.transforms);
}

void Grammar::addFormat() {
  CLI::App *command = app.add_subcommand("fmt", "lay out a pipeline's text; comments and words stay as they are");
  command->add_option("files", format.files, "files to change; `-`: standard input to standard output")
      ->required()
      ->type_name("FILE");
  command->add_flag("--check", format.check, "change nothing; status 1 if something would change");
}

void Grammar::addInspect() {
  CLI::App *command = app.add_subcommand("inspect", "what a program, or a pipeline's program, consists of");
  inspect.compile.cpu = codegen::kBaselineCpu;
  command
      ->add_option("file", inspect.compile.file,
                   "a program that `build` made, or a pipeline; `-`: one from standard input")
      ->required()
      ->type_name("FILE");
  command->add_flag("--state", inspect.state,
                    "where each operator keeps what about a key: offsets, sizes, bytes a key");
  CLI::Option *json =
      command->add_flag("--json", inspect.json, "the manifest as it is; with --state, its part about state");
  command->add_flag("--svg", inspect.svg, "the state as a picture: `millrace inspect --svg FILE > state.svg`")
      ->excludes(json);
  command->add_option("--pipeline", inspect.compile.pipeline, "which of the file's pipelines")->type_name("NAME");
  addDiagnostics(*command, inspect.compile);
  addPlanOptions(*command, inspect.compile.transforms);
}

void Grammar::addTest() {
  CLI::App *command =
      app.add_subcommand("test", "run tests of pipelines, in virtual time; docs/testing.md says how to write them");
  command->add_option("files", test.paths, "test files, or folders with files `*.mtest`")
      ->required()
      ->type_name("FILE");
  command->add_flag("--update", test.update, "write the rows and numbers that came into the files")
      ->excludes(command->add_flag("--json", test.json, "the results as one JSON object"));
  command->add_option("--batch", test.batch, "records taken together, 1 to 4096; changes no result")
      ->check(CLI::Range(1u, kMaxBatch))
      ->type_name("N")
      ->group("For tests");
  addPlanOptions(*command, test.transforms);
}

/// False, after a message, if what is to be written would replace what is read.
static bool sparesInputs(const CompileFlags &flags) {
  struct stat output, input;
  if (flags.output.empty() || flags.output == "-" || ::stat(flags.output.c_str(), &output) != 0)
    return true;
  for (const std::string &path : {flags.file, flags.sample}) {
    bool there = path == "-" ? ::fstat(0, &input) == 0 : ::stat(path.c_str(), &input) == 0;
    if (there && S_ISREG(input.st_mode) && input.st_dev == output.st_dev && input.st_ino == output.st_ino) {
      reportError("-o would overwrite `" + flags.output + "`, which is read; give another name");
      return false;
    }
  }
  return true;
}

int Grammar::dispatch() {
  CLI::App *command = app.get_subcommands().front();
  StringRef name = command->get_name();
  if (!sparesInputs(run.compile) || !sparesInputs(build.compile))
    return kUsage;
  if (name == "run") {
    if (!settlePhases(*command, run.compile))
      return kUsage;
    if (run.compile.emit == Emit::None && !run.compile.output.empty()) {
      reportError("-o says where --emit writes; a program is made by `millrace build`");
      return kUsage;
    }
    return runPipelineFile(run);
  }
  if (name == "build") {
    if (!settlePhases(*command, build.compile))
      return kUsage;
    if (build.compile.emit == Emit::None && (build.compile.output.empty() || build.compile.output == "-")) {
      reportError("build needs a place for the program: -o FILE");
      return kUsage;
    }
    return buildProgram(build);
  }
  if (name == "check")
    return tryFacts ? checkFacts(check) : checkPipeline(check);
  if (name == "explain")
    return explainPipeline(explain);
  if (name == "fmt")
    return formatFiles(format);
  if (name == "inspect") {
    for (const char *option : {"--pipeline", "--stage-mode", "--layout", "--as-written", "--likely"})
      if (command->get_option(option)->count())
        inspect.choices.push_back(option);
    return inspectProgram(inspect);
  }
  if (name == "test")
    return testPipelines(test);
  return printVersion();
}

/// A first word that is no subcommand: CLI11 would only say that one is required.
static bool reportUnknownCommand(CLI::App &app, const char *word) {
  std::vector<StringRef> names;
  for (const CLI::App *command : app.get_subcommands([](CLI::App *) { return true; })) {
    if (command->get_name() == word)
      return false;
    names.push_back(command->get_name());
  }
  StringRef near = nearMiss(word, names);
  std::string hint = near.empty() ? "there are " + joinNames(names) : "did you mean `" + near.str() + "`?";
  reportError("there is no command `" + Twine(word) + "`; " + hint);
  return true;
}

int runCommandLine(int argc, char **argv) {
  Grammar grammar;
  if (argc < 2) {
    errs() << grammar.app.help();
    return kUsage;
  }
  // `help [COMMAND]` is `[COMMAND] --help`.
  std::vector<char *> words(argv, argv + argc);
  std::string help = "--help";
  if (StringRef(words[1]) == "help") {
    words.erase(words.begin() + 1);
    words.resize(std::min<size_t>(words.size(), 2));
    words.push_back(help.data());
  }
  if (words[1][0] != '-' && reportUnknownCommand(grammar.app, words[1]))
    return kUsage;
  try {
    grammar.app.parse(int(words.size()), words.data());
  } catch (const CLI::CallForVersion &) {
    return printVersion();
  } catch (const CLI::CallForHelp &) {
    CLI::App &app = grammar.app;
    outs() << (app.get_subcommands().empty() ? app.help() : app.get_subcommands().front()->help("millrace"));
    return kDone;
  } catch (const CLI::ParseError &error) {
    return reportParseError(grammar.app, error);
  }
  return grammar.dispatch();
}

} // namespace millrace
