#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "harness/sdk/capabilities.h"
#include "harness/sdk/channel.h"
#include "scenarios/all.h"
#include "scenarios/fill_channel.h"
#include "scenarios/injected.h"

#if defined(IPCBENCH_TESTS)
#include "scenarios/conformance.h"
#endif

namespace ipcbench {

// Bound is an endpoint with the scenarios' loops instantiated for it. Behind run() no call of a loop is virtual.
template <AnyEndpoint E>
class Bound final : public Endpoint {
 public:
  template <class... Args>
  explicit Bound(Args&&... args) : endpoint_(std::forward<Args>(args)...) {}

  void run(Role role, const LoopSpec& spec, RunLog& log) override {
    if constexpr (Prepared<E>) endpoint_.prepare(role, spec);
    if (OfferedScenarios::run(endpoint_, role, spec, log)) return;
    if (spec.scenario == Scenario::fill_channel) return run_fill_channel(endpoint_, role, spec, log);
#if defined(IPCBENCH_TESTS)
    if (spec.scenario == Scenario::conformance) return run_conformance(endpoint_, role, spec, log);
#endif
    throw std::logic_error("this build has no loop of the scenario");
  }
  Channel channel(Role role, const LoopSpec& spec) noexcept override {
    if constexpr (Prepared<E>) endpoint_.prepare(role, spec);
    return {.ops = &kChannelOps<E>, .self = &endpoint_};
  }

 private:
  E endpoint_;
};

// Constructs E from `args`, ready to run.
template <AnyEndpoint E, class... Args>
std::unique_ptr<Endpoint> bind_endpoint(Args&&... args) {
  return std::make_unique<Bound<Injectable<E>>>(std::forward<Args>(args)...);
}

// Constructs E<wait> from `args`, ready to run, where `wait` is block or spin.
template <template <WaitStrategy> class E, class... Args>
std::unique_ptr<Endpoint> bind_by_wait(WaitStrategy wait, Args&&... args) {
  if (wait == WaitStrategy::spin) return bind_endpoint<E<WaitStrategy::spin>>(std::forward<Args>(args)...);
  return bind_endpoint<E<WaitStrategy::block>>(std::forward<Args>(args)...);
}

}  // namespace ipcbench
