#include "cli/commands/completion_values.h"

#include <algorithm>
#include <exception>
#include <functional>

#include <fmt/core.h>

#include "cli/output/job_output.h"
#include "cli/output/result_text.h"
#include "harness/host/topology.h"
#include "harness/plan/expand.h"
#include "harness/sdk/registry.h"
#include "harness/suite/case_names.h"
#include "harness/suite/suite.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using Positionals = std::vector<std::string>;

std::vector<Candidate> plain(const std::vector<std::string>& words) {
  std::vector<Candidate> candidates;
  for (const std::string& word : words) candidates.push_back({word, ""});
  return candidates;
}

std::vector<Candidate> transport_candidates() {
  std::vector<Candidate> candidates;
  for (const std::string& name : transport_names()) {
    const Transport* transport = find_transport(name);
    candidates.push_back({name, transport == nullptr ? "not built" : std::string(transport->info().summary)});
  }
  return candidates;
}

// Returns options and values; "capacity=" stays open if it takes any size.
std::vector<Candidate> option_candidates() {
  std::vector<Candidate> candidates;
  const auto add = [&candidates](std::string word, std::string_view text) {
    for (const Candidate& known : candidates) {
      if (known.word == word) return;
    }
    candidates.push_back({std::move(word), std::string(text)});
  };
  const auto add_all = [&add](const std::vector<OptionInfo>& options) {
    for (const OptionInfo& option : options) {
      if (option.kind != OptionInfo::Kind::choice) {
        add(fmt::format("{}=", option.name), option.summary);
        continue;
      }
      for (std::string_view value : option.values) {
        if (value.ends_with(kCounted)) value.remove_suffix(1);  // stays open: a number follows
        add(fmt::format("{}={}", option.name, value), option.summary);
      }
    }
  };
  for (const ScenarioInfo& info : offered_scenarios()) add_all(info.options);
  for (const std::string& name : transport_names()) {
    if (const Transport* transport = find_transport(name); transport != nullptr) add_all(transport->info().options);
  }
  return candidates;
}

std::vector<Candidate> payload_candidates() {
  std::vector<Candidate> candidates;
  for (const PayloadMode mode : {PayloadMode::lines, PayloadMode::full, PayloadMode::header})
    candidates.push_back({std::string(to_string(mode)), ""});
  return candidates;
}

// Includes cases that can't run here: probing every mechanism takes longer than a key press may.
std::vector<Candidate> case_candidates(const Positionals& positionals) {
  std::vector<std::string> notes;
  std::vector<Candidate> candidates;
  const Suite suite = load_suite(positionals.empty() ? "quick" : positionals.front());
  for (const CaseSpec& spec : expand(suite, {}, Topology::of_this_machine(), notes))
    candidates.push_back({spec.id(), ""});
  return candidates;
}

std::vector<Candidate> stored_case_candidates(const Positionals& positionals) {
  std::vector<Candidate> candidates;
  if (positionals.empty()) return candidates;
  for (const CaseRecord& record : load_result(positionals.front()).cases) candidates.push_back({record.id, ""});
  return candidates;
}

// Returns cases, and the transports that were measured.
std::vector<Candidate> reference_candidates(const Positionals& positionals) {
  std::vector<Candidate> candidates = stored_case_candidates(positionals);
  if (positionals.empty()) return candidates;
  for (const CaseRecord& record : load_result(positionals.front()).cases) {
    const auto known = std::ranges::find(candidates, record.transport, &Candidate::word);
    if (known == candidates.end()) candidates.insert(candidates.begin(), {record.transport, ""});
  }
  return candidates;
}

std::vector<Candidate> table_candidates(const Positionals& positionals) {
  if (positionals.empty()) return {};
  return plain(table_names(load_result(positionals.front())));
}

struct Source {
  std::string_view name;
  std::function<std::vector<Candidate>(const Positionals&)> candidates;
};

const std::vector<Source>& sources() {
  static const std::vector<Source> list = {
      {"SUITE", [](const Positionals&) { return plain(builtin_suites()); }},
      {"--suite", [](const Positionals&) { return plain(builtin_suites()); }},
      {"--out", [](const Positionals&) { return plain(job_form_names()); }},
      {"--base-option", [](const Positionals&) { return option_candidates(); }},
      {"--head-option", [](const Positionals&) { return option_candidates(); }},
      {"--reference", reference_candidates},
      {"--normalise", stored_case_candidates},
      {"--transport", [](const Positionals&) { return transport_candidates(); }},
      {"--scenario", [](const Positionals&) { return plain(scenario_names()); }},
      {"--wait", [](const Positionals&) { return plain(wait_names()); }},
      {"--placement", [](const Positionals&) { return plain(placement_names()); }},
      {"--size",
       [](const Positionals&) {
         return plain({"64", "256", "1KiB", "4KiB", "64KiB", "1MiB"});
       }},
      {"--option", [](const Positionals&) { return option_candidates(); }},
      {"--payload", [](const Positionals&) { return payload_candidates(); }},
      {"--workers", [](const Positionals&) { return plain(workers_names()); }},
      {"--filter", case_candidates},
      {"--benchmark_filter", case_candidates},
      {"--case", case_candidates},
      {"--hgrm", stored_case_candidates},
      {"--table", table_candidates},
  };
  return list;
}

}  // namespace

std::vector<Candidate> completion_values(std::string_view name, const std::vector<std::string>& positionals) {
  for (const Source& source : sources()) {
    if (source.name != name) continue;
    try {
      return source.candidates(positionals);
    } catch (const std::exception&) {
      return {};  // an unreadable suite or file: messages would disturb a half-typed line
    }
  }
  return {};
}

}  // namespace ipcbench
