#include "harness/run/other_runs.h"

#include <cstdint>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace ipcbench {
namespace {

constexpr std::size_t kNamed = 3;  // runs named in the warning; others are counted

}  // namespace

std::string OtherRuns::look(const RunDir& own) {
  const std::vector<RunDir::Live> others = own.others();
  now_ = others.size();
  std::string warning;
  for (const RunDir::Live& other : others) {
    if (!seen_.insert(other.id).second || first_ids_.size() == kNamed) continue;
    first_ids_.push_back(other.id);
    first_pids_.push_back(other.pid == 0 ? "of unknown number" : std::to_string(other.pid));
    warning = fmt::format("warning: another ipcbench, process {}, measured at the same time: times may be too long",
                          first_pids_.back());
  }
  return warning;
}

std::string OtherRuns::look_after(LaunchRecord& launch, int pass, const RunDir& own) {
  std::string warning = look(own);
  if (now_ == 0) return warning;
  launch.environment.emplace_back(kOtherRunsKey, static_cast<std::int64_t>(now_));
  ++launches_;
  if (!first_pass_) first_pass_ = pass;
  return warning;
}

std::optional<HostCheck> OtherRuns::finding() const {
  if (seen_.empty()) return std::nullopt;
  std::string text = seen_.size() == 1 ? fmt::format("another ipcbench, process {},", first_pids_.front())
                                       : fmt::format("{} other runs of ipcbench, process{} {}{},", seen_.size(),
                                                     first_pids_.size() == 1 ? "" : "es", fmt::join(first_pids_, ", "),
                                                     seen_.size() > first_pids_.size() ? " and others" : "");
  text += " measured at the same time";
  if (launches_ > 0) {
    text += fmt::format(": {} launch{} ended beside {}, the first in pass {}", launches_, launches_ == 1 ? "" : "es",
                        seen_.size() == 1 ? "it" : "them", *first_pass_ + 1);
  }
  return HostCheck{
      .id = "other-run",
      .severity = Severity::noisy,
      .text = std::move(text),
      .source = fmt::format("run director{} {}", first_ids_.size() == 1 ? "y" : "ies", fmt::join(first_ids_, ", "))};
}

void OtherRuns::keep_finding(std::vector<HostCheck>& checks) {
  const std::optional<HostCheck> found = finding();
  if (!found) return;
  if (!kept_at_) {
    kept_at_ = checks.size();
    checks.push_back(*found);
  } else {
    checks[*kept_at_] = *found;
  }
}

}  // namespace ipcbench
