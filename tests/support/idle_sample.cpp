#include "tests/support/idle_sample.h"

#include <array>
#include <string>
#include <tuple>

#include "results/figures/summary.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

constexpr std::array kAfterSilence = {std::tuple("100us", 100'000.0, 10'000, 20), std::tuple("10ms", 1e7, 30'000, 20),
                                      std::tuple("1s", 1e9, 50'000, 5)};

LoadRecord idle_load(double silence_ns, std::uint64_t service_ns, std::uint64_t ops, int pass) {
  return {.silence_ns = silence_ns,
          .achieved_per_s = 1e9 / silence_ns,
          .response = many(service_ns + 4'000, ops),
          .service = many(service_ns, ops),
          .lateness = many(4'000, ops),
          .response_max_ns = static_cast<double>(service_ns) + 7'000 + 1'000 * pass,
          .response_max_at_ns = 0,
          .service_max_ns = static_cast<double>(service_ns) + 2'000 + 1'000 * pass,
          .lateness_max_ns = 5'000 + 1'000.0 * pass,
          .late_ratio = 1};
}

}  // namespace

Result idle_result() {
  Result result = sample_result();
  result.cases.clear();
  result.passes = 6;
  result.machine.idle = {
      {.id = "idle-driver", .text = "it chooses", .source = "/sys", .value = "haltpoll"},
      {.id = "tick", .severity = Severity::note, .text = "can't be told", .source = "/proc", .value = "unknown"}};
  for (const std::string transport : {"pipe", "sysv-sem"}) {
    for (const auto& [silence, silence_ns, service_ns, ops] : kAfterSilence) {
      const std::uint64_t size = transport == "pipe" ? 64 : 0;
      CaseRecord c = sample_case(Scenario::rate, transport, WaitStrategy::block, size, Placement::same_l3);
      c.id += std::string("/silence=") + silence;
      c.options = {{"silence", silence}};
      c.ops = static_cast<std::uint64_t>(ops);
      for (int pass = 0; pass < result.passes; ++pass) {
        LaunchRecord launch = sample_launch(c, pass, 1000);
        launch.verified = c.ops;
        launch.slices_ns.clear();
        launch.launch_class.clear();
        launch.load =
            idle_load(silence_ns, static_cast<std::uint64_t>(size == 0 ? service_ns / 2 : service_ns), c.ops, pass);
        c.launches.push_back(std::move(launch));
      }
      result.cases.push_back(std::move(c));
    }
  }
  summarise(result);
  return result;
}

}  // namespace ipcbench
