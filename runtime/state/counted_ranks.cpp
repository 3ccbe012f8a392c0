//===- counted_ranks.cpp - numbers of which each may go again, in order ---------===//
//
// Called by generated code (below). R. Seidel, C. Aragon, Randomized search trees
// (1996).
//
//===----------------------------------------------------------------------===//
#include "runtime/state/counted_ranks.h"

#include "runtime/state/memory.h"
#include "runtime/state/number_list.h"
#include "runtime/state/table.h"
#include "runtime/state/value_set.h"

#include <algorithm>
#include <cstring>

using namespace millrace;

/// What the text begins with; then come the nodes, number 1 first. The first four bytes of a text lie beside its length
/// too, so they never change.
struct millrace::CountedHeader {
  uint32_t never = 0;
  uint32_t root = 0; ///< 0: none, here and in nodes
  uint32_t free = 0; ///< a node that is not in use, chained by `left`
  uint32_t used = 0; ///< nodes that were ever in use
  uint32_t room = 0; ///< nodes
  uint32_t pad = 0;
};

namespace {

struct Node {
  uint64_t rank;
  uint32_t left, right;
  uint32_t times;         ///< how often it is there
  uint32_t all, distinct; ///< that it and all below it are
  uint32_t pad;
};
static_assert(sizeof(CountedHeader) == 24 && sizeof(Node) == 32);

constexpr uint64_t kLeastRoom = 6, kMostRoom = (~uint32_t(0) - sizeof(CountedHeader)) / sizeof(Node);

CountedHeader *headerOf(const StringArena &texts, mr_string stored) {
  return stringLength(stored) ? reinterpret_cast<CountedHeader *>(const_cast<char *>(texts.at(stored.tail))) : nullptr;
}

/// The nodes where they lie.
class Tree {
public:
  explicit Tree(CountedHeader *header) : header(*header), nodes(reinterpret_cast<Node *>(header + 1) - 1) {}

  /// The node of a rank, 0: it is not there.
  uint32_t find(uint64_t rank) const {
    uint32_t at = header.root;
    while (at && nodes[at].rank != rank)
      at = rank < nodes[at].rank ? nodes[at].left : nodes[at].right;
    return at;
  }

  /// On the way to a rank that is there: one more or less (~0) of it, its node included.
  void count(uint64_t rank, uint32_t by) {
    for (uint32_t at = header.root;; at = rank < nodes[at].rank ? nodes[at].left : nodes[at].right) {
      nodes[at].all += by;
      if (nodes[at].rank == rank) {
        nodes[at].times += by;
        return;
      }
    }
  }

  /// A rank that is not there yet; there is room.
  void insert(uint64_t rank) {
    uint32_t made = header.free;
    if (made)
      header.free = nodes[made].left;
    else
      made = ++header.used;
    uint32_t *at = &header.root;
    uint64_t weight = spreadWord(rank);
    while (*at && spreadWord(nodes[*at].rank) >= weight) {
      Node &node = nodes[*at];
      ++node.all, ++node.distinct;
      at = rank < node.rank ? &node.left : &node.right;
    }
    uint32_t below = *at;
    *at = made;
    nodes[made] = {rank, 0, 0, 1, 1, 1, 0};
    split(below, rank, nodes[made].left, nodes[made].right);
    update(nodes[made]);
  }

  /// A rank that is there once.
  void erase(uint64_t rank) {
    uint32_t *at = &header.root;
    while (nodes[*at].rank != rank) {
      Node &node = nodes[*at];
      --node.all, --node.distinct;
      at = rank < node.rank ? &node.left : &node.right;
    }
    uint32_t gone = *at;
    *at = merge(nodes[gone].left, nodes[gone].right);
    nodes[gone].left = header.free;
    header.free = gone;
  }

private:
  void update(Node &node) {
    node.all = node.times + nodes[node.left].all * (node.left != 0) + nodes[node.right].all * (node.right != 0);
    node.distinct = 1 + nodes[node.left].distinct * (node.left != 0) + nodes[node.right].distinct * (node.right != 0);
  }

  /// What is less than the rank, and what is greater.
  void split(uint32_t at, uint64_t rank, uint32_t &less, uint32_t &greater) {
    if (!at) {
      less = greater = 0;
      return;
    }
    Node &node = nodes[at];
    if (node.rank < rank) {
      less = at;
      uint32_t part;
      split(node.right, rank, part, greater);
      node.right = part;
    } else {
      greater = at;
      uint32_t part;
      split(node.left, rank, less, part);
      node.left = part;
    }
    update(node);
  }

  uint32_t merge(uint32_t less, uint32_t greater) {
    if (!less || !greater)
      return less ? less : greater;
    bool lessIsAbove = spreadWord(nodes[less].rank) >= spreadWord(nodes[greater].rank);
    uint32_t top = lessIsAbove ? less : greater;
    if (lessIsAbove)
      nodes[top].right = merge(nodes[top].right, greater);
    else
      nodes[top].left = merge(less, nodes[top].left);
    update(nodes[top]);
    return top;
  }

  CountedHeader &header;
  Node *nodes; ///< by number, from 1
};

/// The same with room for one more. What comes is the same as what was where memory is refused.
mr_string withRoom(StringArena &texts, mr_string stored) {
  CountedHeader *header = headerOf(texts, stored);
  if (header && (header->free || header->used < header->room))
    return stored;
  uint64_t used = header ? header->used : 0, room = std::max(kLeastRoom, used * 2);
  if (used == kMostRoom) {
    texts.account->refuseTooLong();
    return stored;
  }
  room = std::min(room, kMostRoom);
  mr_string made = texts.room(sizeof(CountedHeader) + room * sizeof(Node));
  if (!stringLength(made))
    return stored;
  CountedHeader *next = headerOf(texts, made);
  header = headerOf(texts, stored);
  *next = header ? *header : CountedHeader();
  next->room = uint32_t(room);
  if (header) {
    std::memcpy(next + 1, header + 1, used * sizeof(Node));
    texts.giveBack(stored);
  }
  return made;
}

/// Nodes by number, from 1.
const Node *nodesIn(const CountedHeader *header) { return reinterpret_cast<const Node *>(header + 1) - 1; }

} // namespace

mr_string millrace::addCounted(StringArena &texts, mr_string stored, uint64_t rank) {
  if (CountedHeader *header = headerOf(texts, stored))
    if (Tree tree(header); tree.find(rank)) {
      tree.count(rank, 1);
      return stored;
    }
  stored = withRoom(texts, stored);
  CountedHeader *header = headerOf(texts, stored);
  if (header && (header->free || header->used < header->room)) // else it was refused
    Tree(header).insert(rank);
  return stored;
}

void millrace::takeCounted(const StringArena &texts, mr_string stored, uint64_t rank) {
  CountedHeader *header = headerOf(texts, stored);
  if (!header)
    return;
  Tree tree(header);
  uint32_t at = tree.find(rank);
  if (!at)
    return;
  if (nodesIn(header)[at].times > 1)
    tree.count(rank, ~uint32_t(0));
  else
    tree.erase(rank);
}

CountedRanks::CountedRanks(const StringArena &texts, mr_string stored) {
  if (const CountedHeader *all = headerOf(texts, stored); all && all->root)
    header = all;
}

uint64_t CountedRanks::size(bool distinct) const {
  if (!header)
    return 0;
  const Node &root = nodesIn(header)[header->root];
  return distinct ? root.distinct : root.all;
}

uint64_t CountedRanks::below(uint64_t rank) const {
  uint64_t number = 0;
  const Node *nodes = header ? nodesIn(header) : nullptr;
  for (uint32_t at = header ? header->root : 0; at;) {
    const Node &node = nodes[at];
    if (node.rank < rank)
      number += node.times + (node.left ? nodes[node.left].all : 0);
    at = node.rank < rank ? node.right : node.left;
  }
  return number;
}

uint64_t CountedRanks::upTo(uint64_t rank) const { return ~rank ? below(rank + 1) : size(false); }

uint64_t CountedRanks::at(uint64_t place, bool distinct) const {
  const Node *nodes = nodesIn(header);
  for (uint32_t at = header->root;;) {
    const Node &node = nodes[at];
    uint64_t left = !node.left ? 0 : distinct ? nodes[node.left].distinct : nodes[node.left].all;
    uint64_t own = distinct ? 1 : node.times;
    if (place < left) {
      at = node.left;
    } else if (place < left + own) {
      return node.rank;
    } else {
      place -= left + own;
      at = node.right;
    }
  }
}

extern "C" mr_string mr_counted_add(mr_table *table, mr_string stored, uint64_t rank) {
  return addCounted(table->texts, stored, rank);
}
extern "C" mr_string mr_counted_take(mr_table *table, mr_string stored, uint64_t rank) {
  takeCounted(table->texts, stored, rank);
  return stored;
}
extern "C" uint64_t mr_counted_number(mr_table *table, mr_string stored, bool distinct) {
  return CountedRanks(table->texts, stored).size(distinct);
}
extern "C" uint64_t mr_counted_before(mr_table *table, mr_string stored, uint64_t rank, bool descending) {
  CountedRanks all(table->texts, stored);
  return descending ? all.size(false) - all.upTo(rank) : all.below(rank);
}
extern "C" double mr_counted_quantile(mr_table *table, mr_string stored, double fraction, uint32_t kind,
                                      bool distinct) {
  CountedRanks all(table->texts, stored);
  uint64_t size = all.size(distinct);
  return size ? quantileOf(size, [&](uint64_t place) { return all.at(place, distinct); }, fraction, RankOf(kind)) : 0;
}
extern "C" uint64_t mr_counted_discrete(mr_table *table, mr_string stored, double fraction, bool distinct) {
  CountedRanks all(table->texts, stored);
  uint64_t size = all.size(distinct);
  return size ? discreteQuantileOf(size, [&](uint64_t place) { return all.at(place, distinct); }, fraction) : 0;
}
