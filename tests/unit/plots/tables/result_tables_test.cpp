#include "plots/tables/result_tables.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/exports/hgrm.h"
#include "plots/table/table_chinese.h"
#include "results/figures/summary.h"
#include "results/figures/summary_form.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

Result summarised(Result result) {
  summarise(result);
  return result;
}

const Table* table_of(const std::vector<Table>& tables, const std::string& id) {
  const auto found = std::find_if(tables.begin(), tables.end(), [&](const Table& t) { return t.id == id; });
  return found == tables.end() ? nullptr : &*found;
}

TEST(ResultTables, AreThoseOfTheRunInOrder) {
  std::vector<std::string> ids;
  for (const Table& table : result_tables(summarised(sample_result()))) ids.push_back(table.id);
  EXPECT_THAT(ids, ElementsAre("comparison/same-cpu", "run", "comparison-variants/same-cpu", "ping-pong/same-cpu",
                               "streaming/same-cpu", "notifications/same-cpu", "ping-pong/same-l3", "claims", "guide",
                               "at-largest", "not-measured", "buffers", "floors", "floor-bandwidth", "canary-states",
                               "noise", "transports"));
}

TEST(ResultTables, EveryRowHasACellForEachColumn) {
  const Result result = summarised(sample_result());
  std::vector<Table> tables = result_tables(result);
  tables.push_back(case_table(result));
  for (const Table& table : tables) {
    for (const TablePart& part : table.parts) {
      for (const auto& row : part.rows) EXPECT_EQ(row.size(), table.columns.size()) << table.id;
    }
  }
}

TEST(ResultTables, PingPongIsRankedWithItsFloor) {
  const std::vector<Table> tables = measurement_tables(summarised(sample_result()));
  EXPECT_EQ(
      to_text(*table_of(tables, "ping-pong/same-cpu"), {}),
      "Ping-pong: round trips, same-cpu (CPU 0)\n"
      "#  transport  wait         RTT p50 [95 %]  × floor      p90      p99                 max     mean     channel"
      "   CPU/op  switches/op  duty P/C  class  n\n"
      "-- 64 B, block\n"
      "1  pipe       block  4.21 µs [4.09, 4.34]    ×2.10  4.24 µs  4.27 µs  38.9 µs at 1.08 ms  4.16 µs  ≥ 70.1 KiB  "
      "4.16 µs"
      "         2.00   50/50 %  flat   9\n"
      "2  udp        block  9.44 µs [9.12, 9.70]    ×4.72  9.44 µs  9.44 µs  87.5 µs at 2.43 ms  9.36 µs           —  "
      "9.36 µs"
      "         2.00   50/50 %  flat   9\n"
      "   × floor: times the futex wake round trip (block, poll, io-uring) or the cache-line round trip (spin, hybrid) "
      "of\n"
      "     these CPUs\n"
      "   channel: memory that one takes when it is full (idle if it carries nothing), both directions\n");
}

// Returns the counting launch of a case: `done` and `retried` calls per op of both sides together.
LaunchRecord counting_launch(const CaseRecord& c, std::uint64_t done, std::optional<std::uint64_t> retried) {
  LaunchRecord launch = sample_launch(c, 9, 1000);
  CallsRecord calls{.sides = {CallCount{.done = done * c.ops}}, .source = retried ? "ptrace" : "seccomp"};
  if (retried) {
    calls.sides[0].retried = *retried * c.ops;
    calls.sides[1].retried = 0;
  }
  launch.calls = calls;
  return launch;
}

TEST(ResultTables, CallsThatSucceededAndCallsMadeAgainStandApart) {
  Result result = sample_result();
  result.cases[0].counted = counting_launch(result.cases[0], 4, 2);
  result.cases[1].counted = counting_launch(result.cases[1], 7, std::nullopt);
  result.cases[6].counted = counting_launch(result.cases[6], 3, 0);
  const std::vector<Table> tables = measurement_tables(summarised(result));
  const Table& round_trips = *table_of(tables, "ping-pong/same-cpu");
  const std::string text = to_text(round_trips, {});
  EXPECT_THAT(text, HasSubstr("calls/op   retried/op"));
  EXPECT_THAT(text, HasSubstr("    4.00         2.00"));
  EXPECT_THAT(text, HasSubstr("    7.00  in calls/op"));
  EXPECT_THAT(text, HasSubstr("retried/op: 'in calls/op' where seccomp counted"));
  EXPECT_THAT(to_csv(round_trips), HasSubstr(",syscalls_done_per_op,syscalls_retried_per_op,"));
  const std::string notified = to_text(*table_of(tables, "notifications/same-cpu"), {});
  EXPECT_THAT(notified, HasSubstr("3.00 + broker        0.00"));
  EXPECT_THAT(notified, HasSubstr("the calls of a third process come on top"));
}

TEST(ResultTables, LaunchesWithoutSlicesHaveNoClass) {
  Result result = sample_result();
  for (LaunchRecord& launch : result.cases[5].launches) {
    launch.slices_ns.clear();
    launch.launch_class.clear();
  }
  const std::vector<Table> tables = measurement_tables(summarised(result));
  const Table& streams = *table_of(tables, "streaming/same-cpu");
  EXPECT_THAT(to_text(streams, {}), AllOf(HasSubstr("no slices"), HasSubstr("flat")));
  EXPECT_THAT(to_csv(streams), Not(HasSubstr("no slices"))) << "data have no value";
}

TEST(ResultTables, OtherWaitStrategiesStandApartWithoutRanks) {
  const std::vector<Table> tables = measurement_tables(summarised(sample_result()));
  const Table& table = *table_of(tables, "ping-pong/same-l3");
  ASSERT_EQ(table.parts.size(), 2u);
  EXPECT_EQ(table.parts[0].title, "64 B, block");
  EXPECT_EQ(table.parts[1].title, "64 B, other wait strategies, not ranked");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(table.parts[1].rows[0][0].value));
  EXPECT_THAT(table.notes, ::testing::Contains("1: 5 of 7 launches in canary state near: no interval under 6"));
}

TEST(ResultTables, PayloadThatIsNotTouchedIsNotRanked) {
  Result result = sample_result();
  result.cases[1].payload = PayloadMode::header;
  const Table table = measurement_tables(summarised(result))[0];
  ASSERT_EQ(table.parts.size(), 2u);
  EXPECT_EQ(table.parts[1].title, "64 B, payload not touched, not ranked");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(table.parts[1].rows[0][0].value));
}

TEST(ResultTables, TheMeanThatStandsForP50IsMarked) {
  Result result = sample_result();
  result.clock.overhead_ns = 1e6;
  EXPECT_THAT(to_text(measurement_tables(summarised(result)), {}), HasSubstr("4.16 µs [4.04, 4.28] (mean)"));
}

// Returns a column's cells of a table by the transport of their rows, which has a row each.
std::map<std::string, Cell> cells_by_transport(const Table& table, const std::string& key) {
  const auto index = [&](const std::string& of) {
    return static_cast<std::size_t>(std::ranges::find(table.columns, of, &Column::key) - table.columns.begin());
  };
  std::map<std::string, Cell> cells;
  for (const TablePart& part : table.parts) {
    for (const auto& row : part.rows)
      cells.emplace(std::get<std::string>(row.at(index("transport")).value), row.at(index(key)));
  }
  return cells;
}

TEST(ResultTables, MemoryThatWasNotMeasuredIsNoLowerBoundAndNotExact) {
  const Result result = summarised(sample_result());
  const std::vector<Table> tables = measurement_tables(result);
  const Table cases = case_table(result);
  for (const Table* table : {table_of(tables, "ping-pong/same-cpu"), &cases}) {
    std::map<std::string, Cell> at_least = cells_by_transport(*table, "channel_at_least");
    EXPECT_EQ(std::get<std::string>(at_least["pipe"].value), "yes") << table->id;
    EXPECT_TRUE(std::holds_alternative<std::monostate>(at_least["udp"].value)) << table->id;
  }
}

TEST(ResultTables, LentMemoryIsComparedWithTouchingLines) {
  Result result = sample_result();
  CaseRecord c = sample_case(Scenario::streaming, "ring", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(c, 9, 50);  // 52 ns for 64 B; lines are touched at 5 GB/s
  result.cases = {c};
  EXPECT_THAT(to_csv(measurement_tables(summarised(result))[0]), HasSubstr(",4.0625,"));
}

Result with_limited_pipe() {
  Result result = sample_result();
  for (LaunchRecord& launch : result.cases[0].launches) {
    launch.limits_met = {sample_limit()};
    for (BufferRecord& buffer : launch.buffers) buffer.size = 8192;
  }
  return summarised(std::move(result));
}

TEST(ResultTables, WhatALimitChangedStandsApartWithoutARank) {
  const std::vector<Table> tables = measurement_tables(with_limited_pipe());
  const Table& table = *table_of(tables, "ping-pong/same-cpu");
  ASSERT_EQ(table.parts.size(), 2u);
  EXPECT_EQ(table.parts[0].rows[0][0].shown, "1") << "udp has the place alone";
  EXPECT_EQ(table.parts[1].title, "64 B, changed by a limit of this host, not ranked");
  EXPECT_EQ(table.parts[1].rows[0][0].shown, "");
  EXPECT_EQ(table.parts[1].rows[0][1].shown, "pipe ‡");
  const std::string text = to_text(table, {});
  EXPECT_THAT(text,
              HasSubstr("‡ fs.pipe-user-pages-soft is 16384, used up by this user's pipes: F_GETPIPE_SZ is 8192"));
  EXPECT_THAT(text, HasSubstr("‡: a limit of this host changed what the row measured"));
  EXPECT_THAT(to_csv(table), HasSubstr(",pipe,block,64,")) << "data have names without marks";
}

TEST(ResultTables, LimitsAreSaidInChineseToo) {
  const std::vector<Table> tables = measurement_tables(with_limited_pipe());
  const std::string text = to_text(in_chinese(*table_of(tables, "ping-pong/same-cpu")), {});
  EXPECT_THAT(text, HasSubstr("fs.pipe-user-pages-soft为16384，已被该用户的管道用尽"));
  EXPECT_THAT(text, HasSubstr("受此机的限制影响，不排名"));
  EXPECT_THAT(text, HasSubstr("‡：此机的一项限制"));
  EXPECT_THAT(to_text(in_chinese(buffer_table(with_limited_pipe())), {}), HasSubstr("F_GETPIPE_SZ为8192"));
}

TEST(ResultTables, TheRunSaysWhichLimitsChangedHowManyCases) {
  EXPECT_THAT(to_text(run_table(with_limited_pipe()), {}),
              HasSubstr("‡ 1 cases: fs.pipe-user-pages-soft is 16384, used up by this user's pipes"));
  Result whole = sample_result();
  for (CaseRecord& c : whole.cases) {
    for (LaunchRecord& launch : c.launches) launch.limits_met.clear();
  }
  EXPECT_THAT(to_text(run_table(summarised(whole)), {}), Not(HasSubstr("‡")));
}

TEST(ResultTables, BuffersHaveALineForEachThatDiffers) {
  Result result = sample_result();
  for (LaunchRecord& launch : result.cases[0].launches) launch.buffers[1].size = 4096;
  const Table table = buffer_table(summarised(result));
  ASSERT_EQ(table.parts[0].rows.size(), 2u);
  EXPECT_THAT(to_csv(table), HasSubstr("pipe,F_GETPIPE_SZ,forward,65536,65536,bytes,"));
  EXPECT_THAT(to_csv(table), HasSubstr("pipe,F_GETPIPE_SZ,backward,4096,4096,bytes,"));
  EXPECT_THAT(to_text(buffer_table(summarised(sample_result())), {}), HasSubstr("each       64 KiB"));
}

TEST(ResultTables, TheCaseTableHasBuffersAndLimits) {
  const std::string csv = to_csv(case_table(with_limited_pipe()));
  EXPECT_THAT(csv, HasSubstr("F_GETPIPE_SZ 8192,\"fs.pipe-user-pages-soft is 16384, used up"));
}

TEST(ResultTables, WhatWasNotMeasuredIsGroupedByReason) {
  Result result;
  for (const char* transport : {"pipe", "fifo", "tcp"}) {
    for (const std::uint64_t size : {1u, 2u, 3u, 4u, 5u}) {
      CaseRecord c = sample_case(Scenario::ping_pong, transport, WaitStrategy::spin, size, Placement::same_cpu);
      c.status = Status::skipped;
      c.reason = "spin on a shared CPU is not measured";
      result.cases.push_back(c);
    }
  }
  EXPECT_EQ(to_csv(not_measured_table(summarised(result))),
            "status,cases,which,reason\r\n"
            "skipped,15,\"ping-pong/{pipe,fifo,tcp}/spin/*/same-cpu\",spin on a shared CPU is not measured\r\n");
}

TEST(ResultTables, FindingsThatMatterAreShownAndNotesAreNot) {
  const std::string text = to_text(run_table(summarised(sample_result())), {});
  EXPECT_THAT(text, HasSubstr("noisy           this is a virtual machine (fix: use another)\n"));
  EXPECT_THAT(text, Not(HasSubstr("turbo")));
  EXPECT_THAT(text, HasSubstr("same-l3: launches 14 near (used), 1 far, 1 mixed"));
  EXPECT_THAT(text, HasSubstr("seed 18446744073709551615"));
}

TEST(ResultTables, AnIncompleteRunSaysSo) {
  Result result = sample_result();
  result.complete = false;
  EXPECT_THAT(to_text(run_table(summarised(result)), {}), HasSubstr("incomplete"));
}

TEST(ResultTables, TheSummaryFormIsSaidInBothLanguages) {
  Result result = summarised(sample_result());
  to_summary_form(result);
  const Table table = run_table(result);
  EXPECT_THAT(to_text(table, {}), HasSubstr("the summary form of a result"));
  EXPECT_THAT(to_text(in_chinese(table), {}), HasSubstr("结果的摘要形式"));
}

TEST(ResultTables, NamesFromAFileCannotCommandATerminal) {
  Result result = sample_result();
  result.command = "\x1b]0;owned\x07";
  result.cases[0].transport = "\x1b[2J\n";
  result.cases[0].options = {{"\x1b", "\r"}};
  result.cases[7].reason = "\x1b[31m\x9b";
  result.transports[0].summary = "\xe2\x80\xae";
  result.states.clear();
  const std::vector<Table> tables = result_tables(summarised(result));
  for (const std::string& text :
       {to_text(tables, {}), to_markdown(tables), to_json(tables), to_csv(case_table(summarised(result)))}) {
    EXPECT_TRUE(std::none_of(text.begin(), text.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r') || c == 0x7f;
    }));
    EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos);
  }
}

TEST(ResultTables, AnEmptyResultHasOnlyARun) {
  EXPECT_EQ(result_tables(summarised({})).size(), 1u);
  EXPECT_THAT(to_csv(case_table({})), HasSubstr("rtt_p50_ns,rtt_p50_ns_low,rtt_p50_ns_high"));
}

TEST(ResultTables, TheCaseTableHasOneRowPerCase) {
  const Result result = summarised(sample_result());
  const std::string csv = to_csv(case_table(result));
  EXPECT_EQ(static_cast<std::size_t>(std::count(csv.begin(), csv.end(), '\n')), result.cases.size() + 1);
}

TEST(Hgrm, IsHdrHistogramsPercentileText) {
  CaseRecord c = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  LaunchRecord launch;
  launch.histogram = {{10, 20}, {30, 10}};
  c.launches = {launch, launch};
  EXPECT_EQ(to_hgrm(c),
            "       Value     Percentile TotalCount 1/(1-Percentile)\n"
            "\n"
            "      10.000 0.000000000000         60           1.00\n"
            "      10.000 0.100000000000         60           1.11\n"
            "      10.000 0.200000000000         60           1.25\n"
            "      10.000 0.300000000000         60           1.43\n"
            "      10.000 0.400000000000         60           1.67\n"
            "      10.000 0.500000000000         60           2.00\n"
            "      10.000 0.550000000000         60           2.22\n"
            "      10.000 0.600000000000         60           2.50\n"
            "      10.000 0.650000000000         60           2.86\n"
            "      10.000 0.700000000000         60           3.33\n"
            "      10.000 0.750000000000         60           4.00\n"
            "      20.000 0.775000000000         80           4.44\n"
            "      20.000 1.000000000000         80\n"
            "#[Mean    =       12.500, StdDeviation   =        4.330]\n"
            "#[Max     =       20.000, Total count    =           80]\n"
            "#[Buckets =           30, SubBuckets     =          128]\n"
            "#[Pooled over 2 launches of ping-pong/pipe/block/64/same-cpu, round trips in ns]\n");
}

TEST(Hgrm, ALevelHasALineOnlyWhereTenValuesLieAboveIt) {
  CaseRecord c = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  LaunchRecord launch;
  for (std::uint64_t value = 1; value <= 100; ++value) {
    launch.histogram.values_ns.push_back(value);
    launch.histogram.counts.push_back(1);
  }
  c.launches = {launch};
  const std::string text = to_hgrm(c);
  EXPECT_THAT(
      text,
      HasSubstr("      90.000 0.900000000000         90          10.00\n     100.000 1.000000000000        100\n"));
  EXPECT_THAT(text, Not(HasSubstr("0.9125")));
}

TEST(Hgrm, PercentilesRiseToTheEndForAnyCount) {
  CaseRecord c = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  LaunchRecord launch;
  launch.histogram = {{10, 20}, {std::uint64_t{1} << 62, 1}};
  c.launches = {launch};
  std::istringstream lines(to_hgrm(c));
  double last = -1;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#' || line.find("Value") != std::string::npos) continue;
    const double percentile = std::stod(line.substr(13, 14));
    EXPECT_GE(percentile, last);
    last = percentile;
  }
  EXPECT_EQ(last, 1);
}

TEST(Hgrm, WithoutAHistogramThereAreNoPercentiles) {
  EXPECT_THAT(to_hgrm(sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu)),
              HasSubstr("\n\n#[Mean    =        0.000"));
}

}  // namespace
}  // namespace ipcbench
