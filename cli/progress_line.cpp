#include "cli/progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

#include "cli/terminal.h"
#include "harness/run/duration.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

constexpr auto kTerminalPeriod = 100ms;
constexpr auto kPlainPeriod = 10s;

bool can_rewrite_lines() noexcept {
  const char* term = std::getenv("TERM");
  return ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t terminal_columns() noexcept {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

// The case comes last: it is what a narrow terminal can do without.
std::string progress_text(const Progress& progress) {
  std::string text = fmt::format("{}", progress.stage);
  if (progress.total > 0) text += fmt::format("  {}/{} launches", progress.done, progress.total);
  text += fmt::format("  {}, {} left", format_duration(progress.elapsed), format_duration(progress.left));
  if (!progress.case_id.empty()) text += fmt::format("  {}", progress.case_id);
  return text;
}

}  // namespace

ProgressLine::ProgressLine()
    : terminal_(can_rewrite_lines()), next_(terminal_ ? Clock::now() : Clock::now() + kPlainPeriod) {}

ProgressLine::~ProgressLine() { clear(); }

void ProgressLine::progress(const Progress& progress) {
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + (terminal_ ? Clock::duration(kTerminalPeriod) : Clock::duration(kPlainPeriod));
  std::string text = progress_text(progress);
  if (!terminal_) return tell(text);
  // One column short of the width: some terminals wrap as soon as the last one is filled.
  text.resize(std::min(text.size(), terminal_columns() - 1));
  std::fputs(("\r" + text + "\x1b[K").c_str(), stderr);
  shown_ = true;
}

void ProgressLine::note(std::string_view text) {
  clear();
  tell(text);
}

void ProgressLine::clear() noexcept {
  if (shown_) std::fputs("\r\x1b[K", stderr);
  shown_ = false;
}

}  // namespace ipcbench
