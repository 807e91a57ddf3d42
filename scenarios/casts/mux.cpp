#include "scenarios/casts/mux.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
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

bool is_watched(const Channel& channel) { return channel.ops->watched != nullptr; }
bool is_seen(const Channel& channel) { return channel.ops->has_message != nullptr; }
bool has_word(const Channel& channel) {
  return channel.ops->sleep_word != nullptr && channel.ops->sleep_word(channel.self) != nullptr;
}

std::uint32_t& flag_of(const Channel& channel) noexcept { return channel.ops->sleep_word(channel.self)->waits; }

int descriptor_of(const Channel& channel) noexcept { return channel.ops->watched(channel.self); }

bool is_readable(int descriptor) noexcept {
  pollfd one{.fd = descriptor, .events = POLLIN, .revents = 0};
  return ::poll(&one, 1, 0) > 0;
}

// Returns whether all channels can be waited for by the call.
bool suits(std::span<const Channel> channels, MuxCall call) {
  switch (call) {
    case MuxCall::epoll:
    case MuxCall::poll:
      return std::ranges::all_of(channels, is_watched);
    case MuxCall::futex_waitv:
      return channels.size() <= kMostWaitWords && std::ranges::all_of(channels, has_word);
    case MuxCall::spin:
      return std::ranges::all_of(channels, [](const Channel& c) { return is_seen(c) || is_watched(c); });
  }
  return false;
}

MuxCall usual_call(std::span<const Channel> channels) {
  for (const MuxCall call : {MuxCall::epoll, MuxCall::futex_waitv, MuxCall::spin}) {
    if (suits(channels, call)) return call;
  }
  throw std::logic_error("a seat can't wait for several channels of this kind");
}

}  // namespace

Mux::Mux(std::span<const Channel> channels, std::optional<MuxCall> call) : channels_(channels), call_(call) {
  if (!call_ && channels.size() <= 1) return;
  if (!call_) call_ = usual_call(channels);
  if (!suits(channels, *call_)) throw std::logic_error("a seat can't wait for channels of this kind in that way");
  if (*call_ == MuxCall::epoll || *call_ == MuxCall::poll) watch();
  if (*call_ == MuxCall::futex_waitv) note_words();
}

void Mux::note_words() {
  for (const Channel& channel : channels_) {
    const auto address = reinterpret_cast<std::uintptr_t>(&flag_of(channel));
    words_.push_back({.val = 1, .uaddr = address, .flags = FUTEX_32, .__reserved = 0});
  }
}

void Mux::watch() {
  if (std::ranges::any_of(channels_, [](const Channel& c) { return c.ops->may_lose; })) longest_ms_ = kQuietMs;
  if (call_ == MuxCall::poll) {
    for (const Channel& channel : channels_)
      polled_.push_back({.fd = descriptor_of(channel), .events = POLLIN, .revents = 0});
    return;
  }
  epoll_.reset(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_) throw_errno("epoll_create1");
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    epoll_event event{.events = EPOLLIN, .data = {.u64 = i}};
    if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, descriptor_of(channels_[i]), &event) != 0) throw_errno("epoll_ctl");
  }
  events_.resize(std::min(channels_.size(), kMostEvents));
}

std::size_t Mux::wait() noexcept {
  if (!call_) return 0;
  switch (*call_) {
    case MuxCall::epoll:
      return wait_in_epoll();
    case MuxCall::poll:
      return wait_in_poll();
    case MuxCall::futex_waitv:
      return sleep_on_words();
    case MuxCall::spin:
      break;
  }
  return look_until_found();
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

// A report is handed out channel by channel before poll is called again.
std::size_t Mux::wait_in_poll() noexcept {
  if (reported_ == 0) {
    int n = 0;
    do {
      n = ::poll(polled_.data(), polled_.size(), longest_ms_);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) return n < 0 ? failed() : silent();
    reported_ = static_cast<std::size_t>(n);
    next_ = 0;
  }
  while (polled_[next_].revents == 0) ++next_;
  --reported_;
  return next_++;
}

std::size_t Mux::look() noexcept {
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    const std::size_t at = next_ + i < channels_.size() ? next_ + i : next_ + i - channels_.size();
    const Channel& channel = channels_[at];
    if (!(is_seen(channel) ? channel.ops->has_message(channel.self) : is_readable(descriptor_of(channel)))) continue;
    next_ = at + 1 == channels_.size() ? 0 : at + 1;
    return at;
  }
  return failed();
}

std::size_t Mux::look_until_found() noexcept {
  for (;;) {
    if (const std::size_t found = look(); found != failed()) return found;
    cpu_relax();
  }
}

// The same pattern as wait_until() of wait_policy.h, with as many words: set the flags, look again, then sleep.
std::size_t Mux::sleep_on_words() noexcept {
  for (;;) {
    if (const std::size_t found = look(); found != failed()) return found;
    for (const Channel& channel : channels_) {
      channel.ops->before_sleep(channel.self);
      std::atomic_ref(flag_of(channel)).store(1, std::memory_order_seq_cst);
    }
    const std::size_t found = look();
    bool is_refused = false;
    if (found == failed()) {
      const long woken = ::syscall(SYS_futex_waitv, words_.data(), words_.size(), 0, nullptr, CLOCK_MONOTONIC);
      is_refused = woken < 0 && errno != EAGAIN && errno != EINTR;
    }
    for (const Channel& channel : channels_) std::atomic_ref(flag_of(channel)).store(0, std::memory_order_relaxed);
    if (found != failed() || is_refused) return found;
  }
}

}  // namespace ipcbench
