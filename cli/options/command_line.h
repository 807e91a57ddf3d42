#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace ipcbench {

// Checks an option with a closed set of values; its message names the nearest one.
CLI::Validator one_of(std::vector<std::string> names);
// Returns the values of an option with such a check, else none.
std::vector<std::string> closed_values(CLI::Option& option);

// Returns the subcommands for people, in the order of --help.
std::vector<const CLI::App*> visible_subcommands(const CLI::App& program);

// Checks an unsigned option, since CLI11 reads -1 as the largest number.
CLI::Validator not_negative();

// Checks that a file name isn't "".
CLI::Validator not_empty();

// Returns the names, with dashes, of those options that the command line contains.
std::vector<std::string> names_given(const std::vector<const CLI::Option*>& options);

// Throws UsageError for the first unparsed argument, with the nearest name: an unknown subcommand or flag, or an
// argument too many. `program` and its subcommands must allow extras.
void refuse_extras(const CLI::App& program);

}  // namespace ipcbench
