#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// Ends are the two ends of one channel, both in this process: what is sent into the first comes out of the second.
struct Ends {
  UniqueFd sender;
  UniqueFd receiver;
};

Ends pipe_ends();             // neither blocks; throws std::system_error, as all of them do
Ends fifo_ends(RunDir& run);  // neither blocks

// EndsMaker makes the ends of a mechanism whose ends are descriptors that are read and written.
struct EndsMaker {
  std::string transport;
  std::function<Ends(RunDir&)> make;
};
std::vector<EndsMaker> ends_makers();

// Sends all of `message` as one message. Throws std::system_error.
void send_to(int fd, std::string_view message);
// Returns what one receive with room for `size` bytes gives; "" at the end. On a stream socket it waits for all `size`
// bytes (MSG_WAITALL), so that the answer doesn't depend on when they arrive. A socket waits for 10 s. Throws
// std::system_error.
std::string receive_from(int fd, std::size_t size);

}  // namespace ipcbench
