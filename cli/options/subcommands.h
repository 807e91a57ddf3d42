#pragma once

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/terminal/terminal.h"

namespace ipcbench {

// Holds the arguments that apply to all subcommands.
struct Globals {
  std::string command;  // as typed
  std::string program;  // its first word
  std::string color = "auto";
  std::vector<std::string> plugins = {};  // paths of libraries
  std::vector<std::string> workers = {};  // commands of foreign workers

  ColorWhen color_when() const noexcept {
    return color == "always" ? ColorWhen::always : color == "never" ? ColorWhen::never : ColorWhen::automatic;
  }
};

struct Subcommand {
  CLI::App* app = nullptr;
  std::function<int()> run;      // returns the exit code; throws UsageError and std::system_error
  bool knows_transports = true;  // those of plug-ins and foreign workers are added before it runs
};

// Each is defined in the file of its name. `globals` must outlive the program's run.
Subcommand add_report(CLI::App& program, const Globals& globals);
Subcommand add_list(CLI::App& program, const Globals& globals);
Subcommand add_run(CLI::App& program, const Globals& globals);
Subcommand add_load(CLI::App& program, const Globals& globals);
Subcommand add_find_rate(CLI::App& program, const Globals& globals);
Subcommand add_plan(CLI::App& program, const Globals& globals);
Subcommand add_show(CLI::App& program, const Globals& globals);
Subcommand add_fleet(CLI::App& program, const Globals& globals);
Subcommand add_summarise(CLI::App& program, const Globals& globals);
Subcommand add_claims(CLI::App& program, const Globals& globals);
Subcommand add_recommend(CLI::App& program, const Globals& globals);
Subcommand add_doctor(CLI::App& program, const Globals& globals);
Subcommand add_topology(CLI::App& program, const Globals& globals);
Subcommand add_clean(CLI::App& program, const Globals& globals);
Subcommand add_conform(CLI::App& program, const Globals& globals);
Subcommand add_selftest(CLI::App& program, const Globals& globals);
Subcommand add_gbench(CLI::App& program, const Globals& globals);
Subcommand add_ab(CLI::App& program, const Globals& globals);
Subcommand add_compare(CLI::App& program, const Globals& globals);
Subcommand add_check(CLI::App& program, const Globals& globals);
Subcommand add_calibrate(CLI::App& program, const Globals& globals);
Subcommand add_worker(CLI::App& program, const Globals& globals);
Subcommand add_complete(CLI::App& program, const Globals& globals);
Subcommand add_measure_launch(CLI::App& program, const Globals& globals);

}  // namespace ipcbench
