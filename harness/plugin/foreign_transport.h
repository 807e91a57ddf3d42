#pragma once

#include <memory>
#include <string>

#include "harness/plugin/foreign_command.h"
#include "harness/plugin/foreign_facts.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// ForeignTransport is a transport of this program whose consumer is a foreign worker: "python-pipe". The objects, the
// producer and all timing are those of the transport itself.
class ForeignTransport final : public Transport {
 public:
  // Throws std::runtime_error for a transport that a foreign worker can't open.
  ForeignTransport(const ForeignCommand& command, const ForeignFacts& facts, const Transport& transport);
  ForeignTransport(const ForeignTransport&) = delete;

  const TransportInfo& info() const noexcept override { return info_; }
  Capabilities capabilities(const OptionValues& options) const override;
  Availability probe() const override { return transport_.probe(); }
  BufferSizes buffers_here(std::size_t message_size, const OptionValues& options) const override {
    return transport_.buffers_here(message_size, options);
  }
  MessageLimit largest_message(const Available& host, const OptionValues& options) const override {
    return transport_.largest_message(host, options);
  }
  std::size_t memory_needed(std::size_t message_size, const OptionValues& options) const override {
    return transport_.memory_needed(message_size, options);
  }
  std::string option_refusal(WaitStrategy wait, std::size_t message_size, const OptionValues& options) const override {
    return transport_.option_refusal(wait, message_size, options);
  }
  std::unique_ptr<Session> create(const SessionConfig& config) const override;
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override;

 private:
  const ForeignCommand command_;
  const ForeignFacts facts_;
  const Transport& transport_;
  std::string name_, summary_;
  TransportInfo info_;  // its texts are those of the members above
};

}  // namespace ipcbench
