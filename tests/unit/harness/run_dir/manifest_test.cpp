#include "harness/run_dir/manifest.h"

#include <unistd.h>

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/process/proc_stat.h"

namespace ipcbench {
namespace {

using Kind = ObjectKind;

constexpr std::string_view kId = "20261121-053345-9f3c01";

TEST(Manifest, ReadsWhatItWrites) {
  std::string text = owner_line(::getpid(), 1795239225) + '\n';
  for (const Manifest::Entry& entry : {
           Manifest::Entry{.kind = Kind::file, .name = "0-request"},
           Manifest::Entry{.kind = Kind::posix_shm, .name = "/ipcbench-20261121-053345-9f3c01-1-ring"},
           Manifest::Entry{.kind = Kind::disk_file, .name = "/ipcbench-20261121-053345-9f3c01-2-ring"},
           Manifest::Entry{.kind = Kind::sysv_sem, .name = {}, .key = 0xabc},
           Manifest::Entry{.kind = Kind::process, .name = {}, .pid = 1234, .start = 56789},
       }) {
    text += manifest_line(entry) + '\n';
  }
  const Manifest manifest = parse_manifest(text, kId);
  EXPECT_EQ(manifest.owner_pid, ::getpid());
  EXPECT_EQ(manifest.owner_start, process_start_time(::getpid()));
  EXPECT_EQ(manifest.started, 1795239225);
  EXPECT_THAT(manifest.refused, testing::IsEmpty());
  ASSERT_EQ(manifest.entries.size(), 5U);
  EXPECT_EQ(manifest.entries[0].name, "0-request");
  EXPECT_EQ(manifest.entries[1].name, "/ipcbench-20261121-053345-9f3c01-1-ring");
  EXPECT_EQ(manifest.entries[2].name, "/ipcbench-20261121-053345-9f3c01-2-ring");
  EXPECT_EQ(manifest.entries[3].key, 0xabc);
  EXPECT_EQ(manifest.entries[4].pid, 1234);
  EXPECT_EQ(manifest.entries[4].start, 56789U);
}

TEST(Manifest, AStruckKeyIsGoneAndOnlyThat) {
  const Manifest manifest = parse_manifest(
      "sysv-shm 0x00000001\nsysv-sem 0x00000001\nsysv-shm 0x00000002\nstruck sysv-shm 0x00000001\n", kId);
  ASSERT_EQ(manifest.entries.size(), 2U);
  EXPECT_EQ(manifest.entries[0].kind, Kind::sysv_sem);
  EXPECT_EQ(manifest.entries[1].key, 2);
  EXPECT_EQ(struck_line(Kind::sysv_shm, 1), "struck sysv-shm 0x00000001");
}

TEST(Manifest, RefusesWhateverIsNotItsOwn) {
  for (const char* line : {
           "",
           " ",
           "file",
           "file ",
           "file ..",
           "file ../../etc/x",
           "file /etc/passwd",
           "file a b",
           "file lock",
           "file manifest",
           "posix-shm ring",
           "posix-shm /ring",
           "posix-shm /ipcbench-",
           "posix-shm /ipcbench-20261121-053345-9f3c01-",
           "posix-shm /ipcbench-20261121-053345-9f3c02-1-ring",
           "disk-file 0-ring",
           "disk-file /0-ring",
           "disk-file /var/tmp/ipcbench-20261121-053345-9f3c01-1-ring",
           "disk-file /ipcbench-20261121-053345-9f3c02-1-ring",
           "memory-file /ipcbench-20261121-053345-9f3c01-1-../x",
           "posix-mq /ipcbench-20261121-053345-9f3c01-1-../x",
           "posix-sem /ipcbench-20261121-053345-9f3c01-1-a/b",
           "memory-group ipcbench-20261121-053345-9f3c01-1-memory",
           "memory-group /sys/fs/cgroup/../ipcbench-20261121-053345-9f3c01-1-memory",
           "memory-group /sys/fs/cgroup/user.slice",
           "sysv-shm 0",
           "sysv-shm 0x0",
           "sysv-shm 0xfffffffff",
           "sysv-shm -1",
           "sysv-shm 0x12z",
           "struck sysv-shm 0x00000009",
           "struck",
           "process 0 1",
           "process 1 1",
           "process -1 1",
           "process 99999999999 1",
           "process 1234",
           "process 1234 5x",
           "owner 1 2",
           "owner 0 1 2",
           "FILE x",
           "\x01\xff\x80",
       }) {
    const Manifest manifest = parse_manifest(std::string(line) + '\n', kId);
    EXPECT_THAT(manifest.entries, testing::IsEmpty()) << line;
    EXPECT_EQ(manifest.owner_pid, 0) << line;
    EXPECT_THAT(manifest.refused, testing::ElementsAre("line 1")) << line;
  }
}

TEST(Manifest, ALineWithoutItsEndWasNeverWritten) {
  const Manifest manifest = parse_manifest("file 0-a\nfile 1-b", kId);
  ASSERT_EQ(manifest.entries.size(), 1U);
  EXPECT_THAT(manifest.refused, testing::ElementsAre("line 2"));
  EXPECT_THAT(parse_manifest("", kId).refused, testing::IsEmpty());
}

}  // namespace
}  // namespace ipcbench
