#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "results/model/record.h"
#include "scenarios/list/scenario.h"

// Says which columns a table of measurements has, and how its rows fall into parts.

namespace ipcbench {

using Cases = std::vector<const CaseRecord*>;

// The columns that a table has.
enum class Form : std::uint8_t { round_trips, messages, notifications, setup };
Form form_of(const CaseRecord& c, Traffic traffic);

// Returns the figure that a table's rows are ranked by.
const Figure& headline_of(Form form, const CaseSummary& summary);

// Returns, for example, "ping-pong/same-cpu"; "notifications/same-cpu" for a stream of these. `any` is one of the
// table's cases.
std::string id_of(Form form, const CaseRecord& any);
std::string title_of(Form form, const CaseRecord& any);

// The parts of a table, in order.
enum class Section : std::uint8_t { ranked, other_waits, untouched, limited };

struct PartKey {
  std::string reply;  // "" if answers are like messages; other cases are ranked only among their like
  Section section;
  std::uint64_t size;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with zero in it for a pointer's
  friend auto operator<=>(const PartKey&, const PartKey&) = default;
};
std::map<PartKey, Cases> parts_of(const Cases& cases);
std::string title_of(const PartKey& key, const Cases& cases);

}  // namespace ipcbench
