// ZeroMQ over ipc://: a pair of connected sockets, zmq_socket(3), of libzmq.
//
// Set up as its documentation says: one context a process (zguide.zeromq.org/docs/chapter1, "Getting the Context
// Right"), which is made after the fork; one side binds and the other connects (zmq_ipc(7)); one I/O thread, the
// default (zmq_ctx_set(3)); a linger period, so that closing ends (zmq_setsockopt(3)).
// `zeromq` copies from and to the caller's buffer, zmq_send(3); `zeromq-loan` builds and reads a zmq_msg_t in place,
// zmq_msg_send(3).

#include <unistd.h>
#include <zmq.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <ipcbench/transport.hpp>

namespace {

using ipcbench::plugin::option;
using ipcbench::plugin::Program;

#define TEXT_OF_VALUE(number) #number
#define TEXT_OF(number) TEXT_OF_VALUE(number)
constexpr const char* kVersion =
    TEXT_OF(ZMQ_VERSION_MAJOR) "." TEXT_OF(ZMQ_VERSION_MINOR) "." TEXT_OF(ZMQ_VERSION_PATCH);
constexpr const char* kSubject =
    "libzmq " TEXT_OF(ZMQ_VERSION_MAJOR) "." TEXT_OF(ZMQ_VERSION_MINOR) "." TEXT_OF(ZMQ_VERSION_PATCH);

constexpr int kLingerMs = 1000;  // how long a closing side tries to hand on what its peer hasn't taken

// Returns the result of a call of libzmq; throws std::system_error with the call's name and libzmq's text.
template <class Result>
Result checked(Result result, const char* call) {
  if (result >= 0) return result;
  if (errno < ZMQ_HAUSNUMERO) throw std::system_error(errno, std::generic_category(), call);
  throw std::runtime_error(std::string(call) + ": " + ::zmq_strerror(errno));
}

// Returns the process's only context, which ends with the last side that has it.
std::shared_ptr<void> context_of_process(int io_threads) {
  static std::weak_ptr<void> shared;
  std::shared_ptr<void> context = shared.lock();
  if (context != nullptr) return context;
  context = std::shared_ptr<void>(::zmq_ctx_new(), [](void* made) {
    while (made != nullptr && ::zmq_ctx_term(made) != 0 && errno == EINTR) {
    }
  });
  if (context == nullptr) throw std::system_error(errno, std::generic_category(), "zmq_ctx_new");
  checked(::zmq_ctx_set(context.get(), ZMQ_IO_THREADS, io_threads), "zmq_ctx_set");
  shared = context;
  return context;
}

// Session has the path at which the sockets of a launch meet.
class Session {
 public:
  Session(Program program, const ipcbench_session&) : path_(program.claim_name(IPCBENCH_FILE, "zeromq")) {}
  Session(const Session&) = delete;
  ~Session() { ::unlink(path_.c_str()); }

  void ticket(Program program, ipcbench_place) { program.put_text("address", "ipc://" + path_); }

 private:
  std::string path_;
};

// Socket is the open socket of one side. The consumer binds; the producer connects once it has.
class Socket {
 public:
  Socket(Program program, const ipcbench_seat& seat)
      : context_(context_of_process(std::stoi(std::string(option(seat, "io-threads"))))),
        waits_by_poll_(seat.wait == IPCBENCH_POLL),
        flags_(seat.wait == IPCBENCH_BLOCK ? 0 : ZMQ_DONTWAIT),
        socket_(::zmq_socket(context_.get(), option(seat, "socket") == "dealer" ? ZMQ_DEALER : ZMQ_PAIR)) {
    if (socket_ == nullptr) throw std::system_error(errno, std::generic_category(), "zmq_socket");
    const int high_water_mark = std::stoi(std::string(option(seat, "hwm")));
    set(ZMQ_SNDHWM, high_water_mark);
    set(ZMQ_RCVHWM, high_water_mark);
    set(ZMQ_LINGER, kLingerMs);
    const std::string address = program.get_text("address");
    if (seat.place.role == IPCBENCH_CONSUMER) {
      checked(::zmq_bind(socket_.get(), address.c_str()), "zmq_bind");
      program.publish("bound");
    } else {
      program.await_peer();
      checked(::zmq_connect(socket_.get(), address.c_str()), "zmq_connect");
    }
  }

 protected:
  // Makes `call(socket, flags)` until it is done. With the wait `poll`, zmq_poll(3) waits for `event` in between.
  template <class Call>
  int until_done(short event, Call call) const noexcept {
    int result = 0;
    while ((result = call(socket_.get(), flags_)) < 0) {
      if (errno == EAGAIN && waits_by_poll_) {
        zmq_pollitem_t item{socket_.get(), -1, event, 0};
        if (::zmq_poll(&item, 1, -1) < 0 && errno != EINTR) return -errno;
      } else if (errno != EINTR && errno != EAGAIN) {
        return -errno;
      }
    }
    return result;
  }

 private:
  struct Close {
    void operator()(void* socket) const noexcept { ::zmq_close(socket); }
  };

  void set(int name, int value) {
    checked(::zmq_setsockopt(socket_.get(), name, &value, sizeof value), "zmq_setsockopt");
  }

  std::shared_ptr<void> context_;
  bool waits_by_poll_;
  int flags_;
  std::unique_ptr<void, Close> socket_;
};

// CopyingEndpoint sends from and receives into the caller's buffer.
class CopyingEndpoint : public Socket {
 public:
  using Socket::Socket;

  int send(const void* bytes, std::size_t size) noexcept {
    const int result =
        until_done(ZMQ_POLLOUT, [&](void* socket, int flags) { return ::zmq_send(socket, bytes, size, flags); });
    return result < 0 ? result : 0;
  }
  int receive(void* bytes, std::size_t room, std::size_t& size) noexcept {
    const int result =
        until_done(ZMQ_POLLIN, [&](void* socket, int flags) { return ::zmq_recv(socket, bytes, room, flags); });
    if (result < 0) return result;
    size = static_cast<std::size_t>(result);
    return 0;
  }
};

// LoanEndpoint builds and reads messages where libzmq keeps them.
class LoanEndpoint : public Socket {
 public:
  LoanEndpoint(Program program, const ipcbench_seat& seat) : Socket(program, seat) {
    ::zmq_msg_init(&lent_);
    ::zmq_msg_init(&acquired_);
  }
  LoanEndpoint(const LoanEndpoint&) = delete;
  ~LoanEndpoint() {
    ::zmq_msg_close(&lent_);
    ::zmq_msg_close(&acquired_);
  }

  int loan(std::size_t size, void*& bytes) noexcept {
    ::zmq_msg_close(&lent_);
    if (::zmq_msg_init_size(&lent_, size) != 0) {
      const int error = errno;
      ::zmq_msg_init(&lent_);
      return -error;
    }
    bytes = ::zmq_msg_data(&lent_);
    return 0;
  }
  // A sent message is empty again.
  int publish(void*, std::size_t) noexcept {
    const int result =
        until_done(ZMQ_POLLOUT, [&](void* socket, int flags) { return ::zmq_msg_send(&lent_, socket, flags); });
    return result < 0 ? result : 0;
  }
  int acquire(const void*& bytes, std::size_t& size) noexcept {
    const int result =
        until_done(ZMQ_POLLIN, [&](void* socket, int flags) { return ::zmq_msg_recv(&acquired_, socket, flags); });
    if (result < 0) return result;
    bytes = ::zmq_msg_data(&acquired_);
    size = ::zmq_msg_size(&acquired_);
    return 0;
  }
  void release(const void*, std::size_t) noexcept {
    ::zmq_msg_close(&acquired_);
    ::zmq_msg_init(&acquired_);
  }

 private:
  zmq_msg_t lent_;
  zmq_msg_t acquired_;
};

constexpr const char* kMarks[] = {"1000", "1", "10", "100", nullptr};
constexpr const char* kThreads[] = {"1", "2", nullptr};
constexpr const char* kSockets[] = {"pair", "dealer", nullptr};
constexpr ipcbench_option kOptions[] = {
    {"hwm", "1000", kMarks, "messages that a socket queues in each direction: ZMQ_SNDHWM and ZMQ_RCVHWM"},
    {"io-threads", "1", kThreads, "threads of the context that move messages: ZMQ_IO_THREADS"},
    {"socket", "pair", kSockets, "type of both sockets: ZMQ_PAIR or ZMQ_DEALER"},
};

constexpr ipcbench_info common_info() {
  ipcbench_info info{};
  info.family = "message library";
  info.subject = kSubject;
  info.language = "C++";
  info.waits = IPCBENCH_BLOCK | IPCBENCH_SPIN | IPCBENCH_POLL;
  info.traits = IPCBENCH_CROSSES_HOSTS | IPCBENCH_ACCESS_CONTROL;
  info.options = kOptions;
  info.option_count = sizeof kOptions / sizeof *kOptions;
  return info;
}

// Refuses a library of another version than the rows would name.
void require_named_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  ::zmq_version(&major, &minor, &patch);
  const std::string loaded = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  if (loaded != kVersion) {
    throw std::runtime_error("built for libzmq " + std::string(kVersion) + ", but " + loaded +
                             " is installed: build it again");
  }
}

struct ZeroMq {
  using Session = ::Session;
  using Endpoint = CopyingEndpoint;
  static void probe(Program) { require_named_version(); }
  static constexpr ipcbench_info info() {
    ipcbench_info info = common_info();
    info.name = "zeromq";
    info.summary = "ZeroMQ over ipc://, messages copied from and to the caller's buffer";
    info.shape = IPCBENCH_MESSAGE;
    info.copies = 4;
    return info;
  }
};

struct ZeroMqLoan {
  using Session = ::Session;
  using Endpoint = LoanEndpoint;
  static void probe(Program) { require_named_version(); }
  static constexpr ipcbench_info info() {
    ipcbench_info info = common_info();
    info.name = "zeromq-loan";
    info.summary = "ZeroMQ over ipc://, messages built and read in a zmq_msg_t";
    info.shape = IPCBENCH_LOAN;
    info.copies = 2;
    return info;
  }
};

}  // namespace

IPCBENCH_PLUGIN("1.0", ZeroMq, ZeroMqLoan)
