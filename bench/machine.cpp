//===- machine.cpp - is the machine fit for measuring? --------------------===//
#include "bench/machine.h"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <sys/mman.h>
#include <unistd.h>

namespace bench {

/// Busy and all ticks of all processors so far.
static std::pair<uint64_t, uint64_t> ticks() {
  std::ifstream stat("/proc/stat");
  std::string word;
  stat >> word;
  uint64_t all = 0, idle = 0, value;
  for (int i = 0; i < 8 && stat >> value; ++i) {
    all += value;
    if (i == 3 || i == 4)
      idle += value;
  }
  return {all - idle, all};
}

bool waitUntilIdle(int seconds) {
  for (int waited = 0; waited < seconds * 2; ++waited) {
    auto [busy, all] = ticks();
    usleep(500'000);
    auto [busyNow, allNow] = ticks();
    if (allNow > all && double(busyNow - busy) / double(allNow - all) < 0.25)
      return true;
  }
  return false;
}

void readyMemory(uint64_t bytes) {
  bytes = std::min(bytes, uint64_t(sysconf(_SC_AVPHYS_PAGES)) * uint64_t(sysconf(_SC_PAGESIZE)) / 2);
  void *memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return; // the run itself will say so
  madvise(memory, bytes, MADV_HUGEPAGE);
  for (uint64_t page = 0; page < bytes; page += 4096)
    static_cast<volatile char *>(memory)[page] = 1;
  munmap(memory, bytes);
}

std::string processor() {
  std::ifstream info("/proc/cpuinfo");
  std::string line, name = "an unknown processor", wide = "no AVX2";
  while (std::getline(info, line)) {
    if (line.starts_with("model name"))
      name = line.substr(line.find(':') + 2);
    if (line.starts_with("flags")) {
      if (line.find(" avx2") != std::string::npos)
        wide = "AVX2";
      if (line.find("avx512_vbmi2") != std::string::npos)
        wide = "AVX-512";
      break;
    }
  }
  return name + " (" + wide + ")";
}

} // namespace bench
