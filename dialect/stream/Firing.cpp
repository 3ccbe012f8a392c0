//===- Firing.cpp - windows that fire more than once, and late records --------===//
//
// Rules 19 to 22: which windows can be asked for which of them, and what that
// makes of their results. How the clauses are written is in FiringClause.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Firing.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

//===--- what may be asked for -----------------------------------------------------------===//

/// A duration that stands behind `what`; 0 where it is not written.
static std::string whyNoSpan(StringRef what, int64_t micros) {
  if (micros < 0)
    return ("expected " + what + " to be above zero, but found " + durationText(micros)).str();
  if (micros > expr::maxTimestamp - expr::minTimestamp)
    return ("expected " + what + " to lie within the years 0000 to 9999, but found " + durationText(micros)).str();
  return "";
}

LogicalResult FiringAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t lateness, int64_t emit,
                                 EmitUnit unit, int64_t refire, FiringMode mode) {
  bool inTime = unit == EmitUnit::Event || unit == EmitUnit::Processing;
  for (std::string why : {whyNoSpan("the lateness", lateness), whyNoSpan("the time between changes and a row", refire),
                          inTime ? whyNoSpan("the time between two rows", emit) : std::string()})
    if (!why.empty())
      return emitError() << why;
  if ((unit == EmitUnit::None) != (emit == 0) || emit < 0)
    return emitError() << "expected `emit every` a duration above zero, or one record or more";
  if (!lateness && refire)
    return emitError() << "`refire` gathers what late records change, and there are none without `lateness`; write "
                          "`lateness 1 h` before it";
  if (!lateness && !emit) {
    StringRef word = stringifyFiringMode(mode);
    return emitError() << "`" << word << "` says what a window's rows hold if there are several, but this window gives "
                       << "one; with `lateness 1 h`" << (mode == FiringMode::Final ? "" : " or `emit every 1 min`")
                       << " it would have a meaning";
  }
  if (mode == FiringMode::Final && (emit || refire))
    return emitError() << "`final` gives one row for a window, when no record can come any more, so there is no `"
                       << (emit ? "emit" : "refire") << "` with it; `accumulating` and `discarding` give rows before";
  return success();
}

/// Why windows of a kind that is no event time know no `what`, or empty.
static std::string whyNeverLate(WindowAttr window, StringRef what) {
  std::string no = (", so there is no " + what).str();
  if (window.getKind() == WindowKind::Count)
    return "a count window takes records in the order of arrival: none is late" + no;
  if (window.getKind() == WindowKind::Global)
    return "a global window fires at the end of the input: no record is late" + no;
  if (window.getKind() == WindowKind::Same)
    return "a window `same` fires right behind the rows that it is of: none is late" + no;
  if (window.isInProcessingTime())
    return "in processing time no record is late" + no;
  return "";
}

std::string stream::whyNoLate(WindowAttr window, StreamType in) {
  if (std::string why = whyNeverLate(window, "stream of late records; give the window one name"); !why.empty())
    return why;
  if (in.lookup("reason"))
    return "late records have their fields and `reason`, which is a field already; rename it in a `map` before";
  return "";
}

static std::string whyNoEmit(WindowAttr window, FiringAttr firing, Value input) {
  auto in = cast<StreamType>(input.getType());
  if (firing.getEmitUnit() == EmitUnit::None)
    return "";
  if (window.getKind() == WindowKind::Count)
    return "a count window fires after so many records: `count 100 every 10` gives a row for each 10 of them, so there "
           "is no `emit`";
  if (window.getKind() == WindowKind::Same)
    return "a window `same` fires right behind the rows that it is of, so there is no `emit`";
  std::string every = "emit every " + durationText(firing.getEmit());
  if (firing.getEmitUnit() == EmitUnit::Event) {
    if (window.isInProcessingTime())
      return "a window in processing time has no event time to emit by; write `" + every + " in processing_time`";
    if (!in.getTimed())
      return whyNotTimed("`" + every + "` goes by event time, and this stream has none", input) + ", or `" + every +
             " in processing_time`";
    if (window.isInTime() && window.getSize() && window.getKind() != WindowKind::Session &&
        firing.getEmit() >= window.getSize())
      return "expected `emit every` a duration below the window's size " + durationText(window.getSize()) +
             ", but found " + durationText(firing.getEmit()) + ": no row would come before the end";
  }
  return "";
}

std::string stream::whyNoFiring(WindowAttr window, FiringAttr firing, Value input) {
  auto in = cast<StreamType>(input.getType());
  if (!firing)
    return "";
  if (std::string why = whyNoEmit(window, firing, input); !why.empty())
    return why;
  if (firing.getLateness())
    if (std::string why = whyNeverLate(window, "`lateness`"); !why.empty())
      return why;
  if (window.getKind() == WindowKind::Global && !in.isKeyed() && firing.replaces())
    return "rows of a global window replace those before by key, and this stream has none; write `discarding`, which "
           "gives what is new in each row, or key its input";
  return "";
}

//===--- results -----------------------------------------------------------------------------===//

bool stream::hasPanes(FiringAttr firing) { return firing && firing.firesAgain(); }

SmallVector<StringAttr> stream::upsertKeysOf(WindowAttr window, FiringAttr firing, StreamType in) {
  if (!firing || !firing.replaces())
    return {};
  SmallVector<StringAttr> keys(in.getKeys());
  if (window.isInTime())
    for (StringRef name : {"window_start", "window_end"})
      keys.push_back(StringAttr::get(in.getContext(), name));
  return keys;
}

StreamType stream::lateType(StreamType in) {
  if (in.lookup("reason"))
    return {};
  SmallVector<StringAttr> names(in.getNames());
  SmallVector<Type> types(in.getTypes());
  names.push_back(StringAttr::get(in.getContext(), "reason"));
  types.push_back(expr::StringType::get(in.getContext()));
  return StreamType::get(in.getContext(), names, types, {}, Changes::Insert, {}, /*timed=*/false);
}

bool stream::isLateType(StreamType late, StreamType in) {
  StreamType all = lateType(in);
  if (!all || late.isKeyed() || late.getChanges() != Changes::Insert || late.getTimed())
    return false;
  unsigned next = 0;
  for (auto [name, type] : llvm::zip(all.getNames(), all.getTypes()))
    if (next < late.getNames().size() && late.getNames()[next] == name && late.getTypes()[next] == type)
      ++next;
  return next == late.getNames().size() && next > 0;
}
