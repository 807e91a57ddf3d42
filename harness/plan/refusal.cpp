#include "harness/plan/refusal.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <set>
#include <variant>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>

#include "harness/base/usage_error.h"
#include "harness/host/cast_cpus.h"
#include "harness/measure/stamps.h"
#include "harness/memory/futex.h"
#include "harness/memory/memfd.h"
#include "harness/process/affinity.h"
#include "harness/sdk/registry.h"
#include "harness/sdk/uring.h"

namespace ipcbench {
namespace {

bool spins(WaitStrategy wait) { return wait == WaitStrategy::spin || wait == WaitStrategy::hybrid; }

bool share_a_cpu(Placement placement, const Topology& topology) {
  return placement == Placement::same_cpu || (placement == Placement::unpinned && topology.cpus().size() == 1);
}

std::string wait_refusal(WaitStrategy wait, const TransportInfo& info) {
  if (std::find(info.waits.begin(), info.waits.end(), wait) != info.waits.end()) return waiting_refusal(wait);
  std::vector<std::string_view> names;
  for (const WaitStrategy known : info.waits) names.push_back(to_string(known));
  return fmt::format("{} has no wait strategy '{}', only {}", info.name, to_string(wait), fmt::join(names, ", "));
}

constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();

std::size_t sum(std::size_t a, std::size_t b) { return a > kMost - b ? kMost : a + b; }
std::size_t product(std::size_t a, std::size_t b) { return b != 0 && a > kMost / b ? kMost : a * b; }

// Returns the bytes of a side's buffers. The loops have one for each direction, both of one size, except for loans and
// notifications.
std::size_t buffers_of_a_side(const CaseSpec& spec, const TransportInfo& info) {
  const Shape shape = info.capabilities.shape;
  if (traffic_of(spec.scenario) == Traffic::none || shape == Shape::loan || shape == Shape::notify) return 0;
  return product(2, largest_sent(spec));
}

std::string memory_refusal(const CaseSpec& spec, const Transport& transport, const MemoryLimits& memory) {
  const MemoryNeed need = memory_need(spec, transport);
  const auto text = [](std::size_t bytes) {
    return bytes == kMost ? fmt::format("more than {}", bytes) : std::to_string(bytes);
  };
  if (need.all > memory.all.bytes || need.all == kMost)
    return fmt::format("{}, the case needs {}", memory.all.limit, text(need.all));
  if (need.each > memory.each.bytes)
    return fmt::format("{}, a process of the case needs {}", memory.each.limit, text(need.each));
  return "";
}

std::string_view form_refusal(const CaseSpec& spec, const TransportInfo& info) {
  if (traffic_of(spec.scenario) == Traffic::none)
    return info.foreign.library.empty()   ? ""
           : info.foreign.command.empty() ? "a plug-in's objects are made by a host process, whose start counts"
                                          : "a foreign worker's start would count";
  if (traffic_of(spec.scenario) == Traffic::turns) return "";
  if (has_answers(spec)) return info.no_ping_pong;
  if (is_scheduled(spec) && !info.foreign.command.empty())
    return "a foreign worker doesn't stamp what it receives; form=round-trip can be measured";
  if (info.no_streaming.empty() && is_scheduled(spec) && info.capabilities.when_full == WhenFull::merges)
    return "notifications merge, so that none has a time of its own; form=round-trip can be measured";
  return info.no_streaming;
}

// Says why a mechanism can't have this cast, or this placement not this scenario; "" if it can.
std::string cast_refusal(const CaseSpec& spec, const TransportInfo& info) {
  if (!has_cast(spec))
    return is_of_casts(spec.placement) ? fmt::format("only casts are placed {}", to_string(spec.placement)) : "";
  const Cast cast = cast_of(spec);
  const Transport* transport = find_transport(info.name);
  const Capabilities can =
      transport == nullptr ? info.capabilities : transport->capabilities(option_values(spec, info));
  if (cast.pattern.is_lock()) {
    if (std::string reason = lock_refusal(can); !reason.empty()) return fmt::format("{}: {}", info.name, reason);
    return spec.placement == Placement::split ? "who takes a lock has no other side; spread can be measured" : "";
  }
  if (cast.channels != 0) {
    if (!info.foreign.library.empty()) return "each channel of a plug-in has a host process of its own";
    if (std::string reason = channels_refusal(cast, can, spec.wait); !reason.empty())
      return fmt::format("{}: {}", info.name, reason);
    if (cast.mux == MuxCall::futex_waitv && !has_futex_waitv()) return "this kernel has no futex_waitv (Linux 5.16)";
  }
  if (cast.pattern.seats() > kMostSeats) return fmt::format("a launch has at most {} seats", kMostSeats);
  if (std::string reason = sharing_refusal(cast, can); !reason.empty())
    return fmt::format("{} {}: {}", info.name, to_string(cast.pattern.sharing), reason);
  if (is_scheduled(spec)) {
    if (open_loop_of(spec).form == LoopForm::round_trip)
      return "the messages of a cast go one way by a schedule; clients that are answered are the scenario server";
    if (!can.carries_payload) return "a notification doesn't say who sent it, so that none has a time of its own";
  }
  if (!can.carries_payload) return "";
  if (spec.size < kLeastCastMessage) return kTooSmallForCasts;
  const bool is_shared = cast.pattern.producers > 1 && cast.pattern.sharing != Sharing::per_peer;
  if (is_shared && spec.size > can.most_shared_message)
    return fmt::format("where several send to one {}, messages of more than {} are torn", info.name,
                       format_size(can.most_shared_message));
  return "";
}

// Rule 8: returns whether two seats share a CPU.
bool shares_a_cpu_with_cast(const CaseSpec& spec, const Topology& topology) {
  const Pattern pattern = cast_of(spec).pattern;
  if (spec.placement == Placement::unpinned) return topology.cpus().size() < pattern.seats();
  const std::vector<int> cpus = cast_cpus(topology, spec.placement, pattern.producers, pattern.consumers);
  return std::set<int>(cpus.begin(), cpus.end()).size() < cpus.size();
}

// Returns what of a cast's waiting spins; "" if nothing does.
std::string_view spinner_of(const CaseSpec& spec) {
  if (!has_cast(spec)) return "";
  if (spins(spec.wait)) return to_string(spec.wait);
  return cast_of(spec).mux == MuxCall::spin ? "mux=spin" : "";
}

// Says what forbids a case apart from its message.
std::string place_refusal(const CaseSpec& spec, const TransportInfo& info, const Availability& host,
                          const Topology& topology, std::optional<CpuPair> cpus) {
  if (const auto* unavailable = std::get_if<Unavailable>(&host)) return unavailable->reason;
  if (std::string reason = wait_refusal(spec.wait, info); !reason.empty()) return reason;
  if (const std::string_view reason = form_refusal(spec, info); !reason.empty()) return std::string(reason);
  if (std::string reason = cast_refusal(spec, info); !reason.empty()) return reason;
  if (std::string reason = topology.missing_reason(spec.placement); !reason.empty() && !cpus) return reason;
  if (spec.placement != Placement::unpinned) {
    if (const std::string refused = pinning_refusal(); !refused.empty())
      return fmt::format("processes can't be pinned to CPUs: {}", refused);
  }
  const auto shares_a_cpu = [&] {
    return has_cast(spec) ? shares_a_cpu_with_cast(spec, topology) : share_a_cpu(spec.placement, topology);
  };
  if (const std::string_view spinner = spinner_of(spec); !spinner.empty() && shares_a_cpu())
    return fmt::format("{} needs a CPU for each seat", spinner);
  if (spins(spec.wait) && shares_a_cpu()) {
    return fmt::format("{} on a shared CPU measures the scheduler's tick, not the mechanism", to_string(spec.wait));
  }
  if (open_loop_of(spec).pacing != Pacing::spin || !shares_a_cpu()) return "";
  if (has_cast(spec)) return "a pacer that spins needs a CPU for each seat; pacer=sleep can be measured";
  return "a pacer that spins takes the receiver's CPU where both share one; pacer=sleep can be measured";
}

bool has_one_size(const Capabilities& can) { return can.carries_payload && can.min_message == can.max_message; }

void replace_size(PlannedCase& planned, const MessageLimit& largest) {
  planned.at_largest = AtLargest{{planned.spec.size}, largest.reason};
  set_size(planned.spec, largest.bytes);
}

// Says why a message of `size` can't be sent: because of its size, or of what is available at the moment.
std::string refusal_of_size(const CaseSpec& spec, const Transport& transport, const Available& host, std::size_t size) {
  const OptionValues options = option_values(spec, transport.info());
  if (std::string reason = size_refusal(transport, host, options, size); !reason.empty()) return reason;
  return transport.option_refusal(spec.wait, size, options);
}

}  // namespace

MemoryNeed memory_need(const CaseSpec& spec, const Transport& transport) {
  const std::size_t of_a_channel = transport.memory_needed(largest_sent(spec), option_values(spec, transport.info()));
  const std::size_t objects = product(of_a_channel, std::max<std::size_t>(cast_of(spec).channels, 1));
  const std::size_t buffers = buffers_of_a_side(spec, transport.info());
  const std::size_t shared = sum(objects, is_scheduled(spec) ? stamps_size(kMostStamps) : 0);
  return {.all = sum(product(2, buffers), shared), .each = sum(buffers, shared)};
}

std::string message_refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                            const MemoryLimits& memory) {
  if (const auto* unavailable = std::get_if<Unavailable>(&host)) return unavailable->reason;
  const auto& here = std::get<Available>(host);
  const OptionValues options = option_values(spec, transport.info());
  if (std::string reason = size_refusal(transport, here, options, spec.size); !reason.empty()) return reason;
  if (const std::size_t reply = reply_size(spec); reply != spec.size) {
    if (const std::string reason = refusal_of_size(spec, transport, here, reply); !reason.empty())
      return fmt::format("{}={}: {}", kReplyOption, reply, reason);
  }
  if (std::string reason = memory_refusal(spec, transport, memory); !reason.empty()) return reason;
  if (const std::size_t channels = cast_of(spec).channels; channels != 0) {
    if (std::string reason = transport.channels_refusal(channels, spec.size, options); !reason.empty()) return reason;
  }
  return transport.option_refusal(spec.wait, spec.size, options);
}

std::string workers_refusal(Workers workers, const TransportInfo& info) {
  if (workers == Workers::fork) return "";
  if (info.capabilities.fork_only) return fmt::format("{} can't be handed to an executed worker", info.name);
  if (const std::string reason = memfd_refusal(); !reason.empty()) {
    return fmt::format("workers can't be executed: {}", reason);
  }
  if (::access(kOwnProgram, X_OK) != 0) {
    return fmt::format("workers can't be executed: {}: {}", kOwnProgram, std::strerror(errno));
  }
  return "";
}

std::string payload_refusal(PayloadMode payload, const CaseSpec& spec, const TransportInfo& info) {
  if (info.foreign.touches_payload || payload == PayloadMode::header || largest_sent(spec) == 0) return "";
  return fmt::format("worker '{}' doesn't touch the payload: run with --payload header", info.foreign.command);
}

std::string refusal(const CaseSpec& spec, const Transport& transport, const Availability& host,
                    const Topology& topology, const MemoryLimits& memory, std::optional<CpuPair> cpus) {
  if (std::string reason = place_refusal(spec, transport.info(), host, topology, cpus); !reason.empty()) return reason;
  return message_refusal(spec, transport, host, memory);
}

void fit_to_host(PlannedCase& planned, const Transport& transport, const Availability& host, const Topology& topology,
                 const MemoryLimits& memory, std::optional<CpuPair> cpus) {
  CaseSpec& spec = planned.spec;
  const TransportInfo& info = transport.info();
  if (const Capabilities& can = info.capabilities; has_one_size(can) && spec.size != can.max_message) {
    replace_size(planned, {can.max_message,
                           fmt::format("all messages of {} are of {}", info.name, format_size(can.max_message))});
  }
  planned.skip_reason = place_refusal(spec, info, host, topology, cpus);
  if (planned.skip_reason.empty()) planned.skip_reason = workers_refusal(planned.workers, info);
  if (!planned.skip_reason.empty()) return;

  const MessageLimit largest = transport.largest_message(std::get<Available>(host), option_values(spec, info));
  const CaseSpec asked = spec;
  const bool is_over = info.capabilities.carries_payload && asked.size > largest.bytes &&
                       largest.bytes >= std::max<std::size_t>(info.capabilities.min_message, 1);
  if (is_over) replace_size(planned, largest);
  planned.skip_reason = message_refusal(spec, transport, host, memory);
  if (!is_over || planned.skip_reason.empty()) return;
  planned.skip_reason =
      fmt::format("{}, the case needs {}; for one of that size: {}", largest.reason, asked.size, planned.skip_reason);
  planned.at_largest.reset();
  spec = asked;
}

}  // namespace ipcbench
