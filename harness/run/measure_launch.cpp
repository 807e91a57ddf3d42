#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "harness/measure/clock.h"
#include "harness/measure/floors.h"
#include "harness/run/host_records.h"
#include "harness/run/launch.h"
#include "harness/run/runner.h"
#include "harness/transport/registry.h"

namespace ipcbench {

LaunchRecord measure_launch(const CaseSpec& spec, CpuPair cpus, std::uint64_t messages, std::uint64_t seed,
                            PayloadMode payload) {
  const Transport& transport = *find_transport(spec.transport);
  if (std::string reason = transport.option_refusal(spec.wait, spec.size, option_values(spec, transport.info()));
      !reason.empty()) {
    return {.case_id = spec.id(),
            .status = Status::skipped,
            .reason = std::move(reason),
            .seed = seed,
            .cpus = {cpus.producer, cpus.consumer}};
  }
  std::vector<int> list;
  for (const int cpu : {cpus.producer, cpus.consumer}) {
    if (cpu >= 0) list.push_back(cpu);
  }
  const ClockChoice choice = choose_clock(list);
  std::chrono::nanoseconds hybrid_spin{};
  if (spec.wait == WaitStrategy::hybrid) {
    const Floors floors = measure_floors(choice.clock, cpus.producer, cpus.consumer, {});
    hybrid_spin = hybrid_spin_of({floor_record(spec.placement, floors)});
  }
  RunDir run_dir = RunDir::create();
  const LaunchRequest request{.spec = spec,
                              .cpus = cpus,
                              .payload = payload,
                              .seed = seed,
                              .block_ops = messages,
                              .warmup_ops = std::max<std::uint64_t>(100, messages / 5),
                              .deadline = std::chrono::seconds(60),
                              .hybrid_spin = hybrid_spin,
                              .clock = choice.clock};
  return launch(request, run_dir).record;
}

}  // namespace ipcbench
