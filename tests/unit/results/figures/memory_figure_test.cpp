#include "results/figures/memory_figure.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "results/figures/statistics.h"
#include "tests/support/compared_sample.h"

namespace ipcbench {
namespace {

constexpr const char* kPipeCase = "ping-pong/pipe/block/64/same-cpu";
constexpr const char* kQueue = "ping-pong/sysv-mq/block/64/same-cpu";

TEST(MemoryFigure, IsOfALoadedChannelWherePayloadIsCarried) {
  Result result = compared_sample();
  CaseRecord& pipe = case_of(result, kPipeCase);
  pipe.summary.channel_idle.median = 5000;
  EXPECT_EQ(memory_figure(result, pipe).figure, &pipe.summary.channel_loaded);
  pipe.summary.channel_loaded = no_figure("why");
  EXPECT_FALSE(memory_figure(result, pipe).figure->median);
  EXPECT_EQ(memory_figure(result, pipe).figure->reason, "why");
  EXPECT_FALSE(memory_figure(result, pipe).is_comparable());
}

TEST(MemoryFigure, HasTheErrorOfItsSlope) {
  Result result = compared_sample();
  CaseRecord& pipe = case_of(result, kPipeCase);
  EXPECT_DOUBLE_EQ(memory_figure(result, pipe).bounds->low, 70e3 - 700);
  EXPECT_DOUBLE_EQ(memory_figure(result, pipe).bounds->high, 70e3 + 700);
  pipe.channel->payload_bytes = 69900;  // it takes at least the size of its contents
  EXPECT_DOUBLE_EQ(memory_figure(result, pipe).bounds->low, 69900);
  pipe.channel->loaded_error_bytes.reset();  // as in an older version
  pipe.channel->payload_bytes.reset();
  EXPECT_DOUBLE_EQ(memory_figure(result, pipe).bounds->low, 0.4 * 70e3);
  EXPECT_DOUBLE_EQ(memory_figure(result, pipe).bounds->high, 1.6 * 70e3);
}

TEST(MemoryFigure, OfACappedChannelHasNoUpperEnd) {
  const Result result = compared_sample();
  for (const CaseRecord& c : result.cases) {
    if (c.id != "ping-pong/tcp/block/64/same-cpu") continue;
    EXPECT_EQ(memory_figure(result, c).at_least, AtLeast::capped);
    EXPECT_TRUE(std::isinf(memory_figure(result, c).bounds->high));
  }
}

TEST(MemoryFigure, WithoutKernelObjectsIsALowerBound) {
  Result result = compared_sample();
  CaseRecord& queue = case_of(result, kQueue);
  queue.channel->kernel_objects = "none";
  EXPECT_EQ(memory_figure(result, queue).at_least, AtLeast::kernel_objects);
  EXPECT_FALSE(memory_figure(result, queue).is_comparable());
  EXPECT_TRUE(misses_kernel_objects(result, queue));
  queue.channel->kernel_objects = "contents";
  EXPECT_TRUE(memory_figure(result, queue).is_comparable());
  EXPECT_GT(memory_figure(result, queue).bounds->high, 42e3 + 4096);
}

// A result of a version that didn't store what its source saw.
TEST(MemoryFigure, OfAnOlderResultSeesWhatItsSourceSaw) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    if (c.channel) c.channel->kernel_objects.reset();
  }
  EXPECT_FALSE(misses_kernel_objects(result, case_of(result, kQueue)));
  for (CaseRecord& c : result.cases) {
    if (c.channel) c.channel->source = "pss";
  }
  EXPECT_TRUE(misses_kernel_objects(result, case_of(result, kQueue)));
  EXPECT_TRUE(misses_kernel_objects(result, case_of(result, "ping-pong/dbus/block/64/same-cpu")));
  EXPECT_TRUE(misses_kernel_objects(result, case_of(result, "ping-pong/sysv-sem/block/0/same-cpu")));
  EXPECT_FALSE(misses_kernel_objects(result, case_of(result, kPipeCase)));
  EXPECT_FALSE(misses_kernel_objects(result, case_of(result, "ping-pong/unix-stream/block/64/same-cpu")));
  EXPECT_FALSE(misses_kernel_objects(result, case_of(result, "ping-pong/sysv-shm/block/64/same-cpu")));
}

TEST(Line, SaysHowFarItsSlopeMayBeOff) {
  const std::vector<Point> exact = {{0, 0}, {1, 10}, {2, 20}, {3, 30}, {4, 40}};
  EXPECT_NEAR(line_through(exact).slope_error, 0, 1e-12);
  // The middle point is off by 5, which leaves residuals of -1 and 4. The slope may be off by 0.6 times the largest.
  std::vector<Point> bent = exact;
  bent[2].y += 5;
  const Line line = line_through(bent);
  EXPECT_NEAR(line.slope, 10, 1e-12);
  EXPECT_NEAR(line.slope_error, 0.6 * 4, 1e-12);  // sum |x - mean| / Sxx = 6 / 10
}

}  // namespace
}  // namespace ipcbench
