#pragma once

#include <chrono>
#include <string>

#include <CLI/CLI.hpp>

namespace ipcbench {

// The default of ab and check.
inline constexpr std::chrono::nanoseconds kDefaultBudget = std::chrono::minutes(5);

// Adds --budget DURATION; `help` says what the time is for.
CLI::Option* add_budget_to(CLI::App& app, std::string& text, const std::string& help);
// Parses "5min", "5m" or "90s"; "" yields `fallback`. Throws UsageError, for zero too.
std::chrono::nanoseconds parse_budget(const std::string& text, std::chrono::nanoseconds fallback);

// Parses --precision: "2%", "0.5%" or "0.02"; returns the ratio. Throws UsageError outside 0 to 100 %.
double parse_precision(const std::string& text);

}  // namespace ipcbench
