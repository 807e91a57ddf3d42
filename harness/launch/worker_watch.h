#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "harness/process/call_counter.h"
#include "harness/process/child.h"

namespace ipcbench {

// How long a worker that caused its peers' end may take to be seen to have ended itself.
inline constexpr auto kCauseGrace = std::chrono::milliseconds(200);

// WorkerWatch watches the workers of a launch. It sleeps on their pidfds, so that on two CPUs nothing else runs.
class WorkerWatch {
 public:
  using Time = std::chrono::steady_clock;

  // The workers write to the eventfd `ready_fd` when they are ready. Both must outlive the watch.
  WorkerWatch(std::span<Child> workers, int ready_fd, Time::time_point deadline)
      : workers_(workers), ready_fd_(ready_fd), deadline_(deadline) {}

  // Returns true when all are ready, false when one has exited or time is up.
  bool until_ready();
  // Returns false when a worker has exited or time is up.
  bool until_readable(int fd) { return sleep(fd) == Woken::readable; }
  // Returns true when a worker has exited, false when time is up.
  bool until_exit() { return sleep(-1) == Woken::exited; }
  // Lets workers continue whenever the counter has stopped them.
  void serve(CallCounter& counter) { counter_ = &counter; }
  void shorten(Time::duration left);
  bool late() const { return late_; }

 private:
  enum class Woken { readable, exited, late };

  Woken sleep(int fd);

  std::span<Child> workers_;
  int ready_fd_;
  Time::time_point deadline_;
  bool late_ = false;
  CallCounter* counter_ = nullptr;
};

}  // namespace ipcbench
