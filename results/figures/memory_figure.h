#pragma once

#include <cstdint>
#include <optional>

#include "results/model/record.h"

namespace ipcbench {

// Why a memory figure is only a lower bound.
enum class AtLeast : std::uint8_t {
  no,              // it isn't
  capped,          // the channel was filled to the cap, and would take more
  kernel_objects,  // part of what it holds lies in kernel objects that the figure's source doesn't see
};

// The memory that stands for a case in every table, chart and ranking: loaded for what carries payload, idle for what
// carries none. The one never stands in for the other.
struct MemoryFigure {
  const Figure* figure = nullptr;  // of the case's summary, never null; its reason says why it has no median
  AtLeast at_least = AtLeast::no;
  // The value surely lies here: the slope's error, and what the source leaves out. A capped one has no upper end. None
  // without a median, where kernel objects aren't seen, and where a limit of the host changed the channels.
  std::optional<Interval> bounds;

  // It can be compared with others: in words, ranks and rank correlations.
  bool is_comparable() const noexcept { return bounds.has_value(); }
};

// The result, summarised, must outlive the answer.
MemoryFigure memory_figure(const Result& result, const CaseRecord& c);

// Whether a figure of the case's channel, idle or loaded, misses kernel objects that hold part of the channel.
bool misses_kernel_objects(const Result& result, const CaseRecord& c);

}  // namespace ipcbench
