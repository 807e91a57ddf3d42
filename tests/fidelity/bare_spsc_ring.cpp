// Measures the rate of a bare ring between two pinned processes, for case with ours. It has cached indices, slots
// of one cache line, and nothing of the harness. A message is 64 bytes, copied from a buffer and into one; its first
// word is new and checked. "undisturbed" is the rate of the fastest tenth of the windows of 16384 messages, which a
// busy machine still reaches.
//
//   bare-spsc-ring [--capacity BYTES] [--messages N] [--runs N] [--cpus P,C]

#include <sched.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <vector>

namespace {

constexpr std::uint64_t kLine = 64;

struct alignas(kLine) Slot {
  std::uint64_t words[kLine / 8];
};

struct Shared {
  alignas(2 * kLine) std::atomic<std::uint64_t> written;
  alignas(2 * kLine) std::atomic<std::uint64_t> read;
  alignas(2 * kLine) std::atomic<std::uint32_t> ready;
  alignas(2 * kLine) std::uint64_t wrong;
  alignas(2 * kLine) double seconds;
  double window_seconds;
};

// Copies by words that the compiler may neither merge nor omit: a wider load of the word just stored would stall.
void copy(Slot& to, const Slot& from) {
  for (std::uint64_t i = 0; i < kLine / 8; ++i) {
    __atomic_store_n(&to.words[i], __atomic_load_n(&from.words[i], __ATOMIC_RELAXED), __ATOMIC_RELAXED);
  }
}

constexpr std::uint64_t kWindow = 16384;  // messages

void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) std::perror("sched_setaffinity"), std::exit(1);
}

double now() {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

void meet(Shared& shared) {
  shared.ready.fetch_add(1);
  while (shared.ready.load() < 2) relax();
}

void write_all(Shared& shared, Slot* slots, std::uint64_t count, std::uint64_t messages) {
  std::uint64_t index = 0, cached_read = 0;
  Slot message = {};
  for (std::uint64_t n = 0; n < messages; ++n) {
    while (n - cached_read == count) cached_read = shared.read.load(std::memory_order_acquire);
    message.words[0] = n * 0x9e3779b97f4a7c15u;
    copy(slots[index], message);
    if (++index == count) index = 0;
    shared.written.store(n + 1, std::memory_order_release);
  }
}

std::uint64_t read_all(Shared& shared, const Slot* slots, std::uint64_t count, std::uint64_t messages) {
  std::vector<double> windows;
  windows.reserve(messages / kWindow + 1);
  std::uint64_t index = 0, cached_written = 0, wrong = 0;
  Slot message;
  double begin = now();
  for (std::uint64_t n = 0; n < messages; ++n) {
    if (n % kWindow == 0 && n != 0) {
      const double end = now();
      windows.push_back(end - begin);
      begin = end;
    }
    while (n == cached_written) cached_written = shared.written.load(std::memory_order_acquire);
    copy(message, slots[index]);
    wrong += message.words[0] != n * 0x9e3779b97f4a7c15u;
    if (++index == count) index = 0;
    shared.read.store(n + 1, std::memory_order_release);
  }
  std::sort(windows.begin(), windows.end());
  shared.window_seconds = windows.empty() ? 0 : windows[windows.size() / 10];  // 0: too few messages for a window
  return wrong;
}

struct Rates {
  double all, undisturbed;
};

Rates run(std::uint64_t capacity, std::uint64_t messages, int producer_cpu, int consumer_cpu) {
  const std::uint64_t count = capacity / sizeof(Slot);
  const std::uint64_t bytes = sizeof(Shared) + capacity;
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) std::perror("mmap"), std::exit(1);
  auto& shared = *static_cast<Shared*>(memory);
  auto* const slots = reinterpret_cast<Slot*>(static_cast<char*>(memory) + sizeof(Shared));
  const pid_t child = ::fork();
  if (child < 0) std::perror("fork"), std::exit(1);
  if (child == 0) {
    pin(consumer_cpu);
    meet(shared);
    const double begin = now();
    shared.wrong = read_all(shared, slots, count, messages);
    shared.seconds = now() - begin;
    ::_exit(0);
  }
  pin(producer_cpu);
  meet(shared);
  write_all(shared, slots, count, messages);
  int status = -1;
  if (::waitpid(child, &status, 0) != child || status != 0 || shared.wrong != 0) {
    std::fprintf(stderr, "the reader failed: status %d, %llu wrong messages\n", status,
                 static_cast<unsigned long long>(shared.wrong));
    std::exit(1);
  }
  const Rates rates{static_cast<double>(messages) / shared.seconds,
                    static_cast<double>(shared.window_seconds > 0 ? kWindow : messages) /
                        (shared.window_seconds > 0 ? shared.window_seconds : shared.seconds)};
  ::munmap(memory, bytes);
  return rates;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t capacity = 64 * 1024, messages = 5'000'000, runs = 9;
  int producer_cpu = 0, consumer_cpu = 1;
  for (int i = 1; i < argc; i += 2) {
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    if (std::strcmp(argv[i], "--capacity") == 0) {
      capacity = std::strtoull(value, nullptr, 10);
    } else if (std::strcmp(argv[i], "--messages") == 0) {
      messages = std::strtoull(value, nullptr, 10);
    } else if (std::strcmp(argv[i], "--runs") == 0) {
      runs = std::strtoull(value, nullptr, 10);
    } else if (std::strcmp(argv[i], "--cpus") != 0 || std::sscanf(value, "%d,%d", &producer_cpu, &consumer_cpu) != 2) {
      std::fprintf(stderr, "usage: %s [--capacity BYTES] [--messages N] [--runs N] [--cpus P,C]\n", argv[0]);
      return 2;
    }
  }
  if (capacity < kLine || messages == 0 || runs == 0) return 2;
  std::vector<double> all, undisturbed;
  for (std::uint64_t i = 0; i < runs; ++i) {
    const Rates rates = run(capacity, messages, producer_cpu, consumer_cpu);
    all.push_back(rates.all);
    undisturbed.push_back(rates.undisturbed);
  }
  std::sort(all.begin(), all.end());
  std::sort(undisturbed.begin(), undisturbed.end());
  std::printf("messages_per_s median %.0f min %.0f max %.0f undisturbed %.0f runs %llu capacity %llu\n",
              all[all.size() / 2], all.front(), all.back(), undisturbed[undisturbed.size() / 2],
              static_cast<unsigned long long>(runs), static_cast<unsigned long long>(capacity));
}
