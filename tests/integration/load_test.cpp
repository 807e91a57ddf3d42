// Checks `ipcbench load`: the curves that it measures and prints, and what it refuses.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/files/store.h"
#include "tests/integration/cli.h"
#include "tests/integration/program_run.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

std::vector<std::string> ids_in(const Result& result) {
  std::vector<std::string> ids;
  for (const CaseRecord& c : result.cases) ids.push_back(c.id);
  return ids;
}

class LoadProgram : public Cli {
 protected:
  Result stored() const { return load_result((folder_ / "load.json").string()); }
};

TEST_F(LoadProgram, MeasuresTheSaturationAndThenTheLoadsThatAreGiven) {
  const Outcome outcome = ipcbench("load --transport pipe --load 20,40 --rate 1k --passes 2 -o load.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = stored();
  const std::string channel = "rate/pipe/block/64/same-cpu";
  EXPECT_THAT(ids_in(result),
              UnorderedElementsAre(channel, channel + "/load=20", channel + "/load=40", channel + "/rate=1000"));
  EXPECT_FALSE(result.most_load_percent);
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("Load: latency and CPU time at each rate, same-cpu"),
                                 HasSubstr("pipe, block, 64 B, constant, one-way, pacer sleep, saturation"),
                                 Not(HasSubstr("ranked by")), Not(HasSubstr("not measured"))));
  const Outcome shown = ipcbench("show load.json --table load/same-cpu --format csv");
  EXPECT_THAT(shown.out, AllOf(HasSubstr("share_ratio,rate_per_s"), HasSubstr(channel + "/load=40")));
}

TEST_F(LoadProgram, LeavesOutGivenRatesThatAreNearToTheSaturation) {
  // A mechanism that carries fewer than 100 000 messages of 4 MiB a second, by far.
  const Outcome outcome = ipcbench("load --transport pipe --size 4MiB --passes 1 --filter rate=100000 -o load.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = stored();
  EXPECT_EQ(result.most_load_percent, 90u);
  const auto left_out = std::ranges::find(result.cases, Status::skipped, &CaseRecord::status);
  ASSERT_NE(left_out, result.cases.end());
  EXPECT_THAT(left_out->id, HasSubstr("rate=100000"));
  EXPECT_THAT(left_out->reason, HasSubstr("100000/s is over 90 % of the saturation"));
  EXPECT_THAT(outcome.out, HasSubstr("100000/s is over 90 % of the saturation"));
}

TEST_F(LoadProgram, HasTheRowsOfTheTableAndSaysHowLongTheyTake) {
  const Outcome cases = ipcbench("list cases load");
  for (const char* row : {"pipe", "sysv-mq", "sysv-shm", "unix-stream", "tcp"}) {
    for (const char* point : {"", "/load=10", "/load=90", "/rate=1000", "/rate=100000"})
      EXPECT_THAT(cases.out, HasSubstr(std::string("rate/") + row + "/block/64/same-cpu" + point));
  }
}

TEST_F(LoadProgram, MeasuresWhatSilenceCosts) {
  const Outcome outcome = ipcbench("load --idle --transport pipe --filter 'silence=(1|10)ms' --passes 2 -o load.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const std::string channel = "rate/pipe/block/64/same-cpu";
  EXPECT_THAT(ids_in(stored()), UnorderedElementsAre(channel + "/silence=1ms", channel + "/silence=10ms"));
  EXPECT_THAT(outcome.out, HasSubstr("silence"));
}

TEST_F(LoadProgram, RefusesWhatIsNoPoint) {
  const auto complaint = [&](const std::string& arguments) {
    const Outcome outcome = ipcbench("load --transport pipe " + arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_THAT(outcome.out, IsEmpty());
    return outcome.err;
  };
  EXPECT_THAT(complaint("--load 0"), HasSubstr("load"));
  EXPECT_THAT(complaint("--rate fast"), HasSubstr("rate"));
  EXPECT_THAT(complaint("--option rate=20k"), HasSubstr("the rates of a curve are given by --rate"));
  EXPECT_THAT(complaint("--option load=50"), HasSubstr("the rates of a curve are given by --load"));
  EXPECT_THAT(complaint("--idle --rate 20k"), HasSubstr("--rate"));
  EXPECT_THAT(complaint("--scenario rate"), HasSubstr("--scenario"));
  EXPECT_THAT(complaint("standard"), HasSubstr("standard"));
}

TEST_F(LoadProgram, IsWhatARecommendationForARateGoesBy) {
  ASSERT_EQ(ipcbench("load --transport pipe,unix-stream --rate 2k,8k --passes 6 -o load.json").code, 0);
  const Outcome outcome = ipcbench("recommend load.json --rate 4k/s --p99 10s");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("For messages of 64 B at 4.00 k/s"), HasSubstr("2.00 k/s and 8.00 k/s")));
  EXPECT_THAT(ipcbench("recommend load.json --rate 9k/s").out, HasSubstr("not measured above 9000/s"));
  EXPECT_EQ(ipcbench("recommend load.json --p99 10us").code, 2);
  EXPECT_EQ(ipcbench("recommend load.json --rate fast").code, 2);
  EXPECT_EQ(ipcbench("recommend load.json --rate 1k --by cpu").code, 2);
}

class FindRate : public LoadProgram {};

TEST_F(FindRate, StoresTheSearchAndItsAnswer) {
  const Outcome outcome = ipcbench("find-rate 'p50<10s' --cpu 200% --transport pipe --passes 6 -o load.json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Result result = stored();
  ASSERT_TRUE(result.promise);
  EXPECT_EQ(result.promise->figure, "response_p50_ns");
  ASSERT_GE(result.cases.size(), 4u) << "saturation, highest rate, and lower ones";
  EXPECT_EQ(result.cases.front().id, "rate/pipe/block/64/same-cpu");
  EXPECT_THAT(outcome.out, HasSubstr("Highest rate with response p50 below 10 s"));
  EXPECT_THAT(ipcbench("show load.json --table find-rate").out, HasSubstr("highest rate"));
}

TEST_F(FindRate, SaysByItsExitCodeThatNoRateKeepsThePromise) {
  const Outcome outcome = ipcbench("find-rate 'service p50<1ns' --transport pipe --passes 6 -o load.json");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("no rate that was measured keeps it"));
}

TEST_F(FindRate, IsUndecidedWithoutIntervals) {
  const Outcome outcome = ipcbench("find-rate 'p50<10s' --transport pipe --passes 2 -o load.json");
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("undecided: 2 launches have no interval"));
}

TEST_F(FindRate, GoesByTheScheduleThatIsGiven) {
  const Outcome outcome =
      ipcbench("find-rate 'service p50<1ns' --transport pipe --passes 1 --option schedule=poisson -o load.json");
  EXPECT_EQ(outcome.code, 3) << outcome.err;
  const Result result = stored();
  EXPECT_EQ(result.cases.front().id, "rate/pipe/block/64/same-cpu") << "a saturation has no schedule";
  for (std::size_t i = 1; i < result.cases.size(); ++i)
    EXPECT_THAT(result.cases[i].id, HasSubstr("schedule=poisson")) << i;
}

TEST_F(FindRate, RefusesWhatIsNoSearch) {
  const auto complaint = [&](const std::string& arguments) {
    const Outcome outcome = ipcbench("find-rate " + arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_THAT(outcome.out, IsEmpty());
    return outcome.err;
  };
  EXPECT_THAT(complaint(""), HasSubstr("give a promise"));
  EXPECT_THAT(complaint("p99.8'<'50us"), HasSubstr("did you mean 'p99.9'"));
  EXPECT_THAT(complaint("'p99<50us' --cpu 300%"), HasSubstr("--cpu"));
  EXPECT_THAT(complaint("'p99<50us' --cpu 20% --option pacer=spin"), HasSubstr("leave out --cpu or pacer=spin"));
  EXPECT_THAT(complaint("'p99<50us' --option rate=20k"), HasSubstr("the rates are what is looked for"));
  EXPECT_THAT(complaint("'p99<50us' --resume x.json"), HasSubstr("leave it and --cpu out"));
  EXPECT_THAT(complaint("'p99<50us' --transport pip"), HasSubstr("did you mean 'pipe'"));
}

class LoadRun : public ProgramRun {};

TEST_F(LoadRun, ASearchThatWasStoppedIsFinished) {
  Child child = start_words(
      {IPCBENCH_PROGRAM, "find-rate", "service p50<1ns", "--transport", "pipe", "--passes", "2", "-o", output()});
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 5; })) << err();
  ::kill(child.pid(), SIGTERM);
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(err(), HasSubstr(std::string(IPCBENCH_PROGRAM) + " find-rate --resume " + output()));
  Child again = start_words({IPCBENCH_PROGRAM, "find-rate", "--resume", output()});
  EXPECT_EQ(again.wait().code, 3) << err();
  EXPECT_THAT(out(), HasSubstr("Highest rate with service p50 below 1 ns"));
  expect_whole(load_result(output()));
}

TEST_F(LoadRun, ThatWasStoppedIsFinished) {
  Child child = start_words({IPCBENCH_PROGRAM, "load", "--transport", "pipe", "--load", "20", "--rate", "1k",
                             "--passes", "3", "-o", output()});
  ASSERT_TRUE(wait_until(child, [&] { return launches_in_journal() >= 4; })) << err();
  ::kill(child.pid(), SIGINT);
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(err(), HasSubstr(std::string(IPCBENCH_PROGRAM) + " load --resume " + output()));
  const Result stopped = load_result(output());
  EXPECT_FALSE(stopped.complete);
  Child again = start_words({IPCBENCH_PROGRAM, "load", "--resume", output()});
  ASSERT_EQ(again.wait().code, 0) << err();
  EXPECT_THAT(out(), HasSubstr("Load: latency and CPU time at each rate"));
  const Result whole = load_result(output());
  expect_whole(whole);
  EXPECT_THAT(ids_in(whole), ElementsAre("rate/pipe/block/64/same-cpu", "rate/pipe/block/64/same-cpu/load=20",
                                         "rate/pipe/block/64/same-cpu/rate=1000"));
}

}  // namespace
}  // namespace ipcbench
