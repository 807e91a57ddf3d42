#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// A message queue of either kind, for small messages. Only what says so waits. All throw std::system_error.
class AnyQueue {
 public:
  virtual ~AnyQueue() = default;
  // `type` is a System V message's type, a POSIX one's priority.
  virtual void send(int type, const std::string& message) = 0;
  // The first message of this type; 0: of any, and the only choice of a POSIX queue. Nothing if there is none.
  virtual std::optional<std::string> receive(int type) = 0;
  virtual std::size_t size() const = 0;  // messages in it
  // False: it is full.
  virtual bool send_if_room(const std::string& message) = 0;
  // Waits as long as it is full, or empty, if the kernel makes it wait.
  virtual void send_waiting(const std::string& message) = 0;
  virtual void receive_waiting() = 0;
};

struct QueueMaker {
  std::string transport;
  std::function<std::unique_ptr<AnyQueue>(RunDir&)> make;
};
std::vector<QueueMaker> queue_makers();

}  // namespace ipcbench
