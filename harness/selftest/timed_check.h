#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

// Decides about times that the harness measures in the self-test, on machines that other programs use as well.

namespace ipcbench {

enum class CheckOutcome : std::uint8_t {
  ok,
  missed,     // the harness doesn't see the fault, or measures a known time wrong
  undecided,  // too noisy: the intervals stayed too wide, or moved, until time was up
  skipped,    // can't run here
};

// The numbers of readings at which a check is looked at. Each look has a fifth of the error, so that all five together
// err in at most 5 %.
inline constexpr std::array<std::size_t, 5> kLooks = {9, 18, 36, 72, 144};
// The first look that may report a miss. What occupies the CPUs for some seconds can affect all readings of an earlier
// one; it can't cause `ok`.
inline constexpr std::size_t kFirstMiss = 36;

enum class FigureUnit : std::uint8_t { ns, none };

// Describes a figure of a check, read once each round. The median of its readings must lie in [low, high].
// If `smallest` is set, the smallest reading must lie there instead: noise only adds to a mean over a block, so the
// smallest is undisturbed. `noise_low` and `noise_high` are how far noise may bring the median: up to there it isn't
// missed.
struct TimedFigure {
  std::string name;  // "p50"
  double low = 0;
  double high = 0;
  bool smallest = false;
  std::optional<double> noise_low = {};   // none: low
  std::optional<double> noise_high = {};  // none: high
  FigureUnit unit = FigureUnit::ns;
  std::vector<double> readings = {};
};

// Decides by the exact order-statistic interval of each figure's median, or by its smallest reading. It is ok if all
// lie inside their ranges, and missed if one lies outside entirely.
class TimedCheck {
 public:
  // No look before `first_miss` rounds reports a miss.
  TimedCheck(std::string name, std::string expected, std::vector<TimedFigure> figures,
             std::size_t first_miss = kFirstMiss);

  // Adds a round: a finite reading of each figure, in order. At the numbers of kLooks it decides. Must not be called
  // after decided().
  void add(std::span<const double> readings);
  // Ends the check as missed because a round failed; `reason` says what happened.
  void fail(std::string reason);

  bool decided() const noexcept { return outcome_ != CheckOutcome::undecided || rounds() >= kLooks.back(); }
  CheckOutcome outcome() const noexcept { return outcome_; }
  std::size_t rounds() const noexcept { return figures_.front().readings.size(); }
  const std::string& name() const noexcept { return name_; }
  const std::string& expected() const noexcept { return expected_; }
  // Returns the medians with their intervals at the last look: "p50 10.1 us [10.0, 10.2], 18 rounds".
  std::string seen() const;

 private:
  CheckOutcome outcome_after(std::size_t count) const;

  std::string name_;
  std::string expected_;
  std::vector<TimedFigure> figures_;
  std::size_t first_miss_;
  CheckOutcome outcome_ = CheckOutcome::undecided;
  std::size_t looked_at_ = 0;  // readings of each figure, by the last look
  std::string failure_;
};

// Returns the time to wait before round `round` (0-based), given `elapsed` since round 0. Later rounds are spread over
// time, so that a disturbance of some seconds affects only a minority of them.
std::chrono::nanoseconds wait_before_round(std::size_t round, std::chrono::nanoseconds elapsed) noexcept;

}  // namespace ipcbench
