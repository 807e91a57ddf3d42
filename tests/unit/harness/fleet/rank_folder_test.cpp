#include "harness/fleet/rank_folder.h"

#include <chrono>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>

#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Ranks = std::vector<std::uint32_t>;

TEST(RankFolder, RanksReadWhatOthersHaveToldLast) {
  const TemporaryFolder temporary;
  const std::string shared = temporary.path() + "/new/shared";
  const RankFolder first(shared, "job-1", 0), second(shared, "job-1", 1), earlier(shared, "job-0", 2);
  earlier.tell({.state = RankState::done, .host = "c"});
  second.tell({.state = RankState::started, .host = "b"});
  second.tell({.state = RankState::failed, .host = "b", .text = "two\nlines"});
  write_file_atomically(shared + "/.ranks/job-1/3", "no report");

  const RankReports reports = first.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports.at(1).state, RankState::failed);
  EXPECT_EQ(reports.at(1).host, "b");
  EXPECT_EQ(reports.at(1).text, "two lines");
}

TEST(RankFolder, AHostIsThatOfTheRankThatWasFirst) {
  const TemporaryFolder temporary;
  const RankFolder first(temporary.path(), "job", 4), second(temporary.path(), "job", 5);
  EXPECT_EQ(first.own("node", "boot-a").rank, 4U);
  EXPECT_EQ(second.own("node", "boot-b").rank, 4U);
  EXPECT_EQ(second.own("node", "boot-b").boot, "boot-a");
  EXPECT_EQ(first.own("node", "boot-a").rank, 4U);  // started again
  EXPECT_EQ(second.own("other", "boot-b").rank, 5U);
  EXPECT_THAT(first.reports(), IsEmpty());
}

TEST(RankFolder, ARankThatHasMovedLeavesItsHostToOthers) {
  const TemporaryFolder temporary;
  const RankFolder moved(temporary.path(), "job", 1), next(temporary.path(), "job", 2);
  EXPECT_EQ(moved.own("node-a", "boot-a").rank, 1U);
  moved.tell({.state = RankState::started, .host = "node-a"});
  EXPECT_EQ(next.own("node-a", "boot-a").rank, 1U);
  moved.tell({.state = RankState::started, .host = "node-b"});
  EXPECT_EQ(next.own("node-a", "boot-a").rank, 2U);
  EXPECT_EQ(moved.own("node-a", "boot-a").rank, 2U) << "it comes back too late";
}

// Moves the end of the job's earlier start to before what is told now.
void age_end(const std::string& folder) {
  const fs::path end = folder + "/.ranks/job/ended";
  fs::last_write_time(end, fs::last_write_time(end) - std::chrono::hours(1));
}

TEST(RankFolder, OfAnEarlierStartOnlyWhatEndedWellCounts) {
  const TemporaryFolder temporary;
  const RankFolder first(temporary.path(), "job", 0), second(temporary.path(), "job", 1),
      third(temporary.path(), "job", 2), fourth(temporary.path(), "job", 3);
  EXPECT_EQ(second.own("b", "boot").rank, 1U);
  second.tell({.state = RankState::failed, .host = "b", .text = "disk full"});
  third.tell({.state = RankState::started, .host = "c"});
  fourth.tell({.state = RankState::done, .host = "d"});
  EXPECT_EQ(first.reports().size(), 3U);
  first.tell_end();
  const RankReports reports = first.reports();
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports.at(3).state, RankState::done);
  EXPECT_EQ(third.own("b", "boot").rank, 2U) << "hosts are dealt anew";
  third.tell({.state = RankState::started, .host = "b"});

  age_end(temporary.path());
  second.tell({.state = RankState::failed, .host = "a", .text = "disk full again"});
  EXPECT_EQ(first.reports().at(1).text, "disk full again");
  EXPECT_EQ(second.own("b", "boot").rank, 2U);
}

TEST(RankFolder, IsRemovedWithoutThatOfAnotherJob) {
  const TemporaryFolder temporary;
  const RankFolder one(temporary.path(), "one", 0), other(temporary.path(), "other", 0);
  one.remove();
  other.tell({.state = RankState::done, .host = "a"});
  EXPECT_EQ(other.reports().size(), 1U);
  other.remove();
  EXPECT_TRUE(fs::is_empty(temporary.path()));
}

TEST(RankFolder, AFolderThatCannotBeMadeIsRefusedByName) {
  const TemporaryFolder temporary;
  write_file_atomically(temporary.path() + "/file", "");
  try {
    const RankFolder folder(temporary.path() + "/file", "job", 7);
    FAIL() << "not refused";
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("/file"), HasSubstr("rank 7"), HasSubstr("--ranked")));
  }
}

TEST(RankAccount, NamesWhoHasNoResult) {
  const RankReports reports = {{0, {.state = RankState::done, .host = "a"}},
                               {1, {.state = RankState::left, .host = "a"}},
                               {2, {.state = RankState::failed, .host = "b", .text = "disk full"}},
                               {4, {.state = RankState::started, .host = "c"}}};
  const RankAccount account = account_of(reports, 8);
  EXPECT_EQ(account.done, 1U);
  EXPECT_EQ(account.left, 1U);
  EXPECT_EQ(account.silent, (Ranks{3, 5, 6, 7}));
  EXPECT_TRUE(account.is_waiting());
  EXPECT_FALSE(account.all_well());
  EXPECT_THAT(
      account_lines(account, reports),
      ElementsAre("8 ranks: 1 complete result, 1 on hosts that another rank measures, 6 missing",
                  "rank 2 (b) failed: disk full", "rank 4 (c) has started and not ended", "ranks 3, 5-7 told nothing"));
  EXPECT_TRUE(hears_another_host(reports, "a"));
  EXPECT_FALSE(hears_another_host({{1, {.state = RankState::left, .host = "a"}}}, "a"));
}

TEST(RankAccount, EndsWhenAllHaveEnded) {
  RankReports reports = {{0, {.state = RankState::done, .host = "a"}}, {1, {.state = RankState::left, .host = "a"}}};
  EXPECT_TRUE(account_of(reports, 2).all_well());
  reports[1].state = RankState::failed;
  EXPECT_FALSE(account_of(reports, 2).is_waiting());
  EXPECT_FALSE(account_of(reports, 2).all_well());
}

TEST(RankAccount, NamesOfHundredsAreShortened) {
  RankReports reports;
  for (std::uint32_t rank = 0; rank < 500; ++rank) reports[rank] = {.state = RankState::failed, .host = "h"};
  const std::vector<std::string> lines = account_lines(account_of(reports, 500), reports);
  ASSERT_EQ(lines.size(), 22U);
  EXPECT_EQ(lines.back(), "ranks 20-499 failed as well");
}

}  // namespace
}  // namespace ipcbench
