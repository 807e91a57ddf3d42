#include "harness/launch/workers_end.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "harness/launch/side_failure.h"
#include "harness/launch/worker_watch.h"
#include "harness/process/wait_with_deadline.h"

namespace ipcbench {
namespace {

bool has_ended(const WorkerEnd& worker) noexcept { return worker.exit.has_value(); }
bool has_failed(const WorkerEnd& worker) noexcept { return worker.exit && !worker.exit->clean(); }

// Returns whether a call has failed, or a channel was closed: a peer's end may be behind it, whatever it says of
// itself.
bool may_follow_from_peer(const SideLog& side) noexcept {
  return side.failure == Failure::peer_closed || side.failure == Failure::exception ||
         side.failure == Failure::io_error;
}

// Returns whether a side has failed as it does when a peer has ended: it saw a channel close, or couldn't open it.
bool follows_from_peer(const SideLog& side) noexcept {
  constexpr std::array kOfAClosedPeer = {ECONNRESET, ECONNREFUSED, ENOTCONN, EPIPE};
  return side.failure == Failure::peer_closed ||
         (may_follow_from_peer(side) && std::ranges::count(kOfAClosedPeer, side.error_number) != 0);
}

// Returns whether a worker was killed, or ended without saying why.
bool died(const WorkerEnd& worker) noexcept {
  return worker.exit && (worker.exit->signal != 0 || (!worker.exit->clean() && worker.side->failure == Failure::none));
}

// Ranks how little a worker's failure can be a consequence of another's; nullopt if it says nothing of the cause.
std::optional<int> distance_from_cause(const WorkerEnd& worker) noexcept {
  const SideLog& side = *worker.side;
  if (died(worker)) return 0;
  if (side.failure == Failure::none) return std::nullopt;
  if (!may_follow_from_peer(side)) return 1;
  // One that the coordinator has killed has only seen its peers being killed.
  if (!worker.exit) return std::nullopt;
  return follows_from_peer(side) ? 3 : 2;
}

std::string progress_of(const WorkerEnd& worker) {
  return fmt::format("phase {} after {} messages", to_string(worker.side->phase), worker.side->progress);
}

// Names both workers of a pair; of more, the one that has come least far.
void time_out(const WorkersEnd& end, LaunchRecord& record) {
  const auto come = [](const WorkerEnd& worker) { return std::pair(worker.side->phase, worker.side->progress); };
  const WorkerEnd& last = *std::ranges::min_element(end.workers, {}, come);
  const char* why = end.late ? "not done by the deadline" : "stopped";
  const auto& workers = end.workers;
  broke(record, Status::timed_out, last.side->phase,
        workers.size() == 2 ? fmt::format("{}: {} in {}, {} in {}", why, workers[0].name, progress_of(workers[0]),
                                          workers[1].name, progress_of(workers[1]))
                            : fmt::format("{}: of {} workers {} has come least far, to {}", why, workers.size(),
                                          last.name, progress_of(last)));
}

bool judge_workers(const WorkersEnd& end, LaunchRecord& record) {
  if (const WorkerEnd* cause = cause_of(end)) {
    const SideLog& side = *cause->side;
    if (died(*cause)) {
      broke(record, Status::crashed, side.phase,
            fmt::format("{} {} in {}", cause->name, ipcbench::describe(*cause->exit), progress_of(*cause)));
    } else {
      broke(record, makes_invalid(side.failure) ? Status::invalid : Status::crashed, side.phase,
            fmt::format("{}: {}", cause->name, describe_failure(side, cause->message_size)));
    }
    return false;
  }
  if (std::ranges::all_of(end.workers, has_ended)) return true;
  time_out(end, record);
  return false;
}

}  // namespace

bool WorkersEnd::clean() const noexcept {
  return std::ranges::all_of(workers, [](const WorkerEnd& worker) { return has_ended(worker) && !has_failed(worker); });
}

bool WorkersEnd::over() const noexcept {
  return std::ranges::all_of(workers, has_ended) || std::ranges::any_of(workers, has_failed);
}

bool WorkersEnd::cause_is_missing() const noexcept {
  if (std::ranges::all_of(workers, has_ended) || std::ranges::any_of(workers, died)) return false;
  const auto follows = [](const WorkerEnd& worker) { return may_follow_from_peer(*worker.side); };
  return std::ranges::any_of(workers, has_failed) &&
         std::ranges::all_of(workers, [&](const WorkerEnd& worker) { return !has_failed(worker) || follows(worker); });
}

WorkersEnd end_of_pair(std::array<Child, 2>& workers, const std::array<const SideLog*, 2>& sides) {
  WorkersEnd end;
  for (const Role role : {Role::producer, Role::consumer}) {
    const auto place = static_cast<std::size_t>(role);
    WorkerEnd& worker = end.workers.emplace_back(WorkerEnd{.name = std::string(to_string(role)), .side = sides[place]});
    if (wait_with_deadline(workers[place], kCauseGrace)) worker.exit = workers[place].wait();
  }
  return end;
}

const WorkerEnd* cause_of(const WorkersEnd& end) noexcept {
  const WorkerEnd* cause = nullptr;
  std::optional<int> least;
  for (const WorkerEnd& worker : end.workers) {
    const std::optional<int> distance = distance_from_cause(worker);
    if (!distance || (least && *least <= *distance)) continue;
    least = distance;
    cause = &worker;
  }
  return cause;
}

bool judge(const WorkersEnd& end, LaunchRecord& record) {
  if (judge_workers(end, record)) return true;
  // A broker's end is the cause of its clients'.
  if (!end.broker.empty()) {
    record.status = Status::crashed;
    record.reason = fmt::format("{}; {}", end.broker, record.reason);
  }
  return false;
}

}  // namespace ipcbench
