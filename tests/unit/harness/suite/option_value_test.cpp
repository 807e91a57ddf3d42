#include "harness/suite/option_value.h"

#include <chrono>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

const OptionInfo kPattern{
    .name = "pattern", .default_value = "even", .values = {"even", "random", "burst-K"}, .summary = "when", .most = 64};
const OptionInfo kSpeed{.name = "speed",
                        .kind = OptionInfo::Kind::rate,
                        .default_value = "full",
                        .summary = "how often",
                        .meaning = "as fast as it goes"};
const OptionInfo kPause{
    .name = "pause", .kind = OptionInfo::Kind::duration, .default_value = "0", .summary = "how long"};
const OptionInfo kShare{
    .name = "share", .kind = OptionInfo::Kind::count, .default_value = "50", .summary = "%", .most = 99};

std::string canonical(const OptionInfo& option, std::string_view value) {
  try {
    return canonical_value(option, value, "some-scenario");
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(OptionValue, OfARateIsANumberASecond) {
  for (const char* same : {"20000", "20k", "20000/s", "20k/s", "0.02M"}) EXPECT_EQ(canonical(kSpeed, same), "20000");
  EXPECT_EQ(canonical(kSpeed, "1.5M"), "1500000");
  EXPECT_EQ(loop_number(kSpeed, "1500000"), 1'500'000u);
  for (const char* bad :
       {"0", "-1", "1.5", "0.0001k", "20kk", "20 k", "20K", "k", "", "/s", "1001M", "inf", "nan", "1e3"}) {
    EXPECT_THAT(canonical(kSpeed, bad),
                HasSubstr("is not a rate; write a whole number a second from 1 to 1000000000: 20000, 20k, 1.5M; or "
                          "full: as fast as it goes"))
        << bad;
  }
}

TEST(OptionValue, ThatIsTheDefaultsWordIsZeroToALoop) {
  EXPECT_EQ(canonical(kSpeed, "full"), "full");
  EXPECT_EQ(loop_number(kSpeed, "full"), 0u);
}

TEST(OptionValue, OfADurationIsInItsLargestWholeUnit) {
  EXPECT_EQ(canonical(kPause, "100us"), "100us");
  EXPECT_EQ(canonical(kPause, "1000us"), "1ms");
  EXPECT_EQ(canonical(kPause, "1500 us"), "1500us");
  EXPECT_EQ(canonical(kPause, "120s"), "2min");
  EXPECT_EQ(canonical(kPause, "0"), "0");
  EXPECT_EQ(loop_number(kPause, "1500us"), 1'500'000u);
  EXPECT_EQ(loop_number(kPause, "0"), 0u);
  for (const char* bad : {"", "5", "5h", "us", "-1us", "1.5us"}) {
    EXPECT_THAT(canonical(kPause, bad), HasSubstr("is not a time; write a whole number with ns, us, ms, s or min"))
        << bad;
  }
  EXPECT_THAT(canonical(kPause, "0ns"), HasSubstr("pause: at least 1ns"));
  EXPECT_THAT(canonical(kPause, "9000000000000000000ns"), HasSubstr("is too long"));
}

TEST(OptionValue, OfADurationIsReadBack) {
  for (const std::int64_t ns : {1LL, 999LL, 1'000LL, 1'001LL, 60'000'000'000LL, 61'000'000'000LL}) {
    const std::chrono::nanoseconds time(ns);
    EXPECT_EQ(parse_short_duration(exact_duration(time), "x"), time);
  }
}

TEST(OptionValue, OfAChoiceMayHaveANumber) {
  EXPECT_EQ(canonical(kPattern, "random"), "random");
  EXPECT_EQ(canonical(kPattern, "burst-8"), "burst-8");
  EXPECT_EQ(canonical(kPattern, "burst-08"), "burst-8");
  EXPECT_EQ(place_of(loop_number(kPattern, "random")), 1u);
  EXPECT_EQ(place_of(loop_number(kPattern, "burst-64")), 2u);
  EXPECT_EQ(number_of(loop_number(kPattern, "burst-64")), 64u);
}

TEST(OptionValue, ThatNoChoiceHasIsRefusedWithTheNearest) {
  EXPECT_THAT(canonical(kPattern, "rnadom"),
              HasSubstr("option 'pattern' of some-scenario can't be 'rnadom'; did you mean 'random'?"));
  EXPECT_THAT(canonical(kPattern, "brust-8"), HasSubstr("did you mean 'burst-8'?"));
  EXPECT_THAT(canonical(kPattern, "x"), HasSubstr("; valid: even, random, burst-K"));
  for (const char* bad : {"burst-1", "burst-0", "burst-65"})
    EXPECT_THAT(canonical(kPattern, bad), HasSubstr("K of burst-K is from 2 to 64")) << bad;
  for (const char* bad : {"burst-K", "burst-", "burst-8x", "burst--8", "burst-99999999999"})
    EXPECT_THAT(canonical(kPattern, bad), HasSubstr("can't be")) << bad;
}

TEST(OptionValue, OfACountIsBounded) {
  EXPECT_EQ(canonical(kShare, "99"), "99");
  EXPECT_THAT(canonical(kShare, "100"), HasSubstr("share: 100 is more than 99"));
  EXPECT_THAT(canonical(kShare, "0"), HasSubstr("is not a number from 1"));
}

}  // namespace
}  // namespace ipcbench
