#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/fleet/fleet.h"

namespace ipcbench {

// Names a file that isn't part of a fleet, and says why.
struct LeftOutFile {
  std::string file, why;
};

// Returns the kinds of tables, in the order of fleet_tables(): "slow", "classes" …
std::span<const std::string_view> fleet_table_names() noexcept;

// Returns all tables of a fleet in one language. The id of each is "fleet/" and its kind.
std::vector<Table> fleet_tables(const Fleet& fleet, std::span<const LeftOutFile> left_out, Language language);

// Returns those that people want to see first: without those of all hosts and cases, and without empty ones.
std::vector<Table> fleet_overview(const Fleet& fleet, std::span<const LeftOutFile> left_out, Language language);

}  // namespace ipcbench
