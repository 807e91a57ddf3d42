// Checks the messages of network and inotify transports when the host has too little for them. The tests lower limits
// in their own network and user namespaces, or use up what there is.

#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>

#include <gmock/gmock.h>

#include "bad_place.h"
#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/unique_fd.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

constexpr int kAllSkipped = 77;
constexpr const char* kPorts = "/proc/sys/net/ipv4/ip_local_port_range";

void set_value(const std::string& path, std::string_view value) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) throw_errno("open {}", path);
  write_all(file.get(), value, path);
}

void set_loopback(bool up) {
  const UniqueFd any(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  std::copy_n("lo", 3, request.ifr_name);
  if (::ioctl(any.get(), SIOCGIFFLAGS, &request) != 0) throw_errno("ioctl SIOCGIFFLAGS lo");
  request.ifr_flags = static_cast<short>(up ? request.ifr_flags | IFF_UP : request.ifr_flags & ~IFF_UP);
  if (::ioctl(any.get(), SIOCSIFFLAGS, &request) != 0) throw_errno("ioctl SIOCSIFFLAGS lo");
}

// Enters a network namespace that has only a loopback interface, which is down.
void own_network() {
  if (::unshare(CLONE_NEWNET) == 0) return;
  own_user_namespace();
  if (::unshare(CLONE_NEWNET) != 0) throw_errno("unshare CLONE_NEWNET");
}

// Takes all ports of this type that are left in the range; the program inherits the sockets.
void take_every_port(int family, int type) {
  while (true) {
    const int fd = ::socket(family, type, 0);
    if (fd < 0) throw_errno("socket");
    sockaddr_in6 any{};  // the kernel chooses the port; all zero means any address
    any.sin6_family = static_cast<sa_family_t>(family);
    const socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof any;
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&any), size) == 0) continue;
    if (errno != EADDRINUSE) throw_errno("bind any port");
    ::close(fd);
    return;
  }
}

class NetworkLimits : public BadPlace {
 protected:
  // Runs these transports and returns the result.
  Result result_of(const std::string& transports, const Place& place, const std::string& wait = "block") {
    std::filesystem::remove(output());
    const int code =
        run({"--transport", transports, "--wait", wait, "--size", "64", "--passes", "1", "-o", output()}, place);
    EXPECT_TRUE(code == 0 || code == kAllSkipped) << code << ' ' << err();
    expect_nothing_left();
    return load_result(output());
  }
  static void expect_skipped(const Result& result, const std::string& transport, std::string_view reason) {
    for (const CaseRecord* c : cases_of(result, transport)) {
      EXPECT_EQ(c->status, Status::skipped) << c->id;
      EXPECT_THAT(c->reason, HasSubstr(reason)) << c->id;
    }
  }
  static void expect_ok(const Result& result, const std::string& transport) {
    for (const CaseRecord* c : cases_of(result, transport)) EXPECT_EQ(c->status, Status::ok) << c->id << c->reason;
  }
};

TEST_F(NetworkLimits, WithoutIpv6OnlyItsTransportsAreSkipped) {
  const Place place = [] {
    own_network();
    set_loopback(true);
    set_value("/proc/sys/net/ipv6/conf/lo/disable_ipv6", "1");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  const Result result = result_of("tcp,tcp6,udp,udp6", place);
  for (const char* name : {"tcp6", "udp6"}) {
    expect_skipped(result, name, "bind [::1]:0 (/proc/sys/net/ipv6/conf/lo/disable_ipv6 is 1): Cannot assign");
  }
  for (const char* name : {"tcp", "udp"}) expect_ok(result, name);
}

TEST_F(NetworkLimits, AKernelWithoutIpv6IsNamed) {
  // A seccomp filter can't distinguish families here; a kernel without any network says the same.
  const Place place = [] { refuse_call(SYS_socket, EAFNOSUPPORT); };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(
      run({"--transport", "tcp6,udp6,pipe", "--wait", "block", "--size", "64", "--passes", "1", "-o", output()}, place),
      0)
      << err();
  const Result result = load_result(output());
  for (const char* name : {"tcp6", "udp6"}) expect_skipped(result, name, "socket AF_INET6 of type ");
  expect_ok(result, "pipe");
  expect_nothing_left();
}

TEST_F(NetworkLimits, ALoopbackThatIsDownIsNamed) {
  const Place never_up = [] { own_network(); };
  if (const std::string reason = why_not(never_up); !reason.empty()) GTEST_SKIP() << reason;
  Result result = result_of("tcp,tcp6,udp,udp6,pipe", never_up);
  for (const char* name : {"tcp", "tcp6", "udp", "udp6"}) expect_skipped(result, name, "loopback interface is down");
  expect_ok(result, "pipe");
}

TEST_F(NetworkLimits, PortsThatAreUsedUpAreNamed) {
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    const Place place = [type] {
      own_network();
      set_loopback(true);
      set_value(kPorts, "40000 40299");  // TCP keeps some ports of each launch for a minute
      take_every_port(AF_INET6, type);   // takes the ports of both versions
    };
    if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
    const Result result = result_of("tcp,tcp6,udp,udp6", place);
    for (const char* name : {"tcp", "tcp6", "udp", "udp6"}) {
      const bool taken = (std::string_view(name).substr(0, 3) == "tcp") == (type == SOCK_STREAM);
      if (taken) expect_skipped(result, name, "ip_local_port_range is 40000\t40299): Address already in use");
      if (!taken) expect_ok(result, name);
    }
  }
}

// A single port suffices for probe(), but not for a run.
TEST_F(NetworkLimits, TooFewPortsForASessionAreAnErrorThatNamesThem) {
  const Place place = [] {
    own_network();
    set_loopback(true);
    set_value(kPorts, "40000 40000");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  run({"--transport", "tcp,udp", "--wait", "block", "--size", "64", "--passes", "1", "-o", output()}, place);
  const Result result = load_result(output());
  for (const char* name : {"tcp", "udp"}) {
    for (const CaseRecord* c : cases_of(result, name)) {
      EXPECT_EQ(c->status, Status::crashed) << c->id;
      EXPECT_THAT(c->reason, HasSubstr("ip_local_port_range is 40000\t40000)")) << c->id;
    }
  }
  expect_nothing_left();
}

TEST_F(NetworkLimits, AWindowThatTheBufferHasNoRoomForIsSkipped) {
  const auto result_with = [&](const std::string& window) {
    std::filesystem::remove(output());
    run({"--transport", "udp", "--wait", "block", "--size", "64", "--option", "window=" + window, "--passes", "1", "-o",
         output()});
    expect_nothing_left();
    return load_result(output());
  };
  expect_ok(result_with("2"), "udp");
  expect_skipped(result_with("10000000"), "udp", "/proc/sys/net/core/rmem_default is ");
}

// The limits belong to this network namespace. The row is measured and marked.
TEST_F(NetworkLimits, BuffersUnderTheKernelsDefaultMarkTheirRows) {
  const Place place = [] {
    own_network();
    set_loopback(true);
    set_value("/proc/sys/net/ipv4/tcp_wmem", "4096 8192 16384");
    set_value("/proc/sys/net/ipv4/tcp_rmem", "4096 8192 16384");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  const Result result = result_of("tcp,udp", place);
  const auto limits_of_all = [&](const std::string& transport) {
    std::set<std::string> limits;
    for (const CaseRecord* c : cases_of(result, transport)) {
      EXPECT_EQ(c->status, Status::ok) << c->id << c->reason;
      for (const CaseLimit& limit : c->summary.limits_met) limits.insert(limit.met.limit + '=' + limit.met.value);
    }
    return limits;
  };
  EXPECT_EQ(limits_of_all("tcp"),
            (std::set<std::string>{"net.ipv4.tcp_rmem=4096 8192 16384", "net.ipv4.tcp_wmem=4096 8192 16384"}));
  EXPECT_EQ(limits_of_all("udp"), (std::set<std::string>{}));
  std::string notes;
  for (const std::string& note : result.notes) notes += note + '\n';
  for (const char* note :
       {"‡ tcp: net.ipv4.tcp_wmem is 4096 8192 16384", "‡ tcp: net.ipv4.tcp_rmem is 4096 8192 16384"}) {
    EXPECT_THAT(notes, HasSubstr(note));
  }
}

TEST_F(NetworkLimits, AWindowThatTheAskedBufferHasNoRoomForIsSkipped) {
  run({"--transport", "udp", "--wait", "block", "--size", "64", "--option", "window=64", "--option", "rcvbuf=4096",
       "--passes", "1", "-o", output()});
  expect_nothing_left();
  const Result result = load_result(output());
  ASSERT_FALSE(cases_of(result, "udp").empty());
  for (const CaseRecord* c : cases_of(result, "udp")) {
    EXPECT_EQ(c->status, Status::skipped) << c->id;
    EXPECT_THAT(c->reason, HasSubstr("SO_RCVBUF with rcvbuf=4096 is 8192, where messages of 64 bytes take "));
  }
}

TEST_F(NetworkLimits, InotifyInstancesThatAreUsedUpAreNamed) {
  const Place place = [] {
    own_user_namespace();
    set_value("/proc/sys/user/max_inotify_instances", "1");  // a session needs two
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  expect_skipped(result_of("file", place), "file", "/proc/sys/user/max_inotify_instances is 1)");
  // Spinning needs none.
  const Result spinning = result_of("file", place, "spin");
  for (const CaseRecord* c : cases_of(spinning, "file")) {
    EXPECT_TRUE(c->status == Status::ok || c->reason.find("shared CPU") != std::string::npos) << c->reason;
  }
}

TEST_F(NetworkLimits, AFileThatFindsNoRoomIsSkipped) {
  const Place place = [] {
    own_mounts();
    mount_tmpfs("/dev/shm", "size=1m");
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  expect_skipped(result_of("file", place), "file", "/dev/shm has 1048576 bytes free, the two directions need 33562624");
}

}  // namespace
}  // namespace ipcbench
