#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/sdk/registry.h"
#include "results/model/record.h"

namespace ipcbench {

// Names what the conformance suite runs on: a registered transport with one of its waits, or one value of one option.
struct Subject {
  const RegisteredTransport* entry = nullptr;
  WaitStrategy wait = WaitStrategy::block;
  std::string option = "";  // "" for the defaults, whose capabilities are in info()
  std::string value = "";

  const Transport& transport() const { return *entry->transport; }
  const TransportInfo& info() const { return entry->transport->info(); }
  bool offers(Scenario scenario) const;  // ping_pong or streaming
  Capabilities can() const { return transport().capabilities(options()); }
  OptionValues options() const;  // all options
};
std::ostream& operator<<(std::ostream& out, const Subject& subject);
std::string test_name_of(const ::testing::TestParamInfo<Subject>& param);

// Returns every registered transport except hidden ones. Each comes with each of its waits, then with its table wait
// and each other value of each option (OptionInfo::values). One that was not built comes once. An option of a part that
// transports share (OptionInfo::part) comes only with the first one of each shape, since the code is the same.
std::vector<Subject> all_subjects();

// Selects the built subjects to which a group of tests applies.
using Applies = bool (*)(const Subject&);
std::vector<Subject> subjects_where(Applies applies);

// Instantiates a group's tests for these subjects; there may be none in a given build.
#define IPCBENCH_CONFORMANCE(fixture, applies)            \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(fixture); \
  INSTANTIATE_TEST_SUITE_P(Conformance, fixture, ::testing::ValuesIn(subjects_where(applies)), test_name_of)

inline constexpr std::size_t kLargest = 4 << 20;  // bytes; used if a transport has no limit

// The first and the last CPU that the test may use: the same one where there is no other.
CpuPair two_cpus();
inline constexpr std::chrono::seconds kLaunchDeadline{60};

// Gives each test its own folder for runs and a way to launch. Skips the test if the subject can't run here.
class Conformance : public ::testing::TestWithParam<Subject> {
 protected:
  void SetUp() override;
  ~Conformance() override;

  const Subject& subject() const { return GetParam(); }
  Capabilities can() const { return subject().can(); }
  bool offers(Scenario scenario) const { return subject().offers(scenario); }
  // Returns the largest message that can be sent here with the subject's option; kUnlimited if there is no limit.
  std::size_t limit() const { return limit_; }
  std::size_t largest() const { return std::min(limit(), kLargest); }
  const Available& here() const { return *here_; }

  struct Job {
    Scenario scenario = Scenario::ping_pong;
    std::size_t size = 64;  // transports without payload get 0
    std::size_t reply = 0;  // size of answers in ping-pong; 0: as `size`
    std::uint64_t ops = 0;  // per block; 0: depends on the size
    std::uint64_t seed = 1;
    bool pinned = true;  // to two CPUs, if there are two
    bool counts_calls = false;
    std::vector<std::pair<std::string, std::string>> options = {};  // of the scenario
  };
  LaunchRecord run(const Job& job, RunDir& run_dir) const;
  LaunchRecord run(const Job& job) const;

  // Returns the folder in which runs make their directories.
  const std::filesystem::path& runs() const { return runs_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path runs_;
  std::optional<Available> here_;
  std::size_t limit_ = 0;
};

// Returns a smaller number of ops for waits that are slow: on one CPU, a spinner yields to the peer only at the
// scheduler's tick.
std::uint64_t few(const Subject& subject, std::uint64_t ops);

}  // namespace ipcbench
