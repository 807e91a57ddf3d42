#include "harness/host/host_id.h"

#ifdef IPCBENCH_HAS_SYSTEMD
#include <systemd/sd-id128.h>

#include <array>
#endif

namespace ipcbench {

#ifdef IPCBENCH_HAS_SYSTEMD

std::optional<std::string> host_id() {
  // A random id of this program, drawn once; another one would change the ids of all hosts.
  constexpr sd_id128_t kProgram = SD_ID128_MAKE(38, 63, 64, 35, ad, ad, 41, 2c, 86, bf, 0b, af, f4, ba, 40, d5);
  sd_id128_t id{};
  if (::sd_id128_get_machine_app_specific(kProgram, &id) < 0) return std::nullopt;
  std::array<char, SD_ID128_STRING_MAX> text{};
  return std::string(::sd_id128_to_string(id, text.data()));
}

#else

std::optional<std::string> host_id() { return std::nullopt; }

#endif

}  // namespace ipcbench
