#include "harness/floors/run_pair.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

#include "harness/base/error.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"

namespace ipcbench {
namespace {

using Time = std::chrono::steady_clock::time_point;

int milliseconds_until(Time deadline) noexcept {
  const auto left =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return left > 0 ? static_cast<int>(left) : 0;
}

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
  const Time deadline = std::chrono::steady_clock::now() + limit;
  std::array<Child, 2> sides;
  sides[0] = spawn(what, Role::producer, producer_cpu, body);
  sides[1] = spawn(what, Role::consumer, consumer_cpu, body);
  // poll() skips a pidfd below 0, that of a side that has left.
  std::array<pollfd, 2> watched{{{sides[0].pidfd(), POLLIN, 0}, {sides[1].pidfd(), POLLIN, 0}}};
  while (sides[0].running() || sides[1].running()) {
    const int ready = ::poll(watched.data(), watched.size(), milliseconds_until(deadline));
    if (ready < 0 && errno != EINTR) throw_errno("poll for the two processes of the {}", what);
    if (ready == 0) throw std::runtime_error(fmt::format("{}: not done in {} s", what, std::int64_t{limit.count()}));
    for (std::size_t i = 0; i < sides.size(); ++i) {
      if (!sides[i].running()) continue;
      const std::optional<ExitStatus> status = sides[i].poll();
      if (!status) continue;
      if (!status->clean()) {
        throw std::runtime_error(
            fmt::format("{}: the {} {}", what, i == 0 ? "producer" : "consumer", describe(*status)));
      }
      watched[i].fd = -1;
    }
  }
}

}  // namespace ipcbench
