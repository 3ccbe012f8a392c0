//===- reader.cpp - bytes of a file or of standard input to records ---------===//
//
// Keeps one buffer: [first, last) are bytes that no batch has given yet, the
// first `whole` of them with the decoder. What is left when the decoder is
// done (the start of a record) moves to the buffer's front, and reading goes
// on behind it.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/partition.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace millrace {

size_t Decoder::wholeRecords(const uint8_t *bytes, size_t size, size_t stop, bool atEnd) const {
  if (stop < size) { // the record that holds the byte before `stop` is the last one
    const void *end = stop ? std::memchr(bytes + stop - 1, '\n', size - stop + 1) : nullptr;
    if (end)
      return static_cast<const uint8_t *>(end) + 1 - bytes;
    if (stop == 0)
      return 0;
  }
  if (atEnd)
    return size;
  const void *end = size ? memrchr(bytes, '\n', size) : nullptr;
  return end ? static_cast<const uint8_t *>(end) + 1 - bytes : 0;
}

const std::string &Decoder::failure() const {
  static const std::string none;
  return none;
}

namespace {

/// What is read at once: stays in the second-level cache together with what is decoded from it.
constexpr size_t kRead = size_t(256) << 10;
/// A record that is too long is found out while its bytes and one more piece fit.
constexpr size_t kCapacity = kPadding + kMaxRecord + kRead + kPadding;

class Reader final : public Partition {
public:
  Reader(Storage &storage, std::string file, std::unique_ptr<Decoder> decoder, bool turns)
      : storage(storage), decoder(std::move(decoder)), turns(turns) {
    path = std::move(file);
    title = path.empty() ? "standard input" : path;
    size = path.empty() ? 0 : storage.sizeOf(path);
  }

  Poll poll(const PollRequest &request, DecodedBatch &batch) override {
    batch.batch.size = 0;
    batch.malformed.clear();
    batch.blank = 0;
    uint64_t blank = 0;
    Poll result = next(request.maxRecords, batch, blank);
    batch.blank += blank;
    return result;
  }

  RecordPlace place(const DecodedBatch &batch, uint32_t record) const override {
    if (!batch.offsets)
      return {};
    return placeOf(batch.base + batch.offsets[record], batch.lengths[record]);
  }
  RecordPlace place(const MalformedRecord &record) const override { return placeOf(record.offset, record.length); }

  int waitOn() const override { return input ? input->waitOn() : -1; }
  bool live() const override { return waitOn() >= 0; }
  uint64_t done() const override { return offset; }
  uint64_t total() const override { return size; }

  void park() override {
    if (decoding || !input || input->waitOn() >= 0 || input->seek(offset) != 0)
      return;
    memory.reset();
    first = last = nullptr;
    ended = false; // what is read again ends again
  }

  bool endHere() override {
    if (decoding || skipping || first == last)
      return false;
    return ended = true;
  }

private:
  /// `blank` gathers blank lines of calls that gave no batch.
  Poll next(uint32_t maxRecords, DecodedBatch &batch, uint64_t &blank) {
    if (!input)
      if (int error = open()) // a signal came while nobody wrote to the pipe: the engine asks for it before it waits
        return error == EINTR ? Poll::Pending : Poll::Failed;
    while (true) {
      if (decoding) {
        bool more = decoder->next(maxRecords, batch);
        if (!decoder->failure().empty())
          return fail(title + ": error: " + decoder->failure(), false);
        linesAhead += batch.batch.size + batch.malformed.size() + batch.blank;
        if (more)
          return Poll::Batch;
        blank += batch.blank;
        batch.blank = 0;
        decoding = false;
        consume(whole);
        line += linesAhead;
        linesAhead = 0;
      }
      if (turns && offset >= chunkEnd) {
        chunkEnd = (offset / kChunk + 1) * kChunk;
        return Poll::Turn;
      }
      if (!memory && !allocate())
        return Poll::Failed;
      if (skipping && !skip() && !ended) {
        if (Poll result = fill(); result != Poll::Batch)
          return result;
        continue;
      }
      if (startDecoding())
        continue;
      if (ended) {
        decoder->finish();
        return decoder->failure().empty() ? Poll::End : fail(title + ": error: " + decoder->failure(), false);
      }
      if (size_t(last - first) > kMaxRecord)
        return tooLong(batch);
      if (Poll result = fill(); result != Poll::Batch)
        return result;
    }
  }

  /// Returns an errno; each but EINTR is reported.
  int open() {
    int error = 0;
    input = path.empty() ? storage.standardInput() : storage.openInput(path, error);
    if (!input && error != EINTR)
      fail("error: cannot read `" + path + "`: " + errnoText(error), true);
    return input ? 0 : error;
  }

  bool allocate() {
    memory.reset(static_cast<uint8_t *>(std::malloc(kCapacity)));
    if (!memory)
      fail("error: out of memory", true);
    else
      std::memset(memory.get(), 0, kPadding);
    first = last = memory.get() + kPadding;
    return memory != nullptr;
  }

  /// Hands whole records to the decoder, if there are any.
  bool startDecoding() {
    size_t have = last - first, stop = have;
    if (turns)
      stop = size_t(std::min<uint64_t>(have, chunkEnd - offset));
    whole = have ? decoder->wholeRecords(first, have, stop, ended) : 0;
    if (!whole)
      return false;
    decoder->begin(first, whole);
    return decoding = true;
  }

  /// Reads on. Poll::Batch: some bytes came, or the end.
  Poll fill() {
    if (first != memory.get() + kPadding) {
      std::memmove(memory.get() + kPadding, first, last - first);
      last = memory.get() + kPadding + (last - first);
      first = memory.get() + kPadding;
    }
    size_t room = memory.get() + kCapacity - kPadding - last;
    IoResult result;
    do
      result = input->read(last, std::min(room, kRead));
    while (result.error == EINTR);
    if (result.error == EAGAIN)
      return Poll::Pending;
    if (result.error)
      return fail("error: cannot read " + (path.empty() ? title : "`" + path + "`") + ": " + errnoText(result.error),
                  true);
    ended = result.bytes == 0;
    last += result.bytes;
    return Poll::Batch;
  }

  /// One record whose end is not in sight is longer than allowed: it is malformed, and is passed over.
  Poll tooLong(DecodedBatch &batch) {
    batch.malformed.push_back({0, 0, kMaxRecord, kMaxRecord, kTooLongReason});
    skipping = true;
    return Poll::Batch;
  }

  /// Passes over the rest of such a record. False: its end has not come yet.
  bool skip() {
    const void *end = std::memchr(first, '\n', last - first);
    consume(end ? static_cast<const uint8_t *>(end) + 1 - first : last - first);
    if (!end && !ended)
      return false;
    skipping = false;
    ++line;
    return true;
  }

  void consume(size_t bytes) {
    first += bytes;
    offset += bytes;
  }

  RecordPlace placeOf(uint64_t at, uint64_t length) const {
    int64_t lines = std::count(first, first + at, uint8_t('\n'));
    return {{reinterpret_cast<const char *>(first) + at, size_t(std::min<uint64_t>(length, kMaxRecord))},
            int64_t(line) + lines,
            int64_t(offset + at)};
  }

  struct Free {
    void operator()(uint8_t *bytes) const { std::free(bytes); }
  };

  Storage &storage;
  std::unique_ptr<InputFile> input;
  std::unique_ptr<Decoder> decoder;
  std::unique_ptr<uint8_t, Free> memory;
  uint8_t *first = nullptr, *last = nullptr;
  size_t whole = 0;                     ///< bytes with the decoder
  uint64_t offset = 0;                  ///< of `first` in the input
  uint64_t line = 1, linesAhead = 0;    ///< of the record at `first`; lines that the decoder has given since
  uint64_t chunkEnd = kChunk, size = 0; ///< where the next turn is; bytes of the file
  bool turns, decoding = false, ended = false, skipping = false;
};

class GeneratorPartition final : public Partition {
public:
  GeneratorPartition(std::unique_ptr<Generator> generator, std::string name) : generator(std::move(generator)) {
    title = std::move(name);
  }

  Poll poll(const PollRequest &request, DecodedBatch &batch) override {
    batch.malformed.clear();
    batch.blank = 0;
    batch.batch.size = 0;
    if (made == chunkEnd) {
      chunkEnd += kGeneratorChunk;
      return Poll::Turn;
    }
    uint32_t most = uint32_t(std::min<uint64_t>(request.maxRecords, chunkEnd - made));
    dueTime = INT64_MAX;
    switch (generator->poll(most, request.now, request.paced, batch, dueTime)) {
    case Generator::Result::Batch:
      made += batch.batch.size;
      return Poll::Batch;
    case Generator::Result::Pending:
      return Poll::Pending;
    case Generator::Result::End:
      break;
    }
    return Poll::End;
  }
  int64_t due() const override { return dueTime; }
  bool live() const override { return generator->paced(); }
  uint64_t done() const override { return made; }
  uint64_t total() const override { return generator->total().value_or(0); }

private:
  std::unique_ptr<Generator> generator;
  uint64_t made = 0, chunkEnd = kGeneratorChunk;
  int64_t dueTime = INT64_MAX;
};

} // namespace

std::unique_ptr<Partition> makeReader(Storage &storage, std::string path, std::unique_ptr<Decoder> decoder,
                                      bool turns) {
  return std::make_unique<Reader>(storage, std::move(path), std::move(decoder), turns);
}

std::unique_ptr<Partition> makeGeneratorPartition(std::unique_ptr<Generator> generator, std::string name) {
  return std::make_unique<GeneratorPartition>(std::move(generator), std::move(name));
}

} // namespace millrace
