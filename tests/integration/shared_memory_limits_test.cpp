// Checks the messages of shared memory when the host has too little of it. The tests lower limits in their own
// namespaces.

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <variant>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/unique_fd.h"
#include "harness/process/child.h"
#include "harness/sdk/registry.h"

namespace ipcbench {
namespace {

using testing::StartsWith;

bool set_limit(const char* path, std::string_view value) {
  const UniqueFd file(::open(path, O_WRONLY | O_CLOEXEC));
  return file && ::write(file.get(), value.data(), value.size()) == static_cast<ssize_t>(value.size());
}

bool own_ipc() { return ::unshare(CLONE_NEWIPC) == 0; }

bool own_folder(const char* folder, const char* type, const char* options) {
  return ::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("ipcbench-test", folder, type, 0, options) == 0;
}

// Returns a transport's message in a process that `lower` has put into its own namespaces; "" if that isn't permitted.
std::string said_where(const std::function<bool()>& lower, std::string_view transport, OptionValues options = {}) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return "";
  const UniqueFd in(ends[0]);
  UniqueFd out(ends[1]);
  Child child = Child::spawn("ipcbench-test", [&] {
    if (!lower()) return 1;
    const Transport& asked = *find_transport(transport);
    for (const OptionInfo& option : asked.info().options) options.emplace(option.name, option.default_value);
    const Availability here = asked.probe();
    const auto* unavailable = std::get_if<Unavailable>(&here);
    std::string text = unavailable != nullptr ? unavailable->reason : "available";
    if (unavailable == nullptr) {
      const std::string refusal = asked.option_refusal(WaitStrategy::block, 1 << 20, options);
      if (!refusal.empty()) text = refusal;
    }
    return ::write(out.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1;
  });
  out.reset();
  std::array<char, 512> text;
  const ssize_t size = ::read(in.get(), text.data(), text.size());
  child.wait();
  return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
}

#define EXPECT_SAID(said, matcher)                                   \
  do {                                                               \
    const std::string text = said;                                   \
    if (text.empty()) GTEST_SKIP() << "needs root, for a namespace"; \
    EXPECT_THAT(text, matcher);                                      \
  } while (false)

TEST(SharedMemoryLimits, OfDevShm) {
  const auto small = [] { return own_folder("/dev/shm", "tmpfs", "size=65536"); };
  for (const char* name : {"posix-shm", "posix-shm-loan", "mmap-file", "mmap-file-loan"}) {
    EXPECT_SAID(said_where(small, name), StartsWith("/dev/shm has 65536 bytes free, two rings need 13"));
  }
  // Rings fit, but not regions for loans.
  const auto larger = [] { return own_folder("/dev/shm", "tmpfs", "size=1m"); };
  EXPECT_SAID(said_where(larger, "posix-shm"), "available");
  EXPECT_SAID(said_where(larger, "posix-shm-loan"), StartsWith("/dev/shm has 1048576 bytes free, the case needs 8"));
}

TEST(SharedMemoryLimits, OfAFolderThatMustBeOnADisk) {
  const auto in_memory = [] { return own_folder("/var/tmp", "tmpfs", "size=1m"); };
  EXPECT_SAID(said_where(in_memory, "mmap-file", {{"fs", "disk"}}), "/var/tmp is a file system in memory");
}

TEST(SharedMemoryLimits, OfSystemV) {
  const auto largest = [] { return own_ipc() && set_limit("/proc/sys/kernel/shmmax", "65536"); };
  EXPECT_SAID(said_where(largest, "sysv-shm"), StartsWith("/proc/sys/kernel/shmmax is 65536, two rings need 13"));
  const auto pages = [] { return own_ipc() && set_limit("/proc/sys/kernel/shmall", "2"); };
  EXPECT_SAID(said_where(pages, "sysv-shm-loan"),
              StartsWith("/proc/sys/kernel/shmall is 2 pages, and segments have 0"));
  const auto segments = [] { return own_ipc() && set_limit("/proc/sys/kernel/shmmni", "0"); };
  EXPECT_SAID(said_where(segments, "sysv-shm"), StartsWith("/proc/sys/kernel/shmmni is 0, and there are 0 segments"));
}

TEST(SharedMemoryLimits, OfOptions) {
  const Transport& transport = *find_transport("memfd");
  OptionValues options;
  for (const OptionInfo& option : transport.info().options) options.emplace(option.name, option.default_value);
  EXPECT_EQ(transport.option_refusal(WaitStrategy::spin, 64, options), "");
  options["wake"] = "posix-sem";
  EXPECT_EQ(transport.option_refusal(WaitStrategy::block, 64, options), "");
  EXPECT_EQ(transport.option_refusal(WaitStrategy::spin, 64, options),
            "wake=posix-sem matters with the wait strategy block only");
  EXPECT_NE(transport.option_refusal(WaitStrategy::hybrid, 64, options), "");
  options["capacity"] = "3GiB";
  EXPECT_THAT(transport.option_refusal(WaitStrategy::block, 64, options), StartsWith("a ring's capacity is at most"));
}

}  // namespace
}  // namespace ipcbench
