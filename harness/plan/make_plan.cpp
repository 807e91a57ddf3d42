#include "harness/plan/make_plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "harness/base/usage_error.h"
#include "harness/plan/expand.h"
#include "harness/plan/launch_limits.h"
#include "harness/plan/place_cast.h"
#include "harness/plan/plan_time.h"
#include "harness/plan/refusal.h"
#include "harness/sdk/registry.h"
#include "harness/suite/id_filter.h"
#include "results/figures/statistics.h"
#include "results/model/limits.h"

namespace ipcbench {
namespace {

static_assert(kFewestLaunches == static_cast<int>(kLeastForInterval));

struct Filter {
  IdFilter pattern;
  bool negated = false;
};

std::vector<Filter> compile(const std::vector<std::string>& filters) {
  std::vector<Filter> compiled;
  for (const std::string& text : filters) {
    const bool negated = text.starts_with('-');
    compiled.push_back({IdFilter(std::string_view(text).substr(negated ? 1 : 0), "--filter"), negated});
  }
  return compiled;
}

bool passes_all(const std::vector<Filter>& filters, const std::string& id) {
  return std::ranges::all_of(filters,
                             [&](const Filter& filter) { return filter.pattern.matches(id) != filter.negated; });
}

void check_pair(const std::optional<CpuPair>& pair, const Topology& topology) {
  if (!pair) return;
  for (const int cpu : {pair->producer, pair->consumer}) topology.require_cpu(cpu, "--cpus");
}

// Probes each transport, and the host's memory, only once: a probe may be slow.
class Prober {
 public:
  void fit(PlannedCase& planned, const Topology& topology, const Selection& selection) {
    const RegisteredTransport* entry = find_registered(planned.spec.transport);
    if (entry->transport == nullptr) {
      planned.skip_reason = fmt::format("not built: {}", entry->missing_reason);
      return;
    }
    const Transport& transport = *entry->transport;
    auto known = probed_.find(&transport);
    if (known == probed_.end()) known = probed_.emplace(&transport, transport.probe()).first;
    fit_to_host(planned, transport, known->second, topology, memory_, selection.cpus);
    if (planned.skip_reason.empty())
      planned.skip_reason = payload_refusal(selection.payload, planned.spec, transport.info());
  }

 private:
  std::map<const Transport*, Availability> probed_;
  MemoryLimits memory_ = memory_limits();
};

// Notes which cases limits of this host would change, each limit once. The cases are still measured, and marked.
class LimitNotes {
 public:
  void look_at(const PlannedCase& planned) {
    const CaseSpec& spec = planned.spec;
    if (!planned.skip_reason.empty()) return;
    const Transport& transport = *find_transport(spec.transport);
    std::string label = spec.transport;
    for (const auto& [name, value] : spec.options) label += fmt::format(" {}={}", name, value);
    if (!seen_.insert(label).second) return;
    const BufferSizes sizes = transport.buffers_here(largest_sent(spec), option_values(spec, transport.info()));
    for (const LimitRecord& limit : limits_behind({&sizes, 1})) {
      std::string text = bilingual_text(limit).english;
      const auto known = std::ranges::find(labels_, text, &std::pair<std::string, std::string>::first);
      if (known == labels_.end()) {
        labels_.emplace_back(std::move(text), label);
      } else {
        known->second += ", " + label;
      }
    }
  }
  void add_to(std::vector<std::string>& notes) const {
    for (const auto& [text, labels] : labels_) notes.push_back(fmt::format("{} {}: {}", kLimitMark, labels, text));
  }

 private:
  std::set<std::string> seen_;
  std::vector<std::pair<std::string, std::string>> labels_;  // by effect of the limit
};

// Keeps each case once and merges what was asked of it. Several sizes may become one case, of the transport's largest
// message or its only size.
class CaseList {
 public:
  explicit CaseList(std::vector<PlannedCase>& cases) : cases_(cases) {}

  void add(PlannedCase planned) {
    const auto [known, fresh] = places_.try_emplace(planned.spec.id(), cases_.size());
    if (fresh) {
      cases_.push_back(std::move(planned));
    } else {
      join(cases_[known->second], std::move(planned.at_largest));
    }
  }

 private:
  static void join(PlannedCase& known, std::optional<AtLargest> more) {
    std::set<std::size_t> asked;
    for (const auto* one : {&known.at_largest, &more}) {
      if (*one)
        asked.insert((*one)->asked.begin(), (*one)->asked.end());
      else
        asked.insert(known.spec.size);
    }
    if (!known.at_largest) known.at_largest = std::move(more);
    if (known.at_largest) known.at_largest->asked.assign(asked.begin(), asked.end());
  }

  std::vector<PlannedCase>& cases_;
  std::map<std::string, std::size_t> places_;  // by id
};

[[noreturn]] void refuse_empty(const Selection& selection, std::size_t unfiltered,
                               const std::vector<std::string>& notes) {
  if (unfiltered > 0) {
    throw UsageError(fmt::format("--filter {}: none of the {} cases is left",
                                 fmt::join(selection.filters, " --filter "), unfiltered));
  }
  throw UsageError(fmt::format("the selection leaves no case{}{}", notes.empty() ? "" : ": ", fmt::join(notes, "; ")));
}

void set_passes(Plan& plan, std::optional<int> passes) {
  plan.passes = passes.value_or(plan.suite.passes);
  if (plan.passes < 1) throw UsageError(fmt::format("--passes: {} is less than 1", plan.passes));
  if (plan.passes < static_cast<int>(kLeastForInterval)) {
    plan.notes.push_back(
        fmt::format("{} launches a case: no interval under {} launches", plan.passes, kLeastForInterval));
  } else if (plan.passes < kMinLaunches) {
    plan.notes.push_back(fmt::format("{} launches a case instead of {}: wider intervals", plan.passes, kMinLaunches));
  }
}

// Notes a pair of unlike cores, whose figures represent neither kind.
void note_unlike_cores(const PlannedCase& planned, std::vector<std::string>& notes) {
  if (planned.core_kinds.find('+') == std::string::npos) return;
  std::string note = fmt::format("{}: CPUs {} and {} are cores of unlike kinds, {}", to_string(planned.spec.placement),
                                 planned.cpus.producer, planned.cpus.consumer, planned.core_kinds);
  if (std::ranges::find(notes, note) == notes.end()) notes.push_back(std::move(note));
}

// Leaves a saturation, for which all messages are due at once, without schedule and pacer.
void drop_what_saturation_has_not(PlannedCase& planned) {
  if (!is_scheduled(planned.spec) || !planned.skip_reason.empty()) return;
  if (!open_loop_of(planned.spec).is_paced()) planned.spec = saturation_of(std::move(planned.spec));
}

// Adds, before each case whose rate is a share of saturation or limited by one, the case that measures it. A filter
// that leaves it out doesn't mean it.
template <class PlannedFor>
void add_saturations(Plan& plan, const PlannedFor& planned_for) {
  std::set<std::string> ids;
  for (const PlannedCase& planned : plan.cases) ids.insert(planned.spec.id());
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    const CaseSpec& spec = plan.cases[i].spec;
    const OpenLoop loop = open_loop_of(spec);
    const bool is_limited = plan.suite.most_load != 0 && loop.rate_per_s != 0;
    if ((loop.load_percent == 0 && !is_limited) || !plan.cases[i].skip_reason.empty()) continue;
    CaseSpec saturation = saturation_of(spec);
    if (!ids.insert(saturation.id()).second) continue;
    plan.notes.push_back(
        fmt::format("{} is measured as well: its saturation is what load is a share of", saturation.id()));
    plan.cases.insert(plan.cases.begin() + static_cast<std::ptrdiff_t>(i++), planned_for(std::move(saturation)));
  }
}

}  // namespace

Plan make_plan(const Suite& suite, const Selection& selection, const Topology& topology, std::optional<int> passes) {
  Plan plan{.suite = suite, .block = suite.block, .payload = selection.payload};
  const std::vector<Filter> filters = compile(selection.filters);
  check_pair(selection.cpus, topology);
  set_passes(plan, passes);

  Prober prober;
  CaseList cases(plan.cases);
  const auto planned_for = [&](CaseSpec spec) {
    const std::optional<CpuPair> pair = selection.cpus ? selection.cpus : topology.pair(spec.placement);
    PlannedCase planned{.spec = std::move(spec),
                        .cpus = pair.value_or(CpuPair{}),
                        .core_kinds = topology.core_kinds(pair.value_or(CpuPair{})),
                        .workers = selection.workers.value_or(suite.workers)};
    place_cast(planned, topology, selection.cpus);
    prober.fit(planned, topology, selection);
    drop_what_saturation_has_not(planned);
    return planned;
  };
  for (CaseSpec& spec : expand(suite, selection, topology, plan.notes)) cases.add(planned_for(std::move(spec)));
  const std::size_t unfiltered = plan.cases.size();
  std::erase_if(plan.cases, [&](const PlannedCase& planned) { return !passes_all(filters, planned.spec.id()); });
  add_saturations(plan, planned_for);
  LimitNotes limits;
  for (const PlannedCase& planned : plan.cases) {
    note_unlike_cores(planned, plan.notes);
    limits.look_at(planned);
  }
  if (plan.cases.empty()) refuse_empty(selection, unfiltered, plan.notes);
  limits.add_to(plan.notes);
  fit_to_budget(plan);
  return plan;
}

}  // namespace ipcbench
