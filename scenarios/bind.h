#pragma once

#include <memory>
#include <stdexcept>
#include <utility>

#include "scenarios/fill_channel.h"
#include "scenarios/injected.h"
#include "scenarios/ping_pong.h"
#include "scenarios/streaming.h"

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
    switch (spec.scenario) {
      case Scenario::ping_pong: {
        LaneFor<E> lane(endpoint_, role, spec, log);
        return run_ping_pong(lane, role, spec, log);
      }
      case Scenario::streaming:
        return run_streaming(endpoint_, role, spec, log);
      case Scenario::setup:
        return;
      case Scenario::conformance:
#if defined(IPCBENCH_TESTS)
        return run_conformance(endpoint_, role, spec, log);
#else
        throw std::logic_error("the conformance loops are part of builds with tests alone");
#endif
      case Scenario::fill_channel:
        return run_fill_channel(endpoint_, role, spec, log);
    }
  }

 private:
  E endpoint_;
};

// Constructs E from `args`, ready to run.
template <AnyEndpoint E, class... Args>
std::unique_ptr<Endpoint> bind_endpoint(Args&&... args) {
  return std::make_unique<Bound<Injectable<E>>>(std::forward<Args>(args)...);
}

}  // namespace ipcbench
