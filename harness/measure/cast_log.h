#pragma once

#include <array>
#include <cstdint>

#include "harness/measure/histogram.h"
#include "harness/measure/run_log.h"
#include "scenarios/list/cast.h"

// What a launch with a cast leaves: plain data in memory that the coordinator and all workers share, zeroed at first.
// Each seat has a log that no other seat touches; what they tell each other between blocks is on the board.

namespace ipcbench {

// SenderCount is what a receiver has had of one sender. Sums of numbers tell one message twice and another one lost
// from none of that where several receivers share an object.
struct SenderCount {
  std::uint64_t next;                         // number of the next message expected, warm-up included
  std::uint64_t count;                        // messages of the block, verified
  std::uint64_t sum;                          // of their numbers, modulo 2^64
  std::uint64_t squares;                      // of their numbers
  std::array<std::uint32_t, kSlices> slices;  // messages in each slice of what the receiver takes
};

struct alignas(kCacheLine) SeatLog {
  SideLog side;
  std::uint64_t first;     // ticks before the block's first send
  std::uint64_t last;      // ticks after the block's last verified message or answer
  std::uint64_t sent;      // messages or requests of the block; of notifications all
  std::uint64_t verified;  // ops of the block: messages, answers or notifications that came
  Histogram times;      // of a producer: of each send, of each request until its answer, or of each wait for the lock
  Histogram handovers;  // of the lock from another seat, by who had waited
  PacerLog pacer;       // of a producer in an open loop
  std::uint64_t planned_end;                    // of its schedule, in ticks from the block's begin
  std::array<SenderCount, kMostSeats> senders;  // of a consumer, by the producer's index
};

// Guarded is what a lock guards. A seat reads the count when it has the lock and stores the next number before it gives
// it back, so that two holders at once lose a turn.
struct alignas(2 * kCacheLine) Guarded {
  std::uint64_t turns;       // of this batch
  std::uint64_t given_back;  // ticks before the last turn gave the lock back; in a stamped block
  std::uint64_t holder;      // who did: its index + 1
};

struct alignas(2 * kCacheLine) Board {
  // Where all seats meet: futex words.
  std::uint32_t arrived;
  alignas(kCacheLine) std::uint32_t rounds;
  // The batch under way: ops of all producers together; 0 ends a pilot.
  alignas(kCacheLine) std::uint64_t batch_ops;
  std::uint64_t first, last;  // ticks, of a pilot's batch
  std::uint64_t begin;        // ticks, of an open loop's block
  // How a batch ends: producers that still send, whether all have sent, and what consumers have taken since then.
  alignas(kCacheLine) std::uint32_t sending;
  std::uint32_t all_sent;                    // number of the last batch that all producers have sent
  std::uint32_t ended;                       // consumers that have seen the end of this batch
  std::uint64_t taken;                       // notifications
  std::uint64_t noted;                       // of these those that came before any mark
  std::uint64_t marks;                       // notifications that woke consumers after the last of the batch
  ProcessUsage broker_before, broker_after;  // around the block, if there is a broker
  Guarded guarded;
  std::uint64_t stamped_turns, stamped_ns;  // of a lock's stamped block
  // A pilot's last, longest batch.
  std::uint64_t pilot_ops, pilot_ticks;
};

}  // namespace ipcbench
