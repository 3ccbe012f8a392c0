//===- Clauses.cpp - watermarks as they are written ---------------------------===//
#include "dialect/stream/Clauses.h"
#include "dialect/expr/Syntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

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
