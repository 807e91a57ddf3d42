#include <cstddef>
#include <utility>

#include "harness/measure/mix.h"
#include "harness/run/plan.h"

namespace ipcbench {
namespace {

// SplitMix64. std::shuffle and the standard distributions differ between libraries; an order
// must come back from its seed everywhere.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    state_ += kGoldenGamma;
    return mix64(state_);
  }

  // Uniform in [0, bound): draws from the incomplete last multiple of `bound` are thrown away.
  std::uint64_t below(std::uint64_t bound) noexcept {
    const std::uint64_t rejected = (0 - bound) % bound;
    for (;;) {
      const std::uint64_t draw = next();
      if (draw >= rejected) return draw % bound;
    }
  }

 private:
  std::uint64_t state_;
};

}  // namespace

std::vector<std::size_t> pass_order(const Plan& plan, std::uint64_t seed, int pass) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < plan.cases.size(); ++i) {
    if (plan.cases[i].skip_reason.empty()) order.push_back(i);
  }
  // The seed goes through the generator before the pass is added: neighbouring seeds would else share orders.
  SplitMix64 random(SplitMix64(seed).next() + static_cast<std::uint64_t>(pass));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace ipcbench
