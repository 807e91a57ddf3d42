#include "results/compare/learn_noise.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/base/utc_time.h"
#include "harness/measure/splitmix64.h"
#include "results/compare/ab_decision.h"
#include "results/compare/comparability.h"
#include "results/compare/rounds_by_case.h"
#include "results/compare/stretches.h"
#include "results/figures/states.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kMarginQuantile = 0.99;
// The numbers of rounds for which margins are learnt.
constexpr std::array kMarginRounds = {10, 20, 40, 80, 160, 320, 640};
constexpr double kRunsApartSeconds = 3600;

// Returns whether two sessions are independent: an hour apart or of different boots.
bool are_apart(const PairHeader& earlier, const PairHeader& later) {
  if (!earlier.boot.empty() && !later.boot.empty() && earlier.boot != later.boot) return true;
  const std::optional<double> from = seconds_of_utc(earlier.started), to = seconds_of_utc(later.started);
  return from && to && std::abs(*to - *from) >= kRunsApartSeconds;
}

struct Gathered {
  std::vector<double> ratios;       // of all sessions, in their order
  std::size_t stretch = 1;          // rounds that take 10 s
  std::vector<double> run_medians;  // ln of the value, of sessions that are apart
};

// Returns the pairs in the state that most of them have, the first of equals: a stored result has figures of one state.
std::vector<const LaunchPair*> of_commonest_state(const std::vector<const LaunchPair*>& pairs,
                                                  const StateRecord* states) {
  if (states == nullptr) return pairs;
  std::vector<const LaunchPair*> most;
  for (const auto& cluster : states->clusters_ns) {
    std::vector<const LaunchPair*> here;
    std::ranges::copy_if(pairs, std::back_inserter(here), [&](const LaunchPair* pair) {
      return pair->base.canary_ns && state_of(*states, *pair->base.canary_ns) == cluster.first;
    });
    if (here.size() > most.size()) most = std::move(here);
  }
  return most;
}

double middle_log(const std::vector<const LaunchPair*>& pairs, Metric metric) {
  std::vector<double> logs;
  for (const LaunchPair* pair : pairs) {
    for (const LaunchMetrics* launch_metrics : {&pair->base, &pair->head}) {
      if (*launch_metrics->value(metric) > 0) logs.push_back(std::log(*launch_metrics->value(metric)));
    }
  }
  return logs.empty() ? std::nan("") : median(logs);
}

// Returns the 99 % quantile of the distances between runs.
double run_margin_of(const std::vector<double>& medians) {
  std::vector<double> distances;
  for (std::size_t i = 0; i < medians.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) distances.push_back(std::abs(medians[i] - medians[j]));
  }
  std::sort(distances.begin(), distances.end());
  const double rank = std::ceil(kMarginQuantile * static_cast<double>(distances.size()));
  return distances[static_cast<std::size_t>(rank) - 1];
}

NoiseFigure figure_of_pairs(const std::string& case_id, Metric metric, const Gathered& gathered,
                            const LearningRules& rules) {
  NoiseFigure figure{.case_id = case_id, .metric = std::string(to_string(metric)), .pairs = gathered.ratios.size()};
  figure.runs = gathered.run_medians.size();
  if (!gathered.ratios.empty()) {
    figure.spread = robust_spread(gathered.ratios);
    std::set<int> all_rounds(kMarginRounds.begin(), kMarginRounds.end());
    all_rounds.insert(rules.rounds);
    for (const int rounds : all_rounds) {
      const LearningRules for_rounds{.rounds = rounds, .jobs = rules.jobs, .seed = rules.seed};
      figure.margins.push_back({rounds, margin_of_jobs(gathered.ratios, for_rounds, gathered.stretch)});
      if (rounds == rules.rounds) figure.margin = figure.margins.back().margin;
    }
  }
  if (figure.pairs < kPairsForMargin) {
    figure.reason = fmt::format("{} pairs of {}: the margin is advice", figure.pairs, kPairsForMargin);
  }
  if (figure.runs >= kRunsForMargin) {
    figure.run_margin = run_margin_of(gathered.run_medians);
  } else {
    figure.reason += fmt::format("{}{} runs of {}: no margin between runs", figure.reason.empty() ? "" : "; ",
                                 figure.runs, kRunsForMargin);
  }
  return figure;
}

}  // namespace

double margin_of_jobs(std::span<const double> ratios, const LearningRules& rules, std::size_t stretch) {
  SplitMix64 random(rules.seed);
  const Stretches stretches(ratios.size(), stretch);
  std::vector<double> medians;
  std::vector<double> job(static_cast<std::size_t>(std::max(rules.rounds, 1)));
  for (std::size_t n = 0; n < std::max<std::size_t>(rules.jobs, 1); ++n) {
    const std::vector<std::size_t> drawn = stretches.draw(job.size(), random);
    for (std::size_t i = 0; i < job.size(); ++i) job[i] = ratios[drawn[i]] * (random.below(2) == 0 ? 1 : -1);
    medians.push_back(std::abs(median(job)));
  }
  std::sort(medians.begin(), medians.end());
  const double rank = std::ceil(kMarginQuantile * static_cast<double>(medians.size()));
  return medians[static_cast<std::size_t>(rank) - 1];
}

NoiseModel learn_noise(std::span<const PairSession> sessions, const LearningRules& rules) {
  check_one_kind(sessions, "the pairs");
  NoiseModel model{.seed = rules.seed, .rounds = rules.rounds, .jobs = rules.jobs};
  std::map<std::pair<std::string, Metric>, Gathered> gathered;
  std::vector<std::pair<std::string, Metric>> order;
  const PairHeader* last_run = nullptr;
  for (const PairSession& session : sessions) {
    const bool is_run = last_run == nullptr || are_apart(*last_run, session.header);
    if (is_run) last_run = &session.header;
    const std::vector<StateRecord> states = states_of(session.header.cases, session.pairs);
    const std::size_t stretch = stretch_of(session);
    for (const CaseRounds& c : rounds_by_case(session)) {
      for (const Metric metric : c.metrics) {
        const auto key = std::pair(c.spec->id, metric);
        const auto [place, is_new] = gathered.try_emplace(key);
        if (is_new) order.push_back(key);
        const StateRecord* state = states_at(states, c.spec->placement);
        const UsablePairs usable = usable_pairs(c.pairs_for(metric, false), metric, state);
        place->second.stretch = std::max(place->second.stretch, stretch);
        place->second.ratios.insert(place->second.ratios.end(), usable.ratios.begin(), usable.ratios.end());
        const double middle = middle_log(of_commonest_state(usable.pairs, state), metric);
        if (is_run && std::isfinite(middle)) place->second.run_medians.push_back(middle);
      }
    }
    model.machine_class = session.header.machine_class;
    model.inherited = session.header.inherited;
    model.suite = session.header.suite;
    model.payload = session.header.payload;
    model.workers = session.header.workers;
    model.block_ns = session.header.block_ns;
    model.build = session.header.base.build.value_or(session.header.build);
  }
  for (const auto& key : order) model.figures.push_back(figure_of_pairs(key.first, key.second, gathered[key], rules));
  return model;
}

}  // namespace ipcbench
