#include "cli/terminal/progress.h"

#include <array>

#include <fmt/core.h>

#include "cli/terminal/terminal.h"

namespace ipcbench {
namespace {

constexpr std::array kProgressModes = {"auto", "plain", "json", "none"};

class NoProgress final : public ProgressReporter {
 public:
  void progress(const Progress&) override {}
  void launched(const LaunchRecord&, const Progress&) override {}
  void note(std::string_view) override {}
  void measured() override {}
  void ended(const RunEnd& end) override { tell_end(end); }
};

}  // namespace

std::unique_ptr<ProgressReporter> make_progress(ProgressMode mode) {
  switch (mode) {
    case ProgressMode::automatic:
      return make_progress_lines(true);
    case ProgressMode::plain:
      return make_progress_lines(false);
    case ProgressMode::json:
      return make_progress_json();
    case ProgressMode::none:
      break;
  }
  return std::make_unique<NoProgress>();
}

std::vector<std::string> progress_mode_names() { return {kProgressModes.begin(), kProgressModes.end()}; }

ProgressMode parse_progress_mode(std::string_view name) {
  for (std::size_t n = 0; n < kProgressModes.size(); ++n) {
    if (kProgressModes[n] == name) return static_cast<ProgressMode>(n);
  }
  return ProgressMode::automatic;
}

void tell_end(const RunEnd& end) {
  if (!end.resume.empty()) {
    tell(end.saved ? "interrupted: the tables show what was measured until then"
                   : "interrupted: what was measured until then is in the journal");
  }
  if (end.saved) tell(fmt::format("result: {}", end.output));
  if (!end.resume.empty()) tell(fmt::format("to finish it: {}", end.resume));
}

}  // namespace ipcbench
