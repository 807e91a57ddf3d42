#include "results/claims/channels_recommendation.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/usage_error.h"
#include "results/claims/suitability.h"
#include "results/compare/comparability.h"
#include "results/figures/cast_lines.h"
#include "results/figures/load_summary.h"
#include "scenarios/list/cast.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

bool has_many_channels(const CaseRecord& c) {
  return !scenario_option(c, kChannelsOption).empty() && !scenario_option(c, kMuxOption).empty();
}

// ChannelsSelection looks at the cases of a placement and a size that differ by their channels alone.
class ChannelsSelection {
 public:
  ChannelsSelection(const Result& result, Need need, std::uint64_t channels) : result_(result) {
    if (std::ranges::none_of(result.cases, has_many_channels)) {
      throw UsageError(
          "--channels: this result has no launches with many channels; measure them first: ipcbench run "
          "channels");
    }
    need.placement = placement_for(result, need);
    answer_.need = std::move(need);
    answer_.channels = channels;
  }

  ChannelsRecommendation take() && {
    for (const TransportRecord& transport : result_.transports) {
      std::vector<std::string> against = reasons_against(result_, transport, answer_.need);
      if (against.empty()) {
        const std::size_t before = answer_.qualified.size();
        add_measured(transport, against);
        if (against.empty() && answer_.qualified.size() == before) against.push_back(missing(transport.name));
      }
      if (!against.empty())
        answer_.excluded.push_back({transport.name, fmt::format("{}", fmt::join(against, "; ")), nullptr});
    }
    return std::move(answer_);
  }

 private:
  using Cases = std::vector<const CaseRecord*>;

  std::string missing(const std::string& transport) const {
    return fmt::format(
        "not measured: ipcbench run --scenario channels --transport {} --size {} --placement {} --option "
        "channels={}",
        transport, answer_.need.size, to_string(answer_.need.placement), answer_.channels);
  }

  // Adds each way that qualifies, and says what rules out the others.
  void add_measured(const TransportRecord& transport, std::vector<std::string>& against) {
    std::vector<std::pair<std::string, Cases>> ways;
    for (const CaseRecord& c : result_.cases) {
      const bool is_of_need = c.transport == transport.name && has_many_channels(c) && may_be_ranked(c) &&
                              c.placement == answer_.need.placement && c.size == answer_.need.size;
      if (!is_of_need) continue;
      const std::string key = id_without(c, {kChannelsOption});
      auto way = std::ranges::find(ways, key, &std::pair<std::string, Cases>::first);
      if (way == ways.end()) way = ways.insert(way, {key, {}});
      way->second.push_back(&c);
    }
    for (const auto& [key, cases] : ways) consider(transport, cases, against);
  }

  void consider(const TransportRecord& transport, const Cases& cases, std::vector<std::string>& against) {
    const CaseRecord& any = *cases.front();
    const std::string mux = scenario_option(any, kMuxOption);
    const auto refuse = [&](std::string why) {
      if (std::ranges::find(against, why) == against.end()) against.push_back(std::move(why));
    };
    if (!answer_.need.may_spin && mux == to_string(MuxCall::spin)) return refuse("mux=spin keeps a CPU busy");
    const CaseRecord *below = nullptr, *above = nullptr;
    for (const CaseRecord* c : cases) {
      if (c->status != Status::ok || !cast_rate(*c).median) continue;
      const std::uint64_t at = channels_of(*c);
      if (at <= answer_.channels && (below == nullptr || at > channels_of(*below))) below = c;
      if (at >= answer_.channels && (above == nullptr || at < channels_of(*above))) above = c;
    }
    if (below == nullptr || above == nullptr) return refuse(why_missing(mux, cases, transport.name));
    const CaseRecord* worse = *cast_rate(*below).median < *cast_rate(*above).median ? below : above;
    answer_.qualified.push_back(
        {.below = below, .above = above, .worse = worse, .remarks = remarks_on(transport, answer_.need, *worse)});
  }

  // Returns why so many channels were skipped, if they were.
  std::string why_missing(const std::string& mux, const Cases& cases, const std::string& transport) const {
    for (const CaseRecord* c : cases) {
      if (c->status == Status::skipped && channels_of(*c) >= answer_.channels)
        return fmt::format("mux={}: {}", mux, c->reason);
    }
    return fmt::format("mux={}: {}", mux, missing(transport));
  }

  const Result& result_;
  ChannelsRecommendation answer_;
};

}  // namespace

const Figure& ChannelsQualified::rate() const noexcept { return cast_rate(*worse); }

std::uint64_t channels_of(const CaseRecord& c) {
  const std::string text = scenario_option(c, kChannelsOption);
  std::uint64_t channels = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), channels);
  return error == std::errc() && end == text.data() + text.size() ? channels : 0;
}

ChannelsRecommendation recommend_for_channels(const Result& result, Need need, std::uint64_t channels) {
  return ChannelsSelection(result, std::move(need), channels).take();
}

}  // namespace ipcbench
