#include "results/gate/resampling.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <boost/math/special_functions/beta.hpp>

#include "harness/measure/splitmix64.h"
#include "results/compare/ab_decision.h"
#include "results/compare/learn_noise.h"
#include "results/compare/looks.h"
#include "results/compare/rounds_by_case.h"
#include "results/compare/stretches.h"
#include "results/figures/states.h"
#include "results/gate/job_outcome.h"

namespace ipcbench {
namespace {

constexpr double kOneSided = 0.05;
constexpr double kMissing = std::numeric_limits<double>::quiet_NaN();

// A gated figure with its log ratio in every round; kMissing where it has none.
struct Column {
  std::string case_id;
  Metric metric;
  std::vector<double> rounds;
  NoiseFigure noise = {};  // from the whole calibration
  // Margins learnt from each half of the rounds, by number of rounds: for each look at first and at fresh rounds.
  std::array<std::map<int, double>, 2> margins = {};
};

bool is_round_trip(Metric metric) { return metric == Metric::rtt_p50 || metric == Metric::rtt_mean; }

// Maps one session's round numbers to log ratios.
std::map<int, double> ratios_by_round(const CaseRounds& c, Metric metric, const StateRecord* states) {
  std::map<int, double> ratios;
  for (const LaunchPair* pair : c.pairs_for(metric, false)) {
    if (!in_one_state(states, *pair)) continue;
    if (const std::optional<double> ratio = log_ratio(*pair, metric)) ratios[pair->round] = *ratio;
  }
  return ratios;
}

class RoundTable {
 public:
  RoundTable(std::span<const PairSession> sessions, const NoiseModel& model) {
    for (const PairSession& session : sessions) add(session, model);
    for (Column& column : columns_) column.rounds.resize(rounds_, kMissing);
    // Few rounds count system calls. These hardly differ, so that they are repeated for all rounds.
    for (Column& column : columns_) {
      if (column.metric == Metric::syscalls) repeat(column.rounds);
    }
  }

  void learn_margins(const std::set<int>& rounds, const ResamplingRules& rules) {
    for (Column& column : columns_) {
      for (const std::size_t half : {0u, 1u}) {
        std::vector<double> ratios;
        for (const std::size_t row : rows_of(half)) {
          if (std::isfinite(column.rounds[row])) ratios.push_back(column.rounds[row]);
        }
        if (ratios.empty()) continue;
        for (const int n : rounds) {
          const LearningRules learning{.rounds = n, .jobs = rules.margin_jobs, .seed = rules.seed};
          column.margins[half][n] = margin_of_jobs(ratios, learning, stretch());
        }
      }
    }
  }

  // Returns every other stretch. Neighbours are in the same half, so that no job is judged by the moments that its
  // margin was learnt from.
  std::vector<std::size_t> rows_of(std::size_t half) const {
    std::vector<std::size_t> rows;
    for (std::size_t row = 0; row < rounds_; ++row) {
      if (row / stretch() % 2 == half) rows.push_back(row);
    }
    return rows;
  }

  // Returns the stretch's length, at most half of all rounds, so that both halves have some.
  std::size_t stretch() const { return std::clamp<std::size_t>(stretch_, 1, std::max<std::size_t>(rounds_ / 2, 1)); }

  std::vector<Column>& columns() { return columns_; }
  std::size_t rounds() const { return rounds_; }

 private:
  void add(const PairSession& session, const NoiseModel& model) {
    const std::vector<StateRecord> states = states_of(session.header.cases, session.pairs);
    std::size_t last = rounds_;
    stretch_ = std::max(stretch_, stretch_of(session));
    for (const CaseRounds& c : rounds_by_case(session)) {
      for (const Metric metric : c.metrics) {
        const NoiseFigure* noise = model.find(c.spec->id, metric);
        if (noise == nullptr || !why_not_gated(c, metric, noise).empty()) continue;
        Column& column = column_of(c.spec->id, metric, *noise);
        for (const auto& [round, ratio] : ratios_by_round(c, metric, states_at(states, c.spec->placement))) {
          if (round < 0 || round > kMostRounds) continue;
          const std::size_t row = rounds_ + static_cast<std::size_t>(round);
          if (column.rounds.size() <= row) column.rounds.resize(row + 1, kMissing);
          column.rounds[row] = ratio;
          last = std::max(last, row + 1);
        }
      }
    }
    rounds_ = last;
  }

  Column& column_of(const std::string& case_id, Metric metric, const NoiseFigure& noise) {
    for (Column& column : columns_) {
      if (column.case_id == case_id && column.metric == metric) return column;
    }
    return columns_.emplace_back(Column{case_id, metric, {}, noise});
  }

  static void repeat(std::vector<double>& values) {
    std::vector<double> known;
    std::copy_if(values.begin(), values.end(), std::back_inserter(known), [](double v) { return std::isfinite(v); });
    for (std::size_t n = 0; n < values.size() && !known.empty(); ++n) values[n] = known[n % known.size()];
  }

  static constexpr int kMostRounds = 1'000'000;  // per session: bounds what a malformed file may ask for
  std::vector<Column> columns_;
  std::size_t rounds_ = 0;
  std::size_t stretch_ = 1;
};

struct DrawnRound {
  std::size_t row;
  double sign;
};

// One job: rounds of one half, margins learnt from the other.
class Job {
 public:
  Job(RoundTable& table, std::size_t half, const std::vector<int>& looks, double slowdown, SplitMix64& random)
      : columns_(table.columns()), half_(half), shift_(std::log1p(slowdown)), looks_(looks) {
    const std::vector<std::size_t> rows = table.rows_of(half);
    const Stretches stretches(rows.size(), table.stretch());
    for (const auto& [stage, count] : {std::pair(&first_, looks.back()), std::pair(&again_, 2 * looks.back())}) {
      for (const std::size_t drawn : stretches.draw(static_cast<std::size_t>(count), random)) {
        stage->push_back({rows[drawn], random.below(2) == 0 ? 1.0 : -1.0});
      }
    }
  }

  FigureVerdict verdict(std::size_t index, bool is_slowed) const {
    const Column& column = columns_[index];
    const auto stage = [&](const std::vector<DrawnRound>& drawn) {
      return StageRounds{
          .reached = static_cast<int>(drawn.size()),
          .estimate = [&, is_slowed](int rounds,
                                     double tail) { return estimate(ratios(column, drawn, rounds, is_slowed), tail); },
          .margin = [&](int rounds, std::size_t) { return margin(column, rounds); }};
    };
    // As in a real job, counts that don't depend on timing have one look.
    const std::span<const int> looks = std::span(looks_).first(column.metric == Metric::syscalls ? 1 : looks_.size());
    return decide_at_looks(looks, tail_of(columns_.size()), &column.noise, stage(first_), stage(again_)).verdict;
  }

 private:
  Margin margin(const Column& column, int rounds) const {
    const std::map<int, double>& learnt = column.margins[1 - half_];
    const auto known = learnt.find(rounds);
    return margin_of(column.metric, LearntMargin{known == learnt.end() ? 0 : known->second, true}, 0, 0);
  }

  std::vector<double> ratios(const Column& column, const std::vector<DrawnRound>& drawn, int rounds,
                             bool is_slowed) const {
    std::vector<double> values;
    for (const DrawnRound& round : std::span(drawn).first(static_cast<std::size_t>(rounds))) {
      const double ratio = column.rounds[round.row];
      if (std::isfinite(ratio)) values.push_back(round.sign * ratio + (is_slowed ? shift_ : 0));
    }
    return values;
  }

  const std::vector<Column>& columns_;
  std::size_t half_;
  double shift_;
  const std::vector<int>& looks_;
  std::vector<DrawnRound> first_, again_;
};

void count(Rate& rate, bool hit) {
  ++rate.trials;
  rate.hits += hit ? 1 : 0;
}

}  // namespace

double Rate::low() const {
  if (hits == 0) return 0;
  return boost::math::ibeta_inv(static_cast<double>(hits), static_cast<double>(trials - hits + 1), kOneSided);
}

double Rate::high() const {
  if (hits >= trials) return 1;
  return boost::math::ibeta_inv(static_cast<double>(hits + 1), static_cast<double>(trials - hits), 1 - kOneSided);
}

ResampledJobs resample_jobs(std::span<const PairSession> sessions, const NoiseModel& model,
                            const ResamplingRules& rules) {
  RoundTable table(sessions, model);
  const std::vector<int> looks =
      looks_from(std::clamp(rules.rounds, 1, kMostFirstLook), std::clamp(rules.looks, 1, kMostLooks));
  std::set<int> rounds(looks.begin(), looks.end());
  for (const int fresh : fresh_looks(looks)) rounds.insert(fresh);
  table.learn_margins(rounds, rules);
  const std::vector<Column>& columns = table.columns();
  ResampledJobs result{.figures = columns.size(), .pairs = table.rounds()};
  if (columns.empty() || table.rounds() < 2) return result;

  std::vector<std::size_t> slowable;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!is_round_trip(columns[i].metric)) continue;
    slowable.push_back(i);
    result.caught_by_case.emplace_back(columns[i].case_id, Rate{});
  }
  const bool slows = rules.slowdown > 0 && !slowable.empty();
  SplitMix64 random(rules.seed);
  for (std::size_t n = 0; n < rules.jobs; ++n) {
    const std::size_t target = slows ? slowable[n % slowable.size()] : columns.size();
    const Job job(table, n / std::max<std::size_t>(slowable.size(), 1) % 2, looks, rules.slowdown, random);
    bool wrong = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const FigureVerdict verdict = job.verdict(i, i == target);
      if (i != target) {
        wrong = wrong || verdict == FigureVerdict::regressed;
        count(result.undecided, is_undecided(verdict));
        continue;
      }
      count(result.caught, verdict == FigureVerdict::regressed);
      count(result.improved, verdict == FigureVerdict::improved);
      count(result.caught_by_case[n % slowable.size()].second, verdict == FigureVerdict::regressed);
    }
    count(result.regressed, wrong);
  }
  return result;
}

}  // namespace ipcbench
