//===- main.cpp - the `millrace` driver -----------------------------------===//
#include "CommandLine.h"

#include "llvm/Support/PrettyStackTrace.h"
#include "llvm/Support/Signals.h"
#include <csignal>

int main(int argc, char **argv) {
  llvm::setBugReportMsg("This is a bug in Millrace: please report it with the pipeline that shows it.\n");
  llvm::sys::PrintStackTraceOnErrorSignal(argv[0]);
  // A reader that goes away is an ordinary end (`| head`): writing then fails with an error, not a signal.
  ::signal(SIGPIPE, SIG_IGN);
  return millrace::runCommandLine(argc, argv);
}
