#include "transports/facts/fact.h"

namespace ipcbench {

std::string_view name_of(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::agrees:
      return "agrees";
    case Verdict::partly:
      return "partly";
    case Verdict::contradicts:
      return "contradicts";
  }
  return "?";
}

}  // namespace ipcbench
