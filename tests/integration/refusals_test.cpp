// Checks runs without privileges, and under a seccomp filter as containers and services have.

#include <linux/capability.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "bad_place.h"
#include "harness/base/sanitizers.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::SizeIs;

class Refusals : public BadPlace {
 protected:
  // Returns the transports that `list` calls available in this place.
  std::vector<std::string> available(const Place& place) const {
    EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "list", "transports", "--json"}, place).wait().code, 0) << err();
    const nlohmann::json list = nlohmann::json::parse(out());
    std::vector<std::string> names;
    for (const nlohmann::json& transport : list.at("transports")) {
      if (transport.at("available").get<bool>()) names.push_back(transport.at("name"));
    }
    EXPECT_FALSE(names.empty());
    return names;
  }

  std::vector<std::string> one_case(const std::string& transport) const {
    return {"--transport", transport, "--scenario", "ping-pong", "--size", "64", "--placement",
            "same-cpu",    "--wait",  "block",      "--passes",  "1",      "-o", output()};
  }

  // `partly` can't run by default there, but with other options.
  void expect_all_measured(const Place& place, const std::string& partly = "") {
    std::string names;
    for (const std::string& name : available(place)) names += (names.empty() ? "" : ",") + name;
    const std::vector<std::string> arguments = {"--transport", names,      "--size", "64", "--placement",
                                                "same-cpu",    "--passes", "1",      "-o", output()};
    ASSERT_EQ(run(arguments, place), 0) << err();
    const Result result = load_result(output());
    for (const CaseRecord& c : result.cases) {
      EXPECT_TRUE(c.status == Status::ok || c.status == Status::skipped) << c.id << ": " << c.reason;
      EXPECT_EQ(c.launches.empty(), c.status == Status::skipped) << c.id;
    }
    for (const std::string& name : available(place)) {
      if (name == partly) continue;
      const auto cases = cases_of(result, name);
      EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), [](const CaseRecord* c) { return c->status == Status::ok; }))
          << name;
    }
    expect_nothing_left();
  }
};

TEST_F(Refusals, WithoutIoUringItsCasesAreSkippedWithTheReason) {
  const std::vector<std::string> arguments = {"--transport", "pipe",        "--scenario", "ping-pong", "--size",
                                              "64",          "--placement", "same-cpu",   "--wait",    "block,io-uring",
                                              "--passes",    "1",           "-o",         output()};
  const Place place = [] { refuse_call(SYS_io_uring_setup, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(arguments, place), 0) << err();
  const Result result = load_result(output());
  ASSERT_EQ(result.cases.size(), 2U);
  EXPECT_EQ(result.cases[0].status, Status::ok) << result.cases[0].reason;
  EXPECT_EQ(result.cases[1].status, Status::skipped);
  EXPECT_THAT(result.cases[1].reason, HasSubstr("io_uring_setup: Operation not permitted"));
}

TEST_F(Refusals, ANormalUserMeasuresEverything) {
  const Place place = [] { become_normal_user(); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  hand_over();
  expect_all_measured(place);
}

TEST_F(Refusals, AnUnprivilegedUserNamespaceMeasuresEverything) {
  const Place place = [] {
    become_normal_user();
    own_user_namespace();
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  hand_over();
  expect_all_measured(place);
}

TEST_F(Refusals, WithoutTheRightToTraceItMeasures) {
  const Place place = [] { drop_capability(CAP_SYS_PTRACE); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << err();
  expect_measured(load_result(output()));
}

TEST_F(Refusals, WithoutPtraceCallsAreCountedBySeccomp) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs what is missing";
  const Place place = [] { refuse_call(SYS_ptrace, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(one_case("pipe"), place), 0) << err();
  const Result result = load_result(output());
  expect_measured(result);
  ASSERT_THAT(result.cases, SizeIs(1));
  const CaseRecord& c = result.cases[0];
  ASSERT_TRUE(c.counted.has_value());
  if (c.counted->status == Status::skipped) GTEST_SKIP() << c.counted->reason;
  EXPECT_EQ(c.summary.syscalls_source, "seccomp");
  EXPECT_EQ(c.summary.syscalls_producer.median, 2) << "a write and a read";
  EXPECT_EQ(c.summary.syscalls_consumer.median, 2);
  EXPECT_FALSE(c.summary.syscalls_retried.median.has_value());
  EXPECT_THAT(c.summary.syscalls_retried.reason, HasSubstr("seccomp"));
}

TEST_F(Refusals, WithoutPtraceAndSeccompBothAreNamed) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs what is missing";
  const Place place = [] {
    refuse_call(SYS_ptrace, EPERM);
    refuse_call(SYS_seccomp, EPERM);
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(one_case("pipe"), place), 0) << err();
  const Result result = load_result(output());
  expect_measured(result);
  EXPECT_THAT(result.cases[0].summary.syscalls_producer.reason, AllOf(HasSubstr("ptrace"), HasSubstr("seccomp")));
}

TEST_F(Refusals, WithoutRobustMutexesThereIsNoMutex) {
  const Place place = [] { refuse_call(SYS_set_robust_list, ENOSYS); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_THAT(available(place), AllOf(Not(Contains("mutex")), Contains("futex")));
  EXPECT_THAT(out(), HasSubstr("the kernel knows no robust mutexes (set_robust_list)"));
}

TEST_F(Refusals, WithoutMemfdsTheirTransportsAreNamedAndAllElseIsMeasured) {
  const Place place = [] { refuse_call(SYS_memfd_create, ENOSYS); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_THAT(available(place),
              AllOf(IsSupersetOf({"pipe", "posix-sem", "posix-shm"}),
                    Not(Contains(AnyOf("dbus", "futex", "mutex", "file-lock", "memfd", "memfd-loan")))));
  EXPECT_THAT(out(), HasSubstr("memfd_create: Function not implemented"));

  expect_all_measured(place, "posix-sem");

  // An anonymous semaphore lives in a memfd, a named one in /dev/shm.
  ASSERT_EQ(run(one_case("posix-sem"), place), 77) << err();
  EXPECT_THAT(load_result(output()).cases[0].reason, HasSubstr("memfd_create: Function not implemented"));
  std::vector<std::string> named = one_case("posix-sem");
  named.insert(named.end(), {"--option", "name=named"});
  ASSERT_EQ(run(named, place), 0) << err();
}

TEST_F(Refusals, WithoutTheRightToMakeAControlGroupMemoryIsReadElsewhere) {
  if (kThreadSanitized) GTEST_SKIP() << "the thread sanitizer holds signals back";
  const Place place = [] { become_normal_user(); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  hand_over();
  ASSERT_EQ(run(one_case("pipe"), place), 0) << err();
  const Result result = load_result(output());
  expect_measured(result);
  ASSERT_TRUE(result.cases[0].channel.has_value());
  const ChannelRecord& channel = *result.cases[0].channel;
  EXPECT_EQ(channel.source, "pss") << channel.reason;
  ASSERT_TRUE(channel.loaded_bytes && channel.payload_bytes) << channel.reason;
  EXPECT_GE(*channel.loaded_bytes, *channel.payload_bytes);
}

TEST_F(Refusals, WithoutPidfdsItMeasuresAndSeesACrash) {
  for (const int refusal : {EPERM, ENOSYS}) {
    const Place place = [&] { refuse_call(SYS_pidfd_open, refusal); };
    if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
    ASSERT_EQ(run(small_suite({"--passes", "2"}), place), 0) << err();
    expect_measured(load_result(output()));
    EXPECT_EQ(run({"--transport", "die", "--size", "64", "--passes", "1", "-o", output()}, place), 4) << err();
    EXPECT_THAT(err(), AllOf(HasSubstr("crashed: "), HasSubstr("killed by SIGKILL")));
    expect_nothing_left();
  }
}

// Repeats what the unit tests check for a Child with a pidfd.
TEST_F(Refusals, WithoutPidfdsAChildIsWaitedForAllTheSame) {
  const Place place = [] { refuse_call(SYS_pidfd_open, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  Child filtered = Child::spawn("filtered", [&] {
    place();
    const auto ended = [](const Child& child, int timeout) {
      pollfd end{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
      return ::poll(&end, 1, timeout) == 1;
    };
    Child sleeper = Child::spawn("sleeper", []() -> int {
      for (;;) ::pause();
    });
    // Inherits the sleeper's read end, as a sibling inherits a pidfd, but not its write end.
    Child quick = Child::spawn("quick", [] { return 3; });
    if (!ended(quick, -1)) return 1;
    if (const auto status = quick.poll(); !status || status->code != 3) return 2;
    if (ended(sleeper, 0) || sleeper.poll()) return 3;
    sleeper.kill();
    if (!ended(sleeper, -1)) return 4;
    if (const auto status = sleeper.poll(); !status || status->signal != SIGKILL) return 5;
    Child executed = Child::spawn("executed", [] { return ::execl("/bin/sleep", "sleep", "1000", nullptr); });
    if (ended(executed, 50)) return 6;
    executed.kill();
    return executed.wait().signal == SIGKILL ? 0 : 7;
  });
  EXPECT_EQ(filtered.wait().code, 0);
}

TEST_F(Refusals, WithoutPinningTheUnpinnedIsMeasured) {
  const Place place = [] { refuse_call(SYS_sched_setaffinity, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(small_suite({"--passes", "1", "--placement", "same-cpu,unpinned"}), place), 0) << err();
  const Result result = load_result(output());
  for (const CaseRecord& c : result.cases) {
    const bool pinned = c.placement != Placement::unpinned;
    EXPECT_EQ(c.status, pinned ? Status::skipped : Status::ok) << c.id << ": " << c.reason;
    EXPECT_EQ(c.launches.empty(), pinned) << c.id;
    if (!pinned) continue;
    EXPECT_THAT(c.reason, AllOf(HasSubstr("can't be pinned"), HasSubstr("sched_setaffinity")));
  }
  EXPECT_EQ(result.clock.kind, "monotonic_raw");
  EXPECT_THAT(result.clock.reason, HasSubstr("sched_setaffinity"));
  expect_nothing_left();

  EXPECT_EQ(run(small_suite({"--passes", "1"}), place), 77) << err();
}

TEST_F(Refusals, WithoutPinningTopologySaysSo) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "one CPU allowed";
  const Place place = [] { refuse_call(SYS_sched_setaffinity, EPERM); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "topology"}, place).wait().code, 77) << err();
  EXPECT_THAT(err(), HasSubstr("sched_setaffinity: Operation not permitted"));
}

}  // namespace
}  // namespace ipcbench
