#include "harness/launch/workers_end.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "harness/launch/side_failure.h"

namespace ipcbench {
namespace {

bool has_ended(const WorkerEnd& worker) noexcept { return worker.exit.has_value(); }
bool has_failed(const WorkerEnd& worker) noexcept { return worker.exit && !worker.exit->clean(); }

// Returns whether a side may have failed since a peer ended: it saw a channel close, or couldn't finish opening it.
bool follows_from_peer(const SideLog& side) noexcept {
  constexpr std::array kOfAClosedPeer = {ECONNRESET, ECONNREFUSED, ENOTCONN, EPIPE};
  return side.failure == Failure::peer_closed ||
         (side.failure == Failure::exception && std::ranges::count(kOfAClosedPeer, side.error_number) != 0);
}

// Returns whether a peer's end may be behind a failure, whatever the failure says of itself.
bool may_follow_from_peer(const SideLog& side) noexcept {
  return side.failure == Failure::peer_closed || side.failure == Failure::exception ||
         side.failure == Failure::io_error;
}

// Returns whether a worker was killed, or ended without saying why.
bool died(const WorkerEnd& worker) noexcept {
  return worker.exit && (worker.exit->signal != 0 || (!worker.exit->clean() && worker.side->failure == Failure::none));
}

// Returns the worker whose failure caused the others'; nullptr if none has failed. That a peer closed is a
// consequence: it is named only if nothing else is known.
const WorkerEnd* guilty_of(const WorkersEnd& end) noexcept {
  const WorkerEnd* follower = nullptr;
  for (const WorkerEnd& worker : end.workers) {
    const SideLog& side = *worker.side;
    if (side.failure == Failure::none) continue;
    if (!follows_from_peer(side)) return &worker;
    // One that the coordinator has killed has only seen its peers being killed.
    if (worker.exit && follower == nullptr) follower = &worker;
  }
  return follower;
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
  if (const auto dead = std::ranges::find_if(end.workers, died); dead != end.workers.end()) {
    broke(record, Status::crashed, dead->side->phase,
          fmt::format("{} {} in {}", dead->name, ipcbench::describe(*dead->exit), progress_of(*dead)));
    return false;
  }
  if (const WorkerEnd* guilty = guilty_of(end)) {
    const SideLog& side = *guilty->side;
    broke(record, makes_invalid(side.failure) ? Status::invalid : Status::crashed, side.phase,
          fmt::format("{}: {}", guilty->name, describe_failure(side, guilty->message_size)));
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
