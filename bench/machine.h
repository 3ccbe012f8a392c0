//===- machine.h - is the machine fit for measuring? ----------------------===//
#ifndef MILLRACE_BENCH_MACHINE_H
#define MILLRACE_BENCH_MACHINE_H

#include <cstdint>
#include <string>

namespace bench {

/// Waits until other programs leave at least three quarters of the processors idle, at most so long. False: they do
/// not.
bool waitUntilIdle(int seconds);

/// Has the system make so many bytes of memory ready (at most half of what is free), which then lie free: what is
/// measured next finds them there. A virtual machine gets pages that it has not used for some seconds from its host, at
/// twenty times the price (measured: 2 ms a MiB), and whoever comes first would pay it for the others.
void readyMemory(uint64_t bytes);

/// The processor's name, with the widest vectors it has.
std::string processor();

} // namespace bench

#endif
