#include "transports/facts/fact.h"

namespace ipcbench {

std::string_view to_string(FactAgreement agreement) noexcept {
  switch (agreement) {
    case FactAgreement::agrees:
      return "agrees";
    case FactAgreement::partly:
      return "partly";
    case FactAgreement::contradicts:
      return "contradicts";
  }
  return "?";
}

}  // namespace ipcbench
