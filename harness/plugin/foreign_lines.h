#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/unique_fd.h"
#include "results/model/json_tree.h"

namespace ipcbench {

// The version of the lines that a foreign worker and the harness tell each other: docs/foreign-workers.md.
inline constexpr int kForeignProtocol = 1;

// ForeignLines are the lines of JSON that a foreign worker and the harness tell each other, on a connected UNIX stream
// socket.
class ForeignLines {
 public:
  explicit ForeignLines(UniqueFd socket) : socket_(std::move(socket)) {}

  // Sends a line; `json` has no newline. Throws std::runtime_error if the worker has gone.
  void send(std::string_view json);
  // Returns the worker's next line, an object. Throws std::runtime_error that says what is wrong: it has closed its
  // end, the line isn't there in time, is longer than kMostLine or isn't JSON, or it reports an error of its own; or
  // the user wants to stop at once.
  json::Json receive(std::optional<std::chrono::milliseconds> patience = std::nullopt) {
    return receive_by(kPart, patience);
  }
  // Likewise, but leaves what follows the line in the socket, for whoever takes that.
  json::Json receive_alone(std::chrono::milliseconds patience) { return receive_by(1, patience); }

  UniqueFd take() && { return std::move(socket_); }

  static constexpr std::size_t kMostLine = std::size_t{64} << 10;  // bytes

 private:
  static constexpr std::size_t kPart = 4096;  // bytes that are received at once

  json::Json receive_by(std::size_t most, std::optional<std::chrono::milliseconds> patience);
  void receive_more(std::size_t most);

  UniqueFd socket_;
  std::string received_;
};

}  // namespace ipcbench
