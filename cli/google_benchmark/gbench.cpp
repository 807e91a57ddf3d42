#include <array>
#include <charconv>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "cli/google_benchmark/google_benchmark.h"
#include "cli/options/command_line.h"
#include "cli/options/run_arguments.h"
#include "cli/options/subcommands.h"
#include "cli/terminal/terminal.h"
#include "harness/base/usage_error.h"
#include "harness/files/output_file.h"
#include "harness/process/stop_signals.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {
namespace {

constexpr const char* kGbenchExamples = R"(Examples:
  ipcbench gbench --transport pipe --size 64
  ipcbench gbench --benchmark_filter=ping-pong/pipe --benchmark_repetitions=9 --benchmark_out=old.json
  ipcbench gbench --iterations-from old.json --benchmark_repetitions=9 --benchmark_out=new.json
  /usr/share/benchmark/compare.py benchmarks old.json new.json

One launch is one benchmark run. A pilot sets its iterations, which are part of its name: --iterations-from keeps those of
an earlier file, so that compare.py finds the same names. The column CPU is the coordinator's; the workers' is cpu_ns.)";

// A flag of Google Benchmark that has a meaning here.
struct BenchmarkFlag {
  const char* name;
  const char* placeholder;  // "" for a flag that needs no value
  const char* text;
  std::vector<std::string> values = {};  // none: any
};

const std::vector<BenchmarkFlag>& benchmark_flags() {
  static const std::vector<BenchmarkFlag> flags = {
      {"--benchmark_filter", "REGEX", "only benchmarks whose name matches; a leading '-' negates"},
      {"--benchmark_list_tests", "", "prints the names, measures only the pilots"},
      {"--benchmark_repetitions", "N", "launches of each case; default: 1"},
      {"--benchmark_enable_random_interleaving", "", "repetitions of all cases in random order (without a seed)"},
      {"--benchmark_min_time", "SECONDS", "target length of a launch's block, instead of the suite's"},
      {"--benchmark_report_aggregates_only", "", "mean, median and deviation of the repetitions only"},
      {"--benchmark_display_aggregates_only", "", "the same, on stdout alone"},
      {"--benchmark_format", "FORMAT", "of stdout: console (default) or json", {"console", "json"}},
      {"--benchmark_out", "FILE", "a result file besides"},
      {"--benchmark_out_format", "FORMAT", "of that file: json (default) or console", {"json", "console"}},
      {"--benchmark_color", "WHEN", "auto (default), true or false", {"auto", "true", "false"}},
      {"--benchmark_counters_tabular", "", "counters in columns"},
      {"--benchmark_context", "KEY=VALUE,...", "stored in the result"},
      {"--benchmark_time_unit", "UNIT", "ns (default), us, ms or s", {"ns", "us", "ms", "s"}},
  };
  return flags;
}

struct GbenchArguments {
  RunArguments cases;
  std::string iterations_from;
  std::map<std::string, std::string, std::less<>> flags;  // Google Benchmark's flags that were given

  std::string flag(std::string_view name) const {
    const auto found = flags.find(name);
    return found == flags.end() ? "" : found->second;
  }
};

// Parses SECONDS, also with the suffix of later versions: "0.5s".
std::chrono::nanoseconds block_of(std::string_view text) {
  if (text.ends_with('s')) text.remove_suffix(1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc() || end != text.data() + text.size() || !(seconds >= 0.001 && seconds <= 3600))
    throw UsageError(fmt::format("--benchmark_min_time: '{}' is not 0.001 to 3600 seconds", text));
  return std::chrono::nanoseconds(std::llround(seconds * 1e9));
}

// Checks the file early. The library opens it after the pilots, ends the program by itself if it can't, and follows
// links.
void check_out(const std::string& file) {
  if (file.empty()) return;
  if (is_stdout(file)) throw UsageError("--benchmark_out -: for JSON on stdout, use --benchmark_format=json");
  try {
    check_output(file);
  } catch (const UsageError& error) {
    throw UsageError(fmt::format("--benchmark_out {}", error.what()));
  }
}

int gbench(const GbenchArguments& arguments) {
  GoogleBenchmarkRun run{.plan = {},
                         .payload = arguments.cases.payload(),
                         .seed = arguments.cases.seed(),
                         .filter = arguments.flag("--benchmark_filter"),
                         .list_only = arguments.flag("--benchmark_list_tests") == "true",
                         .iterations = {},
                         .flags = {}};
  may_be_selected(run.filter, "");  // throws if it is no regular expression
  if (!arguments.iterations_from.empty()) run.iterations = iterations_in(arguments.iterations_from);
  check_out(arguments.flag("--benchmark_out"));
  const Topology topology = Topology::of_this_machine();
  run.plan = arguments.cases.plan(topology);
  for (const auto& [name, value] : arguments.flags) {
    if (name == "--benchmark_min_time")
      run.plan.block = block_of(value);
    else
      run.flags.push_back(name + "=" + value);
  }
  for (const std::string& line : RunDir::clean_dead_runs().lines) tell(fmt::format("left by a killed run: {}", line));
  install_stop_signals();
  return run_google_benchmark(std::move(run), topology);
}

void add_flag(CLI::App& app, GbenchArguments& arguments, const BenchmarkFlag& flag) {
  const auto keep = [&arguments, name = std::string(flag.name)](const std::string& value) {
    arguments.flags[name] = value;
  };
  CLI::Option* option = nullptr;
  if (*flag.placeholder == '\0') {
    option = app.add_flag_callback(
        flag.name, [keep] { keep("true"); }, flag.text);
  } else {
    option = app.add_option_function<std::string>(flag.name, keep, flag.text)->option_text(flag.placeholder);
  }
  if (!flag.values.empty()) option->check(one_of(flag.values));
  option->group("Google Benchmark's");
}

}  // namespace

Subcommand add_gbench(CLI::App& program, const Globals&) {
  CLI::App* app = program.add_subcommand("gbench", "measures under Google Benchmark, with its flags and its JSON");
  app->footer(kGbenchExamples);
  auto arguments = std::make_shared<GbenchArguments>();
  arguments->cases.add_cases_to(*app);
  app->add_option("--iterations-from", arguments->iterations_from, "keeps the iterations of an earlier JSON file")
      ->option_text("FILE")
      ->group("How");
  for (const BenchmarkFlag& flag : benchmark_flags()) add_flag(*app, *arguments, flag);
  app->get_option("--benchmark_repetitions")->check(CLI::Range(1, 10000));
  return {app, [arguments] { return gbench(*arguments); }};
}

}  // namespace ipcbench
