#pragma once

#include <chrono>
#include <string>

#include <CLI/CLI.hpp>

namespace ipcbench {

// Of ab and check.
inline constexpr std::chrono::nanoseconds kDefaultBudget = std::chrono::minutes(5);

// --budget DURATION; `help` says what the time is for.
CLI::Option* add_budget_to(CLI::App& app, std::string& text, const std::string& help);
// "5min", "5m", "90s"; `fallback` for "". Throws UsageError, also for no time at all.
std::chrono::nanoseconds parse_budget(const std::string& text, std::chrono::nanoseconds fallback);

// --precision: "2%", "0.5%", "0.02"; the ratio. Throws UsageError for what isn't between 0 and 100 %.
double parse_precision(const std::string& text);

}  // namespace ipcbench
