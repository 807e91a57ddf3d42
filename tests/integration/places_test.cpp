// Checks places where a run can't do what it wants: disks, limits, missing file systems. It must measure, or end with a
// cause that names what is missing, and leave nothing behind.

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "bad_place.h"
#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/sanitizers.h"
#include "harness/files/output_file.h"
#include "harness/process/affinity.h"
#include "results/files/journal.h"
#include "results/files/json.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Places : public BadPlace {};

TEST_F(Places, AReadOnlyFolderForTheResultIsAUsageError) {
  const std::string folder = make_folder("fixed");
  const Place place = [&] {
    own_mounts();
    mount_tmpfs(folder, "", MS_RDONLY);
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(run({path("small.toml"), "-o", folder + "/run.json"}, place), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--output " + folder + "/run.json"), HasSubstr("Read-only file system")));
  EXPECT_THAT(out(), IsEmpty());
  expect_nothing_left();
}

TEST_F(Places, AFullDiskLeavesAJournalOfWholeLines) {
  const std::string folder = make_folder("disk");
  const Place place = [&] {
    own_mounts();
    mount_tmpfs(folder, "size=160k");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  // The disk disappears with its last process.
  const std::string script =
      "\"$0\" \"$@\"; code=$?; cp '" + folder + "/run.json.journal.jsonl' '" + journal() + "'; exit $code";
  Child child = start_words({"/bin/sh", "-c", script, IPCBENCH_PROGRAM, "run", path("small.toml"), "--passes", "200",
                             "-o", folder + "/run.json"},
                            place);
  EXPECT_EQ(child.wait().code, 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("write journal " + folder), HasSubstr("No space left on device"),
                           HasSubstr("--resume " + folder + "/run.json")));
  const std::string text = read_file(journal());
  EXPECT_TRUE(text.ends_with("\n"));
  const JournalContent content = journal_from_text(text, journal());
  EXPECT_GT(content.launches, 0u);
  EXPECT_THAT(content.torn, IsEmpty());
  expect_nothing_left();
}

TEST_F(Places, AFullDiskForTheResultLosesNothing) {
  // The journal's disk has room; the result's disk, to which the output's link leads, has none.
  const std::string folder = make_folder("disk");
  fs::create_symlink(folder + "/run.json", output());
  const Place place = [&] {
    own_mounts();
    mount_tmpfs(folder, "size=4k");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(run(small_suite({"--passes", "1"}), place), 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("write " + folder + "/run.json"), HasSubstr("No space left on device"),
                           HasSubstr("--resume " + output())));
  EXPECT_FALSE(fs::exists(output()));
  fs::remove(output());
  ASSERT_EQ(run({"--resume", output()}), 0) << err();
  expect_whole(load_result(output()));
  expect_nothing_left();
}

TEST_F(Places, WhatIsNoPlaceForAResultIsRefusedBeforeAnythingIsMeasured) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& place : {path("fifo"), std::string("/dev/null"), folder_.string(), path("none/run.json")}) {
    EXPECT_EQ(run({path("small.toml"), "-o", place}), 2) << place;
    EXPECT_THAT(err(), HasSubstr("--output " + place)) << place;
    EXPECT_FALSE(fs::exists(place + ".journal.jsonl"));
  }
  expect_nothing_left();
}

TEST_F(Places, AJournalsPlaceThatIsALinkIsRefusedAndNotFollowed) {
  write_file_atomically(path("victim"), "precious");
  fs::create_symlink("victim", journal());
  EXPECT_EQ(run(small_suite()), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--output " + output()), HasSubstr("this is a link")));
  EXPECT_EQ(read_file(path("victim")), "precious");
}

TEST_F(Places, AnOutputThatIsALinkStaysOne) {
  fs::create_symlink("real.json", output());
  ASSERT_EQ(run(small_suite({"--passes", "1"})), 0) << err();
  EXPECT_TRUE(fs::is_symlink(output()));
  expect_measured(load_result(path("real.json")));
}

TEST_F(Places, ABoundFileIsWrittenWhereItLies) {
  write_file_atomically(path("outside"), "");
  write_file_atomically(output(), "");
  const Place place = [&] {
    own_mounts();
    mount_file(path("outside"), output());
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << err();
  expect_measured(load_result(path("outside")));
}

TEST_F(Places, TheNameOfASuiteNamesNoOtherFolder) {
  const std::string folder = make_folder("folder");
  std::string suite = read_file(path("small.toml"));
  suite.replace(suite.find("\"small\""), 7, "\"../small\"");
  write_file_atomically(path("small.toml"), suite);
  const Place place = [&] {
    if (::chdir(folder.c_str()) != 0) throw_errno("chdir {}", folder);
  };
  ASSERT_EQ(run({path("small.toml"), "--passes", "1", "--transport", "pipe"}, place), 0) << err();
  EXPECT_THAT(err(), HasSubstr("result: ./ipcbench-_.._small-"));
  EXPECT_FALSE(fs::is_empty(folder));
}

class OnStdout : public Places {
 protected:
  // Runs in its own folder, which also holds the journal.
  Place in_folder(const std::string& name) const {
    const std::string folder = make_folder(name);
    return [folder] {
      if (::chdir(folder.c_str()) != 0) throw_errno("chdir {}", folder);
    };
  }
};

TEST_F(OnStdout, TheResultIsAllThatComesAndNothingIsLeft) {
  for (const std::string name : {"-", "/dev/stdout", "/proc/self/fd/1"}) {
    const Place place = in_folder("folder");
    ASSERT_EQ(run({path("small.toml"), "--passes", "1", "-o", name}, place), 0) << err();
    const Result result = result_from_json(out(), "stdout");
    expect_measured(result);
    EXPECT_TRUE(fs::is_empty(path("folder"))) << name;
  }
}

TEST_F(OnStdout, AStoppedRunLeavesItsJournalAndSaysHowToGoOn) {
  const Place place = in_folder("folder");
  Child child = start({path("small.toml"), "--passes", "200", "-o", "-"}, place);
  const auto journal_of = [&]() -> std::string {
    for (const fs::directory_entry& entry : fs::directory_iterator(path("folder"))) {
      if (entry.path().string().ends_with(".journal.jsonl")) return entry.path().string();
    }
    return "";
  };
  const auto has_launches = [&] {
    const std::string file = journal_of();
    return !file.empty() && read_file(file).find("{\"case\": ") != std::string::npos;
  };
  ASSERT_TRUE(wait_until(child, has_launches)) << err();
  ::kill(child.pid(), SIGINT);
  EXPECT_EQ(child.wait().code, 130);
  EXPECT_FALSE(result_from_json(out(), "stdout").complete);
  EXPECT_THAT(err(), HasSubstr("run --resume ./ipcbench-small-"));
  EXPECT_GT(journal_from_text(read_file(journal_of()), "journal").launches, 0u);
  expect_nothing_left();
}

TEST_F(OnStdout, WhatStdoutDoesNotTakeIsInTheJournal) {
  const std::string folder = make_folder("folder");
  const Place place = [&] {
    if (::chdir(folder.c_str()) != 0) throw_errno("chdir {}", folder);
    const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full < 0 || ::dup2(full, STDOUT_FILENO) < 0) throw_errno("open /dev/full");
  };
  EXPECT_EQ(run({path("small.toml"), "--passes", "1", "-o", "-"}, place), 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("what was measured is in ./ipcbench-small-"), HasSubstr("run --resume ")));
  EXPECT_FALSE(fs::is_empty(folder));
}

TEST_F(Places, WhatSmallSharedMemoryHasNoRoomForIsSkipped) {
  const Place place = [] {
    own_mounts();
    mount_tmpfs("/dev/shm", "size=64k");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << err();
  const Result result = load_result(output());
  for (const CaseRecord* c : cases_of(result, "pipe")) EXPECT_EQ(c->status, Status::ok) << c->reason;
  for (const CaseRecord* c : cases_of(result, "posix-shm")) {
    EXPECT_EQ(c->status, Status::skipped) << c->id;
    EXPECT_THAT(c->reason, HasSubstr("/dev/shm"));
  }
  expect_nothing_left();
}

// Leaves only the devices that programs can't do without.
void empty_dev(const std::string& scratch) {
  own_mounts();
  mount_tmpfs(scratch, "mode=0755");
  for (const char* device : {"null", "zero", "full", "urandom"}) {
    std::ofstream(scratch + '/' + device).flush();
    mount_file(std::string("/dev/") + device, scratch + '/' + device);
  }
  if (::mount(scratch.c_str(), "/dev", nullptr, MS_BIND | MS_REC, nullptr) != 0) throw_errno("mount over /dev");
}

TEST_F(Places, SharedMemoryThatCantBeUsedCostsOnlyWhatNeedsIt) {
  const std::string scratch = make_folder("dev");
  const std::array places = {std::pair("Read-only file system", Place([] {
                                         own_mounts();
                                         mount_tmpfs("/dev/shm", "size=64k", MS_RDONLY);
                                       })),
                             std::pair("No such file or directory", Place([scratch] { empty_dev(scratch); })),
                             std::pair("Permission denied", Place([] {
                                         own_mounts();
                                         mount_tmpfs("/dev/shm", "mode=0700");
                                         become_normal_user();
                                       }))};
  hand_over();
  for (const auto& [why, place] : places) {
    if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
    ASSERT_EQ(run({"--transport", "pipe,posix-shm,mmap-file,posix-sem", "--option", "name=named", "--size", "64",
                   "--placement", "same-cpu", "--wait", "block", "--passes", "1", "-o", output()},
                  place),
              0)
        << err();
    const Result result = load_result(output());
    for (const CaseRecord& c : result.cases) {
      EXPECT_EQ(c.status, c.transport == "pipe" ? Status::ok : Status::skipped) << c.id << ": " << c.reason;
      if (c.transport == "pipe") continue;
      EXPECT_THAT(c.reason, AllOf(HasSubstr("/dev/shm"), HasSubstr(why))) << c.id;
    }
    expect_nothing_left();
    std::filesystem::remove(output());
  }
}

TEST_F(Places, SixteenOpenFilesAreEnough) {
  const Place place = [] {
    close_inherited_files();
    set_limit(RLIMIT_NOFILE, 16);
  };
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << err();
  expect_measured(load_result(output()));
}

TEST_F(Places, TooFewOpenFilesAreNamed) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs what is missing";
  const Place place = [] {
    close_inherited_files();
    set_limit(RLIMIT_NOFILE, 8);
  };
  EXPECT_EQ(run(small_suite({"--passes", "1"}), place), 70);
  EXPECT_THAT(err(), HasSubstr("(RLIMIT_NOFILE, ulimit -n, is 8): Too many open files"));
  expect_nothing_left();
}

TEST_F(Places, TooFewProcessesAreNamed) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs what is missing";
  const Place place = [] {
    become_normal_user();  // root has no such limit
    set_limit(RLIMIT_NPROC, 1);
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  hand_over();
  EXPECT_EQ(run(small_suite({"--passes", "1"}), place), 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("fork "), HasSubstr("RLIMIT_NPROC, ulimit -u, is 1")));
  // A thread compares the clocks of two CPUs.
  if (const std::vector<int> cpus = allowed_cpus(); cpus.size() > 1) {
    EXPECT_EQ(run(small_suite({"--passes", "1", "--cpus", fmt::format("{},{}", cpus[0], cpus[1])}), place), 70);
    EXPECT_THAT(err(), HasSubstr("RLIMIT_NPROC, ulimit -u, is 1"));
  }
  expect_nothing_left();
}

TEST_F(Places, OneAllowedCpuMeasuresWhatNeedsOne) {
  const int cpu = allowed_cpus().front();
  const Place place = [&] { pin_to(Cpu{cpu}); };
  write_file_atomically(path("small.toml"), R"(schema = "ipcbench-suite"
version = 1
name = "small"
block = "5ms"
budget = "20s"
[[cases]]
scenarios = ["ping-pong"]
transports = ["pipe"]
waits = ["table"]
sizes = ["64"]
placements = ["same-cpu", "same-l3", "unpinned"]
)");
  ASSERT_EQ(run(small_suite({"--passes", "1", "--placement", "same-cpu,same-l3,unpinned"}), place), 0) << err();
  const Result result = load_result(output());
  ASSERT_EQ(result.cases.size(), 3u);
  for (const CaseRecord& c : result.cases) {
    const bool apart = c.placement == Placement::same_l3;
    EXPECT_EQ(c.status, apart ? Status::skipped : Status::ok) << c.id << ": " << c.reason;
    EXPECT_EQ(c.reason, apart ? "only CPU " + std::to_string(cpu) + " is allowed" : "");
  }
  expect_nothing_left();
}

TEST_F(Places, AnotherClocksourceMeasuresWithTheRawClock) {
  const std::string file = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
  write_file_atomically(path("clocksource"), "hpet\n");
  const Place place = [&] {
    own_mounts();
    mount_file(path("clocksource"), file);
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << err();
  const Result result = load_result(output());
  EXPECT_EQ(result.clock.kind, "monotonic_raw");
#if defined(__x86_64__)
  EXPECT_THAT(result.clock.reason, AnyOf(HasSubstr("kernel clocksource is hpet"), HasSubstr("the CPU has no rdtscp"),
                                         HasSubstr("the TSC is not invariant")));
#endif
  EXPECT_TRUE(result.clock.cross_cpu_ok);
  expect_measured(result);
}

TEST_F(Places, WithoutProcOrSysItMeasures) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime needs what is missing";
  for (const std::string folder : {"/sys", "/proc"}) {
    const Place place = [&] {
      own_mounts();
      mount_tmpfs(folder, "");
    };
    if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
    ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0) << folder << ": " << err();
    expect_measured(load_result(output()));
  }
}

TEST_F(Places, NoFolderForRunsSaysWhichVariableNamesOne) {
  if (std::string_view(IPCBENCH_PROGRAM).starts_with("/tmp/")) GTEST_SKIP() << "the program itself is in /tmp";
  const Place place = [] {
    own_mounts();
    mount_tmpfs("/tmp", "", MS_RDONLY);
    ::unsetenv("XDG_RUNTIME_DIR");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(run({"--transport", "pipe", "-o", "-"}, place), 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("mkdir /tmp/ipcbench-"), HasSubstr("set XDG_RUNTIME_DIR"),
                           HasSubstr("Read-only file system")));
}

TEST_F(Places, AClosedStdoutIsAnErrorAndNoFileGetsTheTables) {
  const Place place = [] { ::close(STDOUT_FILENO); };
  EXPECT_EQ(run(small_suite({"--passes", "1"}), place), 70);
  EXPECT_THAT(err(), AllOf(HasSubstr("write stdout: Bad file descriptor"), HasSubstr("result: " + output())));
  expect_measured(load_result(output()));
}

TEST_F(Places, ClosedStreamsDoNotMatterToAResult) {
  const Place place = [] {
    ::close(STDIN_FILENO);
    ::close(STDERR_FILENO);
  };
  ASSERT_EQ(run(small_suite({"--passes", "1"}), place), 0);
  EXPECT_THAT(out(), Not(IsEmpty()));
  expect_measured(load_result(output()));
}

TEST_F(Places, FoldersMayHaveSpaces) {
  const std::string folder = make_folder("it's a place");
  fs::copy(path("small.toml"), folder + "/a suite.toml");
  const Place place = [&] {
    if (::chdir(folder.c_str()) != 0) throw_errno("chdir {}", folder);
    ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
  };
  ASSERT_EQ(run({folder + "/a suite.toml", "--passes", "1", "--transport", "pipe,fifo,unix-stream", "-o",
                 folder + "/the result.json"},
                place),
            0)
      << err();
  expect_measured(load_result(folder + "/the result.json"));
  EXPECT_TRUE(fs::is_empty(folder + "/ipcbench"));
}

}  // namespace
}  // namespace ipcbench
