#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run_dir/object_kind.h"

namespace ipcbench {

// What a run's `manifest` file says: text, one object a line, each appended by one write before the object is made.
//
//   owner 1234 56789 1795239225                    pid and start time of the coordinator, Unix time; the first line
//   file 0-request                                 a name within the run's directory
//   disk-file /ipcbench-20261121-053345-9f3c01-2-ring      a name within /var/tmp; memory-file: within /dev/shm
//   posix-shm /ipcbench-20261121-053345-9f3c01-1-ring      also posix-mq, posix-sem
//   sysv-shm 0x1234abcd                            a key; also sysv-sem, sysv-mq
//   struck sysv-shm 0x1234abcd                     the key was somebody else's
//   memory-group /sys/fs/cgroup/memory/a/ipcbench-20261121-053345-9f3c01-3-memory     a folder of a control group
//   process 1240 56801                             pid and start time, in clock ticks since boot
//
// A file may be cut short, or hold anything at all: what isn't exactly such a line is refused, and so are file names
// that leave the directory, and names of another run where all users' lie.
struct Manifest {
  struct Entry {
    ObjectKind kind = ObjectKind::file;
    std::string name;         // *file, posix_*, memory_group
    key_t key = 0;            // sysv_*
    pid_t pid = 0;            // process
    std::uint64_t start = 0;  // process
  };

  pid_t owner_pid = 0;  // 0: unknown, and no System V object is known to be the run's
  std::uint64_t owner_start = 0;
  std::time_t started = 0;
  std::vector<Entry> entries;        // in the order of the file, without what was struck out
  std::vector<std::string> refused;  // "line 3"
};

Manifest parse_manifest(std::string_view text, std::string_view run_id);

std::string owner_line(pid_t pid, std::time_t now);
std::string manifest_line(const Manifest::Entry& entry);
std::string struck_line(ObjectKind kind, key_t key);

// What became of one object; an empty `line`: it was not there.
struct Removal {
  std::string line;  // "removed /dev/shm/ipcbench-…", "would remove …", "left …: another's", "could not remove …: why"
  bool failed = false;
};

// Removes the object if it exists and is the run's. `directory` is the run's. A System V object must have our uid as
// its creator; the kernel also tells the creating process of shared memory, which must be the coordinator or a recorded
// process; of semaphores and queues it keeps the time of creation (or of a later change) only, which must not lie
// before the run. `dry_run` only says.
Removal remove_object(const Manifest::Entry& entry, const Manifest& manifest, const std::string& directory,
                      bool dry_run);

}  // namespace ipcbench
