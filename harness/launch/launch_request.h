#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "harness/host/topology.h"
#include "harness/launch/start_worker.h"
#include "harness/launch/worker_stops.h"
#include "harness/measure/clock.h"
#include "harness/measure/payload.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/transport.h"
#include "harness/suite/case_spec.h"
#include "harness/suite/workers.h"
#include "results/model/record.h"

namespace ipcbench {

// Describes a launch: a fresh pair of worker processes that measures one case once.
struct LaunchRequest {
  const CaseSpec& spec;
  CpuPair cpus;
  std::vector<int> seat_cpus = {};  // of a cast: the CPU of each seat, by its place
  PayloadMode payload = PayloadMode::lines;
  std::uint64_t seed = 0;
  std::uint64_t block_ops = 0;
  std::uint64_t rate_per_s = 0;  // of an open loop whose rate is a share of saturation
  std::uint64_t warmup_ops = 0;
  std::chrono::nanoseconds pilot{0};    // not 0: a pilot, which finds out the time of an op
  bool counts_calls = false;            // times nothing: counts system calls
  std::chrono::nanoseconds deadline{};  // from the fork; then both workers are killed
  std::chrono::nanoseconds hybrid_spin{0};
  Clock clock;
  Workers workers = Workers::fork;
  std::optional<WorkerStops> stops = {};  // in an open loop's block; the self-test's
  bool keeps_times = false;               // leaves the times of each message of an open loop
};

// Says when each message of an open loop was due and when it was sent, in ns from the block's begin.
struct SendTimes {
  std::vector<std::uint64_t> planned_ns, sent_ns;
};

struct LaunchOutcome {
  LaunchRecord record;
  double pilot_op_ns = 0;         // of a pilot that ended well
  bool interrupted = false;       // a second stop signal: the record says nothing of the case
  std::vector<WorkerStop> stops;  // that were asked for and made
  SendTimes times;                // of a launch that keeps them and ended well
};

// Return the transport and the session's configuration of a request. The transport must be registered.
const Transport& transport_of(const LaunchRequest& request);
SessionConfig session_config(const LaunchRequest& request, RunDir& run_dir);
// Returns the orders of a worker of this launch but for its task and loop.
WorkerOrders orders_for(const LaunchRequest& request, Role role);

// Returns the tickets of both seats of a channel. Throws std::system_error.
WorkerTickets tickets_of(Session& session);

}  // namespace ipcbench
