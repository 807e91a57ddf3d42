#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "results/figures/unit.h"
#include "results/model/record.h"

// Lists the figures of a case: name, unit, place in a result file, and how each comes from a launch. All code that
// iterates over figures uses this list.

namespace ipcbench {

// Names the kind of measurement that a figure belongs to, which decides which cases have it.
enum class FigureKind : std::uint8_t {
  round_trip,     // ping-pong
  messages,       // streaming of what carries a payload
  loss,           // likewise, and open loops
  notifications,  // streaming of what carries none
  cost,           // ping-pong and streaming
  calls,          // one launch that counts system calls
  channel,        // slopes over many channels
  set_up,         // the scenario setup
  load,           // open loops
  cast,           // scenarios with a cast
  lock,           // turns with a lock
};

struct FigureInfo {
  std::string_view key;    // unique; lower case, the unit at its end: "rtt_p50_ns"
  std::string_view group;  // the object in the file's summary that holds it: "rtt_ns"; "" for none
  std::string_view name;   // its key in that object: "p50"
  Unit unit;
  FigureKind kind;
  Figure CaseFigures::*figure;
  // Computes a launch's value; the figure is the median of these. nullptr: the figure doesn't come from timed launches.
  std::optional<double> (*of_launch)(const CaseRecord&, const LaunchRecord&);
  bool added = false;  // files of early builds lack it
};

// Returns every figure, in the order of the result file; those of one group are adjacent.
std::span<const FigureInfo> figure_catalogue() noexcept;

}  // namespace ipcbench
