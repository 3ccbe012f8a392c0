//===- host.h - a program that plays the world around a pipeline -------------===//
//
// Called by the engine. Such a program gives the records of every source itself,
// when it likes, moves watermarks and the clock, and is told when everything
// has come out that can: `millrace test` runs its scripts so, in virtual time.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_HOST_H
#define MILLRACE_RUNTIME_ENGINE_HOST_H

#include "runtime/io/connectors.h"
#include "runtime/time/clock.h"

#include <memory>
#include <vector>

namespace millrace {

struct Statistics;

class Host {
public:
  virtual ~Host() = default;

  /// Processing time of the run. It must not pass by itself (Clock::real).
  virtual std::unique_ptr<Clock> makeClock() = 0;

  /// Opens a source in place of its connector. Its lanes may answer Poll::Pending without anything to wait on.
  virtual std::vector<Lane> openSource(const SourceContext &context, OpenError &error) = 0;

  /// No lane has anything now, and all rows that follow from what was given are written to the outputs. True: the lanes
  /// are to be asked again; false: the run ends here, which is not the end of input: open windows do not fire.
  virtual bool settled(const Statistics &statistics) = 0;
};

} // namespace millrace

#endif
