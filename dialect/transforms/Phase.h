//===- Phase.h - the phases of a compilation ----------------------------*- C++ -*-===//
//
// The one list of phases: the driver's --until and --from, the tests and the
// documentation use these names.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PHASE_H
#define MILLRACE_DIALECT_TRANSFORMS_PHASE_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace millrace {

/// In the order in which they run. A phase is named by what it does; what it leaves is in brackets.
enum class Phase {
  Import,   ///< read the file and verify it [stream and expr operations]
  Optimize, ///< the plan: unused fields, push-down, explicit state, fusion [state and exec operations]
  Lower,    ///< steps become loops over batches [llvm dialect]
  Llvm,     ///< runtime's bitcode linked, O3 [LLVM IR]
  Object,   ///< machine code [object file]
  Binary    ///< linked with the runtime [program]
};

inline constexpr llvm::StringLiteral kPhaseNames[] = {"import", "optimize", "lower", "llvm", "object", "binary"};

inline llvm::StringRef phaseName(Phase phase) { return kPhaseNames[static_cast<int>(phase)]; }

/// Nothing if no phase has that name.
inline std::optional<Phase> parsePhase(llvm::StringRef name) {
  int index = 0;
  for (llvm::StringRef known : kPhaseNames) {
    if (known == name)
      return static_cast<Phase>(index);
    ++index;
  }
  return std::nullopt;
}

} // namespace millrace

#endif
