#include "cli/options/promise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

TEST(ParsePromise, IsAboutTheResponseUnlessItSaysOtherwise) {
  EXPECT_EQ(parse_promise("p99<50us").figure, "response_p99_ns");
  EXPECT_EQ(parse_promise("p99<50us").below_ns, 50'000);
  EXPECT_EQ(parse_promise(" p99.9 < 1ms ").figure, "response_p999_ns");
  EXPECT_EQ(parse_promise("service p50<800ns").figure, "service_p50_ns");
  EXPECT_EQ(parse_promise("service p50<800ns").below_ns, 800);
  EXPECT_EQ(parse_promise("max<2s").figure, "response_max_ns");
}

TEST(ParsePromise, RefusesWhatItIsNot) {
  const auto complaint = [](const std::string& text) -> std::string {
    try {
      return parse_promise(text).figure;
    } catch (const UsageError& error) {
      return error.what();
    }
  };
  EXPECT_THAT(complaint("p99.8<50us"), HasSubstr("'p99.8' is no quantile; did you mean 'p99.9'?"));
  EXPECT_THAT(complaint("p99"), HasSubstr("it names no limit; example: 'p99<50us'"));
  EXPECT_THAT(complaint("<50us"), HasSubstr("'' is no quantile"));
  EXPECT_THAT(complaint("p99<"), HasSubstr("promise 'p99<'"));
  EXPECT_THAT(complaint("p99<50"), HasSubstr("50"));
  EXPECT_THAT(complaint("p99<0us"), HasSubstr("p99<0us"));
}

TEST(ParseCpuShare, IsAPartOfOneCpu) {
  EXPECT_DOUBLE_EQ(parse_cpu_share("20%"), 0.2);
  EXPECT_DOUBLE_EQ(parse_cpu_share("0.5"), 0.5);
  EXPECT_DOUBLE_EQ(parse_cpu_share("150%"), 1.5);
  for (const char* wrong : {"", "%", "0%", "201%", "-1", "nan", "20 %", "a"})
    EXPECT_THROW(parse_cpu_share(wrong), UsageError) << wrong;
}

}  // namespace
}  // namespace ipcbench
