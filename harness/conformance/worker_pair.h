#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "harness/base/first_readable.h"
#include "harness/conformance/trial.h"
#include "harness/launch/control_block.h"
#include "harness/launch/launch_memory.h"
#include "harness/process/child.h"

namespace ipcbench {

// Functions to call: in the check's process once the session exists, and in each worker, which is then forked, once it
// has opened its side.
struct PairHooks {
  std::function<void(const RunDir&)> created = [](const RunDir&) {};
  void (*joined)() = nullptr;
};

// Runs two workers over one session, as launch() does but without supervision, for checks of what launch() prevents.
// Its functions throw CheckFailed that names the side where something else happens, or nothing for the trial's
// deadline.
class WorkerPair {
 public:
  // Both are started, and wait at the gate once they are open.
  WorkerPair(const Trial& trial, const LoopSpec& spec, PairHooks hooks = {});

  // Opens the gate once both sides are open.
  void start();
  // Waits until this side has verified its first message.
  void wait_until_under_way(Role role);
  // Waits for the end of this side, and says how it came.
  ExitStatus wait_for_end(Role role);
  // Waits for the end of both sides, which must have done all that they were told.
  void finish();

  Child& worker(Role role) { return workers_[static_cast<std::size_t>(role)]; }
  const Session& session() const { return *session_; }
  const SideLog& side(Role role) const { return block_.log.side(role); }
  const RunLog& log() const { return block_.log; }

 private:
  Deadline watchdog_end() const { return std::chrono::steady_clock::now() + std::chrono::milliseconds(watchdog_ms_); }
  bool hangs(Role role);  // it has not ended when the watchdog's time is over
  [[noreturn]] void fail(Role role, const std::string& what);
  // Fails by the worker whose end is the cause of the pair's, which may be seen a moment after its peer's.
  [[noreturn]] void fail_by_cause(const char* when);

  const int watchdog_ms_;
  const std::size_t message_size_;
  RunDir run_dir_ = RunDir::create();
  LaunchMemory memory_;
  ControlBlock& block_;
  UniqueFd ready_;
  std::unique_ptr<Session> session_;
  std::array<Child, 2> workers_;  // by Role
};

// Returns a spec of `ops` per block for direct use: payload full, no pilot.
LoopSpec loop_spec(const Subject& subject, Scenario scenario, std::size_t size, std::uint64_t ops);

}  // namespace ipcbench
