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

// Returns the path of dbus-daemon in PATH; "" if it isn't there.
std::string bus_daemon_program();
// Says, as a sentence without a full stop, why dbus-daemon would serve nobody here; "" if it does. It looks up the
// groups of whoever connects, and turns away users that the user database doesn't know.
std::string bus_daemon_refusal();

// BusDaemon is a message bus of our own, dbus-daemon(1): a child process with a socket and a configuration in the run's
// directory, known to nobody else. It dies with this object, or with the process that made it; the manifest names the
// process and both files. No message between two connections is lost. The daemon reads no more from a sender of whose
// messages it holds 1 MiB, and keeps for a receiver whatever it has read.
class BusDaemon {
 public:
  // Starts the daemon, pinned to `cpu` unless that is -1, and returns when it serves. Throws std::system_error with
  // what the daemon said on stderr: ENOENT without the program, ECONNREFUSED if it has ended, ETIMEDOUT if it hasn't
  // answered within `patience`.
  BusDaemon(RunDir& run_dir, Cpu cpu, std::chrono::milliseconds patience = std::chrono::seconds(10));

  const std::string& address() const noexcept { return address_; }  // as D-Bus writes it: "unix:path=…,guid=…"
  pid_t pid() const noexcept { return pid_; }
  // Returns how the daemon has ended; nullopt if it still runs after `grace`.
  std::optional<ExitStatus> end(std::chrono::milliseconds grace);
  // Unlinks the socket; connections stay.
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
