//===- signals.cpp --------------------------------------------------------------------------===//
#include "runtime/engine/signals.h"
#include "runtime/time/clock.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace millrace {

namespace {

volatile std::sig_atomic_t came = 0; ///< how many signals, 2: several
int event = -1;
std::atomic<int64_t> cameAt = 0; ///< stopwatch
struct sigaction before[3], beforeAlarm;
constexpr int kSignals[3] = {SIGINT, SIGTERM, SIGPIPE};
constexpr int64_t kPatience = 1'000'000; ///< microseconds

void remember(int signal) {
  int saved = errno;
  if (!came)
    cameAt = stopwatch();
  else // a third one ends the process, whatever it does
    std::signal(signal, SIG_DFL);
  came = came ? 2 : 1;
  alarm(1);
  uint64_t one = 1;
  [[maybe_unused]] ssize_t ignored = ::write(event, &one, sizeof(one));
  errno = saved;
}

void remind(int) { alarm(1); }

} // namespace

SignalWatch::SignalWatch() {
  came = 0;
  event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action = {};
  sigemptyset(&action.sa_mask);
  action.sa_handler = remind;
  sigaction(SIGALRM, &action, &beforeAlarm);
  for (int i = 0; i < 3; ++i) {
    action.sa_handler = kSignals[i] == SIGPIPE ? SIG_IGN : remember;
    sigaction(kSignals[i], &action, &before[i]);
    if (kSignals[i] != SIGPIPE && before[i].sa_handler == SIG_IGN) // as nohup and shells in the background want it
      sigaction(kSignals[i], &before[i], nullptr);
  }
}

SignalWatch::~SignalWatch() {
  for (int i = 0; i < 3; ++i)
    sigaction(kSignals[i], &before[i], nullptr);
  if (came)
    alarm(0);
  sigaction(SIGALRM, &beforeAlarm, nullptr);
  ::close(event);
  event = -1;
}

bool SignalWatch::interrupted() { return came; }
bool SignalWatch::again() { return came == 2; }
bool SignalWatch::impatient() { return again() || (came && stopwatch() - cameAt >= kPatience); }
int SignalWatch::descriptor() { return event; }

} // namespace millrace
