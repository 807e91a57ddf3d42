#include "results/gate/ci_history.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/model/result_error.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string decision(const std::string& transport, const std::string& metric, const std::string& verdict,
                     bool gated = true) {
  return fmt::format(R"({{"case": "ping-pong/{}/block/64/same-cpu", "metric": "{}", "gated": {}, "verdict": "{}"}})",
                     transport, metric, gated, verdict);
}

std::string job_line(const std::string& target, int exit_code, const std::string& decisions) {
  return fmt::format(
      R"({{"figure": "+syscall", "target": "{}", "seconds": 20.5, "exit_code": {}, "job": {{"decisions": [{}]}}}})"
      "\n",
      target, exit_code, decisions);
}

CiJob job_of(const std::string& line) { return ci_jobs_from_text(line, "jobs").at(0); }

TEST(CiHistory, OnlyGatedFiguresCount) {
  const CiJob job =
      job_of(job_line("pipe", 1,
                      decision("pipe", "rtt_p50_ns", "regressed") + ", " + decision("tcp", "rtt_p50_ns", "improved") +
                          ", " + decision("udp", "cpu_ns_per_op", "regressed", false)));
  EXPECT_EQ(job.figure, "+syscall");
  EXPECT_EQ(job.target, "pipe");
  EXPECT_EQ(job.seconds, 20.5);
  EXPECT_EQ(job.exit_code, 1);
  EXPECT_THAT(job.regressed, ElementsAre("pipe"));
  EXPECT_THAT(job.improved, ElementsAre("tcp"));
  EXPECT_THAT(job.counted, IsEmpty());
}

TEST(CiHistory, ATargetIsCaughtOnlyIfItsJobFails) {
  CiRates rates;
  const std::string found = decision("pipe", "syscalls_per_op", "regressed");
  rates.add(job_of(job_line("pipe", 1, found)));
  rates.add(job_of(job_line("pipe", 0, found)));
  rates.add(job_of(job_line("pipe", 1, decision("pipe", "rtt_p50_ns", "regressed"))));
  rates.add(job_of(job_line("pipe", 0, decision("pipe", "rtt_p50_ns", "improved"))));
  EXPECT_TRUE(rates.has_target);
  EXPECT_EQ(rates.caught.trials, 4u);
  EXPECT_EQ(rates.caught.hits, 2u);
  EXPECT_EQ(rates.counted.hits, 1u);
  EXPECT_EQ(rates.improved.hits, 1u);
  EXPECT_EQ(rates.wrong.hits, 0u);
  EXPECT_EQ(rates.longest_s, 20.5);
}

TEST(CiHistory, WhatRegressesBesideTheTargetIsWrong) {
  CiRates rates;
  rates.add(job_of(job_line("pipe", 1, decision("tcp", "rtt_p50_ns", "regressed"))));
  rates.add(job_of(job_line("", 1, decision("tcp", "rtt_p50_ns", "regressed"))));
  EXPECT_EQ(rates.wrong.hits, 2u);
  EXPECT_EQ(rates.caught.trials, 1u) << "a job without a target has nothing to catch";
  EXPECT_EQ(rates.caught.hits, 0u);
}

TEST(CiHistory, ATornLineIsLeftOutAndABadOneNamed) {
  const std::string whole = job_line("pipe", 0, decision("pipe", "rtt_p50_ns", "same"));
  EXPECT_EQ(ci_jobs_from_text(whole + whole.substr(0, 40), "jobs").size(), 1u);
  try {
    ci_jobs_from_text(whole + "{\"figure\": 3}\n", "jobs");
    FAIL() << "accepted";
  } catch (const ResultError& error) {
    EXPECT_THAT(error.what(), HasSubstr("jobs:2: no job of tools/ci-figures"));
  }
}

}  // namespace
}  // namespace ipcbench
