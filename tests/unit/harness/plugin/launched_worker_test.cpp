#include "harness/plugin/launched_worker.h"

#include <linux/securebits.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/first_readable.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr auto kPatience = 30s;

UniqueFd connected_to(const std::string& path) { return unix_connect(SOCK_STREAM, UnixAddress::at_path(path)); }

std::string all_of(const UniqueFd& socket) {
  std::string text;
  std::array<char, 256> part;
  for (ssize_t n = 0; (n = ::recv(socket.get(), part.data(), part.size(), 0)) > 0;)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

// A container may keep CAP_SETUID from its root.
bool may_be_another_user() {
  return Child::spawn("ipcbench-test", [] { return ::seteuid(65534); }).wait().clean();
}

class LaunchedWorkers : public testing::Test {
 protected:
  // Starts a process in a launcher's place.
  static Child launched(const std::function<void()>& body) {
    return Child::spawn("launched", [&] { return body(), 0; });
  }
  // Starts a worker with these words, and a descriptor to read `given` from as its number 4.
  LaunchedWorker started(std::vector<std::string> words, int cpu = -1, const std::string& given = "") {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
    const UniqueFd in(ends[1]);
    std::vector<UniqueFd> descriptors;
    descriptors.emplace_back(ends[0]);
    if (::write(in.get(), given.data(), given.size()) < 0) throw std::runtime_error("write");
    child_ = launched([&] {
      ::close(in.get());
      become_launched_worker(listener_.path(), words);
    });
    LaunchedWorker worker = listener_.meet(child_, kPatience);
    worker.equip(cpu, std::move(descriptors), kPatience);
    return worker;
  }
  std::string refusal(const Child& launcher, std::chrono::milliseconds patience = kPatience) {
    try {
      listener_.meet(launcher, patience).equip(-1, {}, kPatience);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "none";
  }

  RunDir run_ = RunDir::create();
  WorkerListener listener_{run_};
  Child child_;
};

TEST_F(LaunchedWorkers, HaveTheirDescriptorsFromFourOnAndTheLinesOnThree) {
  const LaunchedWorker worker = started({"sh", "-c", "read word <&4; echo $word $0 >&3", "behind"}, -1, "first\n");
  EXPECT_EQ(worker.pid, child_.pid());
  EXPECT_EQ(all_of(worker.socket), "first behind\n");
  EXPECT_TRUE(child_.wait().clean());
  EXPECT_NE(::access(listener_.path().c_str(), F_OK), 0) << "nobody else can connect";
}

TEST_F(LaunchedWorkers, RunOnTheirCpu) {
  const int cpu = allowed_cpus().back();
  const LaunchedWorker worker = started({"sh", "-c", "grep Cpus_allowed_list /proc/self/status >&3"}, cpu);
  EXPECT_EQ(all_of(worker.socket), "Cpus_allowed_list:\t" + std::to_string(cpu) + "\n");
}

TEST_F(LaunchedWorkers, SayWhatTheyCanNotExecute) {
  const LaunchedWorker worker = started({"/no/program"});
  EXPECT_EQ(all_of(worker.socket), "{\"error\":\"execute /no/program: No such file or directory\"}\n");
}

TEST_F(LaunchedWorkers, MaySpeakAtOnce) {
  const Child launcher = launched([this] {
    const UniqueFd socket = connected_to(listener_.path());
    const std::string lines = "{\"connected\":true}\nnext\n";
    std::array<char, 256> orders;
    ::recv(socket.get(), orders.data(), orders.size(), 0);
    ::send(socket.get(), lines.data(), lines.size(), 0);
  });
  LaunchedWorker worker = listener_.meet(launcher, kPatience);
  worker.equip(-1, {}, kPatience);
  EXPECT_EQ(all_of(worker.socket), "next\n");
}

TEST_F(LaunchedWorkers, SayThatTheyCanNotBePinned) {
  EXPECT_THAT([this] { started({"true"}, 4095); }, testing::ThrowsMessage<std::runtime_error>(HasSubstr("it says: ")));
}

TEST_F(LaunchedWorkers, ThatDoNotComeAreMissed) {
  EXPECT_EQ(refusal(launched([] {})), "its launcher has ended before it connected");
  EXPECT_EQ(refusal(launched([] { ::pause(); }), 20ms), "it hasn't connected in 20 ms");
  const Child stranger = launched([this] {
    const UniqueFd socket = connected_to(listener_.path());
    std::array<char, 256> orders;
    ::recv(socket.get(), orders.data(), orders.size(), 0);
    if (::send(socket.get(), "{}\n", 3, 0) == 3) ::pause();
  });
  EXPECT_EQ(refusal(stranger), "what has connected isn't ipcbench worker --connect");
}

TEST_F(LaunchedWorkers, ThatEndAtOnceAreNotTakenForOthers) {
  const Child launcher = launched([this] { connected_to(listener_.path()); });
  ASSERT_TRUE(first_readable({launcher.pidfd()}, std::nullopt));
  EXPECT_EQ(refusal(launcher), "it has connected and ended");
}

TEST_F(LaunchedWorkers, LeadAGroupThatIsKilledWithThem) {
  const LaunchedWorker worker = started({"sh", "-c", "sleep 999 3<&3 & exec sleep 999"});
  worker.kill();
  EXPECT_EQ(all_of(worker.socket), "") << "all have closed it";
  EXPECT_EQ(child_.wait().signal, SIGKILL);
  worker.kill();  // of one that has been reaped
}

// The process keeps its right to enter the folder, but is another user's when it connects first.
TEST_F(LaunchedWorkers, OfAnotherUserAreTurnedAway) {
  if (!may_be_another_user()) GTEST_SKIP() << "this process may not be another user";
  const Child launcher = launched([this] {
    std::string got = "not tried";
    if (::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) == 0 && ::seteuid(65534) == 0)
      got = all_of(connected_to(listener_.path()));
    if (::seteuid(0) != 0 || !got.empty()) return;
    const UniqueFd again = connected_to(listener_.path());
    ::pause();
  });
  const LaunchedWorker worker = listener_.meet(launcher, kPatience);
  EXPECT_EQ(worker.pid, launcher.pid());
}

TEST_F(LaunchedWorkers, DoNotTrustAnotherUsersSocket) {
  if (!may_be_another_user()) GTEST_SKIP() << "this process may not be another user";
  Child other = Child::spawn("launched", [this] {
    try {
      if (::prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP) == 0 && ::seteuid(65534) == 0)
        become_launched_worker(listener_.path(), {"true"});
    } catch (const std::runtime_error& error) {
      return std::string(error.what()).ends_with("is listened to by user 0, and not by this one") ? 7 : 8;
    }
    return 9;
  });
  EXPECT_EQ(other.wait().code, 7);
}

TEST(LaunchedWorkersOfNoRun, SayWhatIsNotThere) {
  EXPECT_THAT([] { become_launched_worker("/no/socket", {"true"}); },
              testing::ThrowsMessage<std::runtime_error>(HasSubstr("connect /no/socket: No such file")));
}

}  // namespace
}  // namespace ipcbench
