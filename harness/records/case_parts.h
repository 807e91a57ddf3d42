#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// The parts of a case that have a fixed set of values, with the names that case ids, files and options use for them.
// Scenarios have a list of their own: scenarios/list/scenario.h.

namespace ipcbench {

// WaitStrategy is how a side waits for its peer.
enum class WaitStrategy : std::uint8_t {
  block,     // a blocking call
  spin,      // non-blocking calls, retried
  poll,      // epoll, then a non-blocking call
  hybrid,    // spin for a while, then block
  io_uring,  // an operation of an io_uring, submitted and waited for by one call
};
inline constexpr std::array kWaitStrategies = {WaitStrategy::block, WaitStrategy::spin, WaitStrategy::poll,
                                               WaitStrategy::hybrid, WaitStrategy::io_uring};
// Returns whether a side waits in the one call that takes what it waits for, on descriptors without O_NONBLOCK.
constexpr bool waits_in_call(WaitStrategy wait) noexcept {
  return wait == WaitStrategy::block || wait == WaitStrategy::io_uring;
}

// Says where the workers of a launch run. The first are classes of pairs, nearest first. A pair of CPUs belongs to the
// nearest matching class: two CPUs that share an L2 are `same-l2`, not also `same-l3`. The last are those of casts,
// which may also be same_cpu or unpinned.
enum class Placement : std::uint8_t {
  same_cpu,
  smt,
  same_l2,
  same_l3,
  same_numa,
  same_package,
  cross_package,
  unpinned,
  split,   // producers on one half of the CPUs, consumers on the other
  spread,  // seats on all CPUs in turn, nearest first
};
inline constexpr std::array kPlacements = {
    Placement::same_cpu,     Placement::smt,           Placement::same_l2,  Placement::same_l3, Placement::same_numa,
    Placement::same_package, Placement::cross_package, Placement::unpinned, Placement::split,   Placement::spread};
constexpr bool is_of_casts(Placement placement) noexcept { return placement >= Placement::split; }

enum class PayloadMode : std::uint8_t {
  lines,   // one 8-byte word per 64-byte line is written and checked
  full,    // every byte
  header,  // the first word only: "payload not touched"
};
inline constexpr std::array kPayloadModes = {PayloadMode::lines, PayloadMode::full, PayloadMode::header};

std::string_view to_string(WaitStrategy wait) noexcept;  // "block"
std::optional<WaitStrategy> parse_wait_strategy(std::string_view name) noexcept;
std::string_view to_string(Placement placement) noexcept;  // "same-cpu"
std::optional<Placement> parse_placement(std::string_view name) noexcept;
std::string_view to_string(PayloadMode mode) noexcept;  // "lines"
std::optional<PayloadMode> parse_payload_mode(std::string_view name) noexcept;

}  // namespace ipcbench
