//===- schema.h - what a source wants of its JSON records -----------------===//
//
// Internal. The used fields of a source as a tree of paths: each node is a
// place in the record, with the fields that are read there. What is not in the
// tree is checked, not built.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_SCHEMA_H
#define MILLRACE_RUNTIME_IO_JSON_SCHEMA_H

#include "millrace/abi.h"
#include "runtime/io/json/path.h"
#include "runtime/io/json/time_unit.h"
#include "runtime/values/type_size.h"

namespace millrace::json {

/// One used field.
struct Field {
  uint32_t index = 0; ///< in the source's description
  uint8_t type = MR_I64, element = MR_I64;
  bool nullable = false, elementNullable = false;
  TimeUnit unit = TimeUnit::Text;
};

/// A place in the record.
struct PathNode {
  struct Member {
    std::string name;
    uint32_t node;
  };
  struct Element {
    uint32_t index, node;
  };
  std::vector<Member> members;
  std::vector<Element> elements;
  std::vector<uint32_t> fields; ///< positions in Schema::fields that are read here
  std::vector<uint32_t> below;  ///< those of all nodes further down
};

struct Schema {
  std::vector<Field> fields;
  std::vector<PathNode> nodes; ///< 0 is the record itself
  int32_t eventTime = -1;      ///< position in `fields`; -1: no field is the event time
  std::string eventTimeName;
  /// Builds the tree. `problem` is empty, or says which field's path is wrong.
  static Schema build(const mr_source_desc &source, std::string &problem);
};

/// What a record may hold (durability.md, "Bad input"); options of the source.
struct Limits {
  uint64_t record = 1 << 20;   ///< bytes
  uint64_t string = 256 << 10; ///< bytes between quotes, as written
  uint32_t depth = 64;         ///< nested objects and arrays, the record counts as one
  uint32_t members = 4096;     ///< of all objects of the record together
};
/// The deepest nesting that may be asked for: parsing recurses.
inline constexpr uint32_t maxDepthLimit = 1000;

} // namespace millrace::json

#endif
