//===- signals.h - Ctrl-C as a wish to stop ----------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_SIGNALS_H
#define MILLRACE_RUNTIME_ENGINE_SIGNALS_H

namespace millrace {

/// While one lives, SIGINT and SIGTERM are remembered instead of ending the process (a second one gives up what is
/// being done, a third one ends it), and SIGPIPE is an error of the write.
class SignalWatch {
public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch &) = delete;
  SignalWatch &operator=(const SignalWatch &) = delete;

  static bool interrupted();
  /// Did a second one come?
  static bool again();
  /// Did a signal come more than a second ago, or a second one? What is not done by then is given up. From then on
  /// SIGALRM comes every second, so that no system call waits on (EINTR).
  static bool impatient();
  /// Becomes readable when a signal came; to wait on.
  static int descriptor();
};

} // namespace millrace

#endif
