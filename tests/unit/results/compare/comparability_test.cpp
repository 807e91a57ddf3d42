#include "results/compare/comparability.h"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "results/figures/summary.h"
#include "tests/support/sample_pairs.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Conditions known_conditions() {
  return {.machine_class = "a machine",
          .inherited = "usual",
          .payload = PayloadMode::lines,
          .workers = "fork",
          .wait = WaitStrategy::block,
          .placement = Placement::same_l3,
          .core_kinds = "P",
          .build_type = "Release",
          .flags = "GNU 12 -O3",
          .suite = "quick",
          .size = 64,
          .reply = "like the message",
          .block_ns = 25e6,
          .limits = "none",
          .buffers = "F_GETPIPE_SZ 65536",
          .state = Interval{110, 120},
          .has_state = true};
}

std::vector<Aspect> aspects_of(const std::vector<Difference>& all, bool forbids) {
  std::vector<Aspect> aspects;
  for (const Difference& difference : all) {
    if (difference.forbids == forbids) aspects.push_back(difference.aspect);
  }
  return aspects;
}

TEST(Comparability, WhatWasMeasuredAlikeHasNoDifference) {
  EXPECT_THAT(differences(known_conditions(), known_conditions()), IsEmpty());
}

TEST(Comparability, EveryOtherContractForbidsTheComparison) {
  Conditions other = known_conditions();
  other.machine_class = "another";
  other.inherited = "nice 10";
  other.payload = PayloadMode::header;
  other.size = 4096;
  other.reply = "4096 bytes";
  other.wait = WaitStrategy::spin;
  other.placement = Placement::same_cpu;
  other.core_kinds = "P+E";
  other.state = Interval{480, 520};
  other.limits = "memory.max was hit";
  const std::vector<Difference> apart = differences(known_conditions(), other);
  EXPECT_THAT(aspects_of(apart, true),
              ElementsAre(Aspect::machine, Aspect::inherited, Aspect::payload, Aspect::size, Aspect::reply,
                          Aspect::wait, Aspect::placement, Aspect::core_kinds, Aspect::state, Aspect::limits));
  EXPECT_THAT(aspects_of(apart, false), IsEmpty());
  EXPECT_THAT(differences_text(apart, true),
              HasSubstr("payload: lines and header; message size: 64 B and 4 KiB; answers: "));
}

TEST(Comparability, ACaseKnowsItsLimitsWhereItsLaunchesTellOfBuffers) {
  Result result = sample_result();
  summarise(result);
  const CaseRecord& pipe = result.cases[0];
  EXPECT_EQ(conditions_of(result, pipe).limits, "none");
  EXPECT_EQ(conditions_of(result, pipe).buffers, "F_GETPIPE_SZ 65536");
  EXPECT_FALSE(conditions_of(result, result.cases[1]).limits) << "as an earlier build stored it";
  for (LaunchRecord& launch : result.cases[0].launches) launch.limits_met = {sample_limit()};
  summarise(result);
  EXPECT_THAT(*conditions_of(result, pipe).limits, HasSubstr("fs.pipe-user-pages-soft is 16384"));
  EXPECT_THAT(differences(result.cases[0], result.cases[4]),
              testing::Not(testing::Contains(testing::Field(&Difference::aspect, Aspect::buffers))))
      << "mechanisms of one run have other buffers by nature";
}

TEST(Comparability, AnotherBuildOrLengthIsSaidAndForbidsNothing) {
  Conditions other = known_conditions();
  other.build_type = "Debug";
  other.flags = "GNU 12 -O0";
  other.block_ns = 100e6;
  other.suite = "standard";
  other.buffers = "F_GETPIPE_SZ 1048576";
  const std::vector<Difference> apart = differences(known_conditions(), other);
  EXPECT_THAT(aspects_of(apart, true), IsEmpty());
  EXPECT_EQ(differences_text(apart, false),
            "buffers: F_GETPIPE_SZ 65536 and F_GETPIPE_SZ 1048576; build type: Release and Debug; compiler flags: GNU "
            "12 -O3 and GNU 12 -O0; block length: 25 ms and 100 ms");
}

TEST(Comparability, WhatAFileDoesNotSayIsNoDifferenceBetweenFigures) {
  EXPECT_THAT(differences(known_conditions(), {.state = Interval{110, 120}, .has_state = true}), IsEmpty());
}

TEST(Comparability, StatesAreTheSameWhereTheirRangesAreNear) {
  Conditions other = known_conditions();
  other.state = Interval{130, 170};
  EXPECT_THAT(differences(known_conditions(), other), IsEmpty());
  other.state = Interval{181, 190};
  EXPECT_THAT(aspects_of(differences(known_conditions(), other), true), ElementsAre(Aspect::state));
  other.state.reset();  // no launch stayed in one state
  EXPECT_THAT(aspects_of(differences(known_conditions(), other), true), ElementsAre(Aspect::state));
}

// A change of one condition, and how it is forgotten; a state and a suite are never half known.
struct Change {
  Aspect aspect;
  bool forbids;
  void (*change)(Conditions&);
  void (*forget)(Conditions&);
};

constexpr std::array<Change, 16> kChanges = {{
    {Aspect::machine, true, [](Conditions& c) { c.machine_class = "x"; }, [](Conditions& c) { c.machine_class = {}; }},
    {Aspect::inherited, true, [](Conditions& c) { c.inherited = "x"; }, [](Conditions& c) { c.inherited = {}; }},
    {Aspect::payload, true, [](Conditions& c) { c.payload = PayloadMode::full; },
     [](Conditions& c) { c.payload = {}; }},
    {Aspect::workers, true, [](Conditions& c) { c.workers = "exec"; }, [](Conditions& c) { c.workers = {}; }},
    {Aspect::size, true, [](Conditions& c) { c.size = 8; }, [](Conditions& c) { c.size = {}; }},
    {Aspect::reply, true, [](Conditions& c) { c.reply = "x"; }, [](Conditions& c) { c.reply = {}; }},
    {Aspect::wait, true, [](Conditions& c) { c.wait = WaitStrategy::spin; }, [](Conditions& c) { c.wait = {}; }},
    {Aspect::placement, true, [](Conditions& c) { c.placement = Placement::same_cpu; },
     [](Conditions& c) { c.placement = {}; }},
    {Aspect::core_kinds, true, [](Conditions& c) { c.core_kinds = "E"; }, [](Conditions& c) { c.core_kinds = {}; }},
    {Aspect::state, true,
     [](Conditions& c) {
       c.state = Interval{480, 520};
     },
     nullptr},
    {Aspect::limits, true, [](Conditions& c) { c.limits = "x"; }, [](Conditions& c) { c.limits = {}; }},
    {Aspect::buffers, false, [](Conditions& c) { c.buffers = "x"; }, [](Conditions& c) { c.buffers = {}; }},
    {Aspect::build_type, false, [](Conditions& c) { c.build_type = "x"; }, [](Conditions& c) { c.build_type = {}; }},
    {Aspect::flags, false, [](Conditions& c) { c.flags = "x"; }, [](Conditions& c) { c.flags = {}; }},
    {Aspect::block, false, [](Conditions& c) { c.block_ns = 10e6; }, [](Conditions& c) { c.block_ns = {}; }},
    {Aspect::suite, false, [](Conditions& c) { c.suite = "ci"; }, nullptr},
}};

TEST(Comparability, EveryConditionSetsFiguresAndMarginsApart) {
  for (std::size_t n = 0; n < kChanges.size(); ++n) {
    const Change& one = kChanges[n];
    SCOPED_TRACE(bilingual_name(one.aspect).english);
    ASSERT_EQ(static_cast<std::size_t>(one.aspect), n) << "each condition once";
    Conditions changed = known_conditions();
    one.change(changed);
    const std::vector<Difference> apart = differences(known_conditions(), changed);
    if (one.aspect == Aspect::suite) {
      EXPECT_THAT(apart, IsEmpty()) << "a case is the same in every suite";
    } else {
      EXPECT_THAT(aspects_of(apart, one.forbids), ElementsAre(one.aspect));
      EXPECT_THAT(aspects_of(apart, !one.forbids), IsEmpty());
    }
    const std::vector<Difference> of_margins = margin_differences(known_conditions(), changed);
    if (one.aspect == Aspect::flags) {
      EXPECT_THAT(of_margins, IsEmpty()) << "a head is another build";
    } else {
      EXPECT_THAT(aspects_of(of_margins, true), ElementsAre(one.aspect));
    }
  }
}

TEST(Comparability, WhatOneSideDoesNotKnowIsSaidForbidsNothingAndVoidsAMargin) {
  for (const Change& one : kChanges) {
    if (one.forget == nullptr) continue;
    SCOPED_TRACE(bilingual_name(one.aspect).english);
    Conditions unknown = known_conditions();
    one.forget(unknown);
    EXPECT_THAT(differences(known_conditions(), unknown), IsEmpty());
    const std::vector<Difference> half = half_known(unknown, known_conditions());
    EXPECT_THAT(aspects_of(half, false), ElementsAre(one.aspect));
    EXPECT_THAT(differences_text(half, false), HasSubstr(": not known and "));
    EXPECT_THAT(half_known(unknown, unknown), IsEmpty());
    if (one.aspect == Aspect::flags) continue;
    EXPECT_THAT(aspects_of(margin_differences(known_conditions(), unknown), true), ElementsAre(one.aspect));
  }
  EXPECT_THAT(half_known(known_conditions(), known_conditions()), IsEmpty());
}

TEST(Comparability, WhatIsNotUsualOfAResultIsListed) {
  const Conditions usual{
      .machine_class = "any", .inherited = "usual", .payload = PayloadMode::lines, .workers = "fork"};
  EXPECT_EQ(unusual_text(usual), "");
  Conditions other = usual;
  other.inherited = "nice 10";
  other.payload = PayloadMode::header;
  other.workers.reset();
  EXPECT_EQ(unusual_text(other), "inherited conditions: nice 10; payload: header; workers: not known");
  other = usual;
  other.limits = "memory.max was hit";
  EXPECT_EQ(unusual_text(other), "limits met: memory.max was hit") << "a condition that usual results don't share";
}

TEST(Comparability, AMarginHoldsOnlyForWhatItWasLearntOn) {
  const Conditions learnt = known_conditions();
  EXPECT_THAT(margin_differences(learnt, learnt), IsEmpty());
  Conditions other = learnt;
  other.flags = "GNU 13 -O3";
  EXPECT_THAT(margin_differences(learnt, other), IsEmpty()) << "a head is another build";
  for (const auto& [aspect, change] :
       {std::pair<Aspect, void (*)(Conditions&)>{Aspect::build_type, [](Conditions& c) { c.build_type = "Debug"; }},
        {Aspect::block, [](Conditions& c) { c.block_ns = 10e6; }},
        {Aspect::suite, [](Conditions& c) { c.suite = "ci"; }},
        {Aspect::payload, [](Conditions& c) { c.payload = PayloadMode::full; }}}) {
    Conditions changed = learnt;
    change(changed);
    EXPECT_THAT(aspects_of(margin_differences(learnt, changed), true), ElementsAre(aspect));
  }
  other = learnt;
  other.block_ns.reset();
  EXPECT_THAT(differences_text(margin_differences(learnt, other), true), "block length: 25 ms and not known");
}

TEST(Comparability, ACaseHasThePayloadAndTheStateOfItsFigures) {
  Result result = sample_result();
  summarise(result);
  const auto conditions_at = [&](Placement placement) {
    for (const CaseRecord& c : result.cases) {
      if (c.placement == placement && c.size > 0) return conditions_of(result, c);
    }
    throw std::out_of_range(std::string(to_string(placement)));
  };
  EXPECT_FALSE(conditions_at(Placement::same_cpu).has_state);
  const Conditions apart = conditions_at(Placement::same_l3);
  EXPECT_TRUE(apart.has_state);
  EXPECT_TRUE(apart.state);
  EXPECT_EQ(apart.payload, PayloadMode::lines);
  EXPECT_EQ(apart.build_type, "Release");
}

TEST(Comparability, CasesOfOneRunAreAlikeInEverythingButTheMechanism) {
  CaseRecord pipe = sample_case(Scenario::ping_pong, "pipe", WaitStrategy::block, 64, Placement::same_l3);
  CaseRecord tcp = sample_case(Scenario::ping_pong, "tcp", WaitStrategy::block, 64, Placement::same_l3);
  pipe.summary.state_used = tcp.summary.state_used = "near";
  pipe.core_kinds = tcp.core_kinds = "P";
  EXPECT_THAT(differences(pipe, tcp), IsEmpty());
  for (const auto& [aspect, change] :
       {std::pair<Aspect, void (*)(CaseRecord&)>{Aspect::size, [](CaseRecord& c) { c.size = 8; }},
        {Aspect::reply,
         [](CaseRecord& c) {
           c.options = {{"reply", "4096"}};
         }},
        {Aspect::wait, [](CaseRecord& c) { c.wait = WaitStrategy::spin; }},
        {Aspect::placement, [](CaseRecord& c) { c.placement = Placement::same_cpu; }},
        {Aspect::core_kinds, [](CaseRecord& c) { c.core_kinds = "E"; }},
        {Aspect::payload, [](CaseRecord& c) { c.payload = PayloadMode::header; }},
        {Aspect::state, [](CaseRecord& c) { c.summary.state_used = "far"; }}}) {
    CaseRecord other = tcp;
    change(other);
    EXPECT_THAT(aspects_of(differences(pipe, other), true), ElementsAre(aspect));
  }
}

TEST(Comparability, WhatSetsHostsApartIsSaidOfThemAlone) {
  Conditions here = known_conditions();
  EXPECT_EQ(host_difference(known_conditions(), here), "");
  here.payload = PayloadMode::header;
  EXPECT_EQ(host_difference(known_conditions(), here), "");
  here.inherited = "nice 10";
  EXPECT_EQ(host_difference(known_conditions(), here), "under other inherited conditions: \"usual\", here \"nice 10\"");
  here.machine_class = "another";
  EXPECT_EQ(host_difference(known_conditions(), here),
            "on another machine class: \"a machine\", here \"another\", and under other inherited conditions: "
            "\"usual\", here \"nice 10\"");
  here.inherited = here.machine_class = std::nullopt;  // a file of an earlier build
  EXPECT_EQ(host_difference(known_conditions(), here), "");
}

TEST(Comparability, WhatTouchesNoPayloadIsNotRanked) {
  CaseRecord c{.size = 64, .payload = PayloadMode::header};
  EXPECT_FALSE(may_be_ranked(c));
  c.payload = PayloadMode::full;
  EXPECT_TRUE(may_be_ranked(c));
  c = {.size = 0, .payload = PayloadMode::header};
  EXPECT_TRUE(may_be_ranked(c)) << "there is no payload to touch";
}

TEST(Comparability, SessionsOfTwoKindsTeachNoMargin) {
  std::vector<PairSession> sessions = {sample_session(10, noise(0.01, 1)), sample_session(10, noise(0.01, 2))};
  EXPECT_NO_THROW(check_one_kind(sessions, "noise.pairs.jsonl"));
  sessions[0].header.payload = PayloadMode::full;
  try {
    check_one_kind(sessions, "noise.pairs.jsonl");
    FAIL() << "sessions with two payload modes were taken for one kind";
  } catch (const NotComparable& error) {
    EXPECT_THAT(error.what(), HasSubstr("noise.pairs.jsonl"));
    EXPECT_THAT(error.what(), HasSubstr("payload: full and lines"));
  }
}

}  // namespace
}  // namespace ipcbench
