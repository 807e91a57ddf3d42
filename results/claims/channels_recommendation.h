#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "results/claims/recommendation.h"
#include "results/model/record.h"

// Recommends a mechanism, and a way to wait, for one process that waits for many channels of another. Nothing is
// interpolated: the two numbers of channels next to the one needed are asked, and the worse answer counts.

namespace ipcbench {

// Describes a mechanism with one way to wait for its channels.
struct ChannelsQualified {
  const CaseRecord* below = nullptr;  // with the measured numbers next to the one needed; the same if it was measured
  const CaseRecord* above = nullptr;
  const CaseRecord* worse = nullptr;  // the one of them that carries less
  std::vector<std::string> remarks;

  const Figure& rate() const noexcept;
};

struct ChannelsRecommendation {
  Need need;  // as asked, with the placement filled in
  std::uint64_t channels = 0;
  std::vector<ChannelsQualified> qualified;  // in the result's order; rank them by rate()
  std::vector<Excluded> excluded;            // each with its reason, or with the command that measures what is missing
};

// Returns the number that the option `channels` of a case gives; 0 if it is none.
std::uint64_t channels_of(const CaseRecord& c);

// Returns a row for each transport, way to wait, and part of the channels that is active. `result` must be summarised.
// Throws UsageError as recommend() does, and if the result has no launches with many channels.
ChannelsRecommendation recommend_for_channels(const Result& result, Need need, std::uint64_t channels);

}  // namespace ipcbench
