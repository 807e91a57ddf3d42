#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/launch/launch.h"
#include "harness/sdk/registry.h"
#include "results/model/record.h"

namespace ipcbench {

// What the conformance suite is run for: one registered transport with one of its wait strategies, or with one value
// of one of its options.
struct Subject {
  const RegisteredTransport* entry = nullptr;
  WaitStrategy wait = WaitStrategy::block;
  std::string option = "";  // "" for the defaults, whose capabilities info() tells
  std::string value = "";

  const Transport& transport() const { return *entry->transport; }
  const TransportInfo& info() const { return entry->transport->info(); }
  bool offers(Scenario scenario) const;  // ping_pong or streaming
  Capabilities can() const { return transport().capabilities(options()); }
  OptionValues options() const;  // all of them
};
std::ostream& operator<<(std::ostream& out, const Subject& subject);
std::string test_name_of(const ::testing::TestParamInfo<Subject>& param);

// Every registered transport but the hidden ones, with each of its waits, then with its table wait and each other value
// of each option (OptionInfo::values); one that was not built comes once. An option of a part that several transports
// share (OptionInfo::part) comes with the first of them of each shape: the same code stands behind it in all.
std::vector<Subject> all_subjects();

// Those of them, built, that a group of tests is about: what can't apply to a subject is no test of it.
using Applies = bool (*)(const Subject&);
std::vector<Subject> subjects_where(Applies applies);

// Makes a group's tests for these subjects; none is fine, in a build without any.
#define IPCBENCH_CONFORMANCE(fixture, applies)            \
  GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(fixture); \
  INSTANTIATE_TEST_SUITE_P(Conformance, fixture, ::testing::ValuesIn(subjects_where(applies)), test_name_of)

inline constexpr std::size_t kLargest = 4 << 20;  // bytes; where a transport knows no limit

// A folder of its own for runs, and a way to launch; skips where the subject can't run here.
class Conformance : public ::testing::TestWithParam<Subject> {
 protected:
  void SetUp() override;
  ~Conformance() override;

  const Subject& subject() const { return GetParam(); }
  Capabilities can() const { return subject().can(); }
  bool offers(Scenario scenario) const { return subject().offers(scenario); }
  // The largest message that can be sent here, with the subject's option; kUnlimited where nothing forbids a larger
  // one.
  std::size_t limit() const { return limit_; }
  std::size_t largest() const { return std::min(limit(), kLargest); }
  const Available& here() const { return *here_; }

  struct Job {
    Scenario scenario = Scenario::ping_pong;
    std::size_t size = 64;  // 0 is used for transports that carry nothing
    std::size_t reply = 0;  // of the answers in ping-pong; 0: as `size`
    std::uint64_t ops = 0;  // per block; 0: a number that suits the size
    std::uint64_t seed = 1;
    bool pinned = true;  // to two CPUs, where there are two
    bool counts_calls = false;
  };
  LaunchRecord run(const Job& job, RunDir& run_dir) const;
  LaunchRecord run(const Job& job) const;

  // Where runs put their directories.
  const std::filesystem::path& runs() const { return runs_; }

 private:
  std::filesystem::path folder_;
  std::filesystem::path runs_;
  std::optional<Available> here_;
  std::size_t limit_ = 0;
};

// Round trips or messages that take little time for this wait: on one CPU a spinner gives the other side its turn only
// with the scheduler's tick.
std::uint64_t few(const Subject& subject, std::uint64_t ops);

}  // namespace ipcbench
