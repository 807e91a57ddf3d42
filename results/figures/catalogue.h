#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "results/figures/unit.h"
#include "results/model/record.h"

// The catalogue of a case's figures: what each is called, its unit, where it stands in a result file, and how it comes
// from a launch. Everything that walks over figures walks over this list.

namespace ipcbench {

// The kind of measurement that a figure belongs to, and so which cases have it.
enum class FigureKind : std::uint8_t {
  round_trip,     // ping-pong
  messages,       // streaming of what carries a payload
  notifications,  // streaming of what carries none
  cost,           // ping-pong and streaming
  calls,          // one launch that counts system calls
  channel,        // slopes over many channels
  set_up,         // the scenario setup
};

struct FigureInfo {
  std::string_view key;    // unique; lower case, the unit at its end: "rtt_p50_ns"
  std::string_view group;  // the object of a file's summary that holds it, "" for none: "rtt_ns"
  std::string_view name;   // its key in there: "p50"
  Unit unit;
  FigureKind kind;
  Figure CaseFigures::*figure;
  // Its value in one launch, of which the figure is the median; nullptr: it doesn't come from the timed launches.
  std::optional<double> (*of_launch)(const CaseRecord&, const LaunchRecord&);
  bool added = false;  // files of early builds lack it
};

// Every figure of a case, in the order of the result file; those of one group are next to each other.
std::span<const FigureInfo> figure_catalogue() noexcept;

}  // namespace ipcbench
