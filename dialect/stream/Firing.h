//===- Firing.h - windows that fire more than once, and late records -*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_FIRING_H
#define MILLRACE_DIALECT_STREAM_FIRING_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

//===--- as it is written (FiringClause.cpp) ------------------------------------------===//

/// `[lateness D] [emit every D [in processing_time] | emit every N records] [refire every D]
/// [accumulating | discarding | final]` in any order; null where none of these stands. Leaves other words behind.
mlir::ParseResult parseFiring(mlir::AsmParser &p, FiringAttr &firing);
/// The clauses in this order, without what is the default: `lateness 1 h emit every 10 records`.
std::string firingText(FiringAttr firing);

//===--- what it means (Firing.cpp) ---------------------------------------------------===//

/// Why a window over `in` cannot fire so, with a remedy; empty if it can. `firing` may be null.
std::string whyNoFiring(WindowAttr window, FiringAttr firing, mlir::Value input);
/// Why nothing is ever late for this window, so that it has no late stream; empty if something can be.
std::string whyNoLate(WindowAttr window, StreamType in);

/// Have its results the column `pane`, and `timing`? They may be several for a key and window.
bool hasPanes(FiringAttr firing);
/// What the results are upsert by: keys and window where rows replace those before, else nothing.
llvm::SmallVector<mlir::StringAttr> upsertKeysOf(WindowAttr window, FiringAttr firing, StreamType in);

/// The type of late records: the fields of `in` and `reason`. Null where `in` has a field called so.
StreamType lateType(StreamType in);
/// Is `late` such a type, perhaps without fields that nobody uses?
bool isLateType(StreamType late, StreamType in);

} // namespace millrace::stream

#endif
