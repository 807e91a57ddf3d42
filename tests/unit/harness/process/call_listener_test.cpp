#include "harness/process/call_listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/process/child.h"
#include "tests/support/call_counting.h"

namespace ipcbench {
namespace {

// Runs `body` in a child that submits its calls, and returns their count. nullopt if that is refused.
template <class Body>
std::optional<CallCount> listened(Body body) {
  std::optional<CallListener> listener;
  try {
    listener.emplace(1);
    Child child = Child::spawn("ipcbench-test", [&] {
      submit_calls(listener->children_fd(), 0);
      body();
      return 0;
    });
    pollfd handover{.fd = listener->handover_fd(), .events = POLLIN, .revents = 0};
    if (::poll(&handover, 1, kCountingWatchdogMs) != 1) {
      ADD_FAILURE() << "nothing is handed over";
      return std::nullopt;
    }
    listener->accept();
    serve_until_end(*listener, child);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
  return listener->count(0);
}

TEST(CallListener, CountsWhatStandsBetweenTheMarks) {
  const auto count = listened([] {
    ::getppid();
    mark_calls();
    for (int i = 0; i < 7; ++i) ::getppid();
    mark_calls();
    ::getppid();
  });
  if (!count) GTEST_SKIP() << "seccomp notification is refused";
  EXPECT_EQ(count->done, 7u);
}

TEST(CallListener, CountsFailedCallsWithTheOthers) {
  const auto count = listened([] {
    const UniqueFd empty(::eventfd(0, EFD_NONBLOCK));
    eventfd_t value = 0;
    mark_calls();
    for (int i = 0; i < 3; ++i) ::eventfd_read(empty.get(), &value);
    ::eventfd_write(empty.get(), 1);
    mark_calls();
  });
  if (!count) GTEST_SKIP() << "seccomp notification is refused";
  EXPECT_EQ(count->done, 4u);
  EXPECT_FALSE(count->retried.has_value()) << "a listener doesn't see what a call returns";
}

// Each call keeps its own arguments and results.
TEST(CallListener, ChangesNoCall) {
  const auto count = listened([] {
    const UniqueFd event(::eventfd(0, 0));
    mark_calls();
    eventfd_t value = 0;
    for (eventfd_t i = 1; i <= 5; ++i) {
      if (::eventfd_write(event.get(), i) != 0 || ::eventfd_read(event.get(), &value) != 0 || value != i) ::_exit(1);
    }
    mark_calls();
  });
  if (!count) GTEST_SKIP() << "seccomp notification is refused";
  EXPECT_EQ(count->done, 10u);
}

TEST(CallListener, SaysWhyAChildCannotSubmit) {
  std::optional<CallListener> listener;
  try {
    listener.emplace(1);
  } catch (const std::system_error&) {
    GTEST_SKIP() << "seccomp notification is refused";
  }
  // The kernel refuses a second listener on the same process.
  Child child = Child::spawn("ipcbench-test", [&] {
    submit_calls(listener->children_fd(), 0);
    submit_calls(listener->children_fd(), 0);
    return 0;
  });
  listener->accept();
  pollfd handover{.fd = listener->handover_fd(), .events = POLLIN, .revents = 0};
  while (::poll(&handover, 1, 0) == 0) {
    pollfd calls{.fd = listener->fd(), .events = POLLIN, .revents = 0};
    ASSERT_EQ(::poll(&calls, 1, kCountingWatchdogMs), 1) << "the child hangs";
    listener->handle_calls();
  }
  EXPECT_THROW(listener->accept(), std::system_error);
}

}  // namespace
}  // namespace ipcbench
