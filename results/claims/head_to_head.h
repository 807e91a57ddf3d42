#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Compares two groups of mechanisms at every setting that a result has measured for both.

namespace ipcbench {

enum class Contest : std::uint8_t { round_trip, stream, cpu };  // ns, bytes/s, CPU-ns per round trip

// Compares the best case of each side at one contest, placement, message size and wait.
struct Match {
  Contest contest = Contest::round_trip;
  PlacementName placement;
  WaitName wait;
  std::uint64_t size = 0;
  const CaseRecord* first = nullptr;  // points into the result, which must outlive this
  const CaseRecord* second = nullptr;
  int outcome = 0;   // 1: the first is better, -1: worse, 0: the difference is within the noise
  double ratio = 1;  // first / second
};

// Returns whether both figures have an interval. Without one the outcome is 0.
bool has_intervals(const Match& match);

// Returns the figure by which `c`, one side of the match, is compared with the other: of round trips the means of both
// if the clock is too coarse for the p50 of one.
const Figure& figure_of(const Match& match, const CaseRecord& c);

using CaseFilter = std::function<bool(const CaseRecord&)>;
CaseFilter any_of(std::vector<std::string> transports);

struct HeadToHead {
  std::vector<Match> all;
  std::size_t limited = 0;  // matches left out because a limit of the host changed a case of one side
  BilingualString limits;   // those limits
};

// Returns the matches that the result permits with `block` and with `spin`, by contest and size. It skips cases that
// carry no payload, whose payload isn't touched, or whose options aren't the defaults.
HeadToHead head_to_head(const Result& result, const CaseFilter& first, const CaseFilter& second,
                        const std::vector<Contest>& contests = {Contest::round_trip, Contest::stream});

// Sums up how often, and where, the first side was better, undecided or worse: "better 2/3: round trips same-cpu 1 B–4
// KiB. worse 1/3: …".
BilingualString outcomes_of(const std::vector<Match>& matches);
// Returns the match with the largest difference for each contest and outcome.
std::vector<Match> clearest_of(const std::vector<Match>& matches);

}  // namespace ipcbench
