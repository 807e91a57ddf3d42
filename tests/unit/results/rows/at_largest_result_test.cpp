// Checks results, tables and decisions with cases that have their transport's largest message.

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/exports/google_benchmark_json.h"
#include "plots/page/page_data.h"
#include "plots/table/table_chinese.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/result_tables.h"
#include "plots/tables/sources_table.h"
#include "results/claims/claims.h"
#include "results/claims/recommendation.h"
#include "results/claims/sources_table.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/files/store.h"
#include "results/gate/result_diff.h"
#include "results/rows/at_largest.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kMsgmax = "/proc/sys/kernel/msgmax is 8192";

CaseRecord queue_at_8_kib(double mb_per_s = 90) {
  CaseRecord c = compared_case(Scenario::streaming, "sysv-mq", 8192);
  c.at_largest = AtLargestRecord{{65536, 1 << 20}, kMsgmax};
  c.summary.bytes_per_s = sharp(mb_per_s * 1e6);
  return c;
}

// Returns the sample of a build that measures queues at their largest message.
Result sample_at_largest(double mb_per_s = 90) {
  Result result = compared_sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.status == Status::skipped; });
  result.cases.push_back(queue_at_8_kib(mb_per_s));
  return result;
}

const ComparedRow& row_in(const SourcesTable& table, std::string_view row) {
  return *std::ranges::find(table.rows, row, [](const ComparedRow& one) { return one.source->row; });
}

ComparedFigure throughput_in(const Result& result, std::string_view row) {
  return row_in(compare_with_sources(result).at(0), row)
      .cells[static_cast<std::size_t>(Criterion::throughput)]
      .measured;
}

std::string excluded_for(const Recommendation& answer, const std::string& transport) {
  const auto found = std::ranges::find(answer.excluded, transport, &Excluded::transport);
  return found == answer.excluded.end() ? "not excluded" : found->reason;
}

TEST(AtLargestText, SaysTheSizeTheLimitAndWhatWasAsked) {
  CaseRecord c = queue_at_8_kib();
  EXPECT_EQ(at_largest_text(c).english, "8 KiB, its largest: /proc/sys/kernel/msgmax is 8192; 64 KiB, 1 MiB asked");
  EXPECT_EQ(at_largest_text(c).chinese, "8 KiB，为其上限：/proc/sys/kernel/msgmax is 8192；要求64 KiB, 1 MiB");
  EXPECT_FALSE(has_asked_size(c));
  EXPECT_TRUE(is_for_size(c, 8192));
  EXPECT_TRUE(is_for_size(c, 65536));
  EXPECT_FALSE(is_for_size(c, 64));
  c.at_largest->asked = {8192, 65536};
  EXPECT_TRUE(has_asked_size(c));
  EXPECT_EQ(asked_text(c), "64 KiB");
}

TEST(AtLargestText, OfOtherCasesIsEmpty) {
  CaseRecord c = compared_case(Scenario::streaming, "sysv-mq", 8192);
  EXPECT_EQ(at_largest_text(c).english, "");
  EXPECT_EQ(at_largest_text(c).chinese, "");
  EXPECT_TRUE(has_asked_size(c));
  EXPECT_TRUE(is_for_size(c, 8192));
  EXPECT_FALSE(is_for_size(c, 65536));
}

TEST(LargestOfSizes, TakesPartInTheThroughputOfItsRow) {
  const ComparedFigure queue = throughput_in(sample_at_largest(), "message queue");
  EXPECT_EQ(queue.case_id, "streaming/sysv-mq/block/8192/same-cpu");
  EXPECT_EQ(queue.size, 8192u);
  EXPECT_TRUE(queue.is_at_largest);
  EXPECT_EQ(queue.limit, "");
  EXPECT_EQ(queue.word, Word::medium);  // 90 MB/s between 2 MB/s and 5 GB/s
}

TEST(LargestOfSizes, ASmallerSizeThatIsFasterStaysTheBest) {
  const ComparedFigure queue = throughput_in(sample_at_largest(3), "message queue");
  EXPECT_EQ(queue.size, 64u);
  EXPECT_FALSE(queue.is_at_largest);
  EXPECT_THAT(queue.largest.english, HasSubstr("its largest"));
}

TEST(LargestOfSizes, IsMarkedInTheCellAndExplainedBelowInBothLanguages) {
  const Result result = sample_at_largest();
  const std::string english = to_text(sources_tables(compare_with_sources(result), Language::english), {});
  EXPECT_THAT(english, AllOf(HasSubstr("at 8 KiB §"),
                             HasSubstr("§ message queue, throughput: 8 KiB, its largest: " + std::string(kMsgmax))));
  const std::string chinese = to_text(sources_tables(compare_with_sources(result), Language::chinese), {});
  EXPECT_THAT(chinese, AllOf(HasSubstr("@ 8 KiB §"), HasSubstr("§ 消息队列的吞吐量：8 KiB，为其上限：")));
  EXPECT_THAT(to_text(sources_tables(compare_with_sources(compared_sample()), Language::english), {}),
              Not(HasSubstr("§")));
}

TEST(LargestOfSizes, OfAVariantIsMarkedAndExplainedInItsTable) {
  Result result = sample_at_largest();
  CaseRecord c = compared_case(Scenario::streaming, "fifo", 65507);
  c.at_largest = AtLargestRecord{{65536}, "a datagram's length has 16 bits"};
  c.summary.bytes_per_s = sharp(9e9);
  result.cases.push_back(c);
  const std::string variants = to_text(sources_variant_tables(compare_with_sources(result), Language::english), {});
  EXPECT_THAT(variants,
              AllOf(HasSubstr("9.00 GB/s very high §"),
                    HasSubstr("§ fifo: 65507 B, its largest: a datagram's length has 16 bits; 64 KiB asked")));
  EXPECT_THAT(to_text(sources_tables(compare_with_sources(result), Language::english), {}),
              HasSubstr("§ of a variant: "));
}

// A mechanism whose largest message is below the table's 64 bytes.
TEST(LargestOfSizes, StandsForTheTablesRoundTripsToo) {
  Result result = compared_sample();
  CaseRecord& queue = case_of(result, "ping-pong/sysv-mq/block/64/same-cpu");
  queue.id = "ping-pong/sysv-mq/block/32/same-cpu";
  queue.size = 32;
  queue.at_largest = AtLargestRecord{{64}, "/proc/sys/kernel/msgmax is 32"};
  const ComparedFigure latency = row_in(compare_with_sources(result).at(0), "message queue").cells[0].measured;
  EXPECT_EQ(latency.case_id, queue.id);
  EXPECT_TRUE(latency.is_at_largest);
  EXPECT_THAT(to_text(sources_tables(compare_with_sources(result), Language::english), {}),
              HasSubstr("§ message queue, latency: 32 B, its largest: /proc/sys/kernel/msgmax is 32; 64 B asked"));
}

// Returns whether a suite that asks for messages of `sizes` has this case: of one of them, or the largest in its place.
bool is_of_sizes(const CaseRecord& c, const std::vector<std::size_t>& sizes) {
  const auto is_asked = [&](std::size_t size) { return std::ranges::find(sizes, size) != sizes.end(); };
  return c.at_largest ? std::ranges::any_of(c.at_largest->asked, is_asked) : c.size == 0 || is_asked(c.size);
}

// The published run of the suite "standard", reduced to the sizes of the streams of "quick". Between two CPUs it isn't
// asked of all rows: some are fastest at a size that the short suite doesn't have.
TEST(LargestOfSizes, GivesAShortSuiteTheWordsOfALongOne) {
  const Result standard = load_result(IPCBENCH_SOURCE_DIR "/results/published/standard-amd-zen5-kvm.json.zst");
  Result quick = standard;
  std::erase_if(quick.cases, [](const CaseRecord& c) {
    return c.scenario == Scenario::streaming && !is_of_sizes(c, {64, std::size_t{64} << 10});
  });
  ASSERT_LT(quick.cases.size(), standard.cases.size());
  const std::vector<SourcesTable> longer = compare_with_sources(standard), shorter = compare_with_sources(quick);
  ASSERT_EQ(longer.size(), 2u);
  ASSERT_EQ(shorter.size(), 2u);
  constexpr auto kAt = static_cast<std::size_t>(Criterion::throughput);
  for (std::size_t placement = 0; placement < longer.size(); ++placement) {
    const bool on_one_cpu = longer[placement].placement == Placement::same_cpu;
    for (std::size_t row = 0; row < longer[placement].rows.size(); ++row) {
      const ComparedRow& one = longer[placement].rows[row];
      if (!on_one_cpu && one.source->row != "message queue") continue;
      EXPECT_EQ(one.cells[kAt].measured.word, shorter[placement].rows[row].cells[kAt].measured.word)
          << to_string(longer[placement].placement) << ": " << one.source->row;
    }
    const ComparedFigure& queue = row_in(shorter[placement], "message queue").cells[kAt].measured;
    EXPECT_TRUE(queue.is_at_largest);
    EXPECT_GE(*queue.word, Word::high);
  }
}

TEST(LargestOfSizes, HasAPartOfItsOwnInTheTableOfSizes) {
  Result result = sample_result();
  CaseRecord stream = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 65507, Placement::same_cpu);
  add_launches(stream, 9, 20000);
  stream.at_largest = AtLargestRecord{{65536}, "the largest is 65507"};
  result.cases.push_back(stream);
  summarise(result);
  std::vector<Table> tables = measurement_tables(result);
  const auto table = std::ranges::find(tables, "streaming/same-cpu", &Table::id);
  ASSERT_NE(table, tables.end());
  std::vector<std::string> parts;
  for (const TablePart& part : table->parts) parts.push_back(part.title);
  EXPECT_THAT(parts, Contains("65507 B, the largest, block"));
  const std::string note = "65507 B, its largest: the largest is 65507; 64 KiB asked";
  EXPECT_THAT(table->notes, Contains(HasSubstr(note)));
  const Table chinese = in_chinese(*table);
  EXPECT_THAT(chinese.notes, Contains(HasSubstr("65507 B，为其上限：the largest is 65507；要求64 KiB")));
  EXPECT_EQ(std::ranges::count_if(chinese.parts,
                                  [](const TablePart& part) { return part.title == "65507 B（上限）, block"; }),
            1);
}

TEST(LargestOfSizes, AreListedWithWhatWasAskedAndWhy) {
  Result result = sample_at_largest();
  CaseRecord apart = queue_at_8_kib();
  apart.placement = Placement::same_l3;
  apart.id = "streaming/sysv-mq/block/8192/same-l3";
  result.cases.push_back(apart);
  CaseRecord skipped = queue_at_8_kib();
  skipped.wait = WaitStrategy::spin;
  skipped.status = Status::skipped;
  result.cases.push_back(skipped);
  const Table table = at_largest_table(result);
  ASSERT_EQ(table.parts[0].rows.size(), 1u);
  EXPECT_EQ(to_csv(table),
            "transport,size_bytes,asked,cases,which,reason\r\n"
            "sysv-mq,8192,\"64 KiB, 1 MiB\",2,\"streaming/sysv-mq/block/8192/{same-cpu,same-l3}\","
            "/proc/sys/kernel/msgmax is 8192\r\n");
  EXPECT_EQ(in_chinese(table).title, "以上限测量");
  EXPECT_TRUE(at_largest_table(compared_sample()).parts[0].rows.empty());
}

TEST(LargestOfSizes, RecommendationsDoNotTakeForMoreThanItCarries) {
  const Result result = sample_at_largest();
  const Recommendation large = recommend(result, {.size = 65536, .pattern = NeedPattern::stream});
  EXPECT_EQ(large.size, 65536u);
  EXPECT_EQ(excluded_for(large, "sysv-mq"), "a message holds at most 8 KiB here: /proc/sys/kernel/msgmax is 8192");
}

TEST(LargestOfSizes, RecommendationsShowWhatItMovesAtItsLargest) {
  const std::string text = to_text(
      recommendation_tables(recommend(sample_at_largest(), {.size = 65536, .pattern = NeedPattern::stream})), {});
  EXPECT_THAT(text,
              AllOf(HasSubstr("8 KiB here: /proc/sys/kernel/msgmax is 8192"), HasSubstr("with 8 KiB: 90.0 MB/s")));
}

TEST(LargestOfSizes, IsNotTheSizeThatOthersAreRankedBy) {
  const Result result = sample_at_largest();
  const Recommendation answer = recommend(result, {.size = 4096, .pattern = NeedPattern::stream});
  EXPECT_EQ(answer.size, 65536u) << "8 KiB is nearer, and nobody else was measured with it";
  EXPECT_THAT(excluded_for(answer, "sysv-mq"), HasSubstr("streaming at 64 KiB: a message holds at most 8 KiB here"));
  EXPECT_EQ(excluded_for(answer, "pipe"), "not excluded");
}

TEST(LargestOfSizes, TellsThatQueuesAreBounded) {
  const Result result = sample_at_largest();
  const std::vector<JudgedClaim> claims = judge_claims(result);
  const JudgedClaim& bounded = claims.at(3);
  EXPECT_EQ(bounded.number, 4);
  EXPECT_THAT(bounded.why.english, HasSubstr("a message had 8 KiB, its largest: /proc/sys/kernel/msgmax is 8192"));
  EXPECT_THAT(bounded.why.chinese, HasSubstr("消息为8 KiB，为其上限"));
  EXPECT_THAT(bounded.evidence, Contains(HasSubstr("streaming/sysv-mq/block/8192/same-cpu: 8 KiB, its largest")));
}

TEST(LargestOfSizes, IsWrittenReadAndUnknownToOlderFiles) {
  Result result = sample_result();
  result.cases[4].at_largest = AtLargestRecord{{64, std::uint64_t{1} << 63, 0xffffffffffffffffu}, kMsgmax};
  summarise(result);
  const Result again = result_from_json(to_json(result), "a.json");
  ASSERT_TRUE(again.cases[4].at_largest);
  EXPECT_THAT(again.cases[4].at_largest->asked, ElementsAre(64u, std::uint64_t{1} << 63, 0xffffffffffffffffu));
  EXPECT_EQ(again.cases[4].at_largest->limit, kMsgmax);
  EXPECT_FALSE(again.cases[0].at_largest);
  nlohmann::json older = nlohmann::json::parse(to_json(result));
  for (auto& c : older["cases"]) c.erase("at_largest");
  EXPECT_FALSE(result_from_json(older.dump(), "b.json").cases[4].at_largest);
  nlohmann::json bad = nlohmann::json::parse(to_json(result));
  bad["cases"][4]["at_largest"].erase("limit");
  EXPECT_THROW(result_from_json(bad.dump(), "c.json"), ResultError);
}

TEST(LargestOfSizes, OfOneSideOnlyIsLeftOutOfAComparisonWithTheReason) {
  const auto run_with = [](bool at_largest) {
    Result result{
        .complete = true, .run_id = "r", .suite = "s", .passes = 20, .payload = PayloadMode::lines, .block_ns = 25e6};
    result.machine.machine_class = "a machine";
    CaseRecord pipe = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 65536, Placement::same_cpu);
    add_launches(pipe, 20, 5000);
    CaseRecord queue = sample_case(Scenario::streaming, "sysv-mq", WaitStrategy::block, at_largest ? 8192 : 65536,
                                   Placement::same_cpu);
    if (at_largest) {
      queue.at_largest = AtLargestRecord{{65536}, kMsgmax};
      add_launches(queue, 20, 5000);
    } else {
      queue.status = Status::skipped;
      queue.reason = "msgmax is 8192, the case needs 65536";
    }
    result.cases = {pipe, queue};
    summarise(result);
    return result;
  };
  const Result older = run_with(false), newer = run_with(true);
  for (const bool forwards : {true, false}) {
    const std::vector<ResultDiffHead> heads = {{.result = forwards ? &newer : &older}};
    const JobOutcome outcome = diff_results(forwards ? older : newer, heads, {.advisory = true});
    std::string reasons;
    for (const LeftOut& out : outcome.left_out) reasons += out.case_id + ": " + out.reason + "\n";
    EXPECT_EQ(outcome.left_out.size(), 2u) << reasons;
    EXPECT_THAT(reasons,
                HasSubstr("streaming/sysv-mq/block/8192/same-cpu: the " + std::string(forwards ? "base" : "head") +
                          " has no such case (8 KiB, its largest: " + kMsgmax + "; 64 KiB asked)"));
    EXPECT_FALSE(outcome.decisions.empty()) << "the pipe is compared all the same";
  }
}

TEST(LargestOfSizes, IsTheLabelOfItsGoogleBenchmarkEntries) {
  Result result = sample_result();
  result.cases[4].at_largest = AtLargestRecord{{65536}, kMsgmax};
  summarise(result);
  const nlohmann::json document = nlohmann::json::parse(to_google_benchmark_json(result));
  std::size_t labelled = 0;
  for (const auto& entry : document["benchmarks"]) {
    const std::string label = entry.value("label", "");
    if (label.find("its largest") == std::string::npos) continue;
    ++labelled;
    EXPECT_THAT(entry["name"].get<std::string>(), HasSubstr(result.cases[4].id));
  }
  EXPECT_EQ(labelled, 9u + 4u) << "its launches, and their aggregates";
}

TEST(LargestOfSizes, IsInThePagesData) {
  Result result = sample_result();
  result.cases[4].at_largest = AtLargestRecord{{65536}, kMsgmax};
  summarise(result);
  const ComparedResult compared(result);
  const PageRun run{"sample", &compared};
  const nlohmann::json cases = nlohmann::json::parse(page_data({&run, 1}))["runs"][0]["cases"];
  EXPECT_EQ(cases[4]["largest"], "64 B, its largest: /proc/sys/kernel/msgmax is 8192; 64 KiB asked");
  EXPECT_EQ(cases[4]["only_largest"], true);
  EXPECT_THAT(cases[4]["largest_zh"].get<std::string>(), HasSubstr("为其上限"));
  EXPECT_FALSE(cases[0].contains("largest"));
}

}  // namespace
}  // namespace ipcbench
