#include "harness/host_checks/host_checks.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/host_checks/idle_conditions.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

// A host whose files contain only what a test writes.
class HostChecksTest : public testing::Test {
 protected:
  std::vector<HostCheck> examine() const { return examine_host(read_host_info(tree_.path()), tree_.path()); }
  HostCheck check(const std::string& id) const {
    for (const HostCheck& check : examine()) {
      if (check.id == id) return check;
    }
    ADD_FAILURE() << "no check " << id;
    return {};
  }
  SeverityName severity(const std::string& id) const { return check(id).severity; }

  void write_idle_state(int number, const std::string& name, int latency_us, bool disabled = false) const {
    const std::string folder = "sys/devices/system/cpu/cpu0/cpuidle/state" + std::to_string(number) + "/";
    tree_.write(folder + "name", name + "\n");
    tree_.write(folder + "latency", std::to_string(latency_us) + "\n");
    tree_.write(folder + "disable", disabled ? "1\n" : "0\n");
  }
  void write_status(const std::string& capabilities) const {
    tree_.write("proc/self/status", "Name:\tx\nCapEff:\t" + capabilities + "\nSeccomp:\t0\n");
  }

  TemporaryFolder tree_;
};

TEST_F(HostChecksTest, WhatCantBeReadIsANoteWithTheReason) {
  for (const char* id : {"clocksource", "governor", "turbo", "smt", "idle-states", "load", "running-tasks", "isolcpus",
                         "mitigations", "cpu-quota", "cpuset", "cpu-affinity", "seccomp", "huge-pages", "swap", "perf",
                         "msgmax", "sem", "rlimit-nofile"}) {
    const HostCheck found = check(id);
    EXPECT_EQ(found.severity, Severity::note) << id;
    EXPECT_EQ(found.value, "unknown") << id;
    EXPECT_THAT(found.text, HasSubstr("can't be told: ")) << id;
  }
  EXPECT_THAT(check("msgmax").text, HasSubstr("/proc/sys/kernel/msgmax: No such file or directory"));
}

TEST_F(HostChecksTest, IdsAndTheirOrderDoNotDependOnTheHost) {
  const std::vector<HostCheck> bare = examine();
  const std::vector<HostCheck> here = examine_host(read_host_info(), "");
  ASSERT_EQ(bare.size(), here.size());
  std::set<std::string> ids;
  for (std::size_t i = 0; i < bare.size(); ++i) {
    EXPECT_EQ(bare[i].id, here[i].id);
    EXPECT_TRUE(ids.insert(bare[i].id).second) << bare[i].id;
  }
}

TEST_F(HostChecksTest, EveryCheckOfThisMachineSaysWhatAndWhere) {
  for (const HostCheck& found : examine_host(read_host_info(), "")) {
    EXPECT_THAT(found.severity, testing::AnyOf(Severity::wrong, Severity::noisy, Severity::note, Severity::fine))
        << found.id;
    EXPECT_FALSE(found.text.empty() || found.source.empty() || found.value.empty()) << found.id;
    EXPECT_TRUE(found.severity != Severity::fine || found.fix.empty()) << found.id;
  }
}

TEST_F(HostChecksTest, AResultStoresTheFindingsOnly) {
  const auto findings = check_host(read_host_info(tree_.path()), tree_.path());
  EXPECT_FALSE(findings.empty());
  for (const HostCheck& found : findings) EXPECT_NE(found.severity, Severity::fine) << found.id;
}

TEST_F(HostChecksTest, ASlowIdleStateIsNoisyUnlessItIsDisabled) {
  write_idle_state(0, "POLL", 0);
  write_idle_state(1, "C1", 2);
  EXPECT_EQ(severity("idle-states"), Severity::fine);
  EXPECT_EQ(check("idle-states").value, "C1, 2 us");
  write_idle_state(2, "C6", 133);
  EXPECT_EQ(severity("idle-states"), Severity::noisy);
  EXPECT_EQ(check("idle-states").value, "C6, 133 us");
  EXPECT_EQ(check("idle-states").fix, "sudo cpupower idle-set -D 10");
  write_idle_state(2, "C6", 133, true);
  EXPECT_EQ(severity("idle-states"), Severity::fine);
}

TEST_F(HostChecksTest, TheIdleDriverIsNamedWithItsStates) {
  EXPECT_EQ(check("idle-driver").value, "none");
  EXPECT_EQ(severity("idle-driver"), Severity::fine);
  tree_.write("sys/devices/system/cpu/cpuidle/current_driver", "intel_idle\n");
  tree_.write("sys/devices/system/cpu/cpuidle/current_governor_ro", "menu\n");
  EXPECT_EQ(check("idle-driver").value, "intel_idle, governor menu: no states");
  write_idle_state(0, "POLL", 0);
  write_idle_state(1, "C6", 133, true);
  tree_.write("sys/devices/system/cpu/cpuidle/current_governor", "teo\n");
  EXPECT_EQ(check("idle-driver").value, "intel_idle, governor teo: POLL 0 us, C6 133 us (disabled)");
}

TEST_F(HostChecksTest, PollingBeforeAHaltIsNamedWithItsParameters) {
  EXPECT_EQ(check("halt-polling").value, "none");
  tree_.write("sys/module/haltpoll/parameters/guest_halt_poll_ns", "200000\n");
  tree_.write("sys/module/haltpoll/parameters/guest_halt_poll_grow", "2\n");
  EXPECT_EQ(check("halt-polling").value, "guest_halt_poll_ns=200000, guest_halt_poll_grow=2");
  EXPECT_EQ(severity("halt-polling"), Severity::note);
  EXPECT_THAT(check("halt-polling").text, HasSubstr("up to 200000 ns"));
  tree_.write("sys/module/haltpoll/parameters/guest_halt_poll_ns", "0\n");
  EXPECT_EQ(severity("halt-polling"), Severity::fine);
}

TEST_F(HostChecksTest, TheTickOfIdleCpusIsToldByWhatCanBeRead) {
  EXPECT_EQ(check("tick").value, "unknown");
  EXPECT_THAT(check("tick").text, HasSubstr("can't be told: "));
  tree_.write("proc/sys/kernel/osrelease", "6.1.0\n");
  tree_.write("boot/config-6.1.0", "CONFIG_NO_HZ_COMMON=y\n# CONFIG_HZ_PERIODIC is not set\n");
  EXPECT_EQ(check("tick").value, "stops on idle CPUs");
  tree_.write("boot/config-6.1.0", "CONFIG_HZ_PERIODIC=y\n");
  EXPECT_EQ(check("tick").value, "periodic");
  EXPECT_EQ(severity("tick"), Severity::note);
  tree_.write("proc/timer_list", "cpu: 0\n  .nohz           : 1\n  .highres        : 1\n");
  EXPECT_EQ(check("tick").value, "stops on idle CPUs") << "what runs counts before what was built";
  tree_.write("proc/timer_list", "cpu: 0\n  .nohz_mode      : 0\n");
  EXPECT_EQ(check("tick").value, "periodic");
  tree_.write("proc/timer_list", "cpu: 0\n  .nohz_mode      : 2\n");
  tree_.write("proc/cmdline", "root=/dev/vda nohz=off\n");
  EXPECT_EQ(check("tick").value, "periodic");
}

TEST_F(HostChecksTest, AResultStoresWhatIdleCpusDoFineOrNot) {
  std::vector<std::string> ids;
  for (const HostCheck& found : idle_conditions(examine())) ids.push_back(found.id);
  EXPECT_THAT(ids, testing::ElementsAre("idle-driver", "halt-polling", "governor", "tick", "nohz-full", "timer-slack"));
}

TEST_F(HostChecksTest, OtherRunningTasksAreCountedWithoutOurselves) {
  tree_.write("sys/devices/system/cpu/online", "0-3\n");
  tree_.write("proc/loadavg", "0.00 0.00 0.00 2/100 1000\n");
  EXPECT_EQ(check("running-tasks").value, "1");
  EXPECT_EQ(severity("running-tasks"), Severity::fine) << "one on four CPUs";
  tree_.write("proc/loadavg", "0.00 0.00 0.00 5/100 1000\n");
  EXPECT_EQ(severity("running-tasks"), Severity::noisy);
  tree_.write("proc/loadavg", "0.00\n");
  EXPECT_EQ(check("running-tasks").value, "unknown");
}

TEST_F(HostChecksTest, IsolatedAndTicklessCpusAreNamed) {
  tree_.write("sys/devices/system/cpu/isolated", "\n");
  EXPECT_EQ(severity("isolcpus"), Severity::fine);
  tree_.write("sys/devices/system/cpu/isolated", "2-3\n");
  EXPECT_EQ(check("isolcpus").value, "2-3");
  EXPECT_EQ(severity("isolcpus"), Severity::note);
  EXPECT_EQ(severity("nohz-full"), Severity::fine) << "kernels without the option have no such file";
  tree_.write("sys/devices/system/cpu/nohz_full", "  (null)\n");
  EXPECT_EQ(severity("nohz-full"), Severity::fine);
  tree_.write("sys/devices/system/cpu/nohz_full", "2-3\n");
  EXPECT_EQ(check("nohz-full").value, "2-3");
  EXPECT_EQ(severity("nohz-full"), Severity::note);
}

TEST_F(HostChecksTest, AnOpenVulnerabilityMakesSystemCallsCheaperThanElsewhere) {
  const std::string folder = "sys/devices/system/cpu/vulnerabilities/";
  tree_.write(folder + "meltdown", "Mitigation: PTI\n");
  tree_.write(folder + "l1tf", "Not affected\n");
  EXPECT_EQ(severity("mitigations"), Severity::fine);
  tree_.write(folder + "spectre_v2", "Vulnerable, IBPB: disabled\n");
  EXPECT_EQ(severity("mitigations"), Severity::note);
  EXPECT_EQ(check("mitigations").value, "1 active, 1 open");
  EXPECT_THAT(check("mitigations").text, HasSubstr("spectre_v2"));
}

TEST_F(HostChecksTest, TheNearestCpusetCountsInBothVersions) {
  tree_.write("sys/devices/system/cpu/online", "0-7\n");
  tree_.write("proc/self/cgroup", "0::/a/b\n");
  tree_.write("proc/self/mountinfo",
              "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
              "31 24 0:27 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n");
  EXPECT_EQ(check("cpuset").value, "none");
  tree_.write("sys/fs/cgroup/a/cpuset.cpus.effective", "0-7\n");
  EXPECT_EQ(severity("cpuset"), Severity::fine);
  tree_.write("sys/fs/cgroup/a/b/cpuset.cpus.effective", "0-3\n");
  EXPECT_EQ(severity("cpuset"), Severity::note);
  EXPECT_EQ(check("cpuset").source, "/sys/fs/cgroup/a/b/cpuset.cpus.effective");
  tree_.write("proc/self/cgroup", "3:cpuset:/of/the/host\n");
  tree_.write("sys/fs/cgroup/cpuset/cpuset.cpus", "0,2\n");
  EXPECT_EQ(check("cpuset").value, "0,2");
}

TEST_F(HostChecksTest, ProcOfAnotherNamespaceIsWrong) {
  const auto link_to = [&](const std::string& pid) {
    std::filesystem::create_directories(tree_.path() + "/proc");
    std::filesystem::remove(tree_.path() + "/proc/self");
    std::filesystem::create_symlink(pid, tree_.path() + "/proc/self");
  };
  link_to(std::to_string(::getpid()));
  EXPECT_EQ(severity("proc"), Severity::fine);
  link_to("4194304");
  EXPECT_EQ(severity("proc"), Severity::wrong);
  EXPECT_THAT(check("proc").text, HasSubstr("4194304"));
}

TEST_F(HostChecksTest, MemoryIsCountedWhereAGroupMayBeMade) {
  tree_.write("proc/self/cgroup", "0::/a/b\n");
  tree_.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  tree_.write("sys/fs/cgroup/a/b/cgroup.controllers", "memory\n");
  tree_.write("sys/fs/cgroup/a/b/cgroup.procs", "1\n");
  EXPECT_EQ(severity("memory-group"), Severity::note);
  EXPECT_THAT(check("memory-group").fix, HasSubstr("Delegate=yes"));
  tree_.write("sys/fs/cgroup/a/b/cgroup.subtree_control", "memory\n");
  EXPECT_EQ(severity("memory-group"), Severity::fine);
  EXPECT_EQ(check("memory-group").value, "cgroup-v2");
}

TEST_F(HostChecksTest, TheAffinityOfTheProcessCounts) {
  tree_.write("sys/devices/system/cpu/online", "0-7\n");
  tree_.write("proc/self/status", "Cpus_allowed_list:\t3\n");
  EXPECT_EQ(severity("cpu-affinity"), Severity::note);
  EXPECT_THAT(check("cpu-affinity").text, HasSubstr("nothing between two CPUs"));
  tree_.write("proc/self/status", "Cpus_allowed_list:\t0-7\n");
  EXPECT_EQ(severity("cpu-affinity"), Severity::fine);
}

TEST_F(HostChecksTest, ALimitThatSkipsCasesIsANoteWithItsCommand) {
  tree_.write("proc/sys/kernel/msgmax", "8192\n");
  EXPECT_EQ(severity("msgmax"), Severity::note);
  EXPECT_EQ(check("msgmax").value, "8 KiB");
  EXPECT_EQ(check("msgmax").fix, "sudo sysctl kernel.msgmax=1048576");
  tree_.write("proc/sys/kernel/msgmax", "1048576\n");
  EXPECT_EQ(severity("msgmax"), Severity::fine);
  tree_.write("proc/sys/kernel/msgmax", "lots\n");
  EXPECT_EQ(check("msgmax").value, "unknown");
  tree_.write("proc/sys/kernel/shmmax", "18446744073692774399\n");
  EXPECT_EQ(check("shmmax").value, "unlimited");
}

TEST_F(HostChecksTest, ALimitUnderTheKernelsDefaultIsWrong) {
  for (const auto& [id, file, usual, less] : {std::tuple("wmem-default", "net/core/wmem_default", "212992", "65536"),
                                              std::tuple("rmem-default", "net/core/rmem_default", "212992", "65536"),
                                              std::tuple("msgmnb", "kernel/msgmnb", "16384", "1024"),
                                              std::tuple("mqueue-msg-default", "fs/mqueue/msg_default", "10", "2"),
                                              std::tuple("mqueue-msg-max", "fs/mqueue/msg_max", "10", "2")}) {
    const std::string path = std::string("proc/sys/") + file;
    tree_.write(path, std::string(usual) + "\n");
    EXPECT_NE(severity(id), Severity::wrong) << id;
    tree_.write(path, std::string(less) + "\n");
    EXPECT_EQ(severity(id), Severity::wrong) << id;
    EXPECT_THAT(check(id).text, HasSubstr("under the kernel's default: such rows are marked, and not judged")) << id;
    EXPECT_THAT(check(id).fix, StartsWith("sudo sysctl ")) << id;
  }
}

TEST_F(HostChecksTest, AnAddressSpaceThatIsLimitedIsANote) {
  const auto write_limit = [&](const std::string& soft) {
    tree_.write("proc/self/limits",
                "Limit                     Soft Limit           Hard Limit           Units     \n"
                "Max address space         " +
                    soft + "            unlimited            bytes     \n");
  };
  EXPECT_EQ(check("rlimit-as").value, "unknown");
  write_limit("unlimited");
  EXPECT_EQ(severity("rlimit-as"), Severity::fine);
  write_limit("1073741824");
  EXPECT_EQ(severity("rlimit-as"), Severity::note);
  EXPECT_EQ(check("rlimit-as").value, "1024 MiB");
  EXPECT_EQ(check("rlimit-as").fix, "ulimit -v unlimited");
}

TEST_F(HostChecksTest, TheTightestMemoryLimitOfTheGroupsIsANote) {
  tree_.write("proc/self/cgroup", "0::/a/b\n");
  tree_.write("proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
  EXPECT_EQ(severity("memory-limit"), Severity::fine);
  tree_.write("sys/fs/cgroup/a/memory.max", "104857600\n");
  tree_.write("sys/fs/cgroup/a/memory.current", "94371840\n");
  tree_.write("sys/fs/cgroup/a/memory.events.local", "high 0\nmax 3\n");
  tree_.write("sys/fs/cgroup/a/b/memory.high", "52428800\n");
  tree_.write("sys/fs/cgroup/a/b/memory.current", "1048576\n");
  EXPECT_EQ(severity("memory-limit"), Severity::note);
  EXPECT_EQ(check("memory-limit").source, "/sys/fs/cgroup/a/memory.max");
  EXPECT_THAT(check("memory-limit").text, HasSubstr("memory.max is 100 MiB, of which 10 are left; hit 3 times so far"));
}

TEST_F(HostChecksTest, ResourceLimitsComeFromTheirTable) {
  tree_.write("proc/self/limits",
              "Limit                     Soft Limit           Hard Limit           Units     \n"
              "Max processes             unlimited            unlimited            processes \n"
              "Max open files            64                   64                   files     \n"
              "Max locked memory         8388608              8388608              bytes     \n");
  EXPECT_EQ(check("rlimit-nproc").value, "unlimited");
  EXPECT_EQ(severity("rlimit-nproc"), Severity::fine);
  EXPECT_EQ(severity("rlimit-nofile"), Severity::note);
  EXPECT_EQ(check("rlimit-memlock").value, "8 MiB");
  EXPECT_EQ(check("rlimit-msgqueue").value, "unknown");
}

TEST_F(HostChecksTest, SemaphoreSetsAreTheFourthNumber) {
  tree_.write("proc/sys/kernel/sem", "32000\t1024000000\t500\t4\n");
  EXPECT_EQ(severity("sem"), Severity::note);
  tree_.write("proc/sys/kernel/sem", "250 32000 32 128\n");
  EXPECT_EQ(severity("sem"), Severity::fine);
  EXPECT_EQ(check("sem").value, "250 32000 32 128");
}

TEST_F(HostChecksTest, MessageQueuesNeedNoMount) {
  EXPECT_EQ(check("mqueue").value, "none");
  EXPECT_EQ(severity("mqueue"), Severity::note);
  tree_.write("proc/sys/fs/mqueue/queues_max", "256\n");
  EXPECT_EQ(check("mqueue").value, "not mounted");
  EXPECT_EQ(severity("mqueue"), Severity::fine);
  tree_.write("proc/mounts", "proc /proc proc rw 0 0\nmqueue /dev/mqueue mqueue rw,nosuid 0 0\n");
  EXPECT_EQ(check("mqueue").value, "mounted");
}

TEST_F(HostChecksTest, ACapabilityStandsForPermission) {
  write_status("0000000000000000");
  tree_.write("proc/sys/kernel/perf_event_paranoid", "3\n");
  tree_.write("proc/sys/kernel/yama/ptrace_scope", "2\n");
  EXPECT_EQ(severity("perf"), Severity::note);
  EXPECT_EQ(severity("ptrace"), Severity::note);
  write_status("000001ffffffffff");
  EXPECT_EQ(severity("perf"), Severity::fine);
  EXPECT_EQ(severity("ptrace"), Severity::fine);
  tree_.write("proc/sys/kernel/yama/ptrace_scope", "3\n");
  EXPECT_EQ(severity("ptrace"), Severity::note) << "3 holds for everybody";
  write_status("0000000000000000");
  tree_.write("proc/sys/kernel/perf_event_paranoid", "-1\n");
  tree_.write("proc/sys/kernel/yama/ptrace_scope", "1\n");
  EXPECT_EQ(severity("perf"), Severity::fine);
  EXPECT_EQ(severity("ptrace"), Severity::fine);
}

TEST_F(HostChecksTest, HugePagesAndSwapAreNotedWhereTheyMatter) {
  tree_.write("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
  EXPECT_EQ(check("huge-pages").value, "always");
  EXPECT_EQ(severity("huge-pages"), Severity::note);
  tree_.write("proc/meminfo", "SwapTotal:       1000 kB\nSwapFree:        400 kB\n");
  EXPECT_EQ(severity("swap"), Severity::note);
  EXPECT_EQ(check("swap").value, "600 of 1000 KiB");
  tree_.write("proc/meminfo", "SwapTotal:       0 kB\nSwapFree:        0 kB\n");
  EXPECT_EQ(check("swap").value, "none");
}

}  // namespace
}  // namespace ipcbench
