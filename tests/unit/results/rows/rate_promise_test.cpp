#include "results/rows/rate_promise.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/table/table_chinese.h"
#include "plots/tables/rate_answer_tables.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "tests/support/open_loops.h"
#include "tests/support/schema_errors.h"

namespace ipcbench {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const PromiseRecord kPromise{.figure = "response_p99_ns", .below_ns = 50'000};

// A channel whose p99 is what a function of the rate says, in ns; 0: it is overloaded.
class PromisedChannel {
 public:
  explicit PromisedChannel(double saturation, const PromiseRecord& promise = kPromise) {
    result_ = open_loop_result({}, {.achieved_per_s = saturation});
    result_.promise = promise;
  }

  template <class P99>
  void measure(double rate, const P99& p99) {
    LoadRecord load = steady_load(1000);
    const double ns = p99(rate);
    load.response = many(static_cast<std::uint64_t>(ns));
    load.overloaded = ns == 0;
    result_.cases.push_back(open_loop_case({{"rate", std::to_string(static_cast<int>(rate))}}, load));
    summarise(result_);
  }
  // Measures what the search wants until it ends.
  template <class P99>
  void search(const P99& p99) {
    summarise(result_);
    for (double rate = next(); rate > 0; rate = next()) {
      ASSERT_LT(result_.cases.size(), 40u);
      measure(rate, p99);
    }
  }
  Result& result() { return result_; }
  LoadCurve curve() const { return searched_curves(result_).front(); }
  double next() const { return next_rate(curve(), *result_.promise); }

 private:
  Result result_;
};

TEST(RatesToTry, AreTheSameInEveryRunAndFivePercentApart) {
  const std::vector<double> rates = rates_to_try({.median = 1e6}, 1000);
  EXPECT_EQ(rates.front(), 1000);
  EXPECT_LE(rates.back(), 950'000);
  EXPECT_GT(rates.back(), 950'000 / 1.05);
  for (std::size_t i = 1; i < rates.size(); ++i) EXPECT_NEAR(rates[i] / rates[i - 1], std::pow(10, 1.0 / 48), 0.006);
  const std::vector<double> fewer = rates_to_try({.median = 9.7e5}, 1000);
  EXPECT_TRUE(std::equal(fewer.begin(), fewer.end(), rates.begin()));
}

TEST(RatesToTry, AreAsNearToTheSaturationAsABlockPermits) {
  EXPECT_GT(rates_to_try({.median = 1e6}, 20).back(), 900'000);
  // 20 / (1000 * (1 - sqrt(0.91))^2) = 9.4 s; at 95 % it would be 31 s.
  EXPECT_LT(rates_to_try({.median = 1000}, 20).back(), 915);
  EXPECT_GT(rates_to_try({.median = 1000}, 20).back(), 860);
  const Figure wide{.median = 1e6, .ci95 = Interval{900'000, 1'400'000}, .n = 9};
  EXPECT_LE(rates_to_try(wide, 20).back(), 750'000) << "no nearer than half of the interval's width";
  for (const double rate : rates_to_try({.median = 500}, 20)) EXPECT_EQ(rate, std::round(rate));
}

TEST(RatesToTry, HaveEnoughMessagesInABlock) {
  EXPECT_GE(rates_to_try({.median = 1e6}, 10'000).front(), 10'000);
  EXPECT_GE(rates_to_try({.median = 5000}, 1000).front(), 100) << "a slow channel may have blocks of 10 s";
  EXPECT_LT(rates_to_try({.median = 5000}, 1000).front(), 110);
  EXPECT_THAT(rates_to_try({.median = 50}, 1000), IsEmpty());
}

TEST(RateSearch, FindsTheRateAboveWhichThePromiseIsBroken) {
  for (const double limit : {850'000.0, 432'000.0, 61'000.0, 2'300.0}) {
    PromisedChannel channel(1e6);
    channel.search([&](double rate) { return rate <= limit ? 20'000.0 : 80'000.0; });
    const LoadCurve curve = channel.curve();
    const RateAnswer answer = rate_answer(curve, kPromise);
    ASSERT_NE(answer.highest, nullptr);
    ASSERT_NE(answer.next, nullptr);
    EXPECT_LE(answer.highest->rate_per_s, limit);
    EXPECT_GT(answer.next->rate_per_s, limit);
    EXPECT_LT(answer.next->rate_per_s / answer.highest->rate_per_s, 1.06);
    EXPECT_THAT(answer.lower_broken, IsEmpty());
    EXPECT_LT(curve.points.size(), 16u) << limit;
  }
}

TEST(RateSearch, SaysWhereIdlingBreaksThePromise) {
  PromisedChannel channel(1e6);
  channel.search([](double rate) { return rate > 500'000 || rate < 2'000 ? 80'000.0 : 20'000.0; });
  const LoadCurve curve = channel.curve();
  const RateAnswer answer = rate_answer(curve, kPromise);
  ASSERT_NE(answer.highest, nullptr);
  ASSERT_EQ(answer.lower_broken.size(), 1u);
  EXPECT_EQ(answer.lower_broken.front()->rate_per_s, 1000);
}

TEST(RateSearch, EndsWhereNoRateKeepsThePromise) {
  PromisedChannel channel(1e6);
  channel.search([](double) { return 80'000.0; });
  const LoadCurve curve = channel.curve();
  EXPECT_EQ(curve.points.front().rate_per_s, 1000) << "down to the lowest";
  EXPECT_EQ(rate_answer(curve, kPromise).highest, nullptr);
  EXPECT_EQ(rate_answer(curve, kPromise).undecided, nullptr);
}

TEST(RateSearch, TakesARateThatIsntSustainedAsBroken) {
  PromisedChannel channel(1e6);
  channel.search([](double rate) { return rate > 300'000 ? 0.0 : 20'000.0; });
  const LoadCurve curve = channel.curve();
  EXPECT_LE(rate_answer(curve, kPromise).highest->rate_per_s, 300'000);
}

TEST(RateSearch, IsUndecidedWhereIntervalsReachOverTheLimit) {
  PromisedChannel channel(1e6);
  channel.measure(500'000, [](double) { return 49'000.0; });
  CaseRecord& c = channel.result().cases.back();
  for (std::size_t i = 0; i < 4; ++i) c.launches[i].load->response = many(60'000);
  summarise(channel.result());
  const LoadCurve curve = channel.curve();
  EXPECT_EQ(kept(curve.points.front(), kPromise), Kept::undecided);
  ASSERT_NE(rate_answer(curve, kPromise).undecided, nullptr);
  EXPECT_EQ(why_undecided(curve.points.front(), kPromise), "an interval reaches over the limit");
}

// One of nine may be noise's fault; two reach over the limit with the interval's upper end.
TEST(RateSearch, ALaunchThatIsntSustainedTookForever) {
  for (const auto& [overloaded, expected] : {std::pair(1u, Kept::yes), {2u, Kept::undecided}, {8u, Kept::no}}) {
    PromisedChannel channel(1e6);
    channel.measure(500'000, [](double) { return 10'000.0; });
    CaseRecord& c = channel.result().cases.back();
    ASSERT_EQ(c.launches.size(), 9u);
    for (std::size_t i = 0; i < overloaded; ++i) c.launches[i].load->overloaded = true;
    summarise(channel.result());
    const LoadCurve curve = channel.curve();
    EXPECT_EQ(kept(curve.points.front(), kPromise), expected) << overloaded;
    if (expected == Kept::undecided) {
      EXPECT_EQ(why_undecided(curve.points.front(), kPromise), "the rate isn't sustained in 2 of 9 launches");
    }
    EXPECT_THAT(
        to_text(rate_answer_tables(channel.result()).front(), {}),
        expected == Kept::yes ? HasSubstr(", overloaded in 1") : HasSubstr(overloaded == 2 ? "undecided" : "no rate"));
  }
}

TEST(RateAnswerTables, ShowTheClocksErrorAndOverloadsApart) {
  PromisedChannel channel(1e6);
  channel.measure(500'000, [](double) { return 10'000.0; });
  CaseRecord& c = channel.result().cases.back();
  c.launches.front().load->overloaded = true;
  summarise(channel.result());
  c.summary.clock_error_ns = 8'000;
  EXPECT_THAT(to_text(rate_answer_tables(channel.result()).front(), {}), HasSubstr("(clock), overloaded in 1"));
}

TEST(RateAnswerTables, NameTheCanaryStateWhereThereWereSeveral) {
  PromisedChannel channel(1e6);
  channel.measure(500'000, [](double) { return 10'000.0; });
  for (CaseRecord& c : channel.result().cases) {
    for (LaunchRecord& launch : c.launches) launch.canary_ns = {110, 112};
  }
  summarise(channel.result());
  EXPECT_THAT(to_text(rate_answer_tables(channel.result()).front(), {}), Not(HasSubstr("canary state")));
  channel.result().cases.back().launches.front().canary_ns = {500, 500};
  summarise(channel.result());
  EXPECT_THAT(to_text(rate_answer_tables(channel.result()).front(), {}), HasSubstr("; canary state near"));
}

TEST(RateSearch, IsUndecidedWithoutAnInterval) {
  PromisedChannel channel(1e6);
  channel.measure(500'000, [](double) { return 10'000.0; });
  channel.result().cases.back().launches.resize(3);
  summarise(channel.result());
  const LoadCurve curve = channel.curve();
  EXPECT_EQ(kept(curve.points.front(), kPromise), Kept::undecided);
  EXPECT_EQ(why_undecided(curve.points.front(), kPromise), "3 launches have no interval");
  EXPECT_THAT(to_text(rate_answer_tables(channel.result()).front(), {}), HasSubstr("undecided: 3 launches"));
}

// Rates under 100/s have fewer than three digits; what is measured must be what the search asked for.
TEST(RateSearch, GoesOnWithASlowChannel) {
  PromisedChannel channel(95, {.figure = "response_p50_ns", .below_ns = 50'000});
  channel.search([](double rate) { return rate <= 31 ? 20'000.0 : 80'000.0; });
  const LoadCurve curve = channel.curve();
  const RateAnswer answer = rate_answer(curve, *channel.result().promise);
  ASSERT_NE(answer.highest, nullptr);
  EXPECT_LE(answer.highest->rate_per_s, 31);
  EXPECT_GT(answer.next->rate_per_s, 31);
}

TEST(RateSearch, IsUndecidedWhereNoBlockHasEnoughMessages) {
  PromisedChannel channel(95);
  channel.search([](double) { return 20'000.0; });
  EXPECT_THAT(channel.curve().points, IsEmpty());
  EXPECT_THAT(to_text(rate_answer_tables(channel.result()).front(), {}),
              HasSubstr("undecided: it is too slow for the 1000 messages"));
}

TEST(Promise, MayBeAboutCpuTimeToo) {
  PromisedChannel channel(1e6);
  channel.measure(100'000, [](double) { return 20'000.0; });
  CaseSummary& summary = channel.result().cases.back().summary;
  PromiseRecord promise = kPromise;
  promise.cpu_ratio = 0.2;
  for (const auto& [cpu_ns, expected] : {std::pair(1500.0, Kept::yes), {2500.0, Kept::no}}) {
    summary.cpu_ns_per_op = {.median = cpu_ns, .ci95 = Interval{cpu_ns - 100, cpu_ns + 100}, .n = 9};
    EXPECT_EQ(kept(channel.curve().points.front(), promise), expected) << cpu_ns;
  }
  summary.cpu_ns_per_op = {.median = 2000, .ci95 = Interval{1900, 2100}, .n = 9};
  EXPECT_EQ(kept(channel.curve().points.front(), promise), Kept::undecided);
  summary.cpu_ns_per_op = {};
  EXPECT_EQ(kept(channel.curve().points.front(), promise), Kept::undecided);
  EXPECT_EQ(promise_text(promise), "response p99 below 50 µs, CPU time below 20 % of one CPU");
}

TEST(Promise, NeedsTheMessagesOfItsQuantile) {
  EXPECT_EQ(messages_for(kPromise), 1000);
  EXPECT_EQ(messages_for(PromiseRecord{.figure = "service_p999_ns"}), 10'000);
  EXPECT_EQ(messages_for(PromiseRecord{.figure = "response_max_ns"}), 20);
}

TEST(Promise, IsKeptInTheFile) {
  Result result = open_loop_result({});
  result.promise = {
      .figure = "service_p50_ns", .below_ns = 5000, .cpu_ratio = 0.5, .options = {{"schedule", "poisson"}}};
  summarise(result);
  const std::string text = to_json(result);
  EXPECT_EQ(schema_errors("ipcbench-result", nlohmann::json::parse(text)), "");
  const Result back = result_from_json(text, "a file");
  ASSERT_TRUE(back.promise);
  EXPECT_EQ(back.promise->figure, "service_p50_ns");
  EXPECT_EQ(back.promise->below_ns, 5000);
  EXPECT_EQ(back.promise->cpu_ratio, 0.5);
  EXPECT_THAT(back.promise->options, ElementsAre(std::pair<std::string, std::string>("schedule", "poisson")));
  result.promise.reset();
  EXPECT_THAT(to_json(result), Not(HasSubstr("promise")));
}

TEST(RateAnswerTables, ShowTheRateAndTheNext) {
  PromisedChannel channel(1e6);
  channel.search([](double rate) { return rate > 500'000 || rate < 2'000 ? 80'000.0 : 20'000.0; });
  const std::vector<Table> tables = rate_answer_tables(channel.result());
  ASSERT_EQ(tables.size(), 1u);
  EXPECT_EQ(tables[0].id, "find-rate/same-l3");
  const std::string text = to_text(tables[0], {});
  for (const char* part :
       {"Highest rate with response p99 below 50 µs, same-l3", "487 k/s", "511 k/s", "lower rates break it: 1.00 k/s"})
    EXPECT_THAT(text, HasSubstr(part));
  EXPECT_THAT(to_text(in_chinese(tables[0]), {}), HasSubstr("最高速率"));
  channel.result().promise.reset();
  EXPECT_THAT(rate_answer_tables(channel.result()), IsEmpty());
}

}  // namespace
}  // namespace ipcbench
