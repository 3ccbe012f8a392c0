//===- clock.cpp ----------------------------------------------------------===//
#include "runtime/time/clock.h"
#include "runtime/time/duration.h"
#include "runtime/values/parse.h"

#include <charconv>
#include <ctime>
#include <vector>

namespace millrace {

namespace {

int64_t read(clockid_t id) {
  timespec time;
  clock_gettime(id, &time);
  return int64_t(time.tv_sec) * 1'000'000 + time.tv_nsec / 1'000;
}

class RealClock final : public Clock {
public:
  int64_t now() override {
    int64_t time = read(CLOCK_REALTIME);
    return last = time > last ? time : last; // the wall clock may be set back, processing time is not
  }
  void reached(uint64_t) override {}
  uint64_t nextMove() const override { return UINT64_MAX; }
  bool real() const override { return true; }

private:
  int64_t last = INT64_MIN;
};

class SimulatedClock final : public Clock {
public:
  struct Move {
    uint64_t position;
    int64_t time;
  };
  explicit SimulatedClock(std::vector<Move> moves) : moves(std::move(moves)) {}

  int64_t now() override { return time; }
  void reached(uint64_t records) override {
    for (; next < moves.size() && moves[next].position <= records; ++next)
      time = moves[next].time;
  }
  uint64_t nextMove() const override { return next < moves.size() ? moves[next].position : UINT64_MAX; }
  bool real() const override { return false; }
  bool isSet() const override { return next > 0; }

private:
  std::vector<Move> moves;
  size_t next = 0;
  int64_t time = 0;
};

/// One `position=time` of the specification. `before`: the move before it.
bool parseMove(std::string_view text, SimulatedClock::Move before, bool first, SimulatedClock::Move &move) {
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), move.position);
  if (status != std::errc() || end == text.data() + text.size() || *end != '=')
    return false;
  std::string_view time = text.substr(end + 1 - text.data());
  if (time.starts_with('+')) {
    std::optional<int64_t> step = parseWrittenDuration(time.substr(1));
    if (!step || __builtin_add_overflow(before.time, *step, &move.time))
      return false;
  } else if (parseTimestamp(time, move.time) != Parse::Ok) {
    return false;
  }
  return first || (move.position > before.position && move.time >= before.time);
}

} // namespace

std::unique_ptr<Clock> makeRealClock() { return std::make_unique<RealClock>(); }

std::unique_ptr<Clock> makeSimulatedClock(std::string_view spec, std::string &error) {
  std::vector<SimulatedClock::Move> moves;
  while (true) {
    size_t comma = spec.find(',');
    std::string_view part = spec.substr(0, comma);
    SimulatedClock::Move move, before = moves.empty() ? SimulatedClock::Move{0, 0} : moves.back();
    if (!parseMove(part, before, moves.empty(), move)) {
      error = "--clock: `" + std::string(part) +
              "` is no move of the clock; write positions and times in ascending order, as in "
              "0=2024-01-01T00:00:00Z,100=+10s";
      return nullptr;
    }
    moves.push_back(move);
    if (comma == std::string_view::npos)
      break;
    spec.remove_prefix(comma + 1);
  }
  return std::make_unique<SimulatedClock>(std::move(moves));
}

int64_t stopwatch() { return read(CLOCK_MONOTONIC); }

} // namespace millrace
