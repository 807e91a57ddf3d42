#pragma once

#include <cstdint>
#include <optional>

#include "results/model/record.h"

// The figures of one launch, each computed in one place: summaries, paired comparisons, pages and exports use these.
// None where the launch has no such figure. Times in ns, sizes in bytes, rates per second.

namespace ipcbench {

// A total of the measured block over its verified ops; none without any.
std::optional<double> per_op(const LaunchRecord& launch, double total);

// The time that the launch was measured for: mean round trip (unstamped block), time per verified message, or time to
// connect.
std::optional<double> op_ns(const LaunchRecord& launch);
// Streaming: the time from the first send to the last verified message over the verified messages.
std::optional<double> message_ns(const LaunchRecord& launch);
// The quantile of the stamped block; none where fewer than ten samples lie above it.
std::optional<double> supported_quantile(const LaunchRecord& launch, double q);

// Streaming. Bytes are those of `c`'s messages where the launch doesn't say.
std::optional<double> ops_per_s(const LaunchRecord& launch);
std::optional<double> bytes_per_s(const CaseRecord& c, const LaunchRecord& launch);
// The part of what was sent that was not received; none where nobody counted what was sent.
std::optional<double> missing_ratio(const LaunchRecord& launch);

// CPU time and context switches of all participants, the broker included; none where the broker's could not be read.
std::optional<double> cpu_ns_per_op(const LaunchRecord& launch);
std::optional<double> broker_cpu_ns_per_op(const LaunchRecord& launch);
std::optional<double> voluntary_per_op(const LaunchRecord& launch);
std::optional<double> involuntary_per_op(const LaunchRecord& launch);
std::optional<double> switches_per_op(const LaunchRecord& launch);
// Minor and major page faults of both workers.
std::optional<double> faults_per_op(const LaunchRecord& launch);
// CPU time over wall time of one worker: 0 the producer, 1 the consumer.
std::optional<double> duty(const LaunchRecord& launch, std::size_t side);

}  // namespace ipcbench
