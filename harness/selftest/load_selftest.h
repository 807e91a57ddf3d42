#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/measure/clock_choice.h"
#include "harness/selftest/load_checks.h"
#include "harness/selftest/timed_rounds.h"
#include "results/model/record.h"

// The part of the self-test that shows what open loops measure: docs/method.md, rules 24 to 26 and 28.

namespace ipcbench {

// LoadSelftest makes the launches of the checks of open loops. Sides that are stopped share a CPU: there a wake-up is
// a switch, a backlog drains fast, and the coordinator may have another CPU.
class LoadSelftest {
 public:
  // Measures the noise of the two CPUs, if there are two. `launches` must outlive it. Throws std::system_error.
  LoadSelftest(TestLaunches& launches, const ClockChoice& clock, CpuPair one_cpu, std::optional<CpuPair> two_cpus);

  // Returns the checks that can be made here. They refer to this object.
  std::vector<TimedRounds> checks();
  // Returns the names of those that can't, since they need two CPUs.
  std::vector<std::string> skipped() const;

 private:
  using Readings = std::optional<std::vector<double>>;

  std::optional<double> saturation(const TestJob& like, std::string& broken);
  Readings read_stalled(std::string_view transport, StoppedSide side, std::string& broken);
  Readings read_late_pacer(std::string& broken);
  Readings read_schedule(std::string& broken);
  Readings read_overload(std::string& broken);
  Readings read_one_way(std::string& broken);
  bool is_unsteady(const TestJob& job, LaunchRecord record) const;

  TestLaunches& launches_;
  ClockRecord clock_;
  CpuPair one_cpu_;
  std::optional<CpuPair> two_cpus_;
  std::vector<NoiseRecord> noise_;
  std::map<std::string, double, std::less<>> saturations_;  // by transport and form: the highest so far
};

}  // namespace ipcbench
