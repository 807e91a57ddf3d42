// Runs the program with the scenario that docs/adding-a-scenario.md adds. Its list is all that has changed.

#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class AddedScenario : public Cli {
 protected:
  Outcome served(const std::string& arguments) const { return shell("'" IPCBENCH_WITH_SERVED "' " + arguments); }
};

TEST_F(AddedScenario, IsListedWithItsOptions) {
  const Outcome listed = served("list scenarios");
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr("round-trip time of a busy server"));
  EXPECT_THAT(listed.out, HasSubstr("ns that the consumer works on each message"));
  EXPECT_THAT(ipcbench("list scenarios").out, Not(HasSubstr("served")));
}

TEST_F(AddedScenario, IsMeasuredByASuiteThatNamesIt) {
  const Outcome run = served("run '" IPCBENCH_SERVED_SUITE "' --output result.json");
  ASSERT_EQ(run.code, 0) << run.err;
  const nlohmann::json result = nlohmann::json::parse(content_of(folder_ / "result.json"));
  int cases = 0;
  for (const nlohmann::json& c : result.at("cases")) {
    ++cases;
    const std::string id = c.at("id");
    EXPECT_EQ(c.at("scenario"), "served");
    EXPECT_EQ(c.at("status"), "ok") << id;
    const double work_ns = c.at("options").contains("work") ? 20'000 : 1000;
    const nlohmann::json& summary = c.at("summary");
    EXPECT_GE(summary.at("rtt_ns").at("p50").at("median").get<double>(), work_ns) << id;
    EXPECT_GE(summary.at("rtt_ns").at("mean").at("median").get<double>(), work_ns) << id;
    EXPECT_FALSE(summary.at("cpu_ns_per_op").at("median").is_null()) << id;
    EXPECT_EQ(summary.at("throughput").at("bytes_per_s").at("reason"), "served has no one-way rate") << id;
  }
  EXPECT_EQ(cases, 4);

  const Outcome shown = served("show result.json --table served");
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("Served: round trips with work, same-cpu"));
  EXPECT_THAT(shown.out, HasSubstr("seqpacket-pair work=20000"));
}

TEST_F(AddedScenario, IsNotMeasuredUnlessItIsNamed) {
  std::ofstream(folder_ / "suite.toml")
      << "schema = \"ipcbench-suite\"\nversion = 1\nname = \"any\"\nblock = \"5ms\"\nbudget = "
         "\"20s\"\n[[cases]]\ntransports = [\"seqpacket-pair\"]\nplacements = [\"same-cpu\"]\n";
  const Outcome planned = served("plan suite.toml");
  EXPECT_EQ(planned.code, 0) << planned.err;
  EXPECT_THAT(planned.out, HasSubstr("ping-pong/seqpacket-pair"));
  EXPECT_THAT(planned.out, Not(HasSubstr("served")));
}

}  // namespace
}  // namespace ipcbench
