#include "results/rows/reference.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/base/usage_error.h"
#include "results/compare/bootstrap.h"
#include "results/compare/comparability.h"
#include "results/figures/capability.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/model/utf8.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {
namespace {

constexpr double kTail = (1 - kCoverage) / 2;
constexpr std::uint64_t kSeed = 1;  // of the bootstrap: fixed, so that a result always has the same ratios

bool counts(double value) { return value > 0 && std::isfinite(value); }

std::vector<double> ratios_by_pass(std::span<const PassValue> values, std::span<const PassValue> reference) {
  std::map<int, double> of_reference;
  for (const PassValue& one : reference) {
    if (counts(one.value)) of_reference[one.pass] = one.value;
  }
  std::vector<double> ratios;
  for (const PassValue& one : values) {
    const auto other = of_reference.find(one.pass);
    if (counts(one.value) && other != of_reference.end()) ratios.push_back(one.value / other->second);
  }
  return ratios;
}

std::vector<double> logs_of(std::span<const PassValue> values) {
  std::vector<double> logs;
  for (const PassValue& one : values) {
    if (counts(one.value)) logs.push_back(std::log(one.value));
  }
  return logs;
}

Ratio unpaired_ratio(std::span<const PassValue> values, std::span<const PassValue> reference) {
  const std::vector<double> head = logs_of(values), base = logs_of(reference);
  Ratio ratio{.median = {}, .interval = {}, .n = std::min(head.size(), base.size())};
  if (ratio.n < kLeastForInterval) return ratio;
  const Estimate estimate = bootstrap_difference({.base = base, .head = head}, kTail, kSeed);
  ratio.median = std::exp(estimate.median);
  if (estimate.interval) ratio.interval = Interval{std::exp(estimate.interval->low), std::exp(estimate.interval->high)};
  return ratio;
}

bool has_options_of_its_own(const CaseRecord& c) { return c.options.size() > (reply_of(c).empty() ? 0u : 1u); }

}  // namespace

Ratio ratio_of(std::span<const PassValue> values, std::span<const PassValue> reference) {
  const std::vector<double> ratios = ratios_by_pass(values, reference);
  if (ratios.size() < kLeastForInterval) return unpaired_ratio(values, reference);
  const Figure figure = figure_of(ratios);
  return {.median = figure.median, .interval = figure.ci95, .n = figure.n, .paired = true};
}

Ratio ratio_of(const CaseRecord& c, const CaseRecord& reference, const FigureInfo& figure) {
  return ratio_of(used_values(c, figure), used_values(reference, figure));
}

Reference::Reference(const Result& result, std::string name, std::string_view which) : name_(std::move(name)) {
  std::vector<std::string> known;
  bool is_transport = false;
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok) continue;
    known.push_back(printable(c.id));
    known.push_back(printable(c.transport));
    if (c.id == name_) case_ = &c;
    if (c.transport != name_) continue;
    is_transport = true;
    if (!has_options_of_its_own(c)) rows_.emplace(key_of(c, c.wait), &c);
  }
  if (case_ == nullptr && !is_transport) {
    throw UsageError(fmt::format("--reference: {} has measured neither a case nor a transport '{}'{}", which,
                                 printable(name_), suggestion(name_, known)));
  }
  const TransportRecord* transport = find_transport_record(result, name_);
  if (transport != nullptr && !transport->waits.empty()) first_wait_ = transport->waits.front();
}

Reference::Key Reference::key_of(const CaseRecord& c, const WaitName& wait) {
  return {c.scenario, c.placement, c.size, reply_of(c), wait};
}

const CaseRecord* Reference::row_for(const CaseRecord& c) const {
  if (traffic_of(c.scenario) == Traffic::scheduled) return nullptr;  // its figures follow its load
  if (is_of_casts(traffic_of(c.scenario))) return nullptr;           // and those of a cast how it shares
  if (case_ != nullptr) {
    const bool is_alike = case_->scenario == c.scenario &&
                          (traffic_of(c.scenario) != Traffic::one_way || carries_payload(*case_) == carries_payload(c));
    return is_alike ? case_ : nullptr;
  }
  for (const WaitName* wait : {&c.wait, &first_wait_}) {
    if (const auto row = rows_.find(key_of(c, *wait)); row != rows_.end()) return row->second;
  }
  return nullptr;
}

}  // namespace ipcbench
