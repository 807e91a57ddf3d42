#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace ipcbench {

// A check for an option with a closed set of values, that names the nearest one.
CLI::Validator one_of(std::vector<std::string> names);
// The values of an option that has such a check, else none.
std::vector<std::string> closed_values(CLI::Option& option);

// Those that are for people, in the order of --help.
std::vector<const CLI::App*> visible_subcommands(const CLI::App& program);

// A check for an unsigned option: CLI11 itself takes -1 for the largest number there is.
CLI::Validator not_negative();

// A check for a name of a file that may not be "".
CLI::Validator not_empty();

// Returns the names, with their dashes, of those of these options that the command line has.
std::vector<std::string> names_given(const std::vector<const CLI::Option*>& options);

// Throws UsageError for the first argument that nothing took: an unknown subcommand, flag or one argument too many,
// with the nearest name. `program` must allow extras, as must its subcommands.
void refuse_extras(const CLI::App& program);

}  // namespace ipcbench
