#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "results/model/bilingual.h"
#include "results/model/record.h"

// Two mechanisms against each other, wherever a result has measured both alike.

namespace ipcbench {

enum class Contest : std::uint8_t { round_trip, stream, cpu };  // ns, bytes/s, CPU-ns per round trip

// The best of each side at one contest, placement, message size and way of waiting.
struct Duel {
  Contest contest = Contest::round_trip;
  std::string placement, wait;
  std::uint64_t size = 0;
  const CaseRecord* first = nullptr;  // of the result, which must outlive it
  const CaseRecord* second = nullptr;
  int outcome = 0;   // 1: the first is better, -1: worse, 0: they can't be told apart
  double ratio = 1;  // first / second
};

// Both figures have one; without, the outcome is 0.
bool has_intervals(const Duel& duel) noexcept;

const Figure& figure_of(Contest contest, const CaseRecord& c) noexcept;

using Side = std::function<bool(const CaseRecord&)>;
Side any_of(std::vector<std::string> transports);

struct Duels {
  std::vector<Duel> all;
  std::size_t limited = 0;  // others, which aren't judged: a limit of the host changed a case of one side
  Phrase limits;            // those limits
};

// All that the result permits, with block and with spin, by contest and size. Cases that carry nothing, that have other
// options than the default or whose payload is not touched take no part.
Duels duels(const Result& result, const Side& first, const Side& second,
            const std::vector<Contest>& contests = {Contest::round_trip, Contest::stream});

// How often and where the first was better, could not be told apart and was worse: "better 2/3: round trips same-cpu
// 1 B–4 KiB. worse 1/3: …".
Phrase outcomes_of(const std::vector<Duel>& duels);
// The clearest of each contest and outcome.
std::vector<Duel> clearest_of(const std::vector<Duel>& duels);

}  // namespace ipcbench
