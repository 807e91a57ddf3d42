#include "results/claims/suitability.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "results/figures/capability.h"
#include "results/figures/summary.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

// A capability that a need asks for, and how to say that a transport lacks it.
struct Demand {
  bool Need::*need;
  const char* capability;
  bool wanted;
  const char* lack;
};

constexpr std::array kDemands = {
    Demand{&Need::unrelated, "related_only", false, "needs a common ancestor"},
    Demand{&Need::crosses_hosts, "crosses_hosts", true, "ends at this machine"},
    Demand{&Need::boundaries, "keeps_boundaries", true, "keeps no message boundaries"},
    Demand{&Need::self_synchronising, "self_synchronising", true, "does not make a fast side wait"},
    Demand{&Need::reliable, "reliable", true, "may lose messages"},
    Demand{&Need::access_control, "access_control", true, "nothing guards it"},
};

// Returns any case that says what the largest message is on this host.
const CaseRecord* case_at_largest(const Result& result, const std::string& transport) {
  const auto found = std::ranges::find_if(result.cases, [&](const CaseRecord& c) {
    return c.transport == transport && c.options.empty() && c.at_largest.has_value();
  });
  return found == result.cases.end() ? nullptr : &*found;
}

void add_size_reasons(const Result& result, const TransportRecord& transport, std::uint64_t size,
                      std::vector<std::string>& against) {
  const bool carries = capability_flag(transport, "carries_payload").value_or(true);
  if (size == 0) {
    if (carries) against.emplace_back("carries messages: more than a notification needs");
    return;
  }
  if (!carries) {
    against.emplace_back("carries nothing but notifications");
    return;
  }
  const auto most = capability_number(transport, "max_message");
  if (most && *most >= 0 && static_cast<std::uint64_t>(*most) < size) {
    against.push_back(fmt::format("a message holds at most {}", format_size(static_cast<std::size_t>(*most))));
    return;
  }
  if (const CaseRecord* largest = case_at_largest(result, transport.name); largest != nullptr && largest->size < size) {
    against.push_back(
        fmt::format("a message holds at most {} here: {}", format_size(largest->size), largest->at_largest->limit));
  }
}

}  // namespace

std::vector<std::string> reasons_against(const Result& result, const TransportRecord& transport, const Need& need) {
  std::vector<std::string> against;
  if (!transport.available) against.push_back(fmt::format("can't run here: {}", transport.reason));
  add_size_reasons(result, transport, need.size, against);
  for (const Demand& demand : kDemands) {
    const std::optional<bool> flag = capability_flag(transport, demand.capability);
    if (need.*demand.need && flag && *flag != demand.wanted) against.emplace_back(demand.lack);
  }
  if (need.pattern == NeedPattern::one_to_many && capability_flag(transport, "one_to_many") == false) {
    against.emplace_back("sends to one receiver at a time");
  }
  if (need.pattern == NeedPattern::many_to_many && capability_flag(transport, "many_to_many") == false) {
    against.emplace_back("joins two sides only");
  }
  if (need.persistent && capability_text(transport, "persistence") == "process") {
    against.emplace_back("goes with its processes");
  }
  if (need.typed && capability_flag(transport, "typed") == false && capability_flag(transport, "priorities") == false) {
    against.emplace_back("has neither types nor priorities");
  }
  if (const std::string_view service = capability_text(transport, "needs_service");
      need.no_service && !service.empty()) {
    against.push_back(fmt::format("needs {}", service));
  }
  return against;
}

std::vector<std::string> remarks_on(const TransportRecord& transport, const Need& need, const CaseRecord& c) {
  std::vector<std::string> remarks;
  if (capability_flag(transport, "reliable") == false) remarks.emplace_back("may lose messages");
  if (capability_text(transport, "when_full") == "fails") remarks.emplace_back("sending fails when it is full");
  if (capability_text(transport, "when_full") == "merges") remarks.emplace_back("notifications merge");
  if (const std::string_view service = capability_text(transport, "needs_service"); !service.empty()) {
    remarks.push_back(fmt::format("needs {}", service));
  }
  if (c.wait == WaitStrategy::spin || c.wait == WaitStrategy::hybrid)
    remarks.emplace_back("burns CPU time while it waits");
  if (need.persistent && capability_text(transport, "persistence") == "file-system" &&
      capability_text(transport, "shape") != "loan" && transport.row != "shared memory" && !transport.row.empty()) {
    remarks.emplace_back("its name stays, what was sent doesn't");
  }
  return remarks;
}

bool has_fixed_size(const Result& result, std::string_view transport) {
  const TransportRecord* record = find_transport_record(result, transport);
  if (record == nullptr) return false;
  const auto least = capability_number(*record, "min_message");
  return least && least == capability_number(*record, "max_message");
}

PlacementName placement_for(const Result& result, const Need& need) {
  const bool has_pairs =
      std::ranges::any_of(result.cases, [](const CaseRecord& c) { return c.status == Status::ok && !has_cast(c); });
  std::vector<PlacementName> placements;
  for (const CaseRecord& c : result.cases) {
    if (has_pairs && has_cast(c)) continue;
    if (c.status == Status::ok && std::ranges::find(placements, c.placement) == placements.end()) {
      placements.push_back(c.placement);
    }
  }
  return placement_among(placements, need);
}

PlacementName placement_among(const std::vector<PlacementName>& placements, const Need& need) {
  if (!need.placement.empty()) {
    if (std::ranges::find(placements, need.placement) != placements.end()) return need.placement;
    std::vector<std::string> names;
    for (const PlacementName& placement : placements) names.emplace_back(to_string(placement));
    throw UsageError(fmt::format("--placement: this result was not measured at '{}'{}", to_string(need.placement),
                                 suggestion(to_string(need.placement), names)));
  }
  const auto apart =
      std::ranges::find_if(placements, [](const PlacementName& placement) { return placement != Placement::same_cpu; });
  if (apart != placements.end()) return *apart;
  return placements.empty() ? PlacementName() : placements.front();
}

}  // namespace ipcbench
