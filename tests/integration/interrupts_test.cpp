// Checks Ctrl-C and kill for subcommands that measure, besides `run` (resume_test.cpp) and `doctor`
// (host_cli_test.cpp).

#include <csignal>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "harness/process/affinity.h"
#include "program_run.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Interrupts : public ProgramRun {
 protected:
  // Returns whether the child catches the signal, so that it no longer kills the program.
  static bool catches(const Child& child, int signal) {
    std::ifstream status("/proc/" + std::to_string(child.pid()) + "/status");
    for (std::string line; std::getline(status, line);) {
      if (!line.starts_with("SigCgt:")) continue;
      return ((std::stoull(line.substr(7), nullptr, 16) >> (signal - 1)) & 1) != 0;
    }
    return false;
  }
  void expect_nothing_left() const {
    EXPECT_EQ(run_directories(), 0u);
    EXPECT_THAT(processes(), IsEmpty());
  }
};

TEST_F(Interrupts, GbenchPrintsWhatItHasAndExitsWith130) {
  if (start_words({IPCBENCH_PROGRAM, "gbench", "--help"}).wait().code != 0) GTEST_SKIP() << err();
  for (const int signal : {SIGINT, SIGTERM}) {
    Child child = start_words({IPCBENCH_PROGRAM, "gbench", "--transport", "pipe", "--size", "64", "--placement",
                               "same-cpu", "--benchmark_min_time=0.001", "--benchmark_repetitions=1000"});
    // The context is printed once the pilots are done.
    ASSERT_TRUE(wait_until(child, [&] { return err().find("seed: ") != std::string::npos; })) << err();
    ::kill(child.pid(), signal);
    EXPECT_EQ(child.wait().code, 130) << err();
    EXPECT_THAT(out(), AllOf(HasSubstr("ping-pong/pipe/block/64/same-cpu"), HasSubstr("interrupted")));
    expect_nothing_left();
  }
}

TEST_F(Interrupts, GbenchStopsInThePilotsToo) {
  if (start_words({IPCBENCH_PROGRAM, "gbench", "--help"}).wait().code != 0) GTEST_SKIP() << err();
  Child child = start_words({IPCBENCH_PROGRAM, "gbench"});
  ASSERT_TRUE(wait_until(child, [&] { return catches(child, SIGTERM); })) << err();
  ::kill(child.pid(), SIGTERM);
  EXPECT_EQ(child.wait().code, 130) << err();
  expect_nothing_left();
}

TEST_F(Interrupts, TopologyPrintsWhatItHasAndExitsWith130) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU allowed";
  for (const int signal : {SIGINT, SIGTERM}) {
    Child child = start_words({IPCBENCH_PROGRAM, "topology", "--json", "--seconds", "3600"});
    ASSERT_TRUE(wait_until(child, [&] { return catches(child, signal); })) << err();
    ::kill(child.pid(), signal);
    EXPECT_EQ(child.wait().code, 130) << err();
    const nlohmann::json document = nlohmann::json::parse(out());
    EXPECT_FALSE(document.at("complete").get<bool>());
    EXPECT_EQ(document.at("pairs").back().at("reason"), "interrupted");
    expect_nothing_left();
  }
}

}  // namespace
}  // namespace ipcbench
