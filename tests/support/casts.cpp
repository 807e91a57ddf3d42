#include "tests/support/casts.h"

#include <utility>

#include "results/figures/summary.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

constexpr int kLaunches = 6;

// The seats of a producer that waits longest and of another, and of a consumer.
CastRecord cast_record(const CastSample& sample) {
  const auto half = [](const std::optional<double>& ns) { return ns ? std::optional(*ns / 2) : std::nullopt; };
  SeatRecord worst{.role = std::string(kProducerSeat), .index = 0, .cpu = 0, .ops = 400, .cpu_ns = 1e5};
  worst.p50_ns = half(half(sample.p99_ns));
  worst.p99_ns = sample.p99_ns;
  worst.max_ns = sample.p99_ns ? std::optional(*sample.p99_ns * 3) : std::nullopt;
  SeatRecord other = worst;
  other.index = 1;
  other.ops = 600;
  other.p99_ns = half(sample.p99_ns);
  SeatRecord consumer{.role = std::string(kConsumerSeat), .index = 0, .cpu = 0, .ops = 1000, .cpu_ns = 2e5};
  CastRecord record{.seats = {worst, other, consumer}, .fairness = sample.fairness, .worst_ratio = {}};
  if (sample.fairness) record.worst_ratio = 0.8;
  return record;
}

void add_fan_ins(Result& result) {
  double ns = 1000;
  double index = 1;
  for (const char* producers : {"32", "8", "2"}) {  // not in their order
    const OptionList options = {{"producers", producers}, {"sharing", "shared"}};
    result.cases.push_back(
        cast_case(Scenario::fan_in, "pipe", 64, options, {.ops_ns = ns, .p99_ns = 50 * ns, .fairness = index}));
    result.cases.push_back(cast_case(Scenario::fan_in, "posix-mq", 64, options, {.ops_ns = 3 * ns, .p99_ns = 20 * ns}));
    result.cases.push_back(
        cast_case(Scenario::fan_in, "eventfd", 0, options, {.ops_ns = ns / 2, .p99_ns = {}, .fairness = {}}));
    ns /= 2;
    index -= 0.2;
  }
}

void add_fan_outs(Result& result) {
  for (const char* consumers : {"2", "8"}) {
    for (const char* deliver : {"one", "all"}) {
      OptionList options = {{"consumers", consumers}};
      if (deliver == std::string("all")) options.emplace_back("deliver", deliver);
      options.emplace_back("sharing", "per-peer");
      result.cases.push_back(cast_case(Scenario::fan_out, "pipe", 64, options, {.ops_ns = 2000, .fairness = {}}));
    }
  }
}

void add_servers(Result& result) {
  const auto add = [&](const std::string& service, double service_ns, const char* transport, const char* sharing,
                       double own_ns) {
    OptionList options = {{"producers", "8"}};
    if (service_ns > 0) options.emplace_back("service", service);
    options.emplace_back("sharing", sharing);
    result.cases.push_back(
        cast_case(Scenario::server, transport, 64, options, {.ops_ns = own_ns + service_ns, .p99_ns = 8 * own_ns}));
  };
  for (const auto& [service, service_ns] : {std::pair("0", 0.0), std::pair("10us", 1e4), std::pair("1ms", 1e6)}) {
    add(service, service_ns, "pipe", "per-peer", 1000);
    add(service, service_ns, "pipe", "shared", 2000);
    add(service, service_ns, "unix-stream", "per-peer", 4000);
  }
}

}  // namespace

CaseRecord cast_case(Scenario scenario, const std::string& transport, std::uint64_t size, const OptionList& options,
                     const CastSample& sample) {
  CaseRecord c = sample_case(scenario, transport, WaitStrategy::block, size, Placement::same_cpu);
  for (const auto& [name, value] : options) c.id += "/" + name + "=" + value;
  c.options = options;
  c.seat_cpus = {0, 0, 0};
  for (int pass = 0; pass < kLaunches; ++pass) {
    LaunchRecord launch = sample_launch(c, pass, sample.ops_ns * (1 + pass / 100.0));
    launch.sent = launch.verified;
    launch.cast = cast_record(sample);
    c.launches.push_back(std::move(launch));
  }
  return c;
}

Result lock_result() {
  Result result = sample_result();
  result.cases.clear();
  result.passes = kLaunches;
  const auto add = [&](const char* transport, OptionList options, bool is_alone, double turn_ns) {
    const std::optional<double> fairness = is_alone ? std::nullopt : std::optional(0.9);
    CaseRecord c = cast_case(Scenario::contended, transport, 0, options, {.ops_ns = turn_ns, .fairness = fairness});
    for (LaunchRecord& launch : c.launches) {
      launch.cast->seats.pop_back();  // there are no consumers
      if (is_alone) launch.cast->seats.pop_back();
      launch.lock = LockRecord{.block_ns = 3 * turn_ns * 1000, .turns = 1000, .handovers = is_alone ? 0u : 250u};
      if (!is_alone) launch.lock->handover_p50_ns = 20 * turn_ns;
    }
    result.cases.push_back(std::move(c));
  };
  for (const char* producers : {"1", "2", "4"}) {
    const bool is_alone = producers == std::string("1"), is_default = producers == std::string("2");
    const auto options = [&](OptionList more) {
      if (!is_default) more.emplace_back("producers", producers);
      return more;
    };
    add("mutex", options({}), is_alone, 50);
    add("mutex", options({{"hold", "1us"}}), is_alone, 1050);
    add("posix-sem", options({}), is_alone, 60);
  }
  summarise(result);
  return result;
}

Result channels_result() {
  Result result = sample_result();
  result.cases.clear();
  result.passes = kLaunches;
  double by_poll_ns = 500;
  for (const char* channels : {"1", "16", "64", "256"}) {
    const auto add = [&](const char* mux, double ops_ns) {
      const CastSample sample{.ops_ns = ops_ns, .fairness = {}};
      result.cases.push_back(cast_case(Scenario::channels, "pipe", 64, {{"channels", channels}, {"mux", mux}}, sample));
    };
    add("epoll", 1000);
    add("poll", by_poll_ns);
    by_poll_ns *= 2;
  }
  summarise(result);
  return result;
}

Result cast_result() {
  Result result = sample_result();
  result.cases.clear();
  result.passes = kLaunches;
  add_fan_ins(result);
  add_fan_outs(result);
  for (const auto& [producers, consumers] : {std::pair("2", "2"), std::pair("8", "2"), std::pair("8", "8")}) {
    result.cases.push_back(cast_case(Scenario::many_to_many, "pipe", 64,
                                     {{"consumers", consumers}, {"producers", producers}, {"sharing", "shared"}}));
  }
  add_servers(result);
  summarise(result);
  return result;
}

}  // namespace ipcbench
