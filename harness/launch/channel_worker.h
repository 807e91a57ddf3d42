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

// One side of many channels at once, in a process of its own: it opens them, fills them, and says when it is done.
class ChannelWorker {
 public:
  enum class Step : std::uint32_t { open, fill, drain, weigh };
  struct Order {
    Step step = Step::open;
    std::uint32_t channels = 0;  // from the first up to, but not including
  };
  struct Report {
    bool failed = false;
    bool full = true;                // fill: every channel so far took no more; false: one took all that was offered
    std::uint64_t messages = 0;      // fill, drain: that the channels so far hold
    std::uint64_t queued = 0;        // weigh: descriptor_payload() of the worker
    std::uint64_t kernel_bytes = 0;  // descriptor_memory() of the worker, where it sees that
    std::uint32_t alike = 0;         // channels, from the first, whose buffers are of the first one's sizes
    BufferSizes buffers{};           // of the first channel
    BufferSizes unlike{};            // of the first other one, if any
    std::array<char, 256> text{};    // why it failed
  };

  // To look at descriptors takes kernel memory itself, about 2 KiB for each: not where a control group sees it.
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
  // What it has done of its last order. A worker that has died is a failed report.
  Report receive();
  int fd() const noexcept { return near_.get(); }  // readable when it has a report, or has died
  pid_t pid() const noexcept { return child_.pid(); }

 private:
  UniqueFd near_;
  Child child_;
};

}  // namespace ipcbench
