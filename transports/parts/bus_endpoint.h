#pragma once

#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "harness/base/error.h"
#include "harness/descriptors/unix_address.h"
#include "harness/sdk/endpoint.h"
#include "harness/sdk/transport.h"

// This is what the D-Bus transports with and without a broker share: messages by sd-bus, sd-bus(3).

namespace ipcbench {

// BusPtr owns a connection, which belongs to the process that made it and doesn't survive a fork.
struct CloseBus {
  void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
};
using BusPtr = std::unique_ptr<sd_bus, CloseBus>;

// Throws std::system_error if `result` is negative: sd-bus returns -errno.
inline int check_bus(int result, const char* call) {
  if (result >= 0) return result;
  errno = -result;
  throw_errno("{}", call);
}

// Gives a connection's socket the system's default buffers. sd-bus asks for 8 MiB, which only a privileged user gets.
// Throws std::system_error.
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

// kLargestBusPayload is the D-Bus specification's limit of an array, in bytes. check_bus_payload() throws
// std::system_error for messages beyond it.
inline constexpr std::size_t kLargestBusPayload = std::size_t{64} << 20;
inline const SessionConfig& check_bus_payload(const SessionConfig& config) {
  if (config.message_size <= kLargestBusPayload) return config;
  errno = EMSGSIZE;
  throw_errno("sd_bus_message_append_array of {} bytes: an array holds {}", config.message_size, kLargestBusPayload);
}

// All messages have this interface and member, and this path, which the number of a session may follow.
inline constexpr const char* kBusPath = "/org/ipcbench/Channel";
inline constexpr const char* kBusInterface = "org.ipcbench.Channel";
inline constexpr const char* kBusMember = "Message";

// BusNames are whom an endpoint sends to.
struct BusNames {
  std::string path = kBusPath;  // of every message
  std::string peer = {};        // of calls; "" without a bus
  std::string listener = {};    // of signals; "" sends to everybody who wants them or, without a bus, to the only peer
};

// BusEndpoint sends messages with one array of bytes over one connection. A round trip is a method call and its reply;
// everything else is a signal. send() returns when the kernel has all of the message.
class BusEndpoint {
 public:
  // Endpoints of one process may have the connection in common, as long as one of them at most receives.
  BusEndpoint(std::shared_ptr<sd_bus> bus, BusNames names) noexcept : bus_(std::move(bus)), names_(std::move(names)) {}

  void prepare(Role role, const LoopSpec& spec) noexcept {
    if (!spec.has_answers()) return;
    form_ = role == Role::producer ? Form::calls : Form::answers;
  }

  IoStatus send(ConstBytes payload) noexcept {
    sd_bus_message* started = nullptr;
    int result = start(&started);
    const MessagePtr message(started);
    if (result >= 0) result = sd_bus_message_append_array(started, 'y', payload.data(), payload.size());
    // A sender that doesn't ask for the cookie wants no reply.
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
        return sd_bus_message_new_method_call(bus_.get(), message, names_.peer.empty() ? nullptr : names_.peer.c_str(),
                                              names_.path.c_str(), kBusInterface, kBusMember);
      case Form::answers:
        return sd_bus_message_new_method_return(call_.get(), message);
      case Form::signals:
        break;
    }
    const int result = sd_bus_message_new_signal(bus_.get(), message, names_.path.c_str(), kBusInterface, kBusMember);
    if (result < 0 || names_.listener.empty()) return result;
    return sd_bus_message_set_destination(*message, names_.listener.c_str());
  }

  // Sends what the socket had no room for, which the library keeps. A signal may end the wait for room.
  int flush() noexcept {
    int result = 0;
    while ((result = sd_bus_flush(bus_.get())) == -EINTR) {
    }
    return result;
  }

  // Takes the next message of ours; messages of the bus itself are skipped.
  int next(MessagePtr& message) noexcept {
    // In a round trip nothing can be there yet, and looking would be a wasted call; in a stream something may be.
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

  // Returns what an error reply says of the peer: gone, or an error of its own.
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

  std::shared_ptr<sd_bus> bus_;
  BusNames names_;
  Form form_ = Form::signals;
  MessagePtr call_;  // the one to be answered
};

}  // namespace ipcbench
