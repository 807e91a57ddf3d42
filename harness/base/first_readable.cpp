#include "harness/base/first_readable.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <stdexcept>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

int milliseconds_until(Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
}

}  // namespace

std::optional<std::size_t> first_readable(std::initializer_list<int> descriptors, std::optional<Deadline> deadline) {
  std::array<pollfd, 4> watched;
  if (descriptors.size() > watched.size()) throw std::logic_error("first_readable() of too many descriptors");
  const auto end = std::ranges::transform(descriptors, watched.begin(), [](int descriptor) {
                     return pollfd{.fd = descriptor, .events = POLLIN, .revents = 0};
                   }).out;
  int ready = 0;
  do {
    ready = ::poll(watched.data(), descriptors.size(), deadline ? milliseconds_until(*deadline) : -1);
  } while (ready < 0 && errno == EINTR);
  if (ready < 0) throw_errno("poll");
  if (ready == 0) return std::nullopt;
  const auto first = std::find_if(watched.begin(), end, [](const pollfd& one) { return one.revents != 0; });
  return static_cast<std::size_t>(first - watched.begin());
}

}  // namespace ipcbench
