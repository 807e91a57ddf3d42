// Checks what is said and measured where a user has used up the pages that the kernel grants to pipes.

#include <fcntl.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "bad_place.h"
#include "harness/base/error.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/launch/channel_memory.h"
#include "harness/plan/plan.h"
#include "results/claims/claims.h"
#include "results/figures/summary.h"
#include "results/files/store.h"
#include "results/model/limits.h"
#include "tests/support/short_launch.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A user who has nothing else on this machine, so that the pipe budget is his alone.
class UsedUpPipes : public BadPlace {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user whose pipes nobody else needs";
    ASSERT_EQ(::chown(folder_.c_str(), user_, user_), 0);
    if (const std::string reason = why_not(place_); !reason.empty()) GTEST_SKIP() << reason;
  }

  void become_user() const {
    if (::setgroups(0, nullptr) != 0) throw_errno("setgroups");
    if (::setresgid(user_, user_, user_) != 0) throw_errno("setresgid");
    if (::setresuid(user_, user_, user_) != 0) throw_errno("setresuid");
    if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) != 0) throw_errno("prctl PR_SET_DUMPABLE");
    if (::access(IPCBENCH_PROGRAM, X_OK) != 0) throw_errno("execute {}", IPCBENCH_PROGRAM);
  }
  // Programs executed afterwards inherit the pipes.
  static std::vector<int> use_up_pipes() {
    std::vector<int> held;
    while (held.size() < 4000) {
      int ends[2];
      if (::pipe(ends) != 0) throw_errno("pipe");
      held.insert(held.end(), {ends[0], ends[1]});
      if (::fcntl(ends[1], F_GETPIPE_SZ) < static_cast<int>(usual_pipe_size())) return held;
      ::fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);  // refused near the budget's end
    }
    throw std::runtime_error("fs.pipe-user-pages-soft sets no bound here");
  }
  std::string output_of(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words = {IPCBENCH_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    EXPECT_EQ(start_words(words, place_).wait().code, 0) << err();
    return out();
  }

  // Each test has its own user, since tests run side by side.
  const unsigned user_ = 200'000 + static_cast<unsigned>(::getpid());
  const Place place_ = [this] {
    become_user();
    use_up_pipes();
  };
};

TEST_F(UsedUpPipes, MarkTheRowsAndJudgeNothing) {
  const int code = run({"--transport", "pipe,fifo,unix-stream,sysv-mq", "--wait", "block", "--size", "64",
                        "--placement", "same-cpu", "--passes", "2", "-o", output()},
                       place_);
  ASSERT_EQ(code, 0) << err();
  Result result = load_result(output());
  for (const char* transport : {"pipe", "fifo"}) {
    for (const CaseRecord* c : cases_of(result, transport)) {
      EXPECT_EQ(buffers_text(c->summary.buffers), fmt::format("F_GETPIPE_SZ {}", 2 * ::sysconf(_SC_PAGESIZE)));
      ASSERT_EQ(c->summary.limits_met.size(), 1u) << c->id;
      EXPECT_EQ(c->summary.limits_met[0].met.limit, "fs.pipe-user-pages-soft");
      EXPECT_EQ(c->summary.limits_met[0].met.value, value_of(HostLimit::pipe_user_pages_soft));
      EXPECT_EQ(c->summary.limits_met[0].launches, 2);
      EXPECT_THAT(c->summary.notes, Contains(StartsWith("‡ fs.pipe-user-pages-soft")));
    }
  }
  for (const CaseRecord* c : cases_of(result, "unix-stream")) EXPECT_FALSE(is_limited(*c));
  for (const JudgedClaim& claim : judge_claims(result)) {
    // 3: queues against pipes; 5: what a pipe holds.
    if (claim.number == 3 || claim.number == 5) {
      EXPECT_EQ(claim.judgement, ClaimJudgement::not_judged) << claim.number;
      EXPECT_THAT(claim.why.english, HasSubstr("fs.pipe-user-pages-soft")) << claim.number;
    }
  }
  const std::string tables = output_of({"show", output()});
  EXPECT_THAT(tables, HasSubstr("pipe ‡"));
  EXPECT_THAT(tables, HasSubstr("used up by this user's pipes"));
  EXPECT_THAT(output_of({"show", output(), "--table", "buffers"}), HasSubstr("F_GETPIPE_SZ"));
  EXPECT_THAT(output_of({"show", output(), "--table", "comparison", "--lang", "zh"}), HasSubstr("不给用词也不作判断"));
  expect_nothing_left();
}

TEST_F(UsedUpPipes, AreSaidByPlanListAndDoctor) {
  EXPECT_THAT(output_of({"plan", "--transport", "pipe,fifo", "--wait", "block", "--placement", "same-cpu"}),
              HasSubstr("note: ‡ pipe, fifo: fs.pipe-user-pages-soft is "));
  EXPECT_THAT(output_of({"list", "transports"}), HasSubstr("‡ fs.pipe-user-pages-soft is "));
  const std::string doctor = output_of({"doctor", "--seconds", "0", "--json"});
  for (const nlohmann::json& check : nlohmann::json::parse(doctor)) {
    if (check.at("id") != "pipe-budget") continue;
    EXPECT_EQ(check.at("severity"), "wrong");
    EXPECT_EQ(check.at("value"), "8 KiB");
    EXPECT_THAT(check.at("mend").get<std::string>(), HasSubstr("fs.pipe-user-pages-soft"));
  }
}

TEST_F(UsedUpPipes, AreNoAnswerToWhatAPipeHolds) {
  const nlohmann::json facts = nlohmann::json::parse(output_of({"list", "facts", "--json"})).at("facts");
  int asked = 0;
  for (const nlohmann::json& fact : facts) {
    if (fact.at("claim") != "5") continue;
    ++asked;
    EXPECT_TRUE(fact.at("answer").is_null() && fact.at("verdict").is_null()) << fact;
    EXPECT_EQ(fact.at("limit"), "fs.pipe-user-pages-soft");
    EXPECT_THAT(fact.at("reason").get<std::string>(), StartsWith("not judged: fs.pipe-user-pages-soft is "));
  }
  EXPECT_EQ(asked, 2);
}

TEST_F(UsedUpPipes, RefuseALargerOneBeforeAnythingIsMeasured) {
  const auto plan_with = [&](const char* capacity) {
    return output_of({"plan", "--transport", "pipe", "--scenario", "streaming", "--size", "64", "--placement",
                      "same-cpu", "--wait", "block", "--option", capacity});
  };
  EXPECT_THAT(plan_with("capacity=64KiB"),
              HasSubstr("this user's pipes have used up, the case needs two of 65536 bytes"));
  EXPECT_THAT(plan_with("capacity=4096"), Not(HasSubstr("Skipped")));
}

// The budget ends during the run, so that a case's launches have different buffers, which its result states.
TEST_F(UsedUpPipes, HalfWayMakeTheLaunchesOfACaseDiffer) {
  Child child = Child::spawn("ipcbench-test", [&] {
    become_user();
    ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
    CaseRecord c{
        .id = "ping-pong/pipe/block/64/unpinned", .scenario = Scenario::ping_pong, .transport = "pipe", .size = 64};
    c.launches.push_back(launched(c.id));
    const std::vector<int> held = use_up_pipes();
    c.launches.push_back(launched(c.id));
    for (const int fd : held) ::close(fd);
    c.launches.push_back(launched(c.id));
    Result result;
    result.cases.push_back(std::move(c));
    summarise(result);
    const CaseRecord& done = result.cases.front();
    const std::string text = limits_of(done).english;
    const bool says_so = text.find("(in 1 of 3 launches)") != std::string::npos &&
                         buffers_text(done.summary.buffers) ==
                             fmt::format("F_GETPIPE_SZ {} to {}", 2 * ::sysconf(_SC_PAGESIZE), usual_pipe_size());
    if (!says_so) fmt::print(stderr, "{} {} {}\n", text, buffers_text(done.summary.buffers), done.reason);
    return says_so ? 0 : 1;
  });
  EXPECT_TRUE(child.wait().clean());
}

// Channels that used up the budget themselves are left out of the slope.
TEST_F(UsedUpPipes, LeaveFewerChannelsToMeasureMemoryWith) {
  Child child = Child::spawn("ipcbench-test", [&] {
    become_user();
    ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
    // Leaves room for some 20 channels.
    std::vector<int> held = use_up_pipes();
    const std::size_t given_back = 2 * 3;  // three pipes of up to 256 pages
    for (std::size_t i = 0; i < given_back; ++i) ::close(held[i]);
    RunDir run = RunDir::create();
    const CaseSpec spec{.transport = "pipe", .size = 64};
    const ChannelRecord channel = measure_channel({.spec = spec}, run, false).record;
    const bool is_whole = channel.channels >= 2 && channel.channels < 64 && channel.limits_met.empty() &&
                          channel.payload_bytes && *channel.payload_bytes == 65536;
    if (!is_whole) {
      fmt::print(stderr, "{} channels, {} limits, payload {}, {}\n", channel.channels, channel.limits_met.size(),
                 channel.payload_bytes.value_or(0), channel.reason);
    }
    return is_whole ? 0 : 1;
  });
  EXPECT_TRUE(child.wait().clean());
}

}  // namespace
}  // namespace ipcbench
