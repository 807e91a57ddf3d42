#pragma once

#include <unistd.h>

#include <functional>
#include <new>
#include <stdexcept>
#include <string>
#include <system_error>
#include <type_traits>
#include <vector>

#include "harness/base/unique_fd.h"
#include "harness/ipc/buffer_size.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/run_dir/run_dir.h"
#include "transports/facts/fact.h"

// The files of this folder share what is here. None of it is for others.

namespace ipcbench {

struct Finding {
  std::string answer;
  std::string evidence;
  FactAgreement agreement = FactAgreement::agrees;
};
// Returns the finding "yes" or "no"; it agrees with a claim that says `claimed`.
Finding yes_or_no(bool found, bool claimed, std::string evidence);

// LimitedObject is thrown by an experiment if a limit of this host has made its object other than the kernel's default.
class LimitedObject : public std::runtime_error {
 public:
  explicit LimitedObject(const BufferSize& size);
  const BufferSize& size() const noexcept { return size_; }

 private:
  BufferSize size_;
};

struct Experiment {
  std::string claim, transport, question;
  std::function<Finding(RunDir&)> find;  // throws std::exception where this machine doesn't let it be found out
};

std::vector<Experiment> pipe_experiments();       // 5, 10
std::vector<Experiment> direction_experiments();  // 6
std::vector<Experiment> kinship_experiments();    // 7
std::vector<Experiment> lifetime_experiments();   // 8, 9
std::vector<Experiment> queue_experiments();      // 11, 12
std::vector<Experiment> waiting_experiments();    // 13
std::vector<Experiment> signal_experiments();     // 14, 15
std::vector<Experiment> semaphore_experiments();  // 16, 17
std::vector<Experiment> lock_experiments();       // 17
std::vector<Experiment> memory_experiments();     // 18, 20
std::vector<Experiment> boundary_experiments();   // 23

// Starter lets another process continue, once.
class Starter {
 public:
  Starter();  // throws std::system_error
  void start() const noexcept;
  // Waits for start(). Throws std::runtime_error after the deadline.
  void wait() const;

 private:
  UniqueFd event_;
};

// Starts a child that runs `body` for an experiment. It leaves with the error number of a std::system_error that `body`
// throws. It closes the run's lock, which must not outlive its owner.
template <class Body>
Child experimenter(const RunDir& run, Body body) {
  return Child::spawn("facts", [&] {
    ::close(run.lock_fd());
    try {
      body();
      return 0;
    } catch (const std::system_error& error) {
      return error.code().value();
    }
  });
}
// Returns how the child ended. If it doesn't end within the deadline, kills it and throws std::runtime_error.
ExitStatus end_of(Child& child);
// Waits for a child that must end well. Throws std::system_error with its error number if it doesn't.
void expect_clean_end(Child& child);

// Returns what `body(seen)` saw in a process of its own. Throws as the functions above.
template <class Seen, class Body>
Seen seen_by_child(const RunDir& run, Body body) {
  static_assert(std::is_trivially_copyable_v<Seen>);
  const Mapping shared = Mapping::shared_anonymous(sizeof(Seen));
  Seen& seen = *new (shared.data()) Seen{};
  Child child = experimenter(run, [&] { body(seen); });
  expect_clean_end(child);
  return seen;
}

// Ends the calling process as a crash would.
[[noreturn]] void die() noexcept;

}  // namespace ipcbench
