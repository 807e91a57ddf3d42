#include "results/files/store.h"

#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/figures/summary.h"
#include "results/files/json.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;

class Store : public ::testing::Test {
 protected:
  // Returns the reader's message for a changed sample; "" if it accepts it.
  std::string refusal_of(const std::function<void(json&)>& change) const {
    Result result = sample_result();
    result.cases[0].counted = sample_launch(result.cases[0], 0, 4000);
    result.cases[0].counted->calls = CallsRecord{.sides = {CallCount{2000, 0}, CallCount{2000, 0}}, .source = "ptrace"};
    summarise(result);
    json document = json::parse(to_json(result));
    change(document);
    folder_.write("result.json", document.dump());
    try {
      load_result(folder_.path() + "/result.json");
    } catch (const ResultError& error) {
      return error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
};

TEST_F(Store, ReadsWhatItHasWritten) {
  EXPECT_EQ(refusal_of([](json&) {}), "");
}

TEST_F(Store, AFigureThatDoesNotFollowFromTheLaunchesIsNamed) {
  EXPECT_THAT(refusal_of([](json& d) { d["cases"][0]["summary"]["rtt_ns"]["p50"]["median"] = 1.5; }),
              AllOf(HasSubstr("result.json"), HasSubstr("ping-pong/pipe/block/64/same-cpu"),
                    HasSubstr("summary.rtt_ns.p50 is 1.5")));
  EXPECT_THAT(refusal_of([](json& d) {
                d["cases"][0]["summary"]["cpu_ns_per_op"]["ci95"] = {1, 2};
              }),
              HasSubstr("summary.cpu_ns_per_op"));
  EXPECT_THAT(refusal_of([](json& d) { d["cases"][0]["launches"][4]["mean_ns"] = 1; }),
              HasSubstr("summary.rtt_ns.mean"));
}

TEST_F(Store, ACaseIsNotWhatItsLaunchesAreNot) {
  EXPECT_THAT(refusal_of([](json& d) { d["cases"][0]["launches"][4]["status"] = "invalid"; }),
              HasSubstr("status is ok, but its launches give invalid"));
}

TEST_F(Store, ACountedLaunchWithoutCallsIsRefused) {
  EXPECT_THAT(refusal_of([](json& d) { d["cases"][0]["counted"]["calls"] = nullptr; }),
              HasSubstr("summary.syscalls_per_op.producer"));
}

}  // namespace
}  // namespace ipcbench
