#include "harness/cgroup/memory_group.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/page_size.h"
#include "harness/base/sanitizers.h"
#include "harness/base/unique_fd.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMiB = 1 << 20;

class MemoryGroupTest : public testing::Test {
 protected:
  void SetUp() override {
    try {
      group_.emplace(run_);
    } catch (const std::system_error& error) {
      GTEST_SKIP() << error.what();
    }
  }

  // Returns by how many MiB the group grows through `body`, which returns what must stay alive until then.
  template <class Body>
  double growth(Body body) {
    const Mapping memory = Mapping::shared_anonymous(sizeof(double));
    auto& grown = *reinterpret_cast<double*>(memory.data());
    Child child = Child::spawn("ipcbench-test", [&] {
      group_->enter();
      group_->bytes();  // the first look takes memory itself
      const std::uint64_t before = group_->bytes();
      const auto kept = body();
      grown = (static_cast<double>(group_->bytes()) - static_cast<double>(before)) / kMiB;
      return 0;
    });
    EXPECT_TRUE(child.wait().clean());
    return grown;
  }

  RunDir run_ = RunDir::create();
  std::optional<MemoryGroup> group_;
};

// Touches every page: MAP_POPULATE is only advice, and emulators ignore it.
Mapping touched(Mapping mapping) {
  mapping.prefault();
  return mapping;
}

void fill_up(int fd) {
  ::fcntl(fd, F_SETFL, O_NONBLOCK);
  const std::vector<char> bytes(4096);
  while (::write(fd, bytes.data(), bytes.size()) > 0) {
  }
}

TEST_F(MemoryGroupTest, HoldsPagesOfTheProcess) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  EXPECT_NEAR(growth([] { return touched(Mapping::private_anonymous(8 * kMiB)); }), 8, 0.2);
}

// Fewer pages than make the kernel sum up for a reader inside the group.
TEST_F(MemoryGroupTest, HoldsAFewPagesAtOnce) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  constexpr std::size_t kPages = 32;
  const double grown = growth([] {
    touched(Mapping::private_anonymous(kPages * 4096));  // an emulator takes memory for code that runs the first time
    return touched(Mapping::private_anonymous(kPages * 4096));
  });
  EXPECT_NEAR(grown * 256, kPages, kPages / 4);  // in pages
}

// Fewer pages than make the kernel sum up for a reader outside the group.
TEST_F(MemoryGroupTest, HoldsTheFewPagesOfAnotherProcess) {
  constexpr std::size_t kSize = 32 * 4096;
  int to_child[2], from_child[2];
  ASSERT_EQ(::pipe(to_child) + ::pipe(from_child), 0);
  UniqueFd orders(to_child[0]), order(to_child[1]), reports(from_child[0]), report(from_child[1]);
  Child child = Child::spawn("ipcbench-test", [&] {
    order.reset();
    group_->enter();
    char byte = 0;
    std::vector<Mapping> kept;
    while (::write(report.get(), &byte, 1) == 1 && ::read(orders.get(), &byte, 1) == 1) {
      kept.push_back(touched(Mapping::private_anonymous(kSize)));
    }
    return 0;
  });
  report.reset();
  const auto one_more = [&] {
    char byte = 0;
    return ::write(order.get(), &byte, 1) == 1 && ::read(reports.get(), &byte, 1) == 1;
  };
  char byte = 0;
  ASSERT_EQ(::read(reports.get(), &byte, 1), 1);
  ASSERT_TRUE(one_more());  // an emulator takes memory for code that runs the first time
  const auto before = static_cast<double>(group_->usage().pages);
  ASSERT_TRUE(one_more());
  EXPECT_NEAR(static_cast<double>(group_->usage().pages) - before, kSize, kSize / 4.0);
  order.reset();
  EXPECT_TRUE(child.wait().clean());
}

TEST_F(MemoryGroupTest, HoldsSharedPages) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  EXPECT_NEAR(growth([] { return touched(Mapping::shared_anonymous(8 * kMiB)); }), 8, 0.2);
}

TEST_F(MemoryGroupTest, HoldsWhatIsInPipes) {
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime has memory of its own";
  constexpr std::size_t kPipes = 64;
  constexpr std::size_t kPages = 16;  // pages that a pipe holds: pipe(7)
  EXPECT_NEAR(growth([] {
                std::vector<UniqueFd> ends;
                for (std::size_t i = 0; i < kPipes; ++i) {
                  int fds[2];
                  if (::pipe(fds) != 0) break;
                  ends.emplace_back(fds[0]);
                  ends.emplace_back(fds[1]);
                  fill_up(fds[1]);
                }
                return ends;
              }),
              static_cast<double>(kPipes * kPages * page_size()) / kMiB, 0.5);  // tolerance: the pipes themselves
}

TEST_F(MemoryGroupTest, HoldsWhatIsInTcpSockets) {
  EXPECT_GT(growth([] {
              std::vector<UniqueFd> sockets;
              UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
              sockaddr_in address{.sin_family = AF_INET, .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
              socklen_t size = sizeof address;
              EXPECT_EQ(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
              ::listen(listener.get(), 8);
              ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size);
              for (int i = 0; i < 4; ++i) {
                UniqueFd near(::socket(AF_INET, SOCK_STREAM, 0));
                EXPECT_EQ(::connect(near.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
                UniqueFd far(::accept(listener.get(), nullptr, nullptr));
                fill_up(near.get());
                sockets.push_back(std::move(near));
                sockets.push_back(std::move(far));
              }
              return sockets;
            }),
            0.5);
}

TEST_F(MemoryGroupTest, GoesWithItsOwner) {
  const auto groups = [&] {
    std::vector<std::string> found;
    for (const auto& entry :
         fs::recursive_directory_iterator(group_->source() == "cgroup-v1" ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup",
                                          fs::directory_options::skip_permission_denied)) {
      if (entry.path().filename().string().starts_with("ipcbench-" + run_.id())) found.push_back(entry.path());
    }
    return found;
  };
  EXPECT_EQ(groups().size(), 1u);
  Child child = Child::spawn("ipcbench-test", [&] {
    group_->enter();
    group_.reset();  // a copy: the owner's group stays
    return 0;
  });
  EXPECT_TRUE(child.wait().clean());
  EXPECT_EQ(groups().size(), 1u);
  const std::string_view source = group_->source();
  EXPECT_TRUE(source == "cgroup-v1" || source == "cgroup-v2");
  const std::string path = groups().front();
  group_.reset();
  EXPECT_FALSE(fs::exists(path));
}

TEST(MemoryGroupOfAKilledRun, IsRemovedWithTheRun) {
  const Mapping memory = Mapping::shared_anonymous(1);
  Child owner = Child::spawn("ipcbench-test", [&] {
    RunDir run = RunDir::create();
    const MemoryGroup group(run);
    *memory.data() = std::byte{1};
    ::raise(SIGKILL);
    return 0;
  });
  owner.wait();
  if (*memory.data() == std::byte{0}) GTEST_SKIP() << "no group can be made here";
  const RunDir::Cleaned cleaned = RunDir::clean_dead_runs();
  EXPECT_TRUE(std::ranges::any_of(cleaned.lines, [](const std::string& line) {
    return line.starts_with("removed /") && line.ends_with("-memory");
  })) << cleaned.lines.size();
}

TEST(ProportionalDataSize, CountsPrivatePagesWhole) {
  const std::uint64_t before = proportional_data_size(::getpid());
  const Mapping pages = touched(Mapping::private_anonymous(64 * kMiB));
  const std::uint64_t after = proportional_data_size(::getpid());
  EXPECT_GE(after, before + 64 * kMiB);
  EXPECT_THROW(proportional_data_size(-1), std::system_error);
}

// Pages of the program and its libraries are shared with other processes, whose number changes.
TEST(ProportionalDataSize, LeavesOutWhatAProgramIs) {
  EXPECT_EQ(proportional_data_size("55d0a000-55d0b000 r-xp 00001000 fd:01 2345                       /usr/bin/program\n"
                                   "Size:                  4 kB\n"
                                   "Pss:                   1 kB\n"
                                   "Pss_Dirty:             0 kB\n"
                                   "VmFlags: rd ex mr mw me\n"
                                   "55d0b000-55d0c000 rw-p 00002000 fd:01 2345                       /usr/bin/program\n"
                                   "Pss:                   2 kB\n"
                                   "55d0c000-55d2c000 rw-p 00000000 00:00 0                          [heap]\n"
                                   "Pss:                  16 kB\n"
                                   "Pss_Dirty:            16 kB\n"
                                   "7f001000-7f011000 rw-s 00000000 00:1a 77                         /dev/shm/a b: c\n"
                                   "Rss:                  64 kB\n"
                                   "Pss:                  32 kB\n"
                                   "7f011000-7f012000 r--s 00000000 fd:01 78                         /var/tmp/mapped\n"
                                   "Pss:                 128 kB"),
            (16 + 32 + 128) * 1024u);
  EXPECT_EQ(proportional_data_size(""), 0u);
}

}  // namespace
}  // namespace ipcbench
