#pragma once

#include <cstdint>
#include <string>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Describes cases with the largest message of their transport, which stand in for larger sizes that were asked for.

namespace ipcbench {

// Returns whether the case was measured for messages of `size` bytes: it has that size or stands in for it.
bool is_for_size(const CaseRecord& c, std::uint64_t size) noexcept;
// Returns whether the case's own size was asked for. False if it only stands in for others.
bool has_asked_size(const CaseRecord& c) noexcept;
// Lists the other sizes that it stands in for: "64 KiB, 1 MiB"; "" for none.
std::string asked_text(const CaseRecord& c);
// Returns, for example, "8 KiB, its largest: /proc/sys/kernel/msgmax is 8192; 64 KiB asked"; empty if it stands in for
// no size.
BilingualString at_largest_text(const CaseRecord& c);

}  // namespace ipcbench
