//===- machine.h - is the machine fit for measuring? ----------------------===//
#ifndef MILLRACE_BENCH_MACHINE_H
#define MILLRACE_BENCH_MACHINE_H

#include <string>

namespace bench {

/// Waits until other programs leave at least three quarters of the processors idle, at most so long. False: they do
/// not.
bool waitUntilIdle(int seconds);

/// The processor's name, with the widest vectors it has.
std::string processor();

} // namespace bench

#endif
