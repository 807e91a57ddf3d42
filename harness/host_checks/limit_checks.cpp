#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/host_checks/host_check_parts.h"

// Checks the limits that cause cases of a mechanism to be skipped.

namespace ipcbench {
namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;

// A limit and the value that suffices. `enough` serves the suite "standard", whose largest message is 1 MiB. It is the
// kernel's default if that is smaller and raising it has a price. Below `usual`, the kernel's own default, rows get
// less than their names say and are marked; 0: it isn't the default.
struct LimitRule {
  std::string_view id;
  std::string_view limit;  // key in HostInfo::limits
  std::string_view source;
  std::uint64_t enough;
  bool is_bytes;
  std::string_view what;
  std::string_view fix;
  std::uint64_t usual = 0;
};

constexpr std::string_view kLimitsFile = "/proc/self/limits";

constexpr std::array kLimitRules = {
    LimitRule{"pipe-max-size", "pipe-max-size", "/proc/sys/fs/pipe-max-size", kMiB, true,
              "the largest pipe of a user without CAP_SYS_RESOURCE", "sudo sysctl fs.pipe-max-size=1048576"},
    LimitRule{"msgmax", "msgmax", "/proc/sys/kernel/msgmax", kMiB, true,
              "the largest System V message: larger cases are skipped", "sudo sysctl kernel.msgmax=1048576"},
    LimitRule{"msgmnb", "msgmnb", "/proc/sys/kernel/msgmnb", kMiB, true,
              "the bytes that a System V queue holds: larger cases are skipped", "sudo sysctl kernel.msgmnb=4194304",
              16384},
    LimitRule{"msgmni", "msgmni", "/proc/sys/kernel/msgmni", 16, false, "System V queues on this machine",
              "sudo sysctl kernel.msgmni=32000"},
    LimitRule{"shmmax", "shmmax", "/proc/sys/kernel/shmmax", 64 * kMiB, true,
              "the largest System V shared memory segment", "sudo sysctl kernel.shmmax=67108864"},
    LimitRule{"shmmni", "shmmni", "/proc/sys/kernel/shmmni", 16, false, "System V shared memory segments",
              "sudo sysctl kernel.shmmni=4096"},
    LimitRule{"mqueue-msg-default", "mqueue/msg_default", "/proc/sys/fs/mqueue/msg_default", 10, false,
              "messages in a POSIX message queue that doesn't say how many", "sudo sysctl fs.mqueue.msg_default=10",
              10},
    LimitRule{"mqueue-msg-max", "mqueue/msg_max", "/proc/sys/fs/mqueue/msg_max", 10, false,
              "messages in a POSIX message queue", "sudo sysctl fs.mqueue.msg_max=10", 10},
    LimitRule{"mqueue-msgsize-max", "mqueue/msgsize_max", "/proc/sys/fs/mqueue/msgsize_max", kMiB, true,
              "the largest message of a POSIX message queue: larger cases are skipped",
              "sudo sysctl fs.mqueue.msgsize_max=1048576"},
    LimitRule{"mqueue-queues-max", "mqueue/queues_max", "/proc/sys/fs/mqueue/queues_max", 16, false,
              "POSIX message queues on this machine", "sudo sysctl fs.mqueue.queues_max=256"},
    LimitRule{"rlimit-msgqueue", "msgqueue", kLimitsFile, 800 * kKiB, true,
              "the bytes of all POSIX message queues of a user", "ulimit -q unlimited"},
    LimitRule{"rmem-default", "rmem_default", "/proc/sys/net/core/rmem_default", 208 * kKiB, true,
              "the receive buffer of a socket that doesn't ask for another", "sudo sysctl net.core.rmem_default=212992",
              208 * kKiB},
    LimitRule{"wmem-default", "wmem_default", "/proc/sys/net/core/wmem_default", 208 * kKiB, true,
              "the send buffer of a socket that doesn't ask for another", "sudo sysctl net.core.wmem_default=212992",
              208 * kKiB},
    LimitRule{"rmem-max", "rmem_max", "/proc/sys/net/core/rmem_max", 208 * kKiB, true,
              "the largest receive buffer that a socket may ask for", "sudo sysctl net.core.rmem_max=212992"},
    LimitRule{"wmem-max", "wmem_max", "/proc/sys/net/core/wmem_max", 208 * kKiB, true,
              "the largest send buffer that a socket may ask for", "sudo sysctl net.core.wmem_max=212992"},
    LimitRule{"unix-max-dgram-qlen", "unix/max_dgram_qlen", "/proc/sys/net/unix/max_dgram_qlen", 10, false,
              "datagrams that wait at a UNIX socket", "sudo sysctl net.unix.max_dgram_qlen=512"},
    LimitRule{"rlimit-nofile", "nofile", kLimitsFile, 256, false, "open file descriptors", "ulimit -n 1024"},
    LimitRule{"rlimit-nproc", "nproc", kLimitsFile, 64, false, "processes and threads of this user", "ulimit -u 1024"},
    LimitRule{"rlimit-memlock", "memlock", kLimitsFile, 64 * kKiB, true, "memory that may be locked", "ulimit -l 8192"},
};

std::string size_for_people(std::uint64_t bytes) {
  if (bytes >= 10 * kMiB) return fmt::format("{} MiB", bytes / kMiB);
  return format_size(bytes);
}

// Checks a user's soft budget of pipe buffers by the size of a new pipe. A recorded tree can't tell it.
HostCheck pipe_budget_check(const HostFiles& files) {
  HostCheck check{.id = "pipe-budget",
                  .severity = Severity::fine,
                  .text = "not tried",
                  .source = "F_GETPIPE_SZ of a new pipe",
                  .value = "unknown"};
  if (!files.root().empty()) return check;
  BufferSize size{};
  try {
    size = pipe_buffer(make_pipe()[1].get(), BufferDirection::both, std::nullopt);
  } catch (const std::system_error& error) {
    check.severity = Severity::wrong;
    check.text = fmt::format("no pipe can be made: {}", error.what());
    return check;
  }
  check.value = format_size(size.size);
  check.text = "a new pipe has the kernel's default size";
  if (size.effect == LimitEffect::none) return check;
  check.severity = Severity::wrong;
  const bool is_used_up = size.limit == HostLimit::pipe_user_pages_soft;
  check.text = fmt::format(
      "{} is {}{}: a new pipe holds {} bytes, by the kernel's default {}; such rows are marked, and not judged",
      to_string(size.limit), value_of(size.limit).value_or("unknown"),
      is_used_up ? ", used up by this user's pipes" : "", size.size, size.wanted);
  check.fix = is_used_up ? "close this user's other pipes, or sudo sysctl fs.pipe-user-pages-soft=65536"
                         : "sudo sysctl fs.pipe-max-size=1048576";
  return check;
}

HostCheck address_space_check(const HostFiles& files) {
  const std::string source(kLimitsFile);
  const auto reading = files.read(source);
  const std::string_view text = reading.text ? std::string_view(*reading.text) : std::string_view();
  constexpr std::string_view kName = "Max address space";
  const std::size_t at = text.find(kName);
  const std::size_t value = at == std::string_view::npos ? at : text.find_first_not_of(' ', at + kName.size());
  const auto bytes = value == std::string_view::npos ? std::nullopt : leading_number(text.substr(value));
  const bool is_unlimited = value != std::string_view::npos && text.substr(value).starts_with("unlimited");
  if (!bytes && !is_unlimited) {
    return unreadable("rlimit-as", source, reading.text ? "no Max address space" : reading.reason);
  }
  return {.id = "rlimit-as",
          .severity = is_unlimited ? Severity::fine : Severity::note,
          .text = is_unlimited ? "nothing limits the address space of a process"
                               : fmt::format("a process has {} of addresses: cases that need more are skipped, or fail",
                                             size_for_people(*bytes)),
          .source = source,
          .value = is_unlimited ? "unlimited" : size_for_people(*bytes),
          .fix = is_unlimited ? "" : "ulimit -v unlimited"};
}

// Two regions of the largest message (4 MiB x 4), and as much again for the measurement of memory.
constexpr std::uint64_t kEnoughShm = 64 * kMiB;

const std::string* find_limit(const HostInfo& host, std::string_view name) {
  const auto found =
      std::find_if(host.limits.begin(), host.limits.end(), [&](const auto& limit) { return limit.first == name; });
  return found == host.limits.end() ? nullptr : &found->second;
}

std::string limit_value(const LimitRule& rule, const std::string& text, std::uint64_t number) {
  // shmmax is 2^64 - 2^24 by default.
  if (text == "unlimited" || number > std::uint64_t{1} << 60) return "unlimited";
  return rule.is_bytes ? size_for_people(number) : text;
}

HostCheck limit_check(const HostInfo& host, const HostFiles& files, const LimitRule& rule) {
  const std::string source(rule.source);
  const std::string* text = find_limit(host, rule.limit);
  const auto number = text == nullptr ? std::nullopt : leading_number(*text);
  if (!number) {
    const auto reading = files.read(source);
    return unreadable(std::string(rule.id), source, reading.text ? "holds no number" : reading.reason);
  }
  const bool good = *number >= rule.enough;
  const bool changes_rows = *number < rule.usual;
  const std::string value = limit_value(rule, *text, *number);
  return {.id = std::string(rule.id),
          .severity = changes_rows ? Severity::wrong
                      : good       ? Severity::fine
                                   : Severity::note,
          .text = fmt::format("{}: {}{}", value, rule.what,
                              changes_rows ? "; under the kernel's default: such rows are marked, and not judged" : ""),
          .source = source,
          .value = value,
          .fix = good ? "" : std::string(rule.fix)};
}

// Checks SEMMSL, SEMMNS, SEMOPM, SEMMNI.
HostCheck semaphore_check(const HostFiles& files) {
  const std::string source = "/proc/sys/kernel/sem";
  const auto reading = files.read(source);
  if (!reading.text) return unreadable("sem", source, reading.reason);
  const std::size_t last = reading.text->find_last_of(" \t");
  const auto sets =
      leading_number(last == std::string::npos ? std::string_view() : std::string_view(*reading.text).substr(last + 1));
  if (!sets) return unreadable("sem", source, "not four numbers");
  std::string value = *reading.text;
  std::replace(value.begin(), value.end(), '\t', ' ');
  const bool good = *sets >= 16;
  return {.id = "sem",
          .severity = good ? Severity::fine : Severity::note,
          .text = fmt::format("{} sets of System V semaphores on this machine", *sets),
          .source = source,
          .value = value,
          .fix = good ? "" : "sudo sysctl kernel.sem='32000 1024000000 500 32000'"};
}

HostCheck shm_check(const HostInfo& host) {
  const std::string source = "statvfs /dev/shm";
  const std::string* text = find_limit(host, "/dev/shm");
  if (text == nullptr) {
    return {.id = "dev-shm",
            .severity = Severity::note,
            .text = "there is no /dev/shm: POSIX shared memory can't be measured",
            .source = source,
            .value = "none",
            .fix = "sudo mount -t tmpfs tmpfs /dev/shm"};
  }
  const std::uint64_t bytes = leading_number(*text).value_or(0);
  const bool good = bytes >= kEnoughShm;
  return {.id = "dev-shm",
          .severity = good ? Severity::fine : Severity::note,
          .text = good ? "room for every ring and region"
                       : fmt::format("/dev/shm holds {} KiB: cases with large messages are skipped", bytes / kKiB),
          .source = source,
          .value = size_for_people(bytes),
          .fix = good ? "" : "sudo mount -o remount,size=1G /dev/shm, or docker run --shm-size 1g"};
}

// Checks the mount of mqueue. Queues work without it; it only lists them.
HostCheck mqueue_check(const HostFiles& files) {
  const std::string source = "/proc/sys/fs/mqueue, /proc/mounts";
  if (!files.read("/proc/sys/fs/mqueue/queues_max").text) {
    return {.id = "mqueue",
            .severity = Severity::note,
            .text = "no /proc/sys/fs/mqueue: the kernel has no POSIX message queues, or doesn't show them",
            .source = source,
            .value = "none"};
  }
  const bool mounted = files.read("/proc/mounts").text.value_or("").find(" mqueue ") != std::string::npos;
  return {.id = "mqueue",
          .severity = Severity::fine,
          .text = mounted ? "POSIX message queues are there, listed in their file system"
                          : "POSIX message queues are there; they work without /dev/mqueue",
          .source = source,
          .value = mounted ? "mounted" : "not mounted"};
}

}  // namespace

void check_limits(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  checks.push_back(pipe_budget_check(files));
  checks.push_back(address_space_check(files));
  for (const LimitRule& rule : kLimitRules) checks.push_back(limit_check(host, files, rule));
  checks.push_back(semaphore_check(files));
  checks.push_back(shm_check(host));
  checks.push_back(mqueue_check(files));
}

}  // namespace ipcbench
