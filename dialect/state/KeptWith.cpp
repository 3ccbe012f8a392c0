//===- KeptWith.cpp - members whose state is a part of another's --------------===//
#include "dialect/state/KeptWith.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/Shape.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

StringAttr state::keptWith(MemberAttr member) { return member.getOptions().getAs<StringAttr>(optionKeptWith); }

MemberAttr state::keepWith(MemberAttr member, StringAttr holder) {
  NamedAttrList options(member.getOptions());
  options.set(optionKeptWith, holder);
  return MemberAttr::get(member.getContext(), member.getName(), member.getFn(), member.getArguments(),
                         member.getResult(), options.getDictionary(member.getContext()));
}

unsigned state::holderOf(ArrayRef<MemberAttr> members, unsigned number) {
  StringAttr name = keptWith(members[number]);
  if (!name)
    return number;
  auto *holder = llvm::find_if(members, [&](MemberAttr member) { return member.getName() == name; });
  assert(holder != members.end() && !keptWith(*holder) && "a member is kept with one that has its own state");
  return unsigned(holder - members.begin());
}

/// What of the options decides which state is kept: not what is only asked of it at the end.
static DictionaryAttr keeping(MemberAttr member) {
  NamedAttrList options(member.getOptions());
  for (StringRef late : {StringRef("overflow_null"), StringRef("overflow_saturate"), StringRef("fraction"),
                         StringRef("separator"), StringRef(optionKeptWith)})
    options.erase(late);
  if (!expr::isDistinct(*expr::findAggregate(member.getFn()), member.getOptions()))
    options.erase("distinct");
  if (!isExactSum(member))
    options.erase("exact");
  return options.getDictionary(member.getContext());
}

static bool isVariance(StringRef fn) { return fn.starts_with("var_") || fn.starts_with("stddev_"); }
static bool isCovariance(StringRef fn) { return fn.starts_with("covar_") || fn == "corr"; }
static bool isOfNumbers(StringRef fn) { return fn.starts_with("quantile") || fn == "median"; }

bool state::countsOnly(MemberAttr member) { return member.getFn() == "count"; }

bool state::holds(MemberAttr holder, MemberAttr member) {
  StringRef has = holder.getFn(), needs = member.getFn();
  if (expr::isPlace(has) || expr::isPlace(needs))
    return false;
  bool isSet = keepsSet(holder);
  if (needs == "count")
    return has == "count" || (!isSet && !expr::isUserAggregate(has) && shapeOf(holder).beside == Shape::Count);
  if (needs == "count_distinct")
    return has == needs || isSet;
  if (keeping(holder) != keeping(member))
    return false;
  if (has == needs)
    return true;
  if (needs == "sum" && has == "avg")
    return true;
  bool isFloat = !member.getArguments().empty() && expr::isFloat(expr::stripNull(member.getArgument()));
  if ((needs == "sum" || needs == "avg") && isVariance(has))
    return !isFloat; // of floats a variance has the mean, by other operations
  if (isVariance(needs))
    return isVariance(has);
  if (isCovariance(needs)) // a correlation has the variances besides
    return has == "corr" || (needs != "corr" && isCovariance(has));
  return isOfNumbers(needs) && isOfNumbers(has);
}
