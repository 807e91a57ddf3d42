#include "harness/ipc/posix_mq.h"

#include <fcntl.h>
#include <mqueue.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/io.h"

namespace ipcbench {
namespace {

// The kernel counts two records of 48 bytes per message: the message, and a node of the tree of priorities.
constexpr std::size_t kChargePerMessage = 96;
constexpr std::size_t kUsualDepth = 10;  // msg_default and msg_max, as the kernel sets them
constexpr std::size_t kUsualMessage = 8192;
constexpr std::size_t kUsualQueues = 256;

std::size_t mqueue_sysctl(const char* name, std::size_t otherwise) {
  const std::string text = read_line(fmt::format("/proc/sys/fs/mqueue/{}", name)).value_or("");
  std::size_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::size_t rlimit_msgqueue() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_MSGQUEUE, &limit) != 0) throw_errno("getrlimit RLIMIT_MSGQUEUE");
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<std::size_t>::max() : limit.rlim_cur;
}

// Throws after a failed mq_open, with errno and the limit that may be behind it.
[[noreturn]] void throw_refused(const std::string& name, std::size_t depth, std::size_t message_size) {
  const int error = errno;
  const std::string queue = fmt::format("mq_open {} of {} messages of {} bytes", name, depth, message_size);
  const std::size_t allowed = error == EMFILE ? rlimit_msgqueue() : 0;
  errno = error;
  switch (error) {
    case EMFILE:
      // throw_errno() would name RLIMIT_NOFILE, which isn't the limit here.
      throw std::system_error(error, std::generic_category(),
                              fmt::format("{}, which takes {} bytes of this user's RLIMIT_MSGQUEUE of {}", queue,
                                          posix_mq_charge(depth, message_size), allowed));
    case ENOSPC:
      throw_errno("{}: /proc/sys/fs/mqueue/queues_max allows no more queues", queue);
    case EINVAL:
      throw_errno("{}: /proc/sys/fs/mqueue/msg_max or msgsize_max is less", queue);
    default:
      throw_errno("{}", queue);
  }
}

BufferSize default_depth(BufferDirection direction, std::uint64_t depth) {
  const bool by_most = mqueue_sysctl("msg_max", kUsualDepth) <= depth;
  return size_of_default(Buffer::posix_queue, direction, depth, kUsualDepth,
                         by_most ? HostLimit::mqueue_msg_max : HostLimit::mqueue_msg_default);
}

}  // namespace

PosixMq::PosixMq(std::string name, std::size_t depth, std::size_t message_size) : name_(std::move(name)) {
  mq_attr attributes{};
  attributes.mq_maxmsg = static_cast<long>(depth);
  attributes.mq_msgsize = static_cast<long>(message_size);
  const UniqueFd queue(::mq_open(name_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600, &attributes));
  if (!queue) throw_refused(name_, depth, message_size);
}

UniqueFd PosixMq::open(const std::string& name, int mode) {
  UniqueFd queue(::mq_open(name.c_str(), mode | O_CLOEXEC));
  if (!queue) throw_errno("mq_open {}", name);
  return queue;
}

void PosixMq::remove() noexcept {
  if (owner_.release()) ::mq_unlink(name_.c_str());
}

BufferSizes posix_mq_sizes(int queue, BufferDirection direction, std::optional<std::size_t> asked) {
  BufferSizes sizes{};
  mq_attr attributes{};
  if (::mq_getattr(queue, &attributes) != 0) return sizes;
  const auto depth = static_cast<std::uint64_t>(attributes.mq_maxmsg);
  const auto message = static_cast<std::uint64_t>(attributes.mq_msgsize);
  sizes.add(
      asked ? size_of_asked(Buffer::posix_queue, direction, depth, *asked, HostLimit::mqueue_msg_max, HostLimit::none)
            : default_depth(direction, depth));
  sizes.add(plain_size(Buffer::posix_message, direction, message));
  return sizes;
}

BufferSize posix_mq_default_depth(BufferDirection direction) {
  return default_depth(direction, posix_mq_limits().depth);
}

PosixMqLimits posix_mq_limits() {
  const std::size_t most = mqueue_sysctl("msg_max", kUsualDepth);
  return {.depth = std::min(mqueue_sysctl("msg_default", kUsualDepth), most),
          .depth_max = most,
          .msgsize_max = mqueue_sysctl("msgsize_max", kUsualMessage),
          .queues_max = mqueue_sysctl("queues_max", kUsualQueues),
          .rlimit_msgqueue = rlimit_msgqueue()};
}

std::size_t posix_mq_charge(std::size_t depth, std::size_t message_size) noexcept {
  return depth * (message_size + kChargePerMessage);
}

std::size_t posix_mq_affordable(std::size_t rlimit_msgqueue, std::size_t queues, std::size_t depth) noexcept {
  const std::size_t per_message = rlimit_msgqueue / queues / depth;
  return per_message > kChargePerMessage ? per_message - kChargePerMessage : 0;
}

bool has_posix_mq() noexcept {
  mq_attr attributes{};
  return ::mq_getattr(-1, &attributes) == 0 || errno == EBADF;
}

}  // namespace ipcbench
