#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/host_checks/host_checks.h"
#include "harness/host_checks/inherited_conditions.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using testing::HasSubstr;

// A process whose files contain only what a test writes.
class InheritedChecks : public testing::Test {
 protected:
  InheritedChecks() {
    write_status("0");
    write_stat(0, 0, 0);
    tree_.write("proc/self/personality", "00000000\n");
    tree_.write("proc/self/timerslack_ns", "50000\n");
    tree_.write("proc/self/autogroup", "/autogroup-7 nice 0\n");
    tree_.write("proc/self/environ", std::string("HOME=/root\0LD_PRELOAD=\0", 23));
    tree_.write("proc/sys/kernel/randomize_va_space", "2\n");
  }
  void write_status(const std::string& tracer, const std::string& more = "") const {
    tree_.write("proc/self/status", "Name:\tx\nTracerPid:\t" + tracer +
                                        "\nSeccomp:\t0\nNoNewPrivs:\t0\nTHP_enabled:\t1\n"
                                        "Speculation_Store_Bypass:\tthread vulnerable\n" +
                                        more);
  }
  void write_stat(int nice, int priority, int policy) const {
    std::string fields = "7 (a name) with) S";
    for (int field = 4; field <= 52; ++field) {
      const int value = field == 19 ? nice : field == 40 ? priority : field == 41 ? policy : field;
      fields += ' ' + std::to_string(value);
    }
    tree_.write("proc/self/stat", fields + '\n');
  }
  std::vector<HostCheck> examine() const { return examine_host(read_host_info(tree_.path()), tree_.path()); }
  HostCheck check(const std::string& id) const {
    for (const HostCheck& check : examine()) {
      if (check.id == id) return check;
    }
    ADD_FAILURE() << "no check " << id;
    return {};
  }
  std::string conditions() const { return inherited_conditions(examine()); }

  TemporaryFolder tree_;
};

TEST_F(InheritedChecks, TheUsualIsUsual) { EXPECT_EQ(conditions(), "usual"); }

TEST_F(InheritedChecks, WhatCantBeReadIsNoCondition) {
  TemporaryFolder empty;
  EXPECT_EQ(inherited_conditions(examine_host(read_host_info(empty.path()), empty.path())), "usual");
}

TEST_F(InheritedChecks, ATracerIsWrong) {
  write_status("41");
  tree_.write("proc/41/comm", "strace\n");
  EXPECT_EQ(check("tracer").severity, Severity::wrong);
  EXPECT_EQ(conditions(), "tracer strace");
}

TEST_F(InheritedChecks, NicenessIsACondition) {
  write_stat(10, 0, 0);
  EXPECT_EQ(check("nice").severity, Severity::noisy);
  EXPECT_EQ(conditions(), "nice 10");
  write_stat(-5, 0, 0);
  EXPECT_EQ(check("nice").severity, Severity::note);
  EXPECT_EQ(conditions(), "nice -5");
}

TEST_F(InheritedChecks, APolicyIsACondition) {
  write_stat(0, 20, 1);
  tree_.write("proc/self/timerslack_ns", "0\n");  // as a real-time policy sets it
  EXPECT_THAT(check("scheduling-policy").text, HasSubstr("sched_rt_runtime_us"));
  EXPECT_EQ(conditions(), "scheduling-policy SCHED_FIFO 20");
  write_stat(0, 0, 3);
  tree_.write("proc/self/timerslack_ns", "50000\n");
  EXPECT_EQ(conditions(), "scheduling-policy SCHED_BATCH");
  write_stat(0, 0, 5);
  EXPECT_EQ(check("scheduling-policy").severity, Severity::noisy);
}

TEST_F(InheritedChecks, TheNicenessOfASessionIsACondition) {
  tree_.write("proc/self/autogroup", "/autogroup-7 nice 5\n");
  EXPECT_EQ(conditions(), "autogroup-nice 5");
}

TEST_F(InheritedChecks, AnotherTimerSlackIsACondition) {
  tree_.write("proc/self/timerslack_ns", "1\n");
  EXPECT_EQ(conditions(), "timer-slack 1 ns");
}

TEST_F(InheritedChecks, AFixedAddressLayoutIsACondition) {
  tree_.write("proc/self/personality", "00040000\n");
  EXPECT_EQ(conditions(), "personality ADDR_NO_RANDOMIZE");
  tree_.write("proc/self/personality", "00000000\n");
  tree_.write("proc/sys/kernel/randomize_va_space", "0\n");
  EXPECT_EQ(conditions(), "address-randomisation 0");
}

TEST_F(InheritedChecks, MitigationsOfOneProcessAreACondition) {
  tree_.write("proc/self/status", "TracerPid:\t0\nSpeculation_Store_Bypass:\tthread force mitigated\n");
  EXPECT_EQ(conditions(), "speculation Speculation_Store_Bypass thread force mitigated");
  tree_.write(
      "proc/self/status",
      "TracerPid:\t0\nSpeculation_Store_Bypass:\tvulnerable\nSpeculationIndirectBranch:\tconditional disabled\n");
  EXPECT_EQ(conditions(), "speculation SpeculationIndirectBranch conditional disabled");
  tree_.write("proc/self/status", "TracerPid:\t0\nSpeculation_Store_Bypass:\tglobally mitigated\n");
  EXPECT_EQ(conditions(), "usual");  // applies to all processes, so that the machine class has it
}

TEST_F(InheritedChecks, FiltersOfSystemCallsAreACondition) {
  tree_.write("proc/self/status", "TracerPid:\t0\nSeccomp:\t2\nSeccomp_filters:\t2\n");
  EXPECT_EQ(conditions(), "seccomp 2 filters");
}

TEST_F(InheritedChecks, LibrariesLoadedUnaskedAreNamedWithoutTheirFolders) {
  tree_.write("proc/self/environ", std::string("A=b\0LD_PRELOAD=/home/u/libx.so:liby.so\0", 40));
  tree_.write("etc/ld.so.preload", "/opt/v/libz.so\n");
  EXPECT_EQ(conditions(), "preloaded libz.so, libx.so, liby.so");
  tree_.write("etc/ld.so.preload", "");
  tree_.write("proc/self/environ", std::string("GLIBC_TUNABLES=glibc.pthread.rseq=0\0", 36));
  EXPECT_EQ(conditions(), "preloaded GLIBC_TUNABLES=glibc.pthread.rseq=0");
}

TEST_F(InheritedChecks, HugePagesThatAreOffAreACondition) {
  tree_.write("proc/self/status", "TracerPid:\t0\nTHP_enabled:\t0\n");
  EXPECT_EQ(conditions(), "huge-pages-off yes");
}

TEST_F(InheritedChecks, PrivilegesThatCantBeGainedAreOnlyNoted) {
  tree_.write("proc/self/status", "TracerPid:\t0\nNoNewPrivs:\t1\n");
  EXPECT_EQ(check("no-new-privileges").severity, Severity::note);
  EXPECT_EQ(conditions(), "usual");
}

TEST_F(InheritedChecks, SeveralConditionsStandInOneOrder) {
  write_stat(3, 0, 3);
  tree_.write("proc/self/timerslack_ns", "1\n");
  EXPECT_EQ(conditions(), "scheduling-policy SCHED_BATCH; nice 3; timer-slack 1 ns");
}

TEST_F(InheritedChecks, EveryConditionIsACheckAndInTheTable) {
  const std::string table = read_file(std::string(IPCBENCH_SOURCE_DIR) + "/docs/inherited.md");
  const std::vector<HostCheck> checks = examine();
  for (const std::string_view id : inherited_condition_ids()) {
    EXPECT_THAT(table, HasSubstr("`" + std::string(id) + "`"));
    EXPECT_THAT(checks, testing::Contains(testing::Field(&HostCheck::id, id)));
  }
}

}  // namespace
}  // namespace ipcbench
