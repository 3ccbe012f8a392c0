//===- Unbounded.cpp - state that nothing bounds ----------------------------===//
#include "dialect/transforms/Unbounded.h"
#include "dialect/expr/Types.h"
#include "dialect/state/Layout.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/FileSystem.h"

using namespace mlir;
using namespace millrace;

/// Is it a file that ends? Pipes, terminals and standard input by its paths do not.
static bool isFileWithEnd(StringRef path) {
  if (path == "/dev/stdin" || path.starts_with("/dev/fd/") || path.starts_with("/proc/self/fd/"))
    return false;
  llvm::sys::fs::file_status status;
  if (llvm::sys::fs::status(path, status)) // it is not there yet
    return true;
  return status.type() != llvm::sys::fs::file_type::fifo_file && status.type() != llvm::sys::fs::file_type::socket_file;
}

/// Does the source come to an end by itself?
static bool hasEnd(exec::SourceOp source) {
  StringRef connector = source.getConnector();
  if (connector == "sequence")
    return bool(source.getOptions().get("count"));
  if (connector == "nexmark")
    return bool(source.getOptions().get("events"));
  if (connector == "file")
    if (auto path = source.getOptions().getAs<StringAttr>("path"))
      return isFileWithEnd(path);
  return connector != "stdin";
}

/// Does it hold W back for ever (rules 5 and 8)?
static bool holdsWatermark(exec::SourceOp source) {
  return !source.getWatermark() || source.getWatermark()->getKind() == stream::WatermarkKind::None;
}

/// The first source behind the table that has no end; `held`: and no watermark.
static exec::SourceOp endlessInput(state::TableOp table, bool held) {
  auto program = table->getParentOfType<exec::ProgramOp>();
  llvm::SetVector<Operation *> behind;
  behind.insert(table);
  for (size_t i = 0; i < behind.size(); ++i) {
    auto here = dyn_cast<state::TableOp>(behind[i]);
    if (!here || !program)
      continue;
    for (auto input : here.getInputs().getAsRange<FlatSymbolRefAttr>())
      if (Operation *found = SymbolTable::lookupSymbolIn(program, input))
        behind.insert(found);
  }
  for (Operation *op : behind)
    if (auto source = dyn_cast<exec::SourceOp>(op); source && !hasEnd(source) && (!held || holdsWatermark(source)))
      return source;
  return {};
}

/// What could be declared of a key to bound it: the integers among its fields whose range is not known.
static std::string declarable(state::TableOp table, ArrayRef<state::KeyRange> ranges) {
  std::string fields;
  if (table.getTop()) // its key is not the group alone
    return {};
  for (auto [name, type, range] :
       llvm::zip_equal(table.getType().getKeyNames(), table.getType().getKeyTypes(), ranges)) {
    if (range.isKnown())
      continue;
    if (!expr::isInteger(expr::stripNull(type)))
      return {}; // no range would help
    fields += (fields.empty() ? "`" : ", `") + name.str() + "`";
  }
  return fields;
}

/// Why keys stay although they live for a time: W does not move.
static std::string whyNeverOver(state::TableOp table) {
  if (!table.getKeep() && table.getWindow().getDomain() != stream::TimeDomain::Event)
    return {};
  exec::SourceOp source = endlessInput(table, /*held=*/true);
  if (!source)
    return {};
  StringRef what = !table.getKeep()                                        ? "its windows fire"
                   : table.getKeep().getKind() == state::KeepKind::Running ? "`ttl` lets keys go"
                   : table.getKeep().getKind() == state::KeepKind::Over    ? "its windows move"
                                                                           : "`within` lets keys go";
  return ("`" + table.getSymName() + "` keeps something for each key for ever: " + what + " by the watermark, and `" +
          source.getSymName() +
          "` has neither one nor an end: `watermark FIELD bounded 10 s` at that source would bound it")
      .str();
}

std::string millrace::whyUnbounded(state::TableOp table, ArrayRef<state::KeyRange> ranges) {
  state::TableType type = table.getType();
  if (type.getKeyNames().empty() || state::densePositions(type.getKeyTypes(), ranges))
    return {};
  if (table.getTop() && table.getTop().getGroups() == 0) // so many records at most, whatever their keys
    return {};
  bool fills = table->hasAttr(state::fillNote);
  bool lives = table.getKeep() ? table.getKeep().getTtl() != 0
                               : table.getWindow().getKind() != stream::WindowKind::Global && !fills;
  if (lives)
    return whyNeverOver(table);
  exec::SourceOp source = endlessInput(table, /*held=*/false);
  if (!source)
    return {};
  std::string text = ("`" + table.getSymName() + "` keeps something for each key for ever, and `" +
                      source.getSymName() + "` has no end: ")
                         .str();
  if (table.getKeep() && table.getKeep().getKind() == state::KeepKind::Over)
    text += "`last DURATION` would bound it";
  else if (fills)
    text += "each window has a row of it; the window without `fill` would bound it";
  else if (!table.getKeep() || table.getKeep().getKind() == state::KeepKind::Count)
    text += "a window in time would bound it";
  else
    text += table.getKeep().getKind() == state::KeepKind::Running ? "`ttl DURATION` would bound it"
                                                                  : "`within DURATION` would bound it";
  if (std::string fields = declarable(table, ranges); !fields.empty())
    text += ", or a declared range of " + fields + ", as in `name: i64 between 0 and 9999`";
  return text;
}
