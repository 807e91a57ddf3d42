#pragma once

#include <functional>
#include <string>
#include <vector>

#include "results/compare/pairs.h"

namespace ipcbench {

// Returns a session of `rounds` timed pairs of one case, blocking round trips of a pipe on one CPU. The base's RTT p50
// is `base_ns`, the head's base_ns * exp(ratio(round)).
PairSession sample_session(int rounds, const std::function<double(int)>& ratio, double base_ns = 5000);
// Adds another such case to the session.
void add_case(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
              double base_ns = 5000);
// Adds fresh rounds of a case.
void add_fresh_rounds(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
                      double base_ns = 5000);
// Adds rounds that counted system calls.
void add_counted_rounds(PairSession& session, const std::string& id, int rounds, double base, double head,
                        bool confirms = false);

inline constexpr const char* kSampleCase = "ping-pong/pipe/block/64/same-cpu";

// Returns deterministic, roughly normal noise with this standard deviation.
std::function<double(int)> noise(double sd, std::uint64_t seed, double shift = 0);

}  // namespace ipcbench
