#include <string>

#include <fmt/core.h>

#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "results/model/json_text.h"

namespace ipcbench {
namespace {

class ProgressJson final : public ProgressReporter {
 public:
  void progress(const Progress& progress) override {
    if (progress.stage == stage_) return;
    stage_ = progress.stage;
    tell(fmt::format(R"({{"event": "stage", "stage": {}, "elapsed_ns": {}, "left_ns": {}}})", json_quoted(stage_),
                     progress.elapsed.count(), progress.left.count()));
  }
  void launched(const LaunchRecord& launch, const Progress& progress) override {
    tell(fmt::format(R"({{"event": "launch", "stage": {}, "case": {}, "pass": {}, "order": {}, "status": {}, )"
                     R"("reason": {}, "done": {}, "total": {}, "elapsed_ns": {}, "left_ns": {}}})",
                     json_quoted(progress.stage), json_quoted(launch.case_id), launch.pass, launch.order,
                     json_quoted(name_of(launch.status)), json_quoted(launch.reason), progress.done, progress.total,
                     progress.elapsed.count(), progress.left.count()));
  }
  void note(std::string_view text) override {
    tell(fmt::format(R"({{"event": "note", "text": {}}})", json_quoted(text)));
  }
  void measured() override {}
  void ended(const RunEnd& end) override {
    tell(fmt::format(R"({{"event": "end", "complete": {}, "result": {}, "resume": {}}})", end.resume.empty(),
                     end.saved ? json_quoted(end.output) : "null",
                     end.resume.empty() ? "null" : json_quoted(end.resume)));
  }

 private:
  std::string stage_;
};

}  // namespace

std::unique_ptr<ProgressReporter> make_progress_json() { return std::make_unique<ProgressJson>(); }

}  // namespace ipcbench
