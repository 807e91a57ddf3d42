#include "results/model/limits.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "results/figures/summary.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

LimitRecord reclaim() { return {.limit = "memory.max", .value = "1048576", .effect = std::string(kMemoryTakenBack)}; }

void set_pipe(LaunchRecord& launch, std::uint64_t bytes) {
  launch.buffers = {{"F_GETPIPE_SZ", "forward", bytes}, {"F_GETPIPE_SZ", "backward", bytes}};
  launch.limits_met.clear();
  if (bytes < 65536) launch.limits_met.push_back(sample_limit());
}

// Returns the first case of a sample, a pipe, whose nine launches have pipes of these sizes in turn.
Result piped(std::initializer_list<std::uint64_t> sizes) {
  Result result = sample_result();
  CaseRecord& pipe = result.cases.front();
  pipe.channel->limits_met.clear();
  for (std::size_t i = 0; i < pipe.launches.size(); ++i) set_pipe(pipe.launches[i], sizes.begin()[i % sizes.size()]);
  summarise(result);
  return result;
}

TEST(Limits, OfLaunchesWithWholeBuffersAreNone) {
  const Result result = piped({65536});
  const CaseRecord& c = result.cases.front();
  EXPECT_FALSE(is_limited(c));
  EXPECT_EQ(buffers_text(c.summary.buffers), "F_GETPIPE_SZ 65536");
  EXPECT_EQ(limits_of(c).english, "");
  for (const std::string& note : c.summary.notes) EXPECT_THAT(note, testing::Not(HasSubstr("buffers differ")));
}

TEST(Limits, OfEveryLaunchAreSaidWithoutANumber) {
  const Result result = piped({8192});
  const CaseRecord& c = result.cases.front();
  EXPECT_TRUE(is_limited(c));
  ASSERT_EQ(c.summary.limits_met.size(), 1u);
  EXPECT_EQ(c.summary.limits_met[0].launches, 9);
  EXPECT_EQ(limits_of(c).english,
            "fs.pipe-user-pages-soft is 16384, used up by this user's pipes: F_GETPIPE_SZ is 8192, by the kernel's "
            "default 65536");
  EXPECT_EQ(limits_of(c).chinese,
            "fs.pipe-user-pages-soft为16384，已被该用户的管道用尽：F_GETPIPE_SZ为8192，内核默认为65536");
  EXPECT_THAT(c.summary.notes, Contains(StartsWith("‡ fs.pipe-user-pages-soft is 16384")));
}

TEST(Limits, OfSomeLaunchesMarkTheCaseAndSayHowMany) {
  const Result result = piped({65536, 65536, 8192});
  const CaseRecord& c = result.cases.front();
  EXPECT_TRUE(is_limited(c));
  EXPECT_THAT(limits_of(c).english, HasSubstr("(in 3 of 9 launches)"));
  EXPECT_THAT(limits_of(c).chinese, HasSubstr("（9次启动中的3次）"));
  EXPECT_EQ(buffers_text(c.summary.buffers), "F_GETPIPE_SZ 8192 to 65536");
  EXPECT_THAT(c.summary.notes, Contains("the launches' buffers differ: F_GETPIPE_SZ 8192 to 65536"));
}

TEST(Limits, OfLaunchesThatAreNotUsedMarkNothing) {
  Result result = piped({65536});
  for (LaunchRecord& launch : result.cases.front().launches) {
    if (launch.pass > 2) continue;
    launch.status = Status::crashed;
    set_pipe(launch, 8192);
  }
  summarise(result);
  EXPECT_FALSE(is_limited(result.cases.front()));
}

TEST(Limits, OfAskedSizesSayWhatWasAskedFor) {
  LimitRecord limit{.limit = "net.core.wmem_max",
                    .value = "212992",
                    .effect = "clamped",
                    .buffer = "SO_SNDBUF",
                    .wanted = 2097152,
                    .got = 425984};
  EXPECT_EQ(bilingual_text(limit).english, "net.core.wmem_max is 212992: SO_SNDBUF is 425984, 2097152 was asked for");
  EXPECT_EQ(bilingual_text(limit).chinese, "net.core.wmem_max为212992：SO_SNDBUF为425984，要求的是2097152");
  limit.effect = "raised";
  EXPECT_THAT(bilingual_text(limit).english, HasSubstr("2097152 was asked for"));
}

TEST(Limits, OfAGroupsMemoryHaveNoBuffer) {
  EXPECT_EQ(bilingual_text(reclaim()).english,
            "memory.max of the control group, 1048576 bytes, was hit: memory was taken back meanwhile");
  EXPECT_EQ(limits_text({sample_limit(), reclaim()}),
            bilingual_text(sample_limit()).english + "; " + bilingual_text(reclaim()).english);
  EXPECT_EQ(limits_text({}), "");
}

TEST(Limits, OfAChannelAreSaidOnceWithThoseOfItsCase) {
  Result result = piped({8192});
  CaseRecord& c = result.cases.front();
  c.channel->limits_met = {sample_limit()};
  EXPECT_EQ(limits_of(c).english, bilingual_text(sample_limit()).english);
  c.channel->limits_met = {reclaim()};
  EXPECT_THAT(limits_of(c).english, HasSubstr("; its channel: memory.max"));
  EXPECT_EQ(memory_limits_of(c).english, bilingual_text(reclaim()).english);
  EXPECT_TRUE(has_limited_memory(c));
  for (LaunchRecord& launch : c.launches) set_pipe(launch, 65536);
  summarise(result);
  EXPECT_FALSE(is_limited(c)) << "the launches are whole";
  EXPECT_THAT(c.summary.notes, Contains(StartsWith("‡ memory of a channel: memory.max")));
}

TEST(Limits, BuffersAreNamedByDirectionWhereTheyDiffer) {
  EXPECT_EQ(buffers_text({{"SO_SNDBUF", "forward", 1, 1}, {"SO_RCVBUF", "backward", 2, 2}}),
            "SO_SNDBUF 1, SO_RCVBUF 2");
  EXPECT_EQ(buffers_text({{"SO_SNDBUF", "forward", 1, 1}, {"SO_SNDBUF", "backward", 2, 3}}),
            "SO_SNDBUF forward 1, SO_SNDBUF backward 2 to 3");
  EXPECT_EQ(buffers_text({}), "");
}

}  // namespace
}  // namespace ipcbench
