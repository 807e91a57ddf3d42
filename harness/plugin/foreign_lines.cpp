#include "harness/plugin/foreign_lines.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "harness/base/first_readable.h"
#include "harness/process/stop_signals.h"

namespace ipcbench {

using json::Json;

void ForeignLines::send(std::string_view json) {
  const std::string line = fmt::format("{}\n", json);
  for (std::size_t sent = 0; sent < line.size();) {
    const ssize_t n = ::send(socket_.get(), line.data() + sent, line.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw std::runtime_error(fmt::format("it can't be told anything: {}", std::strerror(errno)));
    sent += static_cast<std::size_t>(n);
  }
}

json::Json ForeignLines::receive_by(std::size_t most, std::optional<std::chrono::milliseconds> patience) {
  std::optional<Deadline> deadline;
  if (patience) deadline = std::chrono::steady_clock::now() + *patience;
  std::size_t end = 0;
  while ((end = received_.find('\n')) == received_.npos) {
    if (received_.size() > kMostLine)
      throw std::runtime_error(fmt::format("its line on descriptor 3 is longer than {} bytes", kMostLine));
    const std::optional<std::size_t> ready = first_readable({socket_.get(), stop_now_fd()}, deadline);
    if (!ready) throw std::runtime_error(fmt::format("it has said nothing for {} ms", patience->count()));
    if (*ready == 1) throw std::runtime_error("it was stopped");
    receive_more(most);
  }
  const std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  Json said = json::parse(line, "its line on descriptor 3");
  if (!said.is_object()) throw std::runtime_error(fmt::format("its line on descriptor 3 is no object: {:.100}", line));
  if (const auto error = said.find("error"); error != said.end())
    throw std::runtime_error(
        fmt::format("it says: {}", error->is_string() ? error->get<std::string>() : error->dump()));
  return said;
}

void ForeignLines::receive_more(std::size_t most) {
  std::array<char, kPart> part;
  const ssize_t n = ::recv(socket_.get(), part.data(), most, 0);
  if (n < 0 && errno == EINTR) return;
  if (n <= 0) throw std::runtime_error("it has closed descriptor 3");
  received_.append(part.data(), static_cast<std::size_t>(n));
}

}  // namespace ipcbench
