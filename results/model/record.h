#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// The result of a run as plain data: what run fills, the journal and the result file store, and reports read.
// Times are ns, sizes bytes, rates per second. What can't be measured is absent with a reason, never 0.

namespace ipcbench {

using AttributeValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;  // monostate: null
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;                               // in order

struct Interval {
  double low = 0;
  double high = 0;
};

// A value over launches: the median, the exact 95 % order-statistic interval of that median, the number of launches.
struct Figure {
  std::optional<double> median;
  std::optional<Interval> ci95;  // none under 6 launches; of a run with several looks 8
  std::size_t n = 0;
  std::string reason;  // why there is no median, or no interval
};

enum class Status : std::uint8_t { ok, skipped, invalid, crashed, timed_out };
const char* name_of(Status status) noexcept;
std::optional<Status> status_named(std::string_view name) noexcept;

// Sparse histogram: the lower bound of each non-empty bucket and its count, ascending.
struct SparseHistogram {
  std::vector<std::uint64_t> values_ns;
  std::vector<std::uint64_t> counts;
};

// The usage of one worker over the unstamped block (ping-pong) or the block (streaming).
struct SideUsage {
  double cpu_ns = 0, wall_ns = 0;
  std::optional<double> user_ns, system_ns;  // none for windows under a second
  std::uint64_t voluntary = 0, involuntary = 0, minor_faults = 0, major_faults = 0;
};

// The usage of the process that carries the messages between the workers, over the same time. Absent: could not be
// read.
struct BrokerUsage {
  std::optional<double> cpu_ns;
  std::optional<std::uint64_t> voluntary, involuntary;
};

// System calls of a counted block, by Role.
struct CallsRecord {
  std::array<std::uint64_t, 2> done{};
  // Came back with an error. None where the source sees only that a call is made: `done` holds them all then.
  std::array<std::optional<std::uint64_t>, 2> retried{};
  bool timing_dependent = false;  // with another timing there are more or fewer
  std::string source;             // "ptrace", "seccomp"
};

// The size of one of a channel's buffers, as the kernel told it before the launch began.
struct BufferRecord {
  std::string name;        // "F_GETPIPE_SZ", "SO_SNDBUF" …: the call or the field that tells it
  std::string direction;   // "forward", producer to consumer; "backward"; "both"
  std::uint64_t size = 0;  // bytes; of "mq_maxmsg" messages

  friend bool operator==(const BufferRecord&, const BufferRecord&) = default;
};

// LimitRecord::effect of a control group's limit: the kernel took memory back meanwhile, or made processes wait.
inline constexpr std::string_view kMemoryTakenBack = "reclaimed";

// A limit of the host that changed what was measured.
struct LimitRecord {
  std::string limit;                         // "fs.pipe-user-pages-soft", "memory.max"
  std::string value;                         // its own
  std::string effect;                        // "smaller", "clamped", "raised", "reclaimed"
  std::string buffer;                        // BufferRecord::name; "" of the last
  std::optional<std::uint64_t> wanted, got;  // of the buffer

  friend bool operator==(const LimitRecord&, const LimitRecord&) = default;
};

// Memory of one channel, both directions: the slope over many.
struct ChannelRecord {
  std::optional<double> idle_bytes;
  std::optional<double> loaded_bytes;   // filled from producer to consumer
  std::optional<double> payload_bytes;  // in a loaded one, the part of a message that didn't fit included
  // How far each slope may be off: memory_figure() derives a bound where an older version stored none.
  std::optional<double> idle_error_bytes, loaded_error_bytes;
  std::uint64_t channels = 0;  // at most open at once; 0: none
  bool capped = false;         // a loaded one would take more
  std::string source;          // "cgroup-v2", "cgroup-v1", "pss"
  // What the source saw of kernel memory: "all"; "contents": what lies in pipes, sockets and mappings, without the
  // kernel's own objects for them; "none": a part of what the channel holds. None: an older version.
  std::optional<std::string> kernel_objects;
  std::string reason;                   // why something is absent
  std::vector<LimitRecord> limits_met;  // that changed the channels
};

// Scenario setup: medians over the channels of a launch.
struct SetupRecord {
  double create_ns = 0;
  double connect_ns = 0;
  double teardown_ns = 0;
};

// How long `hybrid` spins before it blocks, in all launches of a placement.
struct HybridSpinRecord {
  std::string placement;
  double spin_ns = 0;
  std::optional<double> cache_line_rtt_ns;  // of the CPUs when the time was measured: tells their canary state
  std::string state;                        // that state, by the clusters of the run; "" where it isn't known
};

struct LaunchRecord {
  std::string case_id;
  int pass = 0;   // 0-based; repeats for a canary state go on counting
  int order = 0;  // position in its pass
  Status status = Status::ok;
  std::string reason;   // of a status that isn't ok
  std::string phase;    // where it broke
  std::string started;  // ISO 8601, UTC, ms
  std::uint64_t seed = 0;
  std::uint64_t ops = 0;  // per block
  std::uint64_t warmup_ops = 0;
  std::array<int, 2> cpus{-1, -1};

  std::optional<std::array<double, 2>> canary_ns;  // before, after; two pinned CPUs only
  std::string launch_class;                        // flat, drift, step, bimodal, unstable; "": fewer than 4 slices
  std::vector<double> slices_ns;                   // ping-pong: median RTT; streaming: ns per message

  // Ping-pong.
  std::optional<double> mean_ns;  // unstamped block
  std::optional<double> mean_stamped_ns;
  SparseHistogram histogram;  // stamped block
  std::optional<double> max_ns;
  std::optional<double> max_at_ns;  // offset of the maximum in the stamped block

  // Streaming.
  std::optional<double> block_ns;  // first send to last verified message
  std::uint64_t verified = 0;      // ops that count: per-op figures divide by it
  std::uint64_t sent = 0;
  std::uint64_t bytes_per_op = 0;

  std::optional<SetupRecord> setup;

  std::vector<BufferRecord> buffers;    // of the channel; of `setup`, one that was made beforehand
  std::vector<LimitRecord> limits_met;  // that changed what it measured

  // Of a launch that counts system calls, and times nothing.
  std::optional<CallsRecord> calls;

  std::array<SideUsage, 2> usage;     // producer, consumer
  std::optional<BrokerUsage> broker;  // of mechanisms that have one
  double coordinator_cpu_ns = 0;      // gate to first exit
  double coordinator_wall_ns = 0;
  Attributes environment;  // steal_ns, interrupts …

  // Filled when the run is summarised, not by the launch.
  std::string state;     // "near", "far", "s3", "mixed"; "" without canary
  bool used = true;      // part of the case's figures
  bool outlier = false;  // labelled, still used
};

struct WorstCase {  // the longest round trip of the used launches
  double ns = 0;
  std::optional<double> at_ns;  // offset in its launch's stamped block
  int pass = 0;                 // of the launch
};

// The least and the largest size that a buffer had in the used launches of a case.
struct BufferRange {
  std::string name, direction;  // as in BufferRecord
  std::uint64_t least = 0, most = 0;
};

// A limit that changed some of the used launches of a case, or all.
struct CaseLimit {
  LimitRecord met;
  int launches = 0;
};

// The figures of a case: results/figures/catalogue.h says what each is called, its unit and where it comes from.
struct CaseFigures {
  Figure rtt_mean, rtt_mean_stamped, rtt_p50, rtt_p90, rtt_p99, rtt_p999, rtt_p9999, rtt_max;
  Figure messages_per_s, bytes_per_s;
  Figure notifications_per_s, merged_ratio, loss_ratio;
  Figure cpu_ns_per_op;
  Figure broker_cpu_ns_per_op;  // part of it
  Figure voluntary_per_op, involuntary_per_op, faults_per_op;
  Figure duty_producer, duty_consumer;
  Figure syscalls_producer, syscalls_consumer, syscalls_retried;
  Figure channel_idle, channel_loaded, channel_payload;
  Figure setup_create, setup_connect, setup_teardown;
};

struct CaseSummary : CaseFigures {
  bool syscalls_vary = false;   // CallsRecord::timing_dependent
  std::string syscalls_source;  // CallsRecord::source; "" while there are none
  std::string channel_source;   // where the bytes were read; "" while there are none
  std::optional<WorstCase> rtt_worst;
  bool p50_from_mean = false;   // p50 is under 10 x the clock's overhead: use the unstamped mean in its place
  std::string steady;           // the commonest launch class: "flat", …; "" if no launch has one
  std::optional<bool> bimodal;  // of the pooled histogram; none: too few round trips in it to tell
  std::vector<std::pair<std::string, int>> state_counts;  // launches of each canary state
  std::string state_used;
  std::vector<BufferRange> buffers;
  std::vector<CaseLimit> limits_met;  // none: every used launch measured what its id says
  std::vector<std::string>
      notes;  // what a reader of the figures must know: "bimodal", "2 of 9 launches are outliers" …
};

// Why a case has the largest message of its transport: other sizes were asked for.
struct AtLargestRecord {
  std::vector<std::uint64_t> asked;  // ascending; the case's own size among them if it was asked for as well
  std::string limit;                 // what sets the largest: "/proc/sys/kernel/msgmax is 8192"
};

struct CaseRecord {
  std::string id, scenario, transport, wait, placement;
  std::uint64_t size = 0;
  std::array<int, 2> cpus{-1, -1};
  std::optional<AtLargestRecord> at_largest;
  std::string core_kinds;  // of these CPUs, on a hybrid processor: "P", "E", "P+E"; "": all are of one kind
  std::vector<std::pair<std::string, std::string>> options;
  std::string payload;
  std::optional<double> pilot_op_ns;  // time of an op that set `ops`; none before a pilot has ended well
  std::uint64_t ops = 0;              // per block
  Status status = Status::ok;         // ok if any launch is ok and none invalid; else the worst of its launches
  std::string reason;
  CaseSummary summary;
  std::vector<LaunchRecord> launches;
  std::optional<LaunchRecord> counted;  // the one that counts system calls
  std::optional<ChannelRecord> channel;
};

struct BandwidthRecord {
  std::uint64_t size = 0;
  double bytes_per_s = 0;
};

struct FloorRecord {
  std::string placement;
  std::array<int, 2> cpus{-1, -1};
  std::string state;
  std::optional<double> clock_read_ns, syscall_ns, cache_line_rtt_ns, futex_rtt_ns;
  std::vector<BandwidthRecord> memcpy, line_touch;
};

struct StateRecord {  // the canary states of a placement: clusters of the run's canary medians
  std::string placement;
  std::vector<std::pair<std::string, Interval>> clusters_ns;  // name, range
  std::string used;
};

struct NoiseRecord {
  int cpu = -1;
  double spin_gap_max_ns = 0;              // none over 1 us: the longest step of the loop
  std::optional<std::uint64_t> spin_gaps;  // over 1 us; none: the version that measured stored no count
  double stolen_ratio = 0;                 // part of the time in such gaps
  std::optional<double> wakeup_p50_ns;     // lateness; none: too few sleeps
  std::optional<double> wakeup_max_ns;
  std::optional<std::uint64_t> wakeups;  // sleeps
};

struct CheckRecord {
  std::string id, severity, text, source;
  std::string value = {}, mend = {};  // "" in results of versions that didn't store them
};

inline constexpr std::string_view kUsualConditions = "usual";

struct MachineRecord {
  std::string machine_class, cpu, kernel, virtualisation, topology;
  // What the run inherited that changes its figures: "nice 10"; kUsualConditions; none: an older version.
  std::optional<std::string> inherited;
  Attributes mitigations, limits, details;  // details: preemption, governor, clocksource …
  std::vector<CheckRecord> checks;
};

struct ClockRecord {
  std::string kind, reason;
  double hz = 0, overhead_ns = 0, resolution_ns = 0;
  bool cross_cpu_ok = false;
};

struct InstrumentRecord {  // cost of writing and checking payload, per line and per message
  double write_line_ns = 0, check_line_ns = 0;
};

// What an experiment has found out about a transport, beside a claim of the sources.
struct FactRecord {
  std::string claim, question;
  std::string answer, evidence, verdict;  // "" if it couldn't be found out; verdict: agrees, partly, contradicts
  std::string reason;                     // why not
  std::optional<LimitRecord> limit = {};  // that kept the experiment from an answer
};

struct TransportRecord {
  std::string name, family, row, summary;
  bool available = false;
  std::string reason;
  Attributes capabilities;
  std::vector<std::string> waits;
  std::vector<std::pair<std::string, std::string>> options;  // name, default
  std::vector<FactRecord> facts;
};

struct ToolRecord {
  std::string version, git, compiler, flags, build_type;
};

// All of a result but its launches' origin: one JSON document.
struct Result {
  bool complete = false;
  std::string run_id, started, command, suite;
  std::vector<std::string> resumed;  // when the run was taken up again, as `started`
  std::uint64_t seed = 0;
  int passes = 0;
  std::string payload;
  std::optional<double> block_ns;  // wanted length of a block; none: not known of this run
  // Launches of a case after which it may have gone on; none: it couldn't. The intervals hold over all looks together.
  std::vector<int> looks;
  std::optional<double> precision;  // goes on while the headline figure's interval is wider than this, a ratio
  std::optional<double> budget_ns;  // for going on; none: no limit
  double hybrid_spin_ns = 0;        // of the first in hybrid_spins; in files of earlier builds, of all placements
  std::vector<HybridSpinRecord> hybrid_spins;
  std::vector<std::string> notes;
  ToolRecord tool;
  MachineRecord machine;
  ClockRecord clock;
  InstrumentRecord instrument;
  std::vector<FloorRecord> floors;
  std::vector<NoiseRecord> noise;
  std::vector<StateRecord> states;
  std::vector<TransportRecord> transports;
  std::vector<CaseRecord> cases;
};

}  // namespace ipcbench
