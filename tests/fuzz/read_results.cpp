// libFuzzer: whatever a file holds, the readers of results, journals, pairs and calibrations either take it or throw
// ResultError; and what they take can be summarised, decided, written and read again.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "harness/os/usage_error.h"
#include "results/job_report.h"
#include "results/journal.h"
#include "results/json.h"
#include "results/live_jobs.h"
#include "results/noise_model.h"
#include "results/pairs.h"
#include "results/resampling.h"
#include "results/stored_comparison.h"
#include "results/summary.h"

namespace ipcbench {
namespace {

[[noreturn]] void report_lost(const char* what) {
  std::fprintf(stderr, "%s does not come back\n", what);
  std::abort();
}

void try_result(std::string_view text) {
  Result result = result_from_json(text, "fuzz");
  const std::string written = to_json(result);
  if (to_json(result_from_json(written, "written")) != written) report_lost("a result");
  try {
    Result checked = result;
    check_summary(checked, "fuzz");
  } catch (const ResultError&) {
  }
  summarise(result);
  const StoredHead head{.result = &result};
  decide_stored(result, {&head, 1}, {.advisory = true, .resamples = 20});
}

void try_journal(std::string_view text) {
  const JournalContent content = journal_from_text(text, "fuzz");
  to_json(content.result);
}

void try_pairs(std::string_view text) {
  const PairFile file = pairs_from_text(text, "fuzz");
  const NoiseModel model = learn_noise(file.sessions, {.rounds = 5, .jobs = 5});
  for (const PairSession& session : file.sessions) {
    const JobReport report = decide_job(session, {.noise = &model});
    to_confirm(report);
    verdict_of(report);
  }
  resample_jobs(file.sessions, model, {.jobs = 3, .rounds = 5, .margin_jobs = 5});
}

void try_noise(std::string_view text) {
  const std::string written = to_json(noise_from_json(text, "fuzz"));
  if (to_json(noise_from_json(written, "written")) != written) report_lost("a calibration");
}

}  // namespace
}  // namespace ipcbench

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto attempt : {ipcbench::try_result, ipcbench::try_journal, ipcbench::try_pairs, ipcbench::try_noise}) {
    try {
      attempt(text);
    } catch (const ipcbench::ResultError&) {
    } catch (const ipcbench::NotComparable&) {
    }
  }
  try {
    ipcbench::live_jobs_from_text(text, "fuzz");
  } catch (const ipcbench::ResultError&) {
  }
  return 0;
}
