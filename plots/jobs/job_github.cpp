#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "plots/jobs/job_outputs.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Escapes text after "::" in a workflow command; in a property, the separators as well.
std::string escaped(std::string_view text, bool is_property) {
  std::string result;
  for (const char c : text) {
    if (c == '%') {
      result += "%25";
    } else if (c == '\n') {
      result += "%0A";
    } else if (c == '\r') {
      result += "%0D";
    } else if (is_property && c == ':') {
      result += "%3A";
    } else if (is_property && c == ',') {
      result += "%2C";
    } else {
      result += c;
    }
  }
  return result;
}

std::string annotation(std::string_view level, std::string_view title, std::string_view text) {
  return fmt::format("::{} title={}::{}\n", level, escaped(title, true), escaped(text, false));
}

std::string annotation_of(const Decision& decision, std::string_view level) {
  std::string text = fmt::format("{}{} {}: {}", decision.of.empty() ? "" : decision.of + ": ", decision.case_id,
                                 title_of(decision.metric), evidence_of(decision));
  if (!decision.reason.empty()) text += "\n" + printable(decision.reason);
  return annotation(level, fmt::format("{}: {}", to_string(decision.verdict), printable(decision.case_id)), text);
}

}  // namespace

std::string to_github(const JobOutcome& outcome) {
  const std::string_view failing = outcome.advisory ? "warning" : "error";
  std::vector<std::string> lines;
  std::vector<const Decision*> worst;
  for (const Decision& decision : outcome.decisions) {
    if (decision.gated && decision.verdict == FigureVerdict::regressed) worst.push_back(&decision);
  }
  std::stable_sort(worst.begin(), worst.end(),
                   [](const Decision* a, const Decision* b) { return a->last().median > b->last().median; });
  for (const Decision* decision : worst) lines.push_back(annotation_of(*decision, failing));
  for (const LeftOut& left_out : outcome.left_out) {
    if (left_out.kind != LeftOutKind::broken) continue;
    lines.push_back(annotation("error", fmt::format("{}: {}", to_string(left_out.status), printable(left_out.case_id)),
                               printable(left_out.reason)));
  }
  if (outcome.strict) {
    for (const Decision& decision : outcome.decisions) {
      if (decision.gated && is_undecided(decision.verdict)) lines.push_back(annotation_of(decision, "warning"));
    }
  }
  for (const LeftOut& left_out : outcome.left_out) {
    if (left_out.kind != LeftOutKind::missing && left_out.kind != LeftOutKind::not_comparable) continue;
    lines.push_back(annotation("warning", fmt::format("{}: {}", to_string(left_out.kind), printable(left_out.case_id)),
                               printable(left_out.reason)));
  }
  std::string text;
  for (std::size_t n = 0; n < std::min(lines.size(), kMostAnnotations); ++n) text += lines[n];
  if (lines.size() > kMostAnnotations) {
    text += annotation("notice", "ipcbench", fmt::format("{} more; see the report", lines.size() - kMostAnnotations));
  }
  return text + annotation("notice", fmt::format("ipcbench {}", outcome.kind), printable(headline(outcome)));
}

}  // namespace ipcbench
