#include "plots/exports/exports.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "harness/base/fnv1a.h"
#include "harness/files/output_file.h"
#include "plots/charts/charts.h"
#include "plots/exports/google_benchmark_json.h"
#include "plots/exports/hdr_log.h"
#include "plots/exports/hgrm.h"
#include "plots/table/table.h"
#include "plots/tables/result_tables.h"
#include "results/figures/launch_figures.h"
#include "results/figures/statistics.h"
#include "results/figures/summary_form.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostNameBytes = 120;

class Exports {
 public:
  explicit Exports(std::string folder) : folder_(std::move(folder)) {}

  // Writes a file. `name` must be safe already; a number is added if it is taken.
  void write(const std::string& subfolder, const std::string& name, const std::string& ending,
             const std::string& content) {
    const std::string place = subfolder.empty() ? folder_ : folder_ + '/' + subfolder;
    std::error_code error;
    std::filesystem::create_directories(place, error);
    if (error) throw std::system_error(error, "make the folder " + place);
    std::string path = fmt::format("{}/{}{}", place, name, ending);
    for (int n = 2; !taken_.insert(path).second; ++n) path = fmt::format("{}/{}-{}{}", place, name, n, ending);
    write_file_atomically(path, content);
    files_.push_back(std::move(path));
  }

  void add(std::vector<std::string> files) {
    files_.insert(files_.end(), std::make_move_iterator(files.begin()), std::make_move_iterator(files.end()));
  }

  std::vector<std::string> files() && { return std::move(files_); }

 private:
  std::string folder_;
  std::set<std::string> taken_;
  std::vector<std::string> files_;
};

bool has_histogram(const CaseRecord& c) {
  return std::ranges::any_of(c.launches,
                             [](const LaunchRecord& launch) { return launch.used && count_of(times_of(launch)) > 0; });
}

}  // namespace

std::string export_name(std::string_view id) {
  std::string name;
  for (const char c : id) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-_=.").find(c) != std::string_view::npos;
    name += plain ? c : '_';
  }
  if (name.empty() || name.front() == '.') name.insert(0, 1, '_');
  if (name.size() <= kMostNameBytes) return name;
  const std::string tail = fmt::format("-{:016x}", fnv1a_64(id));
  return name.substr(0, kMostNameBytes - tail.size()) + tail;
}

std::vector<std::string> write_exports(const ComparedResult& compared, const std::string& folder, Language language,
                                       const Reference* reference) {
  const Result& result = compared.result;
  Exports exports(folder);
  std::vector<Table> tables = result_tables(compared, language, reference);
  tables.push_back(case_table(result, reference));
  for (const Table& table : tables) {
    exports.write("tables", export_name(table.id), ".csv", to_csv(table));
    exports.write("tables", export_name(table.id), ".md", to_markdown(table));
  }
  for (const CaseRecord& c : result.cases) {
    if (is_summary_form(result) || c.status != Status::ok || !has_histogram(c)) continue;
    exports.write("hgrm", export_name(c.id), ".hgrm", to_hgrm(c));
    exports.write("hlog", export_name(c.id), ".hlog", to_hdr_log(c));
  }
  exports.write("", "google-benchmark", ".json", to_google_benchmark_json(result));
  exports.add(write_chart_data(compared, folder + "/charts"));
  return std::move(exports).files();
}

}  // namespace ipcbench
