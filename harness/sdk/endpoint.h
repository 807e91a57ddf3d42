#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "harness/ipc/buffer_size.h"
#include "harness/measure/bytes.h"
#include "harness/measure/run_log.h"

// An endpoint carries the bytes of one mechanism. It is a concrete noexcept type that models one of four concepts:
// ByteStream, MessageEndpoint, LoanEndpoint or NotifyEndpoint. It handles EAGAIN and EINTR itself, by its wait
// strategy; the loops of scenarios/ never see them.

namespace ipcbench {

enum class IoStatus : std::uint8_t {
  ok,
  peer_closed,
  timed_out,  // only of a transport that may lose: nothing arrived for SessionConfig::quiet
  failed,     // errno says why
};
struct Received {
  IoStatus status;
  std::size_t size;
};  // what arrived, so that cuts and boundaries are seen
struct Awaited {
  IoStatus status;
  std::uint64_t count;
};  // notifications taken at once
struct Loan {
  IoStatus status;
  Bytes bytes;
};
struct View {
  IoStatus status;
  ConstBytes bytes;
};

// A ByteStream has no message boundaries. Short reads and writes are legal: the loops continue where a call stopped.
template <class E>
concept ByteStream = requires(E e, ConstBytes out, Bytes in) {
  { e.write_some(out) } noexcept -> std::same_as<std::ptrdiff_t>;  // > 0 bytes, 0 peer closed, -errno
  { e.read_some(in) } noexcept -> std::same_as<std::ptrdiff_t>;
};

// A MessageEndpoint keeps message boundaries: one send is one receive. Receive buffers hold at least
// SessionConfig::message_size bytes. A longer message is reported with its own size, is truncated, or fails.
template <class E>
concept MessageEndpoint = requires(E e, ConstBytes out, Bytes in) {
  { e.send(out) } noexcept -> std::same_as<IoStatus>;
  { e.receive(in) } noexcept -> std::same_as<Received>;
};

// A LossyEndpoint may lose messages (Capabilities::reliable is false). In a stream, messages carry their sequence
// number in clear and losses are counted. receive() returns timed_out after SessionConfig::quiet without a message, or
// a little later; in ping-pong it may wait forever.
template <class E>
concept LossyEndpoint = MessageEndpoint<E> && E::kMayLose;

// A SelectiveEndpoint carries messages of several kinds, numbered from 0. receive_as() takes the first message of one
// kind and leaves the others; send() and receive() use kind 0.
template <class E>
concept SelectiveEndpoint = MessageEndpoint<E> && requires(E e, unsigned kind, ConstBytes out, Bytes in) {
  { e.send_as(kind, out) } noexcept -> std::same_as<IoStatus>;
  { e.receive_as(kind, in) } noexcept -> std::same_as<Received>;
};

// A PriorityEndpoint delivers by priority: receive() takes the first message of the highest priority present. send()
// gives a message the lowest priority, 0.
template <class E>
concept PriorityEndpoint = MessageEndpoint<E> && requires(E e, unsigned priority, ConstBytes out) {
  { e.send_urgent(priority, out) } noexcept -> std::same_as<IoStatus>;
};

// A LoanEndpoint carries messages without copies. The sender builds a message in the bytes that loan() lends; the
// receiver reads it in place until release().
template <class E>
concept LoanEndpoint = requires(E e, std::size_t n, Bytes loaned, ConstBytes view) {
  { e.loan(n) } noexcept -> std::same_as<Loan>;
  { e.publish(loaned) } noexcept -> std::same_as<IoStatus>;
  { e.acquire() } noexcept -> std::same_as<View>;
  { e.release(view) } noexcept;
};

// A NotifyEndpoint carries notifications only. await() may take several at once and returns their number.
template <class E>
concept NotifyEndpoint = requires(E e) {
  { e.notify() } noexcept -> std::same_as<IoStatus>;
  { e.await() } noexcept -> std::same_as<Awaited>;
};

template <class E>
concept AnyEndpoint = ByteStream<E> || MessageEndpoint<E> || LoanEndpoint<E> || NotifyEndpoint<E>;

// A Prepared endpoint must know the loop that it is about to run. prepare() is called once, before the loop begins.
template <class E>
concept Prepared = requires(E e, Role role, const LoopSpec& spec) {
  { e.prepare(role, spec) } noexcept;
};

struct Channel;  // channel.h

// An Endpoint is one side of an open session, in its worker. run() is the only virtual call near a measurement, made
// once per launch.
class Endpoint {
 public:
  virtual ~Endpoint();
  virtual void run(Role role, const LoopSpec& spec, RunLog& log) = 0;
  // Returns the same side for a loop over channels, which is valid as long as the endpoint. Called once, instead of
  // run().
  virtual Channel channel(Role role, const LoopSpec& spec) noexcept = 0;
  // Ends the side when its loop is done: a channel is invalid from now on. Returns what it has against the launch
  // beside its messages, "" if nothing. Called at most once.
  virtual std::string end() { return ""; }

  // Returns the sizes of this side's buffers as they are now: those that hold what it sends, and its own for what it
  // receives. They are stored with the launch; none where the transport reports none. Throws std::system_error.
  BufferSizes buffers() const;
  void report_buffers_by(std::function<BufferSizes()> read);
  // Keeps what the endpoint uses and doesn't own, such as the memory behind a reference, until after its destruction.
  void keep(std::shared_ptr<void> object);

 private:
  std::function<BufferSizes()> read_buffers_;
  std::vector<std::shared_ptr<void>> kept_;
};

// Returns `endpoint`, which reports its buffers by `read()` from now on. What `read` uses must live as long.
std::unique_ptr<Endpoint> with_buffers(std::unique_ptr<Endpoint> endpoint, std::function<BufferSizes()> read);

// Returns `endpoint`, which keeps `object`: a mapping, descriptors.
template <class T>
std::unique_ptr<Endpoint> keeping(std::unique_ptr<Endpoint> endpoint, T object) {
  endpoint->keep(std::make_shared<T>(std::move(object)));
  return endpoint;
}

}  // namespace ipcbench
