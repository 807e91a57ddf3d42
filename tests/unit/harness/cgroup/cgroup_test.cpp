#include "harness/cgroup/cgroup.h"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/cgroup/memory_group.h"
#include "harness/files/mount_table.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kUnified = "30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n";

TEST(CgroupFolders, AreThoseOfTheProcessAndAboveIt) {
  EXPECT_THAT(cgroup_folders("0::/user.slice/a.scope\n", kUnified, ""),
              ElementsAre("/sys/fs/cgroup/user.slice/a.scope", "/sys/fs/cgroup/user.slice", "/sys/fs/cgroup"));
  EXPECT_THAT(cgroup_folders("0::/\n", kUnified, ""), ElementsAre("/sys/fs/cgroup"));
}

TEST(CgroupFolders, AreWhereTheHierarchyIsMounted) {
  constexpr const char* kHybrid =
      "31 24 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
      "32 24 0:28 / /dev/my\\040groups rw - cgroup cgroup rw,cpu,memory\n";
  constexpr const char* kGroups = "4:cpu,memory:/a\n0::/b\n";
  EXPECT_THAT(cgroup_folders(kGroups, kHybrid, "memory"), ElementsAre("/dev/my groups/a", "/dev/my groups"));
  EXPECT_THAT(cgroup_folders(kGroups, kHybrid, ""), ElementsAre("/sys/fs/cgroup/unified/b", "/sys/fs/cgroup/unified"));
  EXPECT_THAT(cgroup_folders(kGroups, kHybrid, "mem"), IsEmpty());
  EXPECT_THAT(cgroup_folders(kGroups, kUnified, "memory"), IsEmpty()) << "it isn't mounted";
}

TEST(CgroupFolders, OfAContainerBeginAtItsMountPoint) {
  EXPECT_THAT(
      cgroup_folders("4:memory:/docker/c0ffee\n",
                     "33 24 0:28 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory"),
      ElementsAre("/sys/fs/cgroup/memory"));
  EXPECT_THAT(
      cgroup_folders("4:memory:/docker/c0ffee/a\n",
                     "33 24 0:28 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory"),
      ElementsAre("/sys/fs/cgroup/memory/a", "/sys/fs/cgroup/memory"));
  EXPECT_THAT(
      cgroup_folders("4:memory:/elsewhere\n",
                     "33 24 0:28 /docker/c0ffee /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n", "memory"),
      ElementsAre("/sys/fs/cgroup/memory"));
  EXPECT_THAT(cgroup_folders("0::/../outside\n", kUnified, ""), ElementsAre("/sys/fs/cgroup"))
      << "of another namespace";
}

TEST(MountTable, LeavesOutWhatIsNoMount) {
  const auto mounts =
      mount_table("22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\nbroken\n\n23 22 0:5 /a\\134 /b rw - x y\n");
  ASSERT_EQ(mounts.size(), 2u);
  EXPECT_EQ(mounts[0].source, "/dev/sda1");
  EXPECT_EQ(mounts[1].root, "/a\\");
  EXPECT_EQ(mounts[1].super_options, "");
}

// A host with cgroup version 2 and this process in /a/b.
class MemoryGroupPlaceTest : public testing::Test {
 protected:
  MemoryGroupPlaceTest() {
    tree_.write("proc/self/mountinfo", kUnified);
    tree_.write("proc/self/cgroup", "0::/a/b\n");
    for (const char* folder : {"", "/a", "/a/b"}) add(folder, "cpu memory pids", "");
  }
  void add(const std::string& folder, const std::string& controllers, const std::string& children) const {
    write(folder, "cgroup.controllers", controllers);
    write(folder, "cgroup.subtree_control", children);
    write(folder, "cgroup.procs", "1");
    if (!folder.empty()) write(folder, "cgroup.type", "domain");
  }
  void write(const std::string& folder, const std::string& file, const std::string& text) const {
    tree_.write("sys/fs/cgroup" + folder + "/" + file, text + "\n");
  }
  MemoryGroupPlace place() const { return find_memory_group_place(tree_.path()); }

  TemporaryFolder tree_;
};

TEST_F(MemoryGroupPlaceTest, IsTheNearestGroupThatGivesItsChildrenTheController) {
  add("", "cpu memory pids", "cpu memory");
  EXPECT_EQ(place().folder, "/sys/fs/cgroup");
  add("/a", "cpu memory", "memory");
  EXPECT_EQ(place().folder, "/sys/fs/cgroup/a");
  EXPECT_EQ(place().version, 2);
}

TEST_F(MemoryGroupPlaceTest, IsNotOneOfThreads) {
  add("/a", "cpu memory", "memory");
  write("/a", "cgroup.type", "domain threaded");
  EXPECT_EQ(place().version, 0);
}

TEST_F(MemoryGroupPlaceTest, IsNowhereWithoutAReason) {
  EXPECT_THAT(place().reason, HasSubstr("neither /sys/fs/cgroup/a/b nor a control group above it"));
  for (const char* folder : {"", "/a", "/a/b"}) add(folder, "cpu pids", "cpu");
  EXPECT_THAT(place().reason, HasSubstr("no control group of this process has the memory controller"));
  tree_.write("proc/self/mountinfo", "");
  EXPECT_THAT(place().reason, HasSubstr("no control group of this process has the memory controller"));
}

TEST_F(MemoryGroupPlaceTest, OfAHybridHostIsWhereTheControllerIs) {
  tree_.write("proc/self/cgroup", "5:memory:/c\n0::/a/b\n");
  tree_.write("proc/self/mountinfo",
              std::string("34 24 0:29 / /sys/fs/memory rw - cgroup cgroup rw,memory\n") + kUnified);
  tree_.write("sys/fs/memory/c/memory.kmem.usage_in_bytes", "0\n");
  tree_.write("sys/fs/memory/c/cgroup.procs", "1\n");
  EXPECT_EQ(place().folder, "/sys/fs/memory/c");
  EXPECT_EQ(place().version, 1);
}

}  // namespace
}  // namespace ipcbench
