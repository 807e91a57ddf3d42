#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

#include "harness/measure/clock.h"
#include "harness/measure/histogram.h"
#include "harness/measure/payload.h"
#include "harness/measure/resource_usage.h"
#include "harness/records/phase.h"
#include "scenarios/list/open_loop.h"
#include "scenarios/list/scenario.h"

// LoopSpec is what a launch is told, and RunLog what it leaves. Both are plain data in an anonymous mapping that the
// coordinator and the two workers share; it is zeroed at first.

namespace ipcbench {

// The values of a scenario's options, in the order of ScenarioInfo::options, as loop_number() of
// harness/suite/option_value.h makes them. 0 stands for a default that is a word.
using LoopOptions = std::array<std::uint64_t, 10>;

inline constexpr std::uint64_t kUnknownHeld = std::numeric_limits<std::uint64_t>::max();

struct LoopSpec {
  // Returns the size of the messages that `writer` sends, in bytes. In ping-pong the consumer sends the answers.
  constexpr std::size_t size_from(Role writer) const noexcept {
    return writer == Role::consumer && reply_size != 0 ? reply_size : message_size;
  }
  constexpr std::size_t largest() const noexcept { return std::max(message_size, reply_size); }
  // Returns whether every message has an answer, one at a time.
  bool has_answers() const noexcept {
    const std::optional<Traffic> traffic = traffic_of(scenario);
    return traffic == Traffic::round_trips || traffic == Traffic::served ||
           (traffic == Traffic::scheduled && open_loop(options).form == LoopForm::round_trip);
  }

  Scenario scenario = Scenario::ping_pong;
  PayloadMode payload = PayloadMode::lines;
  bool merges = false;        // notify only: notifications may merge, what is received may be less than what was sent
  bool answers_back = false;  // served: as Capabilities::answers_back
  std::uint64_t seed = 0;
  std::size_t message_size = 0;              // bytes; 0 for notify-only transports
  std::size_t reply_size = 0;                // bytes of ping-pong's answers; 0: as message_size
  std::uint64_t warmup_ops = 0;              // discarded
  std::uint64_t block_ops = 0;               // per block; ping-pong has two (unstamped, stamped), streaming one
  std::uint64_t pilot_ns = 0;                // not 0: find out how fast it is, by doubling batches up to this length
  bool counts_calls = false;                 // each side marks its one block for a CallCounter; nothing is timed
  std::int32_t broker = 0;                   // pid of a third process whose time counts; 0: there is none
  std::uint64_t likely_held = kUnknownHeld;  // fill_channel: messages that another such channel has taken
  Clock clock;
  LoopOptions options{};  // the scenario's own
};

// Returns the cast of a loop that has one.
inline Cast cast_of(const LoopSpec& spec) {
  Cast cast = cast_of(spec.scenario, spec.options);
  cast.answers_back = spec.answers_back;
  return cast;
}

enum class Failure : std::uint8_t {
  none,
  exception,
  io_error,
  peer_closed,
  timed_out,  // the launch broke
  lost,
  duplicated,
  reordered,
  corrupted,
  truncated,
  own_message,
  wrong_count,
  shared_lock,  // two had it at once
  left_cpu,     // its number would be wrong
  traced,       // likewise
};

inline constexpr std::size_t kSlices = 20;
inline constexpr std::size_t kErrorText = 256;

// SideLog is one side's part of the log, written by its worker alone.
struct alignas(kCacheLine) SideLog {
  std::uint64_t progress;  // messages verified so far, all phases
  Phase phase;             // relaxed stores through std::atomic_ref: read by the coordinator after a death
  Failure failure;
  std::int32_t error_number;      // errno of an io_error or exception
  std::uint64_t failed_sequence;  // number of the message that was wrong; the first is 0 (warm-up included)
  std::uint64_t failed_size;      // bytes that arrived, for truncated
  char text[kErrorText];          // NUL-terminated, set-up errors
  ResourceUsage before, after;    // around the unstamped block (ping-pong) or the block (streaming)
  std::int32_t last_cpu;          // at the end of the last block
  std::int32_t threads;           // of the worker after the block; 0: not counted, it has brought none
};

// Records the phase that a side is in; the coordinator reports it after a death or a deadline.
inline void enter_phase(SideLog& side, Phase phase) noexcept {
  std::atomic_ref(side.phase).store(phase, std::memory_order_relaxed);
}

// RendezvousWord counts how often one side has come to the rendezvous. It has a cache line of its own.
struct alignas(kCacheLine) RendezvousWord {
  std::uint32_t count;
};

// PacerLog is what a pacer takes with nothing to send, and how often it slept then and in the block.
struct PacerLog {
  std::uint64_t alone_sleeps, block_sleeps;
  ResourceUsage alone_before, alone_after;
};

struct RunLog {
  SideLog& side(Role role) noexcept { return sides[static_cast<std::size_t>(role)]; }
  const SideLog& side(Role role) const noexcept { return sides[static_cast<std::size_t>(role)]; }
  std::uint32_t& rendezvous(Role role) noexcept { return rendezvous_words[static_cast<std::size_t>(role)].count; }

  std::array<SideLog, 2> sides;  // by Role

  // Block times in clock ticks, written by the producer (ping-pong), or by producer and consumer (streaming).
  alignas(kCacheLine) std::uint64_t block_begin;  // unstamped block, or the stream's block: before the first send
  alignas(kCacheLine) std::uint64_t block_end;    // after the last verified message
  std::uint64_t block_ops_done;                   // verified ops between the two (streaming, notify: received)
  std::uint64_t block_ops_sent;                   // lossy and notify-only streaming

  // The broker's usage around the same block, if there is a broker; written by the side that begins or ends it.
  ProcessUsage broker_before, broker_after;

  // The stamped block, written by the producer.
  alignas(kCacheLine) std::uint64_t stamped_sum_ns;
  std::uint64_t stamped_max_ns;
  std::uint64_t stamped_max_at_ns;  // from the stamped block's begin

  // Streaming: clock ticks at the end of each slice, written by the consumer; 0 if there are no slices (notify-only,
  // lossy).
  std::array<std::uint64_t, kSlices> slice_end_ticks;

  // Pilot: the last, longest batch, written by the producer.
  std::uint64_t pilot_ops;
  std::uint64_t pilot_ticks;

  // Shared by the two sides.
  std::array<RendezvousWord, 2> rendezvous_words;  // by Role; futex words
  alignas(kCacheLine) std::uint64_t batch_ops;     // pilot: ops of the next batch, 0 ends it
  // Notify-only and lossy streams, numbered from 1: the producer's count so far, the last stream that it has finished,
  // and the last one whose end the consumer has seen.
  alignas(kCacheLine) std::uint64_t stream_sent;
  std::uint32_t stream_done;
  alignas(kCacheLine) std::uint32_t stream_acknowledged;

  // An open loop: where the stamps are (stamps.h), in bytes from this log, set before the workers start; the planned
  // time of the message after the last, in ticks from block_begin; and what its pacer took.
  alignas(kCacheLine) std::uint64_t stamps_offset;
  std::uint64_t planned_end;
  PacerLog pacer;

  // fill_channel: messages that the channel holds.
  alignas(kCacheLine) std::uint64_t held;

  // Conformance: the bytes of the one receive after two messages were sent, or the number of messages or notifications
  // that arrived late. probe_held is the number under way when the sender had stalled.
  alignas(kCacheLine) std::uint64_t probe_received;
  std::uint64_t probe_held;
  std::uint64_t probe_selected;  // which of two messages, 1 or 2, came when asked for the second's kind; 0: no kinds
  std::uint64_t probe_urgent;    // which came first, the second being urgent; 0: no priorities

  std::array<Histogram, kSlices> slices;  // stamped round trips, in time order
};

// Returns the first op that no longer belongs to `slice` when `ops` are cut into kSlices parts.
constexpr std::uint64_t slice_end(std::uint64_t ops, std::size_t slice) noexcept { return ops * (slice + 1) / kSlices; }

}  // namespace ipcbench
