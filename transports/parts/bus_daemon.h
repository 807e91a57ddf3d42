#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "harness/base/unique_fd.h"
#include "harness/process/affinity.h"
#include "harness/process/child.h"
#include "harness/process/run_program.h"
#include "harness/run_dir/owned_path.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// The path of dbus-daemon, looked for in PATH; "" if it isn't there.
std::string bus_daemon_program();
// Why it would serve nobody here, as a sentence without a full stop; "" if it does. It looks up the groups of whoever
// connects, and turns away users whom the user database doesn't know.
std::string bus_daemon_refusal();

// A message bus of our own, dbus-daemon(1): a child process that serves a socket in the run's directory by a
// configuration beside it, known to nobody else. It dies with this object, or with the process that made it; the
// manifest names the process and both files. Nothing that one connection sends another is lost: the daemon reads no
// more from a sender of whose messages it holds 1 MiB, and keeps for a receiver whatever it has read.
class BusDaemon {
 public:
  // Pinned to `cpu` unless that is -1. Returns when the daemon serves. Throws std::system_error with what it said on
  // its stderr: ENOENT without the program, ECONNREFUSED if it has ended, ETIMEDOUT if it hasn't answered within
  // `patience`.
  BusDaemon(RunDir& run_dir, Cpu cpu, std::chrono::milliseconds patience = std::chrono::seconds(10));

  const std::string& address() const noexcept { return address_; }  // as D-Bus writes it: "unix:path=…,guid=…"
  pid_t pid() const noexcept { return pid_; }
  // How it has ended; nullopt if it still runs after `grace`.
  std::optional<ExitStatus> end(std::chrono::milliseconds grace);
  // Nobody else finds its socket any more; connections stay.
  void remove_socket() noexcept { socket_.remove(); }

 private:
  std::string answer(const UniqueFd& address_in, std::chrono::milliseconds patience);

  OwnedPath socket_;
  ProgramOutput log_;  // its stdout and stderr
  Child process_;
  pid_t pid_ = 0;
  std::string address_;
};

}  // namespace ipcbench
