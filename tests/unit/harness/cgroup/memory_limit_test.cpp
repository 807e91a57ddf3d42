#include "harness/cgroup/memory_limit.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <string>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/sanitizers.h"
#include "harness/base/unique_fd.h"
#include "harness/cgroup/memory_group.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using testing::HasSubstr;

constexpr std::size_t kMebi = 1 << 20;

// A machine with 1000 KiB and only the limits that a test writes.
class MemoryLimit : public testing::Test {
 protected:
  MemoryLimit() { tree_.write("proc/meminfo", "MemAvailable:    1000 kB\n"); }
  void write(const std::string& group, const std::string& file, const std::string& text) const {
    tree_.write("sys/fs/cgroup/" + group + "/" + file, text + "\n");
  }
  void expect(std::size_t kib, const std::string& limit) const {
    const AvailableMemory found = available_memory(tree_.path());
    EXPECT_EQ(found.bytes, kib * 1024);
    EXPECT_THAT(found.limit, HasSubstr(limit));
  }
  TemporaryFolder tree_;
};

TEST_F(MemoryLimit, IsWhatTheMachineHasWhereNothingElseLimits) {
  expect(1000, "1024000 bytes of memory are available");
}

TEST_F(MemoryLimit, OfAllProcessesAndOfEachAreToldApart) {
  tree_.write("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units\n"
              "Max address space         409600               unlimited            bytes\n");
  tree_.write("proc/self/status", "Name:\tx\nVmSize:\t     100 kB\n");
  const MemoryLimits limits = memory_limits(tree_.path());
  EXPECT_EQ(limits.all.bytes, 1000u * 1024);
  EXPECT_THAT(limits.all.limit, HasSubstr("1024000 bytes of memory are available"));
  EXPECT_EQ(limits.each.bytes, 300u * 1024);
  EXPECT_THAT(limits.each.limit, HasSubstr("ulimit -v leaves 307200 bytes"));
  expect(300, "ulimit -v leaves 307200 bytes");
}

TEST_F(MemoryLimit, IsTheLeastOfTheGroupsAboveTheProcess) {
  tree_.write("proc/self/cgroup", "0::/a/b\n");
  tree_.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  for (const char* group : {"a", "a/b"}) {
    write(group, "memory.max", "max");
    write(group, "memory.high", "max");
    write(group, "memory.current", "204800");
  }
  expect(1000, "bytes of memory are available");
  write("a", "memory.max", "409600");
  expect(200, "/sys/fs/cgroup/a/memory.max is 409600, which leaves 204800 bytes");
  write("a/b", "memory.high", "307200");
  expect(100, "/sys/fs/cgroup/a/b/memory.high is 307200");
  write("a/b", "memory.stat", "anon 4096\nfile 204800\ninactive_file 51200\nactive_file 51200");
  expect(200, "/sys/fs/cgroup/a");
  write("a/b", "memory.current", "999999999");
  expect(0, "/sys/fs/cgroup/a/b/memory.high");
}

TEST_F(MemoryLimit, IsThatOfVersion1Too) {
  tree_.write("proc/self/cgroup", "4:memory:/docker/c0ffee\n");
  tree_.write("proc/self/mountinfo", "33 24 0:28 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n");
  write("memory", "memory.limit_in_bytes", "9223372036854771712");
  write("memory", "memory.usage_in_bytes", "102400");
  expect(1000, "bytes of memory are available");
  write("memory", "memory.limit_in_bytes", "307200");
  write("memory", "memory.stat", "inactive_file 1\ntotal_inactive_file 51200\ntotal_active_file 0");
  expect(250, "/sys/fs/cgroup/memory/memory.limit_in_bytes is 307200");
}

TEST_F(MemoryLimit, IsTheAddressSpaceToo) {
  tree_.write("proc/self/status", "Name:\tx\nVmSize:\t     100 kB\n");
  tree_.write("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max address space         unlimited            unlimited            bytes     \n");
  expect(1000, "bytes of memory are available");
  tree_.write("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max address space         512000               unlimited            bytes     \n");
  expect(400, "ulimit -v leaves 409600 bytes");
}

TEST_F(MemoryLimit, IsNoneWhereNothingCanBeRead) {
  const TemporaryFolder empty;
  EXPECT_EQ(available_memory(empty.path()).bytes, std::numeric_limits<std::size_t>::max());
}

// Checks a limit that the kernel enforces, in a separate process.
TEST_F(MemoryLimit, IsFoundInARealGroup) {
  const MemoryGroupPlace place = find_memory_group_place();
  if (place.version == 0) GTEST_SKIP() << place.reason;
  const std::string group = fmt::format("{}/ipcbench-test-{}", place.folder, ::getpid());
  ASSERT_EQ(::mkdir(group.c_str(), 0755), 0);
  const auto put = [&](const std::string& file, const std::string& text) {
    const UniqueFd fd(::open((group + file).c_str(), O_WRONLY | O_CLOEXEC));
    return ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  };
  const std::string file = place.version == 2 ? "/memory.max" : "/memory.limit_in_bytes";
  EXPECT_TRUE(put(file, std::to_string(64 * kMebi)));
  Child child = Child::spawn("ipcbench-test", [&] {
    if (!put("/cgroup.procs", std::to_string(::getpid()))) return 2;
    const AvailableMemory found = available_memory();
    return found.bytes <= 64 * kMebi && found.bytes > 32 * kMebi && found.limit.starts_with(group + file) ? 0 : 1;
  });
  EXPECT_TRUE(child.wait().clean());
  // A process leaves its group shortly after its end.
  while (::rmdir(group.c_str()) != 0 && errno == EBUSY) ::sched_yield();
}

TEST_F(MemoryLimit, IsThatOfARealUlimit) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer takes the address space for its shadow";
  constexpr int kNotSet = 3;
  Child child = Child::spawn("ipcbench-test", [] {
    const rlimit limit{.rlim_cur = std::size_t{1} << 31, .rlim_max = std::size_t{1} << 31};
    if (::setrlimit(RLIMIT_AS, &limit) != 0) return 2;
    rlimit set{};
    if (::getrlimit(RLIMIT_AS, &set) != 0 || set.rlim_cur != limit.rlim_cur) return kNotSet;
    const AvailableMemory found = available_memory();
    return found.bytes < limit.rlim_cur && (found.limit.starts_with("ulimit -v") || found.bytes < 1U << 30) ? 0 : 1;
  });
  const ExitStatus end = child.wait();
  if (end.code == kNotSet) GTEST_SKIP() << "setrlimit(RLIMIT_AS) sets nothing here: qemu-user";
  EXPECT_TRUE(end.clean()) << describe(end);
}

}  // namespace
}  // namespace ipcbench
