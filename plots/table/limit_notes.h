#pragma once

#include <string_view>

// Notes on rows that a limit of the host changed; plots/table/table_chinese.cpp has the translations.

namespace ipcbench {

inline constexpr std::string_view kLimitMarkNote =
    "‡: a limit of this host changed what the row measured, as its note says; it has no rank, and nothing is judged "
    "from "
    "it";
inline constexpr std::string_view kLimitMarkNoteChinese =
    "‡：此机的一项限制改变了该行所测的内容（见其注）；不排名，也不据此作判断";
inline constexpr std::string_view kBufferNote =
    "direction: forward from producer to consumer, backward the other way, each of them alike, both in one; sizes as "
    "the "
    "kernel tells them";

}  // namespace ipcbench
