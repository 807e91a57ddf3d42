#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/ipc/buffer_size.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// Verdict is how a finding compares with a claim of the sources.
enum class Verdict : std::uint8_t { agrees, partly, contradicts };
std::string_view name_of(Verdict verdict) noexcept;

// Fact is what an experiment on this machine has found out about a mechanism.
struct Fact {
  std::string claim;      // its number in the sources: "5"
  std::string transport;  // a registered one
  std::string question;
  std::string answer;              // "" if it couldn't be found out
  std::string evidence;            // what was seen, a clause without a full stop
  std::optional<Verdict> verdict;  // none without an answer
  std::string reason;              // why there is no answer
  // The object that a limit of this host made other than the kernel's default. Such an object is not judged.
  std::optional<BufferSize> limited;
};

// Runs every experiment, in the order of the claims. It takes some milliseconds; an experiment that hangs is given up
// after 10 s. It throws nothing: if this machine lacks or refuses something, that is the reason of its fact. Names of
// kernel objects are claimed from `run` first, and all objects are removed before it returns.
std::vector<Fact> find_facts(RunDir& run);

}  // namespace ipcbench
