#include "harness/sdk/injection.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/ab/arm.h"
#include "harness/base/usage_error.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

std::string complaint_about(const std::string& text) {
  try {
    parse_injection(text);
    return "accepted";
  } catch (const UsageError& error) {
    return error.what();
  }
}

TEST(Injection, IsATimeOrASystemCall) {
  const Injection wait = parse_injection("pipe:+400ns");
  EXPECT_EQ(wait.transport, "pipe");
  EXPECT_EQ(wait.wait_ns, 400u);
  EXPECT_FALSE(wait.calls);
  EXPECT_TRUE(parse_injection("posix-shm:+syscall").calls);
  EXPECT_EQ(parse_injection("harness:+5000ns").wait_ns, 5000u) << "of the loops of all transports";
}

TEST(Injection, RefusesEverythingElse) {
  for (const char* text : {"pipe", "pipe:", "pipe:400ns", "pipe:+400", "pipe:+ns", "pipe:+-4ns", "pipe:+4ns ",
                           "pipe:+4us", "pipe:+1000000001ns", "pipe:+99999999999999999999ns", "pipe:+syscalls"}) {
    EXPECT_THAT(complaint_about(text), HasSubstr("example: pipe:+400ns")) << text;
  }
  EXPECT_THAT(complaint_about("pip:+400ns"), HasSubstr("did you mean 'pipe'?"));
}

TEST(Arm, AClockComesBackFromItsText) {
  for (const ClockKind kind : {ClockKind::tsc, ClockKind::monotonic_raw}) {
    const Clock clock{.kind = kind, .ns_per_tick_q32 = 1654321987};
    const std::optional<Clock> back = clock_from_text(clock_text(clock));
    ASSERT_TRUE(back);
    EXPECT_EQ(back->kind, kind);
    EXPECT_EQ(back->ns_per_tick_q32, clock.ns_per_tick_q32);
  }
  for (const char* text : {"", "tsc", "tsc:", "tsc:0", "tsc:-1", "tsc:1x", "hpet:1"})
    EXPECT_FALSE(clock_from_text(text)) << text;
}

TEST(Arm, ItsOptionsGoToTheTransportsThatHaveThem) {
  const Arm arm{.record = {.name = "head", .program = "/x", .environment = {}, .options = {{"capacity", "1MiB"}}}};
  EXPECT_EQ(case_of_arm(arm, parse_case("ping-pong/posix-shm/block/64/same-cpu")).id(),
            "ping-pong/posix-shm/block/64/same-cpu/capacity=1048576");
  EXPECT_EQ(case_of_arm(arm, parse_case("ping-pong/pipe/block/64/same-cpu")).id(), "ping-pong/pipe/block/64/same-cpu");
}

}  // namespace
}  // namespace ipcbench
