#include "harness/plugin/plugin_endpoint.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "harness/plugin/coded_error.h"
#include "harness/plugin/leftovers.h"
#include "harness/plugin/plugin_library.h"
#include "harness/plugin/plugin_program.h"
#include "harness/process/own_resources.h"
#include "harness/process/scoped_affinity.h"
#include "scenarios/bind.h"

namespace ipcbench {
namespace {

IoStatus status_of(int result) noexcept {
  if (result == 0) [[likely]]
    return IoStatus::ok;
  if (result == IPCBENCH_CLOSED) return IoStatus::peer_closed;
  const int error = errno_of(result);
  errno = error != 0 ? error : EPROTO;
  return IoStatus::failed;
}

// OpenSide is a plug-in's endpoint with its operations.
struct OpenSide {
  const ipcbench_endpoint_ops* ops;
  void* endpoint;
};

class PluginStream {
 public:
  explicit PluginStream(OpenSide side) : side_(side) {}
  std::ptrdiff_t write_some(ConstBytes out) noexcept {
    return side_.ops->write_some(side_.endpoint, out.data(), out.size());
  }
  std::ptrdiff_t read_some(Bytes in) noexcept { return side_.ops->read_some(side_.endpoint, in.data(), in.size()); }

 protected:
  OpenSide side_;
};

class PluginMessages {
 public:
  explicit PluginMessages(OpenSide side) : side_(side) {}
  IoStatus send(ConstBytes message) noexcept {
    return status_of(side_.ops->send(side_.endpoint, message.data(), message.size()));
  }
  Received receive(Bytes buffer) noexcept {
    std::size_t size = 0;
    const int result = side_.ops->receive(side_.endpoint, buffer.data(), buffer.size(), &size);
    if (result == IPCBENCH_QUIET) return {IoStatus::timed_out, 0};
    return {status_of(result), size};
  }

 protected:
  OpenSide side_;
};

class PluginLossyMessages : public PluginMessages {
 public:
  static constexpr bool kMayLose = true;
  using PluginMessages::PluginMessages;
};

class PluginLoans {
 public:
  explicit PluginLoans(OpenSide side) : side_(side) {}
  Loan loan(std::size_t size) noexcept {
    void* bytes = nullptr;
    const IoStatus status = status_of(side_.ops->loan(side_.endpoint, size, &bytes));
    return {status, Bytes(static_cast<std::byte*>(bytes), size)};
  }
  IoStatus publish(Bytes loaned) noexcept {
    return status_of(side_.ops->publish(side_.endpoint, loaned.data(), loaned.size()));
  }
  View acquire() noexcept {
    const void* bytes = nullptr;
    std::size_t size = 0;
    const IoStatus status = status_of(side_.ops->acquire(side_.endpoint, &bytes, &size));
    return {status, ConstBytes(static_cast<const std::byte*>(bytes), size)};
  }
  void release(ConstBytes view) noexcept { side_.ops->release(side_.endpoint, view.data(), view.size()); }

 protected:
  OpenSide side_;
};

class PluginNotifications {
 public:
  explicit PluginNotifications(OpenSide side) : side_(side) {}
  IoStatus notify() noexcept { return status_of(side_.ops->notify(side_.endpoint)); }
  Awaited await() noexcept {
    std::uint64_t count = 0;
    const IoStatus status = status_of(side_.ops->await(side_.endpoint, &count));
    return {status, count};
  }

 protected:
  OpenSide side_;
};

// Watchable is E with a descriptor that tells when there is something to receive.
template <AnyEndpoint E>
class Watchable : public E {
 public:
  using E::E;
  int watched() const noexcept { return this->side_.ops->watched(this->side_.endpoint); }
};

template <AnyEndpoint E>
std::unique_ptr<Endpoint> bind_as(OpenSide side, bool is_watchable) {
  if (is_watchable) return bind_endpoint<Watchable<E>>(side);
  return bind_endpoint<E>(side);
}

std::unique_ptr<Endpoint> bind_side(OpenSide side, const PluginFacts& facts) {
  const bool is_watchable = (facts.traits & IPCBENCH_POLLABLE) != 0;
  switch (facts.shape) {
    case IPCBENCH_STREAM:
      return bind_as<PluginStream>(side, is_watchable);
    case IPCBENCH_MESSAGE:
      if ((facts.traits & IPCBENCH_MAY_LOSE) != 0) return bind_as<PluginLossyMessages>(side, is_watchable);
      return bind_as<PluginMessages>(side, is_watchable);
    case IPCBENCH_LOAN:
      return bind_as<PluginLoans>(side, is_watchable);
    default:
      return bind_as<PluginNotifications>(side, is_watchable);
  }
}

// PluginEndpoint is a plug-in's side in its worker. In its end it looks at what the plug-in has done beside messages.
class PluginEndpoint final : public Endpoint {
 public:
  PluginEndpoint(const std::string& path, const std::string& transport, Ticket ticket, const SeatConfig& config)
      : path_(path), library_(path), transport_(library_.transport(transport)) {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);  // children of its children are found as well
    join(std::move(ticket), config);
    try {
      bound_ = bind_side({transport_.ops, endpoint_}, library_.facts(transport));
    } catch (...) {
      transport_.close(endpoint_);
      throw;
    }
  }
  ~PluginEndpoint() override { close(); }

  void run(Role role, const LoopSpec& spec, RunLog& log) override {
    bound_->run(role, spec, log);
    log.side(role).threads = static_cast<std::int32_t>(thread_count());
  }
  Channel channel(Role role, const LoopSpec& spec) noexcept override { return bound_->channel(role, spec); }
  std::string end() override {
    std::string fault = what_it_left();
    close();
    if (fault.empty()) {
      fault = what_it_left();
      if (!fault.empty()) fault = "close(): " + fault;
    }
    return fault.empty() ? "" : fmt::format("plug-in {}: {}", path_, fault);
  }

 private:
  void join(Ticket ticket, const SeatConfig& config) {
    const PluginProgram program({.run_dir = nullptr,
                                 .written = nullptr,
                                 .read = &ticket,
                                 .rendezvous = &config.rendezvous,
                                 .seat = config.seat});
    const PluginOptions values(config.options);
    const ipcbench_seat seat{
        .size = sizeof seat,
        .place = {.role = static_cast<std::uint32_t>(config.seat.role), .index = config.seat.index},
        .message_size = config.message_size,
        .wait = bit_of(config.wait),
        .hybrid_spin_ns = static_cast<std::uint64_t>(config.hybrid_spin.count()),
        .quiet_ns = static_cast<std::uint64_t>(config.quiet.count()),
        .options = values.data(),
        .option_count = values.size()};
    // Threads that the plug-in starts here inherit the CPUs of this one.
    std::optional<ScopedAffinity> pinned;
    if (config.option(kThreadsOption) == kThreadsFree) {
      pinned.emplace();
      pin_to(every_cpu());
    }
    const int result = [&]() noexcept { return transport_.join(program.get(), &seat, &endpoint_); }();
    pinned.reset();
    if (result != 0)
      throw CodedError(errno_of(result),
                       fmt::format("plug-in {}: {}", path_, error_of("join", result, program.text())));
    if (const std::string fault = what_it_left(); !fault.empty()) {
      transport_.close(endpoint_);
      throw std::runtime_error(fmt::format("plug-in {}: join(): {}", path_, fault));
    }
  }

  void close() noexcept {
    if (bound_ == nullptr) return;
    bound_.reset();
    transport_.close(endpoint_);
  }

  // The kernel takes those that the process may use.
  static std::vector<int> every_cpu() {
    std::vector<int> cpus(1024);
    for (std::size_t i = 0; i < cpus.size(); ++i) cpus[i] = static_cast<int>(i);
    return cpus;
  }

  std::string what_it_left() {
    const std::vector<pid_t> children = running_children();
    for (const pid_t child : children) ::kill(child, SIGKILL);
    if (std::string written = output_.written(); !written.empty()) return written;
    return children.empty() ? ""
                            : fmt::format("it has started {} child {}", children.size(),
                                          children.size() == 1 ? "process" : "processes");
  }

  std::string path_;
  OutputGuard output_;
  PluginLibrary library_;
  const ipcbench_transport& transport_;
  void* endpoint_ = nullptr;
  std::unique_ptr<Endpoint> bound_;
};

}  // namespace

std::unique_ptr<Endpoint> join_plugin(const std::string& path, const std::string& transport, Ticket ticket,
                                      const SeatConfig& config) {
  return std::make_unique<PluginEndpoint>(path, transport, std::move(ticket), config);
}

}  // namespace ipcbench
