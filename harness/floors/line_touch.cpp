#include "harness/floors/line_touch.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <new>
#include <span>
#include <stdexcept>

#include "harness/floors/run_pair.h"
#include "harness/measure/payload.h"
#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"
#include "harness/process/scoped_affinity.h"

namespace ipcbench {
namespace {

constexpr std::size_t kBatches = 6;  // the first one, which takes the page faults, is left out
constexpr std::size_t kSlowestBytesPerSecond = 50'000'000;

struct Counters {
  alignas(kCacheLine) std::atomic<std::uint64_t> published{0};
  alignas(kCacheLine) std::atomic<std::uint64_t> released{0};
  // The end of each batch in ticks, written by the consumer. The stream doesn't pause between batches: each begins
  // where the one before it ended, so that filling the ring is part of none.
  alignas(kCacheLine) std::array<std::uint64_t, kBatches> end{};
  bool corrupt = false;
};

class Ring {
 public:
  explicit Ring(std::size_t size)
      : size_(size),
        stride_((size + kCacheLine - 1) / kCacheLine * kCacheLine),
        regions_(std::max<std::size_t>(4, (std::size_t{64} << 10) / stride_)),
        // A batch uses all regions at least once and takes a few ms at the usual 1 to 10 GB/s.
        per_batch_(std::max(regions_, std::min<std::size_t>(4'000, (std::size_t{4} << 20) / stride_))),
        memory_(Mapping::shared_anonymous(sizeof(Counters) + regions_ * stride_)),
        counters_(*new(memory_.data()) Counters) {}

  void produce() noexcept {
    for (std::size_t message = 0; message < kBatches * per_batch_; ++message) {
      if (message >= regions_) wait_for(counters_.released, message - regions_ + 1);
      payload_.write(region(message), message);
      counters_.published.store(message + 1, std::memory_order_release);
    }
  }

  void consume(const Clock& clock) noexcept {
    bool intact = true;
    for (std::size_t batch = 0, message = 0; batch < kBatches; ++batch) {
      for (const std::size_t last = message + per_batch_; message < last; ++message) {
        wait_for(counters_.published, message + 1);
        intact &= payload_.check(region(message), message);
        counters_.released.store(message + 1, std::memory_order_release);
      }
      counters_.end[batch] = clock.end();
    }
    counters_.corrupt = !intact;
  }

  void alternate(const Clock& clock) noexcept {
    bool intact = true;
    for (std::size_t batch = 0, message = 0; batch < kBatches; ++batch) {
      for (const std::size_t last = message + per_batch_; message < last; ++message) {
        payload_.write(region(message), message);
        std::atomic_signal_fence(std::memory_order_seq_cst);  // the check reads memory, not what the compiler remembers
        intact &= payload_.check(region(message), message);
      }
      counters_.end[batch] = clock.end();
    }
    counters_.corrupt = !intact;
  }

  // The limit is longer than the slowest machine takes.
  std::chrono::seconds limit() const noexcept {
    return std::chrono::seconds(30 + kBatches * per_batch_ * size_ / kSlowestBytesPerSecond);
  }

  double bytes_per_s(const Clock& clock) const {
    if (counters_.corrupt) throw std::runtime_error("line touch floor: what was read is not what was written");
    std::array<double, kBatches - 1> rates;
    for (std::size_t i = 0; i < rates.size(); ++i) {
      const std::uint64_t ns = clock.to_ns(counters_.end[i + 1] - counters_.end[i]);
      rates[i] = static_cast<double>(per_batch_ * size_) * 1e9 / static_cast<double>(std::max<std::uint64_t>(1, ns));
    }
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
  }

 private:
  Bytes region(std::size_t message) const noexcept {
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): there are four at least
    return {memory_.data() + sizeof(Counters) + message % regions_ * stride_, size_};
  }

  static void wait_for(const std::atomic<std::uint64_t>& counter, std::uint64_t least) noexcept {
    while (counter.load(std::memory_order_acquire) < least) {
    }
  }

  std::size_t size_;
  std::size_t stride_;
  std::size_t regions_;
  std::size_t per_batch_;
  Mapping memory_;
  Counters& counters_;
  Payload payload_{PayloadMode::lines, 1, Role::producer};
};

}  // namespace

double measure_line_touch(const Clock& clock, int producer_cpu, int consumer_cpu, std::size_t size) {
  Ring ring(size);
  if (producer_cpu >= 0 && consumer_cpu >= 0 && producer_cpu != consumer_cpu) {
    run_pair(
        "line touch floor", producer_cpu, consumer_cpu,
        [&](Role role) { role == Role::producer ? ring.produce() : ring.consume(clock); }, ring.limit());
  } else {
    const ScopedAffinity restore;
    if (producer_cpu >= 0) pin_to(Cpu{producer_cpu});
    ring.alternate(clock);
  }
  return ring.bytes_per_s(clock);
}

}  // namespace ipcbench
