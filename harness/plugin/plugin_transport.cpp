#include "harness/plugin/plugin_transport.h"

#include <exception>
#include <utility>

#include "harness/plugin/plugin_endpoint.h"
#include "harness/plugin/plugin_host.h"

namespace ipcbench {
namespace {

class PluginSession final : public Session {
 public:
  PluginSession(const std::string& path, const std::string& transport, const SessionConfig& config)
      : host_(path, &config.run_dir) {
    broker_ = host_.create(
        {.transport = transport, .message_size = config.message_size, .wait = config.wait, .options = config.options});
  }
  ~PluginSession() override { destroy(); }
  Ticket ticket(Seat seat) override { return host_.ticket(seat); }
  void attached() noexcept override {
    try {
      host_.attached();
    } catch (const std::exception& error) {
      fault_ = error.what();
    }
  }
  pid_t broker() const noexcept override { return broker_; }
  std::string broker_end() override { return host_.runs() ? "" : "the plug-in's host has ended"; }
  SessionFault end() override {
    destroy();
    return {.text = fault_, .has_died = !fault_.empty() && !host_.runs()};
  }

 private:
  // Asks once, whatever has become of the launch: the plug-in was promised it.
  void destroy() noexcept {
    if (std::exchange(is_destroyed_, true)) return;
    try {
      host_.destroy();
    } catch (const std::exception& error) {
      if (fault_.empty()) fault_ = error.what();
    }
  }

  PluginHost host_;
  pid_t broker_ = 0;
  bool is_destroyed_ = false;
  std::string fault_;  // the first
};

}  // namespace

PluginTransport::PluginTransport(PluginFile file, PluginFacts facts)
    : file_(std::move(file)), facts_(std::move(facts)), info_(info_from(facts_)) {
  info_.foreign = {.library = file_.path,
                   .sha256 = file_.sha256,
                   .version = facts_.version,
                   .subject = facts_.subject,
                   .language = facts_.language};
}

Availability PluginTransport::probe() const { return available_unless(Why::not_supported, facts_.unavailable); }

std::unique_ptr<Session> PluginTransport::create(const SessionConfig& config) const {
  return std::make_unique<PluginSession>(file_.path, facts_.name, config);
}

std::unique_ptr<Endpoint> PluginTransport::join(Ticket ticket, const SeatConfig& config) const {
  return join_plugin(file_.path, facts_.name, std::move(ticket), config);
}

}  // namespace ipcbench
