#pragma once

#include <string>
#include <vector>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Reports limits of the host that changed what a row means. Such a row is marked; it has no word, no verdict and no
// rank, and no claim is judged by it.

namespace ipcbench {

// Marks the figure, or the name, of a row whose measurement a limit changed.
inline constexpr std::string_view kLimitMark = "‡";

// Fills CaseSummary::buffers and limits_met from the launches that the case's figures come from.
void summarise_limits(const CaseRecord& c, CaseSummary& summary);

// Returns whether a limit changed one of the launches that the case's figures come from.
bool is_limited(const CaseRecord& c) noexcept;
// Returns whether a limit changed the channels whose memory was measured.
bool has_limited_memory(const CaseRecord& c) noexcept;

// Returns, for example, "fs.pipe-user-pages-soft is 16384, used up by this user's pipes: F_GETPIPE_SZ is 8192, by
// default 65536".
BilingualString bilingual_text(const LimitRecord& limit);
// Adds the number of launches if the limit didn't change all `of` them.
BilingualString bilingual_text(const CaseLimit& limit, std::size_t of);
// Returns the limits that changed the case's launches, joined by "; ". Empty if there are none.
BilingualString launch_limits_of(const CaseRecord& c);
// Returns the limits that changed its launches or its channels, each once.
BilingualString limits_of(const CaseRecord& c);
// Returns the limits that changed its channels.
BilingualString memory_limits_of(const CaseRecord& c);
// Returns a launch's limits as a text for comparing launches; "" without any.
std::string limits_text(const std::vector<LimitRecord>& limits);

// Returns, for example, "F_GETPIPE_SZ 65536", "SO_RCVBUF 131072": each buffer once. It adds the direction if the two
// differ, and a range if launches did.
std::string buffers_text(const std::vector<BufferRange>& buffers);

}  // namespace ipcbench
