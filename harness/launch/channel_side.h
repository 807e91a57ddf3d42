#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/ipc/buffer_size.h"
#include "harness/launch/worker_orders.h"

namespace ipcbench {

enum class ChannelStep : std::uint32_t { open, fill, drain, weigh };

// What the coordinator sends to a worker that holds one side of many channels.
struct ChannelOrder {
  ChannelStep step = ChannelStep::open;
  std::uint32_t channels = 0;  // acts on the channels below this index
};

// The worker's report after each order.
struct ChannelReply {
  bool failed = false;
  bool full = true;                // fill: no channel took all that was offered; false: one did
  std::uint64_t messages = 0;      // fill, drain: messages in the channels so far
  std::uint64_t queued = 0;        // weigh: descriptor_payload() of the worker
  std::uint64_t kernel_bytes = 0;  // descriptor_memory() of the worker, if it sees buffers
  std::uint32_t alike = 0;         // number of channels, from the first, with the first one's buffer sizes
  BufferSizes buffers{};           // of the first channel
  BufferSizes unlike{};            // of the first channel that differs, if any
  std::array<char, 256> text{};    // why it failed
};

// Runs a worker that does what orders on links.socket say, until that is closed: it opens channels, fills them, and
// reports after each step. Returns its exit code.
int hold_channels(const WorkerOrders& orders, const Transport& transport, std::vector<Ticket> tickets,
                  const WorkerLinks& links) noexcept;

// Sends the report of a worker that can't hold any channels.
void report_no_channels(const WorkerLinks& links, std::string_view text) noexcept;

}  // namespace ipcbench
