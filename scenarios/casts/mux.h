#pragma once

#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/sdk/channel.h"
#include "scenarios/list/cast.h"

namespace ipcbench {

// Mux waits until any of a seat's channels has a message, by a call that it is given or by what the channels are: by
// epoll where all are descriptors, by futex_waitv(2) where all are words in memory, and else by looking at one after
// the other. Unless a call is given, a single channel is waited for by its receive.
class Mux {
 public:
  // The channels must outlive it. Throws std::system_error, and std::logic_error for channels that can't be waited for
  // together in this way.
  explicit Mux(std::span<const Channel> channels, std::optional<MuxCall> call = std::nullopt);

  // Returns the place of a channel that has a message, or whose peer has closed it; `failed()` if it can't wait, with
  // the reason in errno. Channels take turns. `silent()`: the channels may lose messages, and nothing has come for
  // 10 ms, as long as one of them is waited for.
  std::size_t wait() noexcept;
  static constexpr std::size_t failed() noexcept { return SIZE_MAX; }
  static constexpr std::size_t silent() noexcept { return SIZE_MAX - 1; }

 private:
  void watch();
  void note_words();
  std::size_t wait_in_epoll() noexcept;
  std::size_t wait_in_poll() noexcept;
  std::size_t look() noexcept;
  std::size_t look_until_found() noexcept;
  std::size_t sleep_on_words() noexcept;

  std::span<const Channel> channels_;
  std::optional<MuxCall> call_;  // none: a single channel
  UniqueFd epoll_;
  int longest_ms_ = -1;              // that it waits in epoll or poll; -1: for ever
  std::vector<epoll_event> events_;  // that epoll has reported, the first `reported_` of them
  std::size_t reported_ = 0, next_event_ = 0;
  std::vector<pollfd> polled_;        // by channel; `reported_` that poll has reported come from `next_` on
  std::vector<::futex_waitv> words_;  // by channel
  std::size_t next_ = 0;              // the channel that is looked at first
};

}  // namespace ipcbench
