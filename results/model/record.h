#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "harness/records/calls_record.h"
#include "harness/records/host_check.h"
#include "harness/records/machine_records.h"
#include "harness/records/named.h"
#include "harness/records/side_usage.h"

// Defines the result of a run as plain data: `run` fills it, journal and result file store it, and reports read it.
// Times are ns, sizes bytes, rates per second. What can't be measured is absent with a reason, never 0.

namespace ipcbench {

using AttributeValue =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;  // monostate: null
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;                               // in order

struct Interval {
  double low = 0;
  double high = 0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

// Summarises a value over launches: the median, its exact 95 % order-statistic interval, and the number of launches.
struct Figure {
  std::optional<double> median;
  std::optional<Interval> ci95;  // none under 6 launches, or 8 if a run has several looks
  std::size_t n = 0;
  std::string reason;  // why there is no median, or no interval
};

enum class Status : std::uint8_t { ok, skipped, invalid, crashed, timed_out };
const char* to_string(Status status) noexcept;
std::optional<Status> parse_status(std::string_view name) noexcept;

// Keeps of a histogram what a result in the summary form has: how many values there were, and their quantiles.
struct Quantiles {
  std::uint64_t count = 0;
  std::optional<double> p50, p90, p99, p999, p9999;  // none: fewer than ten values above it; a median needs one value
};

// Stores a histogram sparsely: the lower bound of each non-empty bucket with its count, ascending. In the summary form
// there are no buckets: only their quantiles.
struct SparseHistogram {
  std::vector<std::uint64_t> values_ns;
  std::vector<std::uint64_t> counts;
  std::optional<Quantiles> reduced = {};
};

// Holds the size of one of a channel's buffers, as the kernel reported it before the launch.
struct BufferRecord {
  std::string name;        // the call or field that reports it: "F_GETPIPE_SZ", "SO_SNDBUF" …
  std::string direction;   // "forward", producer to consumer; "backward"; "both"
  std::uint64_t size = 0;  // bytes; messages for "mq_maxmsg"

  friend bool operator==(const BufferRecord&, const BufferRecord&) = default;
};

// LimitRecord::effect of a control group's limit: the kernel reclaimed memory during the launch, or throttled
// processes.
inline constexpr std::string_view kMemoryTakenBack = "reclaimed";

// Names a limit of the host that changed what was measured.
struct LimitRecord {
  std::string limit;                         // "fs.pipe-user-pages-soft", "memory.max"
  std::string value;                         // value of the limit
  std::string effect;                        // "smaller", "clamped", "raised", "reclaimed"
  std::string buffer;                        // BufferRecord::name; "" for "reclaimed"
  std::optional<std::uint64_t> wanted, got;  // sizes of the buffer

  friend bool operator==(const LimitRecord&, const LimitRecord&) = default;
};

// Holds the memory of one channel, both directions: the slope over many channels.
struct ChannelRecord {
  std::optional<double> idle_bytes;
  std::optional<double> loaded_bytes;   // filled from producer to consumer
  std::optional<double> payload_bytes;  // payload in a loaded channel, the partly accepted message included
  // Bounds of the slopes' errors. If an older version stored none, memory_figure() derives one.
  std::optional<double> idle_error_bytes, loaded_error_bytes;
  std::uint64_t channels = 0;  // most that were open at once; 0: none
  bool capped = false;         // a loaded channel could hold more
  std::string source;          // "cgroup-v2", "cgroup-v1", "pss"
  // What the source sees of kernel memory. "all" is everything. "contents" is data in pipes, sockets and mappings,
  // without the kernel's own objects for them. With "none", part of what the channel holds is missing. An older version
  // has no value.
  std::optional<std::string> kernel_objects;
  std::string reason;                   // why a value is absent
  std::vector<LimitRecord> limits_met;  // limits that changed the channels
};

// Holds the times of scenario setup: medians over the channels of a launch.
struct SetupRecord {
  double create_ns = 0;
  double connect_ns = 0;
  double teardown_ns = 0;
};

// Holds the time that `hybrid` spins before it blocks, in all launches of a placement.
struct HybridSpinRecord {
  PlacementName placement;
  double spin_ns = 0;
  std::optional<double> cache_line_rtt_ns;  // measured with the spin time: reveals the canary state
  std::string state;                        // the canary state by the run's clusters; "" if unknown
};

// Holds what an open loop's block has measured. Times of a launch whose messages were all due at once, or whose rate
// wasn't sustained, are absent.
struct LoadRecord {
  // Returns whether the sender ever waited for a message's time; otherwise the block measured saturation.
  bool is_paced() const noexcept { return offered_per_s || silence_ns; }

  std::optional<double> offered_per_s;  // by the schedule; none: all messages were due at once, or after silences
  std::optional<double> silence_ns;     // between an answer and the next message; none: there was a schedule
  double achieved_per_s = 0;            // verified messages over the schedule's length, or to the last one if later
  bool overloaded = false;              // the backlog grew, or more than 1 % was lost
  std::vector<std::uint64_t> backlog;   // messages due and not received at the ends of 20 slices of the schedule
  SparseHistogram response;             // from the planned time to the receipt, of a message or its answer
  SparseHistogram service;              // from the begin of the send to the receipt
  SparseHistogram lateness;             // of the send behind the planned time and the end of the send before
  std::optional<double> response_max_ns;
  std::optional<double> response_max_at_ns;  // when that message was due, from the block's begin
  std::optional<double> service_max_ns, lateness_max_ns;
  std::optional<double> late_ratio;  // messages that the pacer sent over 1 us late
  // CPU time of a sleeping pacer per message: of a sleep with nothing to send, times the sleeps of the block.
  std::optional<double> pacer_cpu_ns;
  bool unsteady = false;  // rule 24; filled when the run is summarised
};

inline constexpr std::string_view kProducerSeat = "producer", kConsumerSeat = "consumer";  // SeatRecord::role

// Holds what one seat of a cast did in a block.
struct SeatRecord {
  std::string role;
  int index = 0;
  int cpu = -1;
  std::uint64_t ops = 0;  // messages sent, requests answered, turns taken; of a consumer those received
  double cpu_ns = 0;
  // Of a producer: of a send, of a request until its answer, or of a wait for the lock.
  std::optional<double> p50_ns, p99_ns, max_ns;
};

// Holds what a launch with a cast has measured beside its rate.
struct CastRecord {
  std::vector<SeatRecord> seats;  // producers, then consumers
  // Over the part of the block in which every producer had something to send: Jain's index of what came of each, and
  // the least of these by their mean. None: notifications, which carry no sender, or one producer.
  std::optional<double> fairness, worst_ratio;
};

// Holds what the stamped block of a launch with a lock has measured, beside the waits of its seats.
struct LockRecord {
  double block_ns = 0;
  std::uint64_t turns = 0;
  // Of these turns so many were handed over: who took the lock had waited until another gave it back. The times are
  // from there until it had the lock.
  std::uint64_t handovers = 0;
  std::optional<double> handover_p50_ns, handover_p99_ns;
};

struct LaunchRecord {
  std::string case_id;
  int pass = 0;   // 0-based; repeats for a canary state are numbered after the planned passes
  int order = 0;  // position in its pass
  Status status = Status::ok;
  std::string reason;   // of a status that isn't ok
  PhaseName phase;      // where it failed
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
  std::uint64_t verified = 0;      // verified ops: the divisor of per-op figures
  std::uint64_t sent = 0;
  std::uint64_t bytes_per_op = 0;

  std::optional<SetupRecord> setup;
  std::optional<LoadRecord> load;  // of an open loop
  std::optional<CastRecord> cast;
  std::optional<LockRecord> lock;

  std::vector<BufferRecord> buffers;    // the channel's buffers; for `setup`, those of a channel made beforehand
  std::vector<LimitRecord> limits_met;  // limits that changed what it measured

  // Only in a launch that counts system calls; it times nothing.
  std::optional<CallsRecord> calls;

  std::array<SideUsage, 2> usage;      // producer, consumer
  std::optional<ProcessUsage> broker;  // only if the mechanism has one
  std::optional<std::vector<std::int32_t>> threads =
      {};                         // of producer and consumer after the block; only if one has brought any
  double coordinator_cpu_ns = 0;  // gate to first exit
  double coordinator_wall_ns = 0;
  Attributes environment;  // steal_ns, interrupts …

  // Filled when the run is summarised, not by the launch.
  std::string state;     // "near", "far", "s3", "mixed"; "" without canary
  bool used = true;      // counts for the case's figures
  bool outlier = false;  // labelled, but still used
};

struct WorstCase {  // the longest round trip of the used launches
  double ns = 0;
  std::optional<double> at_ns;  // offset in its launch's stamped block
  int pass = 0;                 // of the launch
};

// Holds the smallest and the largest size of a buffer over the used launches of a case.
struct BufferRange {
  std::string name, direction;  // as in BufferRecord
  std::uint64_t least = 0, most = 0;
};

// Counts the used launches of a case that a limit changed.
struct CaseLimit {
  LimitRecord met;
  int launches = 0;
};

// Holds the figures of a case. results/figures/catalogue.h gives each one's name, unit and origin.
struct CaseFigures {
  Figure rtt_mean, rtt_mean_stamped, rtt_p50, rtt_p90, rtt_p99, rtt_p999, rtt_p9999, rtt_max;
  Figure messages_per_s, bytes_per_s;
  Figure notifications_per_s, merged_ratio, loss_ratio;
  Figure cpu_ns_per_op;
  Figure broker_cpu_ns_per_op;  // included in it
  Figure voluntary_per_op, involuntary_per_op, faults_per_op;
  Figure duty_producer, duty_consumer;
  Figure syscalls_producer, syscalls_consumer, syscalls_retried;
  Figure channel_idle, channel_loaded, channel_payload;
  Figure setup_create, setup_connect, setup_teardown;
  Figure response_p50, response_p90, response_p99, response_p999, response_max;
  Figure service_p50, service_p90, service_p99, service_p999, service_max;
  Figure lateness_p50, lateness_p90, lateness_p99, lateness_p999, lateness_max;
  Figure offered_per_s, achieved_per_s, saturation_per_s;
  Figure consumer_cpu_ns_per_op;
  Figure service_p50_pooled, lateness_p50_pooled;
  Figure fairness, worst_seat_ratio, seat_p50, worst_seat_p99, worst_seat_max;
  Figure turns_per_s, handover_ratio, handover_p50, handover_p99;
};

struct CaseSummary : CaseFigures {
  bool syscalls_vary = false;   // CallsRecord::timing_dependent
  std::string syscalls_source;  // CallsRecord::source; "" while there are none
  std::string channel_source;   // where the bytes were read; "" while there are none
  std::optional<WorstCase> rtt_worst;
  bool p50_from_mean = false;   // p50 is under 10 x the clock's overhead: use the unstamped mean in its place
  std::string steady;           // the commonest launch class: "flat", …; "" if no launch has one
  std::optional<bool> bimodal;  // of the pooled histogram; none: too few round trips to tell
  std::vector<std::pair<std::string, int>> state_counts;  // launches of each canary state
  std::string state_used;
  std::vector<BufferRange> buffers;
  std::vector<CaseLimit> limits_met;     // none: every used launch measured what its id says
  bool is_open_loop = false;             // has the figures of a load
  bool follows_silences = false;         // has the figures of an idle channel as well
  bool has_cast = false;                 // has the figures of seats
  bool takes_turns = false;              // has the figures of a lock
  std::optional<double> clock_error_ns;  // of one-way times between these CPUs: they are off by at most so much
  std::string not_ranked;                // why an open loop isn't ranked; "": it is
  std::vector<std::string>
      notes;  // what a reader of the figures must know: "bimodal", "2 of 9 launches are outliers" …
};

// Says why a case has its transport's largest message although other sizes were asked for.
struct AtLargestRecord {
  std::vector<std::uint64_t> asked;  // ascending; the case's own size among them if it was asked for as well
  std::string limit;                 // what sets the largest: "/proc/sys/kernel/msgmax is 8192"
};

struct CaseRecord {
  std::string id;
  ScenarioName scenario;
  std::string transport;
  WaitName wait;
  PlacementName placement;
  std::uint64_t size = 0;
  std::array<int, 2> cpus{-1, -1};
  std::optional<AtLargestRecord> at_largest;
  std::optional<std::vector<int>> seat_cpus;  // of a cast: the CPU of each seat, producers first
  std::string core_kinds;  // of these CPUs, on a hybrid processor: "P", "E", "P+E"; "": all are of one kind
  std::vector<std::pair<std::string, std::string>> options;
  PayloadName payload;
  std::string workers;                      // "fork", "exec": how its workers came to life; "": an older version, fork
  std::optional<double> pilot_op_ns;        // the op time that set `ops`; none before a pilot has succeeded
  std::uint64_t ops = 0;                    // per block
  std::optional<std::uint64_t> rate_per_s;  // the rate that `load` has set, the same in all launches
  Status status = Status::ok;               // ok if any launch is ok and none invalid; else the worst of its launches
  std::string reason;
  CaseSummary summary;
  std::vector<LaunchRecord> launches;
  std::optional<LaunchRecord> counted;  // the launch that counts system calls
  std::optional<ChannelRecord> channel;
};

struct StateRecord {  // the canary states of a placement: clusters of the run's canary medians
  PlacementName placement;
  std::vector<std::pair<std::string, Interval>> clusters_ns;  // name, range
  std::string used;
};

inline constexpr std::string_view kUsualConditions = "usual";

struct MachineRecord {
  std::string machine_class, cpu, kernel, virtualisation, topology;
  // Inherited settings that change the figures: "nice 10"; kUsualConditions; none: an older version.
  std::optional<std::string> inherited;
  Attributes mitigations, limits, details;  // details: preemption, governor, clocksource …
  std::vector<HostCheck> idle = {};         // what an idle CPU does, fine or not; none: an older version
  std::vector<HostCheck> checks;
};

struct ClockRecord {
  std::string kind, reason;
  double hz = 0, overhead_ns = 0, resolution_ns = 0;
  bool cross_cpu_ok = false;
  std::vector<ClockPairRecord> pairs = {};
};

// Holds what an experiment found out about a transport, for a claim of the articles.
struct FactRecord {
  std::string claim, question;
  std::string answer, evidence, agreement;  // "" if it couldn't be found out; agreement: agrees, partly, contradicts
  std::string reason;                       // why it couldn't
  std::optional<LimitRecord> limit = {};    // the limit that prevented an answer
};

struct TransportRecord {
  std::string name, family, row, summary;
  bool available = false;
  std::string reason;
  Attributes capabilities;
  std::vector<WaitName> waits;
  std::vector<std::pair<std::string, std::string>> options;  // name, default
  std::vector<FactRecord> facts;
  std::optional<Attributes> foreign =
      {};  // of a plug-in: what it measures, in which language, by which version of which library
};

struct BuildInfo {
  std::string version, git, compiler, flags, build_type;
};

// Holds what a run looks for the highest rate of: a time that messages keep, and the CPU time that they may take.
struct PromiseRecord {
  std::string figure;                                        // its key in the catalogue: "response_p99_ns"
  double below_ns = 0;                                       // of the figure
  std::optional<double> cpu_ratio;                           // of one CPU, both sides together; none: any
  std::vector<std::pair<std::string, std::string>> options;  // of the loads that are tried: "schedule", "poisson"
};

// Result::form of a result whose launches are reduced to their figures.
inline constexpr std::string_view kSummaryForm = "summary";

// Holds a whole result: one JSON document.
struct Result {
  std::optional<std::string> form = {};  // kSummaryForm; none: all that was measured
  bool complete = false;
  std::string run_id, started, command, suite;
  std::vector<std::string> resumed;  // times at which the run was resumed, in the form of `started`
  std::uint64_t seed = 0;
  int passes = 0;
  PayloadName payload;
  std::optional<double> block_ns;  // wanted length of a block; none: unknown
  // Given rates were measured up to this share of a channel's saturation; none: all were.
  std::optional<std::uint64_t> most_load_percent;
  std::optional<PromiseRecord> promise;  // the run looks for the highest rates that keep it
  // Launches of a case after which the run may go on; none: it doesn't. The intervals hold over all looks together.
  std::vector<int> looks;
  std::optional<double> precision;  // the run goes on while the headline figure's interval is wider than this ratio
  std::optional<double> budget_ns;  // time for going on; none: no limit
  double hybrid_spin_ns = 0;        // of the first of hybrid_spins; in files of earlier builds, of all placements
  std::vector<HybridSpinRecord> hybrid_spins;
  std::vector<std::string> notes;
  BuildInfo build;
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
