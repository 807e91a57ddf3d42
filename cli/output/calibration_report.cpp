#include "cli/output/calibration_report.h"

#include <unistd.h>

#include <map>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/output/listing.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "results/compare/learn_noise.h"
#include "results/compare/looks.h"
#include "results/compare/noise_model.h"
#include "results/figures/statistics.h"
#include "results/gate/ci_history.h"
#include "results/gate/resampling.h"

namespace ipcbench {
namespace {

constexpr std::uint64_t kReportSeed = 1;

std::string percent(double ratio) { return fmt::format("{:.2f} %", 100 * ratio); }

using Rows = std::vector<std::vector<std::string>>;

void add_rate(Rows& rows, const std::string& what, const Rate& rate) {
  if (rate.trials == 0) {
    rows.push_back({what, "none", "", ""});
  } else {
    rows.push_back({what, fmt::format("{} of {}: {}", rate.hits, rate.trials, percent(rate.value())),
                    percent(rate.low()), percent(rate.high())});
  }
}

Rows resampled_rows(const PairFile& store, const NoiseModel& model, const CalibrationReportRules& rules,
                    Rows& by_case) {
  Rows rows;
  ResamplingRules resampling{.jobs = rules.jobs, .rounds = rules.rounds, .looks = rules.looks, .seed = kReportSeed};
  const ResampledJobs identical = resample_jobs(store.sessions, model, resampling);
  add_rate(rows, "identical builds: regressed", identical.regressed);
  add_rate(rows, "identical builds: figures undecided", identical.undecided);
  for (const double slowdown : {0.05, 0.10}) {
    resampling.slowdown = slowdown;
    const ResampledJobs jobs = resample_jobs(store.sessions, model, resampling);
    const std::string what = fmt::format("one round trip +{:.0f} %", 100 * slowdown);
    add_rate(rows, what + ": caught", jobs.caught);
    add_rate(rows, what + ": called improved", jobs.improved);
    add_rate(rows, what + ": another regressed", jobs.regressed);
    for (const auto& [case_id, rate] : jobs.caught_by_case)
      add_rate(by_case, fmt::format("{} +{:.0f} %", case_id, 100 * slowdown), rate);
  }
  return rows;
}

std::vector<CiJob> load_ci_history(const std::string& file) {
  try {
    return ci_jobs_from_text(read_input(file), file);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("--live: {}", error.what()));
  }
}

Rows ci_history_rows(const std::vector<CiJob>& jobs) {
  Rows rows;
  std::vector<std::string> order;
  std::map<std::string, CiRates> rates;
  for (const CiJob& job : jobs) {
    const auto [place, is_new] = rates.try_emplace(job.figure);
    if (is_new) order.push_back(job.figure);
    place->second.add(job);
  }
  for (const std::string& figure : order) {
    const CiRates& rate = rates[figure];
    if (rate.has_target) {
      add_rate(rows, figure + ": caught", rate.caught);
      add_rate(rows, figure + ": caught by a count", rate.counted);
      add_rate(rows, figure + ": called improved", rate.improved);
    }
    add_rate(rows, figure + ": regressed without cause", rate.wrong);
    rows.push_back({figure + ": figures undecided, median job", fmt::format("{:.3g}", median(rate.undecided)), "", ""});
    rows.push_back({figure + ": longest job", fmt::format("{:.0f} s", rate.longest_s), "", ""});
  }
  return rows;
}

Table rates_table(const std::string& title, const Rows& rows) {
  return listing(title, {"jobs", "rate", "at least (95 %)", "at most (95 %)"}, rows);
}

}  // namespace

int print_calibration_report(const PairFile& store, const CalibrationReportRules& rules, const std::string& live,
                             const Globals& globals) {
  const NoiseModel model = learn_noise(store.sessions, {.rounds = rules.rounds, .seed = kReportSeed});
  Rows margins;
  for (const NoiseFigure& figure : model.figures) {
    const auto shown = [](const std::optional<double>& value) { return value ? percent(*value) : "none"; };
    margins.push_back({figure.case_id, figure.metric, std::to_string(figure.pairs), shown(figure.spread),
                       shown(figure.margin), std::to_string(figure.runs), shown(figure.run_margin), figure.reason});
  }
  Rows by_case;
  const Rows resampled = resampled_rows(store, model, rules, by_case);
  std::vector<Table> tables = {
      listing(fmt::format("Margins on {}", model.machine_class),
              {"case", "metric", "pairs", "spread", "margin", "runs", "between runs", "notes"}, margins),
      rates_table(fmt::format("{} resampled jobs, looked at after {} rounds", rules.jobs,
                              fmt::join(looks_from(rules.rounds, rules.looks), ", ")),
                  resampled),
      rates_table("Resampled, by the case that was slowed", by_case)};
  if (!live.empty()) tables.push_back(rates_table("Real jobs", ci_history_rows(load_ci_history(live))));
  print(format_tables(tables, use_color(globals.color_when(), STDOUT_FILENO)));
  return 0;
}

}  // namespace ipcbench
