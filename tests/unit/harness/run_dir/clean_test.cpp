// Checks what is removed of runs that have died, and what isn't.

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "harness/process/child.h"
#include "harness/process/proc_stat.h"
#include "harness/run_dir/manifest.h"
#include "tests/support/run_dirs.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using Kind = ObjectKind;

// Makes one object of each kind in a run that is then killed.
std::optional<OneOfEachKind> leave_objects_of_a_killed_run() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return std::nullopt;
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  Child owner = Child::spawn("owner", [&]() -> int {
    RunDir run = RunDir::create();
    OneOfEachKind objects;
    if (!make_objects(run, objects)) return 1;
    if (::write(out.get(), &objects, sizeof objects) != sizeof objects) return 2;
    for (;;) ::pause();
  });
  out.reset();
  OneOfEachKind objects;
  const bool made = ::read(in.get(), &objects, sizeof objects) == sizeof objects;
  owner.kill();
  owner.wait();
  return made ? std::optional(objects) : std::nullopt;
}

TEST_F(RunDirTest, WhatAKilledRunLeftIsCleaned) {
  // Adopts the stray process's zombie. Emulators don't support this.
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) GTEST_SKIP() << "PR_SET_CHILD_SUBREAPER: " << std::strerror(errno);
  const auto objects = leave_objects_of_a_killed_run();
  ASSERT_TRUE(objects.has_value());
  EXPECT_EQ(count_objects(*objects), 7);

  const RunDir::Cleaned would = RunDir::clean_dead_runs(true, {});
  EXPECT_EQ(would.runs, 1);
  EXPECT_EQ(would.lines.size(), 9U);  // 7 objects, the process, the folder
  EXPECT_THAT(would.lines, testing::Each(testing::StartsWith("would ")));
  EXPECT_EQ(count_objects(*objects), 7) << "a dry run removes nothing";
  EXPECT_EQ(::waitpid(objects->stray, nullptr, WNOHANG), 0);

  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs(false, {});
  EXPECT_EQ(cleaned.runs, 1);
  EXPECT_EQ(cleaned.lines.size(), 9U);
  EXPECT_THAT(cleaned.lines, testing::Contains(fmt::format("removed /dev/shm{}", objects->shm)));
  EXPECT_THAT(cleaned.lines, testing::Contains(fmt::format("killed process {}", objects->stray)));
  EXPECT_EQ(count_objects(*objects), 0);
  int status = 0;
  ASSERT_EQ(::waitpid(objects->stray, &status, 0), objects->stray);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
  EXPECT_TRUE(fs::is_empty(root()));
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).runs, 0);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0);
}

// A run started by cron has no XDG_RUNTIME_DIR.
TEST_F(RunDirTest, WhatARunElsewhereLeftIsCleanedToo) {
  const TemporaryFolder elsewhere;
  const fs::path dead = fs::path(elsewhere.path()) / kDeadId;
  fs::create_directories(dead);
  std::ofstream(dead / "lock");
  const std::vector<std::string> folders = {"/no/such/folder", elsewhere.path()};
  EXPECT_THAT(RunDir::clean_dead_runs(true, folders).lines, testing::ElementsAre("would remove " + dead.string()));
  EXPECT_THAT(RunDir::clean_dead_runs(false, folders).lines, testing::ElementsAre("removed " + dead.string()));
  EXPECT_FALSE(fs::exists(dead));
  EXPECT_THAT(RunDir::usual_folders(), testing::Contains(fmt::format("/tmp/ipcbench-{}", ::geteuid())));
}

TEST_F(RunDirTest, ALiveRunIsLeftAlone) {
  RunDir run = RunDir::create();
  const std::string shm = run.claim_name(Kind::posix_shm, "ring");
  ASSERT_TRUE(make_shm(shm));
  Child other = Child::spawn("cleaner", [] { return RunDir::clean_dead_runs(false, {}).runs; });
  EXPECT_EQ(other.wait().code, 0);
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).runs, 0);
  EXPECT_TRUE(shm_exists(shm));
  EXPECT_TRUE(fs::exists(run.path() + "/lock"));
}

TEST_F(RunDirTest, KnowsTheOtherRunsThatLive) {
  const RunDir run = RunDir::create();
  EXPECT_THAT(run.others(), testing::IsEmpty());
  std::optional<RunDir> second(RunDir::create());
  fs::create_directory(root() + "/20260101-000000-abcdef");  // of a run that died while it was created
  const std::vector<RunDir::Live> others = run.others();
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(others[0].id, second->id());
  EXPECT_EQ(others[0].pid, ::getpid());
  second.reset();
  EXPECT_THAT(run.others(), testing::IsEmpty());
}

TEST_F(RunDirTest, ARunKilledWhileItWasMadeIsCleaned) {
  fs::create_directories(root() + '/' + kDeadId);
  runtime_.write("ipcbench/notes/lock", "a folder of another name stays");
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).runs, 1);
  EXPECT_FALSE(fs::exists(root() + '/' + kDeadId));
  EXPECT_TRUE(fs::exists(root() + "/notes/lock"));
}

TEST_F(RunDirTest, AGarbledManifestHarmsNothing) {
  runtime_.write("victim", "stays");
  const std::string foreign = fmt::format("/ipcbench-20261121-053345-9f3c02-{}-ring", ::getpid());
  ASSERT_TRUE(make_shm(foreign));
  const std::string path = make_dead_run(
      fmt::format("file ../../victim\nfile {}/victim\nposix-shm {}\n\x01\xff\nprocess 1 0\nprocess {} {}\nfile 0-",
                  runtime_.path(), foreign, ::getpid(), process_start_time(::getpid()).value_or(0)));
  fs::create_symlink(runtime_.path(), path + "/0-link");

  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs(false, {});
  EXPECT_EQ(cleaned.runs, 1);
  EXPECT_THAT(cleaned.lines, testing::Contains(fmt::format("ignored line 2 of {}/manifest", path)));
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(read_file(runtime_.path() + "/victim"), "stays");
  EXPECT_TRUE(shm_exists(foreign));
  ::shm_unlink(foreign.c_str());
}

TEST_F(RunDirTest, OneBrokenFolderDoesNotStopTheCleaning) {
  runtime_.write("ipcbench/20261121-053344-000000/lock", "");
  fs::create_directory(root() + "/20261121-053344-000000/manifest");
  runtime_.write("ipcbench/20261121-053344-000001", "a file");
  make_dead_run("");
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs(false, {});
  EXPECT_EQ(cleaned.runs, 1);
  EXPECT_EQ(cleaned.failed, 2);
  EXPECT_THAT(cleaned.lines,
              testing::ElementsAre(testing::StartsWith("could not clean"), testing::StartsWith("could not clean"),
                                   testing::StartsWith("removed")));
}

TEST_F(RunDirTest, SharedMemoryOfAnotherProcessStays) {
  RunDir keys = RunDir::create();
  const key_t key = keys.claim_key(Kind::sysv_shm);
  keys.strike_key(Kind::sysv_shm, key);
  Child maker = Child::spawn("maker", [&] { return ::shmget(key, 4096, IPC_CREAT | IPC_EXCL | 0600) >= 0 ? 0 : 1; });
  ASSERT_TRUE(maker.wait().clean());
  make_dead_run(fmt::format("sysv-shm {:#010x}\n", key));
  EXPECT_THAT(RunDir::clean_dead_runs(false, {}).lines,
              testing::Contains(fmt::format("left sysv-shm {:#010x}: not made by this run", key)));
  const int id = ::shmget(key, 0, 0);
  EXPECT_GE(id, 0);
  ::shmctl(id, IPC_RMID, nullptr);
}

TEST_F(RunDirTest, AQueueOlderThanTheRunStays) {
  RunDir run = RunDir::create();
  const key_t key = run.claim_key(Kind::sysv_mq);
  ASSERT_GE(::msgget(key, IPC_CREAT | IPC_EXCL | 0600), 0);
  const std::string line = fmt::format("sysv-mq {:#010x}\n", key);
  make_dead_run("");
  runtime_.write(fmt::format("ipcbench/{}/manifest", kDeadId),
                 owner_line(::getpid(), std::time(nullptr) + 100) + '\n' + line);
  RunDir::clean_dead_runs(false, {});
  EXPECT_GE(::msgget(key, 0), 0);

  make_dead_run(line);
  RunDir::clean_dead_runs(false, {});
  EXPECT_EQ(::msgget(key, 0), -1);
}

TEST_F(RunDirTest, AProcessThatOnlyHasTheNumberLives) {
  Child child = Child::spawn("child", [] {
    for (;;) ::pause();
    return 0;
  });
  const std::uint64_t start = process_start_time(child.pid()).value();
  make_dead_run(fmt::format("process {} {}\n", child.pid(), start + 1));
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).lines.size(), 1U);
  EXPECT_EQ(child.poll(), std::nullopt);

  make_dead_run(fmt::format("process {} {}\n", child.pid(), start));
  RunDir::clean_dead_runs(false, {});
  EXPECT_EQ(child.wait().signal, SIGKILL);
}

TEST_F(RunDirTest, RefusesARootThatIsALinkOrSomebodyElses) {
  const TemporaryFolder elsewhere;
  fs::create_symlink(elsewhere.path(), root());
  EXPECT_THROW(RunDir::create(), std::system_error);
  EXPECT_THROW(RunDir::clean_dead_runs(false, {}), std::system_error);
  fs::remove(root());
  EXPECT_EQ(RunDir::clean_dead_runs(false, {}).runs, 0) << "no root, nothing to clean";
  if (::geteuid() != 0) return;

  fs::create_directory(root());
  ASSERT_EQ(::chown(root().c_str(), 12345, 12345), 0);
  try {
    RunDir::create();
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("belongs to user 12345"));
  }
}

TEST_F(RunDirTest, ACleanerNeverTakesARunThatIsBeingMade) {
  constexpr int kRounds = 100;
  std::vector<Child> processes;
  for (int i = 0; i < 3; ++i) {
    processes.push_back(Child::spawn("runner", [] {
      for (int round = 0; round < kRounds; ++round) {
        RunDir run = RunDir::create();
        const std::string file = run.claim_name(Kind::file, "x");
        write_file_atomically(file, "x");
        if (!fs::exists(run.path() + "/lock") || read_file(file) != "x") return 1;
      }
      return 0;
    }));
    processes.push_back(Child::spawn("cleaner", [] {
      for (int round = 0; round < kRounds; ++round) {
        for (const std::string& line : RunDir::clean_dead_runs(false, {}).lines) {
          if (line.find("could not") == 0) return 1;
        }
      }
      return 0;
    }));
  }
  for (Child& process : processes) EXPECT_EQ(describe(process.wait()), "exited with code 0");
  RunDir::clean_dead_runs(false, {});
  EXPECT_TRUE(fs::is_empty(root()));
}

}  // namespace
}  // namespace ipcbench
