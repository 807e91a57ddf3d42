#include "harness/cgroup/memory_events.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/page_size.h"
#include "harness/base/unique_fd.h"
#include "harness/cgroup/memory_group.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

// A process in the group /a/b of version 2, or in the group of version 1 that a test names.
class MemoryEvents : public testing::Test {
 protected:
  void use_version_2() const {
    tree_.write("proc/self/cgroup", "0::/a/b\n");
    tree_.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  }
  void write(const std::string& group, const std::string& file, const std::string& text) const {
    tree_.write("sys/fs/cgroup/" + group + "/" + file, text + "\n");
  }
  void write_events(const std::string& group, const std::string& file, int high, int max) const {
    write(group, file, fmt::format("low 0\nhigh {}\nmax {}\noom 0\noom_kill 0", high, max));
  }

  TemporaryFolder tree_;
};

TEST_F(MemoryEvents, LimitsThatAreNotSetAreNone) {
  EXPECT_TRUE(memory_group_limits(tree_.path()).empty());
  use_version_2();
  write("a/b", "memory.max", "max");
  write("a/b", "memory.high", "max");
  write_events("a/b", "memory.events.local", 0, 0);
  EXPECT_TRUE(memory_group_limits(tree_.path()).empty());
}

TEST_F(MemoryEvents, ALimitThatIsHitMeanwhileIsNamed) {
  use_version_2();
  write("a/b", "memory.max", "1048576");
  write("a/b", "memory.current", "4096");
  write_events("a/b", "memory.events.local", 0, 7);
  const MemoryLimitWatch watch(tree_.path());
  EXPECT_TRUE(watch.hit().empty());
  write_events("a/b", "memory.events.local", 0, 8);
  const std::vector<MemoryGroupLimit> hit = watch.hit();
  ASSERT_EQ(hit.size(), 1u);
  EXPECT_EQ(hit[0].name, "memory.max");
  EXPECT_EQ(hit[0].value, "1048576");
  EXPECT_EQ(hit[0].in_use, 4096u);
  EXPECT_EQ(hit[0].hits, 8u);
  EXPECT_TRUE(MemoryLimitWatch(tree_.path()).hit().empty()) << "not since then";
}

TEST_F(MemoryEvents, MemoryHighIsALimitOfItsOwn) {
  use_version_2();
  write("a/b", "memory.high", "2048");
  write("a/b", "memory.max", "4096");
  write_events("a/b", "memory.events.local", 1, 0);
  const MemoryLimitWatch watch(tree_.path());
  write_events("a/b", "memory.events.local", 2, 0);
  ASSERT_EQ(watch.hit().size(), 1u);
  EXPECT_EQ(watch.hit()[0].name, "memory.high");
}

// memory.events sums over the subtree: a neighbour that hits its own limit would count.
TEST_F(MemoryEvents, AGroupAboveCountsWithoutItsOtherChildren) {
  use_version_2();
  write("a", "memory.max", "1048576");
  write_events("a", "memory.events.local", 0, 0);
  write_events("a", "memory.events", 0, 3);
  const MemoryLimitWatch watch(tree_.path());
  write_events("a", "memory.events", 0, 4);
  EXPECT_TRUE(watch.hit().empty());
  write_events("a", "memory.events.local", 0, 1);
  EXPECT_EQ(watch.hit().size(), 1u);
}

TEST_F(MemoryEvents, AnOlderKernelHasOneFileForAll) {
  use_version_2();
  write("a/b", "memory.max", "1048576");
  write_events("a/b", "memory.events", 0, 3);
  const MemoryLimitWatch watch(tree_.path());
  write_events("a/b", "memory.events", 0, 4);
  EXPECT_EQ(watch.hit().size(), 1u);
}

TEST_F(MemoryEvents, Version1CountsFailures) {
  tree_.write("proc/self/cgroup", "4:memory:/docker/c0ffee\n");
  tree_.write("proc/self/mountinfo", "33 24 0:28 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  write("memory", "memory.limit_in_bytes", "9223372036854771712");
  write("memory", "memory.failcnt", "0");
  EXPECT_TRUE(memory_group_limits(tree_.path()).empty());
  write("memory", "memory.limit_in_bytes", "307200");
  const MemoryLimitWatch watch(tree_.path());
  write("memory", "memory.failcnt", "1");
  ASSERT_EQ(watch.hit().size(), 1u);
  EXPECT_EQ(watch.hit()[0].name, "memory.limit_in_bytes");
}

// Checks the counters against a real kernel: a process reads more of a file than its group may hold, so that pages are
// reclaimed.
TEST_F(MemoryEvents, AreThoseOfARealGroup) {
  const MemoryGroupPlace place = find_memory_group_place();
  if (place.version == 0) GTEST_SKIP() << place.reason;
  std::string file_name = "/var/tmp/ipcbench-events-XXXXXX";
  const UniqueFd file(::mkstemp(file_name.data()));
  if (!file) GTEST_SKIP() << "no file can be made in /var/tmp";
  ::unlink(file_name.c_str());
  const std::string group = fmt::format("{}/ipcbench-events-{}", place.folder, ::getpid());
  ASSERT_EQ(::mkdir(group.c_str(), 0755), 0);
  const auto put = [&](const std::string& key, const std::string& text) {
    const UniqueFd fd(::open((group + key).c_str(), O_WRONLY | O_CLOEXEC));
    return ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  };
  constexpr std::size_t kLimit = 16 << 20;
  const std::string name = place.version == 2 ? "memory.max" : "memory.limit_in_bytes";
  EXPECT_TRUE(put("/" + name, std::to_string(kLimit)));
  Child child = Child::spawn("ipcbench-test", [&] {
    if (!put("/cgroup.procs", std::to_string(::getpid()))) return 2;
    const MemoryLimitWatch watch;
    if (!watch.hit().empty()) return 3;
    const std::string part(1 << 20, 'x');
    for (std::size_t written = 0; written < 3 * kLimit; written += part.size()) {
      if (::write(file.get(), part.data(), part.size()) < 0) return 4;
      ::fdatasync(file.get());  // clean pages can be reclaimed
    }
    const std::vector<MemoryGroupLimit> hit = watch.hit();
    put("/" + name, std::to_string(8 * kLimit));  // an emulator's end takes more than what was allowed
    return hit.size() == 1 && hit[0].name == name && hit[0].value == std::to_string(kLimit) ? 0 : 1;
  });
  const ExitStatus end = child.wait();
  EXPECT_TRUE(end.clean()) << describe(end);
  // A process leaves its group shortly after its end.
  while (::rmdir(group.c_str()) != 0 && errno == EBUSY) ::sched_yield();
}

}  // namespace
}  // namespace ipcbench
