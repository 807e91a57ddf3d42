#pragma once

#include <string>
#include <vector>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Limits of the host that changed what a row means. A row with one carries a mark: it has no word, no verdict and no
// rank, and no claim is judged from it.

namespace ipcbench {

// Stands behind the figure, or the name, of a row whose measurement a limit changed.
inline constexpr std::string_view kLimitMark = "‡";

// The sizes and the limits of the launches that the case's figures come from: CaseSummary::buffers, limits_met.
void summarise_limits(const CaseRecord& c, CaseSummary& summary);

// Whether a limit changed one of the launches that the case's figures come from.
bool is_limited(const CaseRecord& c) noexcept;
// Whether one changed the channels whose memory was measured for the case.
bool has_limited_memory(const CaseRecord& c) noexcept;

// "fs.pipe-user-pages-soft is 16384, used up by this user's pipes: F_GETPIPE_SZ is 8192, by default 65536".
Phrase phrase_of(const LimitRecord& limit);
// The same with the number of launches, where it didn't change all `of` them.
Phrase phrase_of(const CaseLimit& limit, std::size_t of);
// What changed the case's launches, joined by "; ". Empty where nothing did.
Phrase launch_limits_of(const CaseRecord& c);
// The same with what changed its channels, each limit once.
Phrase limits_of(const CaseRecord& c);
// What changed its channels.
Phrase memory_limits_of(const CaseRecord& c);
// A launch's limits, for comparing launches: "" without any.
std::string limits_text(const std::vector<LimitRecord>& limits);

// "F_GETPIPE_SZ 65536", "SO_RCVBUF 131072": each buffer once where both directions have the same; with the direction
// where they differ, and with both ends where launches did.
std::string buffers_text(const std::vector<BufferRange>& buffers);

}  // namespace ipcbench
