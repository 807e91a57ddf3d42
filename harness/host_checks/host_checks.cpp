#include "harness/host_checks/host_checks.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/sanitizers.h"
#include "harness/host/container.h"
#include "harness/host_checks/host_check_parts.h"

namespace ipcbench {
namespace {

void check_virtualisation(const HostInfo& host, const HostFiles& files, HostChecks& checks) {
  constexpr std::string_view kContainer = "container";
  const std::string_view all = host.virtualisation;
  const bool container = all.size() >= kContainer.size() && all.substr(all.size() - kContainer.size()) == kContainer;
  const bool machine = all != "none" && all != kContainer;
  const std::string_view kind = machine ? all.substr(0, all.find(',')) : "none";
  checks.push_back({.id = "virtual-machine",
                    .severity = machine ? Severity::noisy : Severity::fine,
                    .text = machine ? fmt::format("a virtual machine ({}): the host takes CPU time unseen and moves "
                                                  "virtual CPUs; wake-ups between CPUs cost an exit",
                                                  kind)
                                    : "no hypervisor",
                    .source = "CPUID, /sys/hypervisor/type",
                    .value = std::string(kind),
                    .fix = machine ? "measure on bare metal, or have each virtual CPU pinned (virsh vcpupin)" : ""});
  const std::string name = container_kind(files.root());
  checks.push_back(
      {.id = "container",
       .severity = container ? Severity::note : Severity::fine,
       .text = container ? fmt::format("in a container ({}): limits, /dev/shm and CPU quota are the container's", name)
                         : "not in a container",
       .source = "/proc/self/mountinfo, /.dockerenv, /run/.containerenv, /run/systemd/container, /proc/1",
       .value = container ? name : "no"});
}

// Checks for a /proc mounted in another PID namespace, whose numbers aren't those that fork() returns here.
void check_proc(const HostFiles& files, HostChecks& checks) {
  std::array<char, 32> link{};
  const ssize_t length = ::readlink((files.root() + "/proc/self").c_str(), link.data(), link.size());
  if (length < 0 && errno != EINVAL) {  // EINVAL: in a recorded tree it is a folder
    checks.push_back(unreadable("proc", "/proc/self", std::generic_category().message(errno)));
    return;
  }
  const std::string seen(link.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  const bool good = length < 0 || seen == std::to_string(::getpid());
  checks.push_back({.id = "proc",
                    .severity = good ? Severity::fine : Severity::wrong,
                    .text = good ? "/proc numbers processes as this one does"
                                 : fmt::format("/proc is of another PID namespace, where this process is {}: what is "
                                               "read there of a worker or a broker is another process's",
                                               seen),
                    .source = "/proc/self",
                    .value = good ? "own" : "another namespace's",
                    .fix = good ? "" : "unshare --mount-proc …, or mount -t proc proc /proc"});
}

void check_seccomp(const HostFiles& files, HostChecks& checks) {
  const std::string source = "/proc/self/status";
  const auto status = files.read(source);
  const std::string mode = value_in_lines(status.text.value_or(""), "Seccomp");
  if (mode.empty()) {
    checks.push_back(unreadable("seccomp", source, status.text ? "no Seccomp line" : status.reason));
    return;
  }
  const bool filtered = mode == "2";
  const std::string filters = value_in_lines(*status.text, "Seccomp_filters");  // Linux 5.9
  checks.push_back({.id = "seccomp",
                    .severity = filtered ? Severity::note : Severity::fine,
                    .text = filtered ? "a seccomp filter looks at every system call of this process, which costs time"
                                     : "no filter looks at system calls",
                    .source = source,
                    .value = !filtered         ? "off"
                             : filters.empty() ? "filter"
                                               : filters + " filters",
                    .fix = filtered ? "docker run --security-opt seccomp=unconfined" : ""});
}

void check_build(HostChecks& checks) {
#if !defined(__OPTIMIZE__)
  constexpr std::string_view kBuildFault = "without optimisation";
#elif !defined(NDEBUG)
  constexpr std::string_view kBuildFault = "with assertions";
#else
  constexpr std::string_view kBuildFault = "";
#endif
  const bool good = kBuildFault.empty();
  checks.push_back(
      {.id = "debug-build",
       .severity = good ? Severity::fine : Severity::wrong,
       .text = good ? "compiled with optimisation" : fmt::format("this ipcbench was compiled {}", kBuildFault),
       .source = "compiler",
       .value = good ? "no" : "yes",
       .fix = good ? "" : "cmake --preset release && cmake --build --preset release"});
  checks.push_back({.id = "sanitizer",
                    .severity = kSanitized ? Severity::wrong : Severity::fine,
                    .text = kSanitized ? "this ipcbench was compiled with a sanitizer" : "compiled without sanitizers",
                    .source = "compiler",
                    .value = kSanitized ? "yes" : "no",
                    .fix = kSanitized ? "cmake --preset release && cmake --build --preset release" : ""});
}

}  // namespace

std::vector<HostCheck> examine_host(const HostInfo& host, const std::string& root) {
  const HostFiles files(root);
  HostChecks checks;
  check_build(checks);
  check_cpu(host, files, checks);
  check_idle(host, files, checks);
  check_cgroups(host, files, checks);
  check_virtualisation(host, files, checks);
  check_proc(files, checks);
  check_seccomp(files, checks);
  check_inherited(files, checks);
  check_memory(files, checks);
  check_permissions(files, checks);
  check_limits(host, files, checks);
  return checks;
}

std::vector<HostCheck> findings_of(std::vector<HostCheck> checks) {
  std::erase_if(checks, [](const HostCheck& check) { return check.severity == Severity::fine; });
  return checks;
}

std::vector<HostCheck> check_host(const HostInfo& host, const std::string& root) {
  return findings_of(examine_host(host, root));
}

}  // namespace ipcbench
