// Checks claims that tests of figures decide.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/claims/claim_file.h"
#include "results/claims/claims.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kStart = R"(schema = "ipcbench-claim"
version = 1
id = "mine"
source = "a page"
sentence = "a FIFO is slow"
missing = "measure both"
)";
// In the sample a pipe's round trip takes 4 us, a FIFO's 4.5 us, each within 1 %.
const std::string kFifoOverPipe = R"([[test]]
says = "fifo over pipe"
scenarios = ["ping-pong"]
figures = ["round_trip_ns"]
of = { transports = ["fifo"] }
over = { transports = ["pipe"] }
)";

// In the sample a pipe's streams carry 10/6 and 3/5 of a UNIX socket's.
const std::string kMeanOfStreams = R"([[test]]
says = "mean"
scenarios = ["streaming"]
figures = ["bytes_per_s"]
of = { transports = ["pipe"] }
over = { transports = ["unix-stream"] }
gather = "average"
at_most = 1.1
)";

// Returns a claim about the spread of round trips over transports, each in quotes.
std::string spread_of(const std::string& transports, const std::string& limit) {
  return kStart + "[[test]]\nsays = \"spread\"\nscenarios = [\"ping-pong\"]\nfigures = [\"round_trip_ns\"]\n" +
         "gather = \"spread\"\ntransports = [" + transports + "]\n" + limit + "\n";
}

// Holds a claim with its judgement, which points into it.
struct Judged {
  std::vector<Claim> claims;
  JudgedClaim answer;
};
Judged judged(const std::string& text, const std::vector<ClaimResult>& results) {
  Judged one{.claims = {parse_claim(text, "my.toml")}, .answer = {}};
  one.answer = judge(one.claims, results).front();
  return one;
}
ClaimJudgement judgement(const std::string& text, const Result& result) {
  return judged(text, {{&result, ""}}).answer.judgement;
}
std::string reason(const std::string& text, const Result& result) {
  return judged(text, {{&result, ""}}).answer.why.english;
}

TEST(ClaimTests, TheWholeIntervalDecides) {
  const Result result = compared_sample();
  const std::string text = kStart + kFifoOverPipe;
  EXPECT_EQ(judgement(text + "at_least = 1.1\n", result), ClaimJudgement::holds);
  EXPECT_EQ(judgement(text + "at_least = 1.125\n", result), ClaimJudgement::undecided);
  EXPECT_EQ(judgement(text + "at_least = 1.15\n", result), ClaimJudgement::fails);
  EXPECT_EQ(judgement(text + "at_most = 1.1\n", result), ClaimJudgement::fails);
  EXPECT_EQ(judgement(text + "at_least = 1\nat_most = 1.2\n", result), ClaimJudgement::holds);
  EXPECT_EQ(reason(text + "at_least = 1.15\n", result), "fifo over pipe: 1.13 [1.1, 1.15], claimed at least 1.15: no");
  EXPECT_THAT(judged(text + "at_least = 1.1\n", {{&result, ""}}).answer.evidence,
              ElementsAre("ping-pong/fifo/block/64/same-cpu over ping-pong/pipe/block/64/same-cpu: 1.13 [1.1, 1.15]"));
}

TEST(ClaimTests, WithoutAnIntervalNothingIsDecided) {
  Result result = compared_sample();
  case_of(result, "ping-pong/fifo/block/64/same-cpu").summary.rtt_p50.ci95.reset();
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 9\n", result), ClaimJudgement::undecided);
  EXPECT_THAT(reason(kStart + kFifoOverPipe + "at_least = 9\n", result),
              HasSubstr("a figure of fewer than 6 launches"));
}

// A mean holds the clock's reads, which a p50 doesn't: the one beside the other is a quotient of nothing.
TEST(ClaimTests, MeansArePutBesideMeans) {
  Result result = compared_sample();
  CaseSummary& fifo = case_of(result, "ping-pong/fifo/block/64/same-cpu").summary;
  fifo.p50_from_mean = true;
  fifo.rtt_mean = sharp(5000);
  case_of(result, "ping-pong/pipe/block/64/same-cpu").summary.rtt_mean = sharp(10000);
  EXPECT_THAT(reason(kStart + kFifoOverPipe + "at_most = 1\n", result), StartsWith("fifo over pipe: 0.5 ["));
  EXPECT_THAT(reason(spread_of("\"pipe\", \"fifo\"", "at_most = 1.1"), result), StartsWith("spread: 2 ["));
}

TEST(ClaimTests, CountsThatDependOnTimingDecideNothingAndNoCallsAreANumber) {
  Result result = compared_sample();
  CaseSummary& summary = case_of(result, "ping-pong/pipe/block/64/same-cpu").summary;
  summary.syscalls_producer.median = summary.syscalls_consumer.median = 0;
  const std::string text = kStart + R"([[test]]
says = "calls"
scenarios = ["ping-pong"]
transports = ["pipe"]
figures = ["syscalls_per_op"]
at_least = 1
)";
  EXPECT_EQ(reason(text, result), "calls: 0, claimed at least 1: no");
  summary.syscalls_vary = true;
  EXPECT_EQ(judgement(text, result), ClaimJudgement::undecided);
  EXPECT_THAT(reason(text, result), HasSubstr("a count that depends on timing"));
}

TEST(ClaimTests, WhatIsNotMeasuredIsNotHere) {
  Result result = compared_sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.transport == "fifo"; });
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 1\n", result), ClaimJudgement::not_tested);
  EXPECT_EQ(reason(kStart + kFifoOverPipe + "at_least = 1\n", result), "measure both");
}

TEST(ClaimTests, AgreeingTestsConfirmNothingWhileOneIsMissing) {
  const Result result = compared_sample();
  const std::string other = R"([[test]]
says = "two CPUs"
placements = ["nearest"]
figures = ["round_trip_ns"]
at_most = 1
)";
  const std::string text = kStart + kFifoOverPipe + "at_least = 1.1\n" + other;
  EXPECT_EQ(judgement(text, result), ClaimJudgement::not_tested);
  EXPECT_THAT(reason(text, result), AllOf(HasSubstr("two CPUs: not measured"), HasSubstr("measure both")));
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 2\n" + other, result), ClaimJudgement::fails);
  const std::string beyond = kStart + "beyond = \"a mechanism that isn't here\"\n" + kFifoOverPipe + "at_least = 1.1\n";
  EXPECT_EQ(judgement(beyond, result), ClaimJudgement::not_tested);
  EXPECT_THAT(reason(beyond, result), HasSubstr("a mechanism that isn't here"));
}

TEST(ClaimTests, ARefutedNumberThatFitsItsLabelIsMislabelled) {
  const Result result = compared_sample();
  const std::string text = kStart + "verdicts.mislabelled = \"it is a rate\"\n" + kFifoOverPipe + "at_least = 2\n";
  const auto with_label = [&](const std::string& limit) {
    return text +
           "[[label]]\nsays = \"per message\"\nscenarios = [\"streaming\"]\ntransports = [\"pipe\"]\nsizes = [64]\n" +
           "figures = [\"message_ns\"]\n" + limit;  // 10 MB/s of 64 B
  };
  EXPECT_EQ(judgement(with_label("at_most = 6500\n"), result), ClaimJudgement::mislabelled);
  EXPECT_THAT(reason(with_label("at_most = 6500\n"), result),
              AllOf(HasSubstr("per message: 6.4 µs"), HasSubstr("it is a rate")));
  EXPECT_EQ(judgement(with_label("at_most = 6000\n"), result), ClaimJudgement::fails);
  EXPECT_EQ(judgement(with_label("at_most = 6400\n"), result), ClaimJudgement::fails) << "the label is undecided";
  EXPECT_THAT(reason(with_label("at_most = 6000\n"), result), Not(HasSubstr("isn't known")));
  Result without = result;
  std::erase_if(without.cases, [](const CaseRecord& c) { return c.scenario == Scenario::streaming; });
  EXPECT_EQ(judgement(with_label("at_most = 6500\n"), without), ClaimJudgement::fails);
  EXPECT_THAT(reason(with_label("at_most = 6500\n"), without),
              AllOf(HasSubstr("whether the number is of something else isn't known"), HasSubstr("measure both")));
}

TEST(ClaimTests, WhatALimitChangedIsNotJudged) {
  Result result = compared_sample();
  case_of(result, "ping-pong/pipe/block/64/same-cpu").summary.limits_met = {{sample_limit(), 9}};
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 1\n", result), ClaimJudgement::not_judged);
}

// Nothing but what the test names may differ, and comparability.h says what does.
TEST(ClaimTests, CasesThatAreNotAlikeAreNotCompared) {
  Result result = compared_sample();
  case_of(result, "ping-pong/pipe/block/64/same-cpu").workers = "exec";
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 1\n", result), ClaimJudgement::not_tested);
  EXPECT_THAT(reason(kStart + kFifoOverPipe + "at_least = 1\n", result),
              StartsWith("fifo over pipe: not compared: workers: fork and exec"));
  result = compared_sample();
  case_of(result, "ping-pong/pipe/block/64/same-cpu").payload = PayloadMode::header;
  EXPECT_EQ(judgement(kStart + kFifoOverPipe + "at_least = 1\n", result), ClaimJudgement::not_tested) << "not ranked";
}

TEST(ClaimTests, CasesAreSetApartByTheAxesThatAreNamed) {
  Result result = compared_sample();
  CaseRecord spin = compared_case(Scenario::ping_pong, "sysv-shm", 64, Placement::same_cpu, WaitStrategy::spin);
  spin.summary.rtt_p50 = sharp(100);
  result.cases.push_back(spin);
  const std::string text = kStart + R"([[test]]
says = "blocking over spinning"
scenarios = ["ping-pong"]
figures = ["round_trip_ns"]
of = { transports = ["pipe"], waits = ["block"] }
over = { transports = ["sysv-shm"], waits = ["spin"] }
at_least = 39
)";
  EXPECT_EQ(judgement(text, result), ClaimJudgement::holds);
}

TEST(ClaimTests, FiguresOfOneCaseAreMultipliedAndDivided) {
  Result result = compared_sample();
  CaseSummary& summary = case_of(result, "ping-pong/pipe/block/64/same-cpu").summary;
  summary.syscalls_producer.median = summary.syscalls_consumer.median = 2;
  for (const double ns : {90.0, 100.0, 110.0}) {
    result.floors.push_back({});
    result.floors.back().syscall_ns = ns;
  }
  const std::string text = kStart + R"([[test]]
says = "calls"
scenarios = ["ping-pong"]
transports = ["pipe"]
figures = ["syscalls_per_op", "floor_syscall_ns"]
over = { figures = ["round_trip_ns"] }
)";
  EXPECT_EQ(reason(text + "at_least = 0.5\n", result), "calls: 0.1 [0.0891, 0.111], claimed at least 0.5: no");
}

TEST(ClaimTests, ValuesAreGathered) {
  const Result result = compared_sample();
  EXPECT_THAT(reason(kStart + kMeanOfStreams, result), StartsWith("mean: 1 [0.98, 1.02], claimed at most 1.1: yes"));
  EXPECT_THAT(reason(spread_of("\"pipe\", \"fifo\", \"tcp\"", "at_most = 1.1"), result),
              StartsWith("spread: 5 [4.9, 5.1], claimed at most 1.1: no"));
}

TEST(ClaimTests, SomeOfWhatIsListedIsNotTheMeanOfAll) {
  const Result result = compared_sample();
  const std::string average = kStart + kMeanOfStreams + "sizes = [64, \"64KiB\", \"1MiB\"]\n";
  EXPECT_EQ(judgement(average, result), ClaimJudgement::undecided);
  EXPECT_THAT(reason(average, result), HasSubstr("not all that is listed was measured: without 1 MiB"));
}

TEST(ClaimTests, TheSpreadOfSomeIsAtMostThatOfAll) {
  const auto spread = [](const std::string& limit) { return spread_of("\"pipe\", \"fifo\", \"pidfd\"", limit); };
  const Result result = compared_sample();
  EXPECT_EQ(judgement(spread("at_most = 1.05"), result), ClaimJudgement::fails);
  EXPECT_EQ(judgement(spread("at_most = 1.5"), result), ClaimJudgement::undecided);
  EXPECT_EQ(judgement(spread("at_least = 1.05"), result), ClaimJudgement::undecided);
  EXPECT_THAT(judged(spread("at_most = 1.5"), {{&result, ""}}).answer.evidence,
              ElementsAre(HasSubstr(", of 2 cases, without pidfd: 1.13")));
}

TEST(ClaimTests, SeveralResultsDecideTogether) {
  const Result one = compared_sample();
  Result two = compared_sample();
  case_of(two, "ping-pong/fifo/block/64/same-cpu").summary.rtt_p50 = sharp(8000);
  const std::string text = kStart + kFifoOverPipe + "at_least = 1.5\n";
  const Judged both = judged(text, {{&one, "one"}, {&two, "two"}});
  EXPECT_EQ(both.answer.judgement, ClaimJudgement::depends);
  EXPECT_EQ(both.answer.why.english, "fifo over pipe: 1.13 to 2, claimed at least 1.5: yes 1, no 1, undecided 0");
  ASSERT_EQ(both.answer.evidence.size(), 2u);
  EXPECT_THAT(both.answer.evidence[1], StartsWith("two: ping-pong/fifo"));
  EXPECT_EQ(judged(text, {{&two, "two"}, {&two, "three"}}).answer.judgement, ClaimJudgement::holds);
  EXPECT_THAT(judged(text, {}).answer.evidence, IsEmpty());
}

TEST(ClaimTests, ClaimsOfTheArticlesAreJudgedByEachResult) {
  const Result one = compared_sample();
  Result two = compared_sample();
  for (CaseRecord& c : two.cases) {
    if (c.transport == "sysv-mq")
      c.summary.rtt_p50 = c.summary.bytes_per_s = sharp(c.scenario == Scenario::streaming ? 9e9 : 100);
  }
  const std::string text = kStart + "[head_to_head]\nbetter = [\"sysv-mq\"]\nthan = [\"pipe\"]\n" +
                           "contests = [\"round-trip\", \"stream\"]\n";
  EXPECT_EQ(judgement(text, one), ClaimJudgement::fails);
  EXPECT_EQ(judgement(text, two), ClaimJudgement::holds);
  const Judged both = judged(text, {{&one, "one"}, {&two, "two"}});
  EXPECT_EQ(both.answer.judgement, ClaimJudgement::depends);
  EXPECT_THAT(both.answer.why.english, AllOf(StartsWith("one: does not hold: "), HasSubstr(". two: holds here: ")));

  // A result that decides nothing leaves the decision to the others.
  Result limited = two;
  for (CaseRecord& c : limited.cases) c.summary.limits_met = {{sample_limit(), 9}};
  EXPECT_EQ(judgement(text, limited), ClaimJudgement::not_judged);
  EXPECT_EQ(judged(text, {{&limited, "limited"}, {&two, "two"}}).answer.judgement, ClaimJudgement::holds);
  EXPECT_EQ(judged(text, {{&one, "one"}, {&limited, "limited"}}).answer.judgement, ClaimJudgement::fails);
  Result open = two;
  for (CaseRecord& c : open.cases) c.summary.rtt_p50.ci95 = c.summary.bytes_per_s.ci95 = std::nullopt;
  EXPECT_EQ(judgement(text, open), ClaimJudgement::undecided);
  EXPECT_EQ(judged(text, {{&one, "one"}, {&open, "open"}}).answer.judgement, ClaimJudgement::fails);
  EXPECT_EQ(judged(text, {{&open, "open"}, {&two, "two"}}).answer.judgement, ClaimJudgement::depends);
}

}  // namespace
}  // namespace ipcbench
