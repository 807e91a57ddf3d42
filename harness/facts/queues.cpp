#include "harness/facts/queues.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/ipc.h>
#include <sys/msg.h>

#include <cerrno>
#include <cstring>

#include "harness/os/error.h"
#include "harness/os/posix_mq.h"
#include "harness/os/sysv_queue.h"

namespace ipcbench {
namespace {

constexpr std::size_t kDepth = 4;
constexpr std::size_t kRoom = 16;

class SysvMessages final : public AnyQueue {
 public:
  explicit SysvMessages(RunDir& run) : queue_(run), id_(queue_.find()) {}

  void send(int type, const std::string& message) override {
    Message out{.type = type, .text = {}};
    std::memcpy(out.text, message.data(), message.size());
    if (::msgsnd(id_, &out, message.size(), IPC_NOWAIT) != 0) throw_errno("msgsnd");
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

 private:
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

 private:
  PosixMq queue_;
  UniqueFd fd_;
};

}  // namespace

std::vector<QueueMaker> queue_makers() {
  return {{"sysv-mq", [](RunDir& run) { return std::make_unique<SysvMessages>(run); }},
          {"posix-mq", [](RunDir& run) { return std::make_unique<PosixMessages>(run); }}};
}

}  // namespace ipcbench
