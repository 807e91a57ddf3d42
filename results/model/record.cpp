#include "results/model/record.h"

namespace ipcbench {

const char* to_string(Status status) noexcept {
  switch (status) {
    case Status::ok:
      return "ok";
    case Status::skipped:
      return "skipped";
    case Status::invalid:
      return "invalid";
    case Status::crashed:
      return "crashed";
    case Status::timed_out:
      return "timed_out";
  }
  return "invalid";
}

std::optional<Status> parse_status(std::string_view name) noexcept {
  for (const Status status : {Status::ok, Status::skipped, Status::invalid, Status::crashed, Status::timed_out}) {
    if (name == to_string(status)) return status;
  }
  return std::nullopt;
}

}  // namespace ipcbench
