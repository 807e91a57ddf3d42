// A named pipe (FIFO), fifo(7), is a pipe that unrelated processes find by a path. A channel has one for each
// direction.

#include <fcntl.h>
#include <sys/stat.h>

#include <climits>
#include <optional>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/run_dir/owned_path.h"
#include "harness/sdk/pipe_buffers.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_descriptors.h"

namespace ipcbench {
namespace {

class FifoSession final : public Session {
 public:
  explicit FifoSession(const SessionConfig& config)
      : forward_(config.run_dir.claim_name(RunDir::Kind::file, "fifo-forward")) {
    make(forward_);
    if (!config.pattern.is_pair()) return;
    make(backward_.emplace(config.run_dir.claim_name(RunDir::Kind::file, "fifo-backward")));
  }

  Ticket ticket(Seat) override {
    Ticket ticket = Ticket{}.with("forward", forward_.str());
    return backward_ ? std::move(ticket).with("backward", backward_->str()) : std::move(ticket);
  }
  void attached() noexcept override {
    forward_.remove();
    if (backward_) backward_->remove();
  }

 private:
  static void make(const OwnedPath& path) {
    if (::mkfifo(path.c_str(), 0600) != 0) throw_errno("mkfifo {}", path.str());
  }

  OwnedPath forward_;  // producers to consumers
  std::optional<OwnedPath> backward_;
};

class FifoTransport final : public SimpleTransport<FifoSession> {
 public:
  FifoTransport()
      : SimpleTransport({.name = "fifo",
                         .family = "pipe",
                         .row = "pipe",
                         .summary = "named pipe, one for each direction",
                         .man = "fifo(7)",
                         .capabilities = {.shape = Shape::byte_stream,
                                          .direction = Direction::one_way,
                                          .persistence = Persistence::file_system,
                                          .rendezvous = FoundBy::path,
                                          .in_flight_bytes = usual_pipe_size(),
                                          .many_senders = true,
                                          .many_receivers = true,
                                          .most_shared_message = PIPE_BUF,
                                          .access_control = true,
                                          .pollable = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::io_uring},
                         .options = {pipe_capacity_option()}}) {}

  Capabilities capabilities(const OptionValues& options) const override {
    Capabilities can = info().capabilities;
    can.in_flight_bytes = PipeBuffers(options).capacity();
    return can;
  }

  Availability probe() const override {
    const std::string refusal = PipeBuffers({}).refusal();
    if (!refusal.empty()) return Unavailable{Why::no_resource, refusal};
    return Available{};
  }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    return PipeBuffers(options).refusal();
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    return PipeBuffers(options).sizes_here();
  }

  // Opens both ends. Opening one waits for the peer's, so both sides open the two FIFOs in the same order.
  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    const bool produces = config.seat.role == Role::producer;
    UniqueFd forward = open_end(ticket.value("forward"), produces ? O_WRONLY : O_RDONLY);
    if (!config.pattern.is_pair()) return join_shared(std::move(forward), config);
    UniqueFd backward = open_end(ticket.value("backward"), produces ? O_RDONLY : O_WRONLY);
    if (produces) std::swap(forward, backward);
    const PipeBuffers buffers(config.options);
    buffers.ask(backward.get());  // who writes it: it has no other maker
    auto sizes = buffers.reader(backward.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, std::move(forward), std::move(backward)), std::move(sizes));
  }

 private:
  static std::unique_ptr<Endpoint> join_shared(UniqueFd end, const SeatConfig& config) {
    if (config.seat.role == Role::consumer) return bind_stream(config.wait, std::move(end));
    const PipeBuffers buffers(config.options);
    buffers.ask(end.get());
    auto sizes = buffers.reader(end.get(), config.seat.role);
    return with_buffers(bind_stream(config.wait, std::move(end)), std::move(sizes));
  }
  static UniqueFd open_end(const std::string& path, int mode) {
    UniqueFd fd(::open(path.c_str(), mode | O_CLOEXEC));
    if (!fd) throw_errno("open {}", path);
    return fd;
  }
};

}  // namespace

const Transport& transport_fifo() { return the_only<FifoTransport>(); }

}  // namespace ipcbench
