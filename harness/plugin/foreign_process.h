#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/plugin/foreign_command.h"
#include "harness/plugin/launched_worker.h"
#include "harness/process/run_program.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/ticket.h"

namespace ipcbench {

// ForeignProcess is a foreign worker that runs and is told what to do on its descriptor 3. It is a child of this
// process, or of a launcher that is one. Destruction kills it, and what it has started.
class ForeignProcess {
 public:
  // Starts it on `cpu` (-1: any). Behind a launcher, it also waits until the worker has connected. `ticket` is what the
  // worker opens its side from; its descriptors are moved to it. Throws std::system_error, and std::runtime_error if it
  // doesn't come.
  ForeignProcess(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir);
  ForeignProcess(const ForeignProcess&) = delete;
  ~ForeignProcess();

  // Returns the ticket as the worker is told of it: texts, and the numbers of its descriptors there.
  const std::string& ticket_json() const noexcept { return ticket_json_; }
  pid_t pid() const noexcept { return worker_.pid > 0 ? worker_.pid : child_.pid(); }
  // Returns the socket whose other end is its descriptor 3; once.
  UniqueFd take_socket() noexcept { return std::move(socket_); }

  // Waits for its end, which comes when the socket is closed. Returns what was wrong with it: "exited with code 1,
  // saying 'LAST LINE'", or that it or its launcher hasn't ended, whereupon it is killed; "" if nothing was.
  std::string end(std::chrono::milliseconds patience);
  // Returns the error of a talk with it, and how it has ended if it does within `patience`: that may be its cause.
  std::runtime_error with_end(const std::runtime_error& error, std::chrono::milliseconds patience);
  // Says how it has ended, if that was wrong; "" if it wasn't or if it runs `patience` later.
  std::string has_failed(std::chrono::milliseconds patience);

 private:
  ForeignProcess() = default;  // what delegates to it is destroyed, and so killed, if it throws
  void start(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir);
  void launch(const ForeignCommand& command, int cpu, Ticket ticket, RunDir& run_dir);
  std::string has_ended(std::chrono::milliseconds patience);
  bool is_over_in(std::chrono::milliseconds patience);
  void kill();
  ExitStatus reaped();

  std::string ticket_json_;
  UniqueFd socket_;
  ProgramOutput output_;   // what it prints
  Child child_;            // the worker, or its launcher
  LaunchedWorker worker_;  // without its socket and process where `child_` is it
  bool launcher_stays_ = false;
};

}  // namespace ipcbench
