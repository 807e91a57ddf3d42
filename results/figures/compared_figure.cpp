#include "results/figures/compared_figure.h"

#include <algorithm>

#include "results/figures/pass_values.h"

namespace ipcbench {
namespace {

bool takes_mean(const CaseRecord* c) { return c->summary.p50_from_mean; }

}  // namespace

const FigureInfo& compared_by(const FigureInfo& figure, std::span<const CaseRecord* const> cases) {
  const bool is_p50 = figure.figure == &CaseSummary::rtt_p50;
  return is_p50 && std::ranges::any_of(cases, takes_mean) ? find_figure("rtt_mean_ns") : figure;
}

const Figure& compared_figure(const Figure& figure, const CaseRecord& c, std::span<const CaseRecord* const> cases) {
  const FigureInfo* info = info_of(c, figure);
  return info == nullptr ? figure : c.summary.*compared_by(*info, cases).figure;
}

bool mix_p50_and_mean(std::span<const CaseRecord* const> cases) {
  return std::ranges::any_of(cases, takes_mean) && !std::ranges::all_of(cases, takes_mean);
}

}  // namespace ipcbench
