//===- forker.cpp - many runs of a program, loaded once -----------------------===//
//
// Loaded before a program (LD_PRELOAD), it takes the place of its `main`: starting
// a compiler, most of which is loading LLVM, takes longer than compiling a small
// pipeline. Runs are asked for on standard input, and each is a fork, so that
// none knows of another. A request is its length (u32) and texts that end with 0:
// the folder, the files for standard input, output and error, the seconds that it
// may take, and the arguments from the program's name on. The answer is the
// status that `waitpid` gives (u32).
//
//===----------------------------------------------------------------------===//
#include <cstdint>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

using Main = int (*)(int, char **, char **);
Main programMain;

bool readAll(void *to, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t n = read(0, static_cast<char *>(to) + done, size - done);
    if (n <= 0)
      return false;
    done += size_t(n);
  }
  return true;
}

void open(const char *path, int flags, int as) {
  int file = ::open(path, flags, 0666);
  if (file < 0 || dup2(file, as) < 0)
    _exit(127);
  close(file);
}

/// The program's run, in a process of its own.
[[noreturn]] void run(const std::vector<char *> &texts, char **environment) {
  if (chdir(texts[0]) != 0)
    _exit(127);
  open(texts[1], O_RDONLY, 0);
  open(texts[2], O_WRONLY | O_CREAT | O_TRUNC, 1);
  open(texts[3], O_WRONLY | O_CREAT | O_TRUNC, 2);
  alarm(unsigned(atoi(texts[4]))); // a run that hangs dies of it
  std::vector<char *> argv(texts.begin() + 5, texts.end());
  argv.push_back(nullptr);
  exit(programMain(int(argv.size() - 1), argv.data(), environment));
}

int serve(int, char **, char **environment) {
  unsetenv("LD_PRELOAD"); // what a run starts is started as always
  uint32_t size;
  while (readAll(&size, sizeof size)) {
    std::string request(size, 0);
    if (!readAll(request.data(), size))
      return 1;
    std::vector<char *> texts;
    for (size_t at = 0; at < size; at += std::char_traits<char>::length(request.data() + at) + 1)
      texts.push_back(request.data() + at);
    pid_t child = fork();
    if (child == 0)
      run(texts, environment);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || write(1, &status, sizeof status) != sizeof status)
      return 1;
  }
  return 0;
}

} // namespace

extern "C" int __libc_start_main(Main main, int argc, char **argv, void (*init)(), void (*fini)(), void (*end)(),
                                 void *stack) {
  programMain = main;
  auto real = reinterpret_cast<decltype(&__libc_start_main)>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(serve, argc, argv, init, fini, end, stack);
}
