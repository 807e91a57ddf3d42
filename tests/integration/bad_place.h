#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "places.h"
#include "program_run.h"
#include "results/model/record.h"

namespace ipcbench {

// Runs the program in bad places.
class BadPlace : public ProgramRun {
 protected:
  // Says why this machine or user can't have such a place; "" if it can.
  std::string why_not(const Place& place) const {
    return start_words({"/bin/true"}, place).wait().code == kNoSuchPlace ? err() : "";
  }
  // Gives the test's folder, with what the test has put into it, to the user of become_normal_user().
  void hand_over() const {
    if (::geteuid() != 0) return;
    for (const char* name : {"", "small.toml"}) {
      if (::chown(path(name).c_str(), kNormalUser, kNormalUser) != 0) FAIL() << "chown " << path(name);
    }
  }
  std::string make_folder(const std::string& name) const {
    std::filesystem::create_directory(path(name));
    return path(name);
  }

  static std::vector<const CaseRecord*> cases_of(const Result& result, const std::string& transport) {
    std::vector<const CaseRecord*> found;
    for (const CaseRecord& c : result.cases) {
      if (c.transport == transport) found.push_back(&c);
    }
    EXPECT_FALSE(found.empty()) << transport;
    return found;
  }
  // Checks that every case has a launch, and that nothing is left.
  void expect_measured(const Result& result) const {
    EXPECT_TRUE(result.complete);
    for (const CaseRecord& c : result.cases) {
      EXPECT_EQ(c.status, Status::ok) << c.id << ": " << c.reason;
      EXPECT_FALSE(c.launches.empty()) << c.id;
    }
    expect_nothing_left();
  }
  void expect_nothing_left() const {
    EXPECT_EQ(run_directories(), 0u);
    EXPECT_TRUE(processes().empty());
  }
};

}  // namespace ipcbench
