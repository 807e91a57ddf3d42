#include "plots/tables/lock_tables.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/tables/cast_tables.h"
#include "results/figures/states.h"
#include "results/figures/summary.h"
#include "tests/support/casts.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

TEST(LockTables, HavePartsByProcessesHoldAndThink) {
  const std::vector<Table> tables = lock_tables(lock_result());
  ASSERT_THAT(tables, SizeIs(1));
  EXPECT_EQ(tables[0].id, "contended/same-cpu");
  std::vector<std::string> titles;
  for (const TablePart& part : tables[0].parts) titles.push_back(part.title);
  EXPECT_THAT(titles, ElementsAre("1 process, hold 0, think 0, block", "1 process, hold 1us, think 0, block",
                                  "2 processes, hold 0, think 0, block", "2 processes, hold 1us, think 0, block",
                                  "4 processes, hold 0, think 0, block", "4 processes, hold 1us, think 0, block"));
  EXPECT_THAT(tables[0].parts[0].rows, SizeIs(2));
}

TEST(LockTables, ShowTurnsWaitsAndHandOvers) {
  const std::string text = to_text(lock_tables(lock_result()).at(0), {});
  EXPECT_THAT(text, AllOf(HasSubstr("turns/s [95 %]"), HasSubstr("handed over"), HasSubstr("25.0 %")));
  EXPECT_THAT(text, Not(HasSubstr("messages")));
  const std::string csv = to_csv(lock_tables(lock_result()).at(0));
  EXPECT_THAT(csv, HasSubstr("turns_per_s,turns_per_s_low,turns_per_s_high"));
}

TEST(LockTables, SayWhichWaitsTheClockCantTell) {
  Result result = lock_result();
  const double wait_ns = *result.cases.front().summary.seat_p50.median;
  const auto has_note = Contains(HasSubstr("one reading of the clock in it"));
  result.clock.overhead_ns = wait_ns / 3;
  EXPECT_THAT(lock_tables(result).at(0).notes, Not(has_note));
  result.clock.overhead_ns = wait_ns;
  EXPECT_THAT(lock_tables(result).at(0).notes, has_note);
}

TEST(LockTables, AreNotThoseOfMessages) {
  EXPECT_THAT(cast_tables(lock_result()), IsEmpty());
  EXPECT_THAT(lock_tables(cast_result()), IsEmpty());
}

TEST(LockFigures, SayWhyTheyAreMissing) {
  const Result locks = lock_result();
  const CaseSummary& alone = locks.cases.front().summary;
  EXPECT_TRUE(alone.turns_per_s.median);
  EXPECT_EQ(alone.fairness.reason, "there is one process");
  EXPECT_THAT(alone.handover_p50.reason, HasSubstr("too few turns"));
  EXPECT_EQ(alone.messages_per_s.reason, "nothing is sent");
  EXPECT_EQ(cast_result().cases.front().summary.turns_per_s.reason, "only a lock is taken in turn");
}

TEST(LockFigures, OfOneProcessAreInEveryCanaryState) {
  StateRecord states = cluster_canaries(Placement::spread, {100, 500});
  states.used = "near";
  LaunchRecord launch{.lock = LockRecord{}};
  EXPECT_TRUE(is_comparable(&states, launch));
  launch.canary_ns = {500, 500};
  EXPECT_FALSE(is_comparable(&states, launch));
}

}  // namespace
}  // namespace ipcbench
