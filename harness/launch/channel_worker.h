#pragma once

#include <array>
#include <cstdint>
#include <memory>
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

  // Forks the worker. `sessions` must outlive it. Throws std::system_error.
  ChannelWorker(Role role, const std::vector<std::unique_ptr<Session>>& sessions, const LoopSpec& spec, Sees sees);

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
