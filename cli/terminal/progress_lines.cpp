#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/suite/duration.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;

using LineClock = std::chrono::steady_clock;

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

// The case comes last: a narrow terminal cuts it off.
std::string progress_text(const Progress& progress) {
  std::string text = fmt::format("{}", progress.stage);
  if (progress.total > 0) text += fmt::format("  {}/{} launches", progress.done, progress.total);
  text += fmt::format("  {}, {} left", format_duration(progress.elapsed), format_duration(progress.left));
  if (!progress.case_id.empty()) text += fmt::format("  {}", progress.case_id);
  return text;
}

class ProgressLines final : public ProgressReporter {
 public:
  explicit ProgressLines(bool rewrite)
      : rewrite_(rewrite), next_(rewrite ? LineClock::now() : LineClock::now() + kPlainPeriod) {}
  ProgressLines(const ProgressLines&) = delete;
  ProgressLines& operator=(const ProgressLines&) = delete;
  ~ProgressLines() override { clear(); }

  void progress(const Progress& progress) override {
    const LineClock::time_point now = LineClock::now();
    if (now < next_) return;
    next_ = now + (rewrite_ ? LineClock::duration(kTerminalPeriod) : LineClock::duration(kPlainPeriod));
    std::string text = progress_text(progress);
    if (!rewrite_) return tell(text);
    // One column short of the width: some terminals wrap as soon as the last one is filled.
    text.resize(std::min(text.size(), terminal_columns() - 1));
    std::fputs(("\r" + text + "\x1b[K").c_str(), stderr);
    shown_ = true;
  }
  void launched(const LaunchRecord&, const Progress&) override {}
  void note(std::string_view text) override {
    clear();
    tell(text);
  }
  void measured() override { clear(); }
  void ended(const RunEnd& end) override { tell_end(end); }

 private:
  // Erases the progress line, so that further output starts on a line of its own.
  void clear() noexcept {
    if (shown_) std::fputs("\r\x1b[K", stderr);
    shown_ = false;
  }

  bool rewrite_;
  bool shown_ = false;
  LineClock::time_point next_;  // time of the next line
};

}  // namespace

std::unique_ptr<ProgressReporter> make_progress_lines(bool may_rewrite) {
  return std::make_unique<ProgressLines>(may_rewrite && can_rewrite_lines());
}

}  // namespace ipcbench
