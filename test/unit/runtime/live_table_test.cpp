//===- live_table_test.cpp - tables that stay where they are, on a small screen ----===//
#include "runtime/io/encoders.h"
#include "runtime/io/live_table.h"
#include "test/unit/runtime/screen.h"
#include "test/unit/runtime/upsert_rows.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

/// A table on a screen: what a person sees.
struct OnScreen {
  explicit OnScreen(unsigned rows, unsigned columns) : screen(rows, columns) { encoder->onTerminal(screen); }

  void take(const std::vector<UpsertRow> &rows) {
    EXPECT_EQ(encoder->encode(bytesOf(rows), rows.size(), out), rows.size());
    EXPECT_TRUE(out.empty()) << "rows alone draw nothing";
  }
  /// Draws; how many bytes that took.
  size_t show() {
    encoder->refresh(out);
    size_t bytes = out.size();
    screen.put(out.view());
    out.clear();
    return bytes;
  }
  std::vector<std::string> after(const std::vector<UpsertRow> &rows) {
    take(rows);
    show();
    return screen.lines();
  }

  UpsertSink sink;
  std::string error;
  std::unique_ptr<Encoder> encoder = makeTableEncoder(sink.desc, Options(), error);
  Screen screen;
  Buffer out;
};

using Lines = std::vector<std::string>;

TEST(LiveTable, Rule34_RowsChangeInPlace) {
  OnScreen table(10, 40);
  EXPECT_EQ(table.after({upsert("us", "here", 1), upsert("ci", "there", 2)}), (Lines{"net  place  n", //
                                                                                     "───  ─────  ─", //
                                                                                     "us   here   1", //
                                                                                     "ci   there  2"}));
  EXPECT_EQ(table.after({upsert("us", "elsewhere", 10)}), (Lines{"net  place       n", //
                                                                 "───  ─────────  ──", //
                                                                 "us   elsewhere  10", //
                                                                 "ci   there       2"}));
  EXPECT_EQ(table.screen.cursorRow(), 4u);
}

TEST(LiveTable, Rule34_DeletesTakeTheLineAway) {
  OnScreen table(10, 40);
  table.after({upsert("us", "a", 1), upsert("ci", "b", 2), upsert("ak", "c", 3)});
  EXPECT_EQ(table.after({deletion("ci")}), (Lines{"net  place  n", "───  ─────  ─", "us   a      1", "ak   c      3"}));
  EXPECT_EQ(table.after({deletion("us"), deletion("ak"), deletion("never seen")}),
            (Lines{"net  place  n", "───  ─────  ─"}));
  EXPECT_EQ(table.after({upsert("us", "d", 4)}), (Lines{"net  place  n", "───  ─────  ─", "us   d      4"}));
}

TEST(LiveTable, NeverHigherThanTheTerminal) {
  OnScreen table(8, 40); // room for head, rule, 4 keys, what is left out, the cursor
  table.screen.put("$ before\n");
  std::vector<UpsertRow> rows;
  for (int i = 0; i < 7; ++i)
    rows.push_back(upsert("k" + std::to_string(i), "", i));
  EXPECT_EQ(table.after(rows), (Lines{"net  place  n", "───  ─────  ─", "k3          3", "k4          4",
                                      "k5          5", "k6          6", "… and 3 other keys"}));
  EXPECT_EQ(table.screen.scrolledAway(), (Lines{"$ before"}));
  // A key that comes to be seen takes the place of the one that changed longest ago; the others stay where they are.
  EXPECT_EQ(table.after({upsert("k5", "", 50), upsert("k0", "", 10)}),
            (Lines{"net  place   n", "───  ─────  ──", "k0          10", "k4           4", "k5          50",
                   "k6           6", "… and 3 other keys"}));
  EXPECT_EQ(table.after({deletion("k1"), deletion("k2")}), // k3 had to go; it comes back when there is room for all
            (Lines{"net  place   n", "───  ─────  ──", "k0          10", "k4           4", "k5          50",
                   "k6           6", "k3           3"}));
  EXPECT_EQ(table.screen.scrolledAway(), (Lines{"$ before"})); // no drawing scrolls
}

TEST(LiveTable, LongLinesAreCutNotWrapped) {
  OnScreen table(10, 14);
  EXPECT_EQ(table.after({upsert("us", "somewhere far away", 1)}),
            (Lines{"net  place  n", "───  ─────  ─", "us   some…  1"}));
  OnScreen wide(10, 14); // two columns a character
  EXPECT_EQ(wide.after({upsert("日本", "東京湾の近く", 1)}),
            (Lines{"net   pla…  n", "────  ────  ─", "日本  東…   1"}));
}

TEST(LiveTable, TheLongestTextIsCutAndNoNumber) {
  OnScreen table(10, 31);
  EXPECT_EQ(
      table.after({upsert("a very long name", "a place", 1234567)}),
      (Lines{"net           place          n", "────────────  ───────  ───────", "a very long…  a place  1234567"}));
}

TEST(LiveTable, ResizedTerminals) {
  OnScreen table(10, 40);
  std::vector<UpsertRow> rows;
  for (int i = 0; i < 5; ++i)
    rows.push_back(upsert("k" + std::to_string(i), "", i));
  EXPECT_EQ(table.after(rows).size(), 7u);
  table.screen.resize(6, 10);
  table.show();
  EXPECT_EQ(table.screen.lines(), (Lines{"net  pla…", "───  ───…", "k3      …", "k4      …", "… and 3 …"}));
  table.screen.resize(12, 40);
  table.show();
  EXPECT_EQ(table.screen.lines().size(), 7u);
  EXPECT_EQ(table.screen.lines()[2], "k3          3");
  EXPECT_EQ(table.screen.lines()[6], "k2          2");
}

TEST(LiveTable, WhatHasNotChangedIsNotDrawn) {
  OnScreen table(10, 40);
  table.after({upsert("us", "here", 1), upsert("ci", "there", 2)});
  EXPECT_EQ(table.show(), 0u);
  table.take({upsert("us", "here", 1)});
  EXPECT_EQ(table.show(), 0u) << "the same row again";
  table.take({upsert("us", "here", 3)});
  table.encoder->refresh(table.out);
  EXPECT_EQ(table.out.view().find("there"), std::string_view::npos);
  EXPECT_EQ(table.out.view().find("net"), std::string_view::npos);
  EXPECT_NE(table.out.view().find("here"), std::string_view::npos);
}

TEST(LiveTable, BelowMessagesItIsDrawnAnew) {
  OnScreen table(12, 40);
  table.after({upsert("us", "here", 1)});
  table.screen.put("note: something\n");
  table.encoder->displaced();
  EXPECT_EQ(table.after({upsert("us", "here", 2)}),
            (Lines{"net  place  n", "───  ─────  ─", "us   here   1", "note: something", "net  place  n",
                   "───  ─────  ─", "us   here   2"}));
}

TEST(LiveTable, TheLastStateStays) {
  OnScreen table(10, 40);
  table.take({upsert("us", "here", 1)});
  table.encoder->end(table.out);
  table.screen.put(table.out.view());
  table.screen.put("$ ");
  EXPECT_EQ(table.screen.lines(), (Lines{"net  place  n", "───  ─────  ─", "us   here   1", "$"}));
  OnScreen empty(10, 40);
  EXPECT_EQ(empty.after({}), (Lines{"net  place  n", "───  ─────  ─"}));
}

TEST(LiveTable, KeysThatNobodyCanSeeAreForgotten) {
  UpsertSink sink;
  Screen screen(8, 60);
  LiveTable table(sink.desc, screen, 20);
  Buffer out;
  for (int i = 0; i < 25; ++i) {
    UpsertRow row = upsert("k" + std::to_string(i), "", i);
    table.change(reinterpret_cast<const uint8_t *>(&row));
  }
  table.draw(out);
  screen.put(out.view());
  EXPECT_EQ(screen.lines().back(), "… and more than 16 other keys");
  out.clear();
  table.finish(out);
  screen.put(out.view());
  EXPECT_EQ(screen.lines().back(), "… and others, which are forgotten: a table on a terminal h…");
}

TEST(LiveTable, AtTheEndAllKeysAreWritten) {
  OnScreen table(8, 40);
  table.screen.put("$ before\n");
  std::vector<UpsertRow> rows;
  for (int i = 0; i < 12; ++i)
    rows.push_back(upsert("k" + std::to_string(i), "", i));
  table.after(rows);
  table.after({upsert("k2", "last", 20), deletion("k5")});
  table.encoder->end(table.out);
  table.screen.put(table.out.view());
  Lines all = table.screen.scrolledAway();
  for (const std::string &line : table.screen.lines())
    all.push_back(line);
  EXPECT_EQ(all, (Lines{"$ before", "net  place   n", "───  ─────  ──", "k0           0", "k1           1",
                        "k2   last   20", "k3           3", "k4           4", "k6           6", "k7           7",
                        "k8           8", "k9           9", "k10         10", "k11         11"}));
}

TEST(LiveTable, Rule26_NanIsOneKeyAndNullAnother) {
  UpsertSink sink;
  sink.fields[0].type = MR_F64;
  Screen screen(10, 40);
  LiveTable table(sink.desc, screen);
  Buffer out;
  UpsertRow row = upsert("", "", 0);
  for (uint64_t bits : {0x7ff8000000000000ul, 0xfff8000000000001ul, 0x0ul, 0x8000000000000000ul}) {
    row.net.head = bits;
    ++row.n;
    table.change(reinterpret_cast<const uint8_t *>(&row));
  }
  row.netNull = 1;
  table.change(reinterpret_cast<const uint8_t *>(&row));
  table.draw(out);
  screen.put(out.view());
  EXPECT_EQ(screen.lines(),
            (Lines{" net  place  n", "────  ─────  ─", " NaN         2", "   0         4", "null         4"}));
}

} // namespace
