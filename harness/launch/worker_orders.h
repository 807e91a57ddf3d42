#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/measure/run_log.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// The only argument of a program that is executed as a worker. It finds its orders on kOrdersFd.
inline constexpr std::string_view kWorkerCommand = "worker";

// What a worker does in its launch.
enum class WorkerTask : std::uint8_t {
  measure,        // one side of a measured channel: measure_side.h
  set_up,         // opens and closes one side of a channel, timed: setup_side.h
  hold_channels,  // one side of many channels, for their memory: channel_side.h
  take_seat,      // a seat of a cast: cast_side.h
};

// Tells a worker all that isn't in its tickets. An executed one gets it as a line of JSON: docs/worker-protocol.md.
struct WorkerOrders {
  WorkerTask task = WorkerTask::measure;
  std::string transport;
  std::string library = "";  // of the plug-in that has the transport; "": it is built in
  Seat seat = {};
  WaitStrategy wait = WaitStrategy::block;
  std::size_t message_size = 0;  // bytes, the largest that will be sent
  OptionValues options = {};
  Clock clock = {};
  std::chrono::nanoseconds hybrid_spin{0};
  std::chrono::nanoseconds quiet = std::chrono::milliseconds(10);
  int cpu = -1;                // -1: not pinned
  bool canary = false;         // measure: runs a canary before and after
  bool is_timed = false;       // set_up: false: reports the channel's buffers instead
  bool sees_buffers = false;   // hold_channels: reports the kernel's memory behind its descriptors
  std::uint32_t channels = 1;  // hold_channels: how many
  LoopSpec spec = {};          // measure, hold_channels
};

// Returns the name of a worker's process: "ipcbench-prod".
constexpr const char* process_name(Role role) noexcept {
  return role == Role::producer ? "ipcbench-prod" : "ipcbench-cons";
}

// Returns what a worker opens its side by. The rendezvous is that of its channel, which is a pair's unless the caller
// says more.
SeatConfig seat_config(const WorkerOrders& orders, Rendezvous rendezvous);
inline SeatConfig seat_config(const WorkerOrders& orders, Rendezvous::PairCells& cells) {
  return seat_config(orders, Rendezvous(cells));
}

// What a worker shares with its coordinator beside its tickets. The coordinator owns it all.
struct WorkerLinks {
  std::byte* memory = nullptr;  // a ControlBlock, a SetupBoard, or the PairCells of all channels, by task
  int memory_fd = -1;           // a descriptor of it; -1: only forked workers have it
  int told = -1;                // measure, set_up: an eventfd by which they tell that they are ready
  int socket = -1;              // hold_channels: where orders come from; measure: where counted calls are listened to
  int coordinators = -1;        // a descriptor that is the coordinator's alone: forked workers close it
};

// Returns the orders as one line of JSON. `links` must have a memory_fd. Descriptors are given by number.
std::string orders_line(const WorkerOrders& orders, const std::vector<Ticket>& tickets, const WorkerLinks& links);

// What an executed worker got: it owns the descriptors.
struct ReceivedOrders {
  WorkerOrders orders;
  std::vector<Ticket> tickets;
  UniqueFd memory, told, socket;
  int parent = 0;  // pid of the coordinator
};
// Throws ResultError for a line that is none of this protocol, also if a descriptor isn't open.
ReceivedOrders parse_orders(std::string_view line);

}  // namespace ipcbench
