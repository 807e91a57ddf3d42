#pragma once

#include <cstddef>
#include <optional>

#include "harness/descriptors/pipe_buffer.h"
#include "harness/sdk/transport.h"

namespace ipcbench {

// Returns the option `capacity` of transports over pipes: the bytes that F_SETPIPE_SZ is asked for.
OptionInfo pipe_capacity_option();

// PipeBuffers knows the pipe size that a session's option asks for, and reads what the kernel made of it.
class PipeBuffers {
 public:
  explicit PipeBuffers(const OptionValues& options) : asked_(asked_size(options, "capacity")) {}

  // Sets the capacity of the pipe behind `fd` to what the option asks for, if anything. Throws std::system_error.
  void ask(int fd) const {
    if (asked_) set_pipe_size(fd, *asked_);
  }
  // Registers the pipe that this side writes, for sizes(). The endpoint must keep `fd` open.
  void watch(int fd) noexcept { fd_ = fd; }

  // Returns the value of Session::buffers().
  BufferSizes sizes(Role role) const;
  // Returns the value of Transport::buffers_here(): the size of a new pipe, for both directions.
  BufferSizes sizes_here() const;
  // capacity() is the value of Capabilities::in_flight_bytes; refusal() is the reason that option_refusal() and probe()
  // give, "" if there is none.
  std::size_t capacity() const noexcept { return asked_ ? rounded_pipe_size(*asked_) : usual_pipe_size(); }
  std::string refusal() const { return pipe_refusal(asked_); }

 private:
  std::optional<std::size_t> asked_;
  int fd_ = -1;
};

}  // namespace ipcbench
