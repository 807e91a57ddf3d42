#include "harness/records/severity.h"

#include <array>

#include "harness/records/parse_name.h"

namespace ipcbench {

std::string_view to_string(Severity severity) noexcept {
  switch (severity) {
    case Severity::wrong:
      return "wrong";
    case Severity::noisy:
      return "noisy";
    case Severity::note:
      return "note";
    case Severity::fine:
      return "fine";
  }
  return "?";
}

std::optional<Severity> parse_severity(std::string_view name) noexcept {
  return parse_name(name, std::array{Severity::wrong, Severity::noisy, Severity::note, Severity::fine});
}

}  // namespace ipcbench
