#include <fmt/format.h>

#include "plots/jobs/job_outputs.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Escapes text for XML. XML 1.0 can't hold control characters, so that printable() escapes them first.
std::string xml(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

enum class Outcome { passed, failed, error, skipped };

Outcome outcome_of(const Decision& decision, const JobReport& report) {
  if (!decision.gated) return Outcome::skipped;
  switch (decision.verdict) {
    case FigureVerdict::regressed:
      return report.advisory ? Outcome::skipped : Outcome::failed;
    case FigureVerdict::same:
    case FigureVerdict::improved:
    case FigureVerdict::unconfirmed:
      return Outcome::passed;
    case FigureVerdict::candidate:
    case FigureVerdict::inconclusive:
    case FigureVerdict::unstable:
      break;
  }
  return report.strict && !report.advisory ? Outcome::failed : Outcome::skipped;
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(Outcome outcome) {
    ++tests;
    failures += outcome == Outcome::failed ? 1 : 0;
    errors += outcome == Outcome::error ? 1 : 0;
    skipped += outcome == Outcome::skipped ? 1 : 0;
  }
};

std::string test_case(const std::string& class_name, std::string_view name, Outcome outcome, const std::string& message,
                      std::string_view type) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", xml(class_name), xml(name));
  switch (outcome) {
    case Outcome::passed:
      return text + "/>\n";
    case Outcome::skipped:
      return text + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml(message));
    case Outcome::failed:
    case Outcome::error:
      break;
  }
  const char* const element = outcome == Outcome::failed ? "failure" : "error";
  return text + fmt::format(">\n      <{0} message=\"{1}\" type=\"{2}\"/>\n    </testcase>\n", element, xml(message),
                            xml(type));
}

std::string message_of(const Decision& decision) {
  std::string text = fmt::format("{}: {}", name_of(decision.verdict), evidence_of(decision));
  for (const std::string* more : {&decision.reason, &decision.not_gated}) {
    if (!more->empty()) text += "; " + *more;
  }
  return text;
}

}  // namespace

std::string to_junit(const JobReport& report) {
  Counts counts;
  std::string cases;
  for (const Decision& decision : report.decisions) {
    const Outcome outcome = outcome_of(decision, report);
    counts.add(outcome);
    const std::string class_name = decision.of.empty() ? decision.case_id : decision.case_id + " of " + decision.of;
    cases += test_case(class_name, title_of(decision.metric), outcome, message_of(decision), name_of(decision.verdict));
  }
  for (const LeftOut& left_out : report.left_out) {
    const Outcome outcome = left_out.kind == LeftOutKind::broken ? Outcome::error : Outcome::skipped;
    counts.add(outcome);
    cases += test_case(left_out.case_id, "measured", outcome,
                       fmt::format("{}: {}", name_of(left_out.kind), left_out.reason), name_of(left_out.status));
  }
  const std::string totals = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"",
                                         counts.tests, counts.failures, counts.errors, counts.skipped);
  // The commonest schema has no attribute `skipped` for <testsuites>.
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n"
      "  <testsuite name=\"ipcbench {}\" {}>\n{}    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>\n",
      counts.tests, counts.failures, counts.errors, xml(report.kind), totals, cases, xml(headline(report)));
}

}  // namespace ipcbench
