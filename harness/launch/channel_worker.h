#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"
#include "harness/measure/run_log.h"
#include "harness/process/child.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Runs a process that holds one side of many channels: it opens them, fills them, and reports after each step.
class ChannelWorker {
 public:
  enum class Step : std::uint32_t { open, fill, drain, weigh };
  struct Order {
    Step step = Step::open;
    std::uint32_t channels = 0;  // acts on the channels below this index
  };
  struct Reply {
    bool failed = false;
    bool full = true;                // fill: no channel took all that was offered; false: one did
    std::uint64_t messages = 0;      // fill, drain: messages in the channels so far
    std::uint64_t queued = 0;        // weigh: descriptor_payload() of the worker
    std::uint64_t kernel_bytes = 0;  // descriptor_memory() of the worker, if it sees descriptors
    std::uint32_t alike = 0;         // number of channels, from the first, with the first one's buffer sizes
    BufferSizes buffers{};           // of the first channel
    BufferSizes unlike{};            // of the first channel that differs, if any
    std::array<char, 256> text{};    // why it failed
  };

  // Says what the worker counts besides messages. Looking at a descriptor takes about 2 KiB of kernel memory, so it
  // isn't done inside a control group that would count that.
  enum class Sees : std::uint8_t { nothing, descriptors };

  // Tickets of many channels, by Role and channel, and where their sides meet, in shared memory.
  struct Channels {
    std::array<std::vector<Ticket>, 2> tickets;
    std::span<Rendezvous::PairCells> cells;
  };

  // Forks; the child has the tickets of its side and closes those of the other. `config` is that of each channel but
  // for its rendezvous. Throws std::system_error.
  ChannelWorker(const Transport& transport, SeatConfig config, Channels& channels, const LoopSpec& spec, Sees sees);

  void send(const Order& order);
  // Waits for the report on the last order. A dead worker yields a failed report.
  Reply receive();
  int fd() const noexcept { return near_.get(); }  // readable when it has a report or has died
  pid_t pid() const noexcept { return child_.pid(); }

 private:
  UniqueFd near_;
  Child child_;
};

}  // namespace ipcbench
