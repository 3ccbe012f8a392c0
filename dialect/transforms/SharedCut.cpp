//===- SharedCut.cpp - where time is cut for several windows ------------------===//
#include "dialect/transforms/SharedCut.h"

#include "llvm/Support/MathExtras.h"
#include <numeric>
#include <set>

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// Edges of all windows together, until they repeat.
static constexpr int64_t mostEdges = 4096;

static int64_t periodOf(WindowAttr window) {
  bool isSliding = window.getKind() == WindowKind::Sliding;
  return isSliding ? window.getSlide() : window.getSize();
}

/// Where a period is cut, from its begin.
static SmallVector<int64_t> edgesOf(WindowAttr window) {
  SmallVector<int64_t> edges{0};
  int64_t size = window.getSize(), slide = window.getSlide();
  if (window.getKind() == WindowKind::Cumulate)
    for (int64_t at = slide; at < size && int64_t(edges.size()) <= mostEdges; at += slide)
      edges.push_back(at);
  else if (window.getKind() == WindowKind::Sliding && (slide > size || size % slide))
    edges.push_back(slide > size ? size : size % slide);
  return edges;
}

SharedCut millrace::cutShared(ArrayRef<WindowAttr> windows) {
  int64_t period = 1;
  for (WindowAttr window : windows) {
    int64_t its = periodOf(window);
    if (llvm::MulOverflow(period / std::gcd(period, its), its, period))
      return {};
  }
  std::set<int64_t> all;
  SmallVector<size_t> alone;
  for (WindowAttr window : windows) {
    std::set<int64_t> its;
    SmallVector<int64_t> edges = edgesOf(window);
    int64_t every = periodOf(window);
    if (period / every > mostEdges / int64_t(edges.size()))
      return {};
    int64_t offset = window.getOffset() % every;
    for (int64_t start = offset < 0 ? offset + every : offset; start < period; start += every)
      for (int64_t edge : edges)
        its.insert((start + edge) % period);
    alone.push_back(its.size());
    all.insert(its.begin(), its.end());
  }
  return {true, llvm::any_of(alone, [&](size_t count) { return count < all.size(); })};
}
