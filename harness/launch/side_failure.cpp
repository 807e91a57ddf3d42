#include "harness/launch/side_failure.h"

#include <cstring>
#include <utility>

#include <fmt/core.h>

namespace ipcbench {

std::string_view to_string(Role role) noexcept { return role == Role::producer ? "producer" : "consumer"; }

std::string describe_failure(const SideLog& side, std::size_t expected) {
  const auto message = side.failed_sequence;
  switch (side.failure) {
    case Failure::none:
      return "";
    case Failure::exception:
      return side.text;
    case Failure::io_error:
      return fmt::format("message {}: {}", message, std::strerror(side.error_number));
    case Failure::peer_closed:
      return fmt::format("message {}: the peer has closed", message);
    case Failure::timed_out:
      return fmt::format("message {} did not come", message);
    case Failure::lost:
      return fmt::format("message {} was lost", message);
    case Failure::duplicated:
      return fmt::format("message {} came twice", message);
    case Failure::reordered:
      return fmt::format("message {} came out of order", message);
    case Failure::corrupted:
      return fmt::format("message {} is corrupt", message);
    case Failure::truncated:
      return fmt::format("message {} was truncated: {} of {} bytes came", message, side.failed_size, expected);
    case Failure::own_message:
      return fmt::format("message {} is the reader's own, not the peer's", message);
    case Failure::wrong_count:
      return fmt::format("notification {}: more or fewer came than were sent", message);
    case Failure::shared_lock:
      return fmt::format("turn {}: another process had the lock at the same time", message);
    case Failure::left_cpu:
      return "the worker has left its CPU";
    case Failure::traced:
      return side.text;
  }
  return "";
}

bool makes_invalid(Failure failure) noexcept { return failure >= Failure::lost; }

void add_fault(const SessionFault& fault, LaunchRecord& record) {
  if (fault.text.empty() || record.status != Status::ok) return;
  broke(record, fault.has_died ? Status::crashed : Status::invalid, Phase::done, fault.text);
}

void broke(LaunchRecord& record, Status status, Phase phase, std::string reason) {
  record.status = status;
  record.phase = phase;
  record.reason = std::move(reason);
}

}  // namespace ipcbench
