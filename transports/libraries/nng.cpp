// nng over ipc://: a pair of connected sockets of the protocol pair0.
//
// Set up as its manual says (nng.nanomsg.org/man/v1.5.0, nng_pair.7 and nng_ipc.7): one side listens and the other
// dials. The limit of 1 MiB a message is lifted, nng_options.5. Messages are copied from and to the caller's buffer,
// nng_send.3. There is no wait `spin`: nng's own threads move messages, and a caller that tries again and again takes
// their CPU.

#include <nng/nng.h>
#include <nng/protocol/pair0/pair.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>

#include <ipcbench/transport.hpp>

namespace {

using ipcbench::plugin::option;
using ipcbench::plugin::Program;

#define TEXT_OF_VALUE(number) #number
#define TEXT_OF(number) TEXT_OF_VALUE(number)
#define NNG_VERSION TEXT_OF(NNG_MAJOR_VERSION) "." TEXT_OF(NNG_MINOR_VERSION) "." TEXT_OF(NNG_PATCH_VERSION)

// Throws what nng says of a failed call.
void require(int result, const char* call) {
  if (result != 0) throw std::runtime_error(std::string(call) + ": " + ::nng_strerror(result));
}

// Returns what an operation returns for an error of nng. A socket is closed only by its own side.
int error_of(int result) noexcept {
  if (result == NNG_ENOMEM) return -ENOMEM;
  if (result == NNG_EMSGSIZE) return -EMSGSIZE;
  return (result & NNG_ESYSERR) != 0 ? -(result & ~NNG_ESYSERR) : -EPROTO;
}

// Session has the path at which the sockets of a launch meet.
class Session {
 public:
  Session(Program program, const ipcbench_session&) : path_(program.claim_name(IPCBENCH_FILE, "nng")) {}
  Session(const Session&) = delete;
  ~Session() { ::unlink(path_.c_str()); }

  void ticket(Program program, ipcbench_place) { program.put_text("address", "ipc://" + path_); }

 private:
  std::string path_;
};

// Pair owns a socket.
class Pair {
 public:
  Pair() { require(::nng_pair0_open(&socket_), "nng_pair0_open"); }
  Pair(const Pair&) = delete;
  ~Pair() { ::nng_close(socket_); }
  nng_socket get() const noexcept { return socket_; }

 private:
  nng_socket socket_ = NNG_SOCKET_INITIALIZER;
};

// Endpoint is the open socket of one side. The consumer listens; the producer dials once it does.
class Endpoint {
 public:
  Endpoint(Program program, const ipcbench_seat& seat) : flags_(seat.wait == IPCBENCH_BLOCK ? 0 : NNG_FLAG_NONBLOCK) {
    const int buffered = std::stoi(std::string(option(seat, "buffer")));
    require(::nng_socket_set_int(pair_.get(), NNG_OPT_SENDBUF, buffered), "nng_socket_set_int");
    require(::nng_socket_set_int(pair_.get(), NNG_OPT_RECVBUF, buffered), "nng_socket_set_int");
    require(::nng_socket_set_size(pair_.get(), NNG_OPT_RECVMAXSZ, 0), "nng_socket_set_size");
    const std::string address = program.get_text("address");
    if (seat.place.role == IPCBENCH_CONSUMER) {
      require(::nng_listen(pair_.get(), address.c_str(), nullptr, 0), "nng_listen");
      program.publish("listens");
    } else {
      program.await_peer();
      require(::nng_dial(pair_.get(), address.c_str(), nullptr, 0), "nng_dial");
    }
    if (seat.wait == IPCBENCH_POLL) {
      require(::nng_socket_get_int(pair_.get(), NNG_OPT_RECVFD, &receivable_), "nng_socket_get_int");
      require(::nng_socket_get_int(pair_.get(), NNG_OPT_SENDFD, &sendable_), "nng_socket_get_int");
    }
  }

  int watched() const noexcept {
    int descriptor = -1;
    ::nng_socket_get_int(pair_.get(), NNG_OPT_RECVFD, &descriptor);
    return descriptor;
  }

  int send(const void* bytes, std::size_t size) noexcept {
    return until_done(sendable_, [&](nng_socket socket, int flags) {
      return ::nng_send(socket, const_cast<void*>(bytes), size, flags);
    });
  }
  int receive(void* bytes, std::size_t room, std::size_t& size) noexcept {
    return until_done(receivable_, [&](nng_socket socket, int flags) {
      size = room;
      return ::nng_recv(socket, bytes, &size, flags);
    });
  }

 private:
  // Makes `call(socket, flags)` until it is done. With the wait `poll`, poll(2) waits for `descriptor` in between.
  template <class Call>
  int until_done(int descriptor, Call call) const noexcept {
    int result = 0;
    while ((result = call(pair_.get(), flags_)) != 0) {
      if (result != NNG_EAGAIN && result != NNG_EINTR) return error_of(result);
      if (descriptor < 0) continue;
      pollfd watched{descriptor, POLLIN, 0};
      if (::poll(&watched, 1, -1) < 0 && errno != EINTR) return -errno;
    }
    return 0;
  }

  int flags_;
  int receivable_ = -1;  // descriptors of nng's, of the wait `poll` alone: they cost a system call a message
  int sendable_ = -1;
  Pair pair_;
};

constexpr const char* kBuffers[] = {"0", "1", "16", "128", nullptr};
constexpr ipcbench_option kOptions[] = {
    {"buffer", "0", kBuffers, "messages that a socket queues in each direction: NNG_OPT_SENDBUF and NNG_OPT_RECVBUF"},
};

// Refuses a library of another version than the rows would name.
void require_named_version() {
  const std::string loaded = ::nng_version();
  if (loaded != NNG_VERSION) {
    throw std::runtime_error("built for nng " NNG_VERSION ", but " + loaded + " is installed: build it again");
  }
}

struct Nng {
  using Session = ::Session;
  using Endpoint = ::Endpoint;
  static void probe(Program) { require_named_version(); }
  static constexpr ipcbench_info info() {
    ipcbench_info info{};
    info.name = "nng";
    info.summary = "nng pair0 over ipc://, messages copied from and to the caller's buffer";
    info.family = "message library";
    info.subject = "nng " NNG_VERSION;
    info.language = "C";
    info.shape = IPCBENCH_MESSAGE;
    info.waits = IPCBENCH_BLOCK | IPCBENCH_POLL;
    info.traits = IPCBENCH_POLLABLE | IPCBENCH_CROSSES_HOSTS | IPCBENCH_ACCESS_CONTROL;
    info.copies = 4;
    info.options = kOptions;
    info.option_count = sizeof kOptions / sizeof *kOptions;
    return info;
  }
};

}  // namespace

IPCBENCH_PLUGIN("1.0", Nng)
