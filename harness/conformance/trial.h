#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/conformance/subject.h"
#include "harness/run_dir/run_dir.h"
#include "harness/suite/workers.h"
#include "results/model/record.h"

namespace ipcbench {

// CheckFailed ends a check that has seen what must not be; its text says what.
struct CheckFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// CheckSkipped ends a check that can't be made here; its text is the reason.
struct CheckSkipped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Throws CheckFailed with the formatted text unless `holds`.
template <class... Args>
void require(bool holds, fmt::format_string<Args...> text, Args&&... args) {
  if (!holds) throw CheckFailed(fmt::format(text, std::forward<Args>(args)...));
}

// TrialSettings hold how checks are made, whatever they check.
struct TrialSettings {
  Workers workers = Workers::fork;
  std::chrono::seconds deadline{60};  // of a launch, and of whatever else a check waits for
};

// Trial is one check of one subject: it says what the subject can do here and launches it.
class Trial {
 public:
  // Throws CheckSkipped if the subject can't run here.
  Trial(const Subject& subject, const TrialSettings& settings);

  const Subject& subject() const { return subject_; }
  const TrialSettings& settings() const { return settings_; }
  Capabilities can() const { return subject_.can(); }
  // Returns those of ping_pong and streaming that the subject offers.
  std::vector<Scenario> scenarios() const;

  // The most bytes that are sent where a transport has no limit. Another language may take a microsecond for each.
  static constexpr std::size_t kLargest = 4 << 20;
  static constexpr std::size_t kLargestOfForeignWorkers = 64 << 10;
  // Returns the largest message that can be sent here with the subject's option; kUnlimited if there is no limit.
  std::size_t limit() const { return limit_; }
  std::size_t largest() const {
    return std::min(limit(), subject_.has_own_workers() ? kLargest : kLargestOfForeignWorkers);
  }
  std::size_t small() const { return std::min<std::size_t>(64, largest()); }
  const Available& here() const { return here_; }

  // Throws CheckSkipped if this program has no conformance loop for the subject: that of built-in transports is in
  // builds with tests alone.
  void need_loop() const;

  // Job is a launch that a check asks for.
  struct Job {
    Scenario scenario = Scenario::ping_pong;
    std::size_t size = 64;  // transports without payload get 0
    std::size_t reply = 0;  // size of answers in ping-pong; 0: as `size`
    std::uint64_t ops = 0;  // per block; 0: depends on the size
    bool pinned = true;     // to two CPUs, if there are two
    bool counts_calls = false;
    std::vector<std::pair<std::string, std::string>> options = {};  // of the scenario
  };
  LaunchRecord run(const Job& job, RunDir& run_dir) const;
  LaunchRecord run(const Job& job) const;

 private:
  std::size_t limit_by_options() const;

  const Subject& subject_;
  const TrialSettings settings_;
  Available here_;
  std::size_t limit_ = 0;
};

}  // namespace ipcbench
