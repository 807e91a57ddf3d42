#include "plots/figures.h"

#include <array>

namespace ipcbench {
namespace {

constexpr std::array kFigures = {
    NamedFigure{"rtt_mean_ns", Unit::ns, &CaseSummary::rtt_mean},
    NamedFigure{"rtt_mean_stamped_ns", Unit::ns, &CaseSummary::rtt_mean_stamped},
    NamedFigure{"rtt_p50_ns", Unit::ns, &CaseSummary::rtt_p50},
    NamedFigure{"rtt_p90_ns", Unit::ns, &CaseSummary::rtt_p90},
    NamedFigure{"rtt_p99_ns", Unit::ns, &CaseSummary::rtt_p99},
    NamedFigure{"rtt_p999_ns", Unit::ns, &CaseSummary::rtt_p999},
    NamedFigure{"rtt_p9999_ns", Unit::ns, &CaseSummary::rtt_p9999},
    NamedFigure{"rtt_max_ns", Unit::ns, &CaseSummary::rtt_max},
    NamedFigure{"messages_per_s", Unit::per_s, &CaseSummary::messages_per_s},
    NamedFigure{"bytes_per_s", Unit::bytes_per_s, &CaseSummary::bytes_per_s},
    NamedFigure{"notifications_per_s", Unit::per_s, &CaseSummary::notifications_per_s},
    NamedFigure{"merged_ratio", Unit::number, &CaseSummary::merged_ratio},
    NamedFigure{"loss_ratio", Unit::number, &CaseSummary::loss_ratio},
    NamedFigure{"cpu_ns_per_op", Unit::ns, &CaseSummary::cpu_ns_per_op},
    NamedFigure{"broker_cpu_ns_per_op", Unit::ns, &CaseSummary::broker_cpu_ns_per_op},
    NamedFigure{"voluntary_per_op", Unit::number, &CaseSummary::voluntary_per_op},
    NamedFigure{"involuntary_per_op", Unit::number, &CaseSummary::involuntary_per_op},
    NamedFigure{"faults_per_op", Unit::number, &CaseSummary::faults_per_op},
    NamedFigure{"duty_producer", Unit::number, &CaseSummary::duty_producer},
    NamedFigure{"duty_consumer", Unit::number, &CaseSummary::duty_consumer},
    NamedFigure{"syscalls_per_op_producer", Unit::number, &CaseSummary::syscalls_producer},
    NamedFigure{"syscalls_per_op_consumer", Unit::number, &CaseSummary::syscalls_consumer},
    NamedFigure{"syscalls_per_op_retried", Unit::number, &CaseSummary::syscalls_retried},
    NamedFigure{"channel_bytes_idle", Unit::bytes, &CaseSummary::channel_idle},
    NamedFigure{"channel_bytes_loaded", Unit::bytes, &CaseSummary::channel_loaded},
    NamedFigure{"channel_bytes_payload", Unit::bytes, &CaseSummary::channel_payload},
    NamedFigure{"setup_create_ns", Unit::ns, &CaseSummary::setup_create},
    NamedFigure{"setup_connect_ns", Unit::ns, &CaseSummary::setup_connect},
    NamedFigure{"setup_teardown_ns", Unit::ns, &CaseSummary::setup_teardown},
};

}  // namespace

std::span<const NamedFigure> case_figures() noexcept { return kFigures; }

}  // namespace ipcbench
