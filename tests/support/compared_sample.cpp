#include "tests/support/compared_sample.h"

#include <algorithm>

#include <fmt/core.h>

#include "results/figures/statistics.h"

namespace ipcbench {
namespace {

constexpr double kMicrosecond = 1e3;
constexpr double kMegabyte = 1e6;

struct Row {
  const char* transport;
  const char* row;
  std::uint64_t size;  // of its messages; 0: no payload
  double rtt_us;
  std::optional<double> small_mb, large_mb;
  std::optional<double> bytes;
};

constexpr Row kRows[] = {
    {"pipe", "pipe", 64, 4, 10, 3000, 70e3},
    {"fifo", "pipe", 64, 4.5, 9, 2900, 75e3},
    {"signal", "signal", 0, 8, {}, {}, {}},
    {"rt-signal", "signal", 8, 7, 2, {}, 6e3},
    {"sysv-mq", "message queue", 64, 5, 8, {}, 42e3},
    {"sysv-shm", "shared memory", 64, 1, 500, 4000, 138e3},
    {"sysv-shm-loan", "shared memory", 64, 0.9, 600, 9000, 138e3},
    {"sysv-sem", "semaphore", 0, 2, {}, {}, 512},
    {"unix-stream", "UNIX domain socket", 64, 7, 6, 5000, 220e3},
    {"tcp", "network socket", 64, 20, 9, 2000, 1.1e6},
    {"dbus", "D-Bus", 64, 80, 1, 300, 5e6},
};

TransportRecord record_of(const Row& row) {
  TransportRecord record;
  record.name = row.transport;
  record.family = row.row;
  record.row = row.row;
  record.available = true;
  record.waits = {WaitStrategy::block};
  const bool fixed = row.size != 64;
  record.capabilities = {{"min_message", fixed ? static_cast<std::int64_t>(row.size) : std::int64_t{1}},
                         {"carries_payload", row.size > 0}};
  if (fixed) {
    record.capabilities.emplace_back("max_message", static_cast<std::int64_t>(row.size));
  } else {
    record.capabilities.emplace_back("max_message", std::string("unlimited"));
  }
  return record;
}

CaseRecord stream(const Row& row, std::uint64_t size, double mb) {
  CaseRecord c = compared_case(Scenario::streaming, row.transport, size);
  c.summary.bytes_per_s = sharp(mb * kMegabyte);
  c.summary.messages_per_s = sharp(mb * kMegabyte / static_cast<double>(size));
  c.summary.cpu_ns_per_op = sharp(500);
  return c;
}

}  // namespace

Figure sharp(double median) {
  Figure figure;
  figure.median = median;
  figure.ci95 = Interval{median * 0.99, median * 1.01};
  figure.n = 9;
  return figure;
}

CaseRecord compared_case(Scenario scenario, const std::string& transport, std::uint64_t size, Placement placement,
                         WaitStrategy wait) {
  CaseRecord c;
  c.id = fmt::format("{}/{}/{}/{}/{}", to_string(scenario), transport, to_string(wait), size, to_string(placement));
  c.scenario = scenario;
  c.transport = transport;
  c.wait = wait;
  c.size = size;
  c.placement = placement;
  c.payload = PayloadMode::lines;
  c.cpus = placement == Placement::same_cpu ? std::array{1, 1} : std::array{0, 1};
  return c;
}

Result compared_sample() {
  Result result;
  result.complete = true;
  for (const Row& row : kRows) {
    result.transports.push_back(record_of(row));
    CaseRecord c = compared_case(Scenario::ping_pong, row.transport, row.size);
    c.summary.rtt_p50 = sharp(row.rtt_us * kMicrosecond);
    c.summary.rtt_mean = c.summary.rtt_p50;
    c.summary.cpu_ns_per_op = sharp(row.rtt_us * kMicrosecond);
    c.summary.channel_loaded = no_figure("too small to tell");
    c.summary.channel_idle = c.summary.channel_loaded;
    if (row.bytes) (row.size > 0 ? c.summary.channel_loaded : c.summary.channel_idle).median = *row.bytes;
    c.channel = ChannelRecord{.channels = 64, .source = "cgroup-v1", .kernel_objects = "all"};
    if (row.bytes) c.channel->idle_error_bytes = c.channel->loaded_error_bytes = *row.bytes * 0.01;
    c.channel->capped = std::string(row.transport) == "tcp";
    result.cases.push_back(c);
    if (row.size == 0) {
      CaseRecord notifications = compared_case(Scenario::streaming, row.transport, 0);
      notifications.summary.notifications_per_s = sharp(1e6);
      notifications.summary.bytes_per_s = no_figure("carries nothing");
      result.cases.push_back(notifications);
    }
    if (row.small_mb) result.cases.push_back(stream(row, row.size, *row.small_mb));
    if (row.large_mb) result.cases.push_back(stream(row, 65536, *row.large_mb));
  }
  CaseRecord refused = compared_case(Scenario::streaming, "sysv-mq", 65536);
  refused.status = Status::skipped;
  refused.reason = "msgmax is 8192, the case needs 65536";
  result.cases.push_back(refused);
  return result;
}

CaseRecord& case_of(Result& result, const std::string& id) {
  return *std::ranges::find(result.cases, id, &CaseRecord::id);
}

}  // namespace ipcbench
