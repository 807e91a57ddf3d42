#include "results/rows/precision.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/core.h>

#include "results/figures/load_summary.h"
#include "results/figures/summary.h"
#include "results/model/utf8.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

const Figure& headline_figure(const CaseRecord& c) noexcept {
  const std::optional<Traffic> traffic = traffic_of(c.scenario);
  if (traffic == Traffic::none) return c.summary.setup_connect;
  if (traffic == Traffic::turns) return c.summary.turns_per_s;
  if (traffic == Traffic::scheduled) return headline_load(c);
  if (traffic != Traffic::one_way && traffic != Traffic::cast) return headline_rtt(c.summary);
  return carries_payload(c) ? c.summary.messages_per_s : c.summary.notifications_per_s;
}

double reach_of(const Figure& figure) noexcept {
  if (!figure.median || !figure.ci95 || !(*figure.median > 0)) return std::numeric_limits<double>::infinity();
  return std::max(figure.ci95->high - *figure.median, *figure.median - figure.ci95->low) / *figure.median;
}

std::vector<bool> wider_than(const Result& result, double precision) {
  std::vector<bool> wider;
  for (const CaseRecord& c : result.cases) {
    const Figure& figure = headline_figure(c);
    wider.push_back(c.status == Status::ok && figure.median && reach_of(figure) > precision);
  }
  return wider;
}

std::string wider_text(const Result& result, double precision) {
  const std::vector<bool> wider = wider_than(result, precision);
  std::string text;
  for (std::size_t i = 0; i < wider.size(); ++i) {
    if (!wider[i]) continue;
    const double reach = reach_of(headline_figure(result.cases[i]));
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", printable(result.cases[i].id),
                        std::isfinite(reach) ? fmt::format("±{:.1f} %", 100 * reach) : "no interval");
  }
  return text;
}

}  // namespace ipcbench
