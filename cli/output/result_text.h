#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "plots/table/language.h"
#include "plots/table/table.h"
#include "results/model/record.h"
#include "results/rows/reference.h"

namespace ipcbench {

// Loads a file that the command line names. Throws UsageError, since a wrong name is the user's error.
Result load_stored_result(const std::string& file);

// Adds --reference, whose value goes into `name`.
void add_reference_to(CLI::App& app, std::string& name);
// Finds what the name stands for in `result`; nothing for "". Throws UsageError that says what `which` lacks.
std::optional<Reference> reference_in(const Result& result, const std::string& name, std::string_view which);

// The formats in which `run` and `show` print a result.
enum class TableFormat { text, markdown, csv, json };

// Returns the names in the order of TableFormat.
std::vector<std::string> table_format_names();
TableFormat parse_table_format(std::string_view name);  // throws std::out_of_range for other names

// At least one table. CSV holds but one: the first. `color` matters to text only.
std::string format_tables(std::span<const Table> tables, TableFormat format, bool color);

// Formats all tables of a result. `color` matters to text only.
std::string format_result(const Result& result, TableFormat format, bool color, Language language = Language::english,
                          const Reference* reference = nullptr);

// Returns the values of --table: this result's kinds of tables ("ping-pong"), then their ids ("ping-pong/same-cpu").
std::vector<std::string> table_names(const Result& result, const Reference* reference = nullptr);
// Formats the table with this id, or all of this kind. Throws UsageError with the nearest name if there is none, or if
// a kind has several tables and the format is CSV, which holds only one.
std::string format_result(const Result& result, const std::string& table, TableFormat format, bool color,
                          Language language, const Reference* reference = nullptr);

}  // namespace ipcbench
