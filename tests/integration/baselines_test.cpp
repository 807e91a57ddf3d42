#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/json.h"
#include "results/files/noise_file.h"
#include "results/files/pair_file.h"
#include "results/files/store.h"
#include "tests/integration/from_files.h"

// Checks `check` and `calibrate`, which measure beside what is stored.

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

TEST_F(FromFiles, ABadBaselineIsRefusedBeforeAnythingIsMeasured) {
  const auto check = [&](const std::string& more = "") {
    return ipcbench("check --baseline base.json --progress none " + more);
  };
  EXPECT_EQ(check().code, 5);
  EXPECT_THAT(check().err, HasSubstr("measure one with: ipcbench run ci -o base.json"));
  save_result(canned_result(5000), (folder_ / "base.json").string());
  EXPECT_EQ(check().code, 5);
  EXPECT_THAT(check().err, HasSubstr("another machine class"));
  const std::string good = content_of(folder_ / "base.json");
  write("base.json", good.substr(0, good.size() / 2));
  EXPECT_EQ(check().code, 2);
  EXPECT_THAT(check().err, HasSubstr("base.json: not JSON"));
  write("base.json", "{\"schema\": \"other\"}");
  EXPECT_EQ(check().code, 2);
  std::string hostile = good;
  hostile.replace(hostile.find("\"mean_ns\": "), 11, "\"mean_ns\": [[[[[[[[[[\"x\"]]]]]]]]]], \"y\": ");
  write("base.json", hostile);
  EXPECT_EQ(check("--advisory").code, 2);
  write("base.json", good);
  const Outcome slip = check("--advisory --normalise ping-pong/tpc/block/64/same-cpu -o now.json");
  EXPECT_EQ(slip.code, 2);
  EXPECT_THAT(slip.err, HasSubstr("did you mean 'ping-pong/tcp/block/64/same-cpu'?"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "now.json"));
}

TEST_F(FromFiles, CheckMeasuresTheBaselinesCasesAgain) {
  const Outcome outcome = shell(R"sh(export XDG_RUNTIME_DIR=$PWD
cat >small.toml <<'END'
schema = "ipcbench-suite"
version = 1
name = "small"
block = "5ms"
budget = "20s"
[[cases]]
scenarios = ["ping-pong"]
transports = ["pipe", "eventfd"]
waits = ["block"]
placements = ["same-cpu"]
END
"$ipcbench" run ./small.toml -o base.json --option reply=same,reply=256 --progress none >/dev/null || exit 98
"$ipcbench" check --baseline base.json --progress none; [[ $? == 5 ]] || exit 97
"$ipcbench" check --baseline base.json --filter pipe --advisory --progress none -o now.json --out json=check.json)sh");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const Result base = load_result((folder_ / "base.json").string()), now = load_result((folder_ / "now.json").string());
  ASSERT_EQ(now.cases.size(), 2u);
  EXPECT_EQ(now.cases[0].id, kCannedCase);
  EXPECT_EQ(now.cases[1].id, std::string(kCannedCase) + "/reply=256");
  EXPECT_EQ(now.cases[1].status, Status::ok) << now.cases[1].reason;
  EXPECT_EQ(now.cases[0].ops, base.cases[0].ops) << "the same lengths";
  EXPECT_EQ(now.passes, base.passes);
  EXPECT_EQ(nlohmann::json::parse(content_of(folder_ / "check.json")).at("kind"), "check");
}

TEST_F(FromFiles, CalibrateGoesOnWhereItStopped) {
  const std::string calibrate =
      "export XDG_RUNTIME_DIR=$PWD; \"$ipcbench\" calibrate --transport pipe --progress none ";
  ASSERT_EQ(shell(calibrate + "--pairs 4").code, 0);
  EXPECT_EQ(load_pairs((folder_ / "noise.pairs.jsonl").string()).sessions.size(), 1u);
  // Appends a torn line, as a killed run leaves it.
  std::ofstream(folder_ / "noise.pairs.jsonl", std::ios::app) << "{\"case\": \"ping-po";
  const Outcome more = shell(calibrate + "--pairs 6");
  ASSERT_EQ(more.code, 0) << more.err;
  EXPECT_THAT(more.err, HasSubstr("noise.json: of "));
  const PairFile store = load_pairs((folder_ / "noise.pairs.jsonl").string());
  ASSERT_EQ(store.sessions.size(), 2u);
  EXPECT_EQ(store.torn, "");
  int timed = 0;
  for (const PairSession& session : store.sessions) {
    for (const LaunchPair& pair : session.pairs) timed += pair.counts ? 0 : 1;
  }
  EXPECT_EQ(timed, 6);
  const NoiseModel model = noise_from_json(content_of(folder_ / "noise.json"), "noise.json");
  EXPECT_EQ(model.find(kCannedCase, Metric::rtt_p50)->pairs, 6u);
  const Outcome again = shell(calibrate + "--pairs 6");
  EXPECT_EQ(again.code, 0);
  EXPECT_EQ(load_pairs((folder_ / "noise.pairs.jsonl").string()).sessions.size(), 2u) << "nothing is left to measure";
  EXPECT_THAT(shell("\"$ipcbench\" calibrate --report --jobs 50").out, HasSubstr("identical builds: regressed"));
}

TEST_F(FromFiles, CalibrateRefusesTheStoreOfAnotherMachine) {
  write("noise.pairs.jsonl", canned_pairs(0, 0.01, false));
  const Outcome outcome = ipcbench("calibrate --transport pipe --more 3 --progress none");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err, HasSubstr("another machine class"));
}

}  // namespace
}  // namespace ipcbench
