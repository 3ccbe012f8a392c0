//===- WindowMeasures.cpp - what a window may be ------------------------------===//
#include "dialect/stream/WindowMeasures.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using namespace millrace::stream::measures;

/// One of those that lie at multiples of a duration?
static bool isGrid(WindowKind kind) {
  return kind == WindowKind::Tumbling || kind == WindowKind::Sliding || kind == WindowKind::Cumulate;
}

/// A duration that stands behind `what` and is above zero; longer than all time there is, no window would ever be in
/// it.
static std::string whyNoDuration(StringRef what, int64_t micros) {
  if (micros <= 0)
    return ("expected " + what + " to be above zero, but found " + durationText(micros)).str();
  if (micros > expr::maxTimestamp - expr::minTimestamp)
    return ("expected " + what + " to lie within the years 0000 to 9999, but found " + durationText(micros)).str();
  return "";
}

static Flaw flawOfGrid(const Measures &m) {
  if (std::string why = whyNoDuration("the size of a window", m.size); !why.empty())
    return {Size, why};
  if (m.kind == WindowKind::Tumbling && m.slide != m.size)
    return {Slide, "a tumbling window has no slide: it begins where the one before ends"};
  StringRef every = m.kind == WindowKind::Sliding ? "the duration between two windows" : "the duration of a step";
  if (std::string why = whyNoDuration(every, m.slide); !why.empty())
    return {Slide, why};
  if (m.kind == WindowKind::Cumulate && m.slide > m.size)
    return {Slide, "expected a step of at most the window's size " + durationText(m.size) + ", but found " +
                       durationText(m.slide)};
  // INT64_MIN has no absolute value.
  int64_t most = m.kind == WindowKind::Sliding ? m.slide : m.size;
  StringRef ofWhat = m.kind == WindowKind::Sliding ? "the duration between two windows " : "the window's size ";
  if (m.offset >= most || m.offset <= -most)
    return {Offset, ("expected an offset below " + ofWhat + durationText(most) + ", but found ").str() +
                        durationText(m.offset)};
  return {};
}

static Flaw flawOfSession(const Measures &m) {
  if (m.size == 0) // the record's
    return m.longest < 0 ? Flaw{Longest, "expected the longest session to be above zero"} : Flaw();
  if (std::string why = whyNoDuration("the gap of a session", m.size); !why.empty())
    return {Size, why};
  if (m.longest < 0 || (m.longest && m.longest < m.size))
    return {Longest, "expected the longest session to be at least the gap " + durationText(m.size) +
                         ", which each session ends with, but found " + durationText(m.longest)};
  return {};
}

static Flaw flawOfCount(const Measures &m) {
  if (m.size <= 0)
    return {Size, "expected a window of at least one record, but found " + std::to_string(m.size)};
  if (m.slide <= 0)
    return {Slide,
            "expected a result for every record or more of them, but found `every " + std::to_string(m.slide) + "`"};
  if (m.slide > m.size)
    return {Slide, "expected a result for every " + std::to_string(m.size) + " records at most, the window's size, " +
                       "but found `every " + std::to_string(m.slide) + "`: the records between would be in no window"};
  return {};
}

Flaw measures::flawOf(const Measures &m) {
  std::string kind = stringifyWindowKind(m.kind).str();
  if (m.domain == TimeDomain::Processing && m.kind == WindowKind::Global)
    return {Domain, "a global window fires at the end of the input; it has no `in processing_time`"};
  if (m.domain == TimeDomain::Processing && m.kind == WindowKind::Count)
    return {Domain, "a count window goes by the order of arrival; it has no `in processing_time`"};
  if (m.domain == TimeDomain::Processing && !isGrid(m.kind) && m.kind != WindowKind::Session &&
      m.kind != WindowKind::Calendar)
    return {Domain, "a " + kind +
                        " window goes by event time; `tumbling`, `sliding`, `cumulate`, `session` and `calendar` "
                        "may be `in processing_time`"};
  if (m.longest && m.kind != WindowKind::Session)
    return {Longest, "a " + kind + " window has no `longest`"};
  bool isCalendar = m.kind == WindowKind::Calendar;
  if ((m.unit != CalendarUnit::None) != isCalendar || (!m.zone.empty() && !isCalendar))
    return {Zone, isCalendar ? "a calendar window needs a unit" : "a " + kind + " window has no calendar and no zone"};
  if (isGrid(m.kind))
    return flawOfGrid(m);
  if (m.offset)
    return {Offset, "a " + kind + " window has no offset"};
  if (m.kind == WindowKind::Session || m.kind == WindowKind::Count) {
    if (m.kind == WindowKind::Session && m.slide)
      return {Slide, "a session window has no slide"};
    return m.kind == WindowKind::Session ? flawOfSession(m) : flawOfCount(m);
  }
  if (m.size || m.slide)
    return {Size, "a " + kind + " window has no size and no offset"};
  return {};
}

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, WindowKind kind, int64_t size,
                                 int64_t slide, int64_t offset, TimeDomain domain, int64_t longest, CalendarUnit unit,
                                 StringAttr zone) {
  Flaw flaw = flawOf({kind, size, slide, offset, domain, longest, unit, zone.getValue()});
  if (flaw.text.empty())
    return success();
  return emitError() << flaw.text;
}
