#include "harness/host/host_info.h"

#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host_checks/host_checks.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using testing::Contains;
using testing::Pair;

constexpr const char* kClocksource = "sys/devices/system/clocksource/clocksource0/current_clocksource";

// A desktop without any finding.
class HostInfoTest : public testing::Test {
 protected:
  HostInfoTest() {
    tree_.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Example CPU 3000\nflags\t\t: fpu tsc\n");
    tree_.write("proc/sys/kernel/osrelease", "6.1.0-13-amd64\n");
    tree_.write("proc/sys/kernel/version", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.55-1\n");
    tree_.write("proc/sys/kernel/hostname", "desk\n");
    tree_.write("proc/cmdline", "root=/dev/sda1 preempt=voluntary quiet\n");
    tree_.write("proc/loadavg", "0.10 0.20 0.30 1/100 1000\n");
    tree_.write("proc/1/cgroup", "0::/init.scope\n");
    tree_.write("proc/self/cgroup", "0::/user.slice/a.scope\n");
    tree_.write("sys/fs/cgroup/user.slice/cgroup.procs", "");
    tree_.write("sys/fs/cgroup/user.slice/cgroup.subtree_control", "cpu memory pids\n");
    tree_.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n");
    tree_.write("proc/self/limits",
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                "Max processes             96365                96365                processes \n"
                "Max open files            1024                 1048576              files     \n"
                "Max msgqueue size         819200               819200               bytes     \n"
                "Max locked memory         unlimited            unlimited            bytes     \n"
                "Max address space         unlimited            unlimited            bytes     \n");
    tree_.write("proc/sys/fs/pipe-max-size", "1048576\n");
    tree_.write("proc/sys/fs/mqueue/msg_max", "10\n");
    tree_.write("sys/devices/system/cpu/online", "0-2,4\n");
    tree_.write("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance\n");
    tree_.write("sys/devices/system/cpu/cpu4/cpufreq/scaling_governor", "performance\n");
    tree_.write("sys/devices/system/cpu/intel_pstate/no_turbo", "1\n");
    tree_.write("sys/devices/system/cpu/vulnerabilities/meltdown", "Mitigation: PTI\n");
    tree_.write("sys/devices/system/cpu/vulnerabilities/l1tf", "Not affected\n");
    tree_.write(kClocksource, "tsc\n");
    tree_.write("sys/devices/system/clocksource/clocksource0/available_clocksource", "tsc hpet acpi_pm\n");
    tree_.write("sys/devices/system/cpu/smt/active", "0\n");
    tree_.write("sys/devices/system/cpu/isolated", "\n");
    tree_.write("boot/config-6.1.0-13-amd64", "CONFIG_NO_HZ_COMMON=y\n");
    tree_.write("sys/devices/system/cpu/cpu0/cpuidle/state0/name", "POLL\n");
    tree_.write("sys/devices/system/cpu/cpu0/cpuidle/state0/latency", "0\n");
    tree_.write("sys/devices/system/cpu/cpu0/cpuidle/state1/name", "C1\n");
    tree_.write("sys/devices/system/cpu/cpu0/cpuidle/state1/latency", "2\n");
    tree_.write("sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    tree_.write("sys/kernel/mm/transparent_hugepage/shmem_enabled", "always within_size advise [never] deny force\n");
    tree_.write("proc/meminfo", "MemTotal: 8000000 kB\nSwapTotal:       1000 kB\nSwapFree:        1000 kB\n");
    tree_.write("proc/self/status",
                "Name:\tx\nTracerPid:\t0\nCapEff:\t0000000000000000\nNoNewPrivs:\t0\nSeccomp:\t0\n"
                "Speculation_Store_Bypass:\tthread vulnerable\nCpus_allowed_list:\t0-2,4\n");
    std::string stat = "7 (x) S";
    for (int field = 4; field <= 52; ++field) stat += " 0";
    tree_.write("proc/self/stat", stat + '\n');
    tree_.write("proc/self/personality", "00000000\n");
    tree_.write("proc/self/timerslack_ns", "50000\n");
    tree_.write("proc/sys/kernel/randomize_va_space", "2\n");
    tree_.write("proc/sys/kernel/perf_event_paranoid", "1\n");
    tree_.write("proc/sys/kernel/yama/ptrace_scope", "1\n");
    tree_.write("proc/sys/kernel/sem", "32000\t1024000000\t500\t32000\n");
    for (const char* name : {"msgmax", "msgmnb", "msgmni", "shmmax", "shmmni"})
      tree_.write(std::string("proc/sys/kernel/") + name, "18446744073692774399\n");
    for (const char* name : {"fs/mqueue/msgsize_max", "fs/mqueue/queues_max", "net/core/rmem_max", "net/core/wmem_max",
                             "net/core/rmem_default", "net/core/wmem_default", "net/unix/max_dgram_qlen"})
      tree_.write(std::string("proc/sys/") + name, "16777216\n");
    tree_.write("proc/sys/fs/mqueue/msg_default", "10\n");
    // The file system of the temporary folder stands in for that of shared memory.
    std::filesystem::create_directories(tree_.path() + "/dev/shm");
  }

  HostInfo read() const { return read_host_info(tree_.path()); }
  HostCheck check(const std::string& id) const {
    for (const HostCheck& check : examine_host(read(), tree_.path())) {
      if (check.id == id) return check;
    }
    ADD_FAILURE() << "no check " << id;
    return {};
  }
  SeverityName severity(const std::string& id) const { return check(id).severity; }

  TemporaryFolder tree_;
};

TEST_F(HostInfoTest, TellsWhatTheFilesSay) {
  const HostInfo host = read();
  EXPECT_EQ(host.cpu_model, "Example CPU 3000");
  EXPECT_EQ(host.cpus_online, 4);
  EXPECT_EQ(host.kernel, "6.1.0-13-amd64");
  EXPECT_EQ(host.preemption, "dynamic: voluntary");
  EXPECT_EQ(host.virtualisation, "none");
  EXPECT_EQ(host.clocksource, "tsc");
  EXPECT_EQ(host.cpu_mhz, std::nullopt) << "the recorded tree doesn't say";
  EXPECT_EQ(host.governor, "performance");
  EXPECT_EQ(host.turbo, "off");
  EXPECT_EQ(host.hostname, "desk");
  EXPECT_THAT(host.mitigations,
              testing::ElementsAre(Pair("l1tf", "Not affected"), Pair("meltdown", "Mitigation: PTI")));
  EXPECT_THAT(host.limits, Contains(Pair("pipe-max-size", "1048576")));
  EXPECT_THAT(host.limits, Contains(Pair("mqueue/msg_max", "10")));
  EXPECT_THAT(host.limits, Contains(Pair("nofile", "1024")));
  EXPECT_THAT(host.limits, Contains(Pair("memlock", "unlimited")));
  EXPECT_THAT(host.limits, Contains(Pair("/dev/shm", testing::Ne("0"))));
  EXPECT_THAT(host.limits, testing::Not(Contains(Pair("shmall", testing::_)))) << "what can't be read is absent";
}

TEST_F(HostInfoTest, AnEmptyTreeIsNoError) {
  const TemporaryFolder empty;
  const HostInfo host = read_host_info(empty.path());
  EXPECT_EQ(host.cpu_model, "unknown");
  EXPECT_GE(host.cpus_online, 1);
  EXPECT_EQ(host.preemption, "unknown");
  EXPECT_EQ(host.governor, std::nullopt);
  EXPECT_EQ(host.turbo, std::nullopt);
  EXPECT_FALSE(machine_class(host, "").empty());
}

TEST_F(HostInfoTest, ThisMachineIsSomething) {
  const HostInfo host = read_host_info();
  EXPECT_FALSE(host.kernel.empty());
  EXPECT_GE(host.cpus_online, 1);
}

TEST_F(HostInfoTest, AGoodHostIsOnlyToldOffForItsBuild) {
  for (const HostCheck& check : check_host(read(), tree_.path()))
    EXPECT_THAT(check.id, testing::AnyOf("debug-build", "sanitizer", "dev-shm"));
}

TEST_F(HostInfoTest, ChecksTheClocksource) {
  tree_.write(kClocksource, "hpet\n");
  EXPECT_EQ(severity("clocksource"), Severity::wrong);
  EXPECT_THAT(check("clocksource").fix, testing::StartsWith("echo tsc | sudo tee /sys/"));
  tree_.write(kClocksource, "kvm-clock\n");
  EXPECT_EQ(severity("clocksource"), Severity::note);
  tree_.write("sys/devices/system/clocksource/clocksource0/available_clocksource", "kvm-clock acpi_pm\n");
  EXPECT_EQ(check("clocksource").fix, "") << "tsc can't be chosen here";
}

TEST_F(HostInfoTest, TheFrequencyIsTheHighestOrElseTheOneItRunsAt) {
  tree_.write("proc/cpuinfo", "processor\t: 0\nmodel name\t: Example CPU 3000\ncpu MHz\t\t: 2249.998\n");
  EXPECT_EQ(read().cpu_mhz, 2249.998);
  tree_.write("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "3812500\n");
  EXPECT_EQ(read().cpu_mhz, 3812.5);
  tree_.write("sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", "0\n");
  EXPECT_EQ(read().cpu_mhz, 2249.998);
}

TEST_F(HostInfoTest, ChecksTheFrequency) {
  tree_.write("sys/devices/system/cpu/cpu4/cpufreq/scaling_governor", "powersave\n");
  tree_.write("sys/devices/system/cpu/intel_pstate/no_turbo", "0\n");
  EXPECT_EQ(read().governor, "performance, powersave");
  EXPECT_EQ(severity("governor"), Severity::noisy);
  EXPECT_EQ(severity("turbo"), Severity::noisy);
  std::filesystem::remove(tree_.path() + "/sys/devices/system/cpu/intel_pstate/no_turbo");
  tree_.write("sys/devices/system/cpu/cpufreq/boost", "1\n");
  EXPECT_EQ(read().turbo, "on");
}

TEST_F(HostInfoTest, ChecksLoadAndSmtAndSeccomp) {
  tree_.write("proc/loadavg", "1.50 0.20 0.30 1/100 1000\n");
  tree_.write("sys/devices/system/cpu/smt/active", "1\n");
  tree_.write("proc/self/status", "Name:\tx\nSeccomp:\t2\nSeccomp_filters:\t1\n");
  EXPECT_EQ(severity("load"), Severity::noisy);
  EXPECT_EQ(check("load").value, "1.50");
  EXPECT_EQ(severity("running-tasks"), Severity::fine) << "the one that runs is this one";
  EXPECT_EQ(severity("smt"), Severity::note);
  EXPECT_EQ(severity("seccomp"), Severity::note);
}

TEST_F(HostInfoTest, KnowsAContainer) {
  tree_.write(".dockerenv", "");
  EXPECT_EQ(read().virtualisation, "container");
  EXPECT_EQ(severity("container"), Severity::note);
  EXPECT_EQ(severity("virtual-machine"), Severity::fine);
  std::filesystem::remove(tree_.path() + "/.dockerenv");
  tree_.write("proc/1/cgroup", "0::/kubepods/pod1\n");
  EXPECT_EQ(read().virtualisation, "container");
  tree_.write("proc/1/cgroup", "0::/\n");
  tree_.write("proc/1/environ", std::string("PATH=/bin\0container=podman\0", 27));
  EXPECT_EQ(read().virtualisation, "container");
}

TEST_F(HostInfoTest, KnowsAVirtualMachine) {
  tree_.write("sys/hypervisor/type", "xen\n");
  EXPECT_EQ(read().virtualisation, "xen");
  EXPECT_EQ(severity("virtual-machine"), Severity::noisy);
}

TEST_F(HostInfoTest, FindsTheLeastCpuQuotaAboveTheProcess) {
  tree_.write("sys/fs/cgroup/user.slice/a.scope/cpu.max", "max 100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::fine);
  tree_.write("sys/fs/cgroup/user.slice/cpu.max", "300000 100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::noisy);
  tree_.write("sys/fs/cgroup/cpu.max", "150000 100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::wrong);
  tree_.write("sys/fs/cgroup/cpu.max", "400000 100000\n");
  tree_.write("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::fine) << "as many CPUs as there are";
}

TEST_F(HostInfoTest, FindsAQuotaOfTheOldCgroups) {
  tree_.write("proc/self/cgroup", "5:cpuset:/x\n4:cpu,cpuacct:/of/the/host\n0::/\n");
  tree_.write("proc/self/mountinfo",
              "31 24 0:27 /of/the/host /sys/fs/cgroup/cpu,cpuacct ro,nosuid - cgroup cgroup rw,cpu,cpuacct\n");
  tree_.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
  tree_.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::fine);
  tree_.write("sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "100000\n");
  EXPECT_EQ(severity("cpu-quota"), Severity::wrong);
}

TEST_F(HostInfoTest, PreemptionComesFromTheBestSourceThereIs) {
  tree_.write("proc/cmdline", "quiet\n");
  EXPECT_EQ(read().preemption, "dynamic");
  tree_.write("boot/config-6.1.0-13-amd64",
              "CONFIG_PREEMPT_BUILD=y\n# CONFIG_PREEMPT_NONE is not set\nCONFIG_PREEMPT=y\n");
  EXPECT_EQ(read().preemption, "dynamic: full");
  tree_.write("sys/kernel/debug/sched/preempt", "none voluntary full (lazy)\n");
  EXPECT_EQ(read().preemption, "dynamic: lazy");
  std::filesystem::remove(tree_.path() + "/sys/kernel/debug/sched/preempt");
  tree_.write("proc/sys/kernel/version", "#1 SMP PREEMPT_RT\n");
  EXPECT_EQ(read().preemption, "rt");
  tree_.write("proc/sys/kernel/version", "#1 SMP PREEMPT Debian\n");
  EXPECT_EQ(read().preemption, "full");
}

TEST_F(HostInfoTest, TheMachineClassHoldsWhatMustBeEqualAndNoMore) {
  const HostInfo host = read();
  const std::string before = machine_class(host, "1 package, 4 cores");
  EXPECT_THAT(before,
              testing::StartsWith("Example CPU 3000; 4 CPUs; 1 package, 4 cores; Linux 6.1; none; mitigations "));

  HostInfo other = host;
  other.hostname = "another";
  other.kernel = "6.1.99";
  other.limits.clear();
  EXPECT_EQ(machine_class(other, "1 package, 4 cores"), before);
  other.mitigations[0].second = "Mitigation: PTE Inversion";
  EXPECT_NE(machine_class(other, "1 package, 4 cores"), before);
  other = host;
  other.kernel = "6.10.1";
  EXPECT_THAT(machine_class(other, ""), testing::HasSubstr("Linux 6.10;"));
}

}  // namespace
}  // namespace ipcbench
