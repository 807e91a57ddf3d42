#pragma once

#include <array>
#include <memory>
#include <optional>

#include "harness/launch/control_block.h"
#include "harness/launch/launch_memory.h"
#include "harness/process/child.h"
#include "tests/conformance/subject.h"
#include "tests/support/test_workers.h"

namespace ipcbench {

// Functions to call: in the tests' process once the session exists, and in each worker, which is then forked, once it
// has opened its side.
struct PairHooks {
  void (*created)() = [] {};
  void (*joined)() = nullptr;
};

// Runs two workers over one session, as launch() does but without supervision, for tests of what launch() prevents.
class WorkerPair {
 public:
  // Both are started, and wait at the gate once they are open.
  WorkerPair(const Subject& subject, const LoopSpec& spec, PairHooks hooks = {});

  // Opens the gate once both sides are open; false if one ended before or the watchdog's time is up.
  bool start();
  // Returns true once this side has verified its first message; false if it ended before.
  bool under_way(Role role);
  // Returns how this side ended; nullopt if it still runs when the watchdog's time is up.
  std::optional<ExitStatus> end_of(Role role);

  Child& worker(Role role) { return workers_[static_cast<std::size_t>(role)]; }
  const Session& session() const { return *session_; }
  const SideLog& side(Role role) const { return block_.log.side(role); }
  const RunLog& log() const { return block_.log; }

 private:
  RunDir run_dir_ = RunDir::create();
  LaunchMemory memory_{sizeof(ControlBlock), test_workers()};
  ControlBlock& block_;
  UniqueFd ready_;
  std::unique_ptr<Session> session_;
  std::array<Child, 2> workers_;  // by Role
};

// Returns a spec of `ops` per block for direct use: payload full, no pilot.
LoopSpec loop_spec(const Subject& subject, Scenario scenario, std::size_t size, std::uint64_t ops);

}  // namespace ipcbench
