// Claims 18 and 20: does a store into a mapped file reach the file, and where is POSIX shared memory? mmap(2),
// shm_overview(7).

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/ipc/posix_shm.h"
#include "harness/run_dir/owned_path.h"
#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

constexpr std::string_view kBefore = "before";
constexpr std::string_view kAfter = "after!";
constexpr std::size_t kText = kBefore.size();

// Reads a file after a process has changed its mapping and has ended.
Finding change_of_file(RunDir& run, int sharing, bool claimed) {
  const OwnedPath path(run.claim_name(RunDir::Kind::file, "facts"));
  const UniqueFd file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) throw_errno("open {}", path.str());
  write_all(file.get(), kBefore, path.str());
  const bool changed_in_memory = seen_by_child<bool>(run, [&](bool& changed) {
    void* const memory = ::mmap(nullptr, kText, PROT_READ | PROT_WRITE, sharing, file.get(), 0);
    if (memory == MAP_FAILED) throw_errno("mmap {}", path.str());
    std::memcpy(memory, kAfter.data(), kText);
    if (::msync(memory, kText, MS_SYNC) != 0) throw_errno("msync {}", path.str());
    changed = std::memcmp(memory, kAfter.data(), kText) == 0;
  });
  const std::string text = read_file(path.str());
  return yes_or_no(text == kAfter, claimed,
                   fmt::format("the mapping was {}, the file then said \"{}\"",
                               changed_in_memory ? "changed and synced" : "left as it was", text));
}

Finding file_of_shared_memory(RunDir& run) {
  const std::string name = run.claim_name(RunDir::Kind::posix_shm, "facts");
  const PosixShm object(name, kText);
  std::memcpy(object.open().data(), kAfter.data(), kText);
  const std::string path = "/dev/shm" + name;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return yes_or_no(false, true, fmt::format("no file of its name: {}", std::strerror(errno)));
  }
  const bool same_text = read_file(path).substr(0, kText) == kAfter;
  struct statfs system {};
  const bool in_memory = ::statfs(path.c_str(), &system) == 0 && system.f_type == TMPFS_MAGIC;
  return yes_or_no(S_ISREG(status.st_mode) && same_text, true,
                   fmt::format("a file of its name in /dev/shm{} {} what was stored", in_memory ? " (tmpfs)" : "",
                               same_text ? "says" : "doesn't say"));
}

}  // namespace

std::vector<Experiment> memory_experiments() {
  return {{"18", "mmap-file", "Does a change of a MAP_PRIVATE mapping reach the file?",
           [](RunDir& run) { return change_of_file(run, MAP_PRIVATE, false); }},
          {"18", "mmap-file", "Does a change of a MAP_SHARED mapping reach the file?",
           [](RunDir& run) { return change_of_file(run, MAP_SHARED, true); }},
          {"20", "posix-shm", "Is it a file under /dev/shm?", file_of_shared_memory}};
}

}  // namespace ipcbench
