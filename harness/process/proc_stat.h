#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace ipcbench {

// Returns field `number`, 3 or more, of the text of /proc/PID/stat, as proc_pid_stat(5) counts them; "" if there is
// none. The second field, a name in parentheses, may hold spaces and parentheses.
std::string_view stat_field(std::string_view stat, int number) noexcept;

// Reads when a process started, in clock ticks since boot: with the pid it names one process for ever. Returns nullopt
// if there is no such process or only its zombie.
std::optional<std::uint64_t> process_start_time(pid_t pid);

}  // namespace ipcbench
