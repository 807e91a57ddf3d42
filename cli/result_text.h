#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plots/language.h"
#include "results/record.h"

namespace ipcbench {

// Of a file that the command line names. Throws UsageError: a wrong name is the user's affair, no fault of the program.
Result load_stored_result(const std::string& file);

// How `run` and `show` print a result.
enum class TableFormat { text, markdown, csv, json };

// In the order of TableFormat.
std::vector<std::string> table_format_names();
TableFormat table_format_named(std::string_view name);  // one of them, else std::out_of_range

// All tables of a result. `color` matters to text only.
std::string text_of(const Result& result, TableFormat format, bool color, Language language = Language::english);

// What --table takes: the ids of this result's tables ("ping-pong/same-cpu"), and before them their kinds
// ("ping-pong").
std::vector<std::string> table_names(const Result& result);
// The table of this id, or all of this kind. Throws UsageError, with the nearest name, where there is none, and where
// there are several for CSV, which holds but one.
std::string text_of(const Result& result, const std::string& table, TableFormat format, bool color, Language language);

}  // namespace ipcbench
