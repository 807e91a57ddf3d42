#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/descriptors/unix_listener.h"
#include "harness/process/child.h"

namespace ipcbench {

// LaunchedWorker is a foreign worker that a launcher such as mpirun has started. Launchers close descriptors, so it
// fetches its own over a socket.
struct LaunchedWorker {
  UniqueFd socket;   // the other end of its descriptor 3
  pid_t pid = 0;     // as this process sees it
  UniqueFd process;  // a pidfd

  // Gives it its CPU (-1: any) and `descriptors`, which it then has from number 4 on, and waits until it has them.
  // Throws std::system_error, and std::runtime_error as ForeignLines::receive() does, or if it isn't `ipcbench worker`.
  void equip(int cpu, std::vector<UniqueFd> descriptors, std::chrono::milliseconds patience);
  // Kills it, with its process group if it leads one. It may have ended.
  void kill() const noexcept;
};

// WorkerListener is a socket in the run's folder, which others can't enter, to which one worker connects.
class WorkerListener {
 public:
  explicit WorkerListener(RunDir& run_dir);  // throws std::system_error

  const std::string& path() const noexcept { return listener_.address().text(); }
  // Waits for the worker, and turns away whoever is another user's. Throws std::system_error, and std::runtime_error if
  // the launcher ends first, after `patience`, if the worker's process can't be seen, or if the user wants to stop at
  // once.
  LaunchedWorker meet(const Child& launcher, std::chrono::milliseconds patience);

 private:
  UniqueFd accepted(const Child& launcher, std::chrono::milliseconds patience);

  UnixListener listener_;
  UniqueFd socket_;
};

// Becomes the worker, in the process that a launcher has started: connects to the listener at `path`, takes what it is
// given, leads a process group of its own, and executes `command`. Throws std::runtime_error; the listener is told why.
[[noreturn]] void become_launched_worker(const std::string& path, const std::vector<std::string>& command);

}  // namespace ipcbench
