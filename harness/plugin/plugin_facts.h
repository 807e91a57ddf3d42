#pragma once

#include <ipcbench/transport.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/sdk/transport.h"

namespace ipcbench {

// PluginOption is an ipcbench_option with strings of its own.
struct PluginOption {
  std::string name, default_value, summary;
  std::vector<std::string> values;
};

// PluginFacts are what a plug-in says of one of its transports, checked and with strings of their own: they outlive the
// process that has loaded the library.
struct PluginFacts {
  std::string name, summary, family, subject, language;
  std::string version;  // of the plug-in
  std::uint32_t shape = 0, waits = 0, traits = 0;
  std::uint64_t largest_message = 0;  // bytes; 0: no limit
  double copies = 2;
  std::vector<PluginOption> options = {};
  std::string unavailable = "";  // why it can't run here; "" if it can
};

// The option that every plug-in has, and its values: whether threads that it starts stay on the CPU of their worker.
inline constexpr std::string_view kThreadsOption = "threads";
inline constexpr std::string_view kThreadsStay = "pinned";
inline constexpr std::string_view kThreadsFree = "free";

// Checks what a library says of itself, and returns it without `unavailable`. Throws std::runtime_error that names the
// member, and what is wrong with it.
std::vector<PluginFacts> facts_of(const ipcbench_library* library);

// Returns the facts as the engine knows them; its texts are those of `facts`, which must outlive it.
TransportInfo info_from(const PluginFacts& facts);

// Returns the ipcbench_wait bit of a wait strategy.
std::uint32_t bit_of(WaitStrategy wait) noexcept;

}  // namespace ipcbench
