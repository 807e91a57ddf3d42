// Makes every conformance check of every transport, each in a test of its own: `ipcbench conform` makes the same ones.

#include "harness/conformance/checks.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

struct CheckOfSubject {
  ConformanceCheck check;
  Subject subject;
};

std::ostream& operator<<(std::ostream& out, const CheckOfSubject& of) {
  return out << of.check.name << " of " << of.subject.entry->name << " with " << of.subject.variant();
}

// Returns all that applies. A transport that wasn't built comes with the first check, which says so.
std::vector<CheckOfSubject> checks_of_subjects() {
  std::vector<CheckOfSubject> all;
  const std::vector<Subject> subjects = all_subjects();
  for (const ConformanceCheck& check : conformance_checks()) {
    const bool is_first = check.name == conformance_checks().front().name;
    for (const Subject& subject : subjects) {
      const bool is_built = subject.entry->transport != nullptr;
      if (is_built ? applies_to(check, subject) : is_first) all.push_back({check, subject});
    }
  }
  return all;
}

std::string test_name_of(const ::testing::TestParamInfo<CheckOfSubject>& param) {
  const auto& [check, subject] = param.param;
  std::string name(check.name);
  name += '_' + std::string(subject.entry->name);
  if (subject.entry->transport != nullptr) name += '_' + subject.variant();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

// Gives each test its own folder for runs.
class Checks : public ::testing::TestWithParam<CheckOfSubject> {
 protected:
  Checks() { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }

 private:
  TemporaryFolder folder_;
};

TEST_P(Checks, Hold) {
  const auto& [check, subject] = GetParam();
  const CheckReport report = make_check(check, subject, {.workers = test_workers()});
  if (report.result == CheckResult::skipped) GTEST_SKIP() << report.text;
  EXPECT_EQ(report.result, CheckResult::passed) << check.proves << ": " << report.text;
}

INSTANTIATE_TEST_SUITE_P(Conformance, Checks, ::testing::ValuesIn(checks_of_subjects()), test_name_of);

}  // namespace
}  // namespace ipcbench
