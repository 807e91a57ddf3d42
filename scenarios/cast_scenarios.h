#pragma once

#include "scenarios/list/scenario.h"

// The scenarios whose launches have a cast. Their loops run over channels: scenarios/casts.

namespace ipcbench {

struct FanIn {
  static constexpr Scenario kScenario = Scenario::fan_in;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "fan-in",
            .title = "Fan-in: many send to one",
            .summary = "any number of producers send to one consumer, as fast as they go",
            .traffic = Traffic::cast,
            .by_default = false,
            .options = {producers_option("2", "processes that send"), sharing_option()}};
  }
};

struct FanOut {
  static constexpr Scenario kScenario = Scenario::fan_out;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "fan-out",
            .title = "Fan-out: one sends to many",
            .summary = "one producer sends to any number of consumers, to each in turn or to all",
            .traffic = Traffic::cast,
            .by_default = false,
            .options = {consumers_option("2", "processes that receive"), deliver_option(), sharing_option()}};
  }
};

struct ManyToMany {
  static constexpr Scenario kScenario = Scenario::many_to_many;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "many-to-many",
            .title = "Many to many",
            .summary = "any number of producers send to any number of consumers, to each in turn or to all",
            .traffic = Traffic::cast,
            .by_default = false,
            .options = {consumers_option("2", "processes that receive"), deliver_option(),
                        producers_option("2", "processes that send"), sharing_option()}};
  }
};

struct Server {
  static constexpr Scenario kScenario = Scenario::server;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "server",
            .title = "Server: many ask one",
            .summary = "any number of clients ask one server, each as soon as it has its answer",
            .traffic = Traffic::served,
            .by_default = false,
            .options = {producers_option("2", "clients"), service_option(), service_by_option(), sharing_option()}};
  }
};

struct Channels {
  static constexpr Scenario kScenario = Scenario::channels;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "channels",
            .title = "Channels: one waits for many",
            .summary = "one producer sends to one consumer by channels drawn at random, and it waits for all of them",
            .traffic = Traffic::cast,
            .by_default = false,
            .options = {active_option(), channels_option(), mux_option()}};
  }
};

struct Contended {
  static constexpr Scenario kScenario = Scenario::contended;
  static constexpr bool kHasCast = true;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "contended",
            .title = "Contended: many take one lock",
            .summary = "any number of processes take one lock, hold it for a while and give it back",
            .traffic = Traffic::turns,
            .by_default = false,
            .options = {hold_option(), producers_option("2", "processes that take the lock"), think_option()}};
  }
};

}  // namespace ipcbench
