#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"

// A plug-in's host and its coordinator talk by messages: a line of JSON, and descriptors. So does a launched worker at
// its begin.

namespace ipcbench {

struct HostMessage {
  std::string line;
  std::vector<UniqueFd> descriptors = {};
};

inline constexpr std::size_t kMostHostLine = std::size_t{96} << 10;  // bytes
inline constexpr std::size_t kMostHostDescriptors = 64;

// Sends a message on a SOCK_SEQPACKET socket, or on a SOCK_STREAM one if nothing follows before its answer. Throws
// std::system_error.
void send_message(int socket, const HostMessage& message);
// Returns the next message; nullopt if the peer has closed. Throws std::system_error.
std::optional<HostMessage> receive_message(int socket);

}  // namespace ipcbench
