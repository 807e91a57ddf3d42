#include "harness/records/named.h"

#include <optional>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(Named, AKnownNameIsItsValue) {
  const WaitName named(std::string("spin"));
  EXPECT_EQ(named.value(), WaitStrategy::spin);
  EXPECT_EQ(named, WaitStrategy::spin);
  EXPECT_EQ(named, WaitName(WaitStrategy::spin));
  EXPECT_NE(named, WaitStrategy::block);
  EXPECT_EQ(to_string(named), "spin");
}

TEST(Named, AnUnknownNameIsKeptAndEqualsNoValue) {
  const PlacementName named(std::string("same-socket"));
  EXPECT_EQ(named.value(), std::nullopt);
  for (const Placement placement : kPlacements) EXPECT_NE(named, placement);
  EXPECT_EQ(named, PlacementName(std::string("same-socket")));
  EXPECT_NE(named, PlacementName(std::string("same-board")));
  EXPECT_EQ(to_string(named), "same-socket");
  EXPECT_FALSE(named.empty());
}

TEST(Named, TheDefaultIsTheEmptyName) {
  EXPECT_TRUE(PhaseName().empty());
  EXPECT_EQ(to_string(PhaseName()), "");
  EXPECT_FALSE(PhaseName(Phase::starting).empty());
}

TEST(Named, NamesAreInAlphabeticalOrder) {
  EXPECT_LT(WaitName(WaitStrategy::block), WaitName(WaitStrategy::hybrid));
  EXPECT_LT(WaitName(WaitStrategy::hybrid), WaitName(std::string("idle")));
  EXPECT_LT(WaitName(std::string("idle")), WaitName(WaitStrategy::poll));
}

TEST(Named, EveryPhaseAndSeverityIsReadBack) {
  for (int n = 0; n <= static_cast<int>(Phase::setup); ++n) {
    EXPECT_EQ(parse_phase(to_string(static_cast<Phase>(n))), static_cast<Phase>(n));
  }
  for (const Severity severity : {Severity::wrong, Severity::noisy, Severity::note, Severity::fine}) {
    EXPECT_EQ(parse_severity(to_string(severity)), severity);
  }
  EXPECT_EQ(parse_phase("starting up"), std::nullopt);
}

}  // namespace
}  // namespace ipcbench
