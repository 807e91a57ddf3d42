#include "results/figures/summary_form.h"

#include <optional>

#include <fmt/format.h>

#include "results/figures/load_summary.h"
#include "results/figures/significant_digits.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

// Rounds a time to four digits, which is off by 0.05 % at most: launches differ by more.
void round_time(double& ns) {
  constexpr int kDigits = 4;
  ns = to_digits(ns, kDigits);
}

void round_time(std::optional<double>& ns) {
  if (ns) round_time(*ns);
}

template <class... Time>
void round_times(Time&... times) {
  (round_time(times), ...);
}

void reduce(SparseHistogram& histogram) {
  if (histogram.values_ns.empty()) return;
  Quantiles quantiles = quantiles_of(histogram);
  round_times(quantiles.p50, quantiles.p90, quantiles.p99, quantiles.p999, quantiles.p9999);
  histogram = {.values_ns = {}, .counts = {}, .reduced = quantiles};
}

void reduce(LoadRecord& load, bool keeps_times) {
  round_times(load.offered_per_s, load.silence_ns, load.achieved_per_s, load.response_max_ns, load.response_max_at_ns,
              load.service_max_ns, load.lateness_max_ns, load.late_ratio, load.pacer_cpu_ns);
  load.backlog.clear();
  if (keeps_times) return;
  for (SparseHistogram* const times : {&load.response, &load.service, &load.lateness}) reduce(*times);
}

void reduce(CastRecord& cast) {
  round_times(cast.fairness, cast.worst_ratio);
  for (SeatRecord& seat : cast.seats) round_times(seat.cpu_ns, seat.p50_ns, seat.p99_ns, seat.max_ns);
}

void reduce(LockRecord& lock) { round_times(lock.block_ns, lock.handover_p50_ns, lock.handover_p99_ns); }

void reduce(LaunchRecord& launch, bool keeps_times) {
  round_times(launch.mean_ns, launch.mean_stamped_ns, launch.max_ns, launch.max_at_ns, launch.block_ns);
  if (launch.canary_ns) round_times((*launch.canary_ns)[0], (*launch.canary_ns)[1]);
  if (launch.setup) round_times(launch.setup->create_ns, launch.setup->connect_ns, launch.setup->teardown_ns);
  for (SideUsage& side : launch.usage) {
    round_times(side.cpu_ns, side.wall_ns);
    side.user_ns.reset();
    side.system_ns.reset();
  }
  if (launch.broker) round_time(launch.broker->cpu_ns);
  if (launch.load) reduce(*launch.load, keeps_times);
  if (launch.cast) reduce(*launch.cast);
  if (launch.lock) reduce(*launch.lock);
  if (!keeps_times) reduce(launch.histogram);
  launch.slices_ns.clear();
  launch.environment.clear();
  launch.started.clear();
  launch.seed = launch.warmup_ops = 0;
  launch.coordinator_cpu_ns = launch.coordinator_wall_ns = 0;
}

}  // namespace

void to_summary_form(Result& result) {
  if (is_summary_form(result)) return;
  result.form = kSummaryForm;
  for (CaseRecord& c : result.cases) {
    const bool keeps_times = follows_silences(c);
    for (LaunchRecord& launch : c.launches) reduce(launch, keeps_times);
    if (c.counted) reduce(*c.counted, keeps_times);
  }
  summarise(result);
}

bool is_summary_form(const Result& result) noexcept { return result.form == kSummaryForm; }

void require_histograms(const Result& result, std::string_view what, std::string_view file) {
  if (!is_summary_form(result)) return;
  throw ResultError(
      fmt::format("{}: {} needs histograms, and this result is in the summary form, which has none: give "
                  "the result that it was made from",
                  printable(file), what));
}

}  // namespace ipcbench
