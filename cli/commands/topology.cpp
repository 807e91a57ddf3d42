#include "harness/host/topology.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "cli/options/subcommands.h"
#include "cli/output/cpu_pair_matrix.h"
#include "cli/output/listing.h"
#include "cli/terminal/exit_code.h"
#include "cli/terminal/progress.h"
#include "cli/terminal/terminal.h"
#include "harness/floors/canary_watch.h"
#include "harness/floors/run_pair.h"
#include "harness/host/cpu_pair_choice.h"
#include "harness/measure/clock_choice.h"
#include "harness/process/affinity.h"
#include "harness/process/stop_signals.h"
#include "plots/table/units.h"
#include "results/model/json_writer.h"

namespace ipcbench {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr const char* kTopologyExamples = R"(Examples:
  ipcbench topology                   how far apart the allowed CPUs are: classes, and a matrix of round trips in ns
  ipcbench topology --seconds 60      more time for each pair, or more pairs
  ipcbench topology --json            {topology, cpus, complete, classes, pairs}
  taskset -c 0-7 ipcbench topology    only these CPUs

Each pair passes a cache line to and fro; a value is the median. With many CPUs a fixed choice of pairs of each class is
measured, and the rest shown as "." (JSON: null). Ctrl-C prints what was measured.)";

// Time for two forks, a rendezvous and a few ms of canaries.
constexpr nanoseconds kLeastPerPair = 4ms;
constexpr nanoseconds kMostPerPair = 1s;
constexpr nanoseconds kStartOfAPair = 2ms;
// Covers some ten windows even if a round trip takes 1 us.
constexpr std::uint64_t kPairCanaryNs = 1'000'000;

struct TopologyArguments {
  unsigned seconds = 10;
  bool json = false;
};

struct Measured {
  CpuPairTimes times;
  std::string reason;  // why chosen pairs are missing
  int exit_code = 0;
};

double median_of(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Measures pairs until `total` has passed, since pairs may take longer than planned on a busy machine.
Measured measure_pairs(const CpuPairChoice& choice, nanoseconds total) {
  if (std::string refused = pinning_refusal(); !refused.empty()) {
    tell(fmt::format("topology: no pair was measured: {}", refused));
    return {.times = {}, .reason = std::move(refused), .exit_code = kExitAllSkipped};
  }
  Measured measured;
  const std::vector<CpuPair> pairs = in_turn(choice);
  // A pair is timed on one of its CPUs, so that the clocks of different CPUs are never compared.
  const std::vector<int> first_cpu = {pairs.front().producer};
  const Clock clock = choose_clock(first_cpu).clock;
  const auto duration_ns = static_cast<std::uint64_t>((choice.each - kStartOfAPair).count());
  const std::unique_ptr<ProgressReporter> line = make_progress(ProgressMode::automatic);
  const auto start = std::chrono::steady_clock::now();
  for (std::size_t n = 0; n < pairs.size(); ++n) {
    const nanoseconds elapsed = std::chrono::steady_clock::now() - start;
    if (elapsed > total && n > 0) {
      measured.reason = "out of time";
      break;
    }
    line->progress({.stage = "topology",
                    .case_id = fmt::format("pair {} of {}", n + 1, pairs.size()),
                    .elapsed = elapsed,
                    .left = std::min(std::max(total - elapsed, 0ns),
                                     choice.each * static_cast<nanoseconds::rep>(pairs.size() - n))});
    const CpuPair pair = pairs[n];
    CanaryWatch watch;
    try {
      watch = watch_canary(clock, pair.producer, pair.consumer, duration_ns, kPairCanaryNs,
                           [] { return !stop_requested(); });
    } catch (const PairFailed& error) {
      measured.exit_code = kExitInvalid;
      measured.reason = error.what();
      continue;
    }
    if (!watch.rtt_ns.empty()) measured.times[{pair.producer, pair.consumer}] = median_of(watch.rtt_ns);
    if (watch.stopped) {
      measured.exit_code = kExitInterrupted;
      measured.reason = "interrupted";
      break;
    }
  }
  return measured;
}

// Returns the times of a class's pairs, ascending.
std::vector<double> times_of(const CpuPairClass& members, const CpuPairTimes& times) {
  std::vector<double> ns;
  for (const CpuPair& pair : members.chosen) {
    const auto time = times.find({pair.producer, pair.consumer});
    if (time != times.end()) ns.push_back(time->second);
  }
  std::sort(ns.begin(), ns.end());
  return ns;
}

Table class_table(const CpuPairChoice& choice, const CpuPairTimes& times) {
  std::vector<std::vector<std::string>> rows;
  for (const CpuPairClass& members : choice.classes) {
    const std::vector<double> ns = times_of(members, times);
    const auto shown = [&](std::size_t index) { return ns.empty() ? "" : human(Unit::ns, ns[index]); };
    rows.push_back({std::string(to_string(members.placement)), std::to_string(members.all.size()),
                    std::to_string(ns.size()), shown(0), shown(ns.size() / 2),
                    shown(ns.size() - (ns.empty() ? 0 : 1))});
  }
  return listing("Cache-line round trips by class", {"placement", "pairs", "measured", "least", "median", "most"},
                 rows);
}

void write_class(JsonWriter& json, const CpuPairClass& members, const CpuPairTimes& times) {
  const std::vector<double> ns = times_of(members, times);
  const auto at = [&](std::size_t index) { return ns.empty() ? std::nullopt : std::optional(ns[index]); };
  json.object([&] {
    json.member("placement", to_string(members.placement));
    json.member("pairs", members.all.size());
    json.member("measured", ns.size());
    json.key("min_ns").real(at(0));
    json.key("median_ns").real(at(ns.size() / 2));
    json.key("max_ns").real(at(ns.size() - 1));
  });
}

void write_pairs(JsonWriter& json, const CpuPairClass& members, const Measured& measured) {
  std::size_t next = 0;  // in `chosen`, which has the order of `all`
  for (const CpuPair& pair : members.all) {
    const bool chosen = next < members.chosen.size() && members.chosen[next] == pair;
    next += chosen ? 1 : 0;
    const auto time = measured.times.find({pair.producer, pair.consumer});
    const bool has_time = time != measured.times.end();
    json.object([&] {
      json.member("cpus", std::array{pair.producer, pair.consumer});
      json.member("placement", to_string(members.placement));
      json.key("rtt_ns").real(has_time ? std::optional(time->second) : std::nullopt);
      if (!has_time) json.member("reason", chosen ? measured.reason : "not chosen: too many pairs for the time");
    });
  }
}

std::string json_of_topology(const Topology& topology, const CpuPairChoice& choice, const Measured& measured) {
  JsonWriter json(kTreeJson);
  json.object([&] {
    json.member("topology", topology.describe());
    json.member("cpus", topology.cpus());
    json.member("complete", measured.times.size() == choice.pairs());
    json.key("classes").list([&] {
      for (const CpuPairClass& members : choice.classes) write_class(json, members, measured.times);
    });
    json.key("pairs").list([&] {
      for (const CpuPairClass& members : choice.classes) write_pairs(json, members, measured);
    });
  });
  return json.take() + '\n';
}

std::size_t width_of_stdout() noexcept {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string text_of_topology(const Topology& topology, const CpuPairChoice& choice, const Measured& measured,
                             bool color) {
  std::string text = topology.describe() + "\n\n";
  if (choice.classes.empty()) {
    return text + fmt::format("{}: there is no pair of CPUs\n", topology.missing_reason(Placement::smt));
  }
  text += format_tables({class_table(choice, measured.times)}, color);
  const std::string matrix = render_matrix(topology.cpus(), measured.times, width_of_stdout());
  if (matrix.empty()) {
    text += fmt::format("\nno matrix for more than {} CPUs: --json has all pairs\n", kMostMatrixCpus);
  } else {
    text += "\nCache-line round trip of each pair, ns\n" + matrix;
  }
  if (measured.times.size() < choice.pairs()) {
    text += fmt::format("\n.: not measured ({} of {} pairs{})\n", choice.pairs() - measured.times.size(),
                        choice.pairs(), measured.reason.empty() ? "" : ": " + measured.reason);
  }
  return text;
}

int measure_topology(const TopologyArguments& arguments, const Globals& globals) {
  install_stop_signals();
  const Topology topology = Topology::of_this_machine();
  const nanoseconds total = std::chrono::seconds(arguments.seconds);
  const CpuPairChoice choice = choose_cpu_pairs(topology, total, kLeastPerPair, kMostPerPair);
  Measured measured;
  if (!choice.classes.empty()) {
    if (choice.chosen() < choice.pairs())
      tell(fmt::format("topology: {} of {} pairs, evenly spaced in each class; --seconds has room for more",
                       choice.chosen(), choice.pairs()));
    measured = measure_pairs(choice, total);
  }
  print(arguments.json ? json_of_topology(topology, choice, measured)
                       : text_of_topology(topology, choice, measured, use_color(globals.color_when(), STDOUT_FILENO)));
  return measured.exit_code;
}

}  // namespace

Subcommand add_topology(CLI::App& program, const Globals& globals) {
  CLI::App* app = program.add_subcommand("topology", "measures how far apart the CPUs are");
  app->footer(kTopologyExamples);
  auto arguments = std::make_shared<TopologyArguments>();
  app->add_option("--seconds", arguments->seconds, "for all pairs together; default: 10, at most 3600")
      ->check(CLI::Range(1u, 3600u))
      ->option_text("N");
  app->add_flag("--json", arguments->json, "one JSON document, with every pair");
  return {app, [arguments, &globals] { return measure_topology(*arguments, globals); }};
}

}  // namespace ipcbench
