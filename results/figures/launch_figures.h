#pragma once

#include <cstdint>
#include <optional>

#include "results/model/record.h"

// Computes the figures of one launch for summaries, paired comparisons, pages and exports. A figure that the launch
// lacks is none. Times are ns, sizes bytes, rates per second.

namespace ipcbench {

// Divides a total of the measured block by its verified ops; none without any.
std::optional<double> per_op(const LaunchRecord& launch, double total);

// Returns the time of one op: mean round trip (unstamped block), time per verified message, time to connect, or the
// median service of an open loop.
std::optional<double> op_ns(const LaunchRecord& launch);
// Streaming, and an open loop whose messages are all due at once: returns the time from the first send to the last
// verified message, divided by the verified messages.
std::optional<double> message_ns(const LaunchRecord& launch);
// Returns the launch's times of single messages: the responses of an open loop, else the stamped round trips.
const SparseHistogram& times_of(const LaunchRecord& launch) noexcept;
// Returns a quantile, or that of the stamped block; none if fewer than ten samples lie above it.
std::optional<double> supported_quantile(const SparseHistogram& histogram, double q);
std::optional<double> supported_quantile(const LaunchRecord& launch, double q);

// Streaming rates. If the launch doesn't store bytes per op, `c`'s message size is used.
std::optional<double> ops_per_s(const LaunchRecord& launch);
std::optional<double> bytes_per_s(const CaseRecord& c, const LaunchRecord& launch);
// Returns the ratio of lost to sent messages; none if the sent ones weren't counted.
std::optional<double> missing_ratio(const LaunchRecord& launch);

// CPU time and context switches of all participants, the broker included; none if the broker's couldn't be read. The
// CPU time of an open loop is without its pacer's; there is none if that spins.
std::optional<double> cpu_ns_per_op(const LaunchRecord& launch);
std::optional<double> consumer_cpu_ns_per_op(const LaunchRecord& launch);  // of an open loop
std::optional<double> broker_cpu_ns_per_op(const LaunchRecord& launch);
std::optional<double> voluntary_per_op(const LaunchRecord& launch);
std::optional<double> involuntary_per_op(const LaunchRecord& launch);
std::optional<double> switches_per_op(const LaunchRecord& launch);
// Returns minor and major page faults of both workers.
std::optional<double> faults_per_op(const LaunchRecord& launch);
// Returns CPU time over wall time of one worker: 0 the producer, 1 the consumer.
std::optional<double> duty(const LaunchRecord& launch, std::size_t side);

// Returns the share of a lock's stamped turns that were handed over to a process that waited.
std::optional<double> handover_ratio(const LaunchRecord& launch);
// Return the largest and the median of what the seats of a cast have; none if a producer's is missing.
std::optional<double> largest_of_seats(const CastRecord& cast, std::optional<double> SeatRecord::*value);
std::optional<double> median_of_seats(const CastRecord& cast, std::optional<double> SeatRecord::*value);

}  // namespace ipcbench
