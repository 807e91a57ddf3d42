#pragma once

#include <array>

#include "scenarios/list/cast.h"
#include "scenarios/list/scenario.h"

namespace ipcbench {

inline constexpr std::array kSharings = {Sharing::shared, Sharing::inbox, Sharing::per_peer};

// CastShape is a launch with many seats: three producers, two consumers where there may be several.
struct CastShape {
  Scenario scenario;
  bool to_all = false;
};
inline constexpr std::array kCastShapes = {CastShape{Scenario::fan_in},
                                           CastShape{Scenario::fan_out},
                                           CastShape{Scenario::fan_out, true},
                                           CastShape{Scenario::many_to_many},
                                           CastShape{Scenario::many_to_many, true},
                                           CastShape{Scenario::server}};

}  // namespace ipcbench
