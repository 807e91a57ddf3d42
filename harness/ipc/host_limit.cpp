#include "harness/ipc/host_limit.h"

#include <algorithm>
#include <array>

#include "harness/base/io.h"

namespace ipcbench {
namespace {

struct LimitFile {
  std::string_view name, path;
};

constexpr std::array<LimitFile, 14> kLimitFiles = {{
    // by HostLimit
    {"", ""},
    {"fs.pipe-max-size", "/proc/sys/fs/pipe-max-size"},
    {"fs.pipe-user-pages-soft", "/proc/sys/fs/pipe-user-pages-soft"},
    {"net.core.wmem_default", "/proc/sys/net/core/wmem_default"},
    {"net.core.wmem_max", "/proc/sys/net/core/wmem_max"},
    {"net.core.rmem_default", "/proc/sys/net/core/rmem_default"},
    {"net.core.rmem_max", "/proc/sys/net/core/rmem_max"},
    {"net.ipv4.tcp_wmem", "/proc/sys/net/ipv4/tcp_wmem"},
    {"net.ipv4.tcp_rmem", "/proc/sys/net/ipv4/tcp_rmem"},
    {"SOCK_MIN_SNDBUF", ""},
    {"SOCK_MIN_RCVBUF", ""},
    {"kernel.msgmnb", "/proc/sys/kernel/msgmnb"},
    {"fs.mqueue.msg_default", "/proc/sys/fs/mqueue/msg_default"},
    {"fs.mqueue.msg_max", "/proc/sys/fs/mqueue/msg_max"},
}};
static_assert(kLimitFiles.size() == static_cast<std::size_t>(HostLimit::mqueue_msg_max) + 1);

const LimitFile& file_of(HostLimit limit) noexcept { return kLimitFiles[static_cast<std::size_t>(limit)]; }

}  // namespace

std::string_view to_string(HostLimit limit) noexcept { return file_of(limit).name; }

std::string_view path_of(HostLimit limit) noexcept { return file_of(limit).path; }

std::optional<std::string> value_of(HostLimit limit) {
  if (path_of(limit).empty()) return std::nullopt;
  std::optional<std::string> line = read_line(std::string(path_of(limit)));
  if (line) std::replace(line->begin(), line->end(), '\t', ' ');
  return line;
}

}  // namespace ipcbench
