#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/cgroup/memory_group.h"
#include "harness/launch/channel_worker.h"
#include "harness/launch/launch_request.h"
#include "harness/plan/channel_counts.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Thrown if channels couldn't be made; holds how many there were.
struct ChannelsRefused {
  std::uint32_t channels = 0;
  std::string why;
};

// Holds the bytes in use after each part of the channels, relative to the start.
struct MemoryLevels {
  std::array<double, kChannelParts> bytes{};
  std::uint32_t parts = 0;

  void add(double level) noexcept { bytes[parts++] = level; }
  std::span<const double> all() const noexcept { return {bytes.data(), parts}; }
  double last() const noexcept { return bytes[parts - 1]; }
};

// A process hands them to another in shared memory.
struct ChannelLevels {
  MemoryLevels idle, loaded;          // of open channels, and of filled ones
  double forked = 0;                  // bytes that the kernel took to fork the two sides
  std::optional<double> payload = 0;  // bytes in all channels; none: partial messages that can't be counted
  double seen_growth = 0;             // bytes by which all channels grew when they were filled
  bool has_broker = false;
  bool capped = false;
  std::uint32_t channels = 0;
};

// Reads how much memory is in use while two workers open many channels, part by part, and the producer fills them. It
// belongs in a process of its own, in `group` if there is one, and measures once: see measure_channel().
class ChannelMeter {
 public:
  // It raises `steps` with each part of the channels that is made, opened or filled.
  ChannelMeter(const LaunchRequest& request, const Transport& transport, RunDir& run_dir, const MemoryGroup* group,
               std::atomic<std::uint32_t>& steps);

  // Measures this many channels, rounded down to whole parts, of at most kChannelParts. Throws std::system_error, and
  // ChannelsRefused if so many can't be made.
  ChannelLevels measure(std::uint32_t channels, std::uint32_t parts, bool loads);

  // Returns the sizes of a channel's buffers, by Role.
  const std::array<BufferSizes, 2>& buffers() const noexcept { return buffers_; }

 private:
  using Sessions = std::vector<std::unique_ptr<Session>>;
  using Pair = std::array<ChannelWorker, 2>;

  void load(ChannelLevels& found, Pair& workers, std::span<const pid_t> everyone, std::uint32_t parts);
  std::optional<double> payload_of(const ChannelLevels& found, std::uint64_t messages, std::uint64_t lying,
                                   Shape shape) const;
  void create(Sessions& sessions, std::uint32_t until) const;
  ChannelWorker worker(Role role, WorkerTickets& tickets, const LaunchMemory& cells) const;
  void carry_out(Pair& workers, const ChannelOrder& order);
  template <class Part>
  MemoryLevels levels(std::span<const pid_t> participants, std::uint32_t parts, Part do_part);
  void note(const ChannelWorker& worker, const ChannelReply& reply);
  double used(std::span<const pid_t> participants);
  double used_by_kernel() const;

  const Transport& transport_;
  const MemoryGroup* group_;
  SessionConfig config_;
  const LaunchRequest& request_;
  LoopSpec spec_;
  std::map<pid_t, std::uint64_t> kernel_bytes_;  // as each worker last reported
  std::array<BufferSizes, 2> buffers_{};
  std::atomic<std::uint32_t>& steps_;
};

}  // namespace ipcbench
