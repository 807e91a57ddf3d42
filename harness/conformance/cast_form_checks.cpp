// Checks for every transport that what many seats send arrives, in each form in which the mechanism can be shared.

#include <array>
#include <string>

#include <fmt/format.h>

#include "harness/conformance/cast_forms.h"
#include "harness/conformance/checks.h"
#include "harness/host/cast_cpus.h"
#include "harness/launch/launch.h"
#include "harness/plan/refusal.h"
#include "scenarios/casts/cast_message.h"
#include "scenarios/casts/links.h"

namespace ipcbench {
namespace {

CaseSpec spec_of(const Trial& trial, const CastShape& shape, Sharing sharing) {
  const Subject& subject = trial.subject();
  const Capabilities can = trial.can();
  CaseSpec spec{.scenario = shape.scenario,
                .transport = std::string(subject.entry->name),
                .wait = subject.wait,
                .size = can.carries_payload ? std::clamp<std::size_t>(64, can.min_message, trial.largest()) : 0,
                .placement = Placement::split};
  set_option(spec, subject.info(), kSharingOption, to_string(sharing));
  if (shape.to_all) set_option(spec, subject.info(), kDeliverOption, "all");
  for (const auto& [name, seats] : {std::pair(kProducersOption, "3"), {kConsumersOption, "2"}}) {
    if (takes_option(spec, subject.info(), name, seats)) set_option(spec, subject.info(), name, seats);
  }
  return spec;
}

// Locks hand over turns, and have neither messages nor notifications; some have messages of under eight bytes.
bool has_no_form(const Subject& subject, const CaseSpec& spec) {
  const TransportInfo& info = subject.info();
  return !(cast_of(spec).has_answers ? info.no_ping_pong : info.no_streaming).empty() ||
         (subject.can().carries_payload && spec.size < CastHeader::kSize);
}

LaunchRecord launch_of_form(const Trial& trial, const CaseSpec& spec, std::uint64_t ops) {
  const Pattern pattern = cast_of(spec).pattern;
  const CpuPair cpus = two_cpus();
  RunDir run_dir = RunDir::create();
  LaunchRecord record = launch({.spec = spec,
                                .cpus = cpus,
                                .seat_cpus = cast_cpus(cpus, pattern.producers, pattern.consumers),
                                .payload = trial.subject().payload(),
                                .seed = 3,
                                .block_ops = ops,
                                .warmup_ops = 6,
                                .deadline = trial.settings().deadline,
                                .clock = {},
                                .workers = trial.settings().workers},
                               run_dir)
                            .record;
  require(record.status == Status::ok, "{}: {}", spec.id(), record.reason);
  return record;
}

// Calls `check` for each shape and form that the mechanism has; returns how many there were.
template <class Check>
int for_each_form(const Trial& trial, const Check& check) {
  int forms = 0;
  for (const CastShape& shape : kCastShapes) {
    for (const Sharing sharing : kSharings) {
      const CaseSpec spec = spec_of(trial, shape, sharing);
      if (!sharing_refusal(cast_of(spec), trial.can()).empty() || has_no_form(trial.subject(), spec)) continue;
      check(spec);
      ++forms;
    }
  }
  return forms;
}

// Options change what an object holds, not who may have it.
bool is_default_blocking(const Subject& subject) {
  return subject.wait == WaitStrategy::block && subject.option.empty();
}

void check_cast_forms(const Trial& trial) {
  constexpr std::uint64_t kOps = 600;
  const bool is_exact = trial.can().reliable && trial.can().when_full != WhenFull::merges;
  const int forms = for_each_form(trial, [&](const CaseSpec& spec) {
    const std::string id = spec.id();
    const LaunchRecord record = launch_of_form(trial, spec, kOps);
    require(is_exact ? record.verified == kOps : record.verified > 0, "{}: {} of {} arrived", id, record.verified,
            kOps);
    require(record.cast.has_value(), "{}: there are no seats", id);
    const Pattern pattern = cast_of(spec).pattern;
    require(record.cast->seats.size() == pattern.seats(), "{}: there are {} seats", id, record.cast->seats.size());
    std::uint64_t received = 0;
    for (const SeatRecord& seat : record.cast->seats) {
      if (seat.role == kConsumerSeat) received += seat.ops;
    }
    require(received >= record.verified, "{}: consumers received {} of {}", id, received, record.verified);
    require(record.cast->fairness.has_value() == (pattern.producers > 1 && trial.can().carries_payload),
            "{}: fairness is said of one producer, or not of many", id);
  });
  if (forms == 0) throw CheckSkipped("it joins two processes, and nobody can wait for several of it");
}

// Fewer messages than seats: some consumers get none.
void check_idle_consumers(const Trial& trial) {
  for_each_form(trial, [&](const CaseSpec& spec) { launch_of_form(trial, spec, 1); });
}

constexpr std::array kCastFormChecks = {
    ConformanceCheck{.name = "cast-forms",
                     .proves = "in each form with many seats, each message comes once to whom it is for",
                     .scope = CheckScope::own_workers,
                     .applies = is_default_blocking,
                     .run = check_cast_forms},
    ConformanceCheck{.name = "idle-consumers",
                     .proves = "forms with many seats end where a consumer gets nothing",
                     .scope = CheckScope::own_workers,
                     .applies = is_default_blocking,
                     .run = check_idle_consumers},
};

}  // namespace

std::span<const ConformanceCheck> cast_form_checks() { return kCastFormChecks; }

}  // namespace ipcbench
