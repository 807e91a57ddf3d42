// Checks D-Bus without a daemon, with a session bus that doesn't exist, and with nobody left to answer.

#include <pwd.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <new>
#include <string>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/launch/control_block.h"
#include "harness/launch/launch_request.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/sdk/registry.h"
#include "tests/integration/cli.h"
#include "tests/integration/places.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Says why D-Bus can't run here; "" if it can.
std::string why_not() {
  const RegisteredTransport* entry = find_registered("dbus");
  if (entry->transport == nullptr) return std::string(entry->missing_reason);
  const Availability here = entry->transport->probe();
  const auto* unavailable = std::get_if<Unavailable>(&here);
  return unavailable == nullptr ? "" : unavailable->reason;
}

TEST(Dbus, IsInTheListWhetherItWasBuiltOrNot) {
  for (const char* name : {"dbus", "dbus-peer"}) {
    const RegisteredTransport* entry = find_registered(name);
    ASSERT_NE(entry, nullptr) << name;
    EXPECT_EQ(entry->transport == nullptr, !entry->missing_reason.empty()) << name;
  }
}

class DbusProgram : public Cli {
 protected:
  void SetUp() override {
    if (find_transport("dbus") == nullptr) GTEST_SKIP() << why_not();
  }
};

TEST_F(DbusProgram, SkipsItWhereThereIsNoDaemonAndNamesThePackage) {
  const Outcome plan = shell("PATH=\"$PWD\" \"$ipcbench\" plan --transport dbus,dbus-peer");
  EXPECT_EQ(plan.code, 0) << plan.err;
  EXPECT_THAT(plan.out,
              AllOf(HasSubstr("ping-pong/dbus/block/64/same-cpu"), HasSubstr("install the package dbus-daemon")));
  EXPECT_THAT(plan.out, Not(HasSubstr("ping-pong/dbus-peer/block/64/same-cpu  dbus-daemon")));

  const Outcome peer = shell(
      "PATH=\"$PWD\" \"$ipcbench\" measure-launch --case ping-pong/dbus-peer/block/64/unpinned --messages 10 --seed 1 "
      "--abi 1");
  EXPECT_THAT(peer.out, HasSubstr("\"status\": \"ok\"")) << peer.err;
}

TEST_F(DbusProgram, NeedsNoSessionBusAndAddsNothingToStderr) {
  if (!why_not().empty()) GTEST_SKIP() << why_not();
  for (const char* address :
       {"env -u DBUS_SESSION_BUS_ADDRESS", "env DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent"}) {
    const Outcome launch = shell(std::string(address) +
                                 " \"$ipcbench\" measure-launch --case ping-pong/dbus/block/64/unpinned --messages 10"
                                 " --seed 1 --abi 1");
    EXPECT_THAT(launch.out, HasSubstr("\"status\": \"ok\""));
    EXPECT_EQ(launch.err, "");
  }
}

TEST(Dbus, AUserWithoutAnEntryIsTurnedAwayBeforehand) {
  if (find_transport("dbus") == nullptr) GTEST_SKIP() << why_not();
  if (::geteuid() != 0 || ::getpwuid(kNormalUser) != nullptr) GTEST_SKIP() << "can't become a user without an entry";
  if (const std::string reason = why_not(); !reason.empty()) GTEST_SKIP() << reason;
  Child child = Child::spawn("ipcbench-test", [] {
    if (::setresuid(kNormalUser, kNormalUser, kNormalUser) != 0) return 2;
    return why_not().find("without an entry in /etc/passwd") != std::string::npos ? 0 : 1;
  });
  EXPECT_TRUE(child.wait().clean());
}

// The bus itself reports a peer that has gone.
TEST(Dbus, ACallerIsToldThatNobodyWillAnswer) {
  if (!why_not().empty()) GTEST_SKIP() << why_not();
  const TemporaryFolder folder;
  ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
  RunDir run = RunDir::create();
  const Mapping memory = Mapping::shared_anonymous(sizeof(ControlBlock));
  auto& block = *new (memory.data()) ControlBlock;
  RunLog& log = block.log;
  const Rendezvous rendezvous(block.rendezvous);
  const OptionValues options{{"broker", "free"}, {"signals", "broadcast"}};
  const Transport& dbus = *find_transport("dbus");
  const std::unique_ptr<Session> session = dbus.create({.run_dir = run, .message_size = 64, .options = options});
  WorkerTickets tickets = tickets_of(*session);
  const auto start = [&](Role role) {
    return Child::spawn("ipcbench-test", [&, role] {
      const SeatConfig config{.seat = {.role = role}, .message_size = 64, .options = options, .rendezvous = rendezvous};
      const std::unique_ptr<Endpoint> endpoint = dbus.join(take_own(tickets, role), config);
      rendezvous.publish(config.seat, "joined");
      rendezvous.await(peer_of(config.seat));
      endpoint->run(role, {.scenario = Scenario::ping_pong, .message_size = 64, .block_ops = std::uint64_t{1} << 50},
                    log);
      return 0;
    });
  };
  Child producer = start(Role::producer), consumer = start(Role::consumer);
  std::uint64_t& progress = log.side(Role::producer).progress;
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 1'000'000};
  while (std::atomic_ref(progress).load() == 0 && !producer.poll()) ::nanosleep(&kNap, nullptr);
  consumer.kill();
  EXPECT_TRUE(producer.wait().clean());
  EXPECT_EQ(log.side(Role::producer).failure, Failure::peer_closed);
}

}  // namespace
}  // namespace ipcbench
