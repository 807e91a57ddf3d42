#include "results/files/unsupported.h"

#include "harness/floors/launch_class.h"
#include "harness/measure/resource_usage.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"

namespace ipcbench {

void drop_unsupported(SideUsage& side) {
  if (side.wall_ns >= kLeastSplitWindowNs) return;
  side.user_ns.reset();
  side.system_ns.reset();
}

void drop_unsupported(LaunchRecord& launch) {
  if (launch.slices_ns.size() < kFewestSlices) launch.launch_class.clear();
}

void drop_unsupported(CaseRecord& c) {
  c.summary.steady = commonest_class(c);
  if (!is_bimodal(pooled_histogram(c))) c.summary.bimodal.reset();
}

}  // namespace ipcbench
