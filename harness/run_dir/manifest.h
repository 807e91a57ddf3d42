#pragma once

#include <sys/types.h>

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "harness/run_dir/object_kind.h"

namespace ipcbench {

// Manifest is what a run's `manifest` file says. The file is text, one object a line; each line is appended by one
// write before its object is made.
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
// The file may be cut short, or hold anything at all. A line that isn't exactly of this form is refused. So are file
// names that leave the directory, and names of other runs in folders that all users share.
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

// Removal is what became of one object. If the object wasn't there, `line` is empty.
struct Removal {
  std::string line;  // "removed /dev/shm/ipcbench-…", "would remove …", "left …: another's", "could not remove …: why"
  bool failed = false;
};

// Removes the object if it exists and is the run's; `directory` is the run's. With `dry_run` it only reports.
//
// A System V object must have our uid as its creator. Shared memory must also have been created by the coordinator or a
// recorded process. Of semaphores and queues the kernel keeps no creating process; their time of creation, or of a
// later change, must not lie before the run.
Removal remove_object(const Manifest::Entry& entry, const Manifest& manifest, const std::string& directory,
                      bool dry_run);

}  // namespace ipcbench
