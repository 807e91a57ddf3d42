#include "harness/launch/loop_spec.h"

namespace ipcbench {
namespace {

// Returns the options of the loop; a share of saturation has become a rate.
LoopOptions options_for(const LaunchRequest& request) {
  LoopOptions options = loop_options(request.spec);
  if (open_loop_of(request.spec).load_percent != 0) options[kRateAt] = request.rate_per_s;
  return options;
}

}  // namespace

LoopSpec loop_spec(const LaunchRequest& request, const Capabilities& capabilities) {
  return {.scenario = request.spec.scenario,
          .payload = request.payload,
          .merges = capabilities.when_full == WhenFull::merges,
          .answers_back = capabilities.answers_back,
          .seed = request.seed,
          .message_size = request.spec.size,
          .reply_size = reply_size(request.spec),
          .warmup_ops = request.warmup_ops,
          .block_ops = request.block_ops,
          .pilot_ns = static_cast<std::uint64_t>(request.pilot.count()),
          .counts_calls = request.counts_calls,
          .clock = request.clock,
          .options = options_for(request)};
}

}  // namespace ipcbench
