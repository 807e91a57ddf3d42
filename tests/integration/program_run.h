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

// The environment of a program, set up in its process before it is executed. If it throws std::system_error, the
// process ends with kNoSuchPlace and the reason on stderr.
using Place = std::function<void()>;
inline constexpr int kNoSuchPlace = kNotSetUp;

// Starts `ipcbench run` in its own folder, with its own run directories.
class ProgramRun : public testing::Test {
 protected:
  ProgramRun();
  ~ProgramRun() override;

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string output() const { return path("run.json"); }
  // Returns the path of a copy of the file in this folder. What runs or is loaded must be where others may not write,
  // and they may where the sources or the build are.
  std::string own_copy(const std::string& file) const;
  std::string journal() const { return output() + ".journal.jsonl"; }
  std::string out() const;  // of the run started last
  std::string err() const;

  // Starts `ipcbench run ARGUMENTS…` with its stdout and stderr in files.
  Child start(const std::vector<std::string>& arguments, const Place& place = {}) const;
  // Runs it to its end and returns the exit code.
  int run(const std::vector<std::string>& arguments, const Place& place = {}) const;
  // Starts any program, by its path, with these arguments.
  Child start_words(std::vector<std::string> words, const Place& place = {}) const;
  // Returns the arguments of a new run of these tests' small suite that writes output().
  std::vector<std::string> small_suite(const std::vector<std::string>& more = {}) const;

  // Returns the path of a suite of one case, which takes about a second.
  std::string tiny_suite() const { return path("tiny.toml"); }

  // Waits until `holds` or the child has ended; returns false if it has.
  static bool wait_until(Child& child, const std::function<bool()>& holds);
  std::size_t launches_in_journal() const;
  std::size_t run_directories() const;
  // Returns the processes whose environment names this test's folder.
  std::vector<pid_t> processes() const;

  // Checks that every runnable case has each pass's launch once.
  static void expect_whole(const Result& result);

  std::filesystem::path folder_;
  mutable int started_ = 0;
};

}  // namespace ipcbench
