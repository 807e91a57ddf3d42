// Checks the buffers that the kernel gives a channel: what was asked for, what took effect and is stored, and what
// limits of the host change. The tests use their own processes and namespaces.

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/io.h"
#include "harness/cgroup/memory_group.h"
#include "harness/descriptors/pipe_buffer.h"
#include "harness/descriptors/socket_buffer.h"
#include "harness/ipc/posix_mq.h"
#include "harness/ipc/sysv_queue.h"
#include "harness/plan/refusal.h"
#include "harness/sdk/registry.h"
#include "results/model/limits.h"
#include "tests/support/short_launch.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_workers.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

std::vector<std::string> texts(const LaunchRecord& record) {
  std::vector<std::string> all;
  for (const BufferRecord& buffer : record.buffers) {
    all.push_back(fmt::format("{} {} {}", buffer.name, buffer.direction, buffer.size));
  }
  return all;
}

class BufferSizesOf : public testing::Test {
 protected:
  BufferSizesOf() { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }

  // Returns the same sizes for both directions.
  static std::vector<std::string> both_ways(std::initializer_list<std::pair<std::string, std::uint64_t>> sizes) {
    std::vector<std::string> all;
    for (const auto& [name, size] : sizes) {
      for (const char* direction : {"forward", "backward"}) {
        all.push_back(fmt::format("{} {} {}", name, direction, size));
      }
    }
    return all;
  }
  static std::uint64_t fresh(int family, int type, Buffer which) {
    const UniqueFd fd(::socket(family, type | SOCK_CLOEXEC, 0));
    return socket_buffer_size(fd.get(), which);
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(BufferSizesOf, ALaunchAreThoseOfNewObjects) {
  const std::uint64_t pipe = static_cast<std::uint64_t>(::fcntl(make_pipe()[1].get(), F_GETPIPE_SZ));
  for (const char* transport : {"pipe", "fifo"}) {
    EXPECT_THAT(texts(launched(fmt::format("ping-pong/{}/block/64/unpinned", transport))),
                testing::UnorderedElementsAreArray(both_ways({{"F_GETPIPE_SZ", pipe}})))
        << transport;
  }
  const auto sends = [](int family, int type) { return fresh(family, type, Buffer::socket_send); };
  const auto receives = [](int family, int type) { return fresh(family, type, Buffer::socket_receive); };
  for (const char* transport : {"socketpair", "unix-stream", "unix-seqpacket", "dbus-peer"}) {
    if (find_transport(transport) == nullptr) continue;
    EXPECT_THAT(texts(launched(fmt::format("ping-pong/{}/block/64/unpinned", transport))),
                testing::UnorderedElementsAreArray(both_ways(
                    {{"SO_SNDBUF", sends(AF_UNIX, SOCK_STREAM)}, {"SO_RCVBUF", receives(AF_UNIX, SOCK_STREAM)}})))
        << transport;
  }
  EXPECT_THAT(texts(launched("ping-pong/unix-dgram/block/64/unpinned")),
              testing::UnorderedElementsAreArray(both_ways(
                  {{"SO_SNDBUF", sends(AF_UNIX, SOCK_DGRAM)}, {"SO_RCVBUF", receives(AF_UNIX, SOCK_DGRAM)}})));
  EXPECT_THAT(texts(launched("ping-pong/udp/block/64/unpinned")),
              testing::UnorderedElementsAreArray(both_ways(
                  {{"SO_SNDBUF", sends(AF_INET, SOCK_DGRAM)}, {"SO_RCVBUF", receives(AF_INET, SOCK_DGRAM)}})));
}

TEST_F(BufferSizesOf, ALaunchOfQueuesAreTheirLimits) {
  const auto limits = sysv_queue_limits();
  if (!limits) GTEST_SKIP() << "no System V message queues";
  EXPECT_THAT(texts(launched("ping-pong/sysv-mq/block/64/unpinned")),
              ElementsAre(fmt::format("msg_qbytes both {}", limits->msgmnb)));
  EXPECT_THAT(texts(launched("ping-pong/sysv-mq/block/64/unpinned/queues=2")),
              UnorderedElementsAre(fmt::format("msg_qbytes forward {}", limits->msgmnb),
                                   fmt::format("msg_qbytes backward {}", limits->msgmnb)));
  EXPECT_THAT(
      texts(launched("ping-pong/posix-mq/block/64/unpinned")),
      testing::UnorderedElementsAreArray(both_ways({{"mq_maxmsg", posix_mq_limits().depth}, {"mq_msgsize", 64}})));
}

TEST_F(BufferSizesOf, ALaunchOfWhatKeepsItsOwnAreItsCapacity) {
  EXPECT_THAT(texts(launched("ping-pong/mmap-anon/block/64/unpinned")),
              testing::UnorderedElementsAreArray(both_ways({{"ring", 65536}})));
  EXPECT_THAT(texts(launched("ping-pong/file/block/64/unpinned/capacity=65536")),
              testing::UnorderedElementsAreArray(both_ways({{"file", 65536}})));
  EXPECT_THAT(texts(launched("ping-pong/eventfd/block/0/unpinned")), IsEmpty());
}

TEST_F(BufferSizesOf, AStreamOverTcpAreThoseOfBothEnds) {
  const LaunchRecord record = launched("ping-pong/tcp/block/64/unpinned");
  std::map<std::string, int> names;
  for (const BufferRecord& buffer : record.buffers) {
    ++names[buffer.name];
    EXPECT_GT(buffer.size, 0u);
  }
  EXPECT_EQ(names, (std::map<std::string, int>{{"SO_RCVBUF", 2}, {"SO_SNDBUF", 2}}));
  EXPECT_THAT(record.limits_met, IsEmpty()) << limits_text(record.limits_met);
}

TEST_F(BufferSizesOf, AnOptionAreWhatItAsksFor) {
  for (const char* transport : {"pipe", "fifo"}) {
    for (const std::size_t bytes : {std::size_t{4096}, std::size_t{5000}, std::size_t{1} << 20}) {
      const LaunchRecord record = launched(fmt::format("ping-pong/{}/block/64/unpinned/capacity={}", transport, bytes));
      EXPECT_EQ(record.status, Status::ok) << record.reason;
      EXPECT_THAT(texts(record),
                  testing::UnorderedElementsAreArray(both_ways({{"F_GETPIPE_SZ", rounded_pipe_size(bytes)}})));
      EXPECT_THAT(record.limits_met, IsEmpty());
    }
  }
  for (const char* transport : {"socketpair", "unix-stream", "unix-seqpacket", "unix-dgram", "tcp", "udp"}) {
    const LaunchRecord record =
        launched(fmt::format("ping-pong/{}/block/64/unpinned/rcvbuf=20000/sndbuf=30000", transport));
    EXPECT_EQ(record.status, Status::ok) << record.reason;
    for (const std::string& size : both_ways({{"SO_SNDBUF", 60000}, {"SO_RCVBUF", 40000}})) {
      EXPECT_THAT(texts(record), Contains(size)) << transport;
    }
    EXPECT_THAT(record.limits_met, IsEmpty()) << transport;
  }
  EXPECT_THAT(texts(launched("ping-pong/sysv-mq/block/64/unpinned/depth=3")), ElementsAre("msg_qbytes both 192"));
  EXPECT_THAT(texts(launched("ping-pong/posix-mq/block/64/unpinned/depth=3")), Contains("mq_maxmsg forward 3"));
}

TEST_F(BufferSizesOf, ASetUpAreThoseOfAChannelMadeBeforehand) {
  for (const auto& [id, size] :
       {std::pair("setup/pipe/block/64/unpinned/capacity=8192", "F_GETPIPE_SZ forward 8192"),
        std::pair("setup/unix-stream/block/64/unpinned/sndbuf=10000", "SO_SNDBUF forward 20000"),
        std::pair("setup/tcp/block/64/unpinned/rcvbuf=10000", "SO_RCVBUF backward 20000")}) {
    const LaunchRecord record = launched(id);
    EXPECT_EQ(record.status, Status::ok) << record.reason;
    EXPECT_THAT(texts(record), Contains(size));
  }
}

// Returns the window scale that this process's only connection offers, or -1. The peer may have ended by now.
int offered_window_scale() {
  for (int fd = 3; fd < 64; ++fd) {
    tcp_info info{};
    socklen_t length = sizeof info;
    if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) continue;
    if (info.tcpi_state == TCP_ESTABLISHED || info.tcpi_state == TCP_CLOSE_WAIT) return info.tcpi_rcv_wscale;
  }
  return -1;
}

// The first segments fix the scale: a buffer set later doesn't change it.
TEST_F(BufferSizesOf, ATcpConnectionAreAskedForBeforeItsWindowIsFixed) {
  for (const auto& [option, is_scaled] : {std::pair("/rcvbuf=16384", false), std::pair("", true)}) {
    const CaseSpec spec = parse_case(fmt::format("streaming/tcp/block/64/unpinned{}", option));
    RunDir run = RunDir::create();
    const Transport& tcp = *find_transport("tcp");
    const std::unique_ptr<Session> session =
        tcp.create({.run_dir = run, .message_size = 64, .options = option_values(spec, tcp.info())});
    WorkerTickets tickets = tickets_of(*session);
    Rendezvous::PairCells cells{};
    const auto side = [&](Role role) {
      return Child::spawn("ipcbench-test", [&, role, scaled = is_scaled] {
        const std::unique_ptr<Endpoint> endpoint =
            tcp.join(take_own(tickets, role), {.seat = {.role = role},
                                               .message_size = 64,
                                               .options = option_values(spec, tcp.info()),
                                               .rendezvous = Rendezvous(cells)});
        return (offered_window_scale() > 0) == scaled ? 0 : 1;
      });
    };
    std::array<Child, 2> sides{side(Role::producer), side(Role::consumer)};
    for (Child& one : sides) EXPECT_TRUE(one.wait().clean()) << option;
  }
}

TEST_F(BufferSizesOf, MoreThanTheHostGivesAreMeasuredAndMarked) {
  const std::string most = value_of(HostLimit::wmem_max).value_or("");
  if (most.empty()) GTEST_SKIP() << "no /proc/sys/net/core/wmem_max in this network namespace";
  const std::size_t asked = 2 * std::stoul(most);
  for (const char* transport : {"socketpair", "unix-stream", "unix-dgram", "tcp", "udp"}) {
    const LaunchRecord record = launched(fmt::format("ping-pong/{}/block/64/unpinned/sndbuf={}", transport, asked));
    EXPECT_EQ(record.status, Status::ok) << record.reason;
    const LimitRecord clamped{.limit = "net.core.wmem_max",
                              .value = most,
                              .effect = "clamped",
                              .buffer = "SO_SNDBUF",
                              .wanted = 2 * asked,
                              .got = 2 * std::stoul(most)};
    EXPECT_THAT(record.limits_met, ElementsAre(clamped)) << transport << limits_text(record.limits_met);
  }
  const LaunchRecord raised = launched("ping-pong/udp/block/64/unpinned/rcvbuf=1");
  ASSERT_EQ(raised.limits_met.size(), 1u);
  EXPECT_EQ(raised.limits_met[0].limit, "SOCK_MIN_RCVBUF");
  EXPECT_EQ(raised.limits_met[0].effect, "raised");
}

std::string refusal_of(const std::string& id) {
  const CaseSpec spec = parse_case(id);
  const Transport& transport = *find_transport(spec.transport);
  return refusal(spec, transport, transport.probe(), Topology::of_this_machine(), memory_limits());
}

TEST_F(BufferSizesOf, WhatTheKernelWouldRefuseIsRefusedBeforehandWithTheCommand) {
  const std::string pipe = value_of(HostLimit::pipe_max_size).value();
  const std::size_t more = 2 * std::stoul(pipe);
  for (const char* transport : {"pipe", "fifo"}) {
    EXPECT_EQ(refusal_of(fmt::format("ping-pong/{}/block/64/unpinned/capacity={}", transport, more)),
              fmt::format("/proc/sys/fs/pipe-max-size is {}, the case needs {}: sudo sysctl fs.pipe-max-size={}", pipe,
                          more, more));
  }
  EXPECT_EQ(refusal_of("ping-pong/pipe/block/64/unpinned/capacity=4096"), "");
  EXPECT_THAT(refusal_of("ping-pong/tcp/block/64/unpinned/rcvbuf=4294967296"), HasSubstr("SO_RCVBUF is an int"));
  const PosixMqLimits posix = posix_mq_limits();
  EXPECT_EQ(refusal_of(fmt::format("ping-pong/posix-mq/block/1/unpinned/depth={}", posix.depth_max + 1)),
            fmt::format("/proc/sys/fs/mqueue/msg_max is {}, the case needs {}: sudo sysctl fs.mqueue.msg_max={}",
                        posix.depth_max, posix.depth_max + 1, posix.depth_max + 1));
  const auto sysv = sysv_queue_limits();
  if (!sysv) return;
  EXPECT_EQ(refusal_of(fmt::format("ping-pong/sysv-mq/block/64/unpinned/depth={}", sysv->msgmnb / 64)), "");
  EXPECT_THAT(refusal_of(fmt::format("ping-pong/sysv-mq/block/64/unpinned/depth={}", sysv->msgmnb / 64 + 1)),
              StartsWith(fmt::format("/proc/sys/kernel/msgmnb is {}, a queue for {} messages of 64 bytes needs ",
                                     sysv->msgmnb, sysv->msgmnb / 64 + 1)));
}

// Holds for any user: an administrator could have had it.
TEST_F(BufferSizesOf, ASessionThatIsRefusedSaysSoItself) {
  RunDir run = RunDir::create();
  for (const auto& [transport, option, value, part] :
       {std::tuple("pipe", "capacity", "1073741824", "/proc/sys/fs/pipe-max-size"),
        std::tuple("posix-mq", "depth", "60000", "/proc/sys/fs/mqueue/msg_max"),
        std::tuple("sysv-mq", "depth", "1000000", "/proc/sys/kernel/msgmnb")}) {
    const Transport& found = *find_transport(transport);
    OptionValues options{{option, value}};
    for (const OptionInfo& known : found.info().options) options.emplace(known.name, known.default_value);
    try {
      found.create({.run_dir = run, .message_size = 64, .options = options}).reset();
      ADD_FAILURE() << transport << " was made";
    } catch (const std::system_error& error) {
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }
}

TEST_F(BufferSizesOf, ASendBufferSetTheLargestMessageThatGoesThroughInOnePiece) {
  for (const char* transport : {"unix-dgram", "unix-seqpacket"}) {
    const auto id = [&](std::size_t size, const char* option) {
      return fmt::format("ping-pong/{}/block/{}/unpinned{}", transport, size, option);
    };
    EXPECT_EQ(refusal_of(id(32768 - 32, "/sndbuf=16384")), "");
    EXPECT_THAT(refusal_of(id(32768 - 31, "/sndbuf=16384")),
                StartsWith("SO_SNDBUF with sndbuf=16384 is 32768, which holds 32736 bytes, the case needs 32737"));
    EXPECT_THAT(refusal_of(id(400'000, "")), HasSubstr("/proc/sys/net/core/wmem_default is "));
    EXPECT_EQ(refusal_of(id(400'000, "/sndbuf=262144")), "");
    EXPECT_EQ(launched(id(400'000, "/sndbuf=262144")).status, Status::ok);
  }
}

// Runs in a memory group that another process keeps at its limit.
TEST_F(BufferSizesOf, ALaunchBesideAHogAreWholeAndItsMemoryLimitIsNamed) {
  const MemoryGroupPlace place = find_memory_group_place();
  if (place.version == 0) GTEST_SKIP() << place.reason;
  const std::string group = fmt::format("{}/ipcbench-hog-{}", place.folder, ::getpid());
  ASSERT_EQ(::mkdir(group.c_str(), 0755), 0);
  const auto put = [&](const std::string& file, const std::string& text) {
    const UniqueFd fd(::open((group + file).c_str(), O_WRONLY | O_CLOEXEC));
    return ::write(fd.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
  };
  constexpr std::size_t kLimit = 48 << 20;
  const std::string name = place.version == 2 ? "memory.max" : "memory.limit_in_bytes";
  ASSERT_TRUE(put("/" + name, std::to_string(kLimit)));
  std::string file_name = "/var/tmp/ipcbench-hog-XXXXXX";
  const UniqueFd file(::mkstemp(file_name.data()));
  ASSERT_TRUE(file);
  ::unlink(file_name.c_str());
  ASSERT_EQ(::ftruncate(file.get(), 3 * kLimit), 0);
  Child hog = Child::spawn("ipcbench-hog", [&] {
    if (!put("/cgroup.procs", std::to_string(::getpid()))) return 2;
    std::vector<char> page(1 << 16);
    for (off_t at = 0;; at = (at + 65536) % static_cast<off_t>(3 * kLimit)) {
      if (::pread(file.get(), page.data(), page.size(), at) < 0) return 3;
    }
  });
  Child child = Child::spawn("ipcbench-test", [&] {
    if (!put("/cgroup.procs", std::to_string(::getpid()))) return 2;
    while (true) {  // until the hog has begun; CTest's time limit is the watchdog
      const LaunchRecord record = launched("ping-pong/eventfd/block/0/unpinned");
      if (record.status != Status::ok) return 4;
      if (record.limits_met.empty()) continue;
      const LimitRecord& limit = record.limits_met.front();
      return limit.limit == name && limit.value == std::to_string(kLimit) && limit.effect == "reclaimed" ? 0 : 1;
    }
  });
  const ExitStatus end = child.wait();
  EXPECT_TRUE(end.clean()) << describe(end);
  hog.kill();
  hog.wait();
  while (::rmdir(group.c_str()) != 0 && errno == EBUSY) ::sched_yield();
  EXPECT_THAT(launched("ping-pong/eventfd/block/0/unpinned").limits_met, IsEmpty()) << "outside of the group";
}

}  // namespace
}  // namespace ipcbench
