#include "harness/plugin/host_message.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/base/sanitizers.h"

namespace ipcbench {
namespace {

class HostMessages : public ::testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), 0);
    near_ = UniqueFd(ends[0]);
    far_ = UniqueFd(ends[1]);
  }

  void send_with_descriptors(std::size_t count) {
    HostMessage message{.line = "{}"};
    for (std::size_t i = 0; i < count; ++i) message.descriptors.emplace_back(::fcntl(near_.get(), F_DUPFD_CLOEXEC, 0));
    send_message(near_.get(), message);
  }

  UniqueFd near_, far_;
};

TEST_F(HostMessages, BringAsManyDescriptorsAsATicketMayHave) {
  send_with_descriptors(kMostHostDescriptors);
  const auto message = receive_message(far_.get());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->line, "{}");
  EXPECT_EQ(message->descriptors.size(), kMostHostDescriptors);
  for (const UniqueFd& descriptor : message->descriptors) EXPECT_EQ(::fcntl(descriptor.get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(HostMessages, SayThatTheirDescriptorsFoundNoRoom) {
  if (kSanitized) GTEST_SKIP() << "a sanitizer looks at memory through a pipe, and there is no descriptor left";
  send_with_descriptors(2);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const UniqueFd next(::fcntl(near_.get(), F_DUPFD_CLOEXEC, 0));
  const rlimit full{.rlim_cur = static_cast<rlim_t>(next.get() + 1), .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &full), 0);
  int error = 0;
  try {
    receive_message(far_.get());
  } catch (const std::system_error& thrown) {
    error = thrown.code().value();
  }
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(error, EMFILE);
}

}  // namespace
}  // namespace ipcbench
