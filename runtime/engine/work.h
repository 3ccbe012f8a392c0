//===- work.h - a function that stops half-way ---------------------------------------------===//
//
// What takes long, and what nobody waits for, is done in pieces: it is written as
// one function, a coroutine that awaits `Pause` where it has done something, and
// functions of the same kind. `resume` runs it until enough was done; what is
// under way then goes on at the next call. A work that is thrown away before its
// end gives back what its functions hold in variables.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_WORK_H
#define MILLRACE_RUNTIME_ENGINE_WORK_H

#include <coroutine>
#include <cstdint>
#include <exception>
#include <utility>

namespace millrace {

/// `co_return false`: the pipeline stops.
class [[nodiscard]] Work {
public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  struct promise_type {
    bool good = true;
    promise_type *root = this;         ///< of the function that began it all
    std::coroutine_handle<> caller;    ///< who awaits the end of this function; none: the root
    std::coroutine_handle<> innermost; ///< of the root: where to go on

    struct End {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(Handle self) noexcept {
        promise_type &promise = self.promise();
        if (!promise.caller)
          return std::noop_coroutine();
        promise.root->innermost = promise.caller;
        return promise.caller;
      }
      void await_resume() noexcept {}
    };

    Work get_return_object() {
      innermost = Handle::from_promise(*this);
      return Work(Handle::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    End final_suspend() noexcept { return {}; }
    void return_value(bool value) { good = value; }
    void unhandled_exception() { std::terminate(); }
  };

  Work() = default;
  Work(Work &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  Work &operator=(Work &&other) noexcept {
    std::swap(handle, other.handle);
    return *this;
  }
  ~Work() {
    if (handle)
      handle.destroy();
  }

  /// Is it there, and has it not come to its end?
  bool isUnderWay() const { return handle && !handle.done(); }
  /// At its end: does the pipeline go on?
  bool isGood() const { return handle.promise().good; }
  /// Up to the next pause, or to the end. Only if it is under way.
  void resume() { handle.promise().innermost.resume(); }

  struct Call {
    Handle inner;
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(Handle outer) noexcept {
      promise_type *root = outer.promise().root;
      inner.promise().caller = outer;
      inner.promise().root = root;
      root->innermost = inner;
      return inner;
    }
    bool await_resume() noexcept { return inner.promise().good; }
  };
  /// Runs it as a part of the function that awaits it; gives what it returns.
  Call operator co_await() const noexcept { return {handle}; }

private:
  explicit Work(Handle handle) : handle(handle) {}

  Handle handle;
};

/// `spent` of what is `left` of the piece in hand is done: it ends when nothing is left.
struct Pause {
  int64_t &left;
  int64_t spent;

  bool await_ready() noexcept { return (left -= spent) > 0; }
  void await_suspend(std::coroutine_handle<>) noexcept {}
  void await_resume() noexcept {}
};

} // namespace millrace

#endif
