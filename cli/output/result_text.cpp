#include "cli/output/result_text.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "harness/base/usage_error.h"
#include "plots/tables/result_tables.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 4> kFormats = {"table", "markdown", "csv", "json"};

std::vector<Table> all_tables(const Result& result, Language language, const Reference* reference) {
  std::vector<Table> tables = result_tables(result, language, reference);
  tables.push_back(case_table(result, reference));
  return tables;
}

// Returns "ping-pong" for "ping-pong/same-cpu".
std::string kind_of(const std::string& id) { return id.substr(0, id.find('/')); }

std::vector<std::string> ids_of(const std::vector<Table>& tables) {
  std::vector<std::string> ids;
  for (const Table& table : tables) ids.push_back(table.id);
  return ids;
}

}  // namespace

Result load_stored_result(const std::string& file) {
  try {
    return load_result(file);
  } catch (const std::system_error& error) {
    throw UsageError(error.what());
  }
}

void add_reference_to(CLI::App& app, std::string& name) {
  app.add_option(
         "--reference", name,
         "shows figures as multiples of this row as well: a case's id, or a transport, whose row each table has")
      ->check(not_empty())
      ->option_text("CASE|TRANSPORT");
}

std::optional<Reference> reference_in(const Result& result, const std::string& name, std::string_view which) {
  if (name.empty()) return std::nullopt;
  return std::make_optional<Reference>(result, name, which);
}

std::vector<std::string> table_format_names() { return {kFormats.begin(), kFormats.end()}; }

TableFormat parse_table_format(std::string_view name) {
  for (std::size_t n = 0; n < kFormats.size(); ++n) {
    if (kFormats[n] == name) return static_cast<TableFormat>(n);
  }
  throw std::out_of_range("no such table format");
}

std::string format_tables(std::span<const Table> tables, TableFormat format, bool color) {
  switch (format) {
    case TableFormat::text:
      break;
    case TableFormat::markdown:
      return to_markdown(tables);
    case TableFormat::csv:
      return to_csv(tables.front());
    case TableFormat::json:
      return to_json(tables);
  }
  return to_text(tables, {.color = color});
}

std::string format_result(const Result& result, TableFormat format, bool color, Language language,
                          const Reference* reference) {
  // One table with every figure: a file with several tables would be no CSV.
  if (format == TableFormat::csv) return to_csv(case_table(result, reference));
  return format_tables(result_tables(result, language, reference), format, color);
}

std::vector<std::string> table_names(const Result& result, const Reference* reference) {
  std::vector<std::string> kinds;
  std::vector<std::string> ids;
  for (const Table& table : all_tables(result, Language::english, reference)) {
    const std::string kind = kind_of(table.id);
    if (kind != table.id) ids.push_back(table.id);
    if (std::ranges::find(kinds, kind) == kinds.end()) kinds.push_back(kind);
  }
  kinds.insert(kinds.end(), ids.begin(), ids.end());
  return kinds;
}

std::string format_result(const Result& result, const std::string& table, TableFormat format, bool color,
                          Language language, const Reference* reference) {
  std::vector<Table> chosen = all_tables(result, language, reference);
  std::erase_if(chosen, [&](const Table& t) { return t.id != table && kind_of(t.id) != table; });
  if (chosen.empty()) {
    const std::vector<std::string> names = table_names(result, reference);
    throw UsageError(fmt::format("--table: this result has no table '{}'{}", table, suggestion(table, names)));
  }
  if (format == TableFormat::csv && chosen.size() > 1) {
    throw UsageError(fmt::format("--table: CSV holds one table, and '{}' are {}; name one: {}", table, chosen.size(),
                                 fmt::join(ids_of(chosen), ", ")));
  }
  return format_tables(chosen, format, color);
}

}  // namespace ipcbench
