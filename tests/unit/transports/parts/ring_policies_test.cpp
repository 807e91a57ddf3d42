// Checks the rings with each wait policy, between threads and between processes.

#include <poll.h>
#include <semaphore.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <random>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "harness/memory/mapping.h"
#include "tests/support/ring_messages.h"
#include "tests/support/temporary_folder.h"
#include "transports/parts/ring.h"
#include "transports/parts/ring_endpoint.h"
#include "transports/parts/wake.h"

namespace ipcbench {
namespace {

// Spins, but yields a shared CPU to the peer.
struct YieldWait : SpinWait {
  bool spins_before_sleep() noexcept {
    std::this_thread::yield();
    return true;
  }
};

template <class W>
constexpr Wake wake_of() {
  if constexpr (std::is_same_v<W, PosixSemWait>) return Wake::posix_sem;
  if constexpr (std::is_same_v<W, SysvSemWait>) return Wake::sysv_sem;
  if constexpr (std::is_same_v<W, EventfdWait>) return Wake::eventfd;
  if constexpr (std::is_same_v<W, PipeWait>) return Wake::pipe;
  if constexpr (std::is_same_v<W, MutexCondWait>) return Wake::mutex_cond;
  return Wake::futex;
}

// Both directions, as two processes share them, with what the policies of one channel sleep on.
template <class W>
class Channel {
 public:
  explicit Channel(const RingShape& shape) : memory(Mapping::shared_anonymous(shape.channel_bytes())) {
    if constexpr (requires(WaitWord& word) { W::init(word); }) {
      for (const Role writer : {Role::producer, Role::consumer}) {
        const RingPlace ring = shape.place({memory.data(), memory.size()}, writer);
        W::init(ring.state.reader);
        W::init(ring.state.writer);
      }
    }
  }

  W wait(Role writer, Role self) const {
    if constexpr (std::is_same_v<W, HybridWait>) {
      return HybridWait(Clock{}, 2'000);
    } else {
      return wakes_.policy<W>(writer, self);
    }
  }

  Mapping memory;

 private:
  RunDir run_dir_ = RunDir::create();
  WakeObjects objects_{wake_of<W>(), run_dir_};
  SeatWakes wakes_ = [&] {  // of both seats
    Ticket ticket;
    objects_.add_to(ticket);
    return SeatWakes(wake_of<W>(), ticket);
  }();
};

// Returns whether a wake is stored that nobody has slept for yet.
template <class W>
bool keeps_wake([[maybe_unused]] W wait, WaitWord& word) {
  if constexpr (std::is_same_v<W, PosixSemWait>) {
    int value = -1;
    ::sem_getvalue(W::object_of(&word.waits), &value);
    if (value != 0) return true;
  } else if constexpr (std::is_same_v<W, SysvSemWait>) {
    if (::semctl(wait.set, wait.sleeps_at, GETVAL) != 0) return true;
  } else if constexpr (W::kWakeStays) {
    pollfd fd{.fd = wait.sleeps_at, .events = POLLIN, .revents = 0};
    if (::poll(&fd, 1, 0) != 0) return true;
  }
  return word.waits != 0;
}

// Both directions, as two processes share them, with what the policies of one channel sleep on.
template <class W>
struct PolicyRing {
  explicit PolicyRing(const RingShape& ring_shape) : shape(ring_shape), channel(ring_shape) {}
  RingPlace place() const { return shape.place({channel.memory.data(), channel.memory.size()}, Role::producer); }
  W wait(Role self) const { return channel.wait(Role::producer, self); }
  RingWriter<W> writer() const { return {place(), shape, wait(Role::producer)}; }
  RingReader<W> reader() const { return {place(), shape, wait(Role::consumer)}; }

  RingShape shape;
  Channel<W> channel;
};

template <class W>
class RingPolicies : public testing::Test {
 protected:
  RingPolicies() { ::setenv("XDG_RUNTIME_DIR", runs_.path().c_str(), 1); }
  ~RingPolicies() override { ::unsetenv("XDG_RUNTIME_DIR"); }

 private:
  TemporaryFolder runs_;
};
using Policies =
    testing::Types<YieldWait, FutexWait, HybridWait, PosixSemWait, SysvSemWait, EventfdWait, PipeWait, MutexCondWait>;
TYPED_TEST_SUITE(RingPolicies, Policies);

TYPED_TEST(RingPolicies, RandomSizesArriveInOrderAndIntact) {
  for (const std::size_t rounding : {std::size_t{8}, kSlotRounding}) {
    const PolicyRing<TypeParam> ring(RingShape::copying(300, 2048, rounding));
    constexpr std::uint64_t kCount = 20'000;
    const auto size_of = [](std::mt19937_64& random) { return 1 + random() % (random() % 16 == 0 ? 5000 : 300); };
    std::thread writing([&] {
      auto writer = ring.writer();
      std::mt19937_64 random(3);
      for (std::uint64_t i = 0; i < kCount; ++i) writer.send(full_message(size_of(random), i));
    });
    auto reader = ring.reader();
    std::mt19937_64 random(3);
    std::vector<std::byte> in(5000);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < kCount; ++i) {
      const std::size_t size = size_of(random);
      const Received got = reader.receive(in);
      wrong += got.size != size || !Payload(PayloadMode::full, 1, Role::producer).check({in.data(), size}, i);
    }
    writing.join();
    EXPECT_EQ(wrong, 0u);
  }
}

// Each hand-over could lose a wake-up, and then the test would never end.
TYPED_TEST(RingPolicies, AHundredThousandRoundTripsLoseNoWake) {
  const PolicyRing<TypeParam> there(RingShape::copying(8)), back(RingShape::copying(8));
  constexpr std::uint64_t kCount = 100'000;
  const auto move_on = [](auto& reader, auto& writer) {
    std::uint64_t word = 0;
    reader.receive(std::as_writable_bytes(std::span(&word, 1)));
    ++word;
    writer.send(std::as_bytes(std::span(&word, 1)));
    return word;
  };
  std::thread echo([&] {
    auto reader = there.reader();
    auto writer = back.writer();
    for (std::uint64_t i = 0; i < kCount; ++i) move_on(reader, writer);
  });
  auto reader = back.reader();
  auto writer = there.writer();
  const std::uint64_t zero = 0;
  writer.send(std::as_bytes(std::span(&zero, 1)));
  for (std::uint64_t i = 0; i + 1 < kCount; ++i) ASSERT_EQ(move_on(reader, writer), 2 * i + 2);
  std::uint64_t last = 0;
  reader.receive(std::as_writable_bytes(std::span(&last, 1)));
  echo.join();
  EXPECT_EQ(last, 2 * kCount - 1);

  for (const PolicyRing<TypeParam>* ring : {&there, &back}) {
    EXPECT_FALSE(keeps_wake(ring->wait(Role::consumer), ring->place().state.reader));
    EXPECT_FALSE(keeps_wake(ring->wait(Role::producer), ring->place().state.writer));
  }
}

TYPED_TEST(RingPolicies, TwoProcessesEchoEverySize) {
  for (const std::size_t size : ring_sizes()) {
    const RingShape shape = RingShape::copying(size);
    Channel<TypeParam> channel(shape);
    constexpr std::uint64_t kCount = 3;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    const Role role = child == 0 ? Role::consumer : Role::producer;
    RingEndpoint<TypeParam> endpoint(std::move(channel.memory), shape, role, channel.wait(role, role),
                                     channel.wait(other(role), role));
    std::vector<std::byte> in(size);
    if (child == 0) {
      bool good = true;
      for (std::uint64_t i = 0; i < kCount; ++i) {
        good = good && endpoint.receive(in).size == size;
        good = good && Payload(PayloadMode::full, 1, Role::producer).check(in, i);
        endpoint.send(in);
      }
      ::_exit(good ? 0 : 1);
    }
    for (std::uint64_t i = 0; i < kCount; ++i) {
      endpoint.send(full_message(size, i));
      ASSERT_EQ(endpoint.receive(in).size, size);
      ASSERT_TRUE(Payload(PayloadMode::full, 1, Role::producer).check(in, i)) << size;
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0) << size;
  }
}

TYPED_TEST(RingPolicies, TwoProcessesLendEverySize) {
  for (const std::size_t size : ring_sizes()) {
    const RingShape shape = RingShape::lending(size);
    Channel<TypeParam> channel(shape);
    const std::uint64_t count = 2 * shape.slots() + 1;
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    const Role role = child == 0 ? Role::producer : Role::consumer;
    const Payload payload(PayloadMode::lines, 1, Role::producer);
    RingLoanEndpoint<TypeParam> endpoint(std::move(channel.memory), shape, role, channel.wait(role, role),
                                         channel.wait(other(role), role));
    if (child == 0) {
      for (std::uint64_t i = 0; i < count; ++i) {
        const Loan loan = endpoint.loan(size);
        payload.write(loan.bytes, i);
        endpoint.publish(loan.bytes);
      }
      ::_exit(0);
    }
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < count; ++i) {
      const View view = endpoint.acquire();
      wrong += view.bytes.size() != size || !payload.check(view.bytes, i);
      endpoint.release(view.bytes);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(status, 0);
    ASSERT_EQ(wrong, 0u) << size;
  }
}

}  // namespace
}  // namespace ipcbench
