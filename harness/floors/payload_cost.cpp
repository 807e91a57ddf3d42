#include "harness/floors/payload_cost.h"

#include <algorithm>
#include <array>
#include <vector>

namespace ipcbench {
namespace {

constexpr std::size_t kLines = 64;
constexpr std::size_t kRepeats = 201;

template <class Body>
double median_ns_per_line(const Clock& clock, Body body) {
  std::array<double, kRepeats> samples;
  for (double& sample : samples) {
    const std::uint64_t begin = clock.begin();
    for (std::uint64_t sequence = 0; sequence < 16; ++sequence) body(sequence);
    sample = static_cast<double>(clock.to_ns(clock.end() - begin)) / (16.0 * kLines);
  }
  std::nth_element(samples.begin(), samples.begin() + kRepeats / 2, samples.end());
  return samples[kRepeats / 2];
}

}  // namespace

InstrumentRecord measure_payload_cost(const Clock& clock, PayloadMode mode) {
  const Payload payload(mode, 1, Role::producer);
  std::vector<std::byte> buffer(kLines * kCacheLine);
  volatile bool sink = false;
  return {.write_line_ns = median_ns_per_line(clock, [&](std::uint64_t sequence) { payload.write(buffer, sequence); }),
          .check_line_ns =
              median_ns_per_line(clock, [&](std::uint64_t sequence) { sink = payload.check(buffer, sequence); })};
}

}  // namespace ipcbench
