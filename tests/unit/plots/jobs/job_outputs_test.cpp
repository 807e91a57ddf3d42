#include "plots/jobs/job_outputs.h"

#include <array>
#include <cmath>
#include <regex>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/count_of.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* kHostileText = "a\"<b>&'\x01\n::error::,%\x1b[31m";

// Returns a report with `regressed` regressions, an unchanged case, and one left out with a hostile reason.
JobOutcome sample_outcome(int regressed) {
  PairSession session = sample_session(40, noise(0.001, 1));
  for (int n = 0; n < regressed; ++n) {
    const std::string id = "ping-pong/t" + std::to_string(n) + "/block/64/same-cpu";
    add_case(session, id, 40, noise(0.001, 2, 0.1 + 0.01 * n));
    add_fresh_rounds(session, id, 80, noise(0.001, 3, 0.1 + 0.01 * n));
  }
  add_case(session, "ping-pong/broken/block/64/same-cpu", 0, noise(0, 1));
  session.header.cases.back().reason = kHostileText;
  JobOutcome outcome = decide_job(session, {});
  outcome.base = "old";
  outcome.head = kHostileText;
  return outcome;
}

TEST(JobOutputs, AnnotationsAreAtMostNineAndTheRestIsCounted) {
  const std::string nine = to_github(sample_outcome(9));
  EXPECT_EQ(count_of(nine, "::error "), 9u);
  EXPECT_THAT(nine, Not(HasSubstr("more; see the report")));
  const std::string many = to_github(sample_outcome(14));
  EXPECT_EQ(count_of(many, "::error "), 9u);
  EXPECT_THAT(many, HasSubstr("::notice title=ipcbench::5 more; see the report\n"));
  EXPECT_THAT(many, StartsWith("::error title=regressed%3A ping-pong/t13/")) << "the worst first";
}

TEST(JobOutputs, AnnotationsAreEscaped) {
  PairSession session = sample_session(40, noise(0.001, 1));
  for (int n = 0; n < 2; ++n) {
    session.pairs[static_cast<std::size_t>(n)].head.status = Status::crashed;
    session.pairs[static_cast<std::size_t>(n)].head.reason = "50 % done\r\n::error::, \"x\": y";
  }
  JobOutcome outcome = decide_job(session, {});
  outcome.kind = "a,b:c%";
  const std::string text = to_github(outcome);
  EXPECT_THAT(text, HasSubstr("title=ipcbench a%2Cb%3Ac%25::"));
  EXPECT_THAT(text, HasSubstr("50 %25 done"));
  for (std::size_t at = text.find('\n'); at + 1 < text.size(); at = text.find('\n', at + 1)) {
    EXPECT_EQ(text.compare(at + 1, 2, "::"), 0) << "every line is a command";
  }
  EXPECT_EQ(count_of(text, "\n"), 2u) << text;
}

TEST(JobOutputs, JsonHoldsEveryDecision) {
  const JobOutcome outcome = sample_outcome(2);
  const nlohmann::json document = nlohmann::json::parse(to_json(outcome));
  EXPECT_EQ(document.at("schema"), "ipcbench-comparison");
  EXPECT_EQ(document.at("verdict"), "regression");
  EXPECT_EQ(document.at("exit_code"), 1);
  EXPECT_EQ(document.at("decisions").size(), outcome.decisions.size());
  EXPECT_EQ(document.at("left_out")[0].at("reason").get<std::string>(), kHostileText);
  EXPECT_NEAR(document.at("decisions")[1].at("again").at("median").get<double>(), 0.1, 0.001);
}

TEST(JobOutputs, JunitHoldsNoMarkupOfOthers) {
  const std::string text = to_junit(sample_outcome(2));
  EXPECT_THAT(
      text,
      StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"4\" failures=\"2\" errors=\"0\""));
  EXPECT_EQ(count_of(text, "<failure "), 2u);
  EXPECT_EQ(count_of(text, "<skipped "), 1u);
  EXPECT_THAT(text, HasSubstr("a&quot;&lt;b&gt;&amp;'\\x01\\n::error::,%\\x1b[31m"));
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(JobOutputs, JunitFailsWhatIsUndecidedOnlyIfStrict) {
  PairSession session = sample_session(40, noise(0.03, 4, 0.02));
  EXPECT_THAT(to_junit(decide_job(session, {})), HasSubstr("failures=\"0\""));
  EXPECT_THAT(to_junit(decide_job(session, {.strict = true})), HasSubstr("failures=\"1\""));
}

// Checks the grammar of an exposition: families are contiguous, and each line ends in a value.
TEST(JobOutputs, OpenMetricsIsWellFormed) {
  const std::string text = to_openmetrics(sample_outcome(2));
  EXPECT_THAT(text, EndsWith("\n# EOF\n"));
  const std::regex line_shape(
      R"re((# (TYPE [a-z_]+ (gauge|info)|HELP [a-z_]+ .*|EOF))|([a-z_]+\{([a-z_]+="([^"\\\n]|\\\\|\\")*",?)+\} (NaN|[-+0-9.e]+)))re");
  std::string family;
  std::vector<std::string> seen;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    begin = end + 1;
    EXPECT_TRUE(std::regex_match(line, line_shape)) << line;
    if (line.starts_with("# TYPE ")) {
      family = line.substr(7, line.find(' ', 7) - 7);
      EXPECT_THAT(seen, Not(::testing::Contains(family)));
      seen.push_back(family);
    } else if (!line.starts_with("#")) {
      EXPECT_TRUE(line.starts_with(family)) << line;
    }
  }
  EXPECT_GE(seen.size(), 6u);
  EXPECT_THAT(text, HasSubstr("ipcbench_base{case=\"ping-pong/pipe/block/64/"
                              "same-cpu\",of=\"\",metric=\"rtt_p50_ns\",gated=\"true\",verdict=\"same\"} 5e-06"));
}

TEST(JobOutputs, GoogleBenchmarksJsonHasARepetitionForEachRound) {
  const PairSession session = sample_session(40, noise(0.001, 1));
  const nlohmann::json document = nlohmann::json::parse(to_gbench(decide_job(session, {}), &session));
  ASSERT_EQ(document.at("benchmarks").size(), 88u) << "40 rounds of two arms, and four aggregates of each";
  EXPECT_EQ(document.at("benchmarks")[0].at("name"), std::string("base/") + kSampleCase);
  EXPECT_EQ(document.at("benchmarks")[83].at("name"), std::string("head/") + kSampleCase);
  EXPECT_EQ(document.at("benchmarks")[83].at("repetition_index"), 39);
  EXPECT_EQ(document.at("benchmarks")[87].at("name"), std::string("head/") + kSampleCase + "_cv");
  EXPECT_EQ(nlohmann::json::parse(to_gbench(decide_job(session, {}), nullptr)).at("benchmarks").size(), 2u);
}

TEST(JobOutputs, GoogleBenchmarksJsonHasThePairsThatDecided) {
  PairSession session = sample_session(40, noise(0.001, 1));
  for (LaunchPair& pair : session.pairs) pair.base.canary_ns = pair.head.canary_ns = std::array{100.0, 100.0};
  session.pairs[7].head.canary_ns = std::array{300.0, 300.0};
  session.pairs[7].head.rtt_p50_ns = 15000;
  const JobOutcome outcome = decide_job(session, {});
  const nlohmann::json document = nlohmann::json::parse(to_gbench(outcome, &session));
  ASSERT_EQ(document.at("benchmarks").size(), 86u) << "39 rounds of two arms, and four aggregates of each";
  for (const nlohmann::json& one : document.at("benchmarks")) EXPECT_LT(one.at("real_time").get<double>(), 15000);
}

// Base and head are of the first rounds, and so is the change beside them.
TEST(JobOutputs, OpenMetricsKeepsFreshRoundsApart) {
  PairSession session = sample_session(40, noise(0.001, 1, 0.2));
  add_fresh_rounds(session, kSampleCase, 40, noise(0.001, 2, 0.1));
  const std::string text = to_openmetrics(decide_job(session, {}));
  const auto value_of = [&](const std::string& name) {
    const std::size_t at = text.find("\n" + name + "{");
    return at == std::string::npos ? 0.0 : std::stod(text.substr(text.find("} ", at) + 2));
  };
  EXPECT_NEAR(std::log(value_of("ipcbench_head") / value_of("ipcbench_base")), value_of("ipcbench_change_log_ratio"),
              1e-3);
  EXPECT_NEAR(value_of("ipcbench_change_log_ratio"), 0.2, 1e-3);
  EXPECT_NEAR(value_of("ipcbench_again_log_ratio"), 0.1, 1e-3);
  EXPECT_LT(value_of("ipcbench_again_low"), value_of("ipcbench_again_high"));
  EXPECT_GT(value_of("ipcbench_again_margin"), 0);
}

TEST(JobOutputs, MarkdownAndTextNameTheVerdictFirstAndLast) {
  const JobOutcome outcome = sample_outcome(1);
  EXPECT_THAT(to_markdown(outcome), AllOf(StartsWith("## ipcbench ab: regression\n"), HasSubstr("| regressed |")));
  EXPECT_THAT(to_text(outcome, {}), EndsWith("RTT p50 +10.5 %\n"));
  EXPECT_EQ(to_text(outcome, {}).find('\x1b'), std::string::npos);
}

TEST(JobOutputs, AnEmptyReportIsWrittenInEveryForm) {
  const JobOutcome outcome;
  EXPECT_THAT(to_text(outcome, {}), HasSubstr("not comparable: no case in common"));
  EXPECT_EQ(nlohmann::json::parse(to_json(outcome)).at("exit_code"), 5);
  EXPECT_THAT(to_junit(outcome), HasSubstr("tests=\"0\""));
  EXPECT_THAT(to_openmetrics(outcome), EndsWith("# EOF\n"));
  EXPECT_EQ(nlohmann::json::parse(to_gbench(outcome, nullptr)).at("benchmarks").size(), 0u);
}

}  // namespace
}  // namespace ipcbench
