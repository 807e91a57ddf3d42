#include "harness/ipc/buffer_size.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <limits>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/page_size.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/descriptors/socket_buffer.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

constexpr auto kForward = BufferDirection::forward;

TEST(BufferSize, LessThanWasAskedForIsClampedAndMoreIsRaised) {
  const auto size_of = [](std::uint64_t size) {
    return size_of_asked(Buffer::socket_send, kForward, size, 1000, HostLimit::wmem_max, HostLimit::least_send_buffer);
  };
  EXPECT_EQ(size_of(1000).effect, LimitEffect::none);
  EXPECT_EQ(size_of(1000).limit, HostLimit::none);
  EXPECT_EQ(size_of(999).effect, LimitEffect::clamped);
  EXPECT_EQ(size_of(999).limit, HostLimit::wmem_max);
  EXPECT_EQ(size_of(999).wanted, 1000u);
  EXPECT_EQ(size_of(1001).effect, LimitEffect::raised);
  EXPECT_EQ(size_of(1001).limit, HostLimit::least_send_buffer);
}

TEST(BufferSize, MoreThanTheKernelsDefaultIsNoLimitsWork) {
  const auto size_of = [](std::uint64_t size) {
    return size_of_default(Buffer::sysv_queue, kForward, size, 16384, HostLimit::msgmnb);
  };
  EXPECT_EQ(size_of(16384).effect, LimitEffect::none);
  EXPECT_EQ(size_of(1 << 20).effect, LimitEffect::none);
  EXPECT_EQ(size_of(100).effect, LimitEffect::smaller);
  EXPECT_EQ(size_of(100).wanted, 16384u);
}

TEST(BufferSize, WhatTheKernelDoesNotTellIsLeftOut) {
  BufferSizes sizes{};
  sizes.add(plain_size(Buffer::pipe, kForward, 0));
  EXPECT_TRUE(sizes.all().empty());
  for (int n = 0; n < 10; ++n) sizes.add(plain_size(Buffer::pipe, kForward, 4096));
  EXPECT_EQ(sizes.all().size(), BufferSizes::kMost);
}

TEST(BufferSize, EveryLimitHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int n = 1; n <= static_cast<int>(HostLimit::mqueue_msg_max); ++n) {
    const auto limit = static_cast<HostLimit>(n);
    EXPECT_TRUE(names.insert(to_string(limit)).second) << to_string(limit);
    // "net.core.wmem_max" is /proc/sys/net/core/wmem_max; kernel constants have no file.
    std::string path(to_string(limit));
    for (char& c : path) c = c == '.' ? '/' : c;
    EXPECT_TRUE(path_of(limit).empty() || path_of(limit) == "/proc/sys/" + path) << path;
  }
}

TEST(PipeBuffer, IsRoundedAsTheKernelDoes) {
  const std::size_t page = page_size();
  const std::array<UniqueFd, 2> pipe = make_pipe();
  for (const std::size_t bytes : {std::size_t{1}, page - 1, page, page + 1, 3 * page, 5 * page, 16 * page}) {
    set_pipe_size(pipe[1].get(), bytes);
    EXPECT_EQ(::fcntl(pipe[0].get(), F_GETPIPE_SZ), static_cast<int>(rounded_pipe_size(bytes))) << bytes;
    const BufferSize size = pipe_buffer(pipe[1].get(), kForward, bytes);
    EXPECT_EQ(size.size, rounded_pipe_size(bytes));
    EXPECT_EQ(size.effect, LimitEffect::none) << bytes;
  }
}

TEST(PipeBuffer, SmallerThanAskedForIsTheBudgetsWork) {
  const std::array<UniqueFd, 2> pipe = make_pipe();
  set_pipe_size(pipe[1].get(), page_size());
  const BufferSize asked = pipe_buffer(pipe[1].get(), kForward, 8 * page_size());
  EXPECT_EQ(asked.effect, LimitEffect::clamped);
  EXPECT_EQ(asked.limit, HostLimit::pipe_user_pages_soft);
  const BufferSize by_default = pipe_buffer(pipe[1].get(), kForward, std::nullopt);
  EXPECT_EQ(by_default.effect, LimitEffect::smaller);
  EXPECT_EQ(by_default.wanted, usual_pipe_size());
}

TEST(PipeBuffer, ARefusalNamesTheLimitItsValueAndTheCommand) {
  EXPECT_EQ(pipe_refusal(std::nullopt), "");
  EXPECT_EQ(pipe_refusal(page_size()), "");
  const std::string most = value_of(HostLimit::pipe_max_size).value_or("");
  if (most.empty()) GTEST_SKIP() << "no /proc/sys/fs/pipe-max-size";
  const std::size_t more = 2 * std::stoul(most);
  EXPECT_EQ(pipe_refusal(more), "/proc/sys/fs/pipe-max-size is " + most + ", the case needs " + std::to_string(more) +
                                    ": sudo sysctl fs.pipe-max-size=" + std::to_string(more));
  EXPECT_THAT(pipe_refusal(std::numeric_limits<std::size_t>::max()), HasSubstr("a pipe has at most 2147483648 bytes"));
}

TEST(SocketBuffer, IsTwiceWhatWasAskedFor) {
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  set_socket_buffer(socket.get(), Buffer::socket_send, 20000);
  const BufferSize size = socket_buffer(socket.get(), SocketKind::local, Buffer::socket_send, kForward, 20000);
  EXPECT_EQ(size.size, 40000u);
  EXPECT_EQ(size.effect, LimitEffect::none);
}

TEST(SocketBuffer, IsClampedByTheHostWithoutAnError) {
  const std::string most = value_of(HostLimit::wmem_max).value_or("");
  if (most.empty()) GTEST_SKIP() << "no /proc/sys/net/core/wmem_max in this network namespace";
  const std::size_t asked = 2 * std::stoul(most);
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  set_socket_buffer(socket.get(), Buffer::socket_send, asked);
  const BufferSize size = socket_buffer(socket.get(), SocketKind::udp, Buffer::socket_send, kForward, asked);
  EXPECT_EQ(size.size, 2 * std::stoul(most));
  EXPECT_EQ(size.effect, LimitEffect::clamped);
  EXPECT_EQ(size.limit, HostLimit::wmem_max);
  EXPECT_EQ(size.wanted, 2 * asked);
}

TEST(SocketBuffer, IsRaisedToTheKernelsLeast) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const Buffer which : {Buffer::socket_send, Buffer::socket_receive}) {
    set_socket_buffer(socket.get(), which, 1);
    const BufferSize size = socket_buffer(socket.get(), SocketKind::udp, which, kForward, 1);
    EXPECT_EQ(size.effect, LimitEffect::raised);
    EXPECT_GT(size.size, 2u);
  }
}

TEST(SocketBuffer, OfALocalReceiverIsNoLimitsWork) {
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  for (const std::size_t asked : {std::size_t{1}, std::size_t{1} << 30}) {
    set_socket_buffer(socket.get(), Buffer::socket_receive, asked);
    const auto size_with = [&](std::optional<std::size_t> demand) {
      return socket_buffer(socket.get(), SocketKind::local, Buffer::socket_receive, kForward, demand);
    };
    EXPECT_EQ(size_with(asked).effect, LimitEffect::none);
    EXPECT_EQ(size_with(std::nullopt).effect, LimitEffect::none);
  }
}

TEST(SocketBuffer, UnderTheKernelsDefaultIsTheHostsWork) {
  const UniqueFd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  for (const auto& [which, limit] : {std::pair(Buffer::socket_send, HostLimit::wmem_default),
                                     std::pair(Buffer::socket_receive, HostLimit::rmem_default)}) {
    set_socket_buffer(socket.get(), which, 10000);  // as if it were the host's default
    const BufferSize size = socket_buffer(socket.get(), SocketKind::udp, which, kForward, std::nullopt);
    EXPECT_EQ(size.effect, LimitEffect::smaller);
    EXPECT_EQ(size.limit, limit);
    EXPECT_EQ(size.wanted, 212992u);
  }
}

TEST(SocketBuffer, NoMoreThanAnIntCanBeAskedFor) {
  EXPECT_EQ(socket_buffer_refusal(Buffer::socket_send, 2147483647), "");
  EXPECT_THAT(socket_buffer_refusal(Buffer::socket_send, 2147483648), HasSubstr("SO_SNDBUF is an int"));
}

}  // namespace
}  // namespace ipcbench
