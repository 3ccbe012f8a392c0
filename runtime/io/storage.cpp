//===- storage.cpp - the machine's files ----------------------------------===//
#include "runtime/io/storage.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace millrace {

namespace {

class RealInput final : public InputFile {
public:
  RealInput(int fd, bool owned) : fd(fd), owned(owned) {
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode)) {
      regular = true;
      bytes = uint64_t(info.st_size);
    }
  }
  ~RealInput() override {
    if (owned)
      ::close(fd);
  }
  IoResult read(uint8_t *to, size_t size) override {
    if (!regular) { // never block: the engine has one place to wait
      pollfd wait{fd, POLLIN, 0};
      int ready = ::poll(&wait, 1, 0);
      if (ready == 0)
        return {0, EAGAIN};
      if (ready < 0)
        return {0, errno};
    }
    ssize_t count = ::read(fd, to, size);
    return count < 0 ? IoResult{0, errno} : IoResult{size_t(count), 0};
  }
  int seek(uint64_t position) override { return ::lseek(fd, off_t(position), SEEK_SET) < 0 ? errno : 0; }
  int waitOn() const override { return regular ? -1 : fd; }
  uint64_t size() const override { return bytes; }

private:
  int fd;
  bool owned, regular = false;
  uint64_t bytes = 0;
};

class RealOutput final : public OutputFile {
public:
  RealOutput(int fd, bool owned) : fd(fd), owned(owned) {}
  ~RealOutput() override { close(); }
  IoResult write(const uint8_t *from, size_t size) override {
    ssize_t count = ::write(fd, from, size);
    if (count >= 0)
      return {size_t(count), 0};
    if (errno != EAGAIN)
      return {0, errno};
    pollfd wait{fd, POLLOUT, 0}; // somebody made it non-blocking: wait here
    ::poll(&wait, 1, -1);
    return {0, EINTR};
  }
  int close() override {
    if (!owned || fd < 0)
      return 0;
    int result = ::close(fd);
    fd = -1;
    return result < 0 ? errno : 0;
  }
  bool isFile(const std::string &path) const override {
    struct stat mine, other;
    return fstat(fd, &mine) == 0 && stat(path.c_str(), &other) == 0 && S_ISREG(mine.st_mode) &&
           mine.st_dev == other.st_dev && mine.st_ino == other.st_ino;
  }
  TerminalSize terminal() const override {
    const char *kind = std::getenv("TERM");
    if (!isatty(fd) || !kind || !*kind || std::string_view(kind) == "dumb")
      return {};
    winsize size = {};
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_row == 0 || size.ws_col == 0)
      return {24, 80}; // it does not say: what terminals always were
    return {size.ws_row, size.ws_col};
  }

private:
  int fd;
  bool owned;
};

class RealStorage final : public Storage {
public:
  RealStorage(int in, int out) : in(in), out(out) {}

  std::unique_ptr<InputFile> openInput(const std::string &path, int &error) override {
    // Without O_NONBLOCK a pipe that nobody writes to yet would hold up all other inputs. RealInput asks before it
    // reads.
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
      error = errno;
      return nullptr;
    }
    struct stat info;
    if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
      ::close(fd);
      error = EISDIR;
      return nullptr;
    }
    posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    return std::make_unique<RealInput>(fd, true);
  }

  std::unique_ptr<OutputFile> openOutput(const std::string &path, int &error) override {
    int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd >= 0)
      return std::make_unique<RealOutput>(fd, true);
    error = errno;
    return nullptr;
  }

  std::unique_ptr<InputFile> standardInput() override { return std::make_unique<RealInput>(in, false); }
  std::unique_ptr<OutputFile> standardOutput() override { return std::make_unique<RealOutput>(out, false); }

  std::vector<std::string> glob(const std::string &pattern) override {
    std::vector<std::string> paths;
    glob_t found{};
    if (::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found) == 0)
      paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
    globfree(&found);
    return paths;
  }

  int64_t modified(const std::string &path) override {
    struct stat info;
    if (stat(path.c_str(), &info) != 0)
      return 0;
    return int64_t(info.st_mtim.tv_sec) * 1'000'000 + info.st_mtim.tv_nsec / 1'000;
  }

  int readable(const std::string &path) override {
    struct stat info;
    if (stat(path.c_str(), &info) != 0)
      return errno;
    if (S_ISDIR(info.st_mode))
      return EISDIR;
    return access(path.c_str(), R_OK) == 0 ? 0 : errno;
  }

  uint64_t sizeOf(const std::string &path) override {
    struct stat info;
    return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) ? uint64_t(info.st_size) : 0;
  }

  bool sameFile(const std::string &a, const std::string &b) override {
    struct stat first, second;
    return stat(a.c_str(), &first) == 0 && stat(b.c_str(), &second) == 0 && S_ISREG(first.st_mode) &&
           first.st_dev == second.st_dev && first.st_ino == second.st_ino;
  }

private:
  int in, out;
};

} // namespace

std::unique_ptr<Storage> makeRealStorage(int standardInput, int standardOutput) {
  return std::make_unique<RealStorage>(standardInput, standardOutput);
}

void holdStandardStreams() {
  for (int fd = 0; fd < 3; ++fd)
    if (::fcntl(fd, F_GETFD) < 0 && errno == EBADF) // open gives the lowest number that is free: this one
        [[maybe_unused]]
      int held = ::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

std::string errnoText(int error) {
  switch (error) {
  case EBADF: // only a standard stream can be: see holdStandardStreams
    return "it is closed";
  case ENOENT:
    return "there is no such file";
  case EACCES:
  case EPERM:
    return "permission denied";
  case EISDIR:
    return "it is a directory";
  case ENOTDIR:
    return "a part of the path is not a directory";
  case ENOSPC:
  case EDQUOT:
    return "no space left on the disk";
  case EROFS:
    return "the file system is read-only";
  case ETXTBSY:
    return "it is a program that is running";
  case EMFILE:
  case ENFILE:
    return "too many open files";
  case EIO:
    return "input/output error of the device";
  }
  return strerror(error);
}

} // namespace millrace
