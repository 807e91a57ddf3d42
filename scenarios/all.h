#pragma once

#include "scenarios/cast_scenarios.h"
#include "scenarios/ping_pong.h"
#include "scenarios/rate.h"
#include "scenarios/scenario_list.h"
#include "scenarios/setup.h"
#include "scenarios/streaming.h"

namespace ipcbench {

// The scenarios that users can choose, in the order of lists and of help.
using OfferedScenarios =
    ScenarioList<PingPong, Streaming, Setup, Rate, FanIn, FanOut, ManyToMany, Server, Channels, Contended>;

}  // namespace ipcbench
