// Checks for every transport that what many seats send arrives, in each form in which the mechanism can be shared.

#include <array>
#include <string>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/io.h"
#include "harness/host/cast_cpus.h"
#include "harness/plan/refusal.h"
#include "scenarios/casts/cast_message.h"
#include "scenarios/casts/links.h"
#include "tests/conformance/worker_pair.h"

namespace ipcbench {
namespace {

constexpr std::array kSharings = {Sharing::shared, Sharing::inbox, Sharing::per_peer};

// A launch of each shape: three producers, two consumers where there may be several.
struct CastShape {
  Scenario scenario;
  bool to_all = false;
};
constexpr std::array kShapes = {CastShape{Scenario::fan_in},
                                CastShape{Scenario::fan_out},
                                CastShape{Scenario::fan_out, true},
                                CastShape{Scenario::many_to_many},
                                CastShape{Scenario::many_to_many, true},
                                CastShape{Scenario::server}};

class CastForms : public Conformance {
 protected:
  CaseSpec spec_of(const CastShape& shape, Sharing sharing) const {
    CaseSpec spec{.scenario = shape.scenario,
                  .transport = std::string(subject().entry->name),
                  .wait = subject().wait,
                  .size = can().carries_payload ? std::clamp<std::size_t>(64, can().min_message, largest()) : 0,
                  .placement = Placement::split};
    if (!subject().option.empty()) set_option(spec, subject().info(), subject().option, subject().value);
    set_option(spec, subject().info(), kSharingOption, to_string(sharing));
    if (shape.to_all) set_option(spec, subject().info(), kDeliverOption, "all");
    for (const auto& [name, seats] : {std::pair(kProducersOption, "3"), {kConsumersOption, "2"}}) {
      if (takes_option(spec, subject().info(), name, seats)) set_option(spec, subject().info(), name, seats);
    }
    return spec;
  }

  LaunchRecord launch_of(const CaseSpec& spec, std::uint64_t ops) const {
    const Pattern pattern = cast_of(spec).pattern;
    const CpuPair cpus = two_cpus();
    RunDir run_dir = RunDir::create();
    return launch({.spec = spec,
                   .cpus = cpus,
                   .seat_cpus = cast_cpus(cpus, pattern.producers, pattern.consumers),
                   .payload = PayloadMode::full,
                   .seed = 3,
                   .block_ops = ops,
                   .warmup_ops = 6,
                   .deadline = kLaunchDeadline,
                   .clock = {},
                   .workers = test_workers()},
                  run_dir)
        .record;
  }

  // Calls `check` for each shape and form that the mechanism has; returns how many there were.
  template <class Check>
  int for_each_form(const Check& check) const {
    int forms = 0;
    for (const CastShape& shape : kShapes) {
      for (const Sharing sharing : kSharings) {
        const CaseSpec spec = spec_of(shape, sharing);
        const std::string id = spec.id();
        if (!sharing_refusal(cast_of(spec), can()).empty() || has_no_form(spec)) continue;
        SCOPED_TRACE(id);
        check(spec);
        ++forms;
      }
    }
    return forms;
  }

  // Locks hand over turns, and have neither messages nor notifications; some have messages of under eight bytes.
  bool has_no_form(const CaseSpec& spec) const {
    const TransportInfo& info = subject().info();
    return !(cast_of(spec).has_answers ? info.no_ping_pong : info.no_streaming).empty() ||
           (can().carries_payload && spec.size < CastHeader::kSize);
  }
};

// Options change what an object holds, not who may have it.
IPCBENCH_CONFORMANCE(CastForms, [](const Subject& subject) {
  return subject.wait == WaitStrategy::block && subject.option.empty();
});

TEST_P(CastForms, BringEachMessageOnceToWhomItIsFor) {
  constexpr std::uint64_t kOps = 600;
  const int forms = for_each_form([&](const CaseSpec& spec) {
    const LaunchRecord record = launch_of(spec, kOps);
    ASSERT_EQ(record.status, Status::ok) << record.reason;
    const bool merges = can().when_full == WhenFull::merges;
    if (can().reliable && !merges) {
      EXPECT_EQ(record.verified, kOps);
    } else {
      EXPECT_GT(record.verified, 0u);
    }
    ASSERT_TRUE(record.cast.has_value());
    const Pattern pattern = cast_of(spec).pattern;
    ASSERT_EQ(record.cast->seats.size(), pattern.seats());
    std::uint64_t received = 0;
    for (const SeatRecord& seat : record.cast->seats) {
      if (seat.role == kConsumerSeat) received += seat.ops;
    }
    EXPECT_GE(received, record.verified);
    EXPECT_EQ(record.cast->fairness.has_value(), pattern.producers > 1 && can().carries_payload);
  });
  if (forms == 0) GTEST_SKIP() << "it joins two processes, and nobody can wait for several of it";
}

// Fewer messages than seats: some consumers get none.
TEST_P(CastForms, EndWhereAConsumerGetsNothing) {
  for_each_form([&](const CaseSpec& spec) {
    const LaunchRecord record = launch_of(spec, 1);
    EXPECT_EQ(record.status, Status::ok) << record.reason;
  });
}

// Returns the forms that a mechanism has for a shape, or the reason why it has none.
std::string forms_cell(const TransportInfo& info, const CastShape& shape) {
  Cast cast{.pattern = {.producers = 3, .consumers = 2}, .to_all = shape.to_all};
  if (shape.scenario == Scenario::fan_out) cast.pattern.producers = 1;
  if (shape.scenario == Scenario::fan_in || shape.scenario == Scenario::server) cast.pattern.consumers = 1;
  cast.has_answers = shape.scenario == Scenario::server;
  const std::string_view no_form = cast.has_answers ? info.no_ping_pong : info.no_streaming;
  if (!no_form.empty()) return std::string(no_form);
  std::string forms, why_none;
  for (const Sharing sharing : kSharings) {
    cast.pattern.sharing = sharing;
    const std::string why = sharing_refusal(cast, info.capabilities);
    if (why.empty()) forms += fmt::format("{}{}", forms.empty() ? "" : ", ", to_string(sharing));
    if (sharing != Sharing::inbox) why_none = why;
  }
  return forms.empty() ? why_none : forms;
}

// The page's table is what capabilities say, which the tests above prove.
TEST(CastFormsTable, IsThatOfTheMechanismsPage) {
  if (find_registered("seqpacket-pair") != nullptr) GTEST_SKIP() << "the example's program has a transport more";
  std::string table = "| transport |";
  for (const CastShape& shape : kShapes)
    table += fmt::format(" {}{} |", to_string(shape.scenario), shape.to_all ? " to all" : "");
  table += "\n|---|---|---|---|---|---|---|\n";
  for (const RegisteredTransport& entry : registered_transports()) {
    if (entry.transport == nullptr) GTEST_SKIP() << entry.name << " was not built: " << entry.missing_reason;
    const TransportInfo& info = entry.transport->info();
    if (info.hidden) continue;
    table += fmt::format("| `{}` |", info.name);
    for (const CastShape& shape : kShapes) table += fmt::format(" {} |", forms_cell(info, shape));
    table += '\n';
  }
  EXPECT_THAT(read_file(IPCBENCH_SOURCE_DIR "/docs/mechanisms.md"), ::testing::HasSubstr(table));
}

// So is the table of how a process can wait for many channels.
TEST(ManyChannelsTable, IsThatOfTheMechanismsPage) {
  if (find_registered("seqpacket-pair") != nullptr) GTEST_SKIP() << "the example's program has a transport more";
  std::string table = "| `mux=` | transports |\n|---|---|\n";
  for (const MuxCall call : {MuxCall::epoll, MuxCall::poll, MuxCall::futex_waitv, MuxCall::spin}) {
    std::string names;
    for (const RegisteredTransport& entry : registered_transports()) {
      if (entry.transport == nullptr) GTEST_SKIP() << entry.name << " was not built: " << entry.missing_reason;
      const TransportInfo& info = entry.transport->info();
      const Cast cast{.channels = 1, .active = 1, .mux = call};
      if (info.hidden || !info.no_streaming.empty()) continue;
      if (!channels_refusal(cast, info.capabilities, WaitStrategy::block).empty()) continue;
      names += fmt::format("{}`{}`", names.empty() ? "" : ", ", info.name);
    }
    table += fmt::format("| `{}` | {} |\n", to_string(call), names);
  }
  EXPECT_THAT(read_file(IPCBENCH_SOURCE_DIR "/docs/mechanisms.md"), ::testing::HasSubstr(table));
}

}  // namespace
}  // namespace ipcbench
