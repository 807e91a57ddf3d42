#include "harness/os/memory_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <initializer_list>
#include <optional>

#include "harness/os/cgroup.h"
#include "harness/os/error.h"
#include "harness/os/io.h"
#include "harness/os/memory_info.h"
#include "harness/os/take_line.h"
#include "harness/os/unique_fd.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 2'000'000};
constexpr int kMostNaps = 50;

std::uint64_t number_in(std::string_view text) noexcept {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// The sum of some lines "name number" of a table of one number a line; a name that isn't there counts 0.
std::uint64_t sum_of(std::string_view table, std::initializer_list<std::string_view> names) {
  std::uint64_t sum = 0;
  while (!table.empty()) {
    const std::string_view line = take_line(table);
    const std::size_t space = line.find(' ');
    for (const std::string_view name : names) {
      if (line.substr(0, space) == name && space != std::string_view::npos) sum += number_in(line.substr(space + 1));
    }
  }
  return sum;
}

// The line of smaps that begins a mapping, "begin-end rwxp offset device inode [path]"; the others are "Name: value".
struct Mapped {
  bool is_private, of_file;
  static std::optional<Mapped> from(std::string_view line) noexcept {
    std::array<std::string_view, 5> words;  // up to the inode
    for (std::string_view& word : words) {
      word = line.substr(0, line.find(' '));
      line.remove_prefix(std::min(line.size(), word.size() + 1));
    }
    if (words[0].ends_with(':') || words[1].size() != 4) return std::nullopt;
    return Mapped{.is_private = words[1][3] == 'p', .of_file = number_in(words[4]) != 0};
  }
};

bool holds_word(const std::string& file, std::string_view word) {
  return fmt::format(" {} ", read_line(file).value_or("")).find(fmt::format(" {} ", word)) != std::string::npos;
}

// A folder of groups where another one would have the memory controller; version 2 says so in the parent.
struct Parent {
  std::string folder;
  int version = 0;
};
Parent find_parent() {
  const std::string groups = read_file("/proc/self/cgroup");
  const auto writable = [](const std::string& folder) { return ::access(folder.c_str(), W_OK) == 0; };
  if (const auto path = cgroup_path(groups, "memory")) {
    for (const std::string& folder : cgroup_folders("/sys/fs/cgroup/memory", *path)) {
      if (writable(folder) && fs::exists(folder + "/memory.kmem.usage_in_bytes")) return {folder, 1};
    }
  }
  if (const auto path = cgroup_path(groups, "")) {
    for (const std::string& folder : cgroup_folders("/sys/fs/cgroup", *path)) {
      if (writable(folder) && holds_word(folder + "/cgroup.subtree_control", "memory")) return {folder, 2};
    }
  }
  errno = EACCES;
  throw_errno("no group with a memory controller where another one may be made");
}

void write_to(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) < 0) throw_errno("write {} to {}", text, path);
}

}  // namespace

MemoryGroup::MemoryGroup(RunDir& run_dir) : owner_(::getpid()) {
  const Parent parent = find_parent();
  version_ = parent.version;
  path_ = run_dir.claim_group(parent.folder);
  if (::mkdir(path_.c_str(), 0755) != 0) throw_errno("mkdir {}", path_);
  // TCP is charged from the moment there is a limit, which must be before the first socket.
  if (version_ == 1) write_to(path_ + "/memory.kmem.tcp.limit_in_bytes", "9223372036854771712");
}

MemoryGroup::~MemoryGroup() {
  if (owner_ != ::getpid()) return;
  // A process leaves its group a moment after it has been reaped.
  for (int naps = 0; ::rmdir(path_.c_str()) != 0 && errno == EBUSY && naps < kMostNaps; ++naps) {
    ::nanosleep(&kNap, nullptr);
  }
}

void MemoryGroup::enter() const { write_to(path_ + "/cgroup.procs", std::to_string(::getpid())); }

MemoryGroup::Usage MemoryGroup::usage() const {
  Usage seen = read_usage();
  for (int naps = 0; naps < kMostNaps; ++naps) {
    ::nanosleep(&kNap, nullptr);
    const Usage now = read_usage();
    if (now == seen) break;
    seen = now;
  }
  return seen;
}

MemoryGroup::Usage MemoryGroup::read_usage() const {
  const std::string stat = read_file(path_ + "/memory.stat");
  if (version_ == 2) {
    // "kernel" came with Linux 5.18; before that, its parts.
    const std::uint64_t kernel = sum_of(stat, {"kernel"});
    return {.pages = sum_of(stat, {"anon", "file", "sock"}),
            .kernel = kernel != 0 ? kernel : sum_of(stat, {"kernel_stack", "pagetables", "percpu", "slab"})};
  }
  // memory.usage_in_bytes counts in batches; these don't.
  return {.pages = sum_of(stat, {"rss", "cache"}) +
                   number_in(read_line(path_ + "/memory.kmem.tcp.usage_in_bytes").value_or("")),
          .kernel = number_in(read_line(path_ + "/memory.kmem.usage_in_bytes").value_or(""))};
}

std::uint64_t proportional_data_size(std::string_view smaps) noexcept {
  std::uint64_t sum = 0;
  bool counts = false;
  while (!smaps.empty()) {
    const std::string_view line = take_line(smaps);
    if (const auto mapping = Mapped::from(line)) {
      counts = !(mapping->is_private && mapping->of_file);
    } else if (counts) {
      sum += memory_info("Pss", line).value_or(0);
    }
  }
  return sum;
}

std::uint64_t proportional_data_size(pid_t pid) {
  return proportional_data_size(read_file(fmt::format("/proc/{}/smaps", pid)));
}

}  // namespace ipcbench
