#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ipcbench {

// The program that runs, whatever has become of its file: what executed workers run.
inline constexpr const char* kOwnProgram = "/proc/self/exe";

// How the workers of a launch come to life. Forked ones are copies of the coordinator and share the addresses of its
// code, heap and stacks; executed ones run the program anew and share nothing with it but what they are handed.
enum class Workers : std::uint8_t { fork, exec };

inline constexpr std::array kAllWorkers = {Workers::fork, Workers::exec};

std::string_view to_string(Workers workers) noexcept;
std::optional<Workers> parse_workers(std::string_view name) noexcept;
// Returns the kind that a record names: absent means forked, as in results of earlier builds. Throws ResultError that
// names `file` for an unknown one.
Workers workers_in_record(std::string_view name, const std::string& file);

}  // namespace ipcbench
