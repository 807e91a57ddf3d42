#include "tests/support/sample_result.h"

#include <memory>

#include <fmt/core.h>

#include "harness/measure/histogram.h"
#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

TransportRecord transport(const std::string& name, const std::string& row, const std::string& shape) {
  TransportRecord record;
  record.name = name;
  record.family = row;
  record.row = row;
  record.summary = name + " of the sample";
  record.available = true;
  record.waits = {WaitStrategy::block, WaitStrategy::spin};
  record.capabilities = {{"shape", shape},
                         {"max_message", std::int64_t{65536}},
                         {"ordered", true},
                         {"in_flight_bytes", std::monostate{}},
                         {"patterns", std::vector<std::string>{"one-to-one"}}};
  return record;
}

}  // namespace

CaseRecord sample_case(const ScenarioName& scenario, const std::string& transport_name, const WaitName& wait,
                       std::uint64_t size, const PlacementName& placement) {
  CaseRecord c;
  c.id =
      fmt::format("{}/{}/{}/{}/{}", to_string(scenario), transport_name, to_string(wait), size, to_string(placement));
  c.scenario = scenario;
  c.transport = transport_name;
  c.wait = wait;
  c.size = size;
  c.placement = placement;
  c.payload = PayloadMode::lines;
  c.pilot_op_ns = 17500.5;
  c.ops = 1000;
  c.cpus = placement == Placement::same_cpu ? std::array{0, 0} : std::array{0, 1};
  return c;
}

LaunchRecord sample_launch(const CaseRecord& c, int pass, double ns) {
  LaunchRecord launch;
  launch.case_id = c.id;
  launch.pass = pass;
  launch.order = pass % 3;
  launch.started = fmt::format("2026-01-02T03:04:{:02}.678Z", pass);
  launch.seed = 0xfedcba9876543210u + static_cast<std::uint64_t>(pass);
  launch.ops = c.ops;
  launch.warmup_ops = 100;
  launch.cpus = c.cpus;
  launch.launch_class = "flat";
  launch.slices_ns = {ns, ns * 1.01, ns / 3, ns};
  launch.verified = c.ops;
  const double block_ns = ns * static_cast<double>(c.ops);
  if (c.scenario == Scenario::ping_pong) {
    launch.mean_ns = ns;
    launch.mean_stamped_ns = ns + 20;
    const auto histogram = std::make_unique<Histogram>();
    for (std::uint64_t i = 0; i < c.ops; ++i) histogram->record(static_cast<std::uint64_t>(ns) + i % 100);
    launch.histogram = sparse(*histogram);
    launch.max_ns = ns * 9;
    launch.max_at_ns = block_ns / 4;
  } else {
    launch.block_ns = block_ns;
    launch.bytes_per_op = c.size;
  }
  for (SideUsage& side : launch.usage) {
    side.cpu_ns = block_ns / 2;
    side.wall_ns = block_ns;
    side.voluntary = c.ops;
    side.minor_faults = 2;
  }
  launch.coordinator_cpu_ns = 1e5;
  launch.coordinator_wall_ns = 1e8;
  launch.environment = {{"steal_ns", std::int64_t{0}}, {"note", std::string("quiet")}, {"load", 0.25}};
  return launch;
}

void add_launches(CaseRecord& c, int launches, double ns) {
  for (int pass = 0; pass < launches; ++pass) c.launches.push_back(sample_launch(c, pass, ns * (1 + pass / 100.0)));
}

ChannelRecord sample_channel() {
  return {.idle_bytes = 6246.4,
          .loaded_bytes = 71820.8,
          .payload_bytes = 65536,
          .idle_error_bytes = 12.5,
          .loaded_error_bytes = 80.25,
          .channels = 128,
          .capped = true,
          .source = "cgroup-v1",
          .kernel_objects = "all",
          .reason = "why"};
}

LimitRecord sample_limit() {
  return {.limit = "fs.pipe-user-pages-soft",
          .value = "16384",
          .effect = "smaller",
          .buffer = "F_GETPIPE_SZ",
          .wanted = 65536,
          .got = 8192};
}

Result sample_result() {
  Result result;
  result.complete = true;
  result.run_id = "20260102-030405-abcdef";
  result.started = "2026-01-02T03:04:05.678Z";
  result.command = "ipcbench run --suite quick";
  result.suite = "quick";
  result.seed = 0xffffffffffffffffu;
  result.passes = 9;
  result.payload = PayloadMode::lines;
  result.resumed = {"2026-01-02T04:05:06Z"};
  result.block_ns = 18e6;
  result.hybrid_spin_ns = 11000;
  result.hybrid_spins = {{Placement::same_l3, 11000, 115, "near"}, {Placement::cross_package, 42000, std::nullopt, ""}};
  result.notes = {"blocks shortened from 25 ms to 18 ms to fit 60 s"};
  result.build = {"0.1.0", "abc1234", "GNU 12.2.0", "-O3", "Release"};
  result.machine.machine_class = "Example CPU, 2 CPUs, Linux 6.1, kvm";
  result.machine.cpu = "Example CPU @ 2.50GHz";
  result.machine.kernel = "6.1.0-13-amd64";
  result.machine.virtualisation = "kvm";
  result.machine.topology = "1 package, 2 cores, 2 threads";
  result.machine.mitigations = {{"spectre_v2", std::string("Mitigation: Retpolines")}};
  result.machine.limits = {{"pipe-max-size", std::int64_t{1048576}}, {"msgmax", std::monostate{}}};
  result.machine.details = {{"governor", std::string("performance")}, {"nohz", false}, {"load", 0.5}};
  result.machine.checks = {
      {"virtual-machine", Severity::noisy, "this is a virtual machine", "/proc/cpuinfo", "kvm", "use another"},
      {"turbo", Severity::note, "turbo is on", "/sys/devices/system/cpu"}};
  result.clock = {"tsc", "invariant TSC", 2.5e9, 12.8, 0.4, true};
  result.instrument = {0.75, 0.5};
  FloorRecord same;
  same.placement = Placement::same_cpu;
  same.cpus = {0, 0};
  same.clock_read_ns = 12.8;
  same.syscall_ns = 95;
  same.futex_rtt_ns = 2000;
  same.memcpy = {{64, 20e9}, {65536, 12e9}};
  same.line_touch = {{64, 5e9}};
  FloorRecord apart = same;
  apart.placement = Placement::same_l3;
  apart.cpus = {0, 1};
  apart.state = "near";
  apart.cache_line_rtt_ns = 115;
  apart.futex_rtt_ns = 8000;
  result.floors = {same, apart};
  result.noise = {{0, 52000, 41, 0.001, 53000, 71000, 190}, {1, 0, 0, 0, 1, 2, 190}};
  result.transports = {transport("pipe", "pipe", "byte_stream"), transport("eventfd", "", "notify"),
                       transport("udp", "network socket", "message"), transport("ring", "shared memory", "loan"),
                       transport("dbus", "D-Bus", "message")};
  result.transports[0].facts = {
      {.claim = "5",
       .question = "How much does it hold?",
       .answer = "65536 bytes",
       .evidence = "the next write fails",
       .agreement = "partly"},
      {.claim = "8", .question = "Is it still there?", .reason = "no /proc here", .limit = sample_limit()}};
  result.transports[3].options = {{"capacity", "64KiB"}};
  result.transports[4].available = false;
  result.transports[4].reason = "not built: libsystemd-dev is missing";

  CaseRecord pipe = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(pipe, 9, 4000);
  for (LaunchRecord& launch : pipe.launches) {
    launch.buffers = {{"F_GETPIPE_SZ", "forward", 65536}, {"F_GETPIPE_SZ", "backward", 65536}};
  }
  CaseRecord udp = sample_case(Scenario::ping_pong, "udp", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(udp, 9, 9000);
  CaseRecord far = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_l3);
  add_launches(far, 9, 20000);
  CaseRecord spin = sample_case(Scenario::ping_pong, "ring", WaitStrategy::spin, 64, Placement::same_l3);
  add_launches(spin, 7, 300);
  for (CaseRecord* c : {&far, &spin}) {
    for (LaunchRecord& launch : c->launches) launch.canary_ns = {115.0 + launch.pass, 116};
  }
  spin.launches[0].canary_ns = {115, 500};
  spin.launches[1].canary_ns = {505, 500};
  spin.launches[0].limits_met = {sample_limit()};  // this launch isn't used
  CaseRecord stream = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(stream, 9, 500);
  CaseRecord lossy = sample_case(Scenario::streaming, "udp", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(lossy, 9, 800);
  for (LaunchRecord& launch : lossy.launches) launch.sent = 1250;
  CaseRecord notify = sample_case(Scenario::streaming, "eventfd", WaitStrategy::block, 0, Placement::same_cpu);
  add_launches(notify, 9, 600);
  for (LaunchRecord& launch : notify.launches) {
    launch.sent = 4000;
    launch.broker = ProcessUsage{.cpu_ns = 1500, .voluntary = 7, .involuntary = 1};
  }
  notify.launches[4].limits_met = {{.limit = "memory.max", .value = "67108864", .effect = "reclaimed"}};
  CaseRecord skipped = sample_case(Scenario::ping_pong, "dbus", WaitStrategy::block, 64, Placement::same_cpu);
  skipped.status = Status::skipped;
  skipped.reason = "not built: libsystemd-dev is missing";
  CaseRecord invalid = sample_case(Scenario::ping_pong, "ring", WaitStrategy::block, 64, Placement::same_cpu);
  add_launches(invalid, 2, 1000);
  invalid.launches[1].status = Status::invalid;
  invalid.launches[1].reason = "message 17 was lost";
  invalid.launches[1].phase = Phase::stamped;
  invalid.channel = sample_channel();
  invalid.channel->limits_met = {sample_limit()};
  CaseRecord crashed = sample_case(Scenario::streaming, "ring", WaitStrategy::block, 65536, Placement::same_cpu);
  crashed.options = {{"capacity", "256KiB"}};
  crashed.id += "/capacity=256KiB";
  crashed.at_largest = AtLargestRecord{{1 << 20}, "a slot holds 65536 bytes"};
  LaunchRecord death;
  death.case_id = crashed.id;
  death.status = Status::crashed;
  death.reason = "the consumer died of signal 11";
  death.phase = Phase::warm_up;
  crashed.launches = {death};
  CaseRecord waiting = sample_case(Scenario::streaming, "pipe", WaitStrategy::block, 65536, Placement::same_cpu);
  pipe.channel = sample_channel();
  result.cases = {pipe, udp, far, spin, stream, lossy, notify, skipped, invalid, crashed, waiting};
  return result;
}

}  // namespace ipcbench
