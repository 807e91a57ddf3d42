#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/ipc/buffer_size.h"

namespace ipcbench {

// Verdict is how a finding compares with a claim of the sources.
enum class FactAgreement : std::uint8_t { agrees, partly, contradicts };
std::string_view to_string(FactAgreement agreement) noexcept;

// Fact is what an experiment on this machine has found out about a mechanism.
struct Fact {
  std::string claim;      // its number in the sources: "5"
  std::string transport;  // a registered one
  std::string question;
  std::string answer;                      // "" if it couldn't be found out
  std::string evidence;                    // what was seen, a clause without a full stop
  std::optional<FactAgreement> agreement;  // none without an answer
  std::string reason;                      // why there is no answer
  // The object that a limit of this host made other than the kernel's default. Such an object is not judged.
  std::optional<BufferSize> limited;
};

}  // namespace ipcbench
