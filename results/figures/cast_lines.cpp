#include "results/figures/cast_lines.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "results/figures/by_placement.h"
#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "scenarios/list/cast.h"

namespace ipcbench {
namespace {

constexpr std::string_view kAsMany = "N";  // CastSubject::consumers

// Parses a whole number and what follows it. A file may hold anything.
std::optional<std::pair<std::uint64_t, std::string_view>> leading_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  return std::pair(number, text.substr(static_cast<std::size_t>(end - text.data())));
}

// Returns the number that a text is, from 1 to `most`; 0 if it is none of them.
std::size_t number_up_to(std::size_t most, std::string_view text) {
  const auto number = leading_number(text);
  const bool is_number = number && number->second.empty() && number->first >= 1 && number->first <= most;
  return is_number ? static_cast<std::size_t>(number->first) : 0;
}

bool has_option(const CaseRecord& c, std::string_view option) { return !scenario_option(c, option).empty(); }

std::string_view counted_option(const CaseRecord& c) {
  if (has_option(c, kChannelsOption)) return kChannelsOption;
  return has_option(c, kProducersOption) ? kProducersOption : kConsumersOption;
}

CastSubject cast_subject_of(const CaseRecord& c) {
  CastSubject subject{.scenario = std::string(to_string(c.scenario))};
  if (const std::string deliver = scenario_option(c, kDeliverOption); deliver == "all") subject.deliver = deliver;
  if (const std::string service = scenario_option(c, kServiceOption); service != "0") subject.service = service;
  if (const std::string by = scenario_option(c, kServiceByOption); by != "busy") subject.service_by = by;
  if (const std::string active = scenario_option(c, kActiveOption); active != "all") subject.active = active;
  if (const std::string hold = scenario_option(c, kHoldOption); hold != "0") subject.hold = hold;
  if (const std::string think = scenario_option(c, kThinkOption); think != "0") subject.think = think;
  return subject;
}

// Casts by a schedule have no rate of their own.
bool is_measured_cast(const CaseRecord& c) {
  return c.status == Status::ok && c.summary.has_cast && !c.summary.is_open_loop;
}

void add_point(std::vector<CastLine>& lines, const std::string& key, const CastSubject& subject, CastPoint point) {
  const auto is_it = [&](const CastLine& line) { return line.key == key && line.subject == subject; };
  auto line = std::ranges::find_if(lines, is_it);
  if (line == lines.end()) {
    const bool has_mux = has_option(*point.measured, kMuxOption);
    const std::string form = scenario_option(*point.measured, has_mux ? kMuxOption : kSharingOption);
    line = lines.insert(line, {.key = key, .subject = subject, .form = form});
  }
  if (std::ranges::find(line->points, point.at, &CastPoint::at) == line->points.end()) line->points.push_back(point);
}

// A case whose channels are all active stands also among those with as many active ones.
void add_channels_point(std::vector<CastLine>& lines, const CaseRecord& c, CastSubject subject, double channels) {
  const std::string key = id_without(c, {kChannelsOption, kActiveOption});
  const auto add = [&] {
    const std::string own = subject.active.empty() ? key : fmt::format("{}/{}={}", key, kActiveOption, subject.active);
    add_point(lines, own, subject, {.measured = &c, .at = channels});
  };
  const bool all_are_active = subject.active.empty();
  add();
  if (!all_are_active) return;
  subject.active = scenario_option(c, kChannelsOption);
  add();
}

// Sorts the points, and leaves out what is a single point.
std::vector<CastLine> sorted_lines(std::vector<CastLine> lines) {
  std::erase_if(lines, [](const CastLine& line) { return line.points.size() < 2; });
  for (CastLine& line : lines) std::ranges::stable_sort(line.points, {}, &CastPoint::at);
  return lines;
}

}  // namespace

std::string seats_text(const CaseRecord& c) {
  if (!has_cast(c)) return "";
  return fmt::format("{} to {}", seats_of(c, kProducersOption), seats_of(c, kConsumersOption));
}

std::size_t seats_of(const CaseRecord& c, std::string_view option) {
  const std::string text = scenario_option(c, option);
  const bool is_given = std::ranges::count(c.options, option, [](const auto& one) { return one.first; }) != 0;
  return text.empty() && !is_given ? 1 : number_up_to(kMostSeats - 1, text);
}

std::size_t channels_of(const CaseRecord& c, std::string_view option) {
  return number_up_to(kMostChannels, scenario_option(c, option));
}

std::optional<double> service_ns(const CaseRecord& c) { return duration_ns(c, kServiceOption); }

std::optional<double> duration_ns(const CaseRecord& c, std::string_view option) {
  constexpr std::array<std::pair<std::string_view, double>, 5> kUnits = {
      {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}}};
  const std::string text = scenario_option(c, option);
  const auto number = leading_number(text);  // its unit lies in `text`
  if (!number) return std::nullopt;
  if (number->first == 0 && number->second.empty()) return 0;
  for (const auto& [unit, ns] : kUnits) {
    if (number->second == unit && number->first != 0) return static_cast<double>(number->first) * ns;
  }
  return std::nullopt;
}

std::string subject_text(const CastSubject& subject) {
  std::string text = subject.scenario;
  if (!subject.producers.empty())
    text += fmt::format(", {} {}", subject.producers, subject.producers == "1" ? "client" : "clients");
  if (!subject.consumers.empty()) text += fmt::format(", N to {}", subject.consumers);
  if (!subject.deliver.empty()) text += ", each message to all";
  if (!subject.service.empty()) text += fmt::format(", service {}", subject.service);
  if (!subject.active.empty()) text += fmt::format(", {} active", subject.active);
  if (!subject.hold.empty()) text += fmt::format(", hold {}", subject.hold);
  if (!subject.think.empty()) text += fmt::format(", think {}", subject.think);
  if (!subject.service_by.empty()) text += fmt::format(", by {}", subject.service_by);
  return text;
}

std::vector<CastLine> lines_by_seats(const Result& result) {
  std::vector<CastLine> lines;
  for (const CaseRecord& c : result.cases) {
    if (!is_measured_cast(c)) continue;
    const bool has_channels = counted_option(c) == kChannelsOption;
    const std::size_t seats = has_channels ? channels_of(c, kChannelsOption) : seats_of(c, counted_option(c));
    if (seats == 0) continue;
    const auto at = static_cast<double>(seats);
    CastSubject subject = cast_subject_of(c);
    if (has_channels) {
      add_channels_point(lines, c, std::move(subject), at);
      continue;
    }
    const bool has_both = has_option(c, kProducersOption) && has_option(c, kConsumersOption);
    if (has_both) subject.consumers = scenario_option(c, kConsumersOption);
    add_point(lines, id_without(c, {counted_option(c)}), subject, {.measured = &c, .at = at});
    if (!has_both || seats_of(c, kConsumersOption) != seats) continue;
    subject.consumers = kAsMany;
    add_point(lines, id_without(c, {kProducersOption, kConsumersOption}), subject, {.measured = &c, .at = at});
  }
  return sorted_lines(std::move(lines));
}

std::vector<CastLine> lines_by_service(const Result& result) {
  std::vector<CastLine> lines;
  for (const CaseRecord& c : result.cases) {
    if (!is_measured_cast(c)) continue;
    const std::optional<double> ns = service_ns(c);
    if (!ns) continue;
    CastSubject subject = cast_subject_of(c);
    subject.service.clear();
    subject.producers = scenario_option(c, kProducersOption);
    add_point(lines, id_without(c, {kServiceOption}), subject, {.measured = &c, .at = *ns});
  }
  return sorted_lines(std::move(lines));
}

std::vector<CastGroup> grouped(std::vector<CastLine> lines) {
  std::vector<CastGroup> groups;
  for (AtPlacement<CastLine>& here : by_placement(std::move(lines))) {
    const auto first = static_cast<std::ptrdiff_t>(groups.size());
    for (CastLine& line : here.channels) {
      auto group = std::ranges::find(groups.begin() + first, groups.end(), line.subject, &CastGroup::subject);
      if (group == groups.end()) group = groups.insert(group, {here.placement, line.subject});
      group->lines.push_back(std::move(line));
    }
  }
  return groups;
}

std::vector<std::string> names_of(const std::vector<CastLine>& lines) {
  std::set<std::uint64_t> sizes;
  for (const CastLine& line : lines) {
    if (line.any().size != 0) sizes.insert(line.any().size);
  }
  std::vector<std::string> names;
  for (const CastLine& line : lines) {
    std::string name = channel_name(line.any(), sizes.size() > 1);
    if (!line.form.empty()) name += fmt::format(" {}", line.form);
    names.push_back(std::move(name));
  }
  return names;
}

std::string counted_seats(const CaseRecord& c) {
  if (counted_option(c) == kChannelsOption) return "channels";
  if (counted_option(c) == kConsumersOption) return "consumers";
  if (c.summary.takes_turns) return "processes";
  return has_option(c, kServiceOption) ? "clients" : "producers";
}

const Figure& cast_rate(const CaseRecord& c) noexcept {
  if (c.summary.takes_turns) return c.summary.turns_per_s;
  return carries_payload(c) ? c.summary.messages_per_s : c.summary.notifications_per_s;
}

}  // namespace ipcbench
