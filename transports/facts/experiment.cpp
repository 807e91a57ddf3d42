#include "transports/facts/experiment.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <stdexcept>
#include <utility>

#include "harness/base/error.h"

namespace ipcbench {
namespace {

// The wait is in slices, so that a time in which everything is stopped (SIGSTOP, a suspended machine) counts as one at
// most.
constexpr int kSliceMs = 100;
constexpr int kSlices = 100;

bool readable_in_time(int fd) noexcept {
  for (int slice = 0; slice < kSlices; ++slice) {
    pollfd wanted{.fd = fd, .events = POLLIN, .revents = 0};
    if (::poll(&wanted, 1, kSliceMs) > 0) return true;
  }
  return false;
}

std::string why_not_judged(const BufferSize& size) {
  const bool is_used_up = size.limit == HostLimit::pipe_user_pages_soft;
  return fmt::format("not judged: {} is {}{}: {} is {}, by the kernel's default {}", to_string(size.limit),
                     value_of(size.limit).value_or("unknown"), is_used_up ? ", used up by this user's pipes" : "",
                     to_string(size.buffer), size.size, size.wanted);
}

}  // namespace

LimitedObject::LimitedObject(const BufferSize& size) : std::runtime_error(why_not_judged(size)), size_(size) {}

Finding yes_or_no(bool found, bool claimed, std::string evidence) {
  return {.answer = found ? "yes" : "no",
          .evidence = std::move(evidence),
          .agreement = found == claimed ? FactAgreement::agrees : FactAgreement::contradicts};
}

Starter::Starter() : event_(::eventfd(0, EFD_CLOEXEC)) {
  if (!event_) throw_errno("eventfd");
}

void Starter::start() const noexcept { ::eventfd_write(event_.get(), 1); }

void Starter::wait() const {
  eventfd_t count = 0;
  if (!readable_in_time(event_.get())) throw std::runtime_error("the other process didn't come");
  if (::eventfd_read(event_.get(), &count) != 0) throw_errno("read eventfd");
}

ExitStatus end_of(Child& child) {
  if (readable_in_time(child.pidfd())) return child.wait();
  child.kill();
  throw std::runtime_error("a process of the experiment hung");
}

void expect_clean_end(Child& child) {
  const ExitStatus end = end_of(child);
  if (end.clean()) return;
  if (end.signal != 0) throw std::runtime_error("a process of the experiment was " + describe(end));
  throw std::system_error(end.code, std::generic_category(), "in a process of the experiment");
}

void die() noexcept {
  ::kill(::getpid(), SIGKILL);
  leave_child(0);
}

}  // namespace ipcbench
