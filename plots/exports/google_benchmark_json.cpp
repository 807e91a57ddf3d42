#include "plots/exports/google_benchmark_json.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <variant>

#include <fmt/format.h>

#include "plots/exports/google_benchmark_entries.h"
#include "results/figures/launch_figures.h"
#include "results/model/limits.h"
#include "results/rows/at_largest.h"

namespace ipcbench {
namespace {

GoogleRepetition repetition_of(const LaunchRecord& launch, double time_ns) {
  GoogleRepetition repetition{.real_ns = time_ns, .cpu_ns = cpu_ns_per_op(launch), .counters = {}};
  auto& counters = repetition.counters;
  if (launch.setup) repetition.cpu_ns.reset();  // no message is sent
  if (launch.block_ns) {
    counters.emplace_back("items_per_second", 1e9 / time_ns);
    if (launch.bytes_per_op > 0) {
      counters.emplace_back("bytes_per_second", 1e9 / time_ns * static_cast<double>(launch.bytes_per_op));
    }
  }
  if (repetition.cpu_ns) counters.emplace_back("cpu_ns", *repetition.cpu_ns);
  for (const auto& [key, q] :
       {std::pair("p50_ns", 0.5), std::pair("p90_ns", 0.9), std::pair("p99_ns", 0.99), std::pair("p999_ns", 0.999)}) {
    if (const std::optional<double> value = supported_quantile(launch, q)) counters.emplace_back(key, *value);
  }
  if (launch.max_ns) counters.emplace_back("max_ns", *launch.max_ns);
  return repetition;
}

// Groups the used launches of a case by their number of ops, which is part of the name.
std::vector<GoogleBenchmark> benchmarks_of(const CaseRecord& c) {
  std::vector<GoogleBenchmark> benchmarks;
  const std::string limits = launch_limits_of(c).english;
  std::string label = at_largest_text(c).english;
  if (!limits.empty()) label += fmt::format("{}{} {}", label.empty() ? "" : "; ", kLimitMark, limits);
  for (const LaunchRecord& launch : c.launches) {
    const std::optional<double> time_ns = op_ns(launch);
    if (!launch.used || !time_ns || !(*time_ns > 0)) continue;
    const std::uint64_t iterations = std::max<std::uint64_t>(launch.ops, 1);
    auto found = std::ranges::find(benchmarks, iterations, &GoogleBenchmark::iterations);
    if (found == benchmarks.end()) {
      found = benchmarks.insert(found, {.name = fmt::format("{}/iterations:{}/manual_time", c.id, iterations),
                                        .label = label,
                                        .iterations = iterations,
                                        .repetitions = {}});
    }
    found->repetitions.push_back(repetition_of(launch, *time_ns));
  }
  return benchmarks;
}

const AttributeValue* detail(const Result& result, std::string_view name) {
  const auto found = std::ranges::find(result.machine.details, name, &std::pair<std::string, AttributeValue>::first);
  return found == result.machine.details.end() ? nullptr : &found->second;
}

// Maps a build type to Google Benchmark's words: a build with NDEBUG is "release". None for a type that CMake doesn't
// know.
std::optional<std::string> library_build_type(const std::string& build_type) {
  if (build_type == "Debug") return "debug";
  for (const std::string_view optimised : {"Release", "RelWithDebInfo", "MinSizeRel"}) {
    if (build_type == optimised) return "release";
  }
  return std::nullopt;
}

// Returns the context. What isn't known of the machine has no key; compare.py and other readers don't need any.
void write_context(JsonWriter& json, const Result& result) {
  json.member("date", result.started);
  json.member("executable", result.command.substr(0, result.command.find(' ')));
  if (const AttributeValue* cpus = detail(result, "cpus_online"); cpus && std::holds_alternative<std::int64_t>(*cpus)) {
    json.member("num_cpus", *cpus);
  }
  if (const AttributeValue* mhz = detail(result, "cpu_mhz"); mhz && std::holds_alternative<double>(*mhz)) {
    json.member("mhz_per_cpu", *mhz);
  }
  if (const AttributeValue* governor = detail(result, "governor");
      governor && std::holds_alternative<std::string>(*governor)) {
    json.member("cpu_scaling_enabled", std::get<std::string>(*governor) != "performance");
  }
  if (const auto type = library_build_type(result.build.build_type)) json.member("library_build_type", *type);
  json.member("ipcbench", result.build.version + " " + result.build.git);
  json.member("ipcbench_build_type", result.build.build_type);
  json.member("command", result.command);
  json.member("machine", result.machine.machine_class);
  json.member("payload", result.payload);
  json.member("seed", std::to_string(result.seed));
  json.member("cpu_time", "of all participants, per op; 0 with a label where it was not measured");
}

}  // namespace

std::string to_google_benchmark_json(const Result& result) {
  JsonWriter json(kGoogleLayout);
  json.object([&] {
    json.key("context").object([&] { write_context(json, result); });
    json.key("benchmarks").list([&] {
      std::size_t family = 0;
      for (const CaseRecord& c : result.cases) {
        if (c.status != Status::ok) continue;
        for (const GoogleBenchmark& benchmark : benchmarks_of(c)) write_benchmark(json, family++, benchmark);
      }
    });
  });
  return json.take() + '\n';
}

}  // namespace ipcbench
