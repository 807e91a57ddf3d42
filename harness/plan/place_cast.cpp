#include "harness/plan/place_cast.h"

#include "harness/host/cast_cpus.h"

namespace ipcbench {

void place_cast(PlannedCase& planned, const Topology& topology, std::optional<CpuPair> cpus) {
  if (!has_cast(planned.spec) || (!cpus && !topology.pair(planned.spec.placement))) return;
  const Pattern pattern = cast_of(planned.spec).pattern;
  planned.seat_cpus = cpus ? cast_cpus(*cpus, pattern.producers, pattern.consumers)
                           : cast_cpus(topology, planned.spec.placement, pattern.producers, pattern.consumers);
  const FarthestSeats farthest = farthest_seats(topology, planned.seat_cpus, pattern.producers);
  planned.cpus = {.producer = planned.seat_cpus[farthest.producer], .consumer = planned.seat_cpus[farthest.consumer]};
}

}  // namespace ipcbench
