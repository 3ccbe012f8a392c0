//===- KeyedState.h - state without a window -----------------------*- C++ -*-===//
//
// `running` and `deduplicate`, rules 34 and 35: one entry for each key, until
// the watermark has reached its time and time-to-live.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_KEYEDSTATE_H
#define MILLRACE_TEST_REFERENCE_KEYEDSTATE_H

#include "Aggregation.h"
#include "llvm/ADT/BitVector.h"

#include <map>

namespace millrace::reference {

class KeyedState {
public:
  KeyedState(stream::RunningOp op, const Environment &params);
  /// `used`: those fields of the output that the pipeline as written uses.
  KeyedState(stream::DeduplicateOp op, const llvm::BitVector &used);

  enum class Outcome { Taken, Bad, Overflow };
  /// Takes a row of the input; `watermark` is W before it. What comes of it is appended to `results`: a delete if the
  /// key's state is gone, then at most one row. Bad: `error` says why, nothing else happens. Overflow: `problem` does.
  Outcome take(const Row &row, int64_t watermark, std::vector<Row> &results, mr_error &error, std::string &problem);

  /// Forgets what is gone at W; appends a delete for each key in the order of keys, if they are asked for.
  void expire(int64_t watermark, std::vector<Row> &results);

  mlir::Operation *getOp() const { return op; }
  mlir::Value getInput() const { return op->getOperand(0); }
  mlir::Value getOutput() const { return op->getResult(0); }

private:
  struct Entry {
    std::optional<int64_t> time; ///< the greatest event time written; keep first: of the record that was kept
    Aggregation::Group group;    ///< of `running`
  };
  using Entries = std::map<Key, Entry, TotalLess>;

  Outcome run(const Row &row, int64_t watermark, std::vector<Row> &results, mr_error &error, std::string &problem);
  Outcome deduplicate(const Row &row, int64_t watermark, std::vector<Row> &results, mr_error &error);
  bool isGone(const Entry &entry, int64_t watermark) const;
  void expire(const Key &key, int64_t watermark, std::vector<Row> &results);
  Row deleteOf(const Key &key) const;

  mlir::Operation *op;
  stream::StreamType type; ///< of the input
  std::optional<int64_t> ttl;
  bool deletes = false;                   ///< on expiry
  std::optional<Aggregation> aggregation; ///< of `running`
  stream::Kept kept = stream::Kept::Last; ///< of `deduplicate`
  llvm::BitVector used;                   ///< of `deduplicate`
  Entries entries;
};

} // namespace millrace::reference
#endif
