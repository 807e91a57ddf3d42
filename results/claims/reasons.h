#pragma once

#include <vector>

#include "results/claims/head_to_head.h"
#include "results/model/bilingual.h"

namespace ipcbench {

// Describes how the matches went, and whether they were undecided for lack of launches.
BilingualString reason_of(const std::vector<Match>& all);
// Adds how many matches were left out, and why.
void add_limited(BilingualString& why, const HeadToHead& matches);

}  // namespace ipcbench
