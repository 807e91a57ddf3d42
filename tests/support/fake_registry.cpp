#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/usage_error.h"
#include "harness/sdk/by_name.h"
#include "harness/sdk/registry.h"
#include "harness/sdk/simple_transport.h"

// The unit tests' list of transports: one of every kind that the planner distinguishes. None of them can be opened.

namespace ipcbench {
namespace {

using Waits = std::vector<WaitStrategy>;

class UnopenableTransport : public DescribedTransport {
 public:
  using DescribedTransport::DescribedTransport;
  std::unique_ptr<Session> create(const SessionConfig&) const override {
    throw std::logic_error("a fake transport can't be opened");
  }
  std::unique_ptr<Endpoint> join(Ticket, const SeatConfig&) const override {
    throw std::logic_error("a fake transport can't be opened");
  }
};

class FakeTransport final : public UnopenableTransport {
 public:
  FakeTransport(TransportInfo info, Availability availability)
      : UnopenableTransport(std::move(info)), availability_(std::move(availability)) {}

  Availability probe() const override { return availability_; }
  std::string option_refusal(WaitStrategy, std::size_t, const OptionValues& options) const override {
    const auto lock = options.find("lock");
    return lock != options.end() && lock->second == "ofd" ? "this host has no ofd locks" : "";
  }

 private:
  Availability availability_;
};

// A transport whose buffers a limit of the host makes smaller, unless a size is asked for.
class LimitedTransport final : public UnopenableTransport {
 public:
  using UnopenableTransport::UnopenableTransport;

  Availability probe() const override { return Available{.max_message = 100, .limit = "its buffer holds 100 bytes"}; }
  MessageLimit largest_message(const Available& host, const OptionValues& options) const override {
    const std::optional<std::size_t> asked = asked_size(options, "sndbuf");
    if (asked) return {*asked, "its buffer holds what was asked for"};
    return Transport::largest_message(host, options);
  }
  BufferSizes buffers_here(std::size_t, const OptionValues& options) const override {
    BufferSizes sizes{};
    if (!asked_size(options, "sndbuf")) {
      sizes.add(size_of_default(Buffer::socket_send, BufferDirection::both, 100, 212992, HostLimit::least_send_buffer));
    }
    return sizes;
  }
};

// A transport whose messages have half the size of its option, as in a file.
class BoxTransport final : public UnopenableTransport {
 public:
  using UnopenableTransport::UnopenableTransport;

  MessageLimit largest_message(const Available&, const OptionValues& options) const override {
    const std::size_t capacity = parse_size(options.find("capacity")->second, "capacity");
    return {capacity / 2, "capacity is " + std::to_string(capacity) + " bytes"};
  }
  std::size_t memory_needed(std::size_t, const OptionValues& options) const override {
    return 2 * parse_size(options.find("capacity")->second, "capacity");
  }
};

Capabilities notify_only() {
  Capabilities result;
  result.shape = Shape::notify;
  result.carries_payload = false;
  result.min_message = 0;
  result.max_message = 0;
  result.when_full = WhenFull::merges;
  return result;
}

Capabilities messages(std::size_t max_message, bool reliable) {
  Capabilities result;
  result.shape = Shape::message;
  result.keeps_boundaries = true;
  result.max_message = max_message;
  result.reliable = reliable;
  return result;
}

// Those of a stream that any number of processes write to and read from.
Capabilities shared_stream() {
  Capabilities result;
  result.many_senders = true;
  result.many_receivers = true;
  return result;
}

TransportInfo make_info(std::string_view name, Capabilities capabilities, Waits waits) {
  TransportInfo result;
  result.name = name;
  result.capabilities = capabilities;
  result.waits = std::move(waits);
  return result;
}

TransportInfo with_options(TransportInfo info, std::vector<OptionInfo> options) {
  info.options = std::move(options);
  return info;
}

TransportInfo without_streaming(TransportInfo info, std::string_view reason) {
  info.no_streaming = reason;
  return info;
}

TransportInfo hide(TransportInfo info) {
  info.hidden = true;
  return info;
}

constexpr auto kBlock = WaitStrategy::block;
constexpr auto kSpin = WaitStrategy::spin;
constexpr auto kPoll = WaitStrategy::poll;
constexpr auto kHybrid = WaitStrategy::hybrid;

const OptionInfo kCapacity{"capacity", OptionInfo::Kind::size, "64KiB", {}, "bytes a direction holds"};
const OptionInfo kSendBuffer{"sndbuf", OptionInfo::Kind::size, kSystemDefault, {}, "bytes asked for"};
const OptionInfo kDepth{"depth", OptionInfo::Kind::count, kSystemDefault, {}, "messages asked for"};
const OptionInfo kLock{"lock", OptionInfo::Kind::choice, "posix", {"posix", "ofd", "flock"}, "the call that locks"};

}  // namespace

std::span<const RegisteredTransport> registered_transports() {
  static const FakeTransport pipe(make_info("pipe", shared_stream(), {kBlock, kSpin, kPoll}), Available{});
  static const FakeTransport posix_mq(
      make_info("posix-mq", messages(kUnlimited, true), {kBlock, kPoll}),
      Available{.max_message = 8192, .limit = "/proc/sys/fs/mqueue/msgsize_max is 8192"});
  static const FakeTransport udp(make_info("udp", messages(65507, false), {kBlock, kPoll}), Available{});
  static const FakeTransport eventfd(make_info("eventfd", notify_only(), {kBlock, kPoll}), Available{});
  static const FakeTransport file_lock(
      with_options(without_streaming(make_info("file-lock", notify_only(), {kBlock}), "a lock has no one-way form"),
                   {kLock}),
      Available{});
  static const FakeTransport posix_shm(with_options(make_info("posix-shm", {}, {kBlock, kSpin, kHybrid}), {kCapacity}),
                                       Available{});
  static const FakeTransport dbus(make_info("dbus", messages(kUnlimited, true), {kBlock}),
                                  Unavailable{Why::no_resource, "dbus-daemon is not installed"});
  static const FakeTransport process_vm(make_info("process-vm", messages(kUnlimited, true), {kBlock}), Available{});
  Capabilities eight_bytes = messages(8, true);
  eight_bytes.min_message = 8;
  static const FakeTransport one_size(hide(make_info("one-size", eight_bytes, {kBlock})), Available{});
  static const LimitedTransport limited(
      hide(with_options(make_info("limited", messages(kUnlimited, true), {kBlock}), {kDepth, kSendBuffer})));
  static const BoxTransport box(
      with_options(hide(make_info("box", messages(kUnlimited, true), {kBlock})), {kCapacity}));
  static const FakeTransport faulty(hide(make_info("faulty", {}, {kBlock})), Available{});

  static const std::array entries = {
      RegisteredTransport{"pipe", &pipe},
      RegisteredTransport{"posix-mq", &posix_mq},
      RegisteredTransport{"udp", &udp},
      RegisteredTransport{"eventfd", &eventfd},
      RegisteredTransport{"file-lock", &file_lock},
      RegisteredTransport{"posix-shm", &posix_shm},
      RegisteredTransport{"dbus", &dbus},
      RegisteredTransport{"process-vm", &process_vm},
      RegisteredTransport{"zeromq", nullptr, "libzmq was not found"},
      RegisteredTransport{"one-size", &one_size},
      RegisteredTransport{"limited", &limited},
      RegisteredTransport{"box", &box},
      RegisteredTransport{"faulty", &faulty},
  };
  return with_added(entries);
}

bool is_by_name(std::string_view transport) { return transport == "process-vm"; }

}  // namespace ipcbench
