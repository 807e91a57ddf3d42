#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

// One object a line; write_members() writes what it holds besides the event's name.
template <class F>
void tell_event(std::string_view event, const F& write_members) {
  JsonWriter json;
  json.object([&] {
    json.member("event", event);
    write_members(json);
  });
  tell(json.take());
}

class ProgressJson final : public ProgressReporter {
 public:
  void progress(const Progress& progress) override {
    if (progress.stage == stage_) return;
    stage_ = progress.stage;
    tell_event("stage", [&](JsonWriter& json) {
      json.member("stage", stage_);
      json.member("elapsed_ns", progress.elapsed.count());
      json.member("left_ns", progress.left.count());
    });
  }
  void launched(const LaunchRecord& launch, const Progress& progress) override {
    tell_event("launch", [&](JsonWriter& json) {
      json.member("stage", progress.stage);
      json.member("case", launch.case_id);
      json.member("pass", launch.pass);
      json.member("order", launch.order);
      json.member("status", to_string(launch.status));
      json.member("reason", launch.reason);
      json.member("done", progress.done);
      json.member("total", progress.total);
      json.member("elapsed_ns", progress.elapsed.count());
      json.member("left_ns", progress.left.count());
    });
  }
  void note(std::string_view text) override {
    tell_event("note", [&](JsonWriter& json) { json.member("text", text); });
  }
  void measured() override {}
  void ended(const RunEnd& end) override {
    tell_event("end", [&](JsonWriter& json) {
      json.member("complete", end.resume.empty());
      json.member("result", end.saved ? std::optional(end.output) : std::nullopt);
      json.text_or_null("resume", end.resume);
    });
  }

 private:
  std::string stage_;
};

}  // namespace

std::unique_ptr<ProgressReporter> make_progress_json() { return std::make_unique<ProgressJson>(); }

}  // namespace ipcbench
