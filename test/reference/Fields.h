//===- Fields.h - the fields of a record, from its JSON -----------*- C++ -*-===//
//
// Rules 44, 48 and 50: where a field stands in the record (its path), and what
// the value there is as a value of the field's type.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_FIELDS_H
#define MILLRACE_TEST_REFERENCE_FIELDS_H

#include "Json.h"
#include "Value.h"

#include <optional>

namespace millrace::reference {

/// A member's name, or the number of an element.
struct PathStep {
  std::optional<std::string> member;
  size_t element = 0;
};

/// One field of a source's records.
struct FieldSpec {
  std::string name;
  std::vector<PathStep> path;
  std::string unit; ///< s, ms, us, ns; else text
  mlir::Type type;
  uint32_t site = 0;                      ///< of its errors
  std::optional<Integer> least, greatest; ///< the declared range, inclusive
  bool used = true;                       ///< does the pipeline as written use it (rule 47)?
};

/// `a.b[2]`, `"odd.name".x`.
std::vector<PathStep> parsePath(std::string_view path);

/// The used fields' values, errors of rule 47 included; unused ones are null. Nothing if the record is not well-formed:
/// no object, or a member on the way to a used field stands there twice.
std::optional<std::vector<Value>> readFields(const Json &record, const std::vector<FieldSpec> &fields);

} // namespace millrace::reference
#endif
