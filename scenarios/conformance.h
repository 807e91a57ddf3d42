#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "harness/measure/splitmix64.h"
#include "scenarios/lane.h"
#include "scenarios/rendezvous.h"
#include "scenarios/streaming.h"

// These loops check what the measured ones don't: sizes that change from message to message, a late receiver, selection
// by kind or priority. They also check whether two messages, or two notifications, stay two. Where
// LoopSpec::message_size is below kProbeBytes, all messages are of that size.

namespace ipcbench {

inline constexpr std::size_t kFirstProbe = 24;   // bytes; the two differ, so that a swap would be seen
inline constexpr std::size_t kSecondProbe = 40;  // bytes
inline constexpr std::size_t kProbeBytes = kFirstProbe + kSecondProbe;
inline constexpr std::size_t kFloodSize = 4096;  // bytes, of the messages to a late receiver

// Returns the sizes of the two messages whose boundary is looked for.
constexpr std::array<std::size_t, 2> probe_sizes(std::size_t message_size) noexcept {
  if (message_size < kProbeBytes) return {message_size, message_size};
  return {kFirstProbe, kSecondProbe};
}

// Returns a size from 1 byte to `largest`, every power of two as likely as the next.
constexpr std::size_t varying_size(std::uint64_t seed, std::uint64_t number, std::size_t largest) noexcept {
  const std::uint64_t z = mix64(seed + kGoldenGamma * (number + 1));
  const std::size_t limit = largest >> (z % static_cast<unsigned>(std::bit_width(largest)));
  return 1 + static_cast<std::size_t>((z >> 8) % limit);
}

// Sends messages there and back, then one way only, none as long as the one before it.
template <Lane L>
bool exchange_varying_sizes(L& lane, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  const auto in_turn = [&](Role sender, std::uint64_t number) noexcept {
    if (spec.message_size >= kProbeBytes) lane.resize(varying_size(spec.seed, number, spec.message_size));
    return role == sender ? lane.put() : lane.take();
  };
  std::uint64_t number = 0;
  for (std::uint64_t i = 0; i < spec.block_ops; ++i) {
    if (!in_turn(Role::producer, number++) || !in_turn(Role::consumer, number++)) return false;
  }
  for (std::uint64_t i = 0; i < spec.block_ops; ++i) {
    if (!in_turn(Role::producer, number++)) return false;
  }
  meet(log, role);
  return true;
}

// Returns the value of `count`, which another process raises from 0, once it is `all` or hasn't changed for 50 ms.
inline std::uint64_t at_standstill(std::uint64_t& count, std::uint64_t all) noexcept {
  constexpr timespec kNap{.tv_sec = 0, .tv_nsec = 1'000'000};
  constexpr int kStalled = 50;  // naps without progress
  std::uint64_t seen = 0;
  for (int naps = 0; seen < all && naps < kStalled; ++naps) {
    ::nanosleep(&kNap, nullptr);
    const std::uint64_t now = std::atomic_ref(count).load(std::memory_order_relaxed);
    if (now != seen) naps = 0;
    seen = now;
  }
  return seen;
}

// Floods a receiver that begins only when the sender has stalled or is through. All messages must still be there.
template <Lane L>
bool flood_late_receiver(L& lane, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  lane.resize(std::min(kFloodSize, spec.message_size));
  std::atomic_ref sent(log.stream_sent);
  if (role == Role::producer) {
    for (std::uint64_t i = 0; i < spec.warmup_ops; ++i) {
      if (!lane.put()) return false;
      sent.store(i + 1, std::memory_order_relaxed);
    }
  } else {
    log.probe_held = at_standstill(log.stream_sent, spec.warmup_ops);
    for (std::uint64_t i = 0; i < spec.warmup_ops; ++i) {
      if (!lane.take()) return false;
    }
  }
  meet(log, role);
  return true;
}

// Floods a late receiver over an endpoint that may lose messages. RunLog::probe_received is the number that arrived.
template <LossyEndpoint E>
bool flood_late_receiver(E& endpoint, Role role, const LoopSpec& spec, Bytes buffer, RunLog& log) noexcept {
  const std::size_t size = std::min(kFloodSize, spec.message_size);
  if (role == Role::producer) {
    for (std::uint64_t i = 0; i < spec.warmup_ops; ++i) {
      const IoStatus status = endpoint.send(ConstBytes(buffer).first(size));
      if (status != IoStatus::ok) return end_side(log.side(role), status, i);
      std::atomic_ref(log.stream_sent).store(i + 1, std::memory_order_relaxed);
    }
  } else {
    log.probe_held = at_standstill(log.stream_sent, spec.warmup_ops);
    std::uint64_t received = 0;
    for (int silences = 0; silences < kSilences; ++silences) {
      Received message{};
      while ((message = endpoint.receive(buffer)).status == IoStatus::ok) {
        if (message.size != size) return end_side(log.side(role), Failure::corrupted, received);
        ++received;
        silences = 0;
      }
      if (message.status != IoStatus::timed_out) return end_side(log.side(role), message.status, received);
    }
    log.probe_received = received;
  }
  meet(log, role);
  return true;
}

// Floods a late receiver with notifications. The number that arrived is read when no more do; one more notification
// then ends the receiver's wait.
template <NotifyEndpoint E>
bool flood_late_receiver(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  SideLog& side = log.side(role);
  std::uint64_t& arrived = log.side(Role::consumer).progress;
  const auto notify = [&](std::uint64_t number) noexcept {
    const IoStatus status = endpoint.notify();
    return status == IoStatus::ok || end_side(side, status, number);
  };
  if (role == Role::producer) {
    for (std::uint64_t i = 0; i < spec.warmup_ops; ++i) {
      if (!notify(i)) return false;
      std::atomic_ref(log.stream_sent).store(i + 1, std::memory_order_relaxed);
    }
    while (at_standstill(arrived, 1) == 0) {  // until the receiver has begun
    }
    log.probe_received = at_standstill(arrived, spec.warmup_ops);
    std::atomic_ref(log.stream_done).store(1, std::memory_order_release);
    return notify(spec.warmup_ops);
  }
  at_standstill(log.stream_sent, spec.warmup_ops);
  for (std::uint64_t count = 0; std::atomic_ref(log.stream_done).load(std::memory_order_acquire) == 0;) {
    const Awaited awaited = endpoint.await();
    if (awaited.status != IoStatus::ok) return end_side(side, awaited.status, count);
    count += awaited.count;
    std::atomic_ref(arrived).store(count, std::memory_order_relaxed);
  }
  return true;
}

template <ByteStream E>
Received receive_once(E& endpoint, Bytes buffer) noexcept {
  const std::ptrdiff_t n = endpoint.read_some(buffer);
  if (n > 0) return {IoStatus::ok, static_cast<std::size_t>(n)};
  errno = static_cast<int>(-n);
  return {n == 0 ? IoStatus::peer_closed : IoStatus::failed, 0};
}

template <MessageEndpoint E>
Received receive_once(E& endpoint, Bytes buffer) noexcept {
  return endpoint.receive(buffer);
}

template <LoanEndpoint E>
Received receive_once(E& endpoint, Bytes) noexcept {
  const View view = endpoint.acquire();
  if (view.status == IoStatus::ok) endpoint.release(view.bytes);
  return {view.status, view.bytes.size()};
}

// Sends two messages before one receive with room for both. It runs after everything that counts, since its receives
// bypass the lane's count.
template <AnyEndpoint E, Lane L>
bool probe_boundaries(E& endpoint, L& lane, Role role, const LoopSpec& spec, Bytes buffer, RunLog& log) noexcept {
  const auto [first, second] = probe_sizes(spec.message_size);
  if (role == Role::producer) {
    for (const std::size_t size : {first, second}) {
      lane.resize(size);
      if (!lane.put()) return false;
    }
  }
  meet(log, role);
  if (role == Role::consumer) {
    for (std::size_t total = 0; total < first + second;) {
      const Received received = receive_once(endpoint, buffer);
      if (received.status != IoStatus::ok) return end_side(log.side(role), received.status, lane.taken());
      if (total == 0) log.probe_received = received.size;
      total += received.size;
    }
  }
  meet(log, role);
  return true;
}

// Sends two messages before any is received, the later one of kind 1 or urgent, and asks for the later one first.
// `send` and `receive` are told which is meant; `message`, the start of the receive buffer, then holds what came. Its
// receives bypass the lane's count.
template <class Send, class Receive>
bool probe_overtaking(Role role, Bytes message, RunLog& log, std::uint64_t& first_taken, Send send,
                      Receive receive) noexcept {
  if (role == Role::producer) {
    for (const unsigned number : {0U, 1U}) {
      message[0] = static_cast<std::byte>(1 + number);
      const IoStatus status = send(number, message);
      if (status != IoStatus::ok) return end_side(log.side(role), status, number);
    }
  }
  meet(log, role);
  if (role == Role::consumer) {
    for (const unsigned number : {1U, 0U}) {
      const Received received = receive(number);
      if (received.status != IoStatus::ok) return end_side(log.side(role), received.status, number);
      if (number == 1) first_taken = std::to_integer<std::uint64_t>(message[0]);
    }
  }
  meet(log, role);
  return true;
}

template <AnyEndpoint E>
bool probe_kinds(E& endpoint, Role role, Bytes buffer, Bytes message, RunLog& log) noexcept {
  if constexpr (SelectiveEndpoint<E>) {
    return probe_overtaking(
        role, message, log, log.probe_selected,
        [&](unsigned kind, ConstBytes out) noexcept { return endpoint.send_as(kind, out); },
        [&](unsigned kind) noexcept { return endpoint.receive_as(kind, buffer); });
  } else {
    return true;
  }
}

template <AnyEndpoint E>
bool probe_priorities(E& endpoint, Role role, Bytes buffer, Bytes message, RunLog& log) noexcept {
  if constexpr (PriorityEndpoint<E>) {
    return probe_overtaking(
        role, message, log, log.probe_urgent,
        [&](unsigned priority, ConstBytes out) noexcept { return endpoint.send_urgent(priority, out); },
        [&](unsigned) noexcept { return endpoint.receive(buffer); });
  } else {
    return true;
  }
}

template <AnyEndpoint E>
void run_conformance(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
  enter_phase(log.side(role), Phase::streaming);
  LaneFor<E> lane(endpoint, role, spec, log);
  if constexpr (NotifyEndpoint<E>) {
    for (std::uint64_t i = 0; i < spec.block_ops; ++i) {
      if (role == Role::producer ? !lane.put() || !lane.take() : !lane.take() || !lane.put()) return;
    }
    if (spec.warmup_ops != 0) flood_late_receiver(endpoint, role, spec, log);
  } else if constexpr (LossyEndpoint<E>) {
    const Mapping room = Mapping::private_anonymous(std::max(spec.message_size, 2 * kProbeBytes));
    const Bytes buffer(room.data(), room.size());
    if (spec.warmup_ops != 0 && !flood_late_receiver(endpoint, role, spec, buffer, log)) return;
    if (spec.warmup_ops == 0) probe_boundaries(endpoint, lane, role, spec, buffer, log);
  } else {
    const Mapping room = Mapping::private_anonymous(std::max(spec.message_size, 2 * kProbeBytes));
    const Bytes buffer(room.data(), room.size());
    const Bytes message = buffer.first(std::min(spec.message_size, kProbeBytes));
    exchange_varying_sizes(lane, role, spec, log) && flood_late_receiver(lane, role, spec, log) &&
        probe_boundaries(endpoint, lane, role, spec, buffer, log) &&
        probe_kinds(endpoint, role, buffer, message, log) && probe_priorities(endpoint, role, buffer, message, log);
  }
}

}  // namespace ipcbench
