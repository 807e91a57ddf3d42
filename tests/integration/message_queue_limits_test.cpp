// Checks hosts with too little room for message queues: a reason or an error names the limit.

#include <fcntl.h>
#include <sched.h>
#include <sys/msg.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <system_error>
#include <variant>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/ipc/posix_mq.h"
#include "harness/launch/launch_request.h"
#include "harness/process/child.h"
#include "harness/run_dir/manifest.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/registry.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

constexpr int kNotPermitted = 77;

std::unique_ptr<Session> create(std::string_view transport, RunDir& run, std::size_t size, OptionValues options = {}) {
  const Transport& found = *find_transport(transport);
  for (const OptionInfo& option : found.info().options) options.emplace(option.name, option.default_value);
  return found.create({.run_dir = run, .message_size = size, .options = std::move(options)});
}

// Returns the reason that probe() gives; "" if the transport is available without a limit.
std::string reason_of(std::string_view transport, std::optional<Why> why = {}) {
  const Availability availability = find_transport(transport)->probe();
  if (const auto* available = std::get_if<Available>(&availability)) return available->limit;
  const auto& unavailable = std::get<Unavailable>(availability);
  return !why || unavailable.why == *why ? unavailable.reason : fmt::format("{}?", to_string(unavailable.why));
}

// Returns the error of the first session that can't be made; "" if a hundred can.
std::string refusal_of_many(std::string_view transport) {
  RunDir run = RunDir::create();
  std::vector<std::unique_ptr<Session>> sessions;
  try {
    while (sessions.size() < 100) sessions.push_back(create(transport, run, 64));
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "";
}

bool write_text(const char* path, const std::string& text) {
  std::ofstream file(path);
  file << text << std::flush;
  return file.good();
}

// Enters an IPC namespace without any System V and POSIX queues, with the right to set its limits.
bool own_ipc_namespace() {
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWIPC) != 0) return false;
  return write_text("/proc/self/setgroups", "deny") && write_text("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
         write_text("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

class MessageQueueLimits : public testing::Test {
 protected:
  MessageQueueLimits() { ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1); }

  // Runs `body` in a separate process, whose limits the test may lower.
  static void run_apart(const std::function<int()>& body) {
    const ExitStatus end = Child::spawn("ipcbench-test", body).wait();
    if (end.code == kNotPermitted) GTEST_SKIP() << "may not make an IPC namespace and set its limits";
    EXPECT_TRUE(end.clean()) << describe(end);
  }
  static int found(const std::string& text, const std::string& part) {
    const bool holds = text.find(part) != std::string::npos;
    if (!holds) fmt::print(stderr, "'{}' doesn't say '{}'\n", text, part);
    return holds ? 0 : 1;
  }
  static bool set_msgqueue(rlim_t bytes) {
    const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
    return ::setrlimit(RLIMIT_MSGQUEUE, &limit) == 0;
  }

 private:
  TemporaryFolder folder_;
};

TEST_F(MessageQueueLimits, WithoutAnyRlimitPosixQueuesAreUnavailable) {
  run_apart([] {
    if (!set_msgqueue(0)) return kNotPermitted;
    return found(reason_of("posix-mq", Why::no_resource), "RLIMIT_MSGQUEUE is 0 bytes");
  });
}

TEST_F(MessageQueueLimits, ASmallRlimitLowersTheLargestPosixMessage) {
  run_apart([] {
    // Two queues of 10 messages, with 96 bytes for each message besides its text.
    if (!set_msgqueue(2 * 10 * (1000 + 96))) return kNotPermitted;
    return found(reason_of("posix-mq"), "have room for messages of 1000 bytes");
  });
}

TEST_F(MessageQueueLimits, TheLargestAffordablePosixMessageIsTheKernelsOwn) {
  run_apart([] {
    // A namespace, since the user may have other queues.
    if (!own_ipc_namespace() || !set_msgqueue(2 * 10 * (1000 + 96))) return kNotPermitted;
    RunDir run = RunDir::create();
    create("posix-mq", run, 1000).reset();
    try {
      create("posix-mq", run, 1001).reset();
    } catch (const std::system_error& error) {
      return found(error.what(), "RLIMIT_MSGQUEUE");
    }
    return 1;
  });
}

TEST_F(MessageQueueLimits, PosixQueuesBeyondTheRlimitAreRefusedByItsName) {
  run_apart([] {
    if (!set_msgqueue(100'000)) return kNotPermitted;
    return found(refusal_of_many("posix-mq"), "RLIMIT_MSGQUEUE of 100000: Too many open files");
  });
}

TEST_F(MessageQueueLimits, PosixQueuesBeyondTheSysctlAreRefusedByItsName) {
  run_apart([] {
    if (!own_ipc_namespace() || !write_text("/proc/sys/fs/mqueue/queues_max", "3")) return kNotPermitted;
    return found(refusal_of_many("posix-mq"), "/proc/sys/fs/mqueue/queues_max");
  });
}

TEST_F(MessageQueueLimits, SystemVQueuesBeyondTheSysctlAreRefusedByItsName) {
  run_apart([] {
    if (!own_ipc_namespace() || !write_text("/proc/sys/kernel/msgmni", "3")) return kNotPermitted;
    return found(refusal_of_many("sysv-mq"), "/proc/sys/kernel/msgmni");
  });
}

TEST_F(MessageQueueLimits, UsedUpSystemVQueuesAreUnavailable) {
  run_apart([] {
    if (!own_ipc_namespace() || !write_text("/proc/sys/kernel/msgmni", "1")) return kNotPermitted;
    if (find_transport("sysv-mq")->probe().index() != 0) return 1;
    RunDir run = RunDir::create();
    const std::unique_ptr<Session> session = create("sysv-mq", run, 64);
    return found(reason_of("sysv-mq", Why::no_resource), "/proc/sys/kernel/msgmni is 1, and 1 message queues exist");
  });
}

TEST_F(MessageQueueLimits, AMessageThatNoSystemVQueueHoldsIsRefused) {
  run_apart([] {
    if (!own_ipc_namespace() || !write_text("/proc/sys/kernel/msgmnb", "100")) return kNotPermitted;
    if (found(reason_of("sysv-mq"), "/proc/sys/kernel/msgmnb is 100") != 0) return 1;
    RunDir run = RunDir::create();
    create("sysv-mq", run, 100).reset();
    try {
      create("sysv-mq", run, 101).reset();
    } catch (const std::system_error& error) {
      return found(error.what(), "/proc/sys/kernel/msgmnb");
    }
    return 1;
  });
}

// Returns the queue sizes of a new session, as its producer reports them.
BufferSizes sizes_of(std::string_view transport, RunDir& run, OptionValues options = {}) {
  for (const OptionInfo& option : find_transport(transport)->info().options) {
    options.emplace(option.name, option.default_value);
  }
  const std::unique_ptr<Session> session = create(transport, run, 64, options);
  Rendezvous::PairCells cells{};
  const std::unique_ptr<Endpoint> endpoint = find_transport(transport)->join(
      session->ticket({.role = Role::producer}),
      {.seat = {.role = Role::producer}, .message_size = 64, .options = options, .rendezvous = Rendezvous(cells)});
  return endpoint->buffers();
}

int expect_limit(const BufferSize& size, HostLimit limit, std::uint64_t bytes) {
  const bool holds = size.limit == limit && size.effect == LimitEffect::smaller && size.size == bytes;
  if (!holds)
    fmt::print(stderr, "{} {}: {} of {}\n", to_string(size.limit), to_string(size.effect), size.size, size.wanted);
  return holds ? 0 : 1;
}

TEST_F(MessageQueueLimits, SystemVQueuesUnderTheKernelsDefaultAreNamed) {
  run_apart([] {
    if (!own_ipc_namespace() || !write_text("/proc/sys/kernel/msgmnb", "1000")) return kNotPermitted;
    RunDir run = RunDir::create();
    const BufferSizes here = find_transport("sysv-mq")->buffers_here(64, {{"depth", "default"}, {"queues", "1"}});
    if (expect_limit(here.all().front(), HostLimit::msgmnb, 1000) != 0) return 1;
    return expect_limit(sizes_of("sysv-mq", run).all().front(), HostLimit::msgmnb, 1000);
  });
}

TEST_F(MessageQueueLimits, PosixQueuesUnderTheKernelsDefaultAreNamed) {
  for (const auto& [file, limit] :
       {std::pair("msg_default", HostLimit::mqueue_msg_default), std::pair("msg_max", HostLimit::mqueue_msg_max)}) {
    const std::string path = std::string("/proc/sys/fs/mqueue/") + file;
    run_apart([&, limit = limit] {
      if (!own_ipc_namespace() || !write_text(path.c_str(), "3")) return kNotPermitted;
      RunDir run = RunDir::create();
      const BufferSizes here = find_transport("posix-mq")->buffers_here(64, {{"depth", "default"}});
      if (expect_limit(here.all().front(), limit, 3) != 0) return 1;
      return expect_limit(sizes_of("posix-mq", run).all().front(), limit, 3);
    });
  }
}

TEST_F(MessageQueueLimits, TheDepthAskedForDecidesWhatTheRlimitPermits) {
  run_apart([] {
    if (!set_msgqueue(2 * 10 * (1000 + 96))) return kNotPermitted;
    const Transport& posix = *find_transport("posix-mq");
    const auto limit_with = [&](const char* depth) {
      return posix.largest_message(std::get<Available>(posix.probe()), {{"depth", depth}});
    };
    if (limit_with("default").bytes != 1000 || limit_with("10").bytes != 1000) return 1;
    // A queue of depth 1 accepts messages as long as the sysctl permits; ten such messages don't fit.
    if (limit_with("1").bytes != 8192 && limit_with("1").bytes != posix_mq_limits().msgsize_max) return 2;
    return found(limit_with("10").reason, "2 queues of 10 messages have room for messages of 1000 bytes");
  });
}

// If each direction has its own queue, a full one doesn't take the other's room.
TEST_F(MessageQueueLimits, TwoSystemVQueuesDontShareTheirRoom) {
  RunDir run = RunDir::create();
  for (const std::size_t queues : {1U, 2U}) {
    const std::unique_ptr<Session> session = create("sysv-mq", run, 64, {{"queues", std::to_string(queues)}});
    std::vector<int> ids;
    for (const Manifest::Entry& entry : parse_manifest(read_file(run.path() + "/manifest"), run.id()).entries) {
      if (const int id = ::msgget(entry.key, 0); id >= 0) ids.push_back(id);
    }
    ASSERT_EQ(ids.size(), queues);
    const struct {
      long type = 1;
      char text[1024] = {};
    } message;
    while (::msgsnd(ids.front(), &message, sizeof message.text, IPC_NOWAIT) == 0) continue;
    EXPECT_EQ(errno, EAGAIN);
    EXPECT_EQ(::msgsnd(ids.back(), &message, sizeof message.text, IPC_NOWAIT) == 0, queues == 2);
  }
}

}  // namespace
}  // namespace ipcbench
