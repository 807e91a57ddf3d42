// Boost.Interprocess message_queue: a queue in shared memory for each direction, guarded by a process-shared mutex and
// two condition variables.
//
// Set up as its documentation says (boost.org/doc/libs/1_74_0/doc/html/interprocess/synchronization_mechanisms.html,
// "Message Queue"): one process makes the queue with its capacity and largest message, the others open it by name, and
// the capacity of its example is the default. No message is refused for its priority: all have 0.

#include <sys/statvfs.h>

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/interprocess/ipc/message_queue.hpp>
#include <boost/version.hpp>
#include <ipcbench/transport.hpp>

namespace {

namespace interprocess = boost::interprocess;
using ipcbench::plugin::option;
using ipcbench::plugin::Program;

// A queue's memory is its capacity in messages of this size; twice 100 of them fit into the /dev/shm of a container.
constexpr std::uint64_t kLargestMessage = 256 * 1024;
constexpr std::uint64_t kHeader = 64;  // more than a message's own bookkeeping takes

struct Text {
  char characters[64] = {};
};
// Returns "Boost.Interprocess 1.74"; the headers spell the version 1_74.
constexpr Text subject() {
  Text text;
  std::size_t size = 0;
  for (const char c : std::string_view("Boost.Interprocess " BOOST_LIB_VERSION)) {
    text.characters[size++] = c == '_' ? '.' : c;
  }
  return text;
}
constexpr Text kSubject = subject();

// SharedQueue owns the queue of one direction and its name.
class SharedQueue {
 public:
  SharedQueue(Program program, const char* stem, std::size_t capacity, std::size_t message_size)
      : name_(program.claim_name(IPCBENCH_POSIX_SHM, stem)) {
    interprocess::message_queue(interprocess::create_only, name_.c_str(), capacity, message_size);
  }
  SharedQueue(const SharedQueue&) = delete;
  ~SharedQueue() { remove(); }

  const std::string& name() const noexcept { return name_; }
  void remove() noexcept { interprocess::message_queue::remove(name_.c_str()); }

 private:
  std::string name_;
};

// Refuses what the file system of shared memory can't hold. A page of a queue is taken when it is first written, which
// is a SIGBUS if none is left: neither queue's pages show in the free space of the other's check.
void require_space_of_both(std::size_t capacity, std::size_t message_size) {
  struct statvfs space {};
  if (::statvfs("/dev/shm", &space) != 0) return;
  const std::uint64_t needed = 2 * std::uint64_t{capacity} * (message_size + kHeader);
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  if (needed > free) {
    throw std::runtime_error("two queues of " + std::to_string(capacity) + " messages take " + std::to_string(needed) +
                             " bytes, and /dev/shm has " + std::to_string(free));
  }
}

// Session has the queues of a launch, in the host process.
class Session {
 public:
  Session(Program program, const ipcbench_session& asked)
      : capacity_(capacity_of(asked)),
        forward_(program, "boost-forward", capacity_, asked.message_size),
        backward_(program, "boost-backward", capacity_, asked.message_size) {}

  void ticket(Program program, ipcbench_place place) {
    const bool produces = place.role == IPCBENCH_PRODUCER;
    program.put_text("in", (produces ? backward_ : forward_).name());
    program.put_text("out", (produces ? forward_ : backward_).name());
  }
  void attached() noexcept {
    forward_.remove();
    backward_.remove();
  }

 private:
  static std::size_t capacity_of(const ipcbench_session& asked) {
    const std::size_t capacity = std::stoul(std::string(option(asked, "capacity")));
    require_space_of_both(capacity, asked.message_size);
    return capacity;
  }

  std::size_t capacity_;
  SharedQueue forward_, backward_;
};

// Endpoint is an open side, in a worker. Both calls copy while they hold the queue's mutex.
class Endpoint {
 public:
  Endpoint(Program program, const ipcbench_seat& seat)
      : spins_(seat.wait == IPCBENCH_SPIN),
        in_(interprocess::open_only, program.get_text("in").c_str()),
        out_(interprocess::open_only, program.get_text("out").c_str()) {
    if (in_.get_max_msg_size() > seat.message_size) {
      throw std::runtime_error("receive() needs room for " + std::to_string(in_.get_max_msg_size()) + " bytes");
    }
  }

  int send(const void* bytes, std::size_t size) {
    if (spins_) {
      while (!out_.try_send(bytes, size, kPriority)) {
      }
    } else {
      out_.send(bytes, size, kPriority);
    }
    return 0;
  }
  int receive(void* bytes, std::size_t room, std::size_t& size) {
    interprocess::message_queue::size_type received = 0;
    unsigned priority = 0;
    if (spins_) {
      while (!in_.try_receive(bytes, room, received, priority)) {
      }
    } else {
      in_.receive(bytes, room, received, priority);
    }
    size = received;
    return 0;
  }

 private:
  static constexpr unsigned kPriority = 0;

  bool spins_;
  interprocess::message_queue in_, out_;
};

constexpr const char* kCapacities[] = {"100", "2", "10", nullptr};
constexpr ipcbench_option kOptions[] = {
    {"capacity", "100", kCapacities, "messages that a queue holds: max_num_msg of its constructor"},
};

struct BoostMessageQueue {
  using Session = ::Session;
  using Endpoint = ::Endpoint;

  static constexpr ipcbench_info info() {
    ipcbench_info info{};
    info.name = "boost-message-queue";
    info.summary = "Boost.Interprocess message_queue, one for each direction";
    info.family = "message library";
    info.subject = kSubject.characters;
    info.language = "C++";
    info.shape = IPCBENCH_MESSAGE;
    info.waits = IPCBENCH_BLOCK | IPCBENCH_SPIN;
    info.traits = IPCBENCH_ACCESS_CONTROL;
    info.largest_message = kLargestMessage;
    info.copies = 2;
    info.options = kOptions;
    info.option_count = sizeof kOptions / sizeof *kOptions;
    return info;
  }
};

}  // namespace

IPCBENCH_PLUGIN("1.0", BoostMessageQueue)
