// Measures our ring between two pinned, spinning processes, without scenarios and transports: round trips and a stream,
// beside a bare cache line. Together with bare-spsc-ring it shows the cost of the ring and of its slot rounding.
//
//   ring-pair [--size BYTES] [--capacity BYTES] [--rounding 8|64] [--messages N] [--runs N] [--cpus P,C]

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <vector>

#include "harness/memory/mapping.h"
#include "transports/parts/ring_endpoint.h"

namespace ipcbench {
namespace {

struct Options {
  std::size_t size = 64;
  std::size_t capacity = kRingCapacity;
  std::size_t rounding = kSlotRounding;
  std::uint64_t messages = 2'000'000;
  std::uint64_t runs = 9;
  int producer_cpu = 0;
  int consumer_cpu = 1;
};

struct Figure {
  double mean_ns = 0;
  double undisturbed_ns = 0;
};

struct Figures {
  Figure line_rtt, rtt, message;
};

struct Shared {
  alignas(2 * kCacheLine) std::uint32_t ready;
  alignas(2 * kCacheLine) std::uint64_t line;
  alignas(2 * kCacheLine) Figures figures;
};

void pin(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (::sched_setaffinity(0, sizeof set, &set) != 0) std::perror("sched_setaffinity"), std::exit(1);
}

double now_ns() {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
}

void meet(Shared& shared, std::uint32_t number) {
  const std::atomic_ref ready(shared.ready);
  ready.fetch_add(1);
  while (ready.load() < 2 * number) cpu_relax();
}

// Times `count` calls of op(), in windows of `window` calls.
template <class Op>
Figure timed(std::uint64_t count, std::uint64_t window, Op op) {
  std::vector<double> windows;
  windows.reserve(count / window + 1);
  const double first = now_ns();
  double begin = first;
  for (std::uint64_t i = 0; i < count; i += window) {
    for (std::uint64_t n = 0; n < window; ++n) op();
    const double end = now_ns();
    windows.push_back((end - begin) / static_cast<double>(window));
    begin = end;
  }
  std::sort(windows.begin(), windows.end());
  return {(begin - first) / static_cast<double>(windows.size() * window), windows[windows.size() / 10]};
}

std::uint64_t side(const Options& options, Shared& shared, Mapping memory, const RingShape& shape, Role role) {
  const bool produces = role == Role::producer;
  pin(produces ? options.producer_cpu : options.consumer_cpu);
  RingEndpoint<SpinWait> endpoint(std::move(memory), shape, role, {}, {});
  std::vector<std::byte> out(options.size), in(options.size);
  std::uint64_t wrong = 0, sequence = 0, turn = 0;
  // Writes one word per line; a partial word at the end goes unchecked. Words have a fixed size, because a masked
  // vector load of a word just stored would dominate the time.
  const auto put = [&] {
    for (std::size_t at = 0; at + sizeof sequence <= out.size(); at += kCacheLine) {
      std::memcpy(out.data() + at, &sequence, sizeof sequence);
    }
    endpoint.send(out);
  };
  const auto take = [&] {
    wrong += endpoint.receive(in).size != options.size;
    for (std::size_t at = 0; at + sizeof sequence <= in.size(); at += kCacheLine) {
      std::uint64_t seen;
      std::memcpy(&seen, in.data() + at, sizeof seen);
      wrong += seen != sequence;
    }
  };
  const std::uint64_t trips = std::max<std::uint64_t>(options.messages / 10, 100);
  const std::atomic_ref line(shared.line);

  meet(shared, 1);
  const Figure line_rtt = timed(trips, 100, [&] {
    if (produces) {
      line.store(turn + 1, std::memory_order_release);
      while (line.load(std::memory_order_acquire) != turn + 2) continue;
    } else {
      while (line.load(std::memory_order_acquire) != turn + 1) continue;
      line.store(turn + 2, std::memory_order_release);
    }
    turn += 2;
  });

  meet(shared, 2);
  const Figure rtt = timed(trips, 100, [&] {
    if (produces) {
      put();
      take();
    } else {
      take();
      put();
    }
    ++sequence;
  });

  meet(shared, 3);
  const Figure message = timed(options.messages, 16384, [&] {
    if (produces) {
      put();
    } else {
      take();
    }
    ++sequence;
  });

  if (produces) {
    shared.figures.line_rtt = line_rtt;
    shared.figures.rtt = rtt;
  } else {
    shared.figures.message = message;
  }
  return wrong;
}

Figures run(const Options& options) {
  const RingShape shape = RingShape::copying(options.size, options.capacity, options.rounding);
  const Mapping log = Mapping::shared_anonymous(sizeof(Shared));
  auto& shared = *reinterpret_cast<Shared*>(log.data());
  Mapping memory = Mapping::shared_anonymous(shape.channel_bytes());
  const pid_t child = ::fork();
  if (child < 0) std::perror("fork"), std::exit(1);
  if (child == 0) ::_exit(side(options, shared, std::move(memory), shape, Role::consumer) == 0 ? 0 : 1);
  const std::uint64_t wrong = side(options, shared, std::move(memory), shape, Role::producer);
  int status = -1;
  if (::waitpid(child, &status, 0) != child || status != 0 || wrong != 0) {
    std::fprintf(stderr, "wrong messages\n");
    std::exit(1);
  }
  return shared.figures;
}

template <class Of>
double median(const std::vector<Figures>& figures, Of of) {
  std::vector<double> values;
  for (const Figures& one : figures) values.push_back(of(one));
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print(const char* what, const std::vector<Figures>& figures, Figure Figures::*figure, const char* unit) {
  std::printf("  %s %.1f (%.1f) %s", what, median(figures, [&](const Figures& f) { return (f.*figure).mean_ns; }),
              median(figures, [&](const Figures& f) { return (f.*figure).undisturbed_ns; }), unit);
}

}  // namespace
}  // namespace ipcbench

int main(int argc, char** argv) {
  using namespace ipcbench;
  Options options;
  for (int i = 1; i < argc; i += 2) {
    const std::string_view name = argv[i];
    const char* const value = i + 1 < argc ? argv[i + 1] : "";
    const std::uint64_t number = std::strtoull(value, nullptr, 10);
    if (name == "--size") {
      options.size = number;
    } else if (name == "--capacity") {
      options.capacity = number;
    } else if (name == "--rounding") {
      options.rounding = number;
    } else if (name == "--messages") {
      options.messages = number;
    } else if (name == "--runs") {
      options.runs = number;
    } else if (name != "--cpus" || std::sscanf(value, "%d,%d", &options.producer_cpu, &options.consumer_cpu) != 2) {
      std::fprintf(stderr,
                   "usage: %s [--size BYTES] [--capacity BYTES] [--rounding 8|64] [--messages N] [--runs N] "
                   "[--cpus P,C]\n",
                   argv[0]);
      return 2;
    }
  }
  if (options.size == 0 || options.runs == 0 || options.messages == 0 || options.rounding % 8 != 0 ||
      options.rounding == 0 || options.rounding > 64)
    return 2;
  std::vector<Figures> figures;
  for (std::uint64_t i = 0; i < options.runs; ++i) figures.push_back(run(options));
  std::printf("size %zu rounding %zu:", options.size, options.rounding);
  print("line rtt", figures, &Figures::line_rtt, "ns");
  print("rtt", figures, &Figures::rtt, "ns");
  std::printf("  ratio %.2f (%.2f)",
              median(figures, [](const Figures& f) { return f.rtt.mean_ns / f.line_rtt.mean_ns; }),
              median(figures, [](const Figures& f) { return f.rtt.undisturbed_ns / f.line_rtt.undisturbed_ns; }));
  print("streaming", figures, &Figures::message, "ns a message\n");
}
