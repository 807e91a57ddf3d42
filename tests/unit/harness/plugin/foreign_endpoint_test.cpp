// Plays the foreign worker that opens its side.

#include "harness/plugin/foreign_endpoint.h"

#include <sys/socket.h>

#include <array>
#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

// Returns why no side is opened by a worker that says `line`.
std::string refused(std::string_view line) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return "no socket";
  UniqueFd near(ends[0]);
  const UniqueFd worker(ends[1]);
  if (::send(worker.get(), line.data(), line.size(), 0) < 0) return "nothing sent";
  Rendezvous::PairCells cells{};
  try {
    join_foreign("mine", std::move(near), true, {.seat = {.role = Role::consumer}, .rendezvous = Rendezvous(cells)});
    return "opened";
  } catch (const std::exception& error) {
    return error.what();
  }
}

TEST(ForeignEndpoint, NamesItsWorkerWhateverThatSays) {
  EXPECT_EQ(refused("{\"open\":true}\n"), "opened");
  EXPECT_EQ(refused("{\"publish\":5}\n"), "worker 'mine': it says {\"publish\":5}, where \"publish\" needs a text");
  const std::string long_text(RendezvousCell::kMostText + 1, 'x');
  EXPECT_THAT(refused("{\"publish\":\"" + long_text + "\"}\n"),
              AllOf(StartsWith("worker 'mine': "), HasSubstr("119 bytes at most")));
}

}  // namespace
}  // namespace ipcbench
