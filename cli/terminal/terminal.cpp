#include "cli/terminal/terminal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "cli/terminal/exit_code.h"
#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "results/model/utf8.h"

namespace ipcbench {

bool use_color(ColorWhen when, int fd) noexcept {
  if (when != ColorWhen::automatic) return when == ColorWhen::always;
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* term = std::getenv("TERM");
  return ::isatty(fd) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

void occupy_closed_streams() noexcept {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    // The lowest free number is this one: those before it are open.
    if (::fcntl(fd, F_GETFD) < 0 && ::open("/", O_PATH) != fd) ::_exit(kExitInternal);
  }
}

void print(std::string_view text) {
  try {
    write_all(STDOUT_FILENO, text, "stdout");
  } catch (const std::system_error& error) {
    if (error.code().value() != EPIPE) throw;
  }
}

void write_output(const std::string& path, std::string_view text) {
  if (is_stdout(path)) return print(text);
  write_file_atomically(path, text);
}

void tell(std::string_view line) noexcept try {
  std::string text;
  for (std::size_t end = 0; end != std::string_view::npos; line.remove_prefix(std::min(end + 1, line.size()))) {
    end = line.find('\n');
    text += printable(line.substr(0, end)) + '\n';
  }
  write_all(STDERR_FILENO, text, "stderr");
} catch (const std::exception&) {
}

std::string shell_quoted(std::string_view argument) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=.,:/@%";
  if (!argument.empty() && argument.find_first_not_of(kPlain) == std::string_view::npos) return std::string(argument);
  std::string quoted = "'";
  for (const char c : argument) {
    if (c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  return quoted + "'";
}

}  // namespace ipcbench
