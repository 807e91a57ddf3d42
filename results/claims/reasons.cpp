#include "results/claims/reasons.h"

#include <algorithm>

#include <fmt/format.h>

namespace ipcbench {

BilingualString reason_of(const std::vector<Match>& all) {
  BilingualString reason = outcomes_of(all);
  if (std::ranges::none_of(all, has_intervals)) {
    reason.english += ". Without 6 launches a figure has no interval, and nothing can be told apart";
    reason.chinese += "。不足6次启动则没有置信区间，无法区分";
  }
  return reason;
}

void add_limited(BilingualString& why, const HeadToHead& matches) {
  if (matches.limited == 0) return;
  why.english += fmt::format(". Not judged {}: {}", matches.limited, matches.limits.english);
  why.chinese += fmt::format("。未作判断{}：{}", matches.limited, matches.limits.chinese);
}

}  // namespace ipcbench
