#include "tests/support/schema_errors.h"

#if IPCBENCH_HAS_VALIDATOR
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/jobs/job_outputs.h"
#include "results/compare/learn_noise.h"
#include "results/files/noise_file.h"
#include "results/files/pair_file.h"
#include "results/gate/resampling.h"
#include "tests/support/sample_pairs.h"

namespace ipcbench {
namespace {

PairSession session_of_all_kinds() {
  PairSession session = sample_session(40, noise(0.01, 1, 0.1));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 2, 0.1));
  add_counted_rounds(session, kSampleCase, 10, 4, 4);
  session.pairs[0].base.canary_ns = {115, 117};
  session.pairs[1].head.status = Status::crashed;
  session.pairs[1].head.reason = "killed by SIGSEGV";
  session.header.base.environment = {{"A", "b"}};
  add_case(session, "ping-pong/tcp/block/64/same-l3", 3, noise(0.01, 3));
  session.header.cases.back().reason = "head has no such case";
  return session;
}

TEST(ComparisonSchema, HoldsForPairs) {
  const PairSession session = session_of_all_kinds();
  EXPECT_EQ(schema_errors("ipcbench-pairs", nlohmann::json::parse(to_json_line(session.header))), "");
  for (const LaunchPair& pair : session.pairs) {
    ASSERT_EQ(schema_errors("ipcbench-pairs", nlohmann::json::parse(to_json_line(pair))), "");
  }
  nlohmann::json broken = nlohmann::json::parse(to_json_line(session.pairs[0]));
  broken["base"].erase("rtt_p50_ns");
  EXPECT_NE(schema_errors("ipcbench-pairs", broken), "");
}

TEST(ComparisonSchema, HoldsForACalibration) {
  const NoiseModel model = learn_noise(std::vector<PairSession>{session_of_all_kinds()}, {.jobs = 20});
  nlohmann::json document = nlohmann::json::parse(to_json(model));
  EXPECT_EQ(schema_errors("ipcbench-noise", document), "");
  document["figures"][0]["metric"] = "speed";
  EXPECT_NE(schema_errors("ipcbench-noise", document), "");
}

TEST(ComparisonSchema, HoldsForAReport) {
  nlohmann::json document = nlohmann::json::parse(to_json(decide_job(session_of_all_kinds(), {.strict = true})));
  EXPECT_EQ(schema_errors("ipcbench-comparison", document), "");
  JobOutcome multiples = decide_job(session_of_all_kinds(), {.strict = true});
  multiples.decisions[0].base_times = Ratio{.median = 2, .interval = Interval{1.9, 2.1}, .n = 9, .paired = true};
  multiples.decisions[0].head_times = Ratio{};
  document = nlohmann::json::parse(to_json(multiples));
  EXPECT_EQ(schema_errors("ipcbench-comparison", document), "");
  document["decisions"][0]["base_times"].erase("paired");
  EXPECT_NE(schema_errors("ipcbench-comparison", document), "");
  document["decisions"][0].erase("base_times");
  document["decisions"][0]["verdict"] = "slow";
  EXPECT_NE(schema_errors("ipcbench-comparison", document), "");
}

}  // namespace
}  // namespace ipcbench
#endif
