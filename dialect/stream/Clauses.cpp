//===- Clauses.cpp - windows and watermarks as they are written ---------------===//
#include "dialect/stream/Clauses.h"
#include "dialect/expr/Syntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

//===--- windows ---------------------------------------------------------------------===//

ParseResult stream::parseWindow(AsmParser &p, WindowAttr &window) {
  SMLoc loc = p.getCurrentLocation();
  static const StringRef kinds[] = {"tumbling", "global"};
  StringRef word;
  auto kind = succeeded(p.parseOptionalKeyword(&word)) ? symbolizeWindowKind(word) : std::nullopt;
  static const StringRef others[] = {"sliding", "hopping", "hop", "session", "cumulate", "cumulative", "count"};
  if (!kind && llvm::is_contained(others, word))
    return errorAt(p, loc) << "windows of the kind `" << word
                           << "` are not there yet: `tumbling DURATION` and `global` are";
  if (!kind) {
    auto diag = errorAt(p, loc) << "expected a kind of window, `tumbling DURATION` or `global`";
    return suggest(diag, word, kinds);
  }
  int64_t size = 0, offset = 0;
  auto domain = TimeDomain::Event;
  if (*kind == WindowKind::Tumbling) {
    if (parseDuration(p, size))
      return failure();
    if (succeeded(p.parseOptionalKeyword("offset"))) {
      bool negative = succeeded(p.parseOptionalMinus());
      if (parseDuration(p, offset))
        return failure();
      offset = negative ? -offset : offset;
    }
  }
  if (succeeded(p.parseOptionalKeyword("in"))) {
    SMLoc at = p.getCurrentLocation();
    auto named = succeeded(p.parseOptionalKeyword(&word)) ? symbolizeTimeDomain(word) : std::nullopt;
    if (!named)
      return errorAt(p, at) << "expected `processing_time` or `event_time` after `in`";
    domain = *named;
  }
  window = WindowAttr::getChecked([&] { return errorAt(p, loc); }, p.getContext(), *kind, size, offset, domain);
  return success(bool(window));
}

std::string stream::windowText(WindowAttr window) {
  std::string text = stringifyWindowKind(window.getKind()).str();
  if (window.getKind() == WindowKind::Tumbling)
    text += " " + durationText(window.getSize());
  if (window.getOffset())
    text += " offset " + durationText(window.getOffset());
  return text + (window.getDomain() == TimeDomain::Processing ? " in processing_time" : "");
}

Attribute WindowAttr::parse(AsmParser &p, Type) {
  WindowAttr window;
  return p.parseLess() || parseWindow(p, window) || p.parseGreater() ? Attribute() : window;
}
void WindowAttr::print(AsmPrinter &p) const { p << "<" << windowText(*this) << ">"; }

LogicalResult WindowAttr::verify(function_ref<InFlightDiagnostic()> emitError, WindowKind kind, int64_t size,
                                 int64_t offset, TimeDomain domain) {
  if (kind == WindowKind::Tumbling && size <= 0)
    return emitError() << "expected the size of a window to be above zero, but found " << durationText(size);
  if (kind == WindowKind::Global && (size || offset))
    return emitError() << "a global window has no size and no offset";
  if (kind == WindowKind::Global && domain == TimeDomain::Processing)
    return emitError() << "a global window fires at the end of the input; it has no `in processing_time`";
  if (std::abs(offset) >= size && offset)
    return emitError() << "expected an offset below the window's size " << durationText(size) << ", but found "
                       << durationText(offset);
  return success();
}

//===--- watermarks ---------------------------------------------------------------------===//

ParseResult stream::parseWatermark(AsmParser &p, WatermarkAttr &watermark) {
  SMLoc loc = missingAt(p);
  static const StringRef kinds[] = {"bounded", "ascending", "none"};
  StringRef word;
  int64_t bound = 0;
  bool here = loc == p.getCurrentLocation(); // else the next statement begins
  auto kind = here && succeeded(p.parseOptionalKeyword(&word)) ? symbolizeWatermarkKind(word) : std::nullopt;
  if (!kind) {
    auto diag = errorAt(p, loc) << "expected `bounded DURATION`, `ascending` or `none` behind the event time";
    return suggest(diag, word, kinds);
  }
  if (*kind == WatermarkKind::Bounded && parseDuration(p, bound))
    return failure();
  watermark = WatermarkAttr::get(p.getContext(), *kind, bound);
  return success();
}

std::string stream::watermarkText(WatermarkAttr watermark) {
  std::string text = stringifyWatermarkKind(watermark.getKind()).str();
  return watermark.getKind() == WatermarkKind::Bounded ? text + " " + durationText(watermark.getBound()) : text;
}

Attribute WatermarkAttr::parse(AsmParser &p, Type) {
  WatermarkAttr watermark;
  return p.parseLess() || parseWatermark(p, watermark) || p.parseGreater() ? Attribute() : watermark;
}
void WatermarkAttr::print(AsmPrinter &p) const { p << "<" << watermarkText(*this) << ">"; }

LogicalResult WatermarkAttr::verify(function_ref<InFlightDiagnostic()> emitError, WatermarkKind kind, int64_t bound) {
  if (bound < 0 || (bound && kind != WatermarkKind::Bounded))
    return emitError() << "only a bounded watermark has a bound, and it is not negative";
  return success();
}
