#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/process/child.h"
#include "harness/process/run_program.h"
#include "results/model/record.h"

namespace ipcbench {

// Where a program finds itself: set up in its process before it is executed. Throws std::system_error where that can't
// be; the process then ends with kNoSuchPlace, and the reason on stderr.
using Place = std::function<void()>;
inline constexpr int kNoSuchPlace = kNotSetUp;

// Starts `ipcbench run` in a folder of its own, with run directories of its own.
class ProgramRun : public testing::Test {
 protected:
  ProgramRun();
  ~ProgramRun() override;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string output() const { return path("run.json"); }
  std::string journal() const { return output() + ".journal.jsonl"; }
  std::string out() const;  // of the run started last
  std::string err() const;

  // `ipcbench run ARGUMENTS…`, its stdout and stderr in files of its own.
  Child start(const std::vector<std::string>& arguments, const Place& place = {}) const;
  // The same, to its end: the exit code.
  int run(const std::vector<std::string>& arguments, const Place& place = {}) const;
  // Any program, by its path, with these arguments.
  Child start_words(std::vector<std::string> words, const Place& place = {}) const;
  // The small suite of these tests, as a new run that writes output().
  std::vector<std::string> small_suite(const std::vector<std::string>& more = {}) const;

  // Waits until `holds` or the child has ended; false if it has.
  static bool wait_until(Child& child, const std::function<bool()>& holds);
  std::size_t launches_in_journal() const;
  std::size_t run_directories() const;
  // Processes whose environment names this test's folder.
  std::vector<pid_t> processes() const;

  // Every runnable case has the launch of each pass once.
  static void expect_whole(const Result& result);

  std::filesystem::path folder_;
  mutable int started_ = 0;
};

}  // namespace ipcbench
