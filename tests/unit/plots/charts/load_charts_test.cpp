#include "plots/charts/load_charts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/charts/charts.h"
#include "plots/charts/gnuplot.h"
#include "plots/charts/static_charts.h"
#include "results/claims/sources_table.h"
#include "results/figures/summary.h"
#include "tests/support/idle_sample.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

LoadRecord overloaded_load() {
  LoadRecord load = steady_load(9000);
  load.overloaded = true;
  return load;
}

// Returns a pipe that carries two million messages a second, measured at three rates with a growing response.
Result rising_result(const OptionList& options = {}) {
  Result result = open_loop_result({}, {.achieved_per_s = 2e6});
  std::uint64_t response_ns = 1000;
  for (const char* rate : {"20000", "200000", "1800000"}) {
    OptionList all = options;
    all.emplace_back("rate", rate);
    result.cases.push_back(open_loop_case(all, steady_load(response_ns)));
    response_ns *= 4;
  }
  summarise(result);
  return result;
}

ChartData chart_named(const Result& result, std::string_view name) {
  for (ChartData& data : load_charts(result)) {
    if (data.name == name) return std::move(data);
  }
  ADD_FAILURE() << "no chart " << name;
  return {};
}

std::vector<double> rates_of(const ChartSeries& series) {
  std::vector<double> rates;
  for (const ChartPoint& point : series.points) rates.push_back(point.x);
  return rates;
}

TEST(LoadCharts, AreThreeForEachPlacement) {
  Result result = rising_result();
  for (const CaseRecord& c : rising_result().cases) {
    result.cases.push_back(c);
    result.cases.back().placement = Placement::same_cpu;
  }
  summarise(result);
  std::vector<std::string> names;
  for (const ChartData& data : load_charts(result)) names.push_back(data.name);
  EXPECT_THAT(names, ElementsAre("load-same-l3", "load-cpu-same-l3", "load-times-same-l3", "load-same-cpu",
                                 "load-cpu-same-cpu", "load-times-same-cpu"));
}

TEST(LoadCharts, ShowTheServiceWhereATimerDrivesTheSenderElseTheResponse) {
  const Result result = rising_result();
  const ChartData sleeping = chart_named(result, "load-same-l3");
  ASSERT_EQ(sleeping.series.size(), 1u);
  EXPECT_THAT(rates_of(sleeping.series[0]), ElementsAre(20'000, 200'000, 1'800'000));
  EXPECT_EQ(sleeping.y_label, "service, median [95 %]");
  const CaseSummary& slowest = result.cases.back().summary;
  EXPECT_EQ(sleeping.series[0].points[2].y, *slowest.service_p50.median);
  EXPECT_EQ(sleeping.series[0].points[2].interval.low, slowest.service_p50.ci95->low);
  EXPECT_EQ(sleeping.series[0].points[2].second, *slowest.service_p99.median);

  const ChartData spinning = chart_named(rising_result({{"pacer", "spin"}}), "load-same-l3");
  EXPECT_EQ(spinning.y_label, "response, median [95 %]");
  EXPECT_EQ(spinning.series[0].points[2].y, *slowest.response_p50.median);
  EXPECT_NE(*slowest.response_p50.median, *slowest.service_p50.median);
}

TEST(LoadCharts, SayWhichTimeWhereBothPacersAreShown) {
  Result result = rising_result();
  for (const CaseRecord& c : rising_result({{"pacer", "spin"}}).cases) result.cases.push_back(c);
  summarise(result);
  const ChartData data = chart_named(result, "load-same-l3");
  ASSERT_EQ(data.series.size(), 2u);
  EXPECT_EQ(data.series[0].label, "pipe pacer sleep");
  EXPECT_EQ(data.series[1].label, "pipe pacer spin");
  EXPECT_EQ(data.y_label, "median [95 %]: response if the pacer spins, else service");
}

TEST(LoadCharts, HaveTheSaturationWithItsInterval) {
  const ChartSeries series = chart_named(rising_result(), "load-same-l3").series.at(0);
  ASSERT_TRUE(series.saturation);
  EXPECT_EQ(series.saturation->most, 2e6);
  Result without = rising_result();
  without.cases.erase(without.cases.begin());
  EXPECT_FALSE(chart_named(without, "load-same-l3").series.at(0).saturation);
}

TEST(LoadCharts, ARateThatWasNotSustainedInterruptsTheLine) {
  Result result = rising_result();
  for (LaunchRecord& launch : result.cases[2].launches) launch.load = overloaded_load();
  summarise(result);
  const ChartSeries series = chart_named(result, "load-same-l3").series.at(0);
  ASSERT_EQ(series.points.size(), 3u);
  EXPECT_TRUE(std::isnan(series.points[1].y));
  EXPECT_TRUE(std::isnan(series.points[1].second));
  EXPECT_FALSE(std::isnan(series.points[2].y));
}

TEST(LoadCharts, OfASpinningPacerShowTheReceiversCpuTime) {
  Result sleeping = rising_result();
  for (CaseRecord& c : sleeping.cases) {
    for (LaunchRecord& launch : c.launches) launch.load->pacer_cpu_ns = 1;
  }
  summarise(sleeping);
  const CaseSummary& last = sleeping.cases.back().summary;
  ASSERT_TRUE(last.cpu_ns_per_op.median);
  ASSERT_TRUE(last.consumer_cpu_ns_per_op.median);
  EXPECT_NE(*last.cpu_ns_per_op.median, *last.consumer_cpu_ns_per_op.median);
  const ChartData both = chart_named(sleeping, "load-cpu-same-l3");
  EXPECT_THAT(both.title, StartsWith("CPU time a message against load"));
  EXPECT_EQ(both.series[0].points[2].y, *last.cpu_ns_per_op.median);

  const Result spins = rising_result({{"pacer", "spin"}});
  const ChartData receiver = chart_named(spins, "load-cpu-same-l3");
  EXPECT_THAT(receiver.title, StartsWith("CPU time of the receiver against load"));
  EXPECT_EQ(receiver.series[0].points[2].y, *spins.cases.back().summary.consumer_cpu_ns_per_op.median);
}

TEST(LoadCharts, ShowNoCpuTimeOfBothSidesBelowTheReceivers) {
  Result result = rising_result();
  for (CaseRecord& c : result.cases) {
    for (LaunchRecord& launch : c.launches) launch.load->pacer_cpu_ns = 1;
  }
  summarise(result);
  CaseSummary& middle = result.cases[2].summary;
  middle.cpu_ns_per_op.median = *middle.consumer_cpu_ns_per_op.median / 2;
  const ChartSeries series = chart_named(result, "load-cpu-same-l3").series.at(0);
  EXPECT_FALSE(std::isnan(series.points[0].y));
  EXPECT_TRUE(std::isnan(series.points[1].y));
}

TEST(LoadCharts, ShowTheReceiversCpuTimeWhereThatOfBothSidesIsRare) {
  Result result = rising_result();
  for (LaunchRecord& launch : result.cases[1].launches) launch.load->pacer_cpu_ns = 1;
  summarise(result);
  ASSERT_TRUE(result.cases[1].summary.cpu_ns_per_op.median);
  const ChartData data = chart_named(result, "load-cpu-same-l3");
  EXPECT_THAT(data.title, StartsWith("CPU time of the receiver against load"));
  for (const ChartPoint& point : data.series.at(0).points) EXPECT_FALSE(std::isnan(point.y));
}

TEST(LoadCharts, PutServiceBesideResponse) {
  const Result result = rising_result();
  const ChartData data = chart_named(result, "load-times-same-l3");
  const CaseSummary& first = result.cases[1].summary;
  EXPECT_EQ(data.series[0].points[0].y, *first.response_p50.median);
  EXPECT_EQ(data.series[0].points[0].second, *first.service_p50.median);
  EXPECT_EQ(data.second, "service");
}

TEST(LoadCharts, MarkWhatALimitChanged) {
  Result result = rising_result();
  result.cases[2].summary.limits_met = {{sample_limit(), 9}};
  const ChartData data = chart_named(result, "load-same-l3");
  EXPECT_EQ(data.series[0].label, "pipe ‡");
  EXPECT_THAT(data.title, HasSubstr("changed by a limit of the host"));
}

TEST(LoadCharts, OfASingleRateThereAreNone) {
  Result result = open_loop_result({{"rate", "20000"}});
  summarise(result);
  EXPECT_THAT(load_charts(result), IsEmpty());
}

TEST(LoadCharts, TheirDataEndWithTheSaturations) {
  const std::vector<Chart> charts = charts_of(rising_result());
  const auto latency = std::ranges::find(charts, "load-same-l3", &Chart::name);
  ASSERT_NE(latency, charts.end());
  EXPECT_THAT(latency->data, StartsWith("# Latency against load, same-l3\npipe\n20000\t"));
  EXPECT_TRUE(latency->data.ends_with("\n\n\npipe saturation\n2000000\t2000000\t2000000\n")) << latency->data;
  EXPECT_THAT(latency->script, HasSubstr("title 'p99'"));
}

TEST(LoadCharts, AreDrawnAndStandInForThePagesOwn) {
  if (gnuplot_program().empty()) GTEST_SKIP() << "there is no gnuplot";
  const TemporaryFolder folder;
  for (const std::string& svg : drawn_in(folder.path(), charts_of(rising_result()))) {
    EXPECT_THAT(svg, HasSubstr("saturation"));
  }
  std::vector<std::string> ids;
  for (const StaticChart& drawing : static_charts(ComparedResult(rising_result()))) {
    ids.push_back(drawing.chart);
    const bool is_of_cpu = drawing.svg.find("CPU time") != std::string::npos;
    EXPECT_EQ(is_of_cpu, drawing.chart == "load-cpu") << drawing.chart;
  }
  EXPECT_THAT(ids, ElementsAre("load-latency", "load-cpu", "load-times"));
  const std::vector<StaticChart> idle = static_charts(ComparedResult(idle_result()));
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_EQ(idle[0].chart, "load-idle");
}

}  // namespace
}  // namespace ipcbench
