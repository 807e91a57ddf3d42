#include "harness/suite/workers.h"

#include <fmt/core.h>

#include "results/model/result_error.h"
#include "results/model/utf8.h"

namespace ipcbench {

std::string_view to_string(Workers workers) noexcept { return workers == Workers::fork ? "fork" : "exec"; }

std::optional<Workers> parse_workers(std::string_view name) noexcept {
  for (const Workers workers : kAllWorkers) {
    if (to_string(workers) == name) return workers;
  }
  return std::nullopt;
}

Workers workers_in_record(std::string_view name, const std::string& file) {
  if (name.empty()) return Workers::fork;
  const std::optional<Workers> workers = parse_workers(name);
  if (!workers) throw ResultError(fmt::format("{}: workers: \"{}\" is unknown", file, printable(name)));
  return *workers;
}

}  // namespace ipcbench
