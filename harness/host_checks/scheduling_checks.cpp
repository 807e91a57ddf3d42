#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/core.h>

#include "harness/host_checks/host_check_parts.h"
#include "harness/process/proc_stat.h"

// Checks how this process, and so its workers, are scheduled: what it has inherited of policies, priorities and bounds.

namespace ipcbench {
namespace {

constexpr std::string_view kStat = "/proc/self/stat";

// The scheduling of the workers, which is this process's own unless it resets it at fork.
struct Scheduling {
  int nice = 0, priority = 0, policy = SCHED_OTHER;
  bool is_real_time() const noexcept { return policy == SCHED_FIFO || policy == SCHED_RR; }
};

// Returns a field of the text of /proc/PID/stat as a number.
std::optional<int> stat_number(std::string_view stat, int field) noexcept {
  const std::string_view text = stat_field(stat, field);
  int number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} ? std::optional<int>(number) : std::nullopt;
}

std::optional<Scheduling> scheduling_of(const HostFiles& files) {
  const std::string stat = files.read(std::string(kStat)).text.value_or("");
  const auto nice = stat_number(stat, 19), priority = stat_number(stat, 40), policy = stat_number(stat, 41);
  if (!nice || !priority || !policy) return std::nullopt;
  Scheduling scheduling{.nice = *nice, .priority = *priority, .policy = *policy};
  const int now = files.root().empty() ? ::sched_getscheduler(0) : 0;
  if (now > 0 && (now & SCHED_RESET_ON_FORK) != 0) {
    if (scheduling.is_real_time()) scheduling = {.nice = 0, .priority = 0, .policy = SCHED_OTHER};
    if (scheduling.nice < 0) scheduling.nice = 0;
  }
  return scheduling;
}

std::string policy_name(int policy) {
  constexpr std::array<std::pair<int, std::string_view>, 7> kPolicies{{{SCHED_OTHER, "SCHED_OTHER"},
                                                                       {SCHED_FIFO, "SCHED_FIFO"},
                                                                       {SCHED_RR, "SCHED_RR"},
                                                                       {SCHED_BATCH, "SCHED_BATCH"},
                                                                       {SCHED_IDLE, "SCHED_IDLE"},
                                                                       {6, "SCHED_DEADLINE"},
                                                                       {7, "SCHED_EXT"}}};
  for (const auto& [number, name] : kPolicies) {
    if (number == policy) return std::string(name);
  }
  return fmt::format("policy {}", policy);
}

std::string policy_meaning(const Scheduling& scheduling) {
  if (scheduling.is_real_time()) {
    return "a real-time policy: other tasks wait for the workers, and a worker that spins is stopped for the rest of "
           "each second once it has used up kernel.sched_rt_runtime_us";
  }
  if (scheduling.policy == SCHED_BATCH) return "a task that is woken does not preempt another: wake-ups take longer";
  if (scheduling.policy == SCHED_IDLE) return "the workers run only while nothing else wants their CPUs";
  return "not the policy that programs have by default";
}

void check_scheduling(const HostFiles& files, HostChecks& checks) {
  const auto scheduling = scheduling_of(files);
  if (!scheduling) {
    for (const char* id : {"scheduling-policy", "nice"}) {
      checks.push_back(unreadable(id, std::string(kStat), "it has no such fields"));
    }
    return;
  }
  const bool is_usual = scheduling->policy == SCHED_OTHER;
  std::string policy = policy_name(scheduling->policy);
  if (scheduling->is_real_time()) policy += fmt::format(" {}", scheduling->priority);
  checks.push_back({.id = "scheduling-policy",
                    .severity = is_usual                           ? Severity::fine
                                : scheduling->policy == SCHED_IDLE ? Severity::noisy
                                                                   : Severity::note,
                    .text = is_usual ? "the scheduling policy is the default"
                                     : fmt::format("{}: {}", policy, policy_meaning(*scheduling)),
                    .source = std::string(kStat),
                    .value = policy,
                    .fix = is_usual ? "" : "chrt --other 0 ipcbench …"});
  const int nice = scheduling->nice;
  checks.push_back({.id = "nice",
                    .severity = nice == 0  ? Severity::fine
                                : nice > 0 ? Severity::noisy
                                           : Severity::note,
                    .text = nice == 0 ? "no other task is preferred, nor put off"
                                      : fmt::format("nice {}: other tasks on the workers' CPUs get {} of their time",
                                                    nice, nice > 0 ? "more" : "less"),
                    .source = std::string(kStat),
                    .value = std::to_string(nice),
                    .fix = nice == 0 ? "" : "start it without nice"});
}

// Checks a text like "/autogroup-12 nice 0".
void check_autogroup(const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/self/autogroup";
  const std::string text = files.read(source).text.value_or("");
  constexpr std::string_view kNice = " nice ";
  const std::size_t at = text.rfind(kNice);
  if (at == std::string::npos) {
    checks.push_back(not_there("autogroup-nice", source));
    return;
  }
  const std::string value = text.substr(at + kNice.size());
  const bool is_usual = value == "0";
  checks.push_back({.id = "autogroup-nice",
                    .severity = is_usual ? Severity::fine : Severity::noisy,
                    .text = is_usual ? "the tasks of this session share CPUs with others as equals"
                                     : fmt::format("this session's tasks have nice {} as a group", value),
                    .source = source,
                    .value = value,
                    .fix = is_usual ? "" : "echo 0 > /proc/self/autogroup, in the shell"});
}

struct SchedulingAttributes {  // struct sched_attr, whose header conflicts with sched.h on some systems
  std::uint32_t size, policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime, deadline, period;
  std::uint32_t least_use, most_use;  // utilisation clamps: parts of a CPU's capacity, 0 to 1024
};

void check_cpu_clamp(const HostFiles& files, HostChecks& checks) {
  const std::string source = "sched_getattr(2)";
  if (!files.root().empty()) {
    checks.push_back(not_recorded("cpu-clamp", source));
    return;
  }
  SchedulingAttributes attributes{};
  const bool told = ::syscall(SYS_sched_getattr, 0, &attributes, sizeof attributes, 0U) == 0;
  if (!told || attributes.most_use == 0) {
    checks.push_back(not_there("cpu-clamp", source));
    return;
  }
  const bool is_real_time = attributes.policy == SCHED_FIFO || attributes.policy == SCHED_RR;
  const bool is_usual = is_real_time || (attributes.least_use == 0 && attributes.most_use == 1024);
  checks.push_back({.id = "cpu-clamp",
                    .severity = is_usual ? Severity::fine : Severity::note,
                    .text = is_usual ? "the frequency isn't bounded for this process"
                                     : "the frequency is chosen for this process within bounds of its own",
                    .source = source,
                    .value = is_usual ? "none" : fmt::format("{} to {}", attributes.least_use, attributes.most_use),
                    .fix = is_usual ? "" : "start it without uclampset"});
}

void check_core_cookie(const HostFiles& files, HostChecks& checks) {
  const std::string source = "prctl(2) PR_SCHED_CORE";
  if (!files.root().empty()) {
    checks.push_back(not_recorded("core-cookie", source));
    return;
  }
  constexpr int kSchedCore = 62, kGet = 0;  // Linux 5.14
  std::uint64_t cookie = 0;
  if (::prctl(kSchedCore, kGet, 0, 0, &cookie) != 0) {
    checks.push_back(not_there("core-cookie", source));
    return;
  }
  checks.push_back({.id = "core-cookie",
                    .severity = cookie == 0 ? Severity::fine : Severity::note,
                    .text = cookie == 0 ? "no core scheduling"
                                        : "core scheduling: a sibling CPU may have to idle while a worker runs",
                    .source = source,
                    .value = cookie == 0 ? "none" : "set"});
}

void check_timer_slack(const HostFiles& files, HostChecks& checks) {
  constexpr std::uint64_t kUsual = 50'000;
  const std::string source = "/proc/self/timerslack_ns";
  const auto slack = leading_number(files.read(source).text.value_or("x"));
  if (!slack) {
    checks.push_back(unreadable("timer-slack", source, "it is of Linux 4.6 and later"));
    return;
  }
  const auto scheduling = scheduling_of(files);
  const bool is_usual = *slack == kUsual || (scheduling && scheduling->is_real_time());
  checks.push_back({.id = "timer-slack",
                    .severity = is_usual ? Severity::fine : Severity::note,
                    .text = is_usual ? "sleeps and timeouts may end 50 us late, as everywhere"
                                     : fmt::format("sleeps and timeouts may end {} ns late, elsewhere 50000", *slack),
                    .source = source,
                    .value = fmt::format("{} ns", *slack)});
}

// Checks the I/O priority. Without one, the kernel derives it from the scheduling policy and the nice value.
void check_io_priority(const HostFiles& files, HostChecks& checks) {
  constexpr int kProcess = 1, kClassShift = 13, kNone = 0, kRealTime = 1, kBestEffort = 2, kIdle = 3;
  const std::string source = "ioprio_get(2)";
  if (!files.root().empty()) {
    checks.push_back(not_recorded("io-priority", source));
    return;
  }
  const long priority = ::syscall(SYS_ioprio_get, kProcess, 0);
  if (priority < 0) {
    checks.push_back(not_there("io-priority", source));
    return;
  }
  const long kind = priority >> kClassShift, level = priority & 7;
  const auto scheduling = scheduling_of(files);
  const int derived_kind = !scheduling                        ? kNone
                           : scheduling->is_real_time()       ? kRealTime
                           : scheduling->policy == SCHED_IDLE ? kIdle
                                                              : kBestEffort;
  const bool is_derived = scheduling && kind == derived_kind && level == (scheduling->nice + 20) / 5;
  const bool is_usual = kind == kNone || is_derived;
  const std::string value = is_usual ? "none" : fmt::format("class {} level {}", kind, level);
  checks.push_back({.id = "io-priority",
                    .severity = is_usual ? Severity::fine : Severity::note,
                    .text = is_usual ? "input and output have the usual priority"
                                     : fmt::format("input and output have a priority of their own, {}", value),
                    .source = source,
                    .value = value,
                    .fix = is_usual ? "" : "start it without ionice"});
}

}  // namespace

void check_inherited_scheduling(const HostFiles& files, HostChecks& checks) {
  check_scheduling(files, checks);
  check_autogroup(files, checks);
  check_cpu_clamp(files, checks);
  check_core_cookie(files, checks);
  check_timer_slack(files, checks);
  check_io_priority(files, checks);
}

}  // namespace ipcbench
