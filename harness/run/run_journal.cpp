#include "harness/run/run_journal.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/run/stored_run.h"

namespace ipcbench {

void check_place(const std::string& output) {
  try {
    check_output(output);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--output {}", error.what()));
  }
}

Journal new_journal(const std::string& output, const Result& result) {
  try {
    return {journal_path(output), result};
  } catch (const JournalUnfinished& unfinished) {
    throw UsageError(fmt::format("--output {}: {}; finish it with --resume {}, or remove it to measure anew", output,
                                 unfinished.what(), output));
  } catch (const JournalInUse&) {
    throw;
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--output {}: {}", output, error.what()));
  } catch (const std::system_error& error) {
    throw UsageError(
        fmt::format("--output {}: {}; name a file in a folder that can be written to", output, error.what()));
  }
}

Journal journal_to_resume(const std::string& output, const Result& result, std::optional<Journal> journal) {
  if (!journal) {
    Journal::restore(journal_path(output), result);
    journal.emplace(Journal::open(journal_path(output)));
  }
  journal->drop_torn_line();
  journal->append_header(result);
  return std::move(*journal);
}

}  // namespace ipcbench
