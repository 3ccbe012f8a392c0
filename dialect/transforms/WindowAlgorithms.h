//===- WindowAlgorithms.h - the table of algorithms of windows ------*- C++ -*-===//
//
// Which algorithms a window can be given, in the order in which they are tried, and
// what speaks for and against each. Names of options, what they can be and their
// help come from here.
//
// A new algorithm is a case of the enum (stream/StreamEnums.td) with its number at
// the border (mr_window_algorithm), a row of the table in WindowAlgorithms.cpp, and
// its part of the engine, with their tests.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_WINDOWALGORITHMS_H
#define MILLRACE_DIALECT_TRANSFORMS_WINDOWALGORITHMS_H

#include "dialect/stream/Stream.h"

#include <optional>
#include <string>

namespace millrace {

/// What a row judges by.
struct Sliced {
  stream::WindowKind kind;
  int64_t slices;       ///< of a window; of a count: its parts
  std::string notExact; ///< an aggregate that cannot be taken away again, and why; empty: all can
  std::string keeps;    ///< an aggregate that keeps each of its values; empty: none does
  std::string ordered;  ///< one that records change by their order, so that a slice must stay by itself; empty: none
  std::string seen;     ///< an aggregate of the set of its values, of which each slice has one; empty: none
};

/// An algorithm that windows can be given.
struct WindowAlgorithm {
  using Judge = std::string (*)(const Sliced &window);

  stream::Algorithm algorithm;
  llvm::StringLiteral summary;              ///< for `--help`
  llvm::ArrayRef<stream::WindowKind> kinds; ///< which it is for
  Judge obstacle;                           ///< why a window cannot have it; empty if it can
  Judge against;                            ///< why it should not if it can, unless that is forced
  Judge reason;                             ///< why it has it

  bool isFor(stream::WindowKind kind) const { return llvm::is_contained(kinds, kind); }
  /// "that is for windows of the kind `sliding` or `count`", if it is for no window of this kind; else empty.
  std::string whyNotFor(stream::WindowKind kind) const;
};

/// All of them. The first one that a window can have, and that nothing speaks against, is its own.
llvm::ArrayRef<WindowAlgorithm> windowAlgorithms();
const WindowAlgorithm &windowAlgorithm(stream::Algorithm algorithm);

/// What `--window-algorithm` and the pass's option take: `auto`, which is none, and the names of the table's.
llvm::ArrayRef<std::pair<std::string, std::optional<stream::Algorithm>>> algorithmChoices();
/// `auto`, `recompute`, …
llvm::StringRef algorithmName(std::optional<stream::Algorithm> algorithm);
/// What such a name stands for; none: it is none of them.
std::optional<std::optional<stream::Algorithm>> algorithmByName(llvm::StringRef name);
/// Help: each with what it does.
llvm::StringRef algorithmHelp();

} // namespace millrace

#endif
