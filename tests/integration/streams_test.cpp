// Checks what the launch of a stream stores of its course.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/measure/run_log.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

LaunchRecord stream_over(const std::string& transport) {
  const TransportInfo& info = find_transport(transport)->info();
  RunDir run_dir = RunDir::create();
  const CaseSpec spec{.scenario = Scenario::streaming,
                      .transport = transport,
                      .wait = info.waits.front(),
                      .size = info.capabilities.carries_payload ? 64u : 0u};
  return launch({.spec = spec,
                 .cpus = {.producer = -1, .consumer = -1},
                 .block_ops = 2000,
                 .warmup_ops = 100,
                 .deadline = std::chrono::seconds(60),
                 .clock = {}},
                run_dir)
      .record;
}

TEST(Streams, OfWholeMessagesAreStoredInSlices) {
  const LaunchRecord record = stream_over("pipe");
  EXPECT_EQ(record.status, Status::ok) << record.reason;
  EXPECT_THAT(record.slices_ns, SizeIs(kSlices));
  EXPECT_THAT(record.launch_class, Not(IsEmpty()));
}

// What was sent and what came differ, so that neither side's slices say how long an op took.
TEST(Streams, OfNotificationsAndOfWhatMayBeLostHaveNoSlicesAndNoClass) {
  for (const char* transport : {"eventfd", "udp"}) {
    const LaunchRecord record = stream_over(transport);
    EXPECT_EQ(record.status, Status::ok) << transport << ": " << record.reason;
    EXPECT_THAT(record.slices_ns, IsEmpty()) << transport;
    EXPECT_EQ(record.launch_class, "") << transport;
  }
}

}  // namespace
}  // namespace ipcbench
