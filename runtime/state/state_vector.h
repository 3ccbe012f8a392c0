//===- state_vector.h - standard containers in the memory of an operator ---------===//
//
// Internal. For what state needs beside its tables: lists of timers that are due,
// of tables that share a dictionary. They are there always, beyond the budget too
// (StateAccount::takeAlways), so they must stay small.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_STATE_VECTOR_H
#define MILLRACE_RUNTIME_STATE_STATE_VECTOR_H

#include "runtime/state/memory.h"

#include <vector>

namespace millrace {

template <typename T> struct StateAllocator {
  using value_type = T;
  using propagate_on_container_move_assignment = std::true_type;

  StateAllocator(StateAccount &account) : account(&account) {}
  template <typename U> StateAllocator(const StateAllocator<U> &other) : account(other.account) {}

  T *allocate(size_t count) { return reinterpret_cast<T *>(account->takeAlways(count * sizeof(T))); }
  void deallocate(T *memory, size_t count) { account->give(reinterpret_cast<uint8_t *>(memory), count * sizeof(T)); }
  bool operator==(const StateAllocator &other) const { return account == other.account; }

  StateAccount *account;
};

template <typename T> using StateVector = std::vector<T, StateAllocator<T>>;

/// Ends an object that lies in memory of an account.
struct StateDelete {
  StateAccount *account = nullptr;
  template <typename T> void operator()(T *object) const {
    object->~T();
    account->give(reinterpret_cast<uint8_t *>(object), sizeof(T));
  }
};

} // namespace millrace

#endif
