//===- WindowMeasures.h - the parameters of a window, and what may be wrong ---*- C++ -*-===//
//
// What a window may be is judged at one place, for what is read from a text and
// for an attribute that was made otherwise.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_WINDOWMEASURES_H
#define MILLRACE_DIALECT_STREAM_WINDOWMEASURES_H

#include "dialect/stream/Stream.h"

namespace millrace::stream::measures {

/// The parts of a window that a mistake can be in, as places in the text.
enum Part { Kind, Size, Slide, Offset, Domain, Longest, Zone, NumParts };
struct Flaw {
  Part part = Kind;
  std::string text; ///< empty: there is none
};
/// A window's parameters.
struct Measures {
  WindowKind kind = WindowKind::Global;
  int64_t size = 0, slide = 0, offset = 0;
  TimeDomain domain = TimeDomain::Event;
  int64_t longest = 0;
  CalendarUnit unit = CalendarUnit::None;
  llvm::StringRef zone;
};

/// The first fault of these, or none.
Flaw flawOf(const Measures &m);

} // namespace millrace::stream::measures

#endif
