#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipcbench {

// HostLimit names the limit that silently makes a kernel object other than was asked for, or than the kernel's default.
enum class HostLimit : std::uint8_t {
  none,
  pipe_max_size,
  pipe_user_pages_soft,
  wmem_default,
  wmem_max,
  rmem_default,
  rmem_max,
  tcp_wmem,
  tcp_rmem,
  least_send_buffer,     // a constant of the kernel, socket(7)
  least_receive_buffer,  // likewise
  msgmnb,
  mqueue_msg_default,
  mqueue_msg_max,
};

// Returns the name as sysctl(8) writes it: "fs.pipe-max-size"; the kernel's constants by their names.
std::string_view to_string(HostLimit limit) noexcept;
// Returns the file that holds the limit, in this process's namespaces; "" for a constant.
std::string_view path_of(HostLimit limit) noexcept;
// Returns what that file says now; nullopt if there is none, or it can't be read.
std::optional<std::string> value_of(HostLimit limit);

}  // namespace ipcbench
