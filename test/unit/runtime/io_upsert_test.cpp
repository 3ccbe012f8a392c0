//===- io_upsert_test.cpp - the first field of upsert streams (rule 34) -------===//
#include "runtime/io/connectors.h"
#include "runtime/io/encoders.h"
#include "test/unit/runtime/upsert_rows.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

using Maker = std::unique_ptr<Encoder> (*)(const mr_sink_desc &, const Options &, std::string &);

std::string encode(Maker make, const UpsertSink &sink, const std::vector<UpsertRow> &rows) {
  std::string error;
  auto encoder = make(sink.desc, Options(), error);
  Buffer out;
  encoder->begin(out);
  for (size_t done = 0; done < rows.size();)
    done += encoder->encode(bytesOf(rows) + done * sizeof(UpsertRow), rows.size() - done, out);
  encoder->end(out);
  return std::string(out.view());
}

std::vector<UpsertRow> someRows() {
  UpsertRow null = upsert("", "nowhere", 3);
  null.netNull = 1;
  UpsertRow gone = null;
  gone.op = 1;
  return {upsert("us", "a place with a long name", 1), deletion("us"), null, gone};
}

TEST(Upserts, Rule34_JsonWritesOpAndOfADeleteTheKey) {
  EXPECT_EQ(encode(makeJsonEncoder, UpsertSink(), someRows()),
            "{\"op\":\"upsert\",\"net\":\"us\",\"place\":\"a place with a long name\",\"n\":1}\n"
            "{\"op\":\"delete\",\"net\":\"us\"}\n"
            "{\"op\":\"upsert\",\"net\":null,\"place\":\"nowhere\",\"n\":3}\n"
            "{\"op\":\"delete\",\"net\":null}\n");
}

TEST(Upserts, Rule34_CsvWritesAColumnOp) {
  EXPECT_EQ(encode(makeCsvEncoder, UpsertSink(), someRows()), "op,net,place,n\n"
                                                              "upsert,us,a place with a long name,1\n"
                                                              "delete,us,,\n"
                                                              "upsert,,nowhere,3\n"
                                                              "delete,,,\n");
}

TEST(Upserts, Rule34_ATableThatIsNoTerminalHasAColumnOp) {
  EXPECT_EQ(encode(makeTableEncoder, UpsertSink(), someRows()), "op      net   place                     n\n"
                                                                "──────  ────  ────────────────────────  ─\n"
                                                                "upsert  us    a place with a long name  1\n"
                                                                "delete  us                               \n"
                                                                "upsert  null  nowhere                   3\n"
                                                                "delete  null                             \n");
}

TEST(Upserts, InsertOnlyRowsBehindAHeaderSayNothingOfIt) {
  std::vector<UpsertRow> rows = {upsert("us", "x", 1)};
  UpsertSink sink(/*insertOnly=*/true);
  EXPECT_EQ(encode(makeJsonEncoder, sink, rows), "{\"net\":\"us\",\"place\":\"x\",\"n\":1}\n");
  EXPECT_EQ(encode(makeCsvEncoder, sink, rows), "net,place,n\nus,x,1\n");
  EXPECT_EQ(encode(makeTableEncoder, sink, rows), "net  place  n\n───  ─────  ─\nus   x      1\n");
}

TEST(Upserts, AFieldCalledOpIsRefused) {
  UpsertSink sink;
  sink.fields[1].name = "op";
  std::string error;
  EXPECT_EQ(makeEncoder(sink.desc, Options(), error), nullptr);
  EXPECT_EQ(error, "error: sink `out`: the rows of an upsert stream say `op`, so no field of theirs can be called so; "
                   "rename it");
}

} // namespace
