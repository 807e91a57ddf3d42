#include "results/claims/sources_table.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

SourcesTable sources_table_of(const Result& result) {
  std::vector<SourcesTable> tables = compare_with_sources(result);
  EXPECT_EQ(tables.size(), 1u);
  return tables.at(0);
}

ComparedCell cell_at(const SourcesTable& table, std::string_view row, Criterion criterion) {
  const auto found = std::ranges::find(table.rows, row, [](const ComparedRow& r) { return r.source->row; });
  return found->cells[static_cast<std::size_t>(criterion)];
}

void remove_transport(Result& result, const std::string& name) {
  std::erase_if(result.cases, [&](const CaseRecord& c) { return c.transport == name; });
}

TEST(SourcesTable, FillsEachRowByTheSourcesCall) {
  const SourcesTable table = sources_table_of(compared_sample());
  ASSERT_EQ(table.rows.size(), 8u);
  EXPECT_EQ(table.placement, Placement::same_cpu);
  const ComparedCell latency = cell_at(table, "pipe", Criterion::latency);
  EXPECT_EQ(latency.measured.case_id, "ping-pong/pipe/block/64/same-cpu");
  EXPECT_EQ(latency.measured.figure.median, 4000);
  EXPECT_EQ(cell_at(table, "signal", Criterion::latency).measured.case_id, "ping-pong/signal/block/0/same-cpu");
  // Idle, since it carries no payload.
  EXPECT_EQ(cell_at(table, "semaphore", Criterion::memory).measured.figure.median, 512);
  EXPECT_EQ(cell_at(table, "network socket", Criterion::memory).measured.at_least, AtLeast::capped);
}

TEST(SourcesTable, ThroughputIsTheBestOverTheSizes) {
  const SourcesTable table = sources_table_of(compared_sample());
  const ComparedFigure pipe = cell_at(table, "pipe", Criterion::throughput).measured;
  EXPECT_EQ(pipe.case_id, "streaming/pipe/block/65536/same-cpu");
  EXPECT_EQ(pipe.size, 65536u);
  EXPECT_EQ(pipe.limit, "");
  const ComparedFigure queue = cell_at(table, "message queue", Criterion::throughput).measured;
  EXPECT_EQ(queue.size, 64u);
  EXPECT_EQ(queue.limit, "msgmax is 8192, the case needs 65536");
}

TEST(SourcesTable, TheThroughputOfSignalsIsThatOfThoseWithAValue) {
  const ComparedFigure signal = cell_at(sources_table_of(compared_sample()), "signal", Criterion::throughput).measured;
  EXPECT_EQ(signal.transport, "rt-signal");
  EXPECT_EQ(signal.size, 8u);
  EXPECT_EQ(signal.word, Word::very_low);
}

TEST(SourcesTable, ASemaphoreHasNoThroughput) {
  const ComparedCell cell = cell_at(sources_table_of(compared_sample()), "semaphore", Criterion::throughput);
  EXPECT_TRUE(cell.measured.carries_nothing);
  EXPECT_EQ(cell.measured.notifications_per_s.median, 1e6);
  EXPECT_EQ(cell.agreement, Agreement::not_comparable);
  EXPECT_FALSE(cell.measured.word);
}

// Round trips are 1, 2, 4, 5, 7, 8, 20 and 80 us, the edges 2.99, 8.94 and 26.7.
TEST(SourcesTable, WordsComeFromTheEightRowsAlone) {
  Result result = compared_sample();
  case_of(result, "ping-pong/sysv-shm-loan/block/64/same-cpu").summary.rtt_p50 = sharp(1);  // would stretch the scale
  const SourcesTable table = sources_table_of(result);
  const auto word = [&](std::string_view row) { return cell_at(table, row, Criterion::latency).measured.word; };
  EXPECT_EQ(word("shared memory"), Word::very_low);
  EXPECT_EQ(word("semaphore"), Word::very_low);
  EXPECT_EQ(word("pipe"), Word::low);
  EXPECT_EQ(word("signal"), Word::low);
  EXPECT_EQ(word("network socket"), Word::medium);
  EXPECT_EQ(word("D-Bus"), Word::high);
  EXPECT_EQ(cell_at(table, "shared memory", Criterion::latency).agreement, Agreement::agrees);
  EXPECT_EQ(cell_at(table, "pipe", Criterion::latency).agreement, Agreement::one_step_off);
  const ComparedColumn& column = table.columns[0];
  EXPECT_EQ(table.rows[column.smallest].source->row, "shared memory");
  EXPECT_EQ(table.rows[column.largest].source->row, "D-Bus");
  EXPECT_EQ(column.rows, 8u);
}

TEST(SourcesTable, AnIntervalOverAnEdgeIsMarked) {
  Result result = compared_sample();
  case_of(result, "ping-pong/signal/block/0/same-cpu").summary.rtt_p50.ci95 = Interval{7900, 9500};
  const SourcesTable table = sources_table_of(result);
  EXPECT_TRUE(cell_at(table, "signal", Criterion::latency).measured.crosses_edge);
  EXPECT_FALSE(cell_at(table, "pipe", Criterion::latency).measured.crosses_edge);
}

TEST(SourcesTable, UnderAFactorOfTwoThereAreNoWords) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) c.summary.rtt_p50 = sharp(c.transport == "dbus" ? 1900 : 1000);
  const SourcesTable table = sources_table_of(result);
  EXPECT_FALSE(table.columns[0].bands);
  EXPECT_FALSE(table.columns[0].tau_b);
  EXPECT_TRUE(table.columns[1].bands);
  for (const ComparedRow& row : table.rows) {
    EXPECT_FALSE(row.cells[0].measured.word);
    EXPECT_EQ(row.cells[0].agreement, Agreement::not_comparable);
  }
}

TEST(SourcesTable, ARowThatCannotRunIsFilledByItsNextVariant) {
  Result result = compared_sample();
  remove_transport(result, "pipe");
  const SourcesTable table = sources_table_of(result);
  EXPECT_EQ(table.rows[0].transport, "fifo");
  EXPECT_EQ(cell_at(table, "pipe", Criterion::latency).measured.case_id, "ping-pong/fifo/block/64/same-cpu");
}

TEST(SourcesTable, ARowThatNothingFillsSaysWhy) {
  Result result = compared_sample();
  remove_transport(result, "dbus");
  std::ranges::find(result.transports, "dbus", &TransportRecord::name)->available = false;
  std::ranges::find(result.transports, "dbus", &TransportRecord::name)->reason = "no dbus-daemon";
  const SourcesTable table = sources_table_of(result);
  EXPECT_EQ(table.rows[7].transport, "");
  EXPECT_EQ(cell_at(table, "D-Bus", Criterion::latency).measured.figure.reason, "no dbus-daemon");
  EXPECT_EQ(cell_at(table, "network socket", Criterion::latency).measured.word, Word::high);  // now the largest
  EXPECT_EQ(table.columns[0].rows, 7u);
}

TEST(SourcesTable, WhatCouldNotBeMeasuredIsNotComparable) {
  const ComparedCell cell = cell_at(sources_table_of(compared_sample()), "signal", Criterion::memory);
  EXPECT_EQ(cell.agreement, Agreement::not_comparable);
  EXPECT_EQ(cell.measured.figure.reason, "too small to tell");
}

TEST(SourcesTable, TheIdleChannelNeverStandsInForALoadedOne) {
  Result result = compared_sample();
  CaseSummary& pipe = case_of(result, "ping-pong/pipe/block/64/same-cpu").summary;
  pipe.channel_loaded = no_figure("took too long");
  pipe.channel_idle.median = 5000;
  const ComparedCell cell = cell_at(sources_table_of(result), "pipe", Criterion::memory);
  EXPECT_FALSE(cell.measured.figure.median);
  EXPECT_EQ(cell.measured.figure.reason, "took too long");
  EXPECT_EQ(cell.agreement, Agreement::not_comparable);
}

// Returns the sample as measured in a container without a control group. Pipes, sockets and mappings lack the kernel's
// own objects, and other kernel memory is partly missing.
Result seen_without_group() {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    if (!c.channel) continue;
    c.channel->source = "pss";
    const std::string& row = std::ranges::find(result.transports, c.transport, &TransportRecord::name)->row;
    const bool is_seen = row == "pipe" || row == "shared memory" || row.ends_with("socket");
    c.channel->kernel_objects = is_seen ? "contents" : "none";
    if (is_seen) *c.summary.channel_loaded.median -= 4000;
    if (c.transport == "sysv-mq") c.summary.channel_loaded.median = 8211;
    if (c.transport == "dbus") c.summary.channel_loaded.median = 4e6;
    if (c.transport == "sysv-sem") c.summary.channel_idle = no_figure("only a control group shows it");
  }
  return result;
}

TEST(SourcesTable, WordsOfMemoryDoNotDependOnTheSourceOfItsFigures) {
  const SourcesTable with = sources_table_of(compared_sample());
  const SourcesTable without = sources_table_of(seen_without_group());
  std::size_t same = 0;
  for (std::size_t i = 0; i < with.rows.size(); ++i) {
    const ComparedFigure& seen = with.rows[i].cells[3].measured;
    const ComparedFigure& unseen = without.rows[i].cells[3].measured;
    if (!unseen.word) continue;
    EXPECT_EQ(seen.word, unseen.word) << with.rows[i].source->row;
    ++same;
  }
  EXPECT_EQ(same, 4u);  // pipe, shared memory and both sockets
}

TEST(SourcesTable, WhatMissesKernelObjectsIsALowerBoundWithoutAWord) {
  const SourcesTable table = sources_table_of(seen_without_group());
  for (const char* row : {"message queue", "D-Bus"}) {
    const ComparedCell cell = cell_at(table, row, Criterion::memory);
    EXPECT_TRUE(cell.measured.figure.median) << row;
    EXPECT_EQ(cell.measured.at_least, AtLeast::kernel_objects) << row;
    EXPECT_FALSE(cell.measured.word) << row;
    EXPECT_EQ(cell.agreement, Agreement::not_comparable) << row;
  }
  EXPECT_EQ(table.columns[3].rows, 4u);
  EXPECT_NE(table.rows[table.columns[3].largest].source->row, "D-Bus");
}

TEST(SourcesTable, ACappedChannelHasAWordOnlyWhereItIsTheHighest) {
  Result result = compared_sample();
  CaseRecord& c = case_of(result, "ping-pong/tcp/block/64/same-cpu");
  EXPECT_EQ(cell_at(sources_table_of(result), "network socket", Criterion::memory).measured.word, Word::high);
  c.summary.channel_loaded.median = 100e3;
  EXPECT_FALSE(cell_at(sources_table_of(result), "network socket", Criterion::memory).measured.word);
}

// Shared memory has the shortest round trip and so the lowest band.
TEST(SourcesTable, WhatALimitChangedHasNoWordAndNoPartInTheBands) {
  Result result = compared_sample();
  case_of(result, "ping-pong/sysv-shm/block/64/same-cpu").summary.limits_met = {{sample_limit(), 9}};
  const SourcesTable table = sources_table_of(result);
  for (const Criterion criterion : {Criterion::latency, Criterion::cpu}) {
    const ComparedCell cell = cell_at(table, "shared memory", criterion);
    EXPECT_TRUE(cell.measured.figure.median);
    EXPECT_TRUE(cell.measured.is_limited());
    EXPECT_FALSE(cell.measured.word);
    EXPECT_EQ(cell.agreement, Agreement::not_comparable);
  }
  EXPECT_EQ(table.columns[0].bands->edge(0), 2000) << "the semaphore's";
  EXPECT_EQ(table.columns[0].rows, 7u);
  EXPECT_EQ(table.rows[table.columns[0].smallest].source->row, "semaphore");
  EXPECT_TRUE(cell_at(table, "shared memory", Criterion::throughput).measured.word) << "its streams are whole";
  EXPECT_TRUE(cell_at(table, "shared memory", Criterion::memory).measured.word);
}

TEST(SourcesTable, TheBestOfSizesIsNoneWhereALimitChangedOne) {
  Result result = compared_sample();
  case_of(result, "streaming/pipe/block/64/same-cpu").summary.limits_met = {{sample_limit(), 1}};
  const ComparedCell cell = cell_at(sources_table_of(result), "pipe", Criterion::throughput);
  EXPECT_EQ(cell.measured.size, 65536u);
  EXPECT_TRUE(cell.measured.is_limited());
  EXPECT_FALSE(cell.measured.word);
}

TEST(SourcesTable, AChannelThatALimitChangedHasNoWord) {
  Result result = compared_sample();
  case_of(result, "ping-pong/pipe/block/64/same-cpu").channel->limits_met = {sample_limit()};
  const SourcesTable table = sources_table_of(result);
  EXPECT_FALSE(cell_at(table, "pipe", Criterion::memory).measured.word);
  EXPECT_TRUE(cell_at(table, "pipe", Criterion::memory).measured.is_limited());
  EXPECT_TRUE(cell_at(table, "pipe", Criterion::latency).measured.word);
}

TEST(SourcesTable, FiguresWithoutAnIntervalHaveNoPartInTau) {
  Result result = compared_sample();
  case_of(result, "ping-pong/dbus/block/64/same-cpu").summary.rtt_p50.ci95.reset();
  EXPECT_EQ(sources_table_of(result).columns[0].rows, 7u);
  for (CaseRecord& c : result.cases) c.summary.rtt_p50.ci95.reset();
  EXPECT_FALSE(sources_table_of(result).columns[0].tau_b);
}

TEST(SourcesTable, VariantsStandBelowTheirRowOnItsBands) {
  Result result = compared_sample();
  CaseRecord spin = compared_case(Scenario::ping_pong, "sysv-shm", 64, Placement::same_cpu, WaitStrategy::spin);
  spin.summary.rtt_p50 = sharp(50);
  CaseRecord wake = compared_case(Scenario::ping_pong, "sysv-shm", 64);
  wake.options = {{"wake", "sysv-sem"}};
  wake.summary.rtt_p50 = sharp(30000);
  result.cases.insert(result.cases.begin(), {spin, wake});
  const SourcesTable table = sources_table_of(result);
  const std::vector<ComparedVariant>& variants = table.rows[3].variants;
  ASSERT_EQ(variants.size(), 3u);
  EXPECT_EQ(variants[0].options, wake.options);
  EXPECT_EQ(variants[0].figures[0].word, Word::high);
  EXPECT_EQ(variants[1].transport, "sysv-shm-loan");
  EXPECT_EQ(variants[2].wait, WaitStrategy::spin);  // blocking variants come first
  EXPECT_EQ(variants[2].figures[0].word, Word::very_low);
  EXPECT_EQ(table.columns[0].bands->edge(0), 1000);
}

TEST(SourcesTable, PayloadThatIsNotTouchedHasNoPlace) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    if (c.transport == "pipe") c.payload = PayloadMode::header;
  }
  EXPECT_EQ(sources_table_of(result).rows[0].transport, "fifo");
}

TEST(SourcesTable, OneRowIsNoTable) {
  Result result = compared_sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.transport != "pipe" && c.transport != "fifo"; });
  EXPECT_TRUE(compare_with_sources(result).empty());
  EXPECT_TRUE(compare_with_sources({}).empty());
}

TEST(SourcesTable, EachPlacementHasATable) {
  Result result = compared_sample();
  for (const char* transport : {"pipe", "tcp"}) {
    CaseRecord c = compared_case(Scenario::ping_pong, transport, 64, Placement::same_l3);
    c.summary.rtt_p50 = sharp(30000);
    c.summary.state_used = "near";
    result.cases.push_back(c);
  }
  const std::vector<SourcesTable> tables = compare_with_sources(result);
  ASSERT_EQ(tables.size(), 2u);
  EXPECT_EQ(tables[1].placement, Placement::same_l3);
  EXPECT_EQ(tables[1].state, "near");
}

TEST(SourcesTable, TauSaysHowFarTheOrderHolds) {
  const SourcesTable table = sources_table_of(compared_sample());
  // Words of the article: pipe 2, signal 1, mq 2, shm 0, sem 1, unix 1, tcp 3, dbus 3. Of the 23 pairs with different
  // words, 19 are concordant and four discordant: pipe and mq are faster than signal and the UNIX socket. All 28 pairs
  // of figures differ.
  EXPECT_NEAR(*table.columns[0].tau_b, (19 - 4) / std::sqrt(23.0 * 28.0), 1e-9);
}

}  // namespace
}  // namespace ipcbench
