#include "transports/parts/bus_daemon.h"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/descriptors/unix_address.h"
#include "harness/run_dir/manifest.h"
#include "harness/run_dir/run_dir.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class BusDaemonTest : public testing::Test {
 protected:
  BusDaemonTest() : path_(std::getenv("PATH")) { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }
  ~BusDaemonTest() override { ::setenv("PATH", path_.c_str(), 1); }

  // Replaces the dbus-daemon in PATH by a shell script.
  void replace_program(const std::string& script) {
    folder_.write("bin/dbus-daemon", "#!/bin/sh\n" + script + "\n");
    const std::string bin = folder_.path() + "/bin";
    fs::permissions(bin + "/dbus-daemon", fs::perms::owner_all);
    ::setenv("PATH", (bin + ":" + path_).c_str(), 1);
  }
  // Returns the error of a daemon that fails to start, and checks that nothing of it is left.
  std::string failure(int expected, std::chrono::milliseconds patience = std::chrono::seconds(60)) {
    RunDir run = RunDir::create();
    try {
      const BusDaemon daemon(run, Cpu{}, patience);
      return "it serves";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code().value(), expected) << error.what();
      EXPECT_THAT(recorded_files(run), IsEmpty());
      EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child is left";
      return error.what();
    }
  }
  static std::vector<std::string> recorded_files(const RunDir& run) {
    std::vector<std::string> files;
    for (const Manifest::Entry& entry : parse_manifest(read_file(run.path() + "/manifest"), run.id()).entries) {
      if (entry.kind == RunDir::Kind::file && fs::exists(run.path() + '/' + entry.name)) files.push_back(entry.name);
    }
    return files;
  }
  TemporaryFolder folder_;

 private:
  std::string path_;
};

TEST_F(BusDaemonTest, ServesUntilItGoes) {
  if (const std::string reason = bus_daemon_refusal(); !reason.empty()) GTEST_SKIP() << reason;
  RunDir run = RunDir::create();
  {
    BusDaemon daemon(run, Cpu{});
    EXPECT_THAT(daemon.address(), AllOf(StartsWith("unix:path=" + run.path()), HasSubstr(",guid=")));
    ASSERT_EQ(recorded_files(run).size(), 1u) << "the socket, and nothing else";
    UnixAddress::at_path(run.path() + '/' + recorded_files(run).front()).connect(unix_socket(SOCK_STREAM).get());
    EXPECT_FALSE(daemon.end(std::chrono::milliseconds(0)).has_value());
    EXPECT_THAT(read_file(run.path() + "/manifest"), HasSubstr(fmt::format("process {} ", daemon.pid())));

    daemon.remove_socket();
    EXPECT_THAT(recorded_files(run), IsEmpty());
    ::kill(daemon.pid(), SIGKILL);
    const std::optional<ExitStatus> end = daemon.end(std::chrono::seconds(60));
    ASSERT_TRUE(end.has_value());
    EXPECT_EQ(end->signal, SIGKILL);
  }
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
}

TEST_F(BusDaemonTest, IsWhereItIsToldToBe) {
  if (const std::string reason = bus_daemon_refusal(); !reason.empty()) GTEST_SKIP() << reason;
  RunDir run = RunDir::create();
  for (const int cpu : allowed_cpus()) {
    const BusDaemon daemon(run, Cpu{cpu});
    const std::string status = read_file(fmt::format("/proc/{}/status", daemon.pid()));
    EXPECT_THAT(status, HasSubstr(fmt::format("Cpus_allowed_list:\t{}\n", cpu)));
  }
}

TEST_F(BusDaemonTest, FindsItsSocketWhateverTheFolderIsCalled) {
  if (const std::string reason = bus_daemon_refusal(); !reason.empty()) GTEST_SKIP() << reason;
  const std::string folder = folder_.path() + "/a <b>&%,;'\"";
  fs::create_directory(folder);
  ::setenv("XDG_RUNTIME_DIR", folder.c_str(), 1);
  RunDir run = RunDir::create();
  ASSERT_THAT(run.path(), StartsWith(folder));
  const BusDaemon daemon(run, Cpu{});
  EXPECT_EQ(recorded_files(run).size(), 1u);
}

TEST_F(BusDaemonTest, ThatIsNotInPathIsNotFound) {
  ::setenv("PATH", folder_.path().c_str(), 1);
  EXPECT_EQ(bus_daemon_program(), "");
  folder_.write("dbus-daemon", "not a program");
  EXPECT_EQ(bus_daemon_program(), "");
  EXPECT_THAT(failure(ENOENT), HasSubstr("dbus-daemon in PATH"));
  replace_program("exit 0");
  EXPECT_EQ(bus_daemon_program(), folder_.path() + "/bin/dbus-daemon");
}

TEST_F(BusDaemonTest, ThatNeverAnswersIsGivenUp) {
  replace_program("exec sleep 1000");
  EXPECT_THAT(failure(ETIMEDOUT, std::chrono::milliseconds(100)), HasSubstr("has not answered for 100 ms"));
}

TEST_F(BusDaemonTest, ThatEndsAtOnceIsQuoted) {
  replace_program("echo 'starting'; echo 'no such thing' >&2; exit 3");
  EXPECT_THAT(failure(ECONNREFUSED), HasSubstr("exited with code 3, saying 'no such thing'"));
}

TEST_F(BusDaemonTest, ThatCantBePinnedSaysSo) {
  if (const std::string reason = bus_daemon_refusal(); !reason.empty()) GTEST_SKIP() << reason;
  RunDir run = RunDir::create();
  try {
    const BusDaemon daemon(run, Cpu{(1 << 20) - 1});
    FAIL() << "pinned to a CPU that there isn't";
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("sched_setaffinity"));
  }
}

}  // namespace
}  // namespace ipcbench
