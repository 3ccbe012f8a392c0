//===- time_watermark_test.cpp - W of an operator from its inputs (rules 4 to 6) -------------------===//
#include "runtime/time/watermark.h"

#include <gtest/gtest.h>

using namespace millrace;

TEST(Watermark, Rule5ARecordExactlyTheBoundBehindIsOnTime) {
  EXPECT_EQ(watermarkBehind(12, 2), 9);
  EXPECT_EQ(watermarkBehind(12, 0), 11);
}

TEST(Watermark, Rule1MinusInfinityIsReserved) {
  EXPECT_EQ(watermarkBehind(INT64_MIN + 1, 0), INT64_MIN + 1);
  EXPECT_EQ(watermarkBehind(0, INT64_MAX), INT64_MIN + 1);
}

TEST(Watermark, Rule6IsTheLeastOfTheActiveInputs) {
  InputWatermark inputs;
  inputs.addActive(7);
  inputs.addActive(5);
  inputs.addIdle(3, 100, false);
  inputs.addEnded(1, 200);
  EXPECT_FALSE(inputs.isIdle());
  EXPECT_EQ(inputs.at(1000), 5);
}

TEST(Watermark, Rule6WithoutActiveInputsIsTheGreatestAndHolds) {
  InputWatermark inputs;
  inputs.addIdle(3, 100, false);
  inputs.addIdle(9, 50, false);
  EXPECT_TRUE(inputs.isIdle());
  EXPECT_FALSE(inputs.followsClock());
  EXPECT_EQ(inputs.at(1'000'000), 9);
}

TEST(Watermark, Rule6FollowsTheClockFromTheMomentWhenTheLastWentIdle) {
  InputWatermark inputs;
  inputs.addIdle(3, 100, true);
  inputs.addIdle(9, 50, true);
  EXPECT_TRUE(inputs.followsClock());
  EXPECT_EQ(inputs.at(90), 9) << "the clock has not come to that moment";
  EXPECT_EQ(inputs.at(100), 9);
  EXPECT_EQ(inputs.at(130), 39);
  EXPECT_EQ(inputs.at(INT64_MAX), INT64_MAX - 91);
}

TEST(Watermark, Rule8PlusInfinityIsTheEndOfInput) {
  InputWatermark inputs;
  inputs.addIdle(INT64_MAX - 5, 0, true);
  EXPECT_EQ(inputs.at(100), INT64_MAX - 1);
}

TEST(Watermark, Rule6HoldsWhereThePoliciesDiffer) {
  InputWatermark inputs;
  inputs.addIdle(3, 100, true);
  inputs.addIdle(9, 50, false);
  EXPECT_EQ(inputs.at(1000), 9);
}

TEST(Watermark, Rule6WithoutAnyRecordThereIsNothingToFollow) {
  InputWatermark inputs;
  inputs.addIdle(INT64_MIN, 100, true);
  EXPECT_FALSE(inputs.followsClock());
  EXPECT_EQ(inputs.at(1000), INT64_MIN);
}

TEST(Watermark, Rule6AnEndedInputIsNoActiveOne) {
  InputWatermark inputs;
  inputs.addIdle(3, 100, true);
  inputs.addEnded(9, 150);
  EXPECT_TRUE(inputs.isIdle());
  EXPECT_EQ(inputs.at(150), 9);
  EXPECT_EQ(inputs.at(160), 19) << "the end was the last thing to happen";
}

TEST(Watermark, Rule8IsAtTheEndWhenAllInputsHaveEnded) {
  InputWatermark inputs;
  inputs.addEnded(3, 100);
  inputs.addEnded(9, 150);
  EXPECT_FALSE(inputs.isIdle());
  EXPECT_EQ(inputs.at(0), INT64_MAX);
}

TEST(Watermark, InputsOfOperatorsWithoutWindowsArePutTogether) {
  InputWatermark inputs, behind;
  behind.addActive(5);
  inputs.addIdle(9, 50, false);
  inputs.add(behind);
  EXPECT_FALSE(inputs.isIdle());
  EXPECT_EQ(inputs.at(0), 5);
}
