#include "program_run.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>
#include <utility>

#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "harness/files/output_file.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSmallSuite = R"(schema = "ipcbench-suite"
version = 1
name = "small"
launches = 9
block = "5ms"
budget = "20s"

[[cases]]
scenarios = ["ping-pong", "streaming"]
transports = ["pipe", "posix-shm"]
waits = ["table"]
sizes = ["64"]
placements = ["same-cpu"]
)";

constexpr const char* kTinySuite = R"(schema = "ipcbench-suite"
version = 1
name = "tiny"
launches = 6
block = "5ms"
budget = "20s"

[[cases]]
scenarios = ["ping-pong"]
transports = ["pipe"]
waits = ["block"]
sizes = ["64"]
placements = ["same-cpu"]
)";

}  // namespace

ProgramRun::ProgramRun() {
  std::string pattern = (fs::temp_directory_path() / "ipcbench-run-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
  ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1);
  write_file_atomically(path("small.toml"), kSmallSuite);
  write_file_atomically(tiny_suite(), kTinySuite);
}

std::string ProgramRun::own_copy(const std::string& file) const {
  const fs::path copy = folder_ / fs::path(file).filename();
  fs::copy_file(file, copy, fs::copy_options::skip_existing);
  fs::permissions(copy, fs::perms::group_write | fs::perms::others_write, fs::perm_options::remove);
  return copy;
}

ProgramRun::~ProgramRun() {
  try {
    RunDir::clean_dead_runs();  // only its folder tells what a killed run has left
  } catch (const std::system_error& error) {
    ADD_FAILURE() << error.what();
  }
  fs::remove_all(folder_);
}

std::string ProgramRun::out() const { return read_file_or_empty(path("out" + std::to_string(started_))); }
std::string ProgramRun::err() const { return read_file_or_empty(path("err" + std::to_string(started_))); }

Child ProgramRun::start_words(std::vector<std::string> words, const Place& place) const {
  ++started_;
  const auto file = [&](const char* name) {
    const std::string file_path = path(name + std::to_string(started_));
    return UniqueFd(::open(file_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  };
  const UniqueFd out = file("out"), err = file("err");
  const auto set_up = [&] {
    // Resets signals as for a program started from a terminal; the tests themselves may run in the background.
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT}) ::signal(signal, SIG_DFL);
    if (place) place();
  };
  return start_program({.words = std::move(words), .set_up = set_up}, out.get(), err.get());
}

Child ProgramRun::start(const std::vector<std::string>& arguments, const Place& place) const {
  std::vector<std::string> words{IPCBENCH_PROGRAM, "run"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  return start_words(std::move(words), place);
}

int ProgramRun::run(const std::vector<std::string>& arguments, const Place& place) const {
  return start(arguments, place).wait().code;
}

std::vector<std::string> ProgramRun::small_suite(const std::vector<std::string>& more) const {
  std::vector<std::string> arguments{path("small.toml"), "-o", output()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

bool ProgramRun::wait_until(Child& child, const std::function<bool()>& holds) {
  while (!holds()) {
    pollfd fd{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
    if (::poll(&fd, 1, 1) > 0) return false;
  }
  return true;
}

std::size_t ProgramRun::launches_in_journal() const {
  const std::string text = read_file_or_empty(journal());
  std::size_t count = 0;
  for (std::size_t at = text.find("{\"case\": "); at != std::string::npos; at = text.find("{\"case\": ", at + 1))
    ++count;
  return count;
}

std::size_t ProgramRun::run_directories() const {
  if (!fs::exists(folder_ / "ipcbench")) return 0;
  const fs::directory_iterator entries(folder_ / "ipcbench");
  return static_cast<std::size_t>(
      std::count_if(begin(entries), end(entries), [](const auto& entry) { return entry.is_directory(); }));
}

std::vector<pid_t> ProgramRun::processes() const {
  std::vector<pid_t> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos || name == std::to_string(::getpid())) continue;
    std::ifstream environment(entry.path() / "environ", std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(environment)), {});
    if (text.find("XDG_RUNTIME_DIR=" + folder_.string()) != std::string::npos) found.push_back(std::stoi(name));
  }
  return found;
}

void ProgramRun::expect_whole(const Result& result) {
  EXPECT_TRUE(result.complete);
  for (const CaseRecord& c : result.cases) {
    std::map<int, int> passes;
    for (const LaunchRecord& launch : c.launches) {
      ++passes[launch.pass];
      EXPECT_EQ(launch.ops, c.ops) << c.id;
      EXPECT_EQ(launch.warmup_ops, c.launches.front().warmup_ops) << c.id;
    }
    for (int pass = 0; pass < result.passes; ++pass) EXPECT_EQ(passes[pass], 1) << c.id << " in pass " << pass;
    for (const auto& [pass, count] : passes) EXPECT_EQ(count, 1) << c.id << " in pass " << pass;
  }
}

}  // namespace ipcbench
