#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/process/child.h"
#include "harness/process/wait_with_deadline.h"

namespace ipcbench {

// A program to be started, by no shell.
struct ProgramCall {
  std::vector<std::string> words;  // the program's path, then its arguments
  // Runs in the child before the program does. What it throws as std::system_error is printed as the program's stderr.
  std::function<void()> set_up = {};
};
inline constexpr int kNotSetUp = 125;  // exit codes of a child that did not become the program
inline constexpr int kNotExecuted = 127;

// Starts the program: its stdin is empty, its stdout and stderr are `out` and `err`. Throws std::system_error where the
// host can't fork. A program that can't be set up or executed shows by its exit code and a sentence on stderr.
Child start_program(const ProgramCall& call, int out, int err);

// Memory without a name that a program prints into: it never waits for a reader.
class ProgramOutput {
 public:
  ProgramOutput();  // throws std::system_error

  int fd() const noexcept { return fd_.get(); }
  // Returns what has been printed so far: the first 16 MiB of it.
  std::string text() const;

 private:
  UniqueFd fd_;
};

struct ProgramEnd {
  ExitStatus status;
  bool in_time = true;  // it ended by itself
  std::string out, err;
};

// Starts the program, waits for its end and keeps what it printed. Kills it when the time is up, or by `on_stop`.
// Throws std::system_error where the host can't fork.
ProgramEnd run_program(const ProgramCall& call, std::chrono::nanoseconds time, OnStop on_stop);

// Returns the last line that isn't empty, up to 300 bytes of it: a program that fails says there why.
std::string_view last_line(std::string_view text) noexcept;
// Returns ", saying 'LAST LINE'" for a sentence about the program; "" if it has said nothing.
std::string saying(std::string_view text);

}  // namespace ipcbench
