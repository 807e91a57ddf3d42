#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// AnyQueue is a System V or POSIX message queue for small messages. Only send_waiting() and receive_waiting() wait. All
// functions throw std::system_error.
class AnyQueue {
 public:
  virtual ~AnyQueue() = default;
  // Sends a message; `type` is a System V message's type, or a POSIX one's priority.
  virtual void send(int type, const std::string& message) = 0;
  // Receives the first message of this type; 0 means any type, and is the only choice of a POSIX queue. Returns nothing
  // if there is none.
  virtual std::optional<std::string> receive(int type) = 0;
  virtual std::size_t size() const = 0;  // messages in it
  // Returns false if the queue is full.
  virtual bool send_if_room(const std::string& message) = 0;
  // Both wait, while the queue is full or empty, if the kernel makes them.
  virtual void send_waiting(const std::string& message) = 0;
  virtual void receive_waiting() = 0;
};

struct QueueMaker {
  std::string transport;
  std::function<std::unique_ptr<AnyQueue>(RunDir&)> make;
};
std::vector<QueueMaker> queue_makers();

}  // namespace ipcbench
