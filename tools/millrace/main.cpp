//===- main.cpp - the `millrace` driver -----------------------------------===//
#include "CommandLine.h"
#include "Diagnostics.h"

#include "runtime/io/storage.h"
#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <csignal>

/// What was printed must have arrived: a full disk behind `>` is a failure, a reader that went away (`| head`) is none.
static int finish(int code) {
  llvm::raw_fd_ostream &stream = llvm::outs();
  stream.flush();
  std::error_code problem = stream.error();
  stream.clear_error();
  if (!problem || problem == std::errc::broken_pipe)
    return code;
  millrace::reportError("cannot write to standard output: " + millrace::problemText(problem));
  return millrace::kEnvironment;
}

int main(int argc, char **argv) {
  millrace::holdStandardStreams();
  llvm::setBugReportMsg("This is a bug in Millrace: please report it with the pipeline that shows it.\n");
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]);
  // Writing that cannot go on fails with an error, not a signal.
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
  return finish(millrace::runCommandLine(argc, argv));
}
