#pragma once

#include <memory>
#include <string>

#include "harness/plugin/plugin_facts.h"
#include "harness/plugin/plugin_file.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// PluginTransport is a plug-in's transport in the coordinator, which never loads its library: each session has a host
// process that does, and each worker loads it itself.
class PluginTransport final : public Transport {
 public:
  PluginTransport(PluginFile file, PluginFacts facts);
  PluginTransport(const PluginTransport&) = delete;

  const TransportInfo& info() const noexcept override { return info_; }
  Availability probe() const override;
  std::unique_ptr<Session> create(const SessionConfig& config) const override;
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override;

 private:
  const PluginFile file_;
  const PluginFacts facts_;
  TransportInfo info_;  // its texts are those of facts_ and file_
};

}  // namespace ipcbench
