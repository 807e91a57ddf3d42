#pragma once

#include <cstdint>
#include <string>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Cases that have the largest message of their transport in place of the sizes that were asked for.

namespace ipcbench {

// Whether the case was measured for messages of `size` bytes: they are its own, or it stands for them.
bool is_for_size(const CaseRecord& c, std::uint64_t size) noexcept;
// Whether its own size was asked for: not of a case that only stands for others.
bool has_asked_size(const CaseRecord& c) noexcept;
// "64 KiB, 1 MiB": the other sizes that it stands for; "" for none.
std::string asked_text(const CaseRecord& c);
// "8 KiB, its largest: /proc/sys/kernel/msgmax is 8192; 64 KiB asked"; empty for a case that stands for no other size.
Phrase largest_phrase(const CaseRecord& c);

}  // namespace ipcbench
