#include "results/figures/catalogue.h"

#include <array>

#include "results/figures/launch_figures.h"

namespace ipcbench {
namespace {

using Value = std::optional<double>;
using Launch = LaunchRecord;

// Adapts a function of a launch to the catalogue's signature.
template <Value (*value)(const Launch&)>
Value of(const CaseRecord&, const Launch& launch) {
  return value(launch);
}

template <Value Launch::*member>
Value member_of(const CaseRecord&, const Launch& launch) {
  return launch.*member;
}

// A quantile in units of 1/10000: 9990 is p99.9.
template <int ten_thousandths>
Value quantile_of(const CaseRecord&, const Launch& launch) {
  return supported_quantile(launch, ten_thousandths / 1e4);
}

template <std::size_t side>
Value duty_of(const CaseRecord&, const Launch& launch) {
  return duty(launch, side);
}

template <double SetupRecord::*part>
Value setup_of(const CaseRecord&, const Launch& launch) {
  return launch.setup ? Value((*launch.setup).*part) : std::nullopt;
}

// A quantile of one of an open loop's kinds of time.
template <SparseHistogram LoadRecord::*times, int ten_thousandths>
Value load_quantile(const CaseRecord&, const Launch& launch) {
  return launch.load ? supported_quantile((*launch.load).*times, ten_thousandths / 1e4) : std::nullopt;
}

template <Value LoadRecord::*member>
Value load_member(const CaseRecord&, const Launch& launch) {
  return launch.load ? (*launch.load).*member : std::nullopt;
}

Value achieved(const CaseRecord&, const Launch& launch) {
  return launch.load ? Value(launch.load->achieved_per_s) : std::nullopt;
}

Value saturation(const CaseRecord& c, const Launch& launch) {
  return launch.load && !launch.load->is_paced() ? achieved(c, launch) : std::nullopt;
}

template <Value CastRecord::*member>
Value cast_member(const CaseRecord&, const Launch& launch) {
  return launch.cast ? (*launch.cast).*member : std::nullopt;
}

template <Value SeatRecord::*member>
Value worst_seat(const CaseRecord&, const Launch& launch) {
  return launch.cast ? largest_of_seats(*launch.cast, member) : std::nullopt;
}

Value typical_seat(const CaseRecord&, const Launch& launch) {
  return launch.cast ? median_of_seats(*launch.cast, &SeatRecord::p50_ns) : std::nullopt;
}

template <Value LockRecord::*member>
Value lock_member(const CaseRecord&, const Launch& launch) {
  return launch.lock ? (*launch.lock).*member : std::nullopt;
}

using F = CaseFigures;
constexpr auto kRoundTrip = FigureKind::round_trip;
constexpr auto kMessages = FigureKind::messages;
constexpr auto kNotifications = FigureKind::notifications;
constexpr auto kCost = FigureKind::cost;
constexpr auto kCalls = FigureKind::calls;
constexpr auto kChannel = FigureKind::channel;
constexpr auto kSetUp = FigureKind::set_up;
constexpr auto kLoad = FigureKind::load;
constexpr auto kCast = FigureKind::cast;
constexpr auto kLock = FigureKind::lock;

constexpr std::array kCatalogue = {
    FigureInfo{"rtt_mean_ns", "rtt_ns", "mean", Unit::ns, kRoundTrip, &F::rtt_mean, member_of<&Launch::mean_ns>},
    FigureInfo{"rtt_mean_stamped_ns", "rtt_ns", "mean_stamped", Unit::ns, kRoundTrip, &F::rtt_mean_stamped,
               member_of<&Launch::mean_stamped_ns>},
    FigureInfo{"rtt_p50_ns", "rtt_ns", "p50", Unit::ns, kRoundTrip, &F::rtt_p50, quantile_of<5000>},
    FigureInfo{"rtt_p90_ns", "rtt_ns", "p90", Unit::ns, kRoundTrip, &F::rtt_p90, quantile_of<9000>},
    FigureInfo{"rtt_p99_ns", "rtt_ns", "p99", Unit::ns, kRoundTrip, &F::rtt_p99, quantile_of<9900>},
    FigureInfo{"rtt_p999_ns", "rtt_ns", "p999", Unit::ns, kRoundTrip, &F::rtt_p999, quantile_of<9990>},
    FigureInfo{"rtt_p9999_ns", "rtt_ns", "p9999", Unit::ns, kRoundTrip, &F::rtt_p9999, quantile_of<9999>},
    FigureInfo{"rtt_max_ns", "rtt_ns", "max", Unit::ns, kRoundTrip, &F::rtt_max, member_of<&Launch::max_ns>},
    FigureInfo{"messages_per_s", "throughput", "messages_per_s", Unit::per_s, kMessages, &F::messages_per_s,
               of<ops_per_s>},
    FigureInfo{"bytes_per_s", "throughput", "bytes_per_s", Unit::bytes_per_s, kMessages, &F::bytes_per_s, bytes_per_s},
    FigureInfo{"notifications_per_s", "", "notifications_per_s", Unit::per_s, kNotifications, &F::notifications_per_s,
               of<ops_per_s>},
    FigureInfo{"merged_ratio", "", "merged_ratio", Unit::number, kNotifications, &F::merged_ratio, of<missing_ratio>},
    FigureInfo{"loss_ratio", "", "loss_ratio", Unit::number, FigureKind::loss, &F::loss_ratio, of<missing_ratio>},
    FigureInfo{"cpu_ns_per_op", "", "cpu_ns_per_op", Unit::ns, kCost, &F::cpu_ns_per_op, of<cpu_ns_per_op>},
    FigureInfo{"broker_cpu_ns_per_op", "", "broker_cpu_ns_per_op", Unit::ns, kCost, &F::broker_cpu_ns_per_op,
               of<broker_cpu_ns_per_op>, true},
    FigureInfo{"voluntary_per_op", "context_switches_per_op", "voluntary", Unit::number, kCost, &F::voluntary_per_op,
               of<voluntary_per_op>},
    FigureInfo{"involuntary_per_op", "context_switches_per_op", "involuntary", Unit::number, kCost,
               &F::involuntary_per_op, of<involuntary_per_op>},
    FigureInfo{"faults_per_op", "", "faults_per_op", Unit::number, kCost, &F::faults_per_op, of<faults_per_op>},
    FigureInfo{"duty_producer", "duty", "producer", Unit::number, kCost, &F::duty_producer, duty_of<0>},
    FigureInfo{"duty_consumer", "duty", "consumer", Unit::number, kCost, &F::duty_consumer, duty_of<1>},
    FigureInfo{"syscalls_per_op_producer", "syscalls_per_op", "producer", Unit::number, kCalls, &F::syscalls_producer,
               nullptr},
    FigureInfo{"syscalls_per_op_consumer", "syscalls_per_op", "consumer", Unit::number, kCalls, &F::syscalls_consumer,
               nullptr},
    FigureInfo{"syscalls_per_op_retried", "syscalls_per_op", "retried", Unit::number, kCalls, &F::syscalls_retried,
               nullptr},
    FigureInfo{"channel_bytes_idle", "channel_bytes", "idle", Unit::bytes, kChannel, &F::channel_idle, nullptr},
    FigureInfo{"channel_bytes_loaded", "channel_bytes", "loaded", Unit::bytes, kChannel, &F::channel_loaded, nullptr},
    FigureInfo{"channel_bytes_payload", "channel_bytes", "payload", Unit::bytes, kChannel, &F::channel_payload,
               nullptr},
    FigureInfo{"setup_create_ns", "setup_ns", "create", Unit::ns, kSetUp, &F::setup_create,
               setup_of<&SetupRecord::create_ns>},
    FigureInfo{"setup_connect_ns", "setup_ns", "connect", Unit::ns, kSetUp, &F::setup_connect,
               setup_of<&SetupRecord::connect_ns>},
    FigureInfo{"setup_teardown_ns", "setup_ns", "teardown", Unit::ns, kSetUp, &F::setup_teardown,
               setup_of<&SetupRecord::teardown_ns>},
    FigureInfo{"response_p50_ns", "response_ns", "p50", Unit::ns, kLoad, &F::response_p50,
               load_quantile<&LoadRecord::response, 5000>, true},
    FigureInfo{"response_p90_ns", "response_ns", "p90", Unit::ns, kLoad, &F::response_p90,
               load_quantile<&LoadRecord::response, 9000>, true},
    FigureInfo{"response_p99_ns", "response_ns", "p99", Unit::ns, kLoad, &F::response_p99,
               load_quantile<&LoadRecord::response, 9900>, true},
    FigureInfo{"response_p999_ns", "response_ns", "p999", Unit::ns, kLoad, &F::response_p999,
               load_quantile<&LoadRecord::response, 9990>, true},
    FigureInfo{"response_max_ns", "response_ns", "max", Unit::ns, kLoad, &F::response_max,
               load_member<&LoadRecord::response_max_ns>, true},
    FigureInfo{"service_p50_ns", "service_ns", "p50", Unit::ns, kLoad, &F::service_p50,
               load_quantile<&LoadRecord::service, 5000>, true},
    FigureInfo{"service_p90_ns", "service_ns", "p90", Unit::ns, kLoad, &F::service_p90,
               load_quantile<&LoadRecord::service, 9000>, true},
    FigureInfo{"service_p99_ns", "service_ns", "p99", Unit::ns, kLoad, &F::service_p99,
               load_quantile<&LoadRecord::service, 9900>, true},
    FigureInfo{"service_p999_ns", "service_ns", "p999", Unit::ns, kLoad, &F::service_p999,
               load_quantile<&LoadRecord::service, 9990>, true},
    FigureInfo{"service_max_ns", "service_ns", "max", Unit::ns, kLoad, &F::service_max,
               load_member<&LoadRecord::service_max_ns>, true},
    FigureInfo{"lateness_p50_ns", "lateness_ns", "p50", Unit::ns, kLoad, &F::lateness_p50,
               load_quantile<&LoadRecord::lateness, 5000>, true},
    FigureInfo{"lateness_p90_ns", "lateness_ns", "p90", Unit::ns, kLoad, &F::lateness_p90,
               load_quantile<&LoadRecord::lateness, 9000>, true},
    FigureInfo{"lateness_p99_ns", "lateness_ns", "p99", Unit::ns, kLoad, &F::lateness_p99,
               load_quantile<&LoadRecord::lateness, 9900>, true},
    FigureInfo{"lateness_p999_ns", "lateness_ns", "p999", Unit::ns, kLoad, &F::lateness_p999,
               load_quantile<&LoadRecord::lateness, 9990>, true},
    FigureInfo{"lateness_max_ns", "lateness_ns", "max", Unit::ns, kLoad, &F::lateness_max,
               load_member<&LoadRecord::lateness_max_ns>, true},
    FigureInfo{"offered_per_s", "load", "offered_per_s", Unit::per_s, kLoad, &F::offered_per_s,
               load_member<&LoadRecord::offered_per_s>, true},
    FigureInfo{"achieved_per_s", "load", "achieved_per_s", Unit::per_s, kLoad, &F::achieved_per_s, achieved, true},
    FigureInfo{"saturation_per_s", "load", "saturation_per_s", Unit::per_s, kLoad, &F::saturation_per_s, saturation,
               true},
    FigureInfo{"consumer_cpu_ns_per_op", "load", "consumer_cpu_ns_per_op", Unit::ns, kLoad, &F::consumer_cpu_ns_per_op,
               of<consumer_cpu_ns_per_op>, true},
    FigureInfo{"service_p50_pooled_ns", "pooled_ns", "service_p50", Unit::ns, kLoad, &F::service_p50_pooled, nullptr,
               true},
    FigureInfo{"lateness_p50_pooled_ns", "pooled_ns", "lateness_p50", Unit::ns, kLoad, &F::lateness_p50_pooled, nullptr,
               true},
    FigureInfo{"fairness", "cast", "fairness", Unit::number, kCast, &F::fairness, cast_member<&CastRecord::fairness>,
               true},
    FigureInfo{"worst_seat_ratio", "cast", "worst_seat_ratio", Unit::number, kCast, &F::worst_seat_ratio,
               cast_member<&CastRecord::worst_ratio>, true},
    FigureInfo{"seat_p50_ns", "cast", "seat_p50", Unit::ns, kCast, &F::seat_p50, typical_seat, true},
    FigureInfo{"worst_seat_p99_ns", "cast", "worst_seat_p99", Unit::ns, kCast, &F::worst_seat_p99,
               worst_seat<&SeatRecord::p99_ns>, true},
    FigureInfo{"worst_seat_max_ns", "cast", "worst_seat_max", Unit::ns, kCast, &F::worst_seat_max,
               worst_seat<&SeatRecord::max_ns>, true},
    FigureInfo{"turns_per_s", "lock", "turns_per_s", Unit::per_s, kLock, &F::turns_per_s, of<ops_per_s>, true},
    FigureInfo{"handover_ratio", "lock", "handover_ratio", Unit::number, kLock, &F::handover_ratio, of<handover_ratio>,
               true},
    FigureInfo{"handover_p50_ns", "lock", "handover_p50", Unit::ns, kLock, &F::handover_p50,
               lock_member<&LockRecord::handover_p50_ns>, true},
    FigureInfo{"handover_p99_ns", "lock", "handover_p99", Unit::ns, kLock, &F::handover_p99,
               lock_member<&LockRecord::handover_p99_ns>, true},
};

// A figure missing from the catalogue would never be summarised, stored or shown.
static_assert(sizeof(CaseFigures) == kCatalogue.size() * sizeof(Figure));

}  // namespace

std::span<const FigureInfo> figure_catalogue() noexcept { return kCatalogue; }

}  // namespace ipcbench
