//===- engine_budget_test.cpp - state within its budget, told when it is not -----===//
#include "hand_pipeline.h"
#include "state_tables.h"

using namespace millrace;

namespace {

std::string manyKeys(int count) {
  std::string lines;
  for (int i = 0; i < count; ++i)
    lines += record(("a key of more than twelve bytes, number " + std::to_string(i)).c_str(), 1000, i);
  return lines;
}

TEST(EngineBudget, BeyondItThePipelineStopsAndNamesTheOperator) {
  CountingMemory memory;
  HandPipeline p;
  p.storage.files["in.jsonl"] = manyKeys(50'000);
  p.options.stateMemory = &memory;
  p.options.stateBudget = 1 << 20;
  EXPECT_EQ(p.run(), kEnvironment);
  EXPECT_NE(p.messages.find("error: state needs more memory than --memory allows (1.00 MiB): `per10` holds "),
            std::string::npos)
      << p.messages;
  EXPECT_NE(p.messages.find(" keys and needs "), std::string::npos) << p.messages;
  EXPECT_EQ(p.storage.output, "") << "no window has fired";
  EXPECT_LE(p.counts.stateBytesMost, uint64_t(1) << 20);
  EXPECT_EQ(memory.handedOut, 0u);
}

TEST(EngineBudget, WithinItNothingIsTold) {
  CountingMemory memory;
  HandPipeline p;
  p.storage.files["in.jsonl"] = manyKeys(50'000);
  p.options.stateMemory = &memory;
  p.options.stateBudget = 64 << 20;
  EXPECT_EQ(p.run(), kDone) << p.messages;
  EXPECT_GT(p.counts.stateBytesMost, 50'000u * 80);
  EXPECT_EQ(p.counts.stateBytesMost, memory.most);
  EXPECT_EQ(memory.handedOut, 0u);
}

TEST(EngineBudget, AMachineWithoutMemoryIsToldApart) {
  struct Poor : CountingMemory {
    uint8_t *obtain(uint64_t bytes) override { return bytes > 100'000 ? nullptr : CountingMemory::obtain(bytes); }
  } memory;
  HandPipeline p;
  p.storage.files["in.jsonl"] = manyKeys(50'000);
  p.options.stateMemory = &memory;
  EXPECT_EQ(p.run(), kEnvironment);
  EXPECT_NE(p.messages.find("error: out of memory: the machine has no more for state: `per10` holds "),
            std::string::npos)
      << p.messages;
}

} // namespace
