#include "plots/tables/table_form.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "plots/table/cells.h"
#include "results/compare/comparability.h"
#include "results/figures/summary.h"
#include "results/model/limits.h"
#include "results/model/utf8.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

PartKey part_of(const CaseRecord& c) {
  const Section section = !may_be_ranked(c)               ? Section::untouched
                          : is_limited(c)                 ? Section::limited
                          : c.wait == WaitStrategy::block ? Section::ranked
                                                          : Section::other_waits;
  return {std::string(reply_of(c)), section, c.size};
}

std::string size_text(const PartKey& key, const Cases& cases) {
  const auto has_asked = [](const CaseRecord* c) { return has_asked_size(*c); };
  if (std::ranges::none_of(cases, has_asked)) return fmt::format("{}, the largest", format_size(key.size));
  return key.size == 0 ? "carries nothing" : human(Unit::bytes, static_cast<double>(key.size));
}

// Formats an option's value in bytes as "4 KiB"; a value that is no number stays as it is.
std::string bytes_text(const std::string& value) {
  std::size_t bytes = 0;
  const char* const end = value.data() + value.size();
  const auto [rest, error] = std::from_chars(value.data(), end, bytes);
  return error == std::errc() && rest == end ? format_size(bytes) : printable(value);
}

std::string cpus_of(const CaseRecord& c) {
  if (c.cpus[0] < 0) return "";
  if (c.cpus[0] == c.cpus[1]) return fmt::format(" (CPU {})", c.cpus[0]);
  return fmt::format(" (CPUs {} and {})", c.cpus[0], c.cpus[1]);
}

}  // namespace

Form form_of(const CaseRecord& c, Traffic traffic) {
  if (traffic == Traffic::round_trips) return Form::round_trips;
  if (traffic == Traffic::none) return Form::setup;
  return carries_payload(c) ? Form::messages : Form::notifications;
}

const Figure& headline_of(Form form, const CaseSummary& summary) {
  switch (form) {
    case Form::round_trips:
      return headline_rtt(summary);
    case Form::messages:
      return summary.bytes_per_s;
    case Form::notifications:
      return summary.notifications_per_s;
    case Form::setup:
      return summary.setup_connect;
  }
  return summary.rtt_p50;
}

std::string id_of(Form form, const CaseRecord& any) {
  if (form != Form::notifications) return fmt::format("{}/{}", to_string(any.scenario), to_string(any.placement));
  return fmt::format("{}notifications/{}",
                     any.scenario == Scenario::streaming ? "" : fmt::format("{}-", to_string(any.scenario)),
                     to_string(any.placement));
}

std::string title_of(Form form, const CaseRecord& any) {
  return fmt::format("{}{}, {}{}", find_scenario(to_string(any.scenario))->title,
                     form == Form::notifications ? " of notifications" : "", to_string(any.placement), cpus_of(any));
}

std::map<PartKey, Cases> parts_of(const Cases& cases) {
  std::map<PartKey, Cases> parts;
  for (const CaseRecord* c : cases) parts[part_of(*c)].push_back(c);
  return parts;
}

std::string title_of(const PartKey& key, const Cases& cases) {
  std::string size = size_text(key, cases);
  if (!key.reply.empty()) size += fmt::format(", answered by {}", bytes_text(key.reply));
  switch (key.section) {
    case Section::ranked:
      return fmt::format("{}, block", size);
    case Section::other_waits:
      return fmt::format("{}, other wait strategies, not ranked", size);
    case Section::untouched:
      return fmt::format("{}, payload not touched, not ranked", size);
    case Section::limited:
      return fmt::format("{}, changed by a limit of this host, not ranked", size);
  }
  return size;
}

}  // namespace ipcbench
