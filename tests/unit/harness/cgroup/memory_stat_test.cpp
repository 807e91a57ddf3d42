#include "harness/cgroup/memory_stat.h"

#include <string>
#include <utility>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

// A group as Linux 5.16 and later count it: changes stay pending until a read finds enough of them, or until the kernel
// flushes.
class CountedLazily {
 public:
  explicit CountedLazily(int enough) : enough_(enough) {}

  void charge(int pages) {
    pending_pages_ += pages;
    pending_ += pages;
  }
  MemoryStatSource as_seen_from_inside() {
    return {.read = [this] { return read(); },
            .fault =
                [this](int count) {
                  pending_faults_ += count;
                  pending_ += count;
                },
            .wait_for_the_kernel = [this] { wait(); }};
  }
  MemoryStatSource as_seen_from_outside() {
    MemoryStatSource source = as_seen_from_inside();
    source.fault = [](int) {};
    return source;
  }
  int waits() const { return waits_; }

 private:
  std::string read() {
    if (pending_ > enough_) add_up();
    return fmt::format("anon {}\npgfault {}\n", pages_ * 4096, faults_);
  }
  void wait() {
    ++waits_;
    add_up();
  }
  void add_up() {
    pages_ += std::exchange(pending_pages_, 0);
    faults_ += std::exchange(pending_faults_, 0);
    pending_ = 0;
  }

  int enough_;
  int pages_ = 0, faults_ = 0;
  int pending_ = 0, pending_pages_ = 0, pending_faults_ = 0;
  int waits_ = 0;
};

TEST(MemoryStat, HoldsWhatWasChargedJustNow) {
  for (const int cpus : {1, 4, 256}) {
    CountedLazily group(64 * cpus);
    const MemoryStatSource source = group.as_seen_from_inside();
    group.charge(8);
    EXPECT_EQ(sum_in_stat(source.read(), {"anon"}), 0u) << "the kernel's counters are behind";
    EXPECT_EQ(sum_in_stat(fresh_memory_stat(source), {"anon"}), 8 * 4096u) << cpus;
    group.charge(3);
    EXPECT_EQ(sum_in_stat(fresh_memory_stat(source), {"anon"}), 11 * 4096u) << cpus;
    EXPECT_EQ(group.waits(), 0) << cpus;
  }
}

TEST(MemoryStat, OfAnotherGroupIsReadAfterTheKernelsOwnTurn) {
  CountedLazily group(64);
  group.charge(8);
  EXPECT_EQ(sum_in_stat(fresh_memory_stat(group.as_seen_from_outside()), {"anon"}), 8 * 4096u);
  EXPECT_EQ(group.waits(), 1);
}

TEST(MemoryStat, IsSummedByNamesThatAreWhole) {
  EXPECT_EQ(sum_in_stat("anon 4\nanon_thp 8\nfile 16\nbroken\nsock 1", {"anon", "sock", "kernel"}), 5u);
}

}  // namespace
}  // namespace ipcbench
