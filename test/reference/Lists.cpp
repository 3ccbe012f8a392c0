//===- Lists.cpp - aggregates that give a list ---------------------------------===//
//
// All records are kept, put in order and cut at the end: rule 27 as it stands.
//
//===----------------------------------------------------------------------===//
#include "Aggregates.h"

#include <algorithm>

using namespace millrace::reference;

bool Aggregate::addListed(llvm::ArrayRef<Value> values, int64_t time) {
  if (!givesList())
    return false;
  if (fn == "collect") {
    if (!values[0].isNull() || !options.contains("ignore_nulls"))
      records.push_back({Value::null(), values[0], time, records.size()});
    return true;
  }
  const Value &by = fn == "top" ? values[0] : values[1];
  if (by.isNull()) // passed over
    return true;
  bool areRecords = options.contains("fields");
  records.push_back({by, areRecords ? Value::ofList(values.drop_front().vec()) : values[0], time, records.size()});
  return true;
}

Value Aggregate::listed() const {
  std::vector<Listed> sorted = records;
  bool ascending = fn == "argmin" || options.contains("ascending");
  std::sort(sorted.begin(), sorted.end(), [&](const Listed &a, const Listed &b) {
    if (int order = fn == "collect" ? 0 : compareTotal(a.by, b.by))
      return (order < 0) == ascending;
    return a.time != b.time ? a.time < b.time : a.arrival < b.arrival;
  });
  if (fn != "collect") {
    auto limit = options.getAs<mlir::IntegerAttr>("limit");
    size_t most = limit ? size_t(limit.getInt()) : 1, kept = std::min(most, sorted.size());
    while (options.contains("with_ties") && kept < sorted.size() &&
           compareTotal(sorted[kept].by, sorted[most - 1].by) == 0)
      ++kept;
    sorted.resize(kept);
  }
  List list;
  for (const Listed &one : sorted) {
    auto isIt = [&](const Value &other) {
      return one.element.isNull() || other.isNull() ? one.element.isNull() && other.isNull()
                                                    : compareTotal(one.element, other) == 0;
    };
    if (!options.contains("distinct") || llvm::none_of(list, isIt)) // of equal ones the first
      list.push_back(one.element);
  }
  return Value::ofList(std::move(list));
}
