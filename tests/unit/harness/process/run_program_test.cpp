#include "harness/process/run_program.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

constexpr std::chrono::minutes kLong(5);

ProgramCall shell(const std::string& script) { return {.words = {"/bin/sh", "-c", script}}; }

TEST(RunProgram, KeepsBothOutputsAndTheEnd) {
  const ProgramEnd end = run_program(shell("echo one; echo two >&2; exit 3"), kLong, OnStop::wait);
  EXPECT_TRUE(end.in_time);
  EXPECT_EQ(end.status.code, 3);
  EXPECT_EQ(end.out, "one\n");
  EXPECT_EQ(end.err, "two\n");
}

TEST(RunProgram, TakesWordsAsTheyAre) {
  const ProgramEnd end = run_program({.words = {"/bin/echo", "a  b", "$HOME", "'", "*"}}, kLong, OnStop::wait);
  EXPECT_EQ(end.out, "a  b $HOME ' *\n");
}

TEST(RunProgram, HasNothingToRead) { EXPECT_EQ(run_program({.words = {"/bin/cat"}}, kLong, OnStop::wait).out, ""); }

TEST(RunProgram, KeepsWhatManyPagesHold) {
  const ProgramEnd end = run_program(shell("head -c 1000000 /dev/zero"), kLong, OnStop::wait);
  EXPECT_EQ(end.out, std::string(1'000'000, '\0'));
}

TEST(RunProgram, KillsWhatIsLateAndKeepsWhatItSaid) {
  const ProgramEnd end =
      run_program(shell("echo begun; exec sleep 1000"), std::chrono::milliseconds(500), OnStop::wait);
  EXPECT_FALSE(end.in_time);
  EXPECT_EQ(end.status.signal, SIGKILL);
}

TEST(RunProgram, SetsUpInTheProcessOfTheProgramAlone) {
  ProgramCall call = shell("echo $IPCBENCH_SET_UP");
  call.set_up = [] { ::setenv("IPCBENCH_SET_UP", "yes", 1); };
  EXPECT_EQ(run_program(call, kLong, OnStop::wait).out, "yes\n");
  EXPECT_EQ(std::getenv("IPCBENCH_SET_UP"), nullptr);
}

TEST(RunProgram, SaysWhyItDidNotBegin) {
  const ProgramEnd absent = run_program({.words = {"/absent/program"}}, kLong, OnStop::wait);
  EXPECT_EQ(absent.status.code, kNotExecuted);
  EXPECT_THAT(absent.err, HasSubstr("/absent/program"));

  ProgramCall call = shell("echo begun");
  call.set_up = [] {
    errno = EPERM;
    throw_errno("enter the place");
  };
  const ProgramEnd refused = run_program(call, kLong, OnStop::wait);
  EXPECT_EQ(refused.status.code, kNotSetUp);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("enter the place"));
}

TEST(RunProgram, TheLastLineThatIsNotEmptySaysWhy) {
  EXPECT_EQ(last_line(""), "");
  EXPECT_EQ(last_line("\n \n"), "");
  EXPECT_EQ(last_line("one\ntwo \n\n"), "two");
  EXPECT_EQ(last_line(std::string(1000, 'x')), std::string(300, 'x'));
  EXPECT_EQ(saying("one\ntwo\n"), ", saying 'two'");
  EXPECT_EQ(saying("\n"), "");
}

}  // namespace
}  // namespace ipcbench
