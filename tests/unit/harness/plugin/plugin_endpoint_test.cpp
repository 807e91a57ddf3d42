// Opens sides of the hostile plug-ins in a process of its own, since that loses its standard output.

#include "harness/plugin/plugin_endpoint.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <exception>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "harness/process/child.h"

namespace ipcbench {
namespace {

constexpr int kOpened = 0, kWithoutErrno = 255;

// Returns what became of join(): kOpened, the errno that a launch gets to know, or kWithoutErrno.
int joined(const std::string& name) {
  return Child::spawn("joins",
                      [&] {
                        std::array<int, 2> ends{};
                        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) return errno;
                        Rendezvous::PairCells cells{};
                        const SeatConfig config{
                            .message_size = 64, .options = {{"threads", "worker"}}, .rendezvous = Rendezvous(cells)};
                        try {
                          join_plugin(IPCBENCH_BINARY_DIR "/plugins/" + name + ".so", name,
                                      Ticket{}.with("socket", UniqueFd(ends[0])), config);
                          return kOpened;
                        } catch (const std::system_error& error) {
                          return error.code().value();
                        } catch (const std::exception&) {
                          return kWithoutErrno;
                        }
                      })
      .wait()
      .code;
}

TEST(PluginEndpoint, TellsTheErrnoThatItsJoinHasReturned) {
  EXPECT_EQ(joined("fine"), kOpened);
  EXPECT_EQ(joined("refuses-join"), EACCES);
  EXPECT_EQ(joined("prints-in-join"), kWithoutErrno);
}

TEST(PluginEndpoint, MayHaveHadChildrenThatHaveEnded) { EXPECT_EQ(joined("leaves-zombies"), kOpened); }

}  // namespace
}  // namespace ipcbench
