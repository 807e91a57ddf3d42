#include "harness/run/stored_run.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/files/input_file.h"
#include "harness/run/build_info.h"
#include "harness/run/host_records.h"
#include "harness/run/stored_plan.h"
#include "results/compare/comparability.h"
#include "results/figures/summary.h"
#include "results/figures/summary_form.h"
#include "results/files/json.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::string_view kJournalEnding = ".journal.jsonl";

std::string output_of_journal(const std::string& journal) {
  if (!journal.ends_with(kJournalEnding) || journal.size() == kJournalEnding.size()) {
    throw UsageError(
        fmt::format("--resume: {} is a journal, but not called RESULT{}: its result file is not known; rename it",
                    journal, kJournalEnding));
  }
  return journal.substr(0, journal.size() - kJournalEnding.size());
}

[[noreturn]] void refuse_complete(const std::string& output) {
  throw UsageError(fmt::format("--resume: {} is complete: nothing is left to measure", output));
}

// Returns whether a run was killed after it wrote its complete result, but before it removed the journal.
bool is_stored_complete(const std::string& output, const std::string& run_id) {
  try {
    const Result result = result_from_json(read_input(output), output);
    return result.complete && result.run_id == run_id;
  } catch (const std::exception&) {
    return false;
  }
}

Result content_of_journal(const Journal& journal) {
  JournalContent content = journal_from_text(journal.text(), journal.path());
  if (!content.torn.empty()) content.result.notes.pop_back();  // the torn launch is measured again
  return std::move(content.result);
}

// Loads the result and, if there is one, its journal.
StoredRun load_stored(const std::string& file) {
  StoredRun run;
  const bool only_journal = !std::filesystem::exists(file) && std::filesystem::exists(journal_path(file));
  const std::string text = only_journal ? "" : read_input(file);
  if (only_journal || is_journal(text)) {
    run.output = only_journal ? file : output_of_journal(file);
    run.journal.emplace(Journal::open(journal_path(run.output)));
    run.result = content_of_journal(*run.journal);
    if (is_stored_complete(run.output, run.result.run_id)) refuse_complete(run.output);
    return run;
  }
  run.output = file;
  run.result = result_from_json(text, file);
  if (run.result.complete) refuse_complete(file);
  if (!std::filesystem::exists(journal_path(file))) {
    require_histograms(run.result, "--resume", file);
    check_summary(run.result, file);
    return run;
  }
  run.journal.emplace(Journal::open(journal_path(file)));
  Result journaled = content_of_journal(*run.journal);
  if (journaled.run_id != run.result.run_id) {
    throw UsageError(fmt::format("--resume: {} and {} are of different runs; name the journal to finish its run", file,
                                 run.journal->path()));
  }
  run.result = std::move(journaled);
  return run;
}

StoredRun load_or_refuse(const std::string& file) {
  try {
    return load_stored(file);
  } catch (const std::system_error& error) {
    throw UsageError(fmt::format("--resume: {}", error.what()));
  }
}

void add_difference(std::vector<std::string>& differences, std::string_view what, const std::string& stored,
                    const std::string& here) {
  if (stored != here) differences.push_back(fmt::format("{} {}, here {}", what, printable(stored), here));
}

void refuse_another_build(const BuildInfo& stored, const std::string& file) {
  const BuildInfo here = build_info();
  std::vector<std::string> differences;
  add_difference(differences, "version", stored.version, here.version);
  add_difference(differences, "git revision", stored.git, here.git);
  add_difference(differences, "compiler", stored.compiler, here.compiler);
  add_difference(differences, "flags", stored.flags, here.flags);
  add_difference(differences, "build type", stored.build_type, here.build_type);
  if (differences.empty()) return;
  throw NotComparable(
      fmt::format("--resume: {} was measured by another build: {}", file, fmt::join(differences, "; ")));
}

void refuse_another_machine(const StoredRun& run, const Topology& topology) {
  const std::string elsewhere =
      host_difference(conditions_of(run.result.machine), conditions_of(machine_record(topology)));
  if (!elsewhere.empty()) throw NotComparable(fmt::format("--resume: {} was measured {}", run.output, elsewhere));
  for (const PlannedCase& planned : run.plan.cases) {
    if (!planned.skip_reason.empty()) continue;
    for (const int cpu : {planned.cpus.producer, planned.cpus.consumer}) {
      if (cpu < 0 || topology.can_pin_to(cpu)) continue;
      throw NotComparable(
          fmt::format("--resume: {} was measured on CPU {}, which this process may not use", run.output, cpu));
    }
  }
}

}  // namespace

std::string journal_path(const std::string& output) { return output + std::string(kJournalEnding); }

StoredRun open_stored_run(const std::string& file, const Topology& topology) {
  StoredRun run = load_or_refuse(file);
  refuse_without_block(run.result, run.output);
  refuse_another_build(run.result.build, run.output);
  run.plan = plan_to_finish(run.result, run.output);
  run.payload = *run.result.payload.value();
  refuse_another_machine(run, topology);
  return run;
}

}  // namespace ipcbench
