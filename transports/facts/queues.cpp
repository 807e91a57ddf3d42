#include "transports/facts/queues.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/ipc/posix_mq.h"
#include "harness/ipc/sysv_queue.h"

namespace ipcbench {
namespace {

constexpr std::size_t kDepth = 4;
constexpr std::size_t kRoom = 16;

class SysvMessages final : public AnyQueue {
 public:
  explicit SysvMessages(RunDir& run) : queue_(run), id_(queue_.open()) {}

  void send(int type, const std::string& message) override {
    if (!put(type, message, IPC_NOWAIT)) throw_errno("msgsnd");
  }
  std::optional<std::string> receive(int type) override {
    Message in{};
    const ssize_t size = ::msgrcv(id_, &in, sizeof in.text, type, IPC_NOWAIT);
    if (size < 0 && errno == ENOMSG) return std::nullopt;
    if (size < 0) throw_errno("msgrcv");
    return std::string(in.text, static_cast<std::size_t>(size));
  }
  std::size_t size() const override {
    msqid_ds state{};
    if (::msgctl(id_, IPC_STAT, &state) != 0) throw_errno("msgctl IPC_STAT");
    return state.msg_qnum;
  }
  bool send_if_room(const std::string& message) override {
    if (put(1, message, IPC_NOWAIT)) return true;
    if (errno != EAGAIN) throw_errno("msgsnd");
    return false;
  }
  void send_waiting(const std::string& message) override {
    if (!put(1, message, 0)) throw_errno("msgsnd");
  }
  void receive_waiting() override {
    Message in{};
    if (::msgrcv(id_, &in, sizeof in.text, 0, 0) < 0) throw_errno("msgrcv");
  }

 private:
  // Returns false on failure; errno says why.
  bool put(int type, const std::string& message, int flags) noexcept {
    Message out{.type = type, .text = {}};
    std::memcpy(out.text, message.data(), std::min(message.size(), sizeof out.text));
    return ::msgsnd(id_, &out, std::min(message.size(), sizeof out.text), flags) == 0;
  }

  struct Message {
    long type;
    char text[kRoom];
  };
  SysvQueue queue_;
  int id_;
};

class PosixMessages final : public AnyQueue {
 public:
  explicit PosixMessages(RunDir& run)
      : queue_(run.claim_name(RunDir::Kind::posix_mq, "facts"), kDepth, kRoom), fd_(queue_.open(O_RDWR | O_NONBLOCK)) {}

  void send(int type, const std::string& message) override {
    if (::mq_send(fd_.get(), message.data(), message.size(), static_cast<unsigned>(type)) != 0) throw_errno("mq_send");
  }
  std::optional<std::string> receive(int) override {
    char text[kRoom];
    const ssize_t size = ::mq_receive(fd_.get(), text, sizeof text, nullptr);
    if (size < 0 && errno == EAGAIN) return std::nullopt;
    if (size < 0) throw_errno("mq_receive");
    return std::string(text, static_cast<std::size_t>(size));
  }
  std::size_t size() const override {
    mq_attr state{};
    if (::mq_getattr(fd_.get(), &state) != 0) throw_errno("mq_getattr");
    return static_cast<std::size_t>(state.mq_curmsgs);
  }
  bool send_if_room(const std::string& message) override {
    set_waiting(false);
    if (::mq_send(fd_.get(), message.data(), message.size(), 0) == 0) return true;
    if (errno != EAGAIN) throw_errno("mq_send");
    return false;
  }
  void send_waiting(const std::string& message) override {
    set_waiting(true);
    if (::mq_send(fd_.get(), message.data(), message.size(), 0) != 0) throw_errno("mq_send");
  }
  void receive_waiting() override {
    char text[kRoom];
    set_waiting(true);
    if (::mq_receive(fd_.get(), text, sizeof text, nullptr) < 0) throw_errno("mq_receive");
  }

 private:
  void set_waiting(bool waits) {
    mq_attr attributes{};
    attributes.mq_flags = waits ? 0 : O_NONBLOCK;
    if (::mq_setattr(fd_.get(), &attributes, nullptr) != 0) throw_errno("mq_setattr");
  }

  PosixMq queue_;
  UniqueFd fd_;
};

}  // namespace

std::vector<QueueMaker> queue_makers() {
  return {{"sysv-mq", [](RunDir& run) { return std::make_unique<SysvMessages>(run); }},
          {"posix-mq", [](RunDir& run) { return std::make_unique<PosixMessages>(run); }}};
}

}  // namespace ipcbench
