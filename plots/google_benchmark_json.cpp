#include "plots/google_benchmark_json.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "results/figures/launch_figures.h"
#include "results/utf8.h"

namespace ipcbench {
namespace {

using Json = nlohmann::ordered_json;

std::optional<double> op_ns_of(const LaunchRecord& launch) {
  if (launch.setup) return launch.setup->connect_ns;
  if (launch.mean_ns) return launch.mean_ns;
  return launch.block_ns ? per_op(launch, *launch.block_ns) : std::nullopt;
}

void add_quantiles(Json& entry, const LaunchRecord& launch) {
  for (const auto& [key, q] :
       {std::pair("p50_ns", 0.5), std::pair("p90_ns", 0.9), std::pair("p99_ns", 0.99), std::pair("p999_ns", 0.999)}) {
    if (const std::optional<double> value = supported_quantile(launch, q)) entry[key] = *value;
  }
  if (launch.max_ns) entry["max_ns"] = *launch.max_ns;
}

Json entry_of(const CaseRecord& c, const LaunchRecord& launch, double op_ns, std::size_t repetition,
              std::size_t repetitions) {
  const std::uint64_t iterations = std::max<std::uint64_t>(launch.ops, 1);
  const std::string name = fmt::format("{}/iterations:{}/manual_time", valid_utf8(c.id), iterations);
  Json entry = {{"name", name},
                {"run_name", name},
                {"run_type", "iteration"},
                {"repetitions", repetitions},
                {"repetition_index", repetition},
                {"threads", 1},
                {"iterations", iterations},
                {"real_time", op_ns},
                {"cpu_time", cpu_ns_per_op(launch).value_or(0)},
                {"time_unit", "ns"}};
  if (launch.block_ns) {
    entry["items_per_second"] = 1e9 / op_ns;
    if (launch.bytes_per_op > 0) entry["bytes_per_second"] = 1e9 / op_ns * static_cast<double>(launch.bytes_per_op);
  }
  if (const std::optional<double> cpu = cpu_ns_per_op(launch)) entry["cpu_ns"] = *cpu;
  add_quantiles(entry, launch);
  return entry;
}

}  // namespace

std::string to_google_benchmark_json(const Result& result) {
  Json document;
  document["context"] = {{"date", valid_utf8(result.started)},
                         {"executable", valid_utf8(result.command)},
                         {"num_cpus", 0},
                         {"mhz_per_cpu", 0},
                         {"cpu_scaling_enabled", false},
                         {"caches", Json::array()},
                         {"load_avg", Json::array()},
                         {"library_build_type", "release"},
                         {"ipcbench", valid_utf8(result.tool.version + " " + result.tool.git)},
                         {"machine", valid_utf8(result.machine.machine_class)},
                         {"payload", valid_utf8(result.payload)},
                         {"seed", std::to_string(result.seed)},
                         {"cpu_time", "of all participants, per op"}};
  Json& benchmarks = document["benchmarks"] = Json::array();
  for (const CaseRecord& c : result.cases) {
    if (c.status != Status::ok) continue;
    const auto counts = [](const LaunchRecord& l) { return l.used && op_ns_of(l).value_or(0) > 0; };
    const auto repetitions = static_cast<std::size_t>(std::ranges::count_if(c.launches, counts));
    std::size_t repetition = 0;
    for (const LaunchRecord& launch : c.launches) {
      if (counts(launch)) benchmarks.push_back(entry_of(c, launch, *op_ns_of(launch), repetition++, repetitions));
    }
  }
  return document.dump(1) + "\n";
}

}  // namespace ipcbench
