#include "scenarios/casts/mux.h"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <stdexcept>

#include "harness/base/cpu_relax.h"
#include "harness/base/error.h"
#include "harness/sdk/capabilities.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostEvents = 64;
constexpr int kQuietMs = 10;  // as SessionConfig::quiet

bool has_word(const Channel& channel) {
  return channel.ops->sleep_word != nullptr && channel.ops->sleep_word(channel.self) != nullptr;
}

std::uint32_t& flag_of(const Channel& channel) noexcept { return channel.ops->sleep_word(channel.self)->waits; }

}  // namespace

Mux::Mux(std::span<const Channel> channels) : channels_(channels) {
  if (channels.size() <= 1) return;
  if (std::ranges::all_of(channels, [](const Channel& c) { return c.ops->watched != nullptr; })) {
    by_ = By::epoll;
    epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
    if (!epoll_) throw_errno("epoll_create1");
    for (std::size_t i = 0; i < channels.size(); ++i) {
      epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
      if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, channels[i].ops->watched(channels[i].self), &event) != 0)
        throw_errno("epoll_ctl");
    }
    events_.resize(std::min(channels.size(), kMostEvents));
    if (std::ranges::any_of(channels, [](const Channel& c) { return c.ops->may_lose; })) longest_ms_ = kQuietMs;
  } else if (std::ranges::all_of(channels, has_word) && channels.size() <= kMostWaitWords) {
    by_ = By::words;
  } else if (std::ranges::all_of(channels, [](const Channel& c) { return c.ops->has_message != nullptr; })) {
    by_ = By::looking;
  } else {
    throw std::logic_error("a seat can't wait for several channels of this kind");
  }
}

std::size_t Mux::wait() noexcept {
  switch (by_) {
    case By::nothing:
      return 0;
    case By::epoll:
      return wait_in_epoll();
    case By::words:
      return sleep_on_words();
    case By::looking:
      break;
  }
  for (;;) {
    if (const std::size_t found = look(); found != failed()) return found;
    cpu_relax();
  }
}

std::size_t Mux::wait_in_epoll() noexcept {
  if (next_event_ == reported_) {
    int n = 0;
    do {
      n = ::epoll_wait(epoll_.get(), events_.data(), static_cast<int>(events_.size()), longest_ms_);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) return n < 0 ? failed() : silent();
    reported_ = static_cast<std::size_t>(n);
    next_event_ = 0;
  }
  return static_cast<std::size_t>(events_[next_event_++].data.u64);
}

std::size_t Mux::look() noexcept {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const std::size_t at = next_ + i < channels_.size() ? next_ + i : next_ + i - channels_.size();
    if (!channels_[at].ops->has_message(channels_[at].self)) continue;
    next_ = at + 1 == channels_.size() ? 0 : at + 1;
    return at;
  }
  return failed();
}

// The same pattern as wait_until() of wait_policy.h, with as many words: set the flags, look again, then sleep.
std::size_t Mux::sleep_on_words() noexcept {
  for (;;) {
    if (const std::size_t found = look(); found != failed()) return found;
    std::array<futex_waitv, kMostWaitWords> waiters{};
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      channels_[i].ops->before_sleep(channels_[i].self);
      std::uint32_t& flag = flag_of(channels_[i]);
      std::atomic_ref(flag).store(1, std::memory_order_seq_cst);
      waiters[i] = {.val = 1, .uaddr = reinterpret_cast<std::uintptr_t>(&flag), .flags = FUTEX_32, .__reserved = 0};
    }
    const std::size_t found = look();
    bool is_refused = false;
    if (found == failed()) {
      const long woken = ::syscall(SYS_futex_waitv, waiters.data(), channels_.size(), 0, nullptr, CLOCK_MONOTONIC);
      is_refused = woken < 0 && errno != EAGAIN && errno != EINTR;
    }
    for (const Channel& channel : channels_) std::atomic_ref(flag_of(channel)).store(0, std::memory_order_relaxed);
    if (found != failed() || is_refused) return found;
  }
}

}  // namespace ipcbench
