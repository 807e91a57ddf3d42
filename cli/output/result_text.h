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

// Of a file that the command line names. Throws UsageError: a wrong name is the user's affair, no fault of the program.
Result load_stored_result(const std::string& file);

// Adds --reference, whose value goes into `name`.
void add_reference_to(CLI::App& app, std::string& name);
// What it names in `result`, nothing for "". Throws UsageError that says what `which` lacks.
std::optional<Reference> reference_in(const Result& result, const std::string& name, std::string_view which);

// How `run`, `show`, `report` and `recommend` print tables.
enum class TableFormat { text, markdown, csv, json };

// In the order of TableFormat.
std::vector<std::string> table_format_names();
TableFormat table_format_named(std::string_view name);  // one of them, else std::out_of_range

// At least one table. CSV holds but one: the first. `color` matters to text only.
std::string text_of(std::span<const Table> tables, TableFormat format, bool color);

// All tables of a result; as CSV, one table with every figure of every case.
std::string text_of(const Result& result, TableFormat format, bool color, Language language = Language::english,
                    const Reference* reference = nullptr);

// What --table takes: the ids of this result's tables ("ping-pong/same-cpu"), and before them their kinds
// ("ping-pong").
std::vector<std::string> table_names(const Result& result, const Reference* reference = nullptr);
// The table of this id, or all of this kind. Throws UsageError, with the nearest name, where there is none, and where
// there are several for CSV, which holds but one.
std::string text_of(const Result& result, const std::string& table, TableFormat format, bool color, Language language,
                    const Reference* reference = nullptr);

}  // namespace ipcbench
