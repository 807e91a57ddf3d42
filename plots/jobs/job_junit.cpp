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

enum class JunitState { passed, failed, error, skipped };

JunitState junit_state_of(const Decision& decision, const JobOutcome& outcome) {
  if (!decision.gated) return JunitState::skipped;
  switch (decision.verdict) {
    case FigureVerdict::regressed:
      return outcome.advisory ? JunitState::skipped : JunitState::failed;
    case FigureVerdict::same:
    case FigureVerdict::improved:
    case FigureVerdict::unconfirmed:
      return JunitState::passed;
    case FigureVerdict::candidate:
    case FigureVerdict::inconclusive:
    case FigureVerdict::unstable:
      break;
  }
  return outcome.strict && !outcome.advisory ? JunitState::failed : JunitState::skipped;
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;

  void add(JunitState state) {
    ++tests;
    failures += state == JunitState::failed ? 1 : 0;
    errors += state == JunitState::error ? 1 : 0;
    skipped += state == JunitState::skipped ? 1 : 0;
  }
};

std::string test_case(const std::string& class_name, std::string_view name, JunitState state,
                      const std::string& message, std::string_view type) {
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", xml(class_name), xml(name));
  switch (state) {
    case JunitState::passed:
      return text + "/>\n";
    case JunitState::skipped:
      return text + fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", xml(message));
    case JunitState::failed:
    case JunitState::error:
      break;
  }
  const char* const element = state == JunitState::failed ? "failure" : "error";
  return text + fmt::format(">\n      <{0} message=\"{1}\" type=\"{2}\"/>\n    </testcase>\n", element, xml(message),
                            xml(type));
}

std::string message_of(const Decision& decision) {
  std::string text = fmt::format("{}: {}", to_string(decision.verdict), evidence_of(decision));
  for (const std::string* more : {&decision.reason, &decision.not_gated}) {
    if (!more->empty()) text += "; " + *more;
  }
  return text;
}

}  // namespace

std::string to_junit(const JobOutcome& outcome) {
  Counts counts;
  std::string cases;
  for (const Decision& decision : outcome.decisions) {
    const JunitState state = junit_state_of(decision, outcome);
    counts.add(state);
    const std::string class_name = decision.of.empty() ? decision.case_id : decision.case_id + " of " + decision.of;
    cases += test_case(class_name, title_of(decision.metric), state, message_of(decision), to_string(decision.verdict));
  }
  for (const LeftOut& left_out : outcome.left_out) {
    const JunitState state = left_out.kind == LeftOutKind::broken ? JunitState::error : JunitState::skipped;
    counts.add(state);
    cases += test_case(left_out.case_id, "measured", state,
                       fmt::format("{}: {}", to_string(left_out.kind), left_out.reason), to_string(left_out.status));
  }
  const std::string totals = fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" time=\"0\"",
                                         counts.tests, counts.failures, counts.errors, counts.skipped);
  // The commonest schema has no attribute `skipped` for <testsuites>.
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"{}\" failures=\"{}\" errors=\"{}\" time=\"0\">\n"
      "  <testsuite name=\"ipcbench {}\" {}>\n{}    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>\n",
      counts.tests, counts.failures, counts.errors, xml(outcome.kind), totals, cases, xml(headline(outcome)));
}

}  // namespace ipcbench
