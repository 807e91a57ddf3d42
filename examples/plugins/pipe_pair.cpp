// A plug-in for ipcbench: two pipes, pipe(7), one for each direction, in C++17.
//
//   c++ -std=c++17 -O2 -fPIC -shared -I/usr/include -o libpipe_pair.so pipe_pair.cpp
//   ipcbench run --plugin ./libpipe_pair.so --transport cpp-pipe,pipe

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <utility>

#include <ipcbench/transport.hpp>

namespace {

using ipcbench::plugin::Descriptor;
using ipcbench::plugin::Program;

// Pipe is one direction.
struct Pipe {
  Descriptor read_end, write_end;

  explicit Pipe(int flags) {
    std::array<int, 2> ends{};
    ipcbench::plugin::checked(::pipe2(ends.data(), O_CLOEXEC | flags), "pipe2");
    read_end = Descriptor(ends[0]);
    write_end = Descriptor(ends[1]);
  }
};

// Session has the objects of a launch, in the host process.
class Session {
 public:
  Session(Program, const ipcbench_session& asked) : forward_(flags_for(asked)), backward_(flags_for(asked)) {}

  // Gives the ends away: one that stays open here would hide a worker's death.
  void ticket(Program program, ipcbench_place place) {
    const bool produces = place.role == IPCBENCH_PRODUCER;
    program.put_descriptor("in", std::move(produces ? backward_.read_end : forward_.read_end));
    program.put_descriptor("out", std::move(produces ? forward_.write_end : backward_.write_end));
  }

 private:
  static int flags_for(const ipcbench_session& asked) { return asked.wait == IPCBENCH_SPIN ? O_NONBLOCK : 0; }

  Pipe forward_, backward_;
};

// Endpoint is an open side, in a worker.
class Endpoint {
 public:
  Endpoint(Program program, const ipcbench_seat&)
      : in_(program.take_descriptor("in")), out_(program.take_descriptor("out")) {}

  std::ptrdiff_t write_some(const void* bytes, std::size_t size) noexcept {
    return until_done([&]() noexcept { return ::write(out_.get(), bytes, size); });
  }
  std::ptrdiff_t read_some(void* bytes, std::size_t size) noexcept {
    return until_done([&]() noexcept { return ::read(in_.get(), bytes, size); });
  }
  int watched() const noexcept { return in_.get(); }

 private:
  template <class Call>
  static std::ptrdiff_t until_done(Call call) noexcept {
    ssize_t moved = 0;
    while ((moved = call()) < 0) {
      if (errno == EPIPE) return 0;
      if (errno != EINTR && errno != EAGAIN) return -errno;
    }
    return moved;
  }

  Descriptor in_, out_;
};

// PipePair is the transport.
struct PipePair {
  using Session = ::Session;
  using Endpoint = ::Endpoint;

  static constexpr ipcbench_info info() {
    ipcbench_info info{};
    info.name = "cpp-pipe";
    info.summary = "the C++ example: a pipe for each direction";
    info.family = "example";
    info.subject = "pipe(7)";
    info.language = "C++";
    info.shape = IPCBENCH_STREAM;
    info.waits = IPCBENCH_BLOCK | IPCBENCH_SPIN;
    info.traits = IPCBENCH_SEES_PEER_CLOSE | IPCBENCH_POLLABLE;
    return info;
  }
};

}  // namespace

IPCBENCH_PLUGIN("1.0", PipePair)
