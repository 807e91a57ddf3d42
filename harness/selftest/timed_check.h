#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

// How the self-test decides about what the harness reads from a clock, on machines that other programs use as well.

namespace ipcbench {

enum class CheckOutcome : std::uint8_t {
  ok,
  missed,     // the harness doesn't see the fault, or reads a known time wrong
  undecided,  // too noisy: the intervals stayed too wide, or moved, until the time was spent
  skipped,    // can't run here
};

// Readings of a check are looked at when there are so many, and at no other number (look_until_decided()). Each look
// has a fifth of the error, so that five looks together err in at most 5 %.
inline constexpr std::array<std::size_t, 5> kLooks = {9, 18, 36, 72, 144};
// A miss is stated at this look at the earliest. What takes the CPUs for some seconds can hold all readings of an
// earlier one; `ok` can't come about that way.
inline constexpr std::size_t kFirstMiss = 36;

// One figure of a check, read once in each round. The median of its readings must lie in [low, high]; both in ns. A
// mean over a block holds whatever else ran in that time, so that noise only adds to it: then `smallest` says that the
// smallest reading must lie there, which no other program has made too small.
struct TimedFigure {
  std::string name;  // "p50"
  double low = 0;
  double high = 0;
  bool smallest = false;
  std::vector<double> readings = {};
};

// Decides by the exact order-statistic interval of each figure's median, or by its smallest reading: ok when all lie
// inside their range, missed when one lies outside of it entirely.
class TimedCheck {
 public:
  TimedCheck(std::string name, std::string expected, std::vector<TimedFigure> figures);

  // One round: a finite reading of each figure, in their order. Looks at them where the number of rounds is one of
  // kLooks. Not after decided().
  void add(std::span<const double> readings);
  // Ends the check as missed because a round broke; `reason` is what it saw.
  void fail(std::string reason);

  bool decided() const noexcept { return outcome_ != CheckOutcome::undecided || rounds() >= kLooks.back(); }
  CheckOutcome outcome() const noexcept { return outcome_; }
  std::size_t rounds() const noexcept { return figures_.front().readings.size(); }
  const std::string& name() const noexcept { return name_; }
  const std::string& expected() const noexcept { return expected_; }
  // "p50 10.1 us [10.0, 10.2], 18 rounds": the medians with their intervals at the last look.
  std::string seen() const;

 private:
  CheckOutcome outcome_after(std::size_t count) const;

  std::string name_;
  std::string expected_;
  std::vector<TimedFigure> figures_;
  CheckOutcome outcome_ = CheckOutcome::undecided;
  std::size_t looked_at_ = 0;  // readings of each figure, by the last look
  std::string failure_;
};

// Returns what is still to wait before round `round` (0-based), `elapsed` after round 0. The rounds after the first
// look are spread over time, so that what disturbs the machine for some seconds holds a minority of them.
std::chrono::nanoseconds wait_before_round(std::size_t round, std::chrono::nanoseconds elapsed) noexcept;

}  // namespace ipcbench
