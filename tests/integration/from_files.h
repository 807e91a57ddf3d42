#pragma once

#include <cmath>
#include <fstream>
#include <string>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/figures/summary.h"
#include "results/files/pair_file.h"
#include "tests/integration/cli.h"

namespace ipcbench {

inline constexpr const char* kCannedCase = "ping-pong/pipe/block/64/same-cpu";
inline constexpr const char* kCannedClass = "a machine of canned data";

inline PairHeader canned_header() {
  PairHeader header{.started = "2026-11-21T18:00:00Z",
                    .boot = "b",
                    .machine_class = kCannedClass,
                    .suite = "ci",
                    .payload = PayloadMode::lines,
                    .block_ns = 1e7};
  header.clock = {.kind = "tsc", .overhead_ns = 20, .resolution_ns = 10};
  header.base = {.name = "base", .program = "/old/ipcbench", .environment = {}, .options = {}};
  header.head = {.name = "head", .program = "/new/ipcbench", .environment = {}, .options = {}};
  header.cases = {{.id = kCannedCase,
                   .scenario = Scenario::ping_pong,
                   .transport = "pipe",
                   .wait = WaitStrategy::block,
                   .placement = Placement::same_cpu,
                   .ops = 1000}};
  return header;
}

// Returns pairs whose head is slower by `percent`, scattered by `scatter`.
inline std::string canned_pairs(double percent, double scatter, bool confirmed) {
  std::string text = to_json_line(canned_header()) + "\n";
  for (const bool confirms : {false, true}) {
    for (int round = 0; round < (confirms ? 80 : 40) && (!confirms || confirmed); ++round) {
      LaunchPair pair{.case_id = kCannedCase, .round = round, .confirms = confirms};
      pair.base.rtt_p50_ns = pair.base.rtt_mean_ns = 5000;
      const double factor = (1 + percent / 100) * std::exp(scatter * ((round * 7) % 11 - 5) / 5);
      pair.head.rtt_p50_ns = pair.head.rtt_mean_ns = 5000 * factor;
      text += to_json_line(pair) + "\n";
    }
  }
  return text;
}

inline Result canned_result(double rtt_ns, const std::string& machine_class = kCannedClass) {
  Result result{
      .complete = true, .run_id = "r", .suite = "ci", .passes = 20, .payload = PayloadMode::lines, .block_ns = 1e7};
  result.machine.machine_class = machine_class;
  result.clock = {.kind = "tsc", .overhead_ns = 20, .resolution_ns = 10};
  for (const char* transport : {"pipe", "tcp"}) {
    CaseRecord c{.id = std::string("ping-pong/") + transport + "/block/64/same-cpu",
                 .scenario = Scenario::ping_pong,
                 .transport = transport,
                 .wait = WaitStrategy::block,
                 .placement = Placement::same_cpu,
                 .size = 64,
                 .payload = PayloadMode::lines,
                 .pilot_op_ns = rtt_ns,
                 .ops = 1000};
    for (int pass = 0; pass < 20; ++pass) {
      LaunchRecord launch{.case_id = c.id, .pass = pass, .ops = 1000};
      const double ns = (std::string(transport) == "pipe" ? rtt_ns : 5000) * (1 + 0.001 * (pass % 5));
      launch.mean_ns = ns;
      launch.histogram = {{static_cast<std::uint64_t>(ns)}, {1000}};
      launch.verified = 1000;
      launch.launch_class = "flat";
      c.launches.push_back(launch);
    }
    result.cases.push_back(c);
  }
  summarise(result);
  return result;
}

inline NoiseModel canned_noise(const std::string& machine_class = kCannedClass) {
  NoiseModel model{.machine_class = machine_class,
                   .created = "2026-11-21T18:00:00Z",
                   .suite = "ci",
                   .payload = PayloadMode::lines,
                   .block_ns = 1e7,
                   .rounds = 40};
  for (const char* transport : {"pipe", "tcp"}) {
    model.figures.push_back({.case_id = std::string("ping-pong/") + transport + "/block/64/same-cpu",
                             .metric = "rtt_p50_ns",
                             .pairs = 500,
                             .spread = 0.01,
                             .margin = 0.01,
                             .runs = 20,
                             .run_margin = 0.04});
  }
  return model;
}

// Runs the program on files that a test writes.
class FromFiles : public Cli {
 protected:
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
};

}  // namespace ipcbench
