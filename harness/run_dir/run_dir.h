#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/run_dir/object_kind.h"

namespace ipcbench {

// The directory of one run: $XDG_RUNTIME_DIR/ipcbench/<id>, else /tmp/ipcbench-<uid>/<id> (mode 0700, owner checked).
// `lock` in it is held (flock) while the run lives; `manifest` names every object outside it, written before the object
// is created, so that whoever finds the directory with a free lock can remove what a killed run left. FIFOs and sockets
// live inside the directory.
class RunDir {
 public:
  using Kind = ObjectKind;

  // Makes a fresh one. Throws std::system_error.
  static RunDir create();
  RunDir(RunDir&&) noexcept;
  RunDir& operator=(RunDir&&) = delete;
  ~RunDir();  // in the process that made it: replays the manifest backwards and removes the directory

  const std::string& id() const noexcept;
  const std::string& path() const noexcept;
  int lock_fd() const noexcept;  // workers close it, so that a dead coordinator frees the lock at once

  // A fresh name of that kind, recorded before it is returned: a path inside the directory (file) or in a folder that
  // all users share (memory_file, disk_file: "/var/tmp/ipcbench-…"), "/ipcbench-…" (posix_*). `stem` makes it readable:
  // lower case and '-'. Throws std::system_error.
  std::string claim_name(Kind kind, std::string_view stem);
  // A random key for IPC_CREAT | IPC_EXCL, recorded; strike_key() after EEXIST, then claim another.
  key_t claim_key(Kind kind);
  void strike_key(Kind kind, key_t key);
  // The path of a control group to be made below `parent`, recorded. Throws std::system_error.
  std::string claim_group(const std::string& parent);
  // A child: recorded with its start time.
  void note_process(pid_t pid);

  // Another run of this user that lives now.
  struct Live {
    std::string id;
    pid_t pid = 0;  // of its coordinator; 0: not recorded yet
  };
  // All of them but this one, oldest first. Never throws for one that can't be read: it is left out.
  std::vector<Live> others() const;

  // What clean_dead_runs() did, one line each: "removed /dev/shm/ipcbench-…".
  struct Cleaned {
    std::vector<std::string> lines;
    int runs = 0;
    int failed = 0;  // objects, or whole directories, that could not be removed
  };
  // Removes what dead runs of this user left, below the folder of the next run and those `elsewhere`. Takes the lock of
  // each directory; where it is free, replays the manifest backwards: processes by pid and start time (SIGKILL), System
  // V objects only if the creator's uid and pid match, names. `dry_run` only says. Never throws for one broken
  // directory: says so in a line.
  static Cleaned clean_dead_runs(bool dry_run = false, const std::vector<std::string>& elsewhere = usual_folders());
  // /run/user/<uid>/ipcbench and /tmp/ipcbench-<uid>: a run from a terminal, from cron or by sudo has its directory in
  // another of them.
  static std::vector<std::string> usual_folders();

 private:
  RunDir(std::string id, std::string path, UniqueFd lock, UniqueFd manifest);
  void record(std::string_view line);

  std::string id_;
  std::string path_;
  UniqueFd lock_;
  UniqueFd manifest_;
  pid_t owner_;
  std::uint32_t next_ = 0;
};

}  // namespace ipcbench
