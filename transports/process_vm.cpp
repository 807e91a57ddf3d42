// Cross-memory attach, process_vm_readv(2): the kernel copies a message straight from one process's memory into the
// other's, once. A pipe for each direction announces each message, and another returns the slots that are free again.

#include <sys/epoll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/page_size.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/memory/mapping.h"
#include "harness/sdk/fd_wait.h"
#include "harness/sdk/simple_transport.h"
#include "scenarios/bind_fd.h"
#include "transports/parts/foreign_memory.h"

namespace ipcbench {
namespace {

constexpr std::size_t kLine = 64;
constexpr std::string_view kDirection = "direction";

// Says how the messages of one direction are kept: 64 KiB of them, as in a pipe, but 4 to 512. No announcement ever
// waits for room: a pipe of one page holds 512.
struct SlotShape {
  std::size_t bytes, count;

  explicit SlotShape(std::size_t message_size) {
    const std::size_t unit = message_size < page_size() ? kLine : page_size();
    bytes = (std::max<std::size_t>(message_size, 1) + unit - 1) / unit * unit;
    count = std::clamp<std::size_t>(64 * 1024 / bytes, 4, 512);
  }
  std::size_t all() const noexcept { return bytes * count; }
};

// Record is one end of a pipe of numbers. Each is written and read whole, since it is shorter than PIPE_BUF.
template <class Wait>
class Record {
 public:
  Record(UniqueFd end, std::uint32_t events) : end_(std::move(end)), ready_(end_.get(), events) {
    set_blocking_for(end_.get(), Wait::kStrategy);
  }

  IoStatus put(std::uint64_t number) noexcept {
    return retry([&]() noexcept { return ::write(end_.get(), &number, sizeof number); });
  }
  IoStatus take(std::uint64_t& number) noexcept {
    return retry([&]() noexcept { return ::read(end_.get(), &number, sizeof number); });
  }
  int descriptor() const noexcept { return end_.get(); }
  void close() noexcept { end_.reset(); }

 private:
  template <class Call>
  IoStatus retry(Call call) noexcept {
    while (true) {
      ready_.before();
      const ssize_t n = call();
      if (n == sizeof(std::uint64_t)) [[likely]]
        return IoStatus::ok;
      if (n == 0 || (n < 0 && errno == EPIPE)) return IoStatus::peer_closed;
      if (errno == EAGAIN) {
        ready_.again();
      } else if (errno != EINTR) {
        return IoStatus::failed;
      }
    }
  }

  UniqueFd end_;
  [[no_unique_address]] Wait ready_;
};

// Ends are the descriptors of one side: what it announces and is told, and the slots that it returns and gets back.
struct Ends {
  UniqueFd announce, announced, give_back, given_back;
};

// The slots are the sender's if the receiver pulls, and the receiver's if the sender pushes. The other side has room
// for one message, which it builds or reads there.
template <class Wait>
class ProcessVmEndpoint {
 public:
  ProcessVmEndpoint(bool pulls, SlotShape shape, Ends ends)
      : pulls_(pulls),
        shape_(shape),
        slots_(Mapping::private_anonymous(shape.all())),
        room_(Mapping::private_anonymous(shape.bytes)),
        peer_(ForeignMemory::exchange(ends.announce.get(), ends.announced.get(), slots_.data())),
        announce_(std::move(ends.announce), EPOLLOUT),
        announced_(std::move(ends.announced), EPOLLIN),
        give_back_(std::move(ends.give_back), EPOLLOUT),
        given_back_(std::move(ends.given_back), EPOLLIN) {}
  ProcessVmEndpoint(const ProcessVmEndpoint&) = delete;
  ProcessVmEndpoint& operator=(const ProcessVmEndpoint&) = delete;
  // Keeps the memory until the peer has copied what was announced, or has closed its side.
  ~ProcessVmEndpoint() {
    if (to_give_back_ > 0) give_back_.put(to_give_back_);
    give_back_.close();
    announced_.close();
    announce_.close();
    while (pulls_ && in_use_ > 0 && take_back() == IoStatus::ok) {
    }
  }

  Loan loan(std::size_t size) noexcept {
    if (size > shape_.bytes) {
      errno = EMSGSIZE;
      return {IoStatus::failed, {}};
    }
    while (in_use_ == shape_.count) {
      const IoStatus status = take_back();
      if (status != IoStatus::ok) return {status, {}};
    }
    return {IoStatus::ok, {pulls_ ? slot(slots_.data(), sent_) : room_.data(), size}};
  }
  IoStatus publish(ConstBytes loaned) noexcept {
    if (!pulls_) {
      const IoStatus status = peer_.write(loaned, offset(sent_));
      if (status != IoStatus::ok) return status;
    }
    ++sent_;
    ++in_use_;
    return announce_.put(loaned.size());
  }

  View acquire() noexcept {
    std::uint64_t size = 0;
    const IoStatus told = announced_.take(size);
    if (told != IoStatus::ok) return {told, {}};
    if (size > shape_.bytes) {
      errno = EMSGSIZE;
      return {IoStatus::failed, {}};
    }
    if (!pulls_) return {IoStatus::ok, {slot(slots_.data(), taken_++), size}};
    const Bytes copy(room_.data(), size);
    const IoStatus status = peer_.read(copy, offset(taken_++));
    return {status, copy};
  }
  // Returns slots by the half window, so that few messages have a second call for it. What the peer's death makes of
  // this call, the next acquire() says.
  void release(ConstBytes) noexcept {
    if (++to_give_back_ < shape_.count / 2) return;
    give_back_.put(to_give_back_);
    to_give_back_ = 0;
  }

  int watched() const noexcept { return announced_.descriptor(); }

 private:
  std::size_t offset(std::uint64_t number) const noexcept { return number % shape_.count * shape_.bytes; }
  std::byte* slot(std::byte* slots, std::uint64_t number) const noexcept { return slots + offset(number); }
  IoStatus take_back() noexcept {
    std::uint64_t free = 0;
    const IoStatus status = given_back_.take(free);
    in_use_ -= std::min(free, in_use_);
    return status;
  }

  bool pulls_;
  SlotShape shape_;
  Mapping slots_;
  Mapping room_;
  ForeignMemory peer_;
  Record<Wait> announce_, announced_, give_back_, given_back_;
  std::uint64_t sent_ = 0;
  std::uint64_t in_use_ = 0;  // slots that this side has filled and that haven't come back
  std::uint64_t taken_ = 0;
  std::uint64_t to_give_back_ = 0;
};

class ProcessVmSession final : public Session {
 public:
  Ticket ticket(Seat seat) override {
    const bool produces = seat.role == Role::producer;
    Way& out = produces ? forward_ : backward_;
    Way& in = produces ? backward_ : forward_;
    return Ticket{}
        .with("announce", std::move(out.messages[1]))
        .with("given-back", std::move(out.slots[0]))
        .with("announced", std::move(in.messages[0]))
        .with("give-back", std::move(in.slots[1]));
  }

 private:
  // The pipes of one direction: messages go with it, slots come back.
  struct Way {
    std::array<UniqueFd, 2> messages = make_pipe();
    std::array<UniqueFd, 2> slots = make_pipe();
  };
  Way forward_, backward_;
};

class ProcessVmTransport final : public SimpleTransport<ProcessVmSession> {
 public:
  ProcessVmTransport()
      : SimpleTransport({.name = "process-vm",
                         .family = "cross-memory attach",
                         .row = "",
                         .summary = "the kernel copies from one process's memory into the other's; pipes announce it",
                         .man = "process_vm_readv(2)",
                         .capabilities = {.shape = Shape::loan,
                                          .direction = Direction::two_way,
                                          .max_message = largest_transfer(),
                                          .keeps_boundaries = true,
                                          .descriptors = 8,
                                          .related_only = true,
                                          .access_control = true,
                                          .pollable = true,
                                          .sees_peer_close = true},
                         .waits = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll},
                         .options = {{.name = kDirection,
                                      .default_value = "pull",
                                      .values = {"pull", "push"},
                                      .summary = "who copies: the receiver by process_vm_readv, or the sender by "
                                                 "process_vm_writev"}},
                         .copies = 1}) {}

  Availability probe() const override { return available_unless(Why::no_permission, foreign_memory_refusal()); }
  std::size_t memory_needed(std::size_t message_size, const OptionValues&) const override {
    if (message_size > largest_transfer()) return 0;  // refused as such
    const SlotShape shape(message_size);
    return 2 * (shape.all() + shape.bytes);
  }

  std::unique_ptr<Endpoint> join(Ticket ticket, const SeatConfig& config) const override {
    return bind_fd_endpoint<ProcessVmEndpoint>(config.wait, config.option(kDirection) == "pull",
                                               SlotShape(config.message_size),
                                               Ends{.announce = ticket.take("announce"),
                                                    .announced = ticket.take("announced"),
                                                    .give_back = ticket.take("give-back"),
                                                    .given_back = ticket.take("given-back")});
  }
};

}  // namespace

const Transport& transport_process_vm() { return the_only<ProcessVmTransport>(); }

}  // namespace ipcbench
