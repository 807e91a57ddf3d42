#include "harness/plan/pass_order.h"

#include <utility>

#include "harness/measure/splitmix64.h"

namespace ipcbench {

std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    if (plan.cases[i].skip_reason.empty()) order.push_back(i);
  }
  // The seed is mixed before the pass is added; otherwise neighbouring seeds would share orders.
  SplitMix64 random(SplitMix64(seed).next() + static_cast<std::uint64_t>(pass));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace ipcbench
