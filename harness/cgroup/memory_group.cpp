#include "harness/cgroup/memory_group.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <ctime>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/take_line.h"
#include "harness/base/unique_fd.h"
#include "harness/cgroup/cgroup.h"
#include "harness/memory/memory_info.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 2'000'000};
constexpr int kMostNaps = 50;
constexpr timespec kKernelsTurn{.tv_sec = 2, .tv_nsec = 500'000'000};  // it comes every two seconds

std::uint64_t number_in(std::string_view text) noexcept {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Mapped is the line of smaps that begins a mapping, "begin-end rwxp offset device inode [path]"; other lines are
// "Name: value".
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

// Returns whether this process may make a group in `folder` and move a process of its own into it: both must be
// writable. A line of the manifest can't hold a path with white space.
bool takes_groups(const std::string& folder) {
  return ::access(folder.c_str(), W_OK) == 0 && ::access((folder + "/cgroup.procs").c_str(), W_OK) == 0 &&
         folder.find_first_of(" \t\n") == std::string::npos;
}

// Returns whether groups below `folder` can count memory. Those below a group of threads ("threaded", "domain
// threaded") can't. The root has no type.
bool holds_processes(const std::string& folder) {
  return read_line(folder + "/cgroup.type").value_or("domain") == "domain";
}

void write_to(const std::string& path, std::string_view text) {
  const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) < 0) throw_errno("write {} to {}", text, path);
}

}  // namespace

MemoryGroupPlace find_memory_group_place(const std::string& root) {
  for (const std::string& folder : own_cgroup_folders("memory", root)) {
    if (takes_groups(root + folder) && fs::exists(root + folder + "/memory.kmem.usage_in_bytes"))
      return {folder, 1, {}};
  }
  const std::vector<std::string> folders = own_cgroup_folders("", root);
  bool has_controller = false;
  for (const std::string& folder : folders) {
    has_controller = has_controller || holds_word(root + folder + "/cgroup.controllers", "memory");
    // In version 2 the parent gives its children a controller. It can't while it has processes itself.
    if (takes_groups(root + folder) && holds_processes(root + folder) &&
        holds_word(root + folder + "/cgroup.subtree_control", "memory")) {
      return {folder, 2, {}};
    }
  }
  if (!has_controller) return {{}, 0, "no control group of this process has the memory controller"};
  return {{},
          0,
          fmt::format("neither {} nor a control group above it lets this process make groups that count memory",
                      folders.front())};
}

MemoryGroup::MemoryGroup(RunDir& run_dir) {
  const MemoryGroupPlace place = find_memory_group_place();
  if (place.version == 0) throw std::system_error(EACCES, std::generic_category(), place.reason);
  version_ = place.version;
  path_ = run_dir.claim_group(place.folder);
  if (::mkdir(path_.c_str(), 0755) != 0) throw_errno("mkdir {}", path_);
  // TCP is charged from the moment there is a limit, which must be before the first socket.
  if (version_ == 1) write_to(path_ + "/memory.kmem.tcp.limit_in_bytes", "9223372036854771712");
}

MemoryGroup::~MemoryGroup() {
  if (!owner_.owned()) return;
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
  const std::string stat = fresh_memory_stat({.read = [this] { return read_file(path_ + "/memory.stat"); },
                                              .fault = [this](int count) { faults_.make(count); },
                                              .wait_for_the_kernel = [] { ::nanosleep(&kKernelsTurn, nullptr); }});
  if (version_ == 2) {
    // "kernel" came with Linux 5.18; before that its parts are summed.
    const std::uint64_t kernel = sum_in_stat(stat, {"kernel"});
    return {.pages = sum_in_stat(stat, {"anon", "file", "sock"}),
            .kernel = kernel != 0 ? kernel : sum_in_stat(stat, {"kernel_stack", "pagetables", "percpu", "slab"})};
  }
  // memory.usage_in_bytes counts in batches; these don't.
  return {.pages = sum_in_stat(stat, {"rss", "cache"}) +
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
