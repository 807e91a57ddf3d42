// Checks runs that a launcher starts on many hosts. Here it is the test, which sets the variables of Slurm; each rank
// has a host name of its own.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kRanks = 8;

class Ranked : public ProgramRun {
 protected:
  std::string folder() const { return path("results"); }

  Child start_rank(int rank, const std::string& job, const std::string& host, int local = 0,
                   const std::vector<std::string>& more = {}) const {
    const auto place = [=] {
      for (const char* name : {"PMIX_RANK", "OMPI_COMM_WORLD_RANK", "PMI_RANK", "FLUX_TASK_RANK",
                               "JOB_COMPLETION_INDEX", "SLURM_STEP_ID", "SLURM_RESTART_COUNT"})
        ::unsetenv(name);
      ::setenv("SLURM_PROCID", std::to_string(rank).c_str(), 1);
      ::setenv("SLURM_NTASKS", std::to_string(kRanks).c_str(), 1);
      ::setenv("SLURM_LOCALID", std::to_string(local).c_str(), 1);
      ::setenv("SLURM_JOB_ID", job.c_str(), 1);
    };
    std::vector<std::string> arguments = {tiny_suite(),   "--ranked", "-o",          folder(),
                                          "--wait-ranks", "0s",       "--host-name", host};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return start(arguments, place);
  }

  // Returns whether the rank's journal has its first line, without which there is nothing to go on with.
  bool has_begun(int rank) const {
    if (!fs::exists(folder())) return false;
    const fs::directory_iterator entries(folder());
    return std::any_of(begin(entries), end(entries), [&](const auto& entry) {
      const std::string name = entry.path().string();
      return name.starts_with(folder() + "/node" + std::to_string(rank)) && name.ends_with(".journal.jsonl") &&
             read_file_or_empty(name).find('\n') != std::string::npos;
    });
  }
  void remove_result(int rank) const {
    for (const std::string& file : results(true)) {
      if (file.starts_with(folder() + "/node" + std::to_string(rank))) fs::remove(file);
    }
  }

  // Kills a rank in the middle of its run. One that ends before the signal comes is measured anew.
  void kill_within(int rank, const std::string& job) const {
    for (;;) {
      Child child = start_rank(rank, job, "node" + std::to_string(rank));
      if (wait_until(child, [&] { return has_begun(rank); })) ::kill(child.pid(), SIGKILL);
      if (child.wait().signal == SIGKILL) return;
      remove_result(rank);
    }
  }

  std::vector<std::string> results(bool complete) const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder())) {
      const std::string name = entry.path().string();
      if (name.ends_with(".json") && load_result(name).complete == complete) found.push_back(name);
    }
    std::ranges::sort(found);
    return found;
  }
};

TEST_F(Ranked, TwoOfEightAreKilledAndNamedAndTheSameCommandFillsThemIn) {
  // Ranks 2 and 5 are killed at moments that the scheduler chooses: rank 2 at once, rank 5 in the middle.
  for (int rank = 1; rank < kRanks; ++rank) {
    if (rank == 5) {
      kill_within(rank, "81");
      continue;
    }
    Child child = start_rank(rank, "81", "node" + std::to_string(rank));
    if (rank == 2) {
      ::kill(child.pid(), SIGKILL);
      EXPECT_EQ(child.wait().signal, SIGKILL);
      continue;
    }
    EXPECT_EQ(child.wait().code, 0) << err();
    EXPECT_THAT(out(), IsEmpty());
    EXPECT_THAT(err(), IsEmpty());
  }
  EXPECT_EQ(start_rank(0, "81", "node0").wait().code, 4) << err();
  EXPECT_THAT(err(), AllOf(HasSubstr("8 ranks: 6 complete results, 0 on hosts that another rank measures, 2 missing"),
                           HasSubstr("rank 5 (node5"), HasSubstr("has started and not ended")));
  EXPECT_TRUE(err().find("rank 2 (node2") != std::string::npos ||
              err().find("rank 2 told nothing") != std::string::npos)
      << err();
  EXPECT_EQ(results(true).size(), 6U);

  // The next job keeps what is complete, resumes node 5 and measures node 2.
  const std::string kept = read_file(results(true).front());
  for (int rank = 1; rank < kRanks; ++rank)
    EXPECT_EQ(start_rank(rank, "82", "node" + std::to_string(rank)).wait().code, 0) << err();
  EXPECT_EQ(start_rank(0, "82", "node0").wait().code, 0) << err();
  EXPECT_THAT(err(), HasSubstr("8 ranks: 8 complete results"));
  ASSERT_EQ(results(true).size(), 8U);
  EXPECT_EQ(read_file(results(true).front()), kept);
  std::size_t resumed = 0;
  for (const std::string& file : results(true)) resumed += load_result(file).resumed.size();
  EXPECT_EQ(resumed, 1U);
  EXPECT_FALSE(fs::exists(folder() + "/.ranks/82"));
}

TEST_F(Ranked, RanksOfOneHostMeasureItOnce) {
  Child other = start_rank(1, "81", "node", 1);
  EXPECT_EQ(other.wait().code, 0) << err();
  EXPECT_THAT(err(), IsEmpty());
  EXPECT_THAT(results(true), IsEmpty());
  // A local rank 0 of the same host, as two launchers side by side have, finds it taken.
  EXPECT_EQ(start_rank(2, "81", "node").wait().code, 0) << err();
  EXPECT_EQ(start_rank(3, "81", "node").wait().code, 0) << err();
  EXPECT_EQ(results(true).size(), 1U);
  EXPECT_EQ(start_rank(0, "81", "node").wait().code, 4) << err();
  EXPECT_THAT(err(), AllOf(HasSubstr("1 complete result, 3 on hosts that another rank measures, 4 missing"),
                           HasSubstr("ranks 4-7 told nothing"), HasSubstr("isn't a folder that the hosts share")));
}

TEST_F(Ranked, WhatOtherOptionsHaveMeasuredIsNotKept) {
  EXPECT_EQ(start_rank(3, "81", "node3").wait().code, 0) << err();
  const std::string kept = read_file(results(true).front());
  for (const auto& [more, words] :
       {std::pair<std::vector<std::string>, const char*>{{"--payload", "full"}, "payload lines, not full"},
        {{"--passes", "10"}, "--passes 6, not 10"},
        {{"--wait", "spin"}, "not the case "},
        {{"--workers", "exec"}, "not the case "},
        {{"--seed", "0"}, "--seed "}}) {
    EXPECT_EQ(start_rank(3, "82", "node3", 0, more).wait().code, 2);
    EXPECT_THAT(err(), AllOf(HasSubstr("measured with other options"), HasSubstr(words), HasSubstr("--output")));
    EXPECT_EQ(std::ranges::count(err(), '\n'), 1);
  }
  EXPECT_EQ(start_rank(3, "83", "node3").wait().code, 0) << err();
  EXPECT_EQ(read_file(results(true).front()), kept);
}

TEST_F(Ranked, AHostWhoseRankHasMovedIsMeasuredByAnother) {
  EXPECT_EQ(start_rank(1, "81", "node1").wait().code, 0) << err();
  remove_result(1);  // as if that disk were gone
  EXPECT_EQ(start_rank(1, "81", "node7").wait().code, 0) << err();
  EXPECT_EQ(start_rank(2, "81", "node1").wait().code, 0) << err();
  EXPECT_EQ(results(true).size(), 2U);
}

TEST_F(Ranked, OneThatFailsSaysSoInOneLine) {
  write_file_atomically(folder(), "");
  EXPECT_EQ(start_rank(3, "81", "node3").wait().code, 2);
  EXPECT_THAT(err(), AllOf(HasSubstr(folder()), HasSubstr("rank 3")));
  EXPECT_EQ(std::ranges::count(err(), '\n'), 1);
}

}  // namespace
}  // namespace ipcbench
