#include "harness/floors/canary.h"

#include <new>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "harness/floors/run_pair.h"
#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

TEST(Canary, BothProcessesReturnAndTheProducerKnowsTheRoundTrip) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
  struct Shared {
    CanaryLine lines[2];
    CanaryResult results[2][2];  // by role, by line
  };
  const Mapping memory = Mapping::shared_anonymous(sizeof(Shared));
  auto& shared = *new (memory.data()) Shared{};
  run_pair("canary test", cpus[0], cpus[1], [&](Role role) {
    for (int i = 0; i < 2; ++i) {
      shared.results[static_cast<int>(role)][i] = run_canary(shared.lines[i], role, Clock{}, 1'000'000);
    }
  });
  for (const CanaryResult& produced : shared.results[0]) {
    EXPECT_GT(produced.rtt_ns, 0);
    EXPECT_GE(produced.windows, 1u);
  }
  for (const CanaryResult& consumed : shared.results[1]) {
    EXPECT_EQ(consumed.rtt_ns, 0);
    EXPECT_EQ(consumed.windows, 0u);
  }
}

// A side could be left behind at the end, so that many canaries are run.
TEST(Canary, NeitherSideIsLeftBehindAtTheEnd) {
  const std::vector<int> cpus = allowed_cpus();
  if (cpus.size() < 2) GTEST_SKIP() << "one CPU allowed";
  std::vector<CanaryLine> lines(50);
  std::thread consumer([&] {
    pin_to(Cpu{cpus[1]});
    for (CanaryLine& line : lines) run_canary(line, Role::consumer, Clock{}, 0);
  });
  std::thread producer([&] {
    pin_to(Cpu{cpus[0]});
    for (CanaryLine& line : lines) EXPECT_EQ(run_canary(line, Role::producer, Clock{}, 0).windows, 1u);
  });
  producer.join();
  consumer.join();
}

}  // namespace
}  // namespace ipcbench
