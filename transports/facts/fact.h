#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/ipc/buffer_size.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {

// How what was found stands to a claim of the sources.
enum class Verdict : std::uint8_t { agrees, partly, contradicts };
std::string_view name_of(Verdict verdict) noexcept;

// What an experiment on this machine has found out about a mechanism.
struct Fact {
  std::string claim;      // its number in the sources: "5"
  std::string transport;  // a registered one
  std::string question;
  std::string answer;              // "" if it couldn't be found out
  std::string evidence;            // what was seen, a clause without a full stop
  std::optional<Verdict> verdict;  // none without an answer
  std::string reason;              // why there is no answer
  // The object that a limit of this host made other than the kernel makes it: nothing is judged from that.
  std::optional<BufferSize> limited;
};

// Makes every experiment, in the order of the claims. Takes some milliseconds; what hangs is given up after 10 s. What
// this machine lacks, or refuses, is the reason of its fact: nothing is thrown. Names of kernel objects are claimed
// from `run` first, and all is removed before it returns.
std::vector<Fact> find_facts(RunDir& run);

}  // namespace ipcbench
