#include "plots/charts/gnuplot.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/unique_fd.h"
#include "harness/process/child.h"
#include "harness/process/find_program.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr int kPatienceMs = 60'000;

// Returns ", saying …" with the last non-empty line.
std::string last_words(const UniqueFd& log) {
  std::array<char, 512> text;
  const off_t end = ::lseek(log.get(), 0, SEEK_END);
  const off_t begin = std::max<off_t>(0, end - static_cast<off_t>(text.size()));
  const ssize_t size = ::pread(log.get(), text.data(), text.size(), begin);
  if (size <= 0) return "";
  std::string_view words(text.data(), static_cast<std::size_t>(size));
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.remove_suffix(1);
  return fmt::format(", saying '{}'", printable(words.substr(words.rfind('\n') + 1)));
}

}  // namespace

std::string gnuplot_program() { return find_program("gnuplot"); }

void run_gnuplot(const std::string& program, const std::string& folder, const std::string& script) {
  const UniqueFd log(::memfd_create("ipcbench-gnuplot", MFD_CLOEXEC));
  if (!log) throw_errno("memfd_create for the output of {}", program);
  Child child = Child::spawn("gnuplot", [&] {
    ::dup2(::open("/dev/null", O_RDONLY | O_CLOEXEC), STDIN_FILENO);
    ::dup2(log.get(), STDOUT_FILENO);
    ::dup2(log.get(), STDERR_FILENO);
    if (::chdir(folder.c_str()) != 0) return 126;
    const std::array<const char*, 4> words = {program.c_str(), "-d", script.c_str(), nullptr};
    ::execv(words[0], const_cast<char* const*>(words.data()));
    return 127;
  });
  pollfd fd{.fd = child.pidfd(), .events = POLLIN, .revents = 0};
  int ready = 0;
  do {
    ready = ::poll(&fd, 1, kPatienceMs);
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) child.kill();
  const ExitStatus end = child.wait();
  if (end.clean()) return;
  errno = ready == 0 ? ETIMEDOUT : EIO;
  throw_errno("{} on {}/{} {}{}", program, printable(folder), script, describe(end), last_words(log));
}

DrawingFolder::DrawingFolder() : path_((std::filesystem::temp_directory_path() / "ipcbench-charts-XXXXXX").string()) {
  if (::mkdtemp(path_.data()) == nullptr) throw_errno("make the folder {}", path_);
}

DrawingFolder::~DrawingFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace ipcbench
