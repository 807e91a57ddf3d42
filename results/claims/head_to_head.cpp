#include "results/claims/head_to_head.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/claims/rating.h"
#include "results/compare/comparability.h"
#include "results/figures/compared_figure.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

bool is_better(Contest contest, double value, double other) {
  return contest == Contest::stream ? value > other : value < other;
}

const Figure& figure_of(Contest contest, const CaseRecord& c) noexcept {
  switch (contest) {
    case Contest::round_trip:
      return headline_rtt(c.summary);
    case Contest::stream:
      return c.summary.bytes_per_s;
    case Contest::cpu:
      break;
  }
  return c.summary.cpu_ns_per_op;
}

bool takes_part(const CaseRecord& c, Contest contest) {
  if (c.status != Status::ok || !carries_payload(c) || !c.options.empty() || !may_be_ranked(c)) return false;
  if (c.wait != WaitStrategy::block && c.wait != WaitStrategy::spin)
    return false;  // the other waits lie between these two
  if (c.scenario != (contest == Contest::stream ? Scenario::streaming : Scenario::ping_pong)) return false;
  const std::optional<double> value = figure_of(contest, c).median;
  return value && *value > 0;
}

void keep_better(const CaseRecord*& best, const CaseRecord& c, Contest contest) {
  if (best == nullptr) {
    best = &c;
    return;
  }
  const std::array both{best, &c};
  const std::optional<double> value = compared_figure(figure_of(contest, c), c, both).median;
  const std::optional<double> other = compared_figure(figure_of(contest, *best), *best, both).median;
  if (value && (!other || is_better(contest, *value, *other))) best = &c;
}

void settle(Match& match) {
  const Figure& first = figure_of(match, *match.first);
  const Figure& second = figure_of(match, *match.second);
  const int order = order_of(*first.median, first.ci95, *second.median, second.ci95);
  match.outcome = match.contest == Contest::stream ? order : -order;
  match.ratio = *first.median / *second.median;
}

bool is_of(const Match& match, const CaseRecord& c) {
  return match.placement == c.placement && match.wait == c.wait && match.size == c.size;
}

void add_once(BilingualString& all, const BilingualString& one) {
  if (all.english.find(one.english) != std::string::npos) return;
  all.english += (all.english.empty() ? "" : "; ") + one.english;
  all.chinese += (all.chinese.empty() ? "" : "；") + one.chinese;
}

constexpr std::array<Bilingual, 3> kContests = {
    {{"round trips", "往返"}, {"streams", "单向传输"}, {"CPU time", "CPU时间"}}};
constexpr Bilingual kAllSizes = {"all sizes", "各种大小"};
constexpr std::array<std::pair<int, Bilingual>, 3> kOutcomes = {
    {{1, {"better", "更好"}}, {0, {"no difference", "测不出差别"}}, {-1, {"worse", "更差"}}}};

using Language = std::string_view Bilingual::*;

bool is_alike(const Match& a, const Match& b) {
  return a.contest == b.contest && a.placement == b.placement && a.wait == b.wait;
}

// Returns the sizes of the matches that are like `first` and share its outcome: "all sizes", "1 B to 4 KiB" or "64 B, 1
// MiB".
std::string sizes_of(const std::vector<Match>& matches, const Match& first, Language language) {
  std::vector<std::pair<std::uint64_t, bool>> sizes;  // ascending, and whether it is one of them
  for (const Match& match : matches) {
    if (is_alike(match, first)) sizes.emplace_back(match.size, match.outcome == first.outcome);
  }
  std::string text;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (!sizes[i].second) continue;
    std::size_t last = i;
    while (last + 1 < sizes.size() && sizes[last + 1].second) ++last;
    chosen += last - i + 1;
    text += (text.empty() ? "" : ", ") + format_size(sizes[i].first);
    if (last > i) text += fmt::format("{}{}", last > i + 1 ? "–" : ", ", format_size(sizes[last].first));
    i = last;
  }
  return chosen == sizes.size() && chosen > 2 ? std::string(kAllSizes.*language) : text;
}

// Returns, for example, "round trips same-cpu 1 B–4 KiB; round trips same-l3 spin all sizes".
std::string groups_of(const std::vector<Match>& matches, int outcome, Language language) {
  std::vector<const Match*> firsts;
  for (const Match& match : matches) {
    const auto has = [&](const Match* first) { return is_alike(*first, match); };
    if (match.outcome == outcome && std::ranges::none_of(firsts, has)) firsts.push_back(&match);
  }
  std::string text;
  for (const Match* first : firsts) {
    text += fmt::format("{}{} {}{} {}", text.empty() ? "" : "; ",
                        kContests[static_cast<std::size_t>(first->contest)].*language, to_string(first->placement),
                        first->wait == WaitStrategy::block ? "" : " " + std::string(to_string(first->wait)),
                        sizes_of(matches, *first, language));
  }
  return text;
}

std::string outcomes_in(const std::vector<Match>& matches, Language language) {
  std::string text;
  for (const auto& [outcome, words] : kOutcomes) {
    const auto count = std::ranges::count(matches, outcome, &Match::outcome);
    if (count == 0) continue;
    text += fmt::format("{}{} {}/{}: {}", text.empty() ? "" : ". ", words.*language, count, matches.size(),
                        groups_of(matches, outcome, language));
  }
  return text;
}

}  // namespace

bool has_intervals(const Match& match) {
  return figure_of(match, *match.first).ci95 && figure_of(match, *match.second).ci95;
}

const Figure& figure_of(const Match& match, const CaseRecord& c) {
  return compared_figure(figure_of(match.contest, c), c, std::array{match.first, match.second});
}

CaseFilter any_of(std::vector<std::string> transports) {
  return [transports = std::move(transports)](const CaseRecord& c) {
    return std::ranges::find(transports, c.transport) != transports.end();
  };
}

HeadToHead head_to_head(const Result& result, const CaseFilter& first, const CaseFilter& second,
                        const std::vector<Contest>& contests) {
  std::vector<Match> all;
  std::vector<const CaseRecord*> limited;
  for (const Contest contest : contests) {
    std::map<std::tuple<PlacementName, WaitName, std::uint64_t>, std::size_t> index;
    const std::size_t begin = all.size();
    for (const CaseRecord& c : result.cases) {
      if (!takes_part(c, contest)) continue;
      const bool is_first = first(c);
      if (!is_first && !second(c)) continue;
      const auto [found, is_new] = index.try_emplace({c.placement, c.wait, c.size}, all.size());
      if (is_new) all.push_back({.contest = contest, .placement = c.placement, .wait = c.wait, .size = c.size});
      Match& match = all[found->second];
      keep_better(is_first ? match.first : match.second, c, contest);
      if (is_limited(c)) limited.push_back(&c);
    }
    std::stable_sort(all.begin() + static_cast<std::ptrdiff_t>(begin), all.end(),
                     [](const Match& a, const Match& b) { return a.size < b.size; });
  }
  std::erase_if(all, [](const Match& match) {
    if (match.first == nullptr || match.second == nullptr) return true;
    const bool has_both = figure_of(match, *match.first).median && figure_of(match, *match.second).median;
    return !has_both || !differences(*match.first, *match.second).empty();
  });
  // A match is dropped even if its best case wasn't changed by a limit: without the limit another case might be the
  // best.
  HeadToHead found;
  const auto is_changed = [&](const Match& match) {
    bool any = false;
    for (const CaseRecord* c : limited) {
      const bool is_in = takes_part(*c, match.contest) && is_of(match, *c);
      any = any || is_in;
      if (is_in) add_once(found.limits, launch_limits_of(*c));
    }
    return any;
  };
  found.limited = std::erase_if(all, is_changed);
  for (Match& match : all) settle(match);
  found.all = std::move(all);
  return found;
}

BilingualString outcomes_of(const std::vector<Match>& matches) {
  return {outcomes_in(matches, &Bilingual::english), outcomes_in(matches, &Bilingual::chinese)};
}

std::vector<Match> clearest_of(const std::vector<Match>& matches) {
  std::vector<Match> clearest;
  for (const Match& match : matches) {
    const auto is_like = [&](const Match& other) {
      return other.contest == match.contest && other.outcome == match.outcome;
    };
    const auto found = std::ranges::find_if(clearest, is_like);
    if (found == clearest.end())
      clearest.push_back(match);
    else if (std::abs(std::log(match.ratio)) > std::abs(std::log(found->ratio)))
      *found = match;
  }
  return clearest;
}

}  // namespace ipcbench
