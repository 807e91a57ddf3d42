#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "results/model/record.h"
#include "tests/support/open_loops.h"

// Makes results of casts for tests.

namespace ipcbench {

// Holds what the launches of a case have in common.
struct CastSample {
  double ops_ns = 1000;                 // time per message, all producers together
  std::optional<double> p99_ns = 5000;  // of the worst producer
  std::optional<double> fairness = 1;
};

// Returns a case of six launches on one CPU. The time per message of the n-th is n - 1 per cent longer than said.
CaseRecord cast_case(Scenario scenario, const std::string& transport, std::uint64_t size, const OptionList& options,
                     const CastSample& sample = {});

// Returns a summarised result. Fan-in of a pipe, a queue and an eventfd over 2, 8 and 32 producers; fan-out of a pipe
// over 2 and 8 consumers, to one and to all; many-to-many of a pipe, 2 to 2, 8 to 2 and 8 to 8; a server of 8 clients
// over a pipe, shared and by pairs, and a socket, with 0, 10 us and 1 ms of work on each request.
Result cast_result();

// Returns a summarised result of many channels of a pipe, all active, at 1, 16, 64 and 256 channels. By epoll a message
// always takes 1000 ns; by poll it takes half as long with one channel, and twice as long with each step.
Result channels_result();

// Returns a summarised result of a lock that 1, 2 and 4 processes take: a mutex, held for nothing and for 1 us, and a
// POSIX semaphore, held for nothing.
Result lock_result();

}  // namespace ipcbench
