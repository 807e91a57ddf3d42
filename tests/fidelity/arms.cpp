#include "tests/fidelity/arms.h"

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <utility>
#include <vector>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/floors/floors.h"
#include "harness/launch/launch.h"
#include "harness/process/run_program.h"
#include "harness/process/stop_signals.h"
#include "results/figures/statistics.h"

namespace ipcbench::fidelity {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadline = 60s;
constexpr auto kPilot = 5ms;

LaunchRecord checked(const LaunchOutcome& outcome) {
  if (outcome.interrupted) throw std::runtime_error("interrupted");
  if (outcome.record.status == Status::ok) return outcome.record;
  throw std::runtime_error(fmt::format("{}: {}: {}", outcome.record.case_id, ipcbench::to_string(outcome.record.status),
                                       outcome.record.reason));
}

LaunchRequest request_for(const PlannedCase& planned, const Clock& clock, std::uint64_t seed) {
  return {.spec = planned.spec,
          .cpus = planned.cpus,
          .seat_cpus = planned.seat_cpus,
          .seed = seed,
          .block_ops = planned.block_ops,
          .warmup_ops = planned.warmup_ops,
          .deadline = kDeadline,
          .clock = clock};
}

// Returns the frequency that gives a bare program this clock; 0: CLOCK_MONOTONIC_RAW.
double tsc_hz_of(const Clock& clock) {
  if (clock.kind != ClockKind::tsc) return 0;
  return 1e9 * 0x1p32 / static_cast<double>(clock.ns_per_tick_q32);
}

// Returns the standard output of a program, which must succeed. Throws std::runtime_error at the deadline.
std::string output_of(const std::vector<std::string>& command) {
  // A terminal sends SIGINT to all of us; the driver decides when to stop.
  const ProgramCall call{.words = command, .set_up = [] { ::signal(SIGINT, SIG_IGN); }};
  ProgramEnd end = run_program(call, kDeadline, OnStop::kill);
  if (!end.in_time) throw std::runtime_error(stop_now() ? "interrupted" : "not done by the deadline");
  if (!end.status.clean()) throw std::runtime_error(describe(end.status) + saying(end.err));
  return std::move(end.out);
}

double cache_line_rtt_ns(const Orders& orders) {
  const CpuPair cpus = orders.planned.cpus;
  return measure_floors(orders.clock, cpus.producer, cpus.consumer, {}).cache_line_rtt_ns.value();
}

std::filesystem::path beside_this_program(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").parent_path() / name;
}

}  // namespace

LaunchTimes launch_harness(const Orders& orders, RunDir& run_dir) {
  const LaunchRecord record = checked(launch(request_for(orders.planned, orders.clock, orders.seed), run_dir));
  LaunchTimes times;
  if (record.mean_ns) {
    times.mean_ns = *record.mean_ns;
    times.p50_ns = quantile(record.histogram, 0.5);
  } else {
    times.mean_ns = record.block_ns.value() / static_cast<double>(record.verified);
  }
  if (record.canary_ns) times.canary_ns = {record.canary_ns->begin(), record.canary_ns->end()};
  return times;
}

bool is_built(const std::string& program) { return std::filesystem::exists(beside_this_program(program)); }

LaunchTimes run_bare(const std::string& program, const Orders& orders) {
  const PlannedCase& planned = orders.planned;
  const std::string path = beside_this_program(program);
  try {
    const std::string text = output_of({path, std::to_string(planned.block_ops), std::to_string(planned.spec.size),
                                        std::to_string(planned.cpus.producer), std::to_string(planned.cpus.consumer),
                                        std::to_string(orders.seed), "--warmup", std::to_string(planned.warmup_ops),
                                        "--tsc-hz", fmt::format("{:.3f}", tsc_hz_of(orders.clock))});
    const nlohmann::json json = nlohmann::json::parse(text);
    LaunchTimes times{.mean_ns = json.at("mean_ns").get<double>(), .p50_ns = std::nullopt};
    if (const auto p50 = json.find("p50_ns"); p50 != json.end() && !p50->is_null()) times.p50_ns = p50->get<double>();
    if (const auto& canary = json.at("canary_ns"); !canary.is_null()) canary.get_to(times.canary_ns);
    return times;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}", path, error.what()));
  }
}

LaunchTimes run_bare_ring(const std::string& program, const Orders& orders) {
  const PlannedCase& planned = orders.planned;
  const std::string path = beside_this_program(program);
  const double before = cache_line_rtt_ns(orders);
  const std::string text = output_of({path, "--runs", "1", "--messages", std::to_string(planned.block_ops), "--cpus",
                                      fmt::format("{},{}", planned.cpus.producer, planned.cpus.consumer)});
  const double after = cache_line_rtt_ns(orders);
  double per_second = 0;
  if (std::sscanf(text.c_str(), "messages_per_s median %lf", &per_second) != 1 || per_second <= 0)
    throw std::runtime_error(fmt::format("{}: unexpected output: {}", path, text));
  return {.mean_ns = 1e9 / per_second, .p50_ns = std::nullopt, .canary_ns = {before, after}};
}

LaunchTimes touch_lines(const Orders& orders) {
  const std::size_t size = orders.planned.spec.size;
  const FloorRecord floors = measure_floors(orders.clock, orders.planned.cpus.producer, orders.planned.cpus.consumer,
                                            std::array<std::size_t, 1>{size});
  LaunchTimes times{.mean_ns = static_cast<double>(size) * 1e9 / floors.line_touch.at(0).bytes_per_s,
                    .p50_ns = std::nullopt};
  if (floors.cache_line_rtt_ns) times.canary_ns = {*floors.cache_line_rtt_ns};
  return times;
}

double pilot_op_ns(const PlannedCase& planned, const Clock& clock, std::uint64_t seed, RunDir& run_dir) {
  LaunchRequest request = request_for(planned, clock, seed);
  request.pilot = kPilot;
  const LaunchOutcome outcome = launch(request, run_dir);
  checked(outcome);
  return outcome.pilot_op_ns;
}

}  // namespace ipcbench::fidelity
