// Claim 13: does a mechanism make a fast side wait for the slow one by itself? pipe(7), msgop(2), mq_overview(7),
// shm_overview(7).

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/io.h"
#include "harness/base/page_size.h"
#include "harness/ipc/posix_shm.h"
#include "harness/ipc/sysv_shm.h"
#include "harness/process/proc_stat.h"
#include "transports/facts/ends.h"
#include "transports/facts/experiment.h"
#include "transports/facts/queues.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMost = 1 << 16;  // messages
constexpr const char* kMessage = "sixteen bytes...";

// Sides are the two sides of a channel, of which one may wait for the other.
struct Sides {
  std::function<bool()> put;      // sends without waiting; false: there is no room
  std::function<void()> send;     // waits for room, if the mechanism does
  std::function<void()> receive;  // waits for a message, if the mechanism does
};

// Progress is how far the side that may have to wait has come, in memory that both processes share.
struct Progress {
  std::atomic<bool> begun, done;
};

// Returns a process's state, proc_pid_stat(5): 'S' sleeps in a call that can be interrupted, 'Z' has ended.
char state_of(pid_t pid) {
  constexpr int kState = 3;
  const std::string stat = read_file(fmt::format("/proc/{}/stat", pid));
  const std::string_view state = stat_field(stat, kState);
  return state.empty() ? '?' : state.front();
}

// Returns whether `wait` sleeps in a process of its own until `release` is called in this one.
bool waits_for(const RunDir& run, const std::function<void()>& wait, const std::function<void()>& release) {
  const Mapping shared = Mapping::shared_anonymous(sizeof(Progress));
  auto& progress = *new (shared.data()) Progress{};
  Child child = experimenter(run, [&] {
    progress.begun = true;
    wait();
    progress.done = true;
  });
  // Between the two flags the process sleeps only in its call.
  bool slept = false;
  while (!progress.done && !slept) {
    const bool has_begun = progress.begun;
    const char state = state_of(child.pid());
    if (state == 'Z') break;  // it failed
    slept = has_begun && state == 'S' && !progress.done;
    if (!slept) ::sched_yield();
  }
  if (slept) release();
  expect_clean_end(child);
  return slept && progress.done;
}

Finding full_one_of(const RunDir& run, const Sides& sides) {
  std::size_t put = 0;
  while (sides.put()) {
    if (++put == kMost) throw std::runtime_error(fmt::format("it isn't full after {} messages", kMost));
  }
  const bool waits = waits_for(run, sides.send, sides.receive);
  return yes_or_no(waits, true,
                   waits ? "the sender of one more slept until something was received"
                         : "the sender of one more went on, and nothing was received");
}

Finding empty_one_of(const RunDir& run, const Sides& sides) {
  const bool waits = waits_for(run, sides.receive, sides.send);
  return yes_or_no(
      waits, true,
      waits ? "the receiver slept until something was sent" : "the receiver went on, and nothing was sent");
}

void set_waiting(int fd, bool waits) {
  if (::fcntl(fd, F_SETFL, waits ? 0 : O_NONBLOCK) != 0) throw_errno("fcntl F_SETFL");
}

Sides sides_of(const std::shared_ptr<Ends>& ends) {
  // Messages are whole pages: a full pipe has room again only when one of its pages has been read to its end.
  const auto page = std::make_shared<std::string>(page_size(), 'x');
  return {.put =
              [=] {
                set_waiting(ends->sender.get(), false);
                if (::write(ends->sender.get(), page->data(), page->size()) > 0) return true;
                if (errno != EAGAIN) throw_errno("write");
                return false;
              },
          .send =
              [=] {
                set_waiting(ends->sender.get(), true);
                send_to(ends->sender.get(), *page);
              },
          .receive =
              [=] {
                set_waiting(ends->receiver.get(), true);
                if (receive_from(ends->receiver.get(), page->size()).empty()) throw std::runtime_error("nothing came");
              }};
}

Sides sides_of(const std::shared_ptr<AnyQueue>& queue) {
  return {.put = [=] { return queue->send_if_room(kMessage); },
          .send = [=] { queue->send_waiting(kMessage); },
          .receive = [=] { queue->receive_waiting(); }};
}

// Stores two values before any is read.
Finding memory_of(const RunDir& run, const Mapping& memory) {
  using Value = std::atomic<std::uint32_t>;
  auto& value = *new (memory.data()) Value{0};
  const bool waits = waits_for(
      run,
      [&] {
        value = 1;
        value = 2;
      },
      [&] { value = 0; });
  const std::uint32_t found = value;
  return yes_or_no(waits, false,
                   waits ? "the second store slept until the first was read"
                         : fmt::format("1 and 2 were stored without a wait, and {} is there", found));
}

}  // namespace

std::vector<Experiment> waiting_experiments() {
  const char* const kFull = "Does a full one make its sender wait?";
  const char* const kEmpty = "Does an empty one make its receiver wait?";
  const char* const kMemory = "Does it make a sender wait until what it stored is read?";
  std::vector<Experiment> experiments;
  for (const EndsMaker& maker : ends_makers()) {
    if (maker.transport != "pipe" && maker.transport != "fifo") continue;
    const auto sides = [make = maker.make](RunDir& run) { return sides_of(std::make_shared<Ends>(make(run))); };
    experiments.push_back(
        {"13", maker.transport, kFull, [sides](RunDir& run) { return full_one_of(run, sides(run)); }});
    experiments.push_back(
        {"13", maker.transport, kEmpty, [sides](RunDir& run) { return empty_one_of(run, sides(run)); }});
  }
  for (const QueueMaker& maker : queue_makers()) {
    const auto sides = [make = maker.make](RunDir& run) { return sides_of(std::shared_ptr<AnyQueue>(make(run))); };
    experiments.push_back(
        {"13", maker.transport, kFull, [sides](RunDir& run) { return full_one_of(run, sides(run)); }});
    experiments.push_back(
        {"13", maker.transport, kEmpty, [sides](RunDir& run) { return empty_one_of(run, sides(run)); }});
  }
  experiments.push_back({"13", "sysv-shm", kMemory, [](RunDir& run) {
                           return memory_of(run, SysvShm(run, sizeof(std::uint64_t), PageKind::small).open());
                         }});
  experiments.push_back({"13", "posix-shm", kMemory, [](RunDir& run) {
                           const PosixShm object(run.claim_name(RunDir::Kind::posix_shm, "facts"),
                                                 sizeof(std::uint64_t));
                           return memory_of(run, object.open());
                         }});
  return experiments;
}

}  // namespace ipcbench
