#include "harness/process/run_program.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"

namespace ipcbench {
namespace {

constexpr std::size_t kLongestOutput = 16u << 20;
constexpr std::size_t kLongestQuote = 300;

// Becomes the program, in the child; returns only if it doesn't.
int become_program(const ProgramCall& call, char* const* argv, int out, int err) {
  ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(err, STDERR_FILENO);
  int code = kNotSetUp;
  try {
    if (call.set_up) call.set_up();
    code = kNotExecuted;
    ::execv(argv[0], argv);
    throw_errno("execute {}", argv[0]);
  } catch (const std::system_error& error) {
    write_all(STDERR_FILENO, error.what(), "stderr");
  }
  return code;
}

}  // namespace

Child start_program(const ProgramCall& call, int out, int err) {
  std::vector<char*> argv;
  for (const std::string& word : call.words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  const std::string& path = call.words.front();
  const std::string name = path.substr(path.rfind('/') + 1);
  return Child::spawn(name.c_str(), [&] { return become_program(call, argv.data(), out, err); });
}

ProgramOutput::ProgramOutput() : fd_(::memfd_create("ipcbench", MFD_CLOEXEC)) {
  if (!fd_) throw_errno("memfd_create for the output of a program");
}

std::string ProgramOutput::text() const {
  std::string text;
  std::array<char, 16384> part;
  while (text.size() < kLongestOutput) {
    const ssize_t got = ::pread(fd(), part.data(), part.size(), static_cast<off_t>(text.size()));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(part.data(), static_cast<std::size_t>(got));
  }
  return text;
}

ProgramEnd run_program(const ProgramCall& call, std::chrono::nanoseconds time, OnStop on_stop) {
  const ProgramOutput out, err;
  Child child = start_program(call, out.fd(), err.fd());
  const bool in_time = wait_with_deadline(child, time, on_stop);
  return {.status = child.wait(), .in_time = in_time, .out = out.text(), .err = err.text()};
}

std::string_view last_line(std::string_view text) noexcept {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text.substr(text.rfind('\n') + 1).substr(0, kLongestQuote);
}

std::string saying(std::string_view text) {
  const std::string_view line = last_line(text);
  return line.empty() ? "" : fmt::format(", saying '{}'", line);
}

}  // namespace ipcbench
