#pragma once

#include <optional>
#include <string>

#include "results/files/journal.h"
#include "results/model/record.h"

// Makes the files of a run ready before anything is measured. Errors name the flag and what to do.

namespace ipcbench {

// Throws UsageError where a result can't be written to `output`.
void check_place(const std::string& output);

// Returns the journal of a fresh run. Throws UsageError if there is an unfinished one, JournalInUse if another run
// writes it.
Journal new_journal(const std::string& output, const Result& result);

// Returns the journal to go on with: `journal`, or, if the run's is gone, one that is made from `result`.
Journal journal_to_resume(const std::string& output, const Result& result, std::optional<Journal> journal);

}  // namespace ipcbench
