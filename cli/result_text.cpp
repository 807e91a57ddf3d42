#include "cli/result_text.h"

#include <array>
#include <stdexcept>
#include <system_error>

#include "harness/os/usage_error.h"
#include "plots/result_tables.h"
#include "results/store.h"

namespace ipcbench {
namespace {

constexpr std::array<std::string_view, 4> kFormats = {"table", "markdown", "csv", "json"};

}  // namespace

Result load_stored_result(const std::string& file) {
  try {
    return load_result(file);
  } catch (const std::system_error& error) {
    throw UsageError(error.what());
  }
}

std::vector<std::string> table_format_names() { return {kFormats.begin(), kFormats.end()}; }

TableFormat table_format_named(std::string_view name) {
  for (std::size_t n = 0; n < kFormats.size(); ++n) {
    if (kFormats[n] == name) return static_cast<TableFormat>(n);
  }
  throw std::out_of_range("no such table format");
}

std::string text_of(const Result& result, TableFormat format, bool color) {
  switch (format) {
    case TableFormat::text:
      break;
    case TableFormat::markdown:
      return to_markdown(result_tables(result));
    case TableFormat::csv:
      // One table with every figure: several under each other would be no CSV.
      return to_csv(case_table(result));
    case TableFormat::json:
      return to_json(result_tables(result));
  }
  return to_text(result_tables(result), {.colour = color});
}

}  // namespace ipcbench
