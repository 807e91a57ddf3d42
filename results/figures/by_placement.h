#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include "results/model/record.h"

namespace ipcbench {

// AtPlacement holds the channels of one placement: curves, or rows of silences.
template <class Channel>
struct AtPlacement {
  PlacementName placement;
  std::vector<Channel> channels = {};
};

// Groups channels by their placement, in the order of each one's first. All cases of a channel share any()'s placement.
template <class Channel>
std::vector<AtPlacement<Channel>> by_placement(std::vector<Channel> channels) {
  std::vector<AtPlacement<Channel>> all;
  for (Channel& channel : channels) {
    const PlacementName& placement = channel.any().placement;
    auto here = std::ranges::find(all, placement, &AtPlacement<Channel>::placement);
    if (here == all.end()) here = all.insert(here, {placement});
    here->channels.push_back(std::move(channel));
  }
  return all;
}

}  // namespace ipcbench
