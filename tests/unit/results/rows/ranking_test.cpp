#include "results/rows/ranking.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

Figure interval_figure(double median, double low, double high) {
  Figure result;
  result.median = median;
  result.ci95 = Interval{low, high};
  result.n = 9;
  return result;
}

std::vector<std::string> ranks_of(const std::vector<Figure>& figures, Better better) {
  std::vector<Contender> rows;
  for (const Figure& f : figures) rows.push_back({.figure = &f});
  std::vector<std::string> result;
  for (const Rank& r : rank(rows, better)) result.push_back(std::to_string(r.index) + ":" + to_string(r));
  return result;
}

// Returns a case with these means, one per pass from `first_pass` on.
CaseRecord measured_case(const std::vector<double>& means, int first_pass = 0) {
  CaseRecord c;
  c.placement = Placement::same_cpu;
  for (const double mean : means) {
    LaunchRecord launch;
    launch.pass = first_pass + static_cast<int>(c.launches.size());
    launch.mean_ns = mean;
    c.launches.push_back(launch);
  }
  c.summary.rtt_mean = figure_of(means);
  return c;
}

Contender row_of(const CaseRecord& c) { return {.figure = &c.summary.rtt_mean, .measured = &c}; }

TEST(Ranking, EachRowHasItsOwnRangeAndNoneIsPassedDownAChain) {
  // 1 overlaps 2, 2 overlaps 3, and so on, but 1 doesn't overlap 3.
  const std::vector<Figure> chain = {interval_figure(10, 9, 12), interval_figure(13, 11, 15),
                                     interval_figure(16, 14, 18), interval_figure(19, 17, 21),
                                     interval_figure(40, 39, 41)};
  EXPECT_EQ(ranks_of(chain, Better::smaller), (std::vector<std::string>{"0:1–2", "1:1–3", "2:2–4", "3:3–4", "4:5"}));
  EXPECT_EQ(ranks_of(chain, Better::larger), (std::vector<std::string>{"4:1", "3:2–3", "2:2–4", "1:3–5", "0:4–5"}));
}

TEST(Ranking, WithoutAnIntervalThereIsNoRank) {
  Figure bare;
  bare.median = 15;
  const std::vector<Figure> figures = {{}, interval_figure(20, 19, 21), bare, interval_figure(10, 9, 11)};
  EXPECT_EQ(ranks_of(figures, Better::smaller), (std::vector<std::string>{"3:1", "2:", "1:2", "0:"}));
  EXPECT_TRUE(ranks_of({}, Better::smaller).empty());
}

TEST(Ranking, PassesTellRowsApartWhoseIntervalsOverlap) {
  const CaseRecord fast = measured_case({10, 20, 30, 40, 50, 60, 70, 80, 90});
  const CaseRecord slow = measured_case({11, 22, 33, 44, 55, 66, 77, 88, 99});
  const Order smaller(Better::smaller, 1);
  EXPECT_TRUE(smaller.surely_better(row_of(fast), row_of(slow)));
  EXPECT_FALSE(smaller.surely_better(row_of(slow), row_of(fast)));
  EXPECT_TRUE(Order(Better::larger, 1).surely_better(row_of(slow), row_of(fast)));
  const std::vector<Contender> rows = {row_of(slow), row_of(fast)};
  const std::vector<Rank> ranks = rank(rows, Better::smaller);
  EXPECT_EQ(to_string(ranks[0]), "1");
  EXPECT_EQ(to_string(ranks[1]), "2");
}

TEST(Ranking, MoreComparisonsNeedMorePasses) {
  const CaseRecord fast = measured_case({10, 20, 30, 40, 50, 60, 70, 80, 90});
  const CaseRecord slow = measured_case({11, 22, 33, 44, 55, 66, 77, 88, 99});
  EXPECT_TRUE(Order(Better::smaller, 12).surely_better(row_of(fast), row_of(slow))) << "2^-9 is under 2.5 % / 12";
  EXPECT_FALSE(Order(Better::smaller, 13).surely_better(row_of(fast), row_of(slow)));
}

TEST(Ranking, OnlyUsedLaunchesOfCommonPassesAreCompared) {
  const Order order(Better::smaller, 1);
  CaseRecord fast = measured_case({10, 20, 30, 40, 50, 60});
  const CaseRecord slow = measured_case({11, 22, 33, 44, 55, 66});
  EXPECT_TRUE(order.surely_better(row_of(fast), row_of(slow)));
  EXPECT_FALSE(order.surely_better(row_of(fast), row_of(measured_case({11, 22, 33, 44, 55, 66}, 1))));
  fast.launches[3].used = false;
  EXPECT_FALSE(order.surely_better(row_of(fast), row_of(slow)));
  fast.launches[3].used = true;
  fast.summary.state_used = "near";
  EXPECT_FALSE(order.surely_better(row_of(fast), row_of(slow))) << "the canary states differ";
}

TEST(Ranking, RowsOfTwoStatesOrContractsAreNotToldApart) {
  const Order order(Better::smaller, 1);
  const CaseRecord fast = measured_case({10, 10, 10, 10, 10, 10, 10, 10});
  CaseRecord slow = measured_case({90, 90, 90, 90, 90, 90, 90, 90});
  EXPECT_TRUE(order.surely_better(row_of(fast), row_of(slow)));
  slow.wait = WaitStrategy::spin;
  EXPECT_TRUE(order.surely_better(row_of(fast), row_of(slow))) << "a wait is what a user chooses";
  slow.summary.state_used = "far";
  EXPECT_FALSE(order.surely_better(row_of(fast), row_of(slow)));
  slow.summary.state_used = "";
  slow.workers = "exec";
  EXPECT_FALSE(order.surely_better(row_of(fast), row_of(slow)));
}

TEST(Ranking, WhatThePassesOrderAgainstTheMediansIsNotToldApart) {
  CaseRecord a = measured_case({2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1});
  CaseRecord b = measured_case({1.5, 1.5, 1.5, 1.5, 1.5, 1.5});
  ASSERT_LT(*a.summary.rtt_mean.median, *b.summary.rtt_mean.median);
  const Order order(Better::smaller, 1);
  EXPECT_FALSE(order.surely_better(row_of(a), row_of(b)));
  EXPECT_FALSE(order.surely_better(row_of(b), row_of(a)));
}

struct Simulated {
  double held = 0;          // share of rows whose range contains their true place, the minimum over places
  double places = 0;        // mean number of places in a range
  double by_intervals = 0;  // the same for intervals alone
};

// Simulates rows whose true values differ by `step` (a log ratio), in 9 passes whose disturbances affect all rows
// alike.
Simulated simulate(double step) {
  constexpr std::size_t kRows = 10;
  constexpr int kRuns = 600;
  std::mt19937_64 random(20260101);
  std::normal_distribution<double> of_pass(0, 0.1);
  std::normal_distribution<double> own(0, 0.02);
  std::vector<int> held(kRows, 0);
  Simulated result;
  for (int run = 0; run < kRuns; ++run) {
    std::vector<std::vector<double>> means(kRows);
    for (int pass = 0; pass < 9; ++pass) {
      const double all = of_pass(random);
      for (std::size_t row = 0; row < kRows; ++row) {
        means[row].push_back(1000 * std::exp(static_cast<double>(row) * step + all + own(random)));
      }
    }
    std::vector<CaseRecord> cases;
    for (const auto& values : means) cases.push_back(measured_case(values));
    std::vector<Contender> rows;
    std::vector<Contender> bare;
    for (const CaseRecord& c : cases) {
      rows.push_back(row_of(c));
      bare.push_back({.figure = &c.summary.rtt_mean});
    }
    for (const Rank& place : rank(rows, Better::smaller)) {
      held[place.index] += place.first <= place.index + 1 && place.index + 1 <= place.last ? 1 : 0;
      result.places += static_cast<double>(place.last - place.first + 1);
    }
    for (const Rank& place : rank(bare, Better::smaller)) {
      result.by_intervals += static_cast<double>(place.last - place.first + 1);
    }
  }
  result.held = static_cast<double>(*std::min_element(held.begin(), held.end())) / kRuns;
  result.places /= kRows * kRuns;
  result.by_intervals /= kRows * kRuns;
  return result;
}

TEST(Ranking, ARangeHoldsTheTruePlaceAtLeastAsOftenAsItClaims) {
  for (const double step : {0.0001, 0.005, 0.02, 0.05}) EXPECT_GE(simulate(step).held, kCoverage) << step;
}

TEST(Ranking, PassesNarrowTheRangesOfANoisyMachine) {
  const Simulated noisy = simulate(0.05);
  EXPECT_LT(noisy.places, 0.7 * noisy.by_intervals);
}

}  // namespace
}  // namespace ipcbench
