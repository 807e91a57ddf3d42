#include "harness/host/host_info.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include <fmt/core.h>

#include "harness/base/fnv1a.h"
#include "harness/base/io.h"
#include "harness/base/text.h"
#include "harness/host/container.h"
#include "harness/host/firmware_hypervisor.h"
#include "harness/host/host_files.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace ipcbench {
namespace {

using Named = std::pair<std::string, std::string>;

std::string cpu_model_of(const std::string& cpuinfo) {
  for (const std::string_view key : {"model name", "cpu model", "Model", "cpu"}) {
    std::string model = value_in_lines(cpuinfo, key);
    if (!model.empty()) return model;
  }
  // On Arm the kernel knows no model name.
  const std::string implementer = value_in_lines(cpuinfo, "CPU implementer");
  const std::string part = value_in_lines(cpuinfo, "CPU part");
  return implementer.empty() ? "unknown" : fmt::format("implementer {} part {}", implementer, part);
}

#if defined(__x86_64__) || defined(__i386__)
// Reads CPUID leaf 0x40000000, the hypervisor's signature.
std::string hypervisor_by_cpuid() {
  unsigned eax = 0;
  std::array<unsigned, 3> words{};
  __cpuid(0x40000000, eax, words[0], words[1], words[2]);
  std::array<char, 12> signature{};
  std::memcpy(signature.data(), words.data(), signature.size());
  std::string_view name(signature.data(), signature.size());
  name = name.substr(0, name.find('\0'));
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kSignatures{{
      {"KVMKVMKVM", "kvm"},
      {"Linux KVM Hv", "kvm"},
      {"VMwareVMware", "vmware"},
      {"Microsoft Hv", "hyper-v"},
      {"XenVMMXenVMM", "xen"},
      {"TCGTCGTCGTCG", "qemu"},
      {"VBoxVBoxVBox", "virtualbox"},
      {"ACRNACRNACRN", "acrn"},
      {"bhyve bhyve ", "bhyve"},
      {" lrpepyh  vr", "parallels"},
  }};
  for (const auto& [each, hypervisor] : kSignatures) {
    if (each == name) return std::string(hypervisor);
  }
  return "virtual machine";
}
#endif

std::string hypervisor(const std::string& root, const std::string& cpuinfo) {
  const std::string xen = read_line(root + "/sys/hypervisor/type").value_or("");
#if defined(__x86_64__) || defined(__i386__)
  return has_word(value_in_lines(cpuinfo, "flags"), "hypervisor") ? hypervisor_by_cpuid() : xen;
#else
  static_cast<void>(cpuinfo);
  return xen.empty() ? firmware_hypervisor(root) : xen;
#endif
}

std::string virtualisation_of(const std::string& root, const std::string& cpuinfo) {
  const std::string machine = hypervisor(root, cpuinfo);
  if (container_kind(root).empty()) return machine.empty() ? "none" : machine;
  return machine.empty() ? "container" : machine + ", container";
}

// Returns the default that the kernel was built with. It doesn't read /proc/config.gz, which would need decompression.
std::string configured_preemption(const std::string& root, const std::string& release) {
  const std::string config = read_file_or_empty(root + "/boot/config-" + release);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kOptions{{
      {"CONFIG_PREEMPT_NONE=y", "none"},
      {"CONFIG_PREEMPT_VOLUNTARY=y", "voluntary"},
      {"CONFIG_PREEMPT_LAZY=y", "lazy"},
      {"CONFIG_PREEMPT=y", "full"},
  }};
  for (const auto& [option, mode] : kOptions) {
    if (config.find(option) != std::string::npos) return std::string(mode);
  }
  return {};
}

std::string preemption_of(const std::string& root, const HostInfo& host) {
  const auto choice = read_line(root + "/sys/kernel/debug/sched/preempt");  // "none voluntary (full)"
  if (choice) {
    const std::size_t open = choice->find('(');
    const std::size_t close = choice->find(')', open == std::string::npos ? 0 : open);
    if (open != std::string::npos && close != std::string::npos) {
      return "dynamic: " + choice->substr(open + 1, close - open - 1);
    }
  }
  const std::string& version = host.kernel_version;
  if (has_word(version, "PREEMPT_RT")) return "rt";
  std::string mode = configured_preemption(root, host.kernel);
  if (has_word(version, "PREEMPT_DYNAMIC")) {
    const std::string command_line = ' ' + read_line(root + "/proc/cmdline").value_or("");
    constexpr std::string_view kKey = " preempt=";
    const std::size_t at = command_line.find(kKey);
    if (at != std::string::npos) {
      const std::size_t from = at + kKey.size();
      mode = command_line.substr(from, command_line.find(' ', from) - from);
    }
    return mode.empty() ? "dynamic" : "dynamic: " + mode;
  }
  if (has_word(version, "PREEMPT")) return "full";
  return mode.empty() ? "unknown" : mode;
}

std::optional<std::string> governor_of(const std::string& root, const std::vector<int>& cpus) {
  std::vector<std::string> governors;
  for (const int cpu : cpus) {
    auto governor = read_line(fmt::format("{}/sys/devices/system/cpu/cpu{}/cpufreq/scaling_governor", root, cpu));
    if (governor) governors.push_back(std::move(*governor));
  }
  if (governors.empty()) return std::nullopt;
  std::sort(governors.begin(), governors.end());
  governors.erase(std::unique(governors.begin(), governors.end()), governors.end());
  std::string all;
  for (const std::string& governor : governors) all += (all.empty() ? "" : ", ") + governor;
  return all;
}

std::optional<double> positive_number_in(std::string_view text) noexcept {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || !(number > 0)) return std::nullopt;
  return number;
}

std::optional<double> cpu_mhz_of(const std::string& root, const std::string& cpuinfo, const std::vector<int>& cpus) {
  const int first = cpus.empty() ? 0 : cpus.front();
  const auto most = read_line(fmt::format("{}/sys/devices/system/cpu/cpu{}/cpufreq/cpuinfo_max_freq", root, first));
  if (const auto khz = positive_number_in(most.value_or(""))) return *khz / 1000;
  return positive_number_in(value_in_lines(cpuinfo, "cpu MHz"));
}

std::optional<std::string> turbo_of(const std::string& root) {
  const auto off = read_line(root + "/sys/devices/system/cpu/intel_pstate/no_turbo");
  if (off) return *off == "0" ? "on" : "off";
  const auto boost = read_line(root + "/sys/devices/system/cpu/cpufreq/boost");
  if (boost) return *boost == "1" ? "on" : "off";
  return std::nullopt;
}

std::vector<Named> mitigations_of(const std::string& root) {
  namespace fs = std::filesystem;
  std::vector<Named> mitigations;
  std::error_code error;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(root + "/sys/devices/system/cpu/vulnerabilities", error)) {
    auto state = read_line(entry.path().string());
    if (state) mitigations.emplace_back(entry.path().filename().string(), std::move(*state));
  }
  std::sort(mitigations.begin(), mitigations.end());
  return mitigations;
}

// Returns the soft limit in a line of /proc/self/limits, whose columns have fixed positions: name, soft, hard, unit.
std::optional<std::string> resource_limit(std::string_view limits, std::string_view name) {
  std::size_t at = limits.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  at = limits.find_first_not_of(' ', at + name.size());
  if (at == std::string_view::npos) return std::nullopt;
  return std::string(limits.substr(at, limits.find_first_of(" \n", at) - at));
}

std::vector<Named> limits_of(const std::string& root) {
  constexpr std::array<std::pair<const char*, const char*>, 22> kFiles{{
      {"pipe-max-size", "/proc/sys/fs/pipe-max-size"},
      {"pipe-user-pages-soft", "/proc/sys/fs/pipe-user-pages-soft"},
      {"pipe-user-pages-hard", "/proc/sys/fs/pipe-user-pages-hard"},
      {"msgmax", "/proc/sys/kernel/msgmax"},
      {"msgmnb", "/proc/sys/kernel/msgmnb"},
      {"msgmni", "/proc/sys/kernel/msgmni"},
      {"shmmax", "/proc/sys/kernel/shmmax"},
      {"shmall", "/proc/sys/kernel/shmall"},
      {"shmmni", "/proc/sys/kernel/shmmni"},
      {"sem", "/proc/sys/kernel/sem"},
      {"mqueue/msg_default", "/proc/sys/fs/mqueue/msg_default"},
      {"mqueue/msg_max", "/proc/sys/fs/mqueue/msg_max"},
      {"mqueue/msgsize_max", "/proc/sys/fs/mqueue/msgsize_max"},
      {"mqueue/queues_max", "/proc/sys/fs/mqueue/queues_max"},
      {"rmem_default", "/proc/sys/net/core/rmem_default"},
      {"rmem_max", "/proc/sys/net/core/rmem_max"},
      {"wmem_default", "/proc/sys/net/core/wmem_default"},
      {"wmem_max", "/proc/sys/net/core/wmem_max"},
      {"tcp_rmem", "/proc/sys/net/ipv4/tcp_rmem"},
      {"tcp_wmem", "/proc/sys/net/ipv4/tcp_wmem"},
      {"unix/max_dgram_qlen", "/proc/sys/net/unix/max_dgram_qlen"},
      {"sched_rt_runtime_us", "/proc/sys/kernel/sched_rt_runtime_us"},
  }};
  constexpr std::array<std::pair<const char*, const char*>, 12> kResources{{
      {"nofile", "Max open files"},
      {"nproc", "Max processes"},
      {"msgqueue", "Max msgqueue size"},
      {"memlock", "Max locked memory"},
      {"sigpending", "Max pending signals"},
      {"cpu-time", "Max cpu time"},
      {"file-size", "Max file size"},
      {"data-size", "Max data size"},
      {"stack-size", "Max stack size"},
      {"address-space", "Max address space"},
      {"realtime-priority", "Max realtime priority"},
      {"realtime-timeout", "Max realtime timeout"},
  }};
  std::vector<Named> limits;
  for (const auto& [name, path] : kFiles) {
    const auto value = read_line(root + path);
    if (value) limits.emplace_back(name, *value);
  }
  const std::string resources = read_file_or_empty(root + "/proc/self/limits");
  for (const auto& [name, label] : kResources) {
    auto value = resource_limit(resources, label);
    if (value) limits.emplace_back(name, std::move(*value));
  }
  struct statvfs shm {};
  if (::statvfs((root + "/dev/shm").c_str(), &shm) == 0) {
    limits.emplace_back("/dev/shm", fmt::format("{}", std::uint64_t{shm.f_blocks} * shm.f_frsize));
  }
  return limits;
}

// Hashes names and values, each with a byte behind it that no text holds.
std::uint32_t digest(const std::vector<Named>& pairs) noexcept {
  constexpr std::string_view kEnd = "\xff";
  std::uint32_t hash = fnv1a_32("");
  for (const auto& [name, value] : pairs) {
    hash = fnv1a_32(kEnd, fnv1a_32(name, hash));
    hash = fnv1a_32(kEnd, fnv1a_32(value, hash));
  }
  return hash;
}

}  // namespace

HostInfo read_host_info(const std::string& root) {
  const std::string cpuinfo = read_file_or_empty(root + "/proc/cpuinfo");
  const std::vector<int> cpus = parse_cpu_list(read_line(root + "/sys/devices/system/cpu/online").value_or(""));
  HostInfo host;
  host.cpu_model = cpu_model_of(cpuinfo);
  host.cpus_online = cpus.empty() ? static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)) : static_cast<int>(cpus.size());
  host.kernel = read_line(root + "/proc/sys/kernel/osrelease").value_or("");
  host.kernel_version = read_line(root + "/proc/sys/kernel/version").value_or("");
  host.preemption = preemption_of(root, host);
  host.virtualisation = virtualisation_of(root, cpuinfo);
  host.clocksource =
      read_line(root + "/sys/devices/system/clocksource/clocksource0/current_clocksource").value_or("unknown");
  host.cpu_mhz = cpu_mhz_of(root, cpuinfo, cpus);
  host.governor = governor_of(root, cpus);
  host.turbo = turbo_of(root);
  host.hostname = read_line(root + "/proc/sys/kernel/hostname").value_or("");
  host.mitigations = mitigations_of(root);
  host.limits = limits_of(root);
  return host;
}

std::string machine_class(const HostInfo& host, const std::string& topology) {
  const std::size_t dot = host.kernel.find('.');
  const std::size_t end = dot == std::string::npos ? dot : host.kernel.find_first_not_of("0123456789", dot + 1);
  return fmt::format("{}; {} CPUs; {}; Linux {}; {}; mitigations {:08x}", host.cpu_model, host.cpus_online, topology,
                     host.kernel.substr(0, end), host.virtualisation, digest(host.mitigations));
}

}  // namespace ipcbench
