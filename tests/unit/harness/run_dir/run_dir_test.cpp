#include "harness/run_dir/run_dir.h"

#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <utility>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "harness/process/child.h"
#include "harness/run_dir/manifest.h"
#include "tests/support/run_dirs.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using Kind = ObjectKind;

TEST_F(RunDirTest, IsALockedFolderOfItsUserBelowXdgRuntimeDir) {
  const RunDir run = RunDir::create();
  EXPECT_EQ(run.path(), root() + '/' + run.id());
  EXPECT_THAT(run.id(), testing::MatchesRegex("[0-9]{8}-[0-9]{6}-[0-9a-f]{6}"));
  for (const std::string& folder : {root(), run.path()}) {
    EXPECT_EQ(fs::status(folder).permissions(), fs::perms::owner_all) << folder;
  }
  EXPECT_GE(run.lock_fd(), 0);
}

TEST_F(RunDirTest, LivesInTmpWhereThereIsNoRuntimeFolder) {
  const std::string fallback = fmt::format("/tmp/ipcbench-{}", ::geteuid());
  const std::string too_long = runtime_.path() + '/' + std::string(60, 'x');
  fs::create_directory(too_long);
  for (const std::string& runtime : {std::string("/no/such/folder"), std::string("relative"), too_long}) {
    ::setenv("XDG_RUNTIME_DIR", runtime.c_str(), 1);
    const RunDir run = RunDir::create();
    EXPECT_EQ(run.path(), fallback + '/' + run.id()) << runtime;
  }
  ::rmdir(fallback.c_str());  // fails if another run uses it
}

TEST_F(RunDirTest, RecordsANameBeforeItReturnsIt) {
  RunDir run = RunDir::create();
  const std::string file = run.claim_name(Kind::file, "Request Pipe");
  const std::string shm = run.claim_name(Kind::posix_shm, "ring");
  const key_t key = run.claim_key(Kind::sysv_shm);
  EXPECT_EQ(file, run.path() + "/0-request-pipe");
  EXPECT_EQ(shm, "/ipcbench-" + run.id() + "-1-ring");
  EXPECT_GT(key, 0);
  const std::string manifest = read_file(run.path() + "/manifest");
  EXPECT_THAT(manifest, testing::HasSubstr("\nfile 0-request-pipe\n"));
  EXPECT_THAT(manifest, testing::HasSubstr("\nposix-shm " + shm + '\n'));
  EXPECT_THAT(manifest, testing::HasSubstr(fmt::format("\nsysv-shm {:#010x}\n", key)));
}

TEST_F(RunDirTest, FilesOutsideItsFolderAreRemovedIfTheyAreTheRuns) {
  std::string memory, disk, foreign;
  {
    RunDir run = RunDir::create();
    memory = run.claim_name(Kind::memory_file, "ring");
    disk = run.claim_name(Kind::disk_file, "Ring");
    foreign = run.claim_name(Kind::disk_file, "foreign");
    EXPECT_EQ(memory, "/dev/shm/ipcbench-" + run.id() + "-0-ring");
    EXPECT_EQ(disk, "/var/tmp/ipcbench-" + run.id() + "-1-ring");
    for (const std::string& path : {memory, disk}) write_file_atomically(path, "x");
    if (::geteuid() == 0) {
      write_file_atomically(foreign, "x");
      ASSERT_EQ(::chown(foreign.c_str(), 12345, 12345), 0);
    }
  }
  EXPECT_FALSE(fs::exists(memory));
  EXPECT_FALSE(fs::exists(disk));
  EXPECT_EQ(fs::remove(foreign), ::geteuid() == 0);
}

TEST_F(RunDirTest, AFolderThatIsNoControlGroupStays) {
  std::string folder;
  {
    RunDir run = RunDir::create();
    folder = run.claim_group(runtime_.path());
    fs::create_directory(folder);
  }
  EXPECT_TRUE(fs::exists(folder));
}

TEST_F(RunDirTest, APathFitsIntoASocketAddress) {
  const std::string longest = runtime_.path() + '/' + std::string(55 - runtime_.path().size(), 'x');
  fs::create_directory(longest);
  ::setenv("XDG_RUNTIME_DIR", longest.c_str(), 1);
  RunDir run = RunDir::create();
  EXPECT_EQ(run.path().find(longest), 0U);
  const std::string first = run.claim_name(Kind::file, std::string(200, 'x'));
  const std::string second = run.claim_name(Kind::file, std::string(200, 'x'));
  EXPECT_LT(first.size(), 108U);
  EXPECT_NE(first, second);
}

TEST_F(RunDirTest, WhatHasNoNameOrNoKeyCantBeClaimed) {
  RunDir run = RunDir::create();
  EXPECT_THROW(run.claim_name(Kind::sysv_shm, "x"), std::logic_error);
  EXPECT_THROW(run.claim_name(Kind::process, "x"), std::logic_error);
  EXPECT_THROW(run.claim_key(Kind::file), std::logic_error);
}

TEST_F(RunDirTest, TheEndRemovesEverythingButAStruckKey) {
  constexpr int kMake = IPC_CREAT | IPC_EXCL | 0600;
  OneOfEachKind objects;
  key_t struck = 0;
  std::string path;
  {
    RunDir run = RunDir::create();
    path = run.path();
    ASSERT_TRUE(make_objects(run, objects));
    EXPECT_EQ(count_objects(objects), 7);
    struck = run.claim_key(Kind::sysv_shm);
    run.strike_key(Kind::sysv_shm, struck);
    ASSERT_GE(::shmget(struck, 4096, kMake), 0);
    const RunDir moved = std::move(run);
    fs::create_directory(moved.path() + "/folder");
    EXPECT_EQ(moved.path(), path);
  }
  EXPECT_EQ(count_objects(objects), 0);
  EXPECT_FALSE(fs::exists(path));
  int status = 0;
  ASSERT_EQ(::waitpid(objects.stray, &status, 0), objects.stray);
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  const int id = ::shmget(struck, 0, 0);
  EXPECT_GE(id, 0);
  ::shmctl(id, IPC_RMID, nullptr);
}

TEST_F(RunDirTest, ACopyInAForkedProcessRemovesNothing) {
  RunDir run = RunDir::create();
  const std::string shm = run.claim_name(Kind::posix_shm, "ring");
  ASSERT_TRUE(make_shm(shm));
  Child child = Child::spawn("child", [&] {
    const RunDir taken = std::move(run);
    return 0;
  });
  EXPECT_TRUE(child.wait().clean());
  EXPECT_TRUE(shm_exists(shm));
  EXPECT_TRUE(fs::exists(run.path() + "/manifest"));
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).runs, 0) << "the lock is still held";
}

}  // namespace
}  // namespace ipcbench
