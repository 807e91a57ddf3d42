#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include "harness/measure/bytes.h"
#include "harness/measure/run_log.h"

// What carries the bytes: one concrete noexcept type per mechanism that models one of the four concepts below. EAGAIN
// and EINTR are dealt with inside it, by its wait strategy; the loops of scenarios/ never see them.

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

// Short reads and writes are legal: the loops go on where one ended.
template <class E>
concept ByteStream = requires(E e, ConstBytes out, Bytes in) {
  { e.write_some(out) }
  noexcept->std::same_as<std::ptrdiff_t>;  // > 0 bytes, 0 peer closed, -errno
  { e.read_some(in) }
  noexcept->std::same_as<std::ptrdiff_t>;
};

// One send is one receive. Receivers' buffers have room for SessionConfig::message_size. A message longer than that is
// reported with its own size, or cut, or fails.
template <class E>
concept MessageEndpoint = requires(E e, ConstBytes out, Bytes in) {
  { e.send(out) }
  noexcept->std::same_as<IoStatus>;
  { e.receive(in) }
  noexcept->std::same_as<Received>;
};

// One that may lose messages (Capabilities::reliable is false) says so. Streamed, its messages carry their sequence in
// clear and loss is counted; receive() returns timed_out after SessionConfig::quiet without a message, or not much
// later. In ping-pong it may wait for ever.
template <class E>
concept LossyEndpoint = MessageEndpoint<E> && E::kMayLose;

// Messages of several kinds, numbered from 0, of which receive_as() takes the first of one kind and leaves the others;
// send() and receive() use kind 0.
template <class E>
concept SelectiveEndpoint = MessageEndpoint<E> && requires(E e, unsigned kind, ConstBytes out, Bytes in) {
  { e.send_as(kind, out) }
  noexcept->std::same_as<IoStatus>;
  { e.receive_as(kind, in) }
  noexcept->std::same_as<Received>;
};

// receive() takes the first message of the highest priority that waits; send() gives each the lowest, 0.
template <class E>
concept PriorityEndpoint = MessageEndpoint<E> && requires(E e, unsigned priority, ConstBytes out) {
  { e.send_urgent(priority, out) }
  noexcept->std::same_as<IoStatus>;
};

// Zero copy: the message is built in the bytes lent by loan() and read where it lies until release().
template <class E>
concept LoanEndpoint = requires(E e, std::size_t n, Bytes loaned, ConstBytes view) {
  { e.loan(n) }
  noexcept->std::same_as<Loan>;
  { e.publish(loaned) }
  noexcept->std::same_as<IoStatus>;
  { e.acquire() }
  noexcept->std::same_as<View>;
  { e.release(view) }
  noexcept;
};

// Carries nothing but the fact.
template <class E>
concept NotifyEndpoint = requires(E e) {
  { e.notify() }
  noexcept->std::same_as<IoStatus>;
  { e.await() }
  noexcept->std::same_as<Awaited>;
};

template <class E>
concept AnyEndpoint = ByteStream<E> || MessageEndpoint<E> || LoanEndpoint<E> || NotifyEndpoint<E>;

// An endpoint that has to know what it is about to carry: told once, before the loop begins.
template <class E>
concept Prepared = requires(E e, Role role, const LoopSpec& spec) {
  { e.prepare(role, spec) }
  noexcept;
};

// One side of an open session, in its worker. The only virtual call near a measurement; made once per launch.
class Endpoint {
 public:
  virtual ~Endpoint() = default;
  virtual void run(Role role, const LoopSpec& spec, RunLog& log) = 0;
};

}  // namespace ipcbench
