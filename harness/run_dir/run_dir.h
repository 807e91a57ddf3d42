#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process_owned.h"
#include "harness/base/unique_fd.h"
#include "harness/run_dir/object_kind.h"

namespace ipcbench {

// RunDir is the directory of one run: $XDG_RUNTIME_DIR/ipcbench/<id>, else /tmp/ipcbench-<uid>/<id> (mode 0700, owner
// checked). FIFOs and sockets live in it. Its file `lock` is held by flock(2) while the run lives. Its file `manifest`
// names every object outside it, before the object is created. Whoever finds the directory with a free lock can
// therefore remove what a killed run left.
class RunDir {
 public:
  using Kind = ObjectKind;

  // Makes a fresh directory. Throws std::system_error.
  static RunDir create();
  RunDir(RunDir&&) noexcept;
  RunDir& operator=(RunDir&&) = delete;
  ~RunDir();  // in the process that made it: replays the manifest backwards and removes the directory

  const std::string& id() const noexcept;
  const std::string& path() const noexcept;
  int lock_fd() const noexcept;  // workers close it, so that a dead coordinator frees the lock at once

  // Returns a fresh name of that kind, recorded first. It is a path inside the directory (file), a path in a folder
  // that all users share (memory_file, disk_file: "/var/tmp/ipcbench-…"), or "/ipcbench-…" (posix_*). `stem` makes it
  // readable: lower case and '-'. Throws std::system_error.
  std::string claim_name(Kind kind, std::string_view stem);
  // Returns a random key for IPC_CREAT | IPC_EXCL, recorded first. After EEXIST call strike_key(), then claim another.
  key_t claim_key(Kind kind);
  void strike_key(Kind kind, key_t key);
  // Returns the path of a control group to be made below `parent`, recorded first. Throws std::system_error.
  std::string claim_group(const std::string& parent);
  // Records a child with its start time.
  void note_process(pid_t pid);

  // Live is another run of this user that lives now.
  struct Live {
    std::string id;
    pid_t pid = 0;  // of its coordinator; 0: not recorded yet
  };
  // Returns all live runs but this one, oldest first. A run that can't be read is left out.
  std::vector<Live> others() const;

  // Cleaned is what clean_dead_runs() did, one line each: "removed /dev/shm/ipcbench-…".
  struct Cleaned {
    std::vector<std::string> lines;
    int runs = 0;
    int failed = 0;  // objects, or whole directories, that could not be removed
  };
  // Removes what dead runs of this user left, below the folder of the next run and those `elsewhere`. It takes the lock
  // of each directory and, if that is free, replays the manifest backwards. Processes are killed (SIGKILL) by pid and
  // start time; System V objects are removed only if they are the run's by remove_object()'s rules (manifest.h).
  // `dry_run` only reports. A broken directory is reported in a line, not thrown.
  static Cleaned clean_dead_runs(bool dry_run = false, const std::vector<std::string>& elsewhere = usual_folders());
  // Returns /run/user/<uid>/ipcbench and /tmp/ipcbench-<uid>. A run from a terminal, from cron or by sudo may have its
  // directory in either.
  static std::vector<std::string> usual_folders();

 private:
  RunDir(std::string id, std::string path, UniqueFd lock, UniqueFd manifest);
  void record(std::string_view line);

  std::string id_;
  std::string path_;
  UniqueFd lock_;
  UniqueFd manifest_;
  ProcessOwned owner_;
  std::uint32_t next_ = 0;
};

}  // namespace ipcbench
