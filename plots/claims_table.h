#pragma once

#include "plots/language.h"
#include "plots/table.h"
#include "results/record.h"

namespace ipcbench {

// "claims": the sources' claims, each with the verdict of this result and what it rests on. The result is summarised.
Table claims_table(const Result& result, Language language = Language::english);

}  // namespace ipcbench
