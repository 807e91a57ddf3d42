// Measures the plug-ins of transports/libraries that were built.

#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "places.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Library {
  std::string file;
  std::string package;
  std::vector<std::string> transports;
  friend std::ostream& operator<<(std::ostream& out, const Library& library) { return out << library.file; }
};

class Libraries : public ProgramRun, public testing::WithParamInterface<Library> {
 protected:
  void SetUp() override {
    const std::string built = IPCBENCH_BINARY_DIR "/libraries/" + GetParam().file + ".so";
    if (!std::filesystem::exists(built)) GTEST_SKIP() << "built without " << GetParam().package;
    plugin_ = own_copy(built);
  }

  std::string plugin_;
};

// Every row of the suite that is the library's has its figures, and nothing is left.
TEST_P(Libraries, AreMeasuredByTheirSuite) {
  ASSERT_EQ(
      run({"libraries", "--plugin", plugin_, "--transport", fmt::format("{}", fmt::join(GetParam().transports, ",")),
           "--size", "64", "--wait", "block", "--placement", "same-cpu", "--passes", "1", "-o", output()}),
      0)
      << err();
  const Result result = load_result(output());
  std::vector<std::string> measured;
  for (const CaseRecord& c : result.cases) {
    EXPECT_EQ(c.status, Status::ok) << c.id << ": " << c.reason;
    if (c.status == Status::ok && c.id.starts_with("ping-pong/")) measured.push_back(c.transport);
  }
  EXPECT_THAT(measured, ElementsAreArray(GetParam().transports));
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_P(Libraries, LeaveNothingAfterAKill) {
  const auto code = start_words({IPCBENCH_PROGRAM, "conform", "--plugin", plugin_, "--transport",
                                 GetParam().transports.front(), "--check", "killed-worker,killed-coordinator"})
                        .wait()
                        .code;
  EXPECT_EQ(code, 0) << out() << err();
  EXPECT_THAT(out(), HasSubstr("killed-coordinator"));
}

class BoostMessageQueue : public ProgramRun {};

// Each queue alone would fit: the second one's pages would be missing when they are written, which is a SIGBUS.
TEST_F(BoostMessageQueue, NeedsTheSpaceOfBothQueuesTogether) {
  const std::string built = IPCBENCH_BINARY_DIR "/libraries/boost-message-queue.so";
  if (!std::filesystem::exists(built)) GTEST_SKIP() << "built without libboost-dev";
  const int code =
      run({"libraries", "--plugin", own_copy(built), "--transport", "boost-message-queue", "--scenario", "ping-pong",
           "--size", "64KiB", "--wait", "block", "--placement", "same-cpu", "--passes", "1", "-o", output()},
          [] {
            own_mounts();
            mount_tmpfs("/dev/shm", "size=8m");
          });
  if (code == kNoSuchPlace) GTEST_SKIP() << err();
  const Result result = load_result(output());
  ASSERT_EQ(result.cases.size(), 1U);
  EXPECT_THAT(result.cases[0].reason, HasSubstr("two queues of 100 messages take 13120000 bytes, and /dev/shm has "));
}

INSTANTIATE_TEST_SUITE_P(All, Libraries,
                         testing::Values(Library{"zeromq", "libzmq3-dev", {"zeromq", "zeromq-loan"}},
                                         Library{"boost-message-queue", "libboost-dev", {"boost-message-queue"}},
                                         Library{"nng", "libnng-dev", {"nng"}}),
                         [](const auto& param) {
                           std::string name = param.param.file;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace ipcbench
