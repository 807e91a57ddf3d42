#include "plots/charts/cast_charts.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/charts/charts.h"
#include "plots/charts/gnuplot.h"
#include "plots/charts/static_charts.h"
#include "results/claims/sources_table.h"
#include "results/figures/cast_lines.h"
#include "results/figures/summary.h"
#include "tests/support/casts.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

ChartData cast_chart_named(const Result& result, std::string_view name) {
  for (ChartData& data : cast_charts(result)) {
    if (data.name == name) return std::move(data);
  }
  ADD_FAILURE() << "no chart " << name;
  return {};
}

std::vector<std::string> labels_of(const ChartData& data) {
  std::vector<std::string> labels;
  for (const ChartSeries& series : data.series) labels.push_back(series.label);
  return labels;
}

TEST(CastCharts, AreThreeForEachSubjectAndOneByServiceTime) {
  const Result result = cast_result();
  std::vector<std::string> names;
  for (const ChartData& data : cast_charts(result)) names.push_back(data.name);
  EXPECT_THAT(names,
              ElementsAre("cast-rate-fan-in-same-cpu", "cast-worst-fan-in-same-cpu", "cast-fairness-fan-in-same-cpu",
                          "cast-rate-fan-out-same-cpu", "cast-worst-fan-out-same-cpu",
                          "cast-rate-fan-out-each-message-to-all-same-cpu",
                          "cast-worst-fan-out-each-message-to-all-same-cpu", "cast-rate-many-to-many-N-to-2-same-cpu",
                          "cast-worst-many-to-many-N-to-2-same-cpu", "cast-fairness-many-to-many-N-to-2-same-cpu",
                          "cast-rate-many-to-many-N-to-N-same-cpu", "cast-worst-many-to-many-N-to-N-same-cpu",
                          "cast-fairness-many-to-many-N-to-N-same-cpu", "cast-service-server-8-clients-same-cpu"))
      << "one producer alone has no fairness";
}

TEST(CastCharts, ShowTheRateWithItsIntervalAgainstTheSeats) {
  const Result result = cast_result();
  const ChartData data = cast_chart_named(result, "cast-rate-fan-in-same-cpu");
  EXPECT_THAT(labels_of(data), ElementsAre("pipe shared", "posix-mq shared", "eventfd shared"));
  EXPECT_EQ(data.x_label, "producers");
  const ChartPoint& point = data.series[0].points.at(2);
  const CaseRecord& first = result.cases.front();
  EXPECT_EQ(point.x, 32);
  EXPECT_EQ(point.y, *first.summary.messages_per_s.median);
  EXPECT_EQ(point.interval.low, first.summary.messages_per_s.ci95->low);
  EXPECT_EQ(point.interval.high, first.summary.messages_per_s.ci95->high);
}

TEST(CastCharts, ShowTheWorstSeatAndTheFairness) {
  const Result result = cast_result();
  const CaseSummary& first = result.cases.front().summary;
  const ChartData worst = cast_chart_named(result, "cast-worst-fan-in-same-cpu");
  EXPECT_THAT(labels_of(worst), ElementsAre("pipe shared", "posix-mq shared")) << "the eventfd has no times";
  EXPECT_EQ(worst.series[0].points.at(2).y, *first.worst_seat_p99.median);
  EXPECT_THAT(worst.y_label, StartsWith("send of the worst producer"));
  const ChartData fair = cast_chart_named(result, "cast-fairness-fan-in-same-cpu");
  EXPECT_EQ(fair.series[0].points.at(2).y, *first.fairness.median);
  EXPECT_NE(fair.series[0].points.at(0).y, fair.series[0].points.at(2).y);
  EXPECT_TRUE(fair.is_linear);
}

TEST(CastCharts, OfAServerHaveItsClientsTimesAndTheSpreadOfItsRates) {
  Result result = cast_result();
  const ChartData data = cast_chart_named(result, "cast-service-server-8-clients-same-cpu");
  ASSERT_EQ(data.series.size(), 3u);
  ASSERT_EQ(data.spread.size(), 3u);
  EXPECT_NEAR(data.spread[0].y, 4, 1e-9);
  EXPECT_GT(data.spread[0].interval.high, data.spread[0].y);
  result.cases.push_back(cast_case(Scenario::server, "pipe", 64, {{"producers", "2"}, {"sharing", "shared"}}));
  summarise(result);
  EXPECT_THAT(cast_chart_named(result, "cast-worst-server-same-cpu").y_label,
              StartsWith("round trip of the worst client"));
}

TEST(CastCharts, OfALockShowTurnsWaitsAndHandOvers) {
  const Result result = lock_result();
  std::vector<std::string> names;
  for (const ChartData& data : cast_charts(result)) names.push_back(data.name);
  EXPECT_THAT(names,
              ElementsAre("cast-rate-contended-same-cpu", "cast-worst-contended-same-cpu",
                          "cast-handover-contended-same-cpu", "cast-fairness-contended-same-cpu",
                          "cast-rate-contended-hold-1us-same-cpu", "cast-worst-contended-hold-1us-same-cpu",
                          "cast-handover-contended-hold-1us-same-cpu", "cast-fairness-contended-hold-1us-same-cpu"));
  const ChartData turns = cast_chart_named(result, "cast-rate-contended-same-cpu");
  EXPECT_THAT(labels_of(turns), ElementsAre("mutex", "posix-sem"));
  EXPECT_EQ(turns.x_label, "processes");
  EXPECT_THAT(turns.y_label, StartsWith("turns a second"));
  EXPECT_EQ(turns.series[0].points.at(0).y, *result.cases.front().summary.turns_per_s.median);
  const ChartData handover = cast_chart_named(result, "cast-handover-contended-same-cpu");
  EXPECT_TRUE(std::isnan(handover.series[0].points.at(0).y)) << "one process hands nothing over";
  EXPECT_EQ(handover.series[0].points.at(2).y, 20 * 50);
  EXPECT_EQ(handover.scale, 1e-9);
}

TEST(CastCharts, ANumberWithoutTheFigureInterruptsTheLine) {
  Result result = cast_result();
  for (CaseRecord& c : result.cases) {
    if (c.id == "fan-in/pipe/block/64/same-cpu/producers=8/sharing=shared")
      for (LaunchRecord& launch : c.launches) launch.cast->fairness.reset();
  }
  summarise(result);
  const ChartSeries series = cast_chart_named(result, "cast-fairness-fan-in-same-cpu").series.at(0);
  ASSERT_EQ(series.points.size(), 3u);
  EXPECT_TRUE(std::isnan(series.points[1].y));
  EXPECT_FALSE(std::isnan(series.points[2].y));
}

TEST(CastCharts, MarkWhatALimitChanged) {
  Result result = cast_result();
  result.cases.front().summary.limits_met = {{sample_limit(), 6}};
  const ChartData data = cast_chart_named(result, "cast-rate-fan-in-same-cpu");
  EXPECT_EQ(data.series[0].label, "pipe shared ‡");
  EXPECT_THAT(data.title, HasSubstr("changed by a limit of the host"));
}

TEST(CastCharts, OfPairsThereAreNone) {
  Result result = open_loop_result({{"rate", "20000"}});
  summarise(result);
  EXPECT_THAT(cast_charts(result), IsEmpty());
}

TEST(CastCharts, TheirTicksAreTheNumbersThatWereMeasured) {
  const std::vector<Chart> charts = charts_of(ComparedResult(cast_result()));
  const auto script_of = [&](std::string_view name) {
    const auto chart = std::ranges::find(charts, name, &Chart::name);
    return chart == charts.end() ? "" : chart->script;
  };
  EXPECT_THAT(script_of("cast-rate-fan-in-same-cpu"), HasSubstr("set xtics ('2' 2, '8' 8, '32' 32)"));
  const std::string by_service = script_of("cast-service-server-8-clients-same-cpu");
  EXPECT_THAT(by_service, HasSubstr("set xtics ('0' 1000, '10 us' 10000, '1 ms' 1000000)"));
  EXPECT_THAT(by_service, HasSubstr("number > 0 ? number : 1000\n"));
  for (const Chart& chart : charts) EXPECT_EQ(chart.script.find('@'), std::string::npos) << chart.script;
}

TEST(CastCharts, TheirDataKeepTheServiceTimeOfNoneAndEndWithTheSpread) {
  const std::vector<Chart> charts = charts_of(ComparedResult(cast_result()));
  const auto chart = std::ranges::find(charts, "cast-service-server-8-clients-same-cpu", &Chart::name);
  ASSERT_NE(chart, charts.end());
  EXPECT_THAT(chart->data, HasSubstr("\npipe per-peer\n0\t"));
  EXPECT_THAT(chart->data, HasSubstr("\n\n\nhighest / lowest\n0\t4"));
}

TEST(CastCharts, AreDrawnAndStandInForThePagesOwn) {
  if (gnuplot_program().empty()) GTEST_SKIP() << "there is no gnuplot";
  const TemporaryFolder folder;
  const std::vector<Chart> charts = charts_of(ComparedResult(cast_result()));
  const std::vector<std::string> svgs = drawn_in(folder.path(), charts);
  for (std::size_t i = 0; i < charts.size(); ++i) {
    EXPECT_THAT(svgs[i], HasSubstr("pipe ")) << charts[i].name;
    const bool has_spread = svgs[i].find("highest / lowest") != std::string::npos;
    EXPECT_EQ(has_spread, charts[i].name.starts_with("cast-service-")) << charts[i].name;
  }
  std::vector<std::string> ids;
  for (const StaticChart& drawing : static_charts(ComparedResult(cast_result()))) ids.push_back(drawing.chart);
  EXPECT_THAT(ids, ElementsAre("cast-rate", "cast-worst", "cast-fairness", "cast-service"));
}

}  // namespace
}  // namespace ipcbench
