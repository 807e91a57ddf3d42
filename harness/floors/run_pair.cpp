#include "harness/floors/run_pair.h"

#include <array>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include "harness/base/first_readable.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"

namespace ipcbench {
namespace {

Child spawn(const char* what, Role role, int cpu, const std::function<void(Role)>& body) {
  return Child::spawn(what, [&] {
    if (cpu >= 0) pin_to(Cpu{cpu});
    body(role);
    return 0;
  });
}

}  // namespace

void run_pair(const char* what, int producer_cpu, int consumer_cpu, const std::function<void(Role)>& body,
              std::chrono::seconds limit) {
  if (producer_cpu >= 0 || consumer_cpu >= 0) {
    if (const std::string refused = pinning_refusal(); !refused.empty())
      throw std::runtime_error(fmt::format("{}: {}", what, refused));
  }
  const Deadline deadline = std::chrono::steady_clock::now() + limit;
  std::array<Child, 2> sides;
  sides[0] = spawn(what, Role::producer, producer_cpu, body);
  sides[1] = spawn(what, Role::consumer, consumer_cpu, body);
  while (sides[0].running() || sides[1].running()) {
    const auto end_of = [](const Child& side) { return side.running() ? side.pidfd() : -1; };
    const std::optional<std::size_t> ended = first_readable({end_of(sides[0]), end_of(sides[1])}, deadline);
    if (!ended) throw PairFailed(fmt::format("{}: not done in {} s", what, std::int64_t{limit.count()}));
    if (const ExitStatus status = sides[*ended].wait(); !status.clean())
      throw PairFailed(fmt::format("{}: the {} {}", what, *ended == 0 ? "producer" : "consumer", describe(status)));
  }
}

}  // namespace ipcbench
