#pragma once

#include "harness/process/call_counter.h"
#include "scenarios/injected.h"
#include "scenarios/lane.h"
#include "scenarios/list/scenario.h"
#include "scenarios/pilot.h"
#include "scenarios/rendezvous.h"

namespace ipcbench {

// A Flow sends or receives a stream of a given number of ops, one side each. receive() leaves the clock at its last
// verified op in RunLog::block_end. Both sides meet between two streams, so that each starts with an empty channel.
// send() is begin_send(), a put() for each op, and finish_send().
template <class F>
concept Flow = requires(F f, std::uint64_t ops, RunLog& log, const ResourceUsage& before, std::uint64_t* stamps) {
  { f.begin_send() } noexcept;
  { f.put() } noexcept -> std::same_as<bool>;
  { f.finish_send(log) } noexcept -> std::same_as<bool>;
  { f.send(ops, log) } noexcept -> std::same_as<bool>;
  { f.receive(ops, log) } noexcept -> std::same_as<bool>;  // sets block_end, block_ops_done and block_ops_sent
  { f.receive_stamped(ops, log, stamps) } noexcept -> std::same_as<bool>;  // stamps each op when it has come
  { f.settle(log) } noexcept -> std::same_as<bool>;  // the receiver, after the sender has stopped: what is still there
  {
    f.usage_at_end(before)
  } noexcept -> std::same_as<ResourceUsage>;  // either side, when its send() or receive() has just returned
};

template <Lane L>
IPCBENCH_LOOP bool put_all(L& lane, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.put()) [[unlikely]]
      return false;
  }
  return true;
}
template <Lane L>
IPCBENCH_LOOP bool take_all(L& lane, std::uint64_t count) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.take()) [[unlikely]]
      return false;
    delay_loop();
  }
  return true;
}

// Takes `count` messages and stamps each.
template <Lane L>
IPCBENCH_LOOP bool take_stamped(L& lane, std::uint64_t count, const Clock& clock, std::uint64_t* stamps) noexcept {
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!lane.take()) [[unlikely]]
      return false;
    stamps[i] = clock.end();
  }
  return true;
}

// Tell a flow whether it stamps what it receives.
struct NoStamps {};
struct StampsOf {
  void set(std::uint64_t first, std::uint64_t count, std::uint64_t ticks) const noexcept {
    for (std::uint64_t i = first; i < std::min(first + count, ops); ++i) received[i] = ticks;
  }
  std::uint64_t* received;
  std::uint64_t ops;
};
template <class S>
concept ReceivedStamps = std::same_as<S, NoStamps> || std::same_as<S, StampsOf>;

// ReliableFlow is a stream in which every message arrives, once and in order, or the launch is invalid.
template <Lane L>
class ReliableFlow {
 public:
  ReliableFlow(L& lane, const Clock& clock) noexcept : lane_(lane), clock_(clock) {}

  void begin_send() noexcept {}
  bool put() noexcept { return lane_.put(); }
  bool finish_send(RunLog&) noexcept { return true; }
  bool send(std::uint64_t ops, RunLog&) noexcept { return put_all(lane_, ops); }

  bool receive(std::uint64_t ops, RunLog& log) noexcept {
    lane_.expect_stream(ops);
    std::uint64_t done = 0;
    for (std::size_t slice = 0; slice < kSlices; ++slice) {
      const std::uint64_t last = slice_end(ops, slice);
      if (!take_all(lane_, last - done)) return false;
      done = last;
      log.slice_end_ticks[slice] = clock_.end();
    }
    log.block_end = log.slice_end_ticks.back();
    log.block_ops_done = log.block_ops_sent = ops;
    return true;
  }

  bool receive_stamped(std::uint64_t ops, RunLog& log, std::uint64_t* stamps) noexcept {
    lane_.expect_stream(ops);
    if (!take_stamped(lane_, ops, clock_, stamps)) return false;
    log.block_end = ops == 0 ? clock_.end() : stamps[ops - 1];
    log.block_ops_done = log.block_ops_sent = ops;
    return true;
  }

  bool settle(RunLog&) noexcept { return true; }
  ResourceUsage usage_at_end(const ResourceUsage&) const noexcept { return resource_usage(); }

 private:
  L& lane_;
  Clock clock_;
};

// NotifyFlow is a stream of notifications, of which the receiver may take several at once. They may merge
// (LoopSpec::merges), so that fewer arrive than were sent. Then the sender goes on until the receiver has seen the end,
// which a merged last notification would hide. If none merge it stops, since a full mechanism would make it wait and
// nobody would be left to empty it.
template <NotifyEndpoint E>
class NotifyFlow {
 public:
  NotifyFlow(E& endpoint, const LoopSpec& spec, SideLog& side) noexcept
      : endpoint_(endpoint), side_(side), clock_(spec.clock), merges_(spec.merges) {}

  void begin_send() noexcept {
    ++stream_;
    sent_ = 0;
  }
  bool put() noexcept { return notify(); }
  bool finish_send(RunLog& log) noexcept {
    std::atomic_ref(log.stream_done).store(stream_, std::memory_order_release);
    while (merges_ && std::atomic_ref(log.stream_acknowledged).load(std::memory_order_acquire) != stream_) {
      if (!notify()) [[unlikely]]
        return false;
    }
    log.stream_sent = sent_;  // read by settle(), after the rendezvous
    return true;
  }
  bool send(std::uint64_t ops, RunLog& log) noexcept {
    begin_send();
    while (sent_ < ops) {
      if (!notify()) [[unlikely]]
        return false;
    }
    return finish_send(log);
  }

  bool receive(std::uint64_t ops, RunLog& log) noexcept { return receive_all(ops, log, NoStamps{}); }
  bool receive_stamped(std::uint64_t ops, RunLog& log, std::uint64_t* stamps) noexcept {
    return receive_all(ops, log, StampsOf{stamps, ops});
  }

  // Takes what is left of this stream, which the next one must not count. Of merged notifications at most one is left,
  // which can't be told apart.
  bool settle(RunLog& log) noexcept {
    while (!merges_ && received_ < log.stream_sent) {
      if (!await()) [[unlikely]]
        return false;
    }
    return merges_ || received_ == log.stream_sent || end_side(side_, Failure::wrong_count, received_);
  }
  ResourceUsage usage_at_end(const ResourceUsage&) const noexcept { return resource_usage(); }

 private:
  template <ReceivedStamps S>
  bool receive_all(std::uint64_t ops, RunLog& log, const S& stamps) noexcept {
    const std::uint32_t stream = ++stream_;
    received_ = 0;
    while (true) {
      const std::uint64_t before = received_;
      if (!await()) [[unlikely]]
        return false;
      if constexpr (std::same_as<S, StampsOf>) stamps.set(before, received_ - before, clock_.end());
      const bool all_sent = std::atomic_ref(log.stream_done).load(std::memory_order_acquire) == stream;
      if (merges_ ? all_sent : received_ >= ops) break;
    }
    log.block_end = clock_.end();
    log.block_ops_sent = ops;
    log.block_ops_done = std::min(received_, ops);
    std::atomic_ref(log.stream_acknowledged).store(stream, std::memory_order_release);
    return true;
  }

  bool notify() noexcept {
    const IoStatus status = endpoint_.notify();
    if (status != IoStatus::ok) [[unlikely]]
      return end_side(side_, status, sent_);
    ++sent_;
    return true;
  }
  bool await() noexcept {
    const Awaited awaited = endpoint_.await();
    if (awaited.status != IoStatus::ok) [[unlikely]]
      return end_side(side_, awaited.status, received_);
    received_ += awaited.count;
    std::atomic_ref(side_.progress).store(received_, std::memory_order_relaxed);
    return true;
  }

  E& endpoint_;
  SideLog& side_;
  Clock clock_;
  bool merges_;
  std::uint32_t stream_ = 0;
  std::uint64_t sent_ = 0;      // in this stream
  std::uint64_t received_ = 0;  // in this stream
};

// A lossy stream ends after this many silences in a row, each of SessionConfig::quiet. The first may have begun before
// the sender had finished; the others show that nothing is under way any more.
inline constexpr int kSilences = 6;

// LossyFlow is a stream whose messages may be lost: each carries its number in clear in its first word, and the rest is
// checked. It ends when the sender has finished and nothing has come for a while. Its time ends at the last verified
// message, without the wait for the end.
template <LossyEndpoint E>
class LossyFlow {
 public:
  LossyFlow(E& endpoint, const LoopSpec& spec, SideLog& side)
      : endpoint_(endpoint),
        side_(side),
        clock_(spec.clock),
        size_(spec.message_size),
        buffers_(size_),
        payload_(spec.payload, spec.seed, Role::producer) {}

  void begin_send() noexcept { ++stream_; }
  bool put() noexcept {
    const Bytes message(buffers_.out(), size_);
    payload_.write(message, next_);
    number(message, next_);
    const IoStatus status = endpoint_.send(message);
    if (status != IoStatus::ok) [[unlikely]]
      return end_side(side_, status, next_);
    ++next_;
    return true;
  }
  bool finish_send(RunLog& log) noexcept {
    std::atomic_ref(log.stream_done).store(stream_, std::memory_order_release);
    return true;
  }
  bool send(std::uint64_t ops, RunLog& log) noexcept {
    begin_send();
    for (std::uint64_t i = 0; i < ops; ++i) {
      if (!put()) [[unlikely]]
        return false;
    }
    return finish_send(log);
  }

  bool receive(std::uint64_t ops, RunLog& log) noexcept { return receive_all(ops, log, NoStamps{}); }
  bool receive_stamped(std::uint64_t ops, RunLog& log, std::uint64_t* stamps) noexcept {
    return receive_all(ops, log, StampsOf{stamps, ops});
  }

  bool settle(RunLog&) noexcept { return true; }

  // Estimates what this side had used at its last message: one silence before the end of the first one.
  ResourceUsage usage_at_end(const ResourceUsage& begin) const noexcept {
    return ended_silently_ ? usage_before_interval(begin, silent_[0], silent_[1]) : resource_usage();
  }

 private:
  template <ReceivedStamps S>
  bool receive_all(std::uint64_t ops, RunLog& log, const S& stamps) noexcept {
    const std::uint32_t stream = ++stream_;
    const std::uint64_t last = first_ + ops;
    std::uint64_t received = 0;
    int silences = 0;  // since the sender has finished
    while (next_ < last && silences < kSilences) {
      const Received message = endpoint_.receive({buffers_.in(), size_});
      if (message.status == IoStatus::timed_out) {
        const bool all_sent = std::atomic_ref(log.stream_done).load(std::memory_order_acquire) == stream;
        if (all_sent && ++silences <= 2) silent_[static_cast<std::size_t>(silences - 1)] = resource_usage();
        continue;
      }
      silences = 0;
      if (message.status != IoStatus::ok) [[unlikely]]
        return end_side(side_, message.status, next_);
      if (message.size != size_) [[unlikely]] {
        side_.failed_size = message.size;
        return end_side(side_, message.size < size_ ? Failure::truncated : Failure::corrupted, next_);
      }
      const std::uint64_t sequence = number_of(buffers_.in());
      // A word below the expected number is a late message or a corrupt one; the rest of the message tells which.
      if (sequence >= last || !check(sequence)) [[unlikely]]
        return end_side(side_, Failure::corrupted, next_);
      if (sequence < next_) [[unlikely]]
        return end_side(side_, Failure::reordered, sequence);
      next_ = sequence + 1;
      ++received;
      std::atomic_ref(side_.progress).store(received, std::memory_order_relaxed);
      log.block_end = clock_.end();
      if constexpr (std::same_as<S, StampsOf>) stamps.set(sequence - first_, 1, log.block_end);
    }
    if (received == 0) log.block_end = clock_.end();
    first_ = next_ = last;
    ended_silently_ = silences != 0;
    log.block_ops_done = received;
    log.block_ops_sent = ops;
    return true;
  }

  // Writes the number in clear over the first word; the words after it are the payload's own.
  static void number(Bytes message, std::uint64_t sequence) noexcept {
    std::memcpy(message.data(), &sequence, std::min(message.size(), sizeof sequence));
  }
  std::uint64_t number_of(const std::byte* message) const noexcept {
    std::uint64_t sequence = 0;
    std::memcpy(&sequence, message, std::min(size_, sizeof sequence));
    if (size_ >= sizeof sequence) return sequence;
    // A short message holds the low bytes only. The number is the first one with these low bytes from the expected one
    // on.
    const std::uint64_t modulus = std::uint64_t{1} << (8 * size_);
    return next_ + ((sequence - next_) & (modulus - 1));
  }
  bool check(std::uint64_t sequence) noexcept {
    std::byte* const message = buffers_.in();
    const Bytes expected(buffers_.out(), std::min(size_, sizeof sequence));
    payload_.write(expected, sequence);  // puts the payload's first word back over the number
    std::memcpy(message, expected.data(), expected.size());
    return payload_.check({message, size_}, sequence);
  }

  E& endpoint_;
  SideLog& side_;
  Clock clock_;
  std::size_t size_;
  Buffers buffers_;
  Payload payload_;
  std::uint32_t stream_ = 0;
  std::uint64_t first_ = 0;  // of this stream
  std::uint64_t next_ = 0;
  bool ended_silently_ = false;            // the last stream
  std::array<ResourceUsage, 2> silent_{};  // at the ends of its first two silences
};

// Runs one direction as fast as it goes. Time runs from before the first send to the last verified message, so that
// what a buffer still holds is not free.
template <Flow F>
void run_stream(F& flow, Role role, const LoopSpec& spec, RunLog& log) noexcept {
  SideLog& side = log.side(role);
  const auto stream = [&](std::uint64_t ops) noexcept {
    if (role == Role::consumer) return flow.receive(ops, log);
    log.block_begin = spec.clock.begin();
    return flow.send(ops, log);
  };
  const auto settle = [&]() noexcept {
    meet(log, role);
    return role == Role::producer || flow.settle(log);
  };
  if (spec.pilot_ns != 0) {
    const auto batch = [&](std::uint64_t ops) noexcept { return stream(ops) && settle(); };
    return run_pilot(role, spec, log, batch);
  }

  enter_phase(side, Phase::warm_up);
  if (!stream(spec.warmup_ops) || !settle()) return;
  meet(log, role);

  if (spec.counts_calls) {
    enter_phase(side, Phase::counted);
    mark_calls();
    if (!stream(spec.block_ops)) return;
    mark_calls();
    if (settle()) meet(log, role);
    return;
  }

  enter_phase(side, Phase::streaming);
  if (spec.broker != 0 && role == Role::producer) log.broker_before = process_usage(spec.broker);
  side.before = resource_usage();
  if (!stream(spec.block_ops)) return;
  side.after = flow.usage_at_end(side.before);
  if (spec.broker != 0 && role == Role::consumer) log.broker_after = process_usage(spec.broker);
  side.last_cpu = resource_usage().cpu;
  if (settle()) meet(log, role);
}

// Calls `run(flow)` with a flow of the kind that the endpoint has.
template <AnyEndpoint E, class Run>
void run_with_flow(E& endpoint, Role role, const LoopSpec& spec, RunLog& log, const Run& run) {
  SideLog& side = log.side(role);
  if constexpr (NotifyEndpoint<E>) {
    NotifyFlow<E> flow(endpoint, spec, side);
    run(flow);
  } else if constexpr (LossyEndpoint<E>) {
    LossyFlow<E> flow(endpoint, spec, side);
    run(flow);
  } else {
    LaneFor<E> lane(endpoint, role, spec, log);
    ReliableFlow flow(lane, spec.clock);
    run(flow);
  }
}

template <AnyEndpoint E>
void run_streaming(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
  run_with_flow(endpoint, role, spec, log, [&](auto& flow) noexcept { run_stream(flow, role, spec, log); });
}

struct Streaming {
  static constexpr Scenario kScenario = Scenario::streaming;
  static ScenarioInfo info() {
    return {.scenario = kScenario,
            .name = "streaming",
            .title = "Streaming",
            .summary = "messages one way, as fast as they go: throughput",
            .traffic = Traffic::one_way};
  }
  template <AnyEndpoint E>
  static void run(E& endpoint, Role role, const LoopSpec& spec, RunLog& log) {
    run_streaming(endpoint, role, spec, log);
  }
};

}  // namespace ipcbench
