#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/options/paired_job.h"
#include "cli/options/subcommands.h"
#include "cli/output/job_output.h"
#include "cli/output/result_text.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "results/compare/comparability.h"
#include "results/gate/result_diff.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr const char* kCompareExamples = R"(Examples:
  ipcbench compare old.ipcbench.json new.ipcbench.json --noise noise.json
  ipcbench compare a.ipcbench.json b.ipcbench.json c.ipcbench.json --advisory
  ipcbench compare old.json new.json --reference ping-pong/pipe/block/64/same-cpu --out markdown=diff.md

The first is the base of all others. Without a calibration of how much runs differ (ipcbench calibrate, at 20 different
hours) the verdicts are advice: --advisory shows them, and nothing fails.)";

struct CompareArguments {
  std::vector<std::string> files;
  JobOutputs outputs;
  ResultDiffArguments rules;
};

void refuse_other_host(const Result& base, const Result& other, const CompareArguments& arguments, std::size_t index) {
  if (arguments.rules.advisory()) return;
  for (const Difference& difference : differences(conditions_of(base), conditions_of(other))) {
    if (!is_of_the_host(difference.aspect)) continue;
    throw NotComparable(fmt::format(
        "{} and {} were not measured alike: {}: their difference says nothing about the program; --advisory "
        "shows it all the same",
        arguments.files[0], arguments.files[index], difference.text.english));
  }
}

int compare(const CompareArguments& arguments, const Globals& globals) {
  arguments.outputs.check();
  if (arguments.files.size() < 2)
    throw UsageError("compare: at least two results are needed: ipcbench compare OLD NEW");
  const Result base = load_stored_result(arguments.files[0]);
  std::vector<Result> results;
  std::string names;
  for (std::size_t n = 1; n < arguments.files.size(); ++n) {
    results.push_back(load_stored_result(arguments.files[n]));
    refuse_other_host(base, results.back(), arguments, n);
    names += (names.empty() ? "" : ", ") + printable(arguments.files[n]);
  }
  std::optional<NoiseModel> noise;
  std::string no_noise;
  const ResultDiffRules rules = arguments.rules.load(base, noise, no_noise);
  std::vector<ResultDiffHead> heads;
  for (std::size_t n = 0; n < results.size(); ++n) {
    heads.push_back({&results[n], results.size() > 1 ? printable(arguments.files[n + 1]) : ""});
  }
  JobOutcome outcome = diff_results(base, heads, rules);
  outcome.base = printable(arguments.files[0]);
  outcome.head = names;
  if (!no_noise.empty()) outcome.notes.push_back(no_noise);
  return arguments.outputs.write(outcome, nullptr, globals);
}

}  // namespace

Subcommand add_compare(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("compare", "puts stored results side by side: ratio, interval, verdict");
  app->footer(kCompareExamples);
  auto arguments = std::make_shared<CompareArguments>();
  app->add_option("FILE", arguments->files, "results or journals; the first is the base")->required();
  arguments->rules.add_to(*app);
  arguments->outputs.add_to(*app);
  return {app, [arguments, &globals] { return comparable_or_code([&] { return compare(*arguments, globals); }); }};
}

}  // namespace ipcbench
