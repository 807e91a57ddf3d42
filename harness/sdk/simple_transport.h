#pragma once

#include <concepts>
#include <memory>
#include <utility>

#include "harness/sdk/transport.h"

namespace ipcbench {

// DescribedTransport is a Transport whose TransportInfo is a constant, and which runs on every host unless it overrides
// probe().
class DescribedTransport : public Transport {
 public:
  explicit DescribedTransport(TransportInfo info) : info_(std::move(info)) {}
  const TransportInfo& info() const noexcept final { return info_; }
  Availability probe() const override { return Available{}; }

 private:
  TransportInfo info_;
};

// SimpleTransport makes its session, S, from the SessionConfig, or from nothing if S's constructor takes nothing.
template <std::derived_from<Session> S>
class SimpleTransport : public DescribedTransport {
 public:
  using DescribedTransport::DescribedTransport;
  std::unique_ptr<Session> create(const SessionConfig& config) const override {
    if constexpr (std::constructible_from<S, const SessionConfig&>) {
      return std::make_unique<S>(config);
    } else {
      return std::make_unique<S>();
    }
  }
};

// the_only() returns the one object of a transport type. It is made at the first call.
template <std::derived_from<Transport> T>
const Transport& the_only() {
  static const T transport;
  return transport;
}

}  // namespace ipcbench
