#include "harness/conformance/contained_check.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "harness/base/io.h"
#include "harness/process/own_resources.h"
#include "harness/process/reset_inherited.h"
#include "harness/process/run_program.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {
namespace {

// The report's text follows its result, a digit.
std::string line_of(const CheckReport& report) {
  return static_cast<char>('0' + static_cast<int>(report.result)) + report.text;
}

CheckReport report_from(const std::string& line) {
  return {.result = static_cast<CheckResult>(line.front() - '0'), .text = line.substr(1)};
}

// Handles the stop signals that the parent handles, so that workers leave them to this process as to any coordinator.
void take_stop_signals() {
  if (stop_now_fd() < 0) return;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!stays_ignored(signal)) ::signal(signal, SIG_DFL);
  }
  install_stop_signals();
}

// Kills and reaps the children of this process; what they leave becomes its child in turn.
void end_children() {
  const pid_t own = ::getpid();
  for (std::vector<pid_t> children = children_of(own); !children.empty(); children = children_of(own)) {
    for (const pid_t child : children) {
      ::kill(child, SIGKILL);
      ::waitpid(child, nullptr, 0);
    }
  }
}

}  // namespace

CheckReport make_contained_check(const ConformanceCheck& check, const Subject& subject, const TrialSettings& settings,
                                 std::chrono::nanoseconds time) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // what a check's process leaves is found
  const ProgramOutput said;
  Child child = Child::spawn("ipcbench-check", [&] {
    take_stop_signals();
    write_all(said.fd(), line_of(make_check(check, subject, settings)), "the report of a check");
    return 0;
  });
  const bool in_time = wait_with_deadline(child, time);
  const ExitStatus end = child.wait();
  end_children();
  const std::string line = said.text();
  if (end.clean() && !line.empty()) return report_from(line);
  RunDir::clean_dead_runs();
  if (stop_now()) return {.result = CheckResult::skipped, .text = "interrupted"};
  if (!in_time)
    return {
        .result = CheckResult::failed,
        .text = fmt::format("it has not ended after {}", std::chrono::duration_cast<std::chrono::milliseconds>(time))};
  return {.result = CheckResult::failed, .text = fmt::format("its process {}", describe(end))};
}

}  // namespace ipcbench
