#include "results/claims/claims.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/tables/claims_table.h"
#include "results/files/store.h"
#include "results/model/utf8.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TransportRecord& transport_of(Result& result, const std::string& name) {
  return *std::ranges::find(result.transports, name, &TransportRecord::name);
}

JudgedClaim judged(const Result& result, int number) {
  return judge_claims(result).at(static_cast<std::size_t>(number) - 1);
}

FactRecord fact(const std::string& claim, const std::string& answer, const std::string& agreement) {
  return {.claim = claim, .question = "Is it?", .answer = answer, .evidence = "seen", .agreement = agreement};
}

TEST(Claims, AreThe24OfTheSources) {
  const std::vector<JudgedClaim> claims = judge_claims({});
  ASSERT_EQ(claims.size(), 24u);
  for (const JudgedClaim& claim : claims) {
    EXPECT_EQ(claim.number, &claim - claims.data() + 1);
    EXPECT_EQ(claim.judgement, ClaimJudgement::not_tested) << claim.text.english;
    EXPECT_FALSE(claim.why.english.empty()) << claim.number;  // what would decide it
    EXPECT_FALSE(claim.why.chinese.empty()) << claim.number;
  }
}

// What was published doesn't change without a reason.
TEST(Claims, OfThePublishedResultAreJudgedAsPublished) {
  const Result result = load_result(std::string(IPCBENCH_SOURCE_DIR) + "/results/published/quick-intel-xeon-kvm.json");
  std::vector<std::string_view> judgements;
  for (const JudgedClaim& claim : judge_claims(result)) judgements.push_back(to_string(claim.judgement));
  EXPECT_THAT(judgements, ElementsAre("depends", "depends", "fails", "holds", "depends", "holds", "depends", "holds",
                                      "holds", "holds", "holds", "holds", "holds", "depends", "holds", "holds", "holds",
                                      "holds", "depends", "holds", "not tested", "depends", "holds", "depends"));
}

TEST(Claims, HoldWhereEveryMeasurementSaysSo) {
  const Result result = compared_sample();
  const JudgedClaim claim = judged(result, 1);
  EXPECT_EQ(claim.judgement, ClaimJudgement::holds);
  EXPECT_EQ(claim.why.english, "better 3/3: round trips same-cpu 64 B; streams same-cpu 64 B, 64 KiB");
  ASSERT_EQ(claim.matches.size(), 2u);
  EXPECT_EQ(claim.matches[0].first->id, "ping-pong/sysv-shm-loan/block/64/same-cpu");
  EXPECT_EQ(claim.matches[0].second->id, "ping-pong/pipe/block/64/same-cpu");
}

TEST(Claims, DependWhereMeasurementsDiffer) {
  Result result = compared_sample();
  case_of(result, "streaming/unix-stream/block/65536/same-cpu").summary.bytes_per_s = sharp(1e9);
  const JudgedClaim claim = judged(result, 2);
  EXPECT_EQ(claim.judgement, ClaimJudgement::depends);
  EXPECT_THAT(claim.why.english, AllOf(StartsWith("better 2/4: round trips same-cpu 64 B; CPU time same-cpu 64 B. "),
                                       HasSubstr("worse 2/4: streams same-cpu 64 B, 64 KiB")));
}

TEST(Claims, FailWhereNoMeasurementSaysSo) {
  const JudgedClaim claim = judged(compared_sample(), 3);  // queues slower than pipes
  EXPECT_EQ(claim.judgement, ClaimJudgement::fails);
  EXPECT_EQ(claim.why.english, "worse 2/2: round trips same-cpu 64 B; streams same-cpu 64 B");
}

TEST(Claims, WhatIntervalsCannotTellApartIsNoVictory) {
  Result result = compared_sample();
  for (const char* transport : {"sysv-mq", "pipe"}) {
    case_of(result, std::string("ping-pong/") + transport + "/block/64/same-cpu").summary.rtt_p50 = sharp(4500);
  }
  EXPECT_EQ(judged(result, 3).why.english,
            "no difference 1/2: round trips same-cpu 64 B. worse 1/2: streams same-cpu 64 B");
}

TEST(Claims, OnlyEqualWaitsAndSizesAreCompared) {
  Result result = compared_sample();
  CaseRecord spin = compared_case(Scenario::ping_pong, "sysv-shm", 64, Placement::same_cpu, WaitStrategy::spin);
  spin.summary.rtt_p50 = sharp(1);
  result.cases.push_back(spin);
  for (const Match& match : judged(result, 1).matches) EXPECT_EQ(match.wait, WaitStrategy::block);
}

TEST(Claims, WhereEverythingIsTiedNothingIsDecided) {
  Result result = compared_sample();
  for (const char* transport : {"sysv-mq", "pipe"}) {
    case_of(result, std::string("ping-pong/") + transport + "/block/64/same-cpu").summary.rtt_p50 = sharp(4500);
    case_of(result, std::string("streaming/") + transport + "/block/64/same-cpu").summary.bytes_per_s = sharp(9e6);
  }
  EXPECT_EQ(judged(result, 3).judgement, ClaimJudgement::undecided);
  EXPECT_EQ(judged(result, 3).why.english, "no difference 2/2: round trips same-cpu 64 B; streams same-cpu 64 B");
  EXPECT_EQ(to_string(ClaimJudgement::undecided), "undecided");
}

TEST(Claims, FiguresWithoutAnIntervalDecideNothing) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    for (Figure CaseSummary::*figure :
         {&CaseSummary::rtt_p50, &CaseSummary::bytes_per_s, &CaseSummary::cpu_ns_per_op}) {
      (c.summary.*figure).ci95.reset();
    }
  }
  for (const int number : {1, 2, 3}) {
    EXPECT_EQ(judged(result, number).judgement, ClaimJudgement::undecided) << number;
    EXPECT_THAT(judged(result, number).why.english, HasSubstr("Without 6 launches")) << number;
  }
}

TEST(Claims, LimitsOfQueuesComeFromTheResult) {
  Result result = compared_sample();
  result.machine.limits = {{"msgmax", std::string("8192")}, {"msgmnb", std::int64_t{16384}}};
  const JudgedClaim claim = judged(result, 4);
  EXPECT_EQ(claim.judgement, ClaimJudgement::holds);
  EXPECT_EQ(claim.why.english, "a message of 64 KiB was refused");
  EXPECT_THAT(claim.evidence,
              ElementsAre("/proc/sys/kernel/msgmax is 8192", "/proc/sys/kernel/msgmnb is 16384",
                          "streaming/sysv-mq/block/65536/same-cpu: msgmax is 8192, the case needs 65536"));
}

TEST(Claims, ALimitUnderWhatOthersCarryBoundsAQueue) {
  Result result = compared_sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.status == Status::skipped; });
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::not_tested);
  result.machine.limits = {{"msgmax", std::string("8192")}};
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::holds);
  EXPECT_EQ(judged(result, 4).why.english, "msgmax is under the 64 KiB that pipe carried");
  result.machine.limits = {{"msgmax", std::string("1048576")}};
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::not_tested);  // nothing larger was tried
}

TEST(Claims, QueuesThatCarryAsMuchAsOthersAreNotBounded) {
  Result result = compared_sample();
  result.machine.limits = {{"msgmax", std::string("2147483647")}};
  CaseRecord& large = case_of(result, "streaming/sysv-mq/block/65536/same-cpu");
  large.status = Status::ok;
  large.reason = "";
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::fails);
  case_of(result, "ping-pong/pipe/block/64/same-cpu").channel->payload_bytes = 65536;
  ChannelRecord& queue = *case_of(result, "ping-pong/sysv-mq/block/64/same-cpu").channel;
  queue.payload_bytes = 16384;
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::depends);
  EXPECT_EQ(judged(result, 4).why.english,
            "the queue carried messages of 64 KiB, pipe none larger; a full queue held 16 KiB, a full pipe 64 KiB");
  queue.payload_bytes = 1 << 20;
  queue.capped = true;
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::fails);
}

TEST(Claims, SynchronisationIsJudgedByExperimentsAlone) {
  Result result = compared_sample();
  for (const char* transport : {"pipe", "sysv-mq"}) {
    transport_of(result, transport).capabilities.emplace_back("self_synchronising", true);
  }
  EXPECT_EQ(judged(result, 13).judgement, ClaimJudgement::not_tested);  // a declaration proves nothing
  transport_of(result, "pipe").facts = {fact("13", "yes", "agrees")};
  EXPECT_EQ(judged(result, 13).judgement, ClaimJudgement::holds);
  transport_of(result, "sysv-mq").facts = {fact("13", "no", "contradicts")};
  EXPECT_EQ(judged(result, 13).judgement, ClaimJudgement::depends);
}

TEST(Claims, WhatCouldNotBeFoundOutIsNamedBesideTheRest) {
  Result result = compared_sample();
  transport_of(result, "pipe").facts = {fact("13", "yes", "agrees")};
  transport_of(result, "sysv-mq").facts = {{.claim = "13", .question = "Is it?", .reason = "no queues here"}};
  EXPECT_EQ(judged(result, 13).why.english, "experiments that agree: 1 of 1; not found out: sysv-mq: no queues here");
}

TEST(Claims, ExperimentsDecideWhatIsNoMatterOfSpeed) {
  Result result = compared_sample();
  transport_of(result, "pipe").facts = {fact("10", "yes", "agrees"), fact("7", "once it is handed over", "partly")};
  transport_of(result, "fifo").facts = {fact("10", "yes", "agrees"), fact("7", "yes", "agrees"),
                                        fact("5", "1 MiB", "contradicts")};
  EXPECT_EQ(judged(result, 10).judgement, ClaimJudgement::holds);
  EXPECT_EQ(judged(result, 10).evidence.size(), 2u);
  EXPECT_EQ(judged(result, 7).judgement, ClaimJudgement::depends);
  EXPECT_EQ(judged(result, 7).why.english, "experiments that agree: 1 of 2; otherwise pipe: once it is handed over");
  EXPECT_EQ(judged(result, 5).judgement, ClaimJudgement::fails);
}

TEST(Claims, AnExperimentThatCouldNotBeMadeSaysWhy) {
  Result result = compared_sample();
  transport_of(result, "pipe").facts = {{.claim = "8", .question = "Is it?", .reason = "no /proc here"}};
  EXPECT_EQ(judged(result, 8).judgement, ClaimJudgement::not_tested);
  EXPECT_EQ(judged(result, 8).why.english, "pipe: no /proc here");
}

// A region is four times a message: large from 256 KiB on.
TEST(Claims, MappingsForLargeRegionsNeedLargeMessages) {
  Result result = compared_sample();
  const auto add = [&](const char* transport, std::uint64_t size, double mb) {
    CaseRecord c = compared_case(Scenario::streaming, transport, size);
    c.summary.bytes_per_s = sharp(mb * 1e6);
    result.cases.push_back(c);
  };
  add("mmap-anon-loan", 64, 500);
  EXPECT_EQ(judged(result, 21).judgement, ClaimJudgement::not_tested);
  add("mmap-anon-loan", 1 << 20, 20000);
  add("sysv-shm-loan", 1 << 20, 10000);
  EXPECT_EQ(judged(result, 21).judgement, ClaimJudgement::holds);
  case_of(result, "streaming/mmap-anon-loan/block/64/same-cpu").summary.bytes_per_s = sharp(700e6);
  EXPECT_EQ(judged(result, 21).judgement, ClaimJudgement::depends);
}

TEST(Claims, WhatAQueueCopiesIsSeenInItsSystemCalls) {
  Result result = compared_sample();
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::not_tested);
  for (const auto& [transport, calls] : {std::pair("sysv-mq", 2.0), std::pair("sysv-shm-loan", 0.0)}) {
    CaseSummary& summary = case_of(result, std::string("ping-pong/") + transport + "/block/64/same-cpu").summary;
    summary.syscalls_producer.median = calls;
    summary.syscalls_consumer.median = calls;
  }
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::depends);  // loans are faster than a ring
  EXPECT_THAT(judged(result, 22).why.english, AllOf(HasSubstr("4.00 system calls"), HasSubstr("better 2/2")));
  for (const char* size : {"64", "65536"}) {
    const auto rate = [&](const char* transport) -> Figure& {
      return case_of(result, std::string("streaming/") + transport + "/block/" + size + "/same-cpu")
          .summary.bytes_per_s;
    };
    rate("sysv-shm-loan") = rate("sysv-shm");
  }
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::undecided);
  EXPECT_THAT(judged(result, 22).why.english, HasSubstr("no difference 2/2"));
  for (CaseRecord& c : result.cases) {
    if (c.transport == "sysv-shm-loan" && c.scenario == Scenario::streaming) c.summary.bytes_per_s = sharp(1e6);
  }
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::holds);
  case_of(result, "ping-pong/sysv-mq/block/64/same-cpu").summary.syscalls_consumer.median = 0.5;
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::fails);
  EXPECT_THAT(judged(result, 22).why.english, HasSubstr("2.50 system calls, fewer"));
}

void limit_cases(Result& result, const std::string& transport) {
  for (CaseRecord& c : result.cases) {
    if (c.transport == transport) c.summary.limits_met = {{sample_limit(), 9}};
  }
}

TEST(Claims, AreNotJudgedFromWhatALimitChanged) {
  Result result = compared_sample();
  limit_cases(result, "pipe");
  const JudgedClaim claim = judged(result, 3);
  EXPECT_EQ(claim.judgement, ClaimJudgement::not_judged);
  EXPECT_THAT(claim.why.english, StartsWith("fs.pipe-user-pages-soft is 16384"));
  EXPECT_THAT(claim.why.chinese, StartsWith("fs.pipe-user-pages-soft为16384"));
  EXPECT_TRUE(claim.matches.empty());
  EXPECT_EQ(to_string(claim.judgement), "not judged");
  EXPECT_EQ(judged(result, 2).judgement, judged(compared_sample(), 2).judgement) << "sockets are as they were";
}

// At 64 bytes the pipe is the best of those without shared memory; without it the match would be won against another.
TEST(Claims, AMatchIsNotJudgedWithoutOneOfItsContenders) {
  Result result = compared_sample();
  limit_cases(result, "tcp");  // not the best anywhere
  EXPECT_EQ(judged(result, 1).judgement, ClaimJudgement::not_judged);
}

TEST(Claims, TheMatchesThatNoLimitChangedAreJudged) {
  Result result = compared_sample();
  case_of(result, "streaming/pipe/block/64/same-cpu").summary.limits_met = {{sample_limit(), 9}};
  const JudgedClaim claim = judged(result, 3);
  EXPECT_EQ(claim.judgement, ClaimJudgement::fails);
  EXPECT_THAT(claim.why.english, AllOf(StartsWith("worse 1/1: round trips same-cpu 64 B. Not judged 1: "),
                                       HasSubstr("fs.pipe-user-pages-soft")));
}

TEST(Claims, AFullPipeThatALimitMadeSmallerBoundsNoQueue) {
  Result result = compared_sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.status == Status::skipped; });
  for (const auto& [transport, bytes] : {std::pair("sysv-mq", 16384.0), std::pair("pipe", 8192.0)}) {
    CaseRecord& c = case_of(result, std::string("ping-pong/") + transport + "/block/64/same-cpu");
    c.channel = ChannelRecord{.payload_bytes = bytes};
  }
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::fails) << "the queue held more";
  case_of(result, "ping-pong/pipe/block/64/same-cpu").channel->limits_met = {sample_limit()};
  EXPECT_EQ(judged(result, 4).judgement, ClaimJudgement::not_judged);
}

TEST(Claims, AnExperimentThatALimitChangedJudgesNothing) {
  Result result = compared_sample();
  FactRecord unknown{.claim = "5", .question = "How much?", .reason = "not judged: …"};
  transport_of(result, "pipe").facts = {unknown};
  EXPECT_EQ(judged(result, 5).judgement, ClaimJudgement::not_tested);
  transport_of(result, "pipe").facts[0].limit = sample_limit();
  EXPECT_EQ(judged(result, 5).judgement, ClaimJudgement::not_judged);
  EXPECT_THAT(judged(result, 5).why.english, HasSubstr("F_GETPIPE_SZ is 8192"));
}

TEST(Claims, SystemCallsOfAQueueThatALimitChangedAreNoEvidence) {
  Result result = compared_sample();
  for (const auto& [transport, calls] : {std::pair("sysv-mq", 2.0), std::pair("sysv-shm-loan", 0.0)}) {
    CaseSummary& summary = case_of(result, std::string("ping-pong/") + transport + "/block/64/same-cpu").summary;
    summary.syscalls_producer.median = calls;
    summary.syscalls_consumer.median = calls;
  }
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::depends);
  limit_cases(result, "sysv-mq");
  EXPECT_EQ(judged(result, 22).judgement, ClaimJudgement::not_judged);
}

TEST(ClaimsTable, FitsATerminalInBothLanguages) {
  Result result = compared_sample();
  transport_of(result, "pipe").facts = {fact("10", "yes", "agrees")};
  for (const Language language : {Language::english, Language::chinese}) {
    const Table table = claims_table(result, language);
    ASSERT_EQ(table.parts[0].rows.size(), 24u);
    const std::string text = to_text(table, {});
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = text.find('\n', at);
      EXPECT_LE(display_width(text.substr(at, end - at)), 120u) << text.substr(at, end - at);
      at = end + 1;
    }
  }
  EXPECT_THAT(to_text(claims_table(result, Language::chinese), {}), HasSubstr("共享内存是最快的IPC方式"));
}

}  // namespace
}  // namespace ipcbench
