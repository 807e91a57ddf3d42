#pragma once

#include <functional>
#include <string>
#include <vector>

#include "results/compare/pairs.h"

namespace ipcbench {

// A session of `rounds` timed pairs of one case, blocking round trips of a pipe on one CPU: RTT p50 of the base is
// `base_ns`, that of the head base_ns * exp(ratio(round)).
PairSession sample_session(int rounds, const std::function<double(int)>& ratio, double base_ns = 5000);
// The same for one more case of the session.
void add_case(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
              double base_ns = 5000);
// Fresh rounds of a case.
void add_fresh_rounds(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
                      double base_ns = 5000);
// Rounds that counted system calls.
void add_counted_rounds(PairSession& session, const std::string& id, int rounds, double base, double head,
                        bool confirms = false);

inline constexpr const char* kSampleCase = "ping-pong/pipe/block/64/same-cpu";

// Deterministic noise: about normal, with this standard deviation.
std::function<double(int)> noise(double sd, std::uint64_t seed, double shift = 0);

}  // namespace ipcbench
