//===- WindowAlgorithms.cpp - the table of algorithms of windows -----------------===//
#include "dialect/transforms/WindowAlgorithms.h"

#include "dialect/stream/Clauses.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static std::string nothing(const Sliced &) { return {}; }

static std::string slicesText(const Sliced &window) {
  const char *one = window.kind == WindowKind::Count ? " part" : " slice";
  return std::to_string(window.slices) + one + (window.slices == 1 ? "" : "s");
}

/// Up to here a result is combined of its slices as fast as by any other way, with the least state.
static constexpr int64_t mostRecomputed = 4;

static std::string outOfOrder(const Sliced &window) { return window.ordered; }
static std::string prefixReason(const Sliced &) { return "a running result, to which each step adds its slice"; }

static std::string tooManySlices(const Sliced &window) {
  bool hasOther = window.kind != WindowKind::Count || window.notExact.empty();
  return window.slices <= mostRecomputed || !window.keeps.empty() || !window.ordered.empty() || !hasOther
             ? ""
             : "each result would be combined of " + slicesText(window) + ", more than " +
                   std::to_string(mostRecomputed);
}
static std::string recomputeReason(const Sliced &window) {
  std::string why;
  if (window.kind == WindowKind::Count && window.slices > mostRecomputed)
    why = window.notExact;
  else if (!window.ordered.empty())
    why = window.ordered;
  else if (window.slices > mostRecomputed && !window.keeps.empty())
    why = window.keeps + " keeps its values, which suffixes of slices would have once more each";
  return slicesText(window) + " a window, combined for each result" + (why.empty() ? "" : ": " + why);
}

static std::string notExactly(const Sliced &window) { return window.notExact; }
static std::string subtractReason(const Sliced &window) {
  if (window.kind == WindowKind::Count)
    return slicesText(window) + " a window: a running result, to which a part is added when it is full and from which "
                                "it is taken when it leaves";
  return slicesText(window) +
         " a window: a running result, to which slices are added when they close and "
         "from which they are taken when they expire" +
         (window.seen.empty() ? "" : "; " + window.seen + " has with each value the last slice that had it");
}
static std::string twoStacksReason(const Sliced &window) {
  return slicesText(window) + " a window: suffixes of the older ones and a running result of the younger ones, "
                              "so each slice is combined twice";
}

static constexpr WindowKind ofSteps[] = {WindowKind::Cumulate};
static constexpr WindowKind ofSlides[] = {WindowKind::Sliding};
static constexpr WindowKind ofMoving[] = {WindowKind::Sliding, WindowKind::Count};
static constexpr WindowKind ofSlices[] = {WindowKind::Sliding, WindowKind::Cumulate, WindowKind::Count};

static constexpr WindowAlgorithm rows[] = {
    {Algorithm::Prefix, "slices are added to a running result, which the end of the window clears", ofSteps, outOfOrder,
     nothing, prefixReason},
    {Algorithm::Recompute, "all slices are combined for each result", ofSlices, nothing, tooManySlices,
     recomputeReason},
    {Algorithm::Subtract, "slices are added to a running result, and taken away again", ofMoving, notExactly, nothing,
     subtractReason},
    {Algorithm::TwoStacks, "suffixes of older slices, a running result of younger ones", ofSlides, outOfOrder, nothing,
     twoStacksReason},
};

ArrayRef<WindowAlgorithm> millrace::windowAlgorithms() { return rows; }

const WindowAlgorithm &millrace::windowAlgorithm(Algorithm algorithm) {
  return *llvm::find_if(rows, [&](const WindowAlgorithm &row) { return row.algorithm == algorithm; });
}

std::string WindowAlgorithm::whyNotFor(WindowKind kind) const {
  std::string names;
  for (WindowKind each : kinds)
    names += (names.empty() ? "`" : " or `") + stringifyWindowKind(each).str() + "`";
  return isFor(kind) ? "" : "that is for windows of the kind " + names;
}

ArrayRef<std::pair<std::string, std::optional<Algorithm>>> millrace::algorithmChoices() {
  static const auto choices = [] {
    std::vector<std::pair<std::string, std::optional<Algorithm>>> all = {{"auto", std::nullopt}};
    for (const WindowAlgorithm &row : rows)
      all.emplace_back(algorithmText(row.algorithm), row.algorithm);
    return all;
  }();
  return choices;
}

StringRef millrace::algorithmName(std::optional<Algorithm> algorithm) {
  for (const auto &[name, choice] : algorithmChoices())
    if (choice == algorithm)
      return name;
  llvm_unreachable("only algorithms of the table are chosen");
}

std::optional<std::optional<Algorithm>> millrace::algorithmByName(StringRef name) {
  for (const auto &[known, choice] : algorithmChoices())
    if (known == name)
      return choice;
  return std::nullopt;
}

StringRef millrace::algorithmHelp() {
  static const std::string text = [] {
    std::string all = "how results of windows come from their slices";
    for (const WindowAlgorithm &row : rows)
      all += "; " + algorithmText(row.algorithm) + ": " + row.summary.str();
    return all;
  }();
  return text;
}
