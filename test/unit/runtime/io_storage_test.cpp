//===- io_storage_test.cpp - the machine's files, and readers over them ------------------===//
#include "runtime/io/output.h"
#include "runtime/io/partition.h"
#include "simulated_storage.h"

#include <cerrno>
#include <cstdlib>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace millrace;

namespace {

struct Storage : testing::Test {
  std::string folder;
  std::unique_ptr<millrace::Storage> storage = makeRealStorage();
  int error = 0;
  void SetUp() override {
    folder = testing::TempDir() + "millrace_storage_XXXXXX";
    ASSERT_TRUE(mkdtemp(folder.data()));
  }
  void TearDown() override {
    for (const std::string &path : storage->glob(folder + "/*"))
      remove(path.c_str());
    rmdir(folder.c_str());
  }
  std::string write(const char *name, std::string_view bytes) {
    std::string path = folder + "/" + name;
    auto file = storage->openOutput(path, error);
    EXPECT_TRUE(file);
    IoResult result = file->write(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size());
    EXPECT_EQ(result.bytes, bytes.size());
    EXPECT_EQ(file->close(), 0);
    return path;
  }
};

TEST_F(Storage, WritesAndReads) {
  std::string path = write("a", "hello");
  EXPECT_EQ(storage->sizeOf(path), 5u);
  auto file = storage->openInput(path, error);
  ASSERT_TRUE(file);
  uint8_t bytes[10];
  EXPECT_EQ(file->read(bytes, 10).bytes, 5u);
  EXPECT_EQ(file->read(bytes, 10).bytes, 0u);
  EXPECT_EQ(file->seek(4), 0);
  EXPECT_EQ(file->read(bytes, 10).bytes, 1u);
  EXPECT_EQ(bytes[0], 'o');
  EXPECT_EQ(file->waitOn(), -1);
}

TEST_F(Storage, MissingAndDirectory) {
  EXPECT_FALSE(storage->openInput(folder + "/none", error));
  EXPECT_EQ(error, ENOENT);
  EXPECT_FALSE(storage->openInput(folder, error));
  EXPECT_EQ(error, EISDIR);
  EXPECT_EQ(storage->readable(folder), EISDIR);
  EXPECT_FALSE(storage->openOutput(folder, error));
  EXPECT_EQ(error, EISDIR);
  EXPECT_FALSE(storage->openOutput(folder + "/none/x", error));
  EXPECT_EQ(error, ENOENT);
}

TEST_F(Storage, UnreadableFile) {
  if (geteuid() == 0)
    GTEST_SKIP() << "root may read everything";
  std::string path = write("a", "secret");
  chmod(path.c_str(), 0);
  EXPECT_EQ(storage->readable(path), EACCES);
  EXPECT_FALSE(storage->openInput(path, error));
  EXPECT_EQ(error, EACCES);
}

TEST_F(Storage, GlobAndSameFile) {
  std::string a = write("a.jsonl", ""), b = write("b.jsonl", "");
  write("c.txt", "");
  EXPECT_EQ(storage->glob(folder + "/*.jsonl").size(), 2u);
  EXPECT_TRUE(storage->glob(folder + "/*.none").empty());
  EXPECT_TRUE(storage->sameFile(a, folder + "/./a.jsonl"));
  EXPECT_FALSE(storage->sameFile(a, b));
  EXPECT_FALSE(storage->sameFile(a, folder + "/none"));
}

TEST_F(Storage, FullDisk) {
  auto full = storage->openOutput("/dev/full", error);
  ASSERT_TRUE(full);
  Output output(std::move(full), "`/dev/full`");
  output.buffer.append("x");
  output.write();
  EXPECT_EQ(output.failure(), "error: cannot write to `/dev/full`: no space left on the disk");
  EXPECT_FALSE(output.readerGone());
}

TEST_F(Storage, PipeWithoutReader) {
  signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  auto pipes = makeRealStorage(0, ends[1]);
  Output output(pipes->standardOutput(), "standard output");
  output.buffer.append("x");
  output.write();
  EXPECT_TRUE(output.readerGone());
  EXPECT_FALSE(output.failed());
  close(ends[1]);
  signal(SIGPIPE, SIG_DFL);
}

TEST_F(Storage, EmptyPipeIsPendingAndNeverBlocks) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  auto pipes = makeRealStorage(ends[0], 1);
  auto input = pipes->standardInput();
  uint8_t bytes[4];
  EXPECT_EQ(input->read(bytes, 4).error, EAGAIN);
  EXPECT_EQ(input->waitOn(), ends[0]);
  ASSERT_EQ(::write(ends[1], "ab", 2), 2);
  EXPECT_EQ(input->read(bytes, 4).bytes, 2u);
  close(ends[1]);
  IoResult end = input->read(bytes, 4);
  EXPECT_EQ(end.bytes, 0u);
  EXPECT_EQ(end.error, 0);
  close(ends[0]);
}

// -- the reader, over a decoder that takes lines as they are --------------------

struct LineDecoder final : Decoder {
  std::vector<std::string> &lines;
  std::string text;
  size_t at = 0;
  uint32_t offset = 0, length = 0;
  explicit LineDecoder(std::vector<std::string> &lines) : lines(lines) {}
  void begin(const uint8_t *bytes, size_t size) override {
    text.assign(reinterpret_cast<const char *>(bytes), size);
    at = 0;
  }
  bool next(uint32_t, DecodedBatch &batch) override {
    if (at == text.size())
      return false;
    size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    offset = uint32_t(at), length = uint32_t(end - at);
    batch.batch.size = 1;
    batch.offsets = &offset;
    batch.lengths = &length;
    at = end + (end < text.size());
    return true;
  }
};

TEST(Reader, EveryPieceSizeGivesTheSameLinesAndPlaces) {
  std::string input = "one\n\ntwo\nthree is longer\nfour";
  for (size_t piece = 1; piece <= input.size(); ++piece) {
    SimulatedStorage storage;
    storage.files["f"] = input;
    storage.piece = piece;
    storage.interrupts = piece % 2;
    std::vector<std::string> lines;
    auto reader = makeReader(storage, "f", std::make_unique<LineDecoder>(lines), false);
    DecodedBatch batch;
    std::vector<int64_t> places;
    Poll result;
    while ((result = reader->poll({10, 0, false}, batch)) == Poll::Batch) {
      RecordPlace place = reader->place(batch, 0);
      EXPECT_EQ(place.raw, lines.back());
      places.push_back(place.line * 100 + place.byte);
    }
    EXPECT_EQ(result, Poll::End);
    EXPECT_EQ(lines, (std::vector<std::string>{"one", "", "two", "three is longer", "four"}));
    EXPECT_EQ(places, (std::vector<int64_t>{100, 204, 305, 409, 525}));
    EXPECT_EQ(reader->done(), input.size());
  }
}

// A record belongs to the chunk in which it starts (rule 10), and nothing is lost when the reader is parked in between.
TEST(Reader, Rule10_TurnsAtChunks) {
  std::string line(699, 'x'), input;
  for (int i = 0; i < 4000; ++i)
    input += line + "\n";
  for (size_t piece : {size_t(1000), size_t(262144), SIZE_MAX}) {
    SimulatedStorage storage;
    storage.files["f"] = input;
    storage.piece = piece;
    std::vector<std::string> lines;
    auto reader = makeReader(storage, "f", std::make_unique<LineDecoder>(lines), true);
    DecodedBatch batch;
    std::vector<size_t> turns;
    Poll result;
    while ((result = reader->poll({10, 0, false}, batch)) != Poll::End) {
      ASSERT_NE(result, Poll::Failed);
      if (result == Poll::Turn) {
        turns.push_back(lines.size());
        reader->park();
      }
    }
    EXPECT_EQ(lines.size(), 4000u);
    EXPECT_EQ(turns, (std::vector<size_t>{1498, 2996})); // ceil(k MiB / 700)
  }
}

} // namespace
