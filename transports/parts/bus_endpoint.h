#pragma once

#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "harness/base/error.h"
#include "harness/descriptors/unix_address.h"
#include "harness/sdk/endpoint.h"
#include "harness/sdk/transport.h"

// D-Bus messages by sd-bus, sd-bus(3): what the transports with and without a broker have in common.

namespace ipcbench {

// A connection of the process that made it: it doesn't survive a fork.
struct CloseBus {
  void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
};
using BusPtr = std::unique_ptr<sd_bus, CloseBus>;

// sd-bus returns -errno. Throws std::system_error where that is negative.
inline int check_bus(int result, const char* call) {
  if (result >= 0) return result;
  errno = -result;
  throw_errno("{}", call);
}

// sd-bus asks for socket buffers of 8 MiB, which a privileged user gets and nobody else. Here all have the system's
// default. Throws std::system_error.
inline void use_default_buffers(int socket) {
  const UniqueFd fresh = unix_socket(SOCK_STREAM);
  for (const int buffer : {SO_SNDBUF, SO_RCVBUF}) {
    int bytes = 0;
    socklen_t size = sizeof bytes;
    if (::getsockopt(fresh.get(), SOL_SOCKET, buffer, &bytes, &size) != 0) throw_errno("getsockopt");
    bytes /= 2;  // the kernel doubles what it is told
    if (::setsockopt(socket, SOL_SOCKET, buffer, &bytes, size) != 0) throw_errno("setsockopt");
  }
}

// The D-Bus specification's limit of an array, and so of a payload. Throws std::system_error for what exceeds it.
inline constexpr std::size_t kLargestBusPayload = std::size_t{64} << 20;
inline const SessionConfig& check_bus_payload(const SessionConfig& config) {
  if (config.message_size <= kLargestBusPayload) return config;
  errno = EMSGSIZE;
  throw_errno("sd_bus_message_append_array of {} bytes: an array holds {}", config.message_size, kLargestBusPayload);
}

// What all messages say of themselves beside their payload. Names on the bus are by role.
inline constexpr const char* kBusPath = "/org/ipcbench/Channel";
inline constexpr const char* kBusInterface = "org.ipcbench.Channel";
inline constexpr const char* kBusMember = "Message";

// Messages with one array of bytes, over one connection. A round trip is a method call and its reply; whatever else is
// sent is a signal. send() returns when the kernel has all of the message.
class BusEndpoint {
 public:
  // Calls go to `peer`, and signals to `listener`: a name on the bus. nullptr: to everybody who wants them, or to the
  // only one where no bus stands between. The names must outlive the endpoint.
  BusEndpoint(BusPtr bus, const char* peer, const char* listener) noexcept
      : bus_(std::move(bus)), peer_(peer), listener_(listener) {}

  void prepare(Role role, const LoopSpec& spec) noexcept {
    if (spec.scenario == Scenario::ping_pong) form_ = role == Role::producer ? Form::calls : Form::answers;
  }

  IoStatus send(ConstBytes payload) noexcept {
    sd_bus_message* started = nullptr;
    int result = start(&started);
    const MessagePtr message(started);
    if (result >= 0) result = sd_bus_message_append_array(started, 'y', payload.data(), payload.size());
    // Who doesn't ask for the cookie wants no reply.
    std::uint64_t cookie = 0;
    if (result >= 0) result = sd_bus_send(bus_.get(), started, form_ == Form::calls ? &cookie : nullptr);
    if (result >= 0) result = flush();
    return result >= 0 ? IoStatus::ok : status_of(result);
  }

  Received receive(Bytes buffer) noexcept {
    MessagePtr message;
    int result = next(message);
    const void* payload = nullptr;
    std::size_t size = 0;
    if (result >= 0) result = sd_bus_message_read_array(message.get(), 'y', &payload, &size);
    if (result < 0) [[unlikely]]
      return {status_of(result), 0};
    std::memcpy(buffer.data(), payload, std::min(size, buffer.size()));
    if (form_ == Form::answers) call_ = std::move(message);
    return {IoStatus::ok, size};
  }

 private:
  enum class Form : std::uint8_t { signals, calls, answers };
  struct Unref {
    void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
  };
  using MessagePtr = std::unique_ptr<sd_bus_message, Unref>;

  int start(sd_bus_message** message) noexcept {
    switch (form_) {
      case Form::calls:
        return sd_bus_message_new_method_call(bus_.get(), message, peer_, kBusPath, kBusInterface, kBusMember);
      case Form::answers:
        return sd_bus_message_new_method_return(call_.get(), message);
      case Form::signals:
        break;
    }
    const int result = sd_bus_message_new_signal(bus_.get(), message, kBusPath, kBusInterface, kBusMember);
    if (result < 0 || listener_ == nullptr) return result;
    return sd_bus_message_set_destination(*message, listener_);
  }

  // What the socket has no room for is the library's until then. A signal may end the wait for it.
  int flush() noexcept {
    int result = 0;
    while ((result = sd_bus_flush(bus_.get())) == -EINTR) {
    }
    return result;
  }

  // The next message of ours; what the bus itself has to say is passed over.
  int next(MessagePtr& message) noexcept {
    // Of a round trip nothing can be there yet, and to look would be a call in vain. Of a stream something may be.
    bool sleeps = form_ != Form::signals;
    while (true) {
      int result = sleeps ? sd_bus_wait(bus_.get(), UINT64_MAX) : 0;
      if (result < 0 && result != -EINTR) return result;
      sd_bus_message* found = nullptr;
      result = sd_bus_process(bus_.get(), &found);
      if (result < 0 && result != -EINTR) return result;
      message.reset(found);
      if (found != nullptr) {
        if (is_ours(found)) [[likely]]
          return 0;
        if (sd_bus_message_is_method_error(found, nullptr) > 0) return failure_of(found);
      }
      sleeps = form_ != Form::signals || result == 0;
    }
  }

  bool is_ours(sd_bus_message* message) const noexcept {
    switch (form_) {
      case Form::calls: {
        std::uint8_t type = 0;
        return sd_bus_message_get_type(message, &type) >= 0 && type == SD_BUS_MESSAGE_METHOD_RETURN;
      }
      case Form::answers:
        return sd_bus_message_is_method_call(message, kBusInterface, kBusMember) > 0;
      case Form::signals:
        break;
    }
    return sd_bus_message_is_signal(message, kBusInterface, kBusMember) > 0;
  }

  // What a reply that is an error says of the peer.
  static int failure_of(sd_bus_message* error) noexcept {
    for (const char* gone : {SD_BUS_ERROR_NO_REPLY, SD_BUS_ERROR_SERVICE_UNKNOWN, SD_BUS_ERROR_NAME_HAS_NO_OWNER}) {
      if (sd_bus_message_is_method_error(error, gone) > 0) return -ECONNRESET;
    }
    return -std::max(sd_bus_message_get_errno(error), 1);
  }

  static IoStatus status_of(int result) noexcept {
    errno = -result;
    return errno == ECONNRESET || errno == EPIPE || errno == ENOTCONN ? IoStatus::peer_closed : IoStatus::failed;
  }

  BusPtr bus_;
  const char* peer_;
  const char* listener_;
  Form form_ = Form::signals;
  MessagePtr call_;  // the one to be answered
};

}  // namespace ipcbench
