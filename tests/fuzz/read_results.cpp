// A libFuzzer target: a reader must accept any file or refuse it with a message. What was accepted can be summarised,
// planned again, decided, and shown in every form.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "cli/google_benchmark/google_benchmark.h"
#include "harness/base/fnv1a.h"
#include "harness/base/usage_error.h"
#include "harness/files/compression.h"
#include "harness/host/topology.h"
#include "harness/plan/expand.h"
#include "harness/plan/plan_time.h"
#include "harness/run/launch_requests.h"
#include "harness/run/stored_plan.h"
#include "harness/suite/suite.h"
#include "plots/charts/charts.h"
#include "plots/exports/google_benchmark_json.h"
#include "plots/exports/hgrm.h"
#include "plots/jobs/job_outputs.h"
#include "plots/page/page.h"
#include "plots/table/table_chinese.h"
#include "plots/tables/claims_table.h"
#include "plots/tables/guide_table.h"
#include "plots/tables/result_tables.h"
#include "results/claims/claim_file.h"
#include "results/claims/claims.h"
#include "results/claims/recommendation.h"
#include "results/compare/learn_noise.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/json.h"
#include "results/files/noise_file.h"
#include "results/files/pair_file.h"
#include "results/gate/ci_history.h"
#include "results/gate/job_outcome.h"
#include "results/gate/resampling.h"
#include "results/gate/result_diff.h"
#include "tests/fuzz/mutate.h"

namespace ipcbench {
namespace {

[[noreturn]] void fail(const char* what) {
  std::fprintf(stderr, "%s\n", what);
  std::abort();
}

// Fails if what was written twice differs, and shows the place: the input that led there may be lost with its machine.
void check_same(std::string_view first, std::string_view second, const char* what) {
  if (first == second) return;
  const auto [in_first, in_second] = std::ranges::mismatch(first, second);
  const auto at = static_cast<std::size_t>(in_first - first.begin());
  const std::size_t from = at < 120 ? 0 : at - 120;
  const std::string_view once = first.substr(from, 240);
  const std::string_view again = second.substr(from, 240);
  std::fprintf(stderr, "written first: %.*s\nwritten again: %.*s\n", static_cast<int>(once.size()), once.data(),
               static_cast<int>(again.size()), again.data());
  fail(what);
}

const Topology& topology() {
  static const Topology here = Topology::of_this_machine();
  return here;
}

// Fails if a printed text contains control characters, which could move a terminal's cursor or start an escape
// sequence.
void check_printable(const std::string& text) {
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n') || c == 0x7f) fail("a control character was printed");
  }
}

void check_json(const std::string& text) {
  if (!nlohmann::json::accept(text)) fail("what was written is no JSON");
}

void show(const JobOutcome& outcome, const PairSession* session) {
  check_printable(to_text(outcome, {}));
  check_printable(to_markdown(outcome));
  check_json(to_json(outcome));
  to_junit(outcome);
  check_printable(to_github(outcome));
  check_printable(to_openmetrics(outcome));
  check_json(to_gbench(outcome, session));
}

void show_tables(const Result& result) {
  for (const Language language : {Language::english, Language::chinese}) {
    std::vector<Table> tables = result_tables(result, language);
    tables.push_back(case_table(result));
    check_printable(to_text(tables, {}));
    check_printable(to_markdown(tables));
    check_json(to_json(tables));
    for (Table& table : tables) {
      to_csv(table);
      if (language == Language::chinese) check_printable(to_text(in_chinese(std::move(table)), {}));
    }
  }
}

void advise(const Result& result) {
  for (std::size_t pattern = 0; pattern < pattern_names().size(); ++pattern) {
    for (std::size_t criterion = 0; criterion < criterion_names().size(); ++criterion) {
      const Need need{.pattern = static_cast<NeedPattern>(pattern), .by = static_cast<Criterion>(criterion)};
      check_printable(to_text(recommendation_tables(recommend(result, need)), {}));
    }
  }
}

void try_lengths(const Plan& plan) {
  check_printable(format_volume(estimate(plan).bytes()));
  for (const PlannedCase& planned : plan.cases) {
    if (planned.block_ops == 0) continue;
    const LaunchRequest request{.spec = planned.spec};
    block_request(request, planned);
    counting_request(request, planned);
  }
}

void try_plans(const Result& result) {
  std::map<std::string, std::string> lacks;
  try {
    try_lengths(plan_to_repeat(result, "fuzz", topology(), lacks));
  } catch (const UsageError&) {
  } catch (const NotComparable&) {
  }
  try {
    try_lengths(plan_to_finish(result, "fuzz"));
  } catch (const UsageError&) {
  }
}

// Runs some of the consumers, so that more inputs are tried; `choice`, which depends on the text, selects them.
void use(const Result& result, std::uint64_t choice) {
  try_plans(result);
  if (choice % 2 == 0) {
    show_tables(result);
  } else {
    const ResultDiffHead head{.result = &result};
    show(diff_results(result, {&head, 1}, {.advisory = true, .resamples = 20}), nullptr);
  }
  const ComparedResult compared(result);
  const std::array<PageRun, 2> runs = {PageRun{"one", &compared}, PageRun{"two", &compared}};
  if (choice % 5 == 0) to_page(std::span(runs).first(1), {});
  if (choice % 11 == 0) to_page(runs, {.language = Language::chinese});
  if (choice % 3 == 0) advise(result);
  if (choice % 3 == 1) charts_of(result);
  if (choice % 3 != 2) return;
  check_json(to_google_benchmark_json(result));
  for (const CaseRecord& c : result.cases) check_printable(to_hgrm(c));
}

void try_result(std::string_view text, std::uint64_t choice) {
  Result result = result_from_json(text, "fuzz");
  const std::string written = to_json(result);
  check_same(written, to_json(result_from_json(written, "written")), "a result does not come back");
  try {
    Result checked = result;
    check_summary(checked, "fuzz");
  } catch (const ResultError&) {
  }
  summarise(result);
  use(result, choice);
}

void try_journal(std::string_view text, std::uint64_t choice) {
  const JournalContent content = journal_from_text(text, "fuzz");
  to_json(content.result);
  use(content.result, choice);
}

void try_pairs(std::string_view text, std::uint64_t choice) {
  const PairFile file = pairs_from_text(text, "fuzz");
  const NoiseModel model = learn_noise(file.sessions, {.rounds = 5, .jobs = 5});
  for (const PairSession& session : file.sessions) {
    const JobOutcome outcome = decide_job(session, {.noise = &model});
    to_confirm(outcome);
    verdict_of(outcome);
    show(outcome, &session);
  }
  if (choice % 2 == 0) resample_jobs(file.sessions, model, {.jobs = 3, .rounds = 5, .margin_jobs = 5});
}

void try_noise(std::string_view text, std::uint64_t /*choice*/) {
  const NoiseModel model = noise_from_json(text, "fuzz");
  const std::string written = to_json(model);
  check_same(written, to_json(noise_from_json(written, "written")), "a calibration does not come back");
  for (const NoiseFigure& figure : model.figures) {
    for (const std::size_t rounds : {1u, 40u, 10'000u}) figure.margin_for(rounds);
  }
}

void try_live(std::string_view text, std::uint64_t /*choice*/) {
  std::map<std::string, CiRates> rates;
  for (const CiJob& job : ci_jobs_from_text(text, "fuzz")) rates[job.figure].add(job);
}

void try_iterations(std::string_view text, std::uint64_t /*choice*/) { iterations_from_text(text, "fuzz"); }

void try_suite(std::string_view text, std::uint64_t /*choice*/) {
  const Suite suite = parse_suite(std::string(text), "fuzz");
  Plan plan{.suite = suite, .passes = suite.passes, .block = suite.block};
  for (CaseSpec& spec : expand(suite, {}, topology(), plan.notes)) {
    if (!(parse_case(spec.id()) == spec)) fail("a case is not what its id says");
    plan.cases.push_back({.spec = std::move(spec)});
  }
  fit_to_budget(plan);
}

void try_claim(std::string_view text, std::uint64_t /*choice*/) {
  const Claim claim = parse_claim(std::string(text), "fuzz");
  const Result result;
  const ClaimResult only{.result = &result, .name = ""};
  check_printable(to_text(judged_claims_table(judge({&claim, 1}, {&only, 1})), {}));
}

void try_compressed(std::string_view text, std::uint64_t /*choice*/) {
  if (!is_compressed(text)) return;
  const std::string unpacked = decompress(text, "fuzz", std::size_t{1} << 20);
  if (decompress(compress(unpacked), "fuzz", unpacked.size()) != unpacked) fail("a text does not come back");
}

}  // namespace
}  // namespace ipcbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ipcbench;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::uint64_t choice = fnv1a_64(text) >> 7;
  for (const auto attempt : {try_result, try_journal, try_pairs, try_noise, try_live, try_iterations, try_suite,
                             try_claim, try_compressed}) {
    try {
      attempt(text, choice);
    } catch (const UsageError&) {
    } catch (const NotComparable&) {
    }
  }
  return 0;
}

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

// Mutates; half of the changes are to JSON values.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t most,
                                               unsigned int seed) {
  if (seed % 2 == 0) {
    const std::string changed = ipcbench::mutated_json({reinterpret_cast<const char*>(data), size}, seed);
    if (!changed.empty() && changed.size() <= most) {
      std::memcpy(data, changed.data(), changed.size());
      return changed.size();
    }
  }
  return LLVMFuzzerMutate(data, size, most);
}
