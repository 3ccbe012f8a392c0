//===- learned.h - stage 2 over a table, for shapes met while running -----===//
#ifndef MILLRACE_RUNTIME_IO_JSON_LEARNED_H
#define MILLRACE_RUNTIME_IO_JSON_LEARNED_H

#include "runtime/io/json/line_shape.h"
#include "runtime/io/json/schema.h"

#include <memory>

namespace millrace::json {

/// A decoder for one shape that was learned from a line: does what a generated one does, from a table.
class LearnedShape {
public:
  LearnedShape(const LineShape &shape, const ShapeBinding &binding);

  uint32_t positions() const { return positionCount; }
  /// As mr_json_shape::decode.
  void decode(mr_json_lines &lines) const;

private:
  /// A literal and the hole behind it.
  struct Step {
    uint32_t literal, size;    ///< in `text`
    uint32_t next, nextOffset; ///< where the next literal is: position, and bytes before it
    uint32_t firstField, numFields;
    uint8_t nextByte; ///< not 0: the next literal has no position, and begins with this
    bool isString;
  };
  bool decodeLine(const mr_json_lines &lines, const uint8_t *begin, const uint8_t *lineEnd) const;
  static void readField(mr_json_doubt &doubt, const BoundField &field, const uint8_t *begin, const uint8_t *end,
                        const mr_column &column, uint32_t row);

  std::vector<Step> steps; ///< the last has no hole
  std::vector<BoundField> fields, absent;
  std::vector<uint8_t> text; ///< of the literals, each padded to a multiple of 16
  uint32_t positionCount;
};

/// The used fields as a binding needs them.
std::vector<ShapeField> shapeFields(const mr_source_desc &source);

} // namespace millrace::json

#endif
