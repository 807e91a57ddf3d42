// Checks figures as multiples of a reference row.

#include "results/rows/reference.h"

#include <cmath>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "plots/table/table_chinese.h"
#include "plots/table/table_html.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/result_tables.h"
#include "results/claims/head_to_head.h"
#include "results/figures/summary.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPipeRow = "ping-pong/pipe/block/64/same-cpu";

// Returns launches that drift by a factor of three over the passes; the second mechanism always takes `times` as long
// as the first.
Result drifting_result(int passes, double times) {
  Result result;
  result.transports = {{.name = "pipe", .waits = {WaitStrategy::block, WaitStrategy::spin}},
                       {.name = "tcp", .waits = {WaitStrategy::block}}};
  for (const char* name : {"pipe", "tcp"}) {
    CaseRecord c = sample_case(Scenario::ping_pong, name, WaitStrategy::block, 64, Placement::same_cpu);
    for (int pass = 0; pass < passes; ++pass) {
      const double drift = 1 + 2.0 * pass / passes;
      const double ns = (std::string(name) == "tcp" ? times : 1) * 10000 * drift;
      c.launches.push_back(sample_launch(c, pass, ns));
    }
    result.cases.push_back(c);
  }
  summarise(result);
  return result;
}

const FigureInfo& mean() { return find_figure("rtt_mean_ns"); }

std::string complaint(const Result& result, const std::string& name) {
  try {
    const Reference reference(result, name);
    return "";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Ratio, IsPairedByPassSoThatADriftFallsOutOfIt) {
  const Result result = drifting_result(9, 2.5);
  const Ratio ratio = ratio_of(result.cases[1], result.cases[0], mean());
  EXPECT_TRUE(ratio.paired);
  EXPECT_EQ(ratio.n, 9u);
  EXPECT_NEAR(*ratio.median, 2.5, 1e-9);
  ASSERT_TRUE(ratio.interval.has_value());
  EXPECT_NEAR(ratio.interval->low, 2.5, 1e-9);
  EXPECT_NEAR(ratio.interval->high, 2.5, 1e-9);
}

TEST(Ratio, HasTheExactIntervalOfItsRatios) {
  std::vector<PassValue> values, reference;
  for (int pass = 0; pass < 9; ++pass) {
    values.push_back({pass, 100.0 + pass});
    reference.push_back({pass, 100});
  }
  const Ratio ratio = ratio_of(values, reference);
  EXPECT_TRUE(ratio.paired);
  EXPECT_DOUBLE_EQ(*ratio.median, 1.04);
  EXPECT_DOUBLE_EQ(ratio.interval->low, 1.01) << "the second of nine";
  EXPECT_DOUBLE_EQ(ratio.interval->high, 1.07);
}

TEST(Ratio, UnderSixCommonPassesIsUnpaired) {
  std::vector<PassValue> values, reference;
  for (int pass = 0; pass < 9; ++pass) {
    values.push_back({pass, 200.0 + pass});
    reference.push_back({pass + 4, 100});
  }
  const Ratio ratio = ratio_of(values, reference);  // passes 4 to 8 are common
  EXPECT_FALSE(ratio.paired);
  EXPECT_DOUBLE_EQ(*ratio.median, 2.04);
  ASSERT_TRUE(ratio.interval.has_value());
  EXPECT_LT(ratio.interval->low, 2.04);
  EXPECT_GT(ratio.interval->high, 2.04);
  reference.push_back({3, 100});
  EXPECT_TRUE(ratio_of(values, reference).paired) << "six are enough";
}

TEST(Ratio, NeedsSixLaunchesOfBoth) {
  const std::vector<PassValue> few = {{0, 1}, {1, 1}, {2, 1}, {3, 1}, {4, 1}};
  std::vector<PassValue> enough = few;
  enough.push_back({5, 1});
  EXPECT_FALSE(ratio_of(few, enough).median.has_value());
  enough.back().value = 0;
  EXPECT_FALSE(ratio_of(enough, enough).median.has_value()) << "0 is no measure";
}

TEST(Ratio, CountsTheLaunchesOfTheTablesStateOnly) {
  Result result = drifting_result(9, 2);
  result.cases[1].launches[0].used = false;
  result.cases[1].launches[0].mean_ns = 1e9;
  const Ratio ratio = ratio_of(result.cases[1], result.cases[0], mean());
  EXPECT_EQ(ratio.n, 8u);
  EXPECT_NEAR(ratio.interval->high, 2, 1e-9);
  for (std::size_t pass = 0; pass < 4; ++pass) result.cases[0].launches[pass].used = false;
  EXPECT_FALSE(ratio_of(result.cases[1], result.cases[0], mean()).median.has_value());
}

TEST(Ratio, OfWhatIsNotMeasuredByLaunchesIsNone) {
  const Result result = drifting_result(9, 2);
  EXPECT_FALSE(ratio_of(result.cases[1], result.cases[0], find_figure("channel_bytes_loaded")).median.has_value());
}

TEST(Reference, OfATransportHasARowInEachTable) {
  Result result = drifting_result(9, 2);
  CaseRecord spins = result.cases[0];
  spins.wait = WaitStrategy::spin;
  spins.id = "ping-pong/pipe/spin/64/same-cpu";
  CaseRecord other_spins = result.cases[1];
  other_spins.wait = WaitStrategy::spin;
  CaseRecord polls = result.cases[1];
  polls.wait = WaitStrategy::poll;
  CaseRecord sized = result.cases[0];
  sized.options = {{"capacity", "4096"}};
  CaseRecord replies = result.cases[1];
  replies.options = {{"reply", "4096"}};
  result.cases.insert(result.cases.begin(), sized);
  result.cases.push_back(spins);
  const Reference reference(result, "pipe");
  EXPECT_EQ(reference.row_for(result.cases[2]), &result.cases[1]) << "with its default options";
  EXPECT_EQ(reference.row_for(result.cases[1]), &result.cases[1]);
  EXPECT_EQ(reference.row_for(other_spins), &result.cases[3]);
  EXPECT_EQ(reference.row_for(polls), &result.cases[1]) << "it has no poll here: with its first wait";
  EXPECT_EQ(reference.row_for(replies), nullptr) << "answers of another size are another table";
  for (auto change : {+[](CaseRecord& c) { c.size = 128; }, +[](CaseRecord& c) { c.placement = Placement::smt; },
                      +[](CaseRecord& c) { c.scenario = Scenario::streaming; }}) {
    CaseRecord c = result.cases[2];
    change(c);
    EXPECT_EQ(reference.row_for(c), nullptr);
  }
}

TEST(Reference, OfACaseIsThatRowForItsScenario) {
  const Result result = drifting_result(9, 2);
  const Reference reference(result, kPipeRow);
  CaseRecord c = result.cases[1];
  c.size = 4096;
  c.placement = Placement::smt;
  EXPECT_EQ(reference.row_for(c), &result.cases[0]);
  c.scenario = Scenario::streaming;
  EXPECT_EQ(reference.row_for(c), nullptr);
}

TEST(Reference, AWrongNameIsAnsweredWithTheNearest) {
  const Result result = drifting_result(9, 2);
  EXPECT_THAT(complaint(result, "pip"), AllOf(HasSubstr("--reference: this result has measured neither a case nor"),
                                              HasSubstr("did you mean 'pipe'?")));
  EXPECT_THAT(complaint(result, "ping-pong/pipe/block/64/same-cpv"),
              HasSubstr(std::string("did you mean '") + kPipeRow));
  EXPECT_EQ(complaint(result, "tcp"), "");
}

std::string table_text(const Result& result, const std::string& name) {
  const Reference reference(result, name);
  return to_text(measurement_tables(result, &reference), {});
}

TEST(ReferenceTables, EveryFigureStandsAsAMultipleBesideTheFloor) {
  const Result result = drifting_result(9, 2.5);
  const std::string text = table_text(result, "pipe");
  EXPECT_THAT(text, HasSubstr("× pipe [95 %]"));
  EXPECT_THAT(text, HasSubstr("Ping-pong: round trips, same-cpu (CPU 0), as multiples of pipe"));
  EXPECT_THAT(text, HasSubstr("×2.50 [2.50, 2.50]"));
  EXPECT_THAT(text, HasSubstr("× pipe: the figure as a multiple of pipe's"));
  EXPECT_THAT(text, Not(HasSubstr("°")));
}

TEST(ReferenceTables, WithoutAReferenceAreAsBefore) {
  const Result result = drifting_result(9, 2.5);
  EXPECT_EQ(measurement_tables(result).size(), 1u);
  EXPECT_THAT(to_csv(case_table(result)), Not(HasSubstr("_times")));
}

TEST(ReferenceTables, UnpairedRatiosAreMarkedAndExplainedInBothLanguages) {
  Result result = drifting_result(9, 2);
  for (LaunchRecord& launch : result.cases[1].launches) launch.pass += 5;
  const Reference reference(result, "pipe");
  const std::vector<Table> tables = measurement_tables(result, &reference);
  EXPECT_THAT(to_text(tables, {}), AllOf(HasSubstr("] °"), HasSubstr("°: not paired: fewer than 6 passes")));
  const std::string chinese = to_text(in_chinese(tables.front()), {});
  EXPECT_THAT(chinese, AllOf(HasSubstr("× pipe [95 %]"), HasSubstr("°：未配对"), Not(HasSubstr("not paired"))));
  EXPECT_THAT(in_chinese(tables.back()).title, HasSubstr("为以下行的倍数：pipe"));
  EXPECT_THAT(to_html({tables.front(), in_chinese(tables.front())}, false),
              AllOf(HasSubstr("× pipe [95 %]"), HasSubstr("not paired"), HasSubstr("未配对")));
}

TEST(ReferenceTables, TooFewLaunchesLeaveADashWithItsReason) {
  const Result result = drifting_result(5, 2);
  EXPECT_THAT(table_text(result, "pipe"), HasSubstr("× pipe: — where either has fewer than 6 launches that count"));
}

TEST(ReferenceTables, AMissingReferenceIsSaidAndHasNoColumn) {
  Result result = drifting_result(9, 2);
  CaseRecord stream = sample_case(Scenario::streaming, "tcp", WaitStrategy::block, 4096, Placement::same_cpu);
  add_launches(stream, 9, 1000);
  result.cases.push_back(stream);
  summarise(result);
  const Reference reference(result, "pipe");
  const std::vector<Table> tables = measurement_tables(result, &reference);
  EXPECT_EQ(tables.size(), 3u) << "both tables, and multiples of round trips alone";
  for (const Table& table : tables) {
    if (table.id != "streaming/same-cpu") continue;
    const std::string text = to_text(table, {});
    EXPECT_THAT(text, HasSubstr("× pipe: no row of pipe to compare with: 4 KiB"));
    EXPECT_THAT(text, Not(HasSubstr("× pipe [95 %]")));
    EXPECT_THAT(to_text(in_chinese(table), {}), HasSubstr("× pipe：没有可比的 pipe 行：4 KiB"));
  }
}

TEST(ReferenceTables, ProgramsReadTheRatioItsIntervalAndWhetherItIsPaired) {
  const Result result = drifting_result(9, 2.5);
  const Reference reference(result, kPipeRow);
  const std::vector<Table> tables = measurement_tables(result, &reference);
  EXPECT_THAT(
      to_csv(tables.front()),
      HasSubstr("times_floor,times_reference,times_reference_low,times_reference_high,times_reference_paired,"));
  EXPECT_THAT(to_json(tables.front()), AllOf(HasSubstr("\"times_reference_ci95\": [2."), HasSubstr("\"yes\"")));
  EXPECT_THAT(to_text(tables.front(), {}),
              AllOf(HasSubstr("× pipe [95 %]"), HasSubstr(std::string("a multiple of ") + kPipeRow + "'s")));
  const std::string cases = to_csv(case_table(result, &reference));
  EXPECT_THAT(cases, HasSubstr("rtt_mean_ns_times,rtt_mean_ns_times_low,rtt_mean_ns_times_high"));
  EXPECT_THAT(cases, HasSubstr(std::string(",") + kPipeRow + ",2.5"));
  for (const Table& table : tables) {
    for (const TablePart& part : table.parts) {
      for (const auto& row : part.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.id;
    }
  }
}

// Returns a result in which the clock is too coarse for the pipe's p50 and not for tcp's. The pipe's mean is twice its
// p50, and tcp's is so small that tcp comes first by means, and the pipe by what each row shows.
Result with_a_coarse_p50() {
  Result result = drifting_result(9, 2.5);
  for (LaunchRecord& launch : result.cases[0].launches) launch.mean_ns = 20000;
  for (LaunchRecord& launch : result.cases[1].launches) launch.mean_ns = 10000;
  for (TransportRecord& transport : result.transports) transport.available = true;
  result.clock.overhead_ns = 3000;
  summarise(result);
  return result;
}

TEST(ReferenceTables, MeansAreComparedWithMeansIfTheClockIsTooCoarseForAP50) {
  const Result result = with_a_coarse_p50();
  ASSERT_TRUE(result.cases[0].summary.p50_from_mean);
  ASSERT_FALSE(result.cases[1].summary.p50_from_mean);
  const Reference reference(result, kPipeRow);
  std::vector<Table> tables = measurement_tables(result, &reference);
  tables.push_back(recommendation_tables(recommend(result, {}), &reference).front());
  ASSERT_EQ(tables.size(), 3U);
  for (const Table& table : tables) {
    EXPECT_THAT(to_text(table, {}), HasSubstr("×0.5 [0.5, 0.5] (mean)")) << table.id;
  }
  EXPECT_THAT(to_csv(tables[1]), HasSubstr(",0.5,0.5,0.5,2.5")) << "p50 with its interval, then p90";
  for (const Table& table : {tables[0], tables[2]}) {
    EXPECT_EQ(std::get<std::string>(table.parts.at(0).rows.at(0).at(1).value), "tcp") << table.id;
    EXPECT_THAT(to_text(table, {}), HasSubstr("ranked by the mean")) << table.id;
    EXPECT_THAT(to_text(in_chinese(table), {}), HasSubstr("按平均值排名")) << table.id;
  }
}

TEST(MeansAgainstMeans, AreWhatTheGuideAndHeadToHeadGoBy) {
  const Result result = with_a_coarse_p50();
  EXPECT_THAT(to_text(guide_table(result, Language::english), {}), HasSubstr("tcp 10.0 µs (#1)"));
  const HeadToHead found =
      head_to_head(result, any_of({"tcp"}), any_of({"pipe"}), std::vector<Contest>{Contest::round_trip});
  ASSERT_EQ(found.all.size(), 1U);
  EXPECT_EQ(found.all.front().outcome, 1);
  EXPECT_DOUBLE_EQ(found.all.front().ratio, 0.5);
}

TEST(ReferenceTables, RecommendationsHaveThem) {
  Result result = drifting_result(9, 2.5);
  for (TransportRecord& transport : result.transports) transport.available = true;
  const Reference reference(result, "pipe");
  const std::vector<Table> tables = recommendation_tables(recommend(result, {}), &reference);
  EXPECT_THAT(to_text(tables, {}), AllOf(HasSubstr("× pipe [95 %]"), HasSubstr("×1.00")));
  for (const auto& row : tables.front().parts[0].rows) EXPECT_EQ(row.size(), tables.front().columns.size());
}

TEST(AnswersOfAnotherSize, StandApartAndSaySo) {
  Result result = drifting_result(9, 2);
  result.cases[1].options = {{"reply", "4096"}};
  result.cases[1].id += "/reply=4096";
  const std::vector<Table> tables = measurement_tables(result);
  ASSERT_EQ(tables.front().parts.size(), 2u);
  EXPECT_EQ(tables.front().parts[0].title, "64 B, block");
  EXPECT_EQ(tables.front().parts[1].title, "64 B, answered by 4 KiB, block");
  EXPECT_EQ(in_chinese(tables.front()).parts[1].title, "64 B，应答 4 KiB, block");
  for (const TablePart& part : tables.front().parts) {
    EXPECT_EQ(std::get<double>(part.rows.front().front().value), 1) << "ranked among its like";
  }
}

}  // namespace
}  // namespace ipcbench
