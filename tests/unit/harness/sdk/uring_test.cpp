#include "harness/sdk/uring.h"

#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <span>
#include <string>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

#include "harness/descriptors/pipe_buffer.h"
#include "harness/sdk/uring_stream.h"

namespace ipcbench {
namespace {

class UringTest : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string reason = waiting_refusal(WaitStrategy::io_uring); !reason.empty()) GTEST_SKIP() << reason;
  }
};

std::string as_string(Bytes bytes, std::ptrdiff_t size) {
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size)};
}
ConstBytes bytes_of(const std::string& text) { return std::as_bytes(std::span(text)); }

TEST_F(UringTest, MovesBytesInOrderMoreOftenThanTheRingHasPlaces) {
  Uring ring;
  const auto [read_end, write_end] = make_pipe();
  std::array<std::byte, 64> buffer{};
  for (int i = 0; i < 1000; ++i) {
    const std::string sent = std::to_string(i);
    ASSERT_EQ(ring.write(write_end.get(), bytes_of(sent)), static_cast<std::ptrdiff_t>(sent.size()));
    const std::ptrdiff_t got = ring.read(read_end.get(), buffer);
    ASSERT_GT(got, 0);
    ASSERT_EQ(as_string(buffer, got), sent);
  }
}

TEST_F(UringTest, AReadWaitsUntilThereIsSomething) {
  const auto [read_end, write_end] = make_pipe();
  std::thread writer([fd = write_end.get()] { EXPECT_EQ(::write(fd, "late", 4), 4); });
  Uring ring;
  std::array<std::byte, 64> buffer{};
  EXPECT_EQ(ring.read(read_end.get(), buffer), 4);
  writer.join();
}

TEST_F(UringTest, AnErrorIsTheResult) {
  Uring ring;
  std::array<std::byte, 8> buffer{};
  const auto [read_end, write_end] = make_pipe();
  EXPECT_EQ(ring.read(write_end.get(), buffer), -EBADF);
  EXPECT_EQ(ring.read(-1, buffer), -EBADF);
}

std::atomic<int> signals_taken = 0;

// A signal ends the call that waits, not the operation.
TEST_F(UringTest, ASignalLosesNothing) {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) { ++signals_taken; };
  ASSERT_EQ(::sigaction(SIGUSR1, &action, &before), 0);
  const auto [read_end, write_end] = make_pipe();
  const pthread_t reader = ::pthread_self();
  signals_taken = 0;
  std::thread writer([reader, fd = write_end.get()] {
    while (signals_taken < 20) {
      ::pthread_kill(reader, SIGUSR1);
      std::this_thread::yield();
    }
    EXPECT_EQ(::write(fd, "x", 1), 1);
  });
  Uring ring;
  std::array<std::byte, 8> buffer{};
  EXPECT_EQ(ring.read(read_end.get(), buffer), 1);
  writer.join();
  ::sigaction(SIGUSR1, &before, nullptr);
}

TEST_F(UringTest, AStreamSeesThatItsPeerHasClosed) {
  auto [forward_end, writer] = make_pipe();
  auto [reader, backward_end] = make_pipe();
  std::array<std::byte, 8> buffer{};
  UringStream stream(std::move(reader), std::move(writer));
  backward_end.reset();
  EXPECT_EQ(stream.read_some(buffer), 0);
  forward_end.reset();
  struct sigaction ignored {};
  struct sigaction before {};
  ignored.sa_handler = SIG_IGN;
  ASSERT_EQ(::sigaction(SIGPIPE, &ignored, &before), 0);
  EXPECT_EQ(stream.write_some(buffer), 0);
  ::sigaction(SIGPIPE, &before, nullptr);
}

TEST(WaitingRefusal, IsOfIoUringAlone) {
  for (const WaitStrategy wait : {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll, WaitStrategy::hybrid}) {
    EXPECT_EQ(waiting_refusal(wait), "");
  }
}

}  // namespace
}  // namespace ipcbench
