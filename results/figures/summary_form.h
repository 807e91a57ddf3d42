#pragma once

#include <string_view>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Makes the summary form of a result: the same document with launches reduced to their figures, a quarter as large.

namespace ipcbench {

// Reduces a summarised result. Histograms become quantiles, unless they follow silences and hold few values; times keep
// four digits; slices, seeds, and what the machine did meanwhile go.
void to_summary_form(Result& result);

bool is_summary_form(const Result& result) noexcept;
// Says what such a result lacks, for the tables and the page that show it.
inline constexpr Bilingual kSummaryFormText = {
    "the summary form of a result: figures of launches, without histograms and latency distributions",
    "结果的摘要形式：只有各次启动的数值，没有直方图和延迟分布"};

// Throws ResultError, naming the file, if `what` needs the histograms that a result in the summary form lacks.
void require_histograms(const Result& result, std::string_view what, std::string_view file);

}  // namespace ipcbench
