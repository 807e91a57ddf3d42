#include "results/fleet/fleet.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "cli/options/command_line.h"
#include "cli/options/subcommands.h"
#include "cli/output/result_text.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/process/affinity.h"
#include "plots/tables/fleet_tables.h"
#include "results/model/utf8.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFleetExamples = R"(Examples:
  ipcbench fleet results/                             one result of each host, whole or in the summary form
  ipcbench fleet rack1/*.json.zst rack2/*.json.zst
  ipcbench fleet results/ --table cases               how hosts differ in each case
  ipcbench fleet results/ --table hosts --format csv  every host with its p-value
  ipcbench fleet results/ --fail                      exit code 1 if a host stands out

Hosts are compared with others of their machine class, of which it takes at least 20: docs/fleet.md. A file that can't be
read is named, and the rest is used.

Exit codes: 0, or with --fail 1 if a host stands out and 3 if no host could be judged; 2 if no file could be read.)";

struct FleetArguments {
  std::vector<std::string> paths;
  std::string format = table_format_names().front();
  std::string table;
  std::string language{kLanguageNames.front()};
  bool fail = false;
};

// Returns the results of a folder by name, without those of its subfolders.
std::vector<std::string> results_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    std::error_code gone;
    if ((name.ends_with(".json") || name.ends_with(".json.zst")) && entry->is_regular_file(gone))
      files.push_back(entry->path().string());
  }
  if (error) throw UsageError(fmt::format("{}: {}", printable(folder), error.message()));
  if (files.empty()) {
    throw UsageError(
        fmt::format("{}: no file in this folder ends in .json or .json.zst; give the folder or the files "
                    "that ipcbench run or summarise wrote",
                    printable(folder)));
  }
  std::ranges::sort(files);
  return files;
}

std::vector<std::string> files_of(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code none;
    if (!fs::is_directory(path, none)) {
      files.push_back(path);
      continue;
    }
    for (std::string& file : results_in(path)) files.push_back(std::move(file));
  }
  return files;
}

// Holds a file's host, or why there is none.
struct ReadFile {
  std::optional<FleetHost> host;
  std::string why;
  std::exception_ptr fault;  // of the program
};

ReadFile read_host(const std::string& file) {
  try {
    return {.host = fleet_host(load_stored_result(file), file), .why = "", .fault = nullptr};
  } catch (const UsageError& error) {
    std::string why = error.what();
    if (const std::string place = file + ": "; why.starts_with(place)) why.erase(0, place.size());
    return {.host = std::nullopt, .why = std::move(why), .fault = nullptr};
  } catch (...) {
    return {.host = std::nullopt, .why = "", .fault = std::current_exception()};
  }
}

// Reads the results on all CPUs of this process, so that no more than one for each is in memory. Where the system
// refuses threads, it reads with those that there are.
class FleetReader {
 public:
  explicit FleetReader(const std::vector<std::string>& files) : files_(files), read_(files.size()) {}

  std::vector<ReadFile> read() && {
    const std::size_t wanted = std::min(allowed_cpus().size(), files_.size());
    {
      std::vector<std::jthread> others;
      while (others.size() + 1 < wanted && add_thread(others)) {
      }
      read_more(true);
    }
    progress_->measured();
    return std::move(read_);
  }

 private:
  bool add_thread(std::vector<std::jthread>& others) {
    try {
      others.emplace_back([this] { read_more(false); });
      return true;
    } catch (const std::system_error&) {  // EAGAIN: too many processes of this user or control group
      return false;
    }
  }

  void read_more(bool shows_progress) {
    for (std::size_t n = 0; (n = next_++) < files_.size(); ++done_) {
      if (shows_progress) show(files_[n]);
      read_[n] = read_host(files_[n]);
    }
  }

  void show(const std::string& file) {
    const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start_;
    const std::size_t done = done_;
    const auto times = [&](std::size_t n) { return static_cast<std::chrono::nanoseconds::rep>(n); };
    progress_->progress({.stage = fmt::format("result {} of {}", done + 1, files_.size()),
                         .case_id = printable(file),
                         .elapsed = elapsed,
                         .left = elapsed / times(std::max<std::size_t>(done, 1)) * times(files_.size() - done)});
  }

  const std::vector<std::string>& files_;
  std::vector<ReadFile> read_;
  std::atomic<std::size_t> next_ = 0, done_ = 0;
  const std::unique_ptr<ProgressReporter> progress_ = make_progress(ProgressMode::automatic);
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

std::vector<FleetHost> read_hosts(const std::vector<std::string>& files, std::vector<LeftOutFile>& left_out) {
  std::vector<ReadFile> read = FleetReader(files).read();
  std::vector<FleetHost> hosts;
  for (std::size_t n = 0; n < files.size(); ++n) {
    if (read[n].fault) std::rethrow_exception(read[n].fault);
    if (read[n].host) {
      hosts.push_back(std::move(*read[n].host));
    } else {
      left_out.push_back({files[n], std::move(read[n].why)});
    }
  }
  return hosts;
}

std::vector<Table> tables_for(const FleetArguments& arguments, const Fleet& fleet,
                              const std::vector<LeftOutFile>& left_out) {
  const Language language = *parse_language(arguments.language);
  if (arguments.table.empty() && parse_table_format(arguments.format) != TableFormat::json)
    return fleet_overview(fleet, left_out, language);
  std::vector<Table> tables = fleet_tables(fleet, left_out, language);
  if (!arguments.table.empty())
    std::erase_if(tables, [&](const Table& table) { return table.id != "fleet/" + arguments.table; });
  return tables;
}

int compare_fleet(const FleetArguments& arguments, const Globals& globals) {
  std::vector<LeftOutFile> left_out;
  std::vector<FleetHost> hosts = read_hosts(files_of(arguments.paths), left_out);
  if (hosts.empty())
    throw UsageError(
        fmt::format("fleet: no result could be read; {}: {}", printable(left_out.front().file), left_out.front().why));
  const Fleet fleet = compare_hosts(std::move(hosts));
  for (const RepeatedRun& repeated : fleet.repeated)
    left_out.push_back({repeated.file, fmt::format("the same run as {}, which counts once", repeated.first)});
  for (const LeftOutFile& one : left_out) tell(fmt::format("left out: {}: {}", one.file, one.why));
  print(format_tables(tables_for(arguments, fleet, left_out), parse_table_format(arguments.format),
                      use_color(globals.color_when(), STDOUT_FILENO)));
  if (!arguments.fail) return 0;
  if (fleet.judged() == 0) return kExitTooNoisy;
  return fleet.standing_out() > 0 ? kExitSlowHost : 0;
}

}  // namespace

Subcommand add_fleet(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("fleet", "which hosts of many are slow, by a result of each");
  app->footer(kFleetExamples);
  auto arguments = std::make_shared<FleetArguments>();
  app->add_option("PATH", arguments->paths, "results of one suite, a host each, or folders of them")->required();
  const std::span<const std::string_view> names = fleet_table_names();
  app->add_option("--table", arguments->table,
                  "slow, classes, coincidences, left-out, hosts or cases; default: an overview")
      ->check(one_of({names.begin(), names.end()}))
      ->option_text("TABLE");
  app->add_option("--format", arguments->format,
                  "table (default), markdown, csv (one table: slow) or json (all tables)")
      ->check(one_of(table_format_names()))
      ->option_text("FORMAT");
  app->add_option("--lang", arguments->language, "of the tables: en (default) or zh")
      ->check(one_of({kLanguageNames.begin(), kLanguageNames.end()}))
      ->option_text("LANG");
  app->add_flag("--fail", arguments->fail, "exit code 1 if a host stands out");
  return {app, [arguments, &globals] { return compare_fleet(*arguments, globals); }};
}

}  // namespace ipcbench
