//===- Aggregates.h - what a window computes for a key -------------*- C++ -*-===//
//
// Rules 23 to 28.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_AGGREGATES_H
#define MILLRACE_TEST_REFERENCE_AGGREGATES_H

#include "UserAggregate.h"
#include "Value.h"

#include "llvm/ADT/APInt.h"

#include <optional>

namespace millrace::reference {

/// One aggregate of one key in one window.
class Aggregate {
public:
  /// `arguments` are the kinds of its arguments, `options` what else is written (Aggregates.def).
  Aggregate(llvm::StringRef fn, llvm::ArrayRef<Kind> arguments, mlir::DictionaryAttr options)
      : fn(fn), arguments(arguments), options(options) {}
  explicit Aggregate(UserAggregate own) : own(std::move(own)) {}

  /// Of the pipeline's own: a record for which `where` holds and no argument is null, lifted.
  void addLifted(const std::vector<Value> &state) { own->add(state); }

  /// A record for which the aggregate's `where` holds. `values` are its arguments, none for count(); `time` its event
  /// time, if the stream has one. Calls come in the order of arrival.
  void add(llvm::ArrayRef<Value> values, int64_t time);

  /// The result; null where there is none. Nothing if an exact sum is beyond `kind`, the kind of the result, or one of
  /// the pipeline's own is an error (rule 23).
  std::optional<Value> result(Kind kind) const;

private:
  bool isReal() const { return !arguments.empty() && isFloat(arguments[0]); }
  bool isExact() const { return isReal() && options.contains("exact"); }
  bool isQuantile() const { return llvm::StringRef(fn).contains("quantile") || fn == "median"; }
  bool isNew(const Value &value);
  bool givesList() const { return fn == "collect" || fn == "top" || options.contains("with_ties"); }
  bool addListed(llvm::ArrayRef<Value> values, int64_t time);
  Value listed() const;
  bool addByTime(llvm::ArrayRef<Value> values, int64_t time);
  void addExtreme(const Value &value);
  void addBits(Integer value);
  void addMoments(llvm::ArrayRef<Value> values);
  Value variance() const;
  Value quantile() const;
  Value joined() const;
  Value covariance() const;

  /// A record of a list: what it is judged by (of a top), and what it is as an element.
  struct Listed {
    Value by, element;
    int64_t time;
    size_t arrival;
  };

  std::optional<UserAggregate> own; ///< of the pipeline's own: all there is
  std::string fn;
  std::vector<Kind> arguments;
  mlir::DictionaryAttr options;
  Integer count = 0;         ///< records, or values that are not null
  Integer exactSum = 0;      ///< of integers
  double floatSum = 0;       ///< of floats, in the order of arrival (rule 24)
  std::optional<Value> best; ///< of min, max, first, last, argmin, argmax
  Value bestBy;              ///< of argmin, argmax
  int64_t bestTime = 0;
  std::vector<Value> different;               ///< of those that are `distinct`, in order
  std::vector<std::pair<int64_t, Value>> all; ///< of quantiles and string_join, with their times
  std::vector<Listed> records;                ///< of aggregates that give a list
  std::vector<double> reals;                  ///< of exact sums
  Integer bits = 0;                           ///< of any, all, bit_…
  llvm::APInt squares{512, 0};                ///< exact sum of the squares of integers
  double mean[2] = {0, 0};                    ///< of floats
  double products[3] = {0, 0, 0};             ///< of the distances to the mean: of the first, of both, of the second
};

/// sum / count, rounded once to the nearest f64 (rule 25). count > 0.
double exactAverage(Integer sum, Integer count);

/// The exact sum of these, divided by `divisor` (not 0), rounded once to the nearest f64 (rule 24).
double exactSumOf(llvm::ArrayRef<double> values, uint64_t divisor = 1);

/// a / b, rounded once to the nearest f64. Both are not negative, b is not 0.
double exactQuotient(const llvm::APInt &a, const llvm::APInt &b);

} // namespace millrace::reference
#endif
