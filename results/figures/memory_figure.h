#pragma once

#include <cstdint>
#include <optional>

#include "results/model/record.h"

namespace ipcbench {

// Says why a memory figure is only a lower bound.
enum class AtLeast : std::uint8_t {
  no,              // it is exact
  capped,          // the channel was filled up to the cap and could hold more
  kernel_objects,  // some kernel objects that the channel uses are invisible to the figure's source
};

// Represents a case in every table, chart and ranking. The figure is the loaded channel for cases with a payload and
// the idle one for the rest; neither replaces the other.
struct MemoryFigure {
  const Figure* figure = nullptr;  // of the case's summary, never null; its reason says why there is no median
  AtLeast at_least = AtLeast::no;
  // Bounds of the true value: the slope's error and what the source can't see. A capped one has no upper bound. None
  // without a median, if kernel objects aren't seen, or if a limit of the host changed the channels.
  std::optional<Interval> bounds;

  // Returns whether it can be compared with others, in words, ranks and rank correlations.
  bool is_comparable() const noexcept { return bounds.has_value(); }
};

// Returns the figure of `c`. `result` must be summarised and outlive the answer.
MemoryFigure memory_figure(const Result& result, const CaseRecord& c);

// Returns whether an idle or loaded figure of the case misses kernel objects that hold part of the channel.
bool misses_kernel_objects(const Result& result, const CaseRecord& c);

}  // namespace ipcbench
