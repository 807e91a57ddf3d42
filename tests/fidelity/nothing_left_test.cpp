// Checks that bare programs with named or persistent objects leave nothing behind, however they end.

#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/ipc/posix_mq.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "harness/process/run_program.h"

namespace ipcbench::fidelity {
namespace {

// Runs a bare program on one CPU.
class BareRun {
 public:
  BareRun(const std::string& name, const std::string& warmup) {
    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("pipe2");
    output_ = UniqueFd(ends[0]);
    const UniqueFd write_end(ends[1]);
    const std::string path = fmt::format("{}/{}", IPCBENCH_BINARY_DIR, name);
    const std::string cpu = std::to_string(allowed_cpus().at(0));
    child_ =
        start_program({.words = {path, "50", "64", cpu, cpu, "1", "--warmup", warmup}}, write_end.get(), STDERR_FILENO);
  }

  pid_t pid() const { return child_.pid(); }
  void kill() { child_.kill(); }
  // Throws once the program has ended, for loops that wait for something it does.
  void expect_running() {
    if (child_.poll()) throw std::runtime_error("the program has ended");
  }

  // Waits until the program and all its children have ended, that is, until nobody holds its output open.
  ExitStatus wait() {
    std::array<char, 4096> text;
    while (::read(output_.get(), text.data(), text.size()) > 0) {
    }
    return child_.wait();
  }

 private:
  UniqueFd output_;
  Child child_;
};

std::optional<pid_t> parent_of(const std::filesystem::path& process) {
  std::string stat;
  std::getline(std::ifstream(process / "stat"), stat);
  const std::size_t name_end = stat.rfind(')');  // state and parent follow
  if (name_end == std::string::npos) return std::nullopt;
  return std::stoi(stat.substr(name_end + 4));
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos && parent_of(entry.path()) == parent)
      children.push_back(std::stoi(name));
  }
  return children;
}

struct SysvRow {
  int id = -1;
  pid_t last_sender = 0;
};

std::vector<SysvRow> sysv_queues() {
  std::vector<SysvRow> rows;
  std::ifstream file("/proc/sysvipc/msg");
  file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  std::string key, permissions, bytes, messages;
  for (SysvRow row; file >> key >> row.id >> permissions >> bytes >> messages >> row.last_sender;) {
    rows.push_back(row);
    file.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
  }
  return rows;
}

bool exists(int id) {
  return std::ranges::any_of(sysv_queues(), [id](const SysvRow& row) { return row.id == id; });
}

// Returns the queue that the two sides of this program use.
int wait_for_queue_of(BareRun& run) {
  while (true) {
    const std::vector<pid_t> sides = children_of(run.pid());
    for (const SysvRow& row : sysv_queues()) {
      if (std::ranges::find(sides, row.last_sender) != sides.end()) return row.id;
    }
    run.expect_running();
    ::sched_yield();
  }
}

void wait_for_both_sides_of(BareRun& run) {
  while (children_of(run.pid()).size() < 2) {
    run.expect_running();
    ::sched_yield();
  }
}

constexpr const char* kEndless = "1000000000000";

TEST(BareSysvMq, RemovesItsQueueWhenDone) {
  if (!std::filesystem::exists("/proc/sysvipc/msg")) GTEST_SKIP() << "no System V message queues here";
  BareRun run("bare-sysv-mq", "30000");
  const int id = wait_for_queue_of(run);
  EXPECT_TRUE(run.wait().clean());
  EXPECT_FALSE(exists(id));
}

TEST(BareSysvMq, KilledLeavesNoQueue) {
  if (!std::filesystem::exists("/proc/sysvipc/msg")) GTEST_SKIP() << "no System V message queues here";
  BareRun run("bare-sysv-mq", kEndless);
  const int id = wait_for_queue_of(run);
  ASSERT_TRUE(exists(id));
  run.kill();
  run.wait();
  EXPECT_FALSE(exists(id));
}

TEST(BareSysvMq, LeavesNoQueueWhenASideIsKilled) {
  if (!std::filesystem::exists("/proc/sysvipc/msg")) GTEST_SKIP() << "no System V message queues here";
  BareRun run("bare-sysv-mq", kEndless);
  const int id = wait_for_queue_of(run);
  const auto rows = sysv_queues();
  const auto row = std::ranges::find(rows, id, &SysvRow::id);
  ASSERT_NE(row, rows.end());
  ::kill(row->last_sender, SIGKILL);
  EXPECT_EQ(run.wait().code, 1);
  EXPECT_FALSE(exists(id));
}

TEST(BarePosixMq, HasNoNamesOnceBothSidesRun) {
  if (!has_posix_mq()) GTEST_SKIP() << "no POSIX message queues here";
  BareRun run("bare-posix-mq", kEndless);
  wait_for_both_sides_of(run);
  for (const char* direction : {"forward", "backward"}) {
    EXPECT_EQ(::mq_unlink(fmt::format("/ipcbench-bare-{}-{}", run.pid(), direction).c_str()), -1);
    EXPECT_EQ(errno, ENOENT);
  }
  run.kill();
  run.wait();
}

TEST(BareUnixDgram, HasNoNamesOnceBothSidesRun) {
  BareRun run("bare-unix-dgram", kEndless);
  wait_for_both_sides_of(run);
  const std::string stem = fmt::format("/tmp/ipcbench-bare-{}-", run.pid());
  for (const auto& entry : std::filesystem::directory_iterator("/tmp")) {
    EXPECT_FALSE(entry.path().string().starts_with(stem)) << entry.path();
  }
  run.kill();
  run.wait();
}

}  // namespace
}  // namespace ipcbench::fidelity
