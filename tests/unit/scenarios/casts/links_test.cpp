#include "scenarios/casts/links.h"

#include <algorithm>
#include <map>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenarios/casts/seat_loop.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;

Cast cast_with(std::uint16_t producers, std::uint16_t consumers, Sharing sharing, bool has_answers = false) {
  return {.pattern = {.producers = producers, .consumers = consumers, .sharing = sharing}, .has_answers = has_answers};
}

// Counts how often each seat of each session is taken.
std::map<std::pair<std::size_t, std::size_t>, int> seats_taken(const Cast& cast) {
  const std::vector<Pattern> sessions = sessions_of(cast);
  std::map<std::pair<std::size_t, std::size_t>, int> taken;
  for (const Seat seat : seats_of(cast.pattern)) {
    for (const Link& link : links_of(cast, seat)) ++taken[{link.session, place_of(sessions[link.session], link.seat)}];
  }
  return taken;
}

TEST(CastLinks, TakeEachSeatOfEachSessionOnce) {
  for (const bool has_answers : {false, true}) {
    for (const Sharing sharing : {Sharing::shared, Sharing::inbox, Sharing::per_peer}) {
      for (const auto& [producers, consumers] :
           {std::pair<std::uint16_t, std::uint16_t>{1, 1}, {5, 1}, {1, 4}, {3, 2}}) {
        if (has_answers && consumers != 1) continue;  // a server is one
        const Cast cast = cast_with(producers, consumers, sharing, has_answers);
        std::size_t seats = 0;
        for (const Pattern& session : sessions_of(cast)) seats += session.seats();
        const auto taken = seats_taken(cast);
        EXPECT_EQ(taken.size(), seats) << to_string(sharing) << producers << consumers;
        EXPECT_TRUE(std::ranges::all_of(taken, [](const auto& seat) { return seat.second == 1; }));
      }
    }
  }
}

TEST(CastLinks, AreOpenedInTheOrderOfSessions) {
  for (const Sharing sharing : {Sharing::shared, Sharing::inbox, Sharing::per_peer}) {
    const Cast cast = cast_with(4, 3, sharing);
    for (const Seat seat : seats_of(cast.pattern)) {
      EXPECT_TRUE(std::ranges::is_sorted(links_of(cast, seat), {}, &Link::session)) << to_string(sharing);
    }
  }
}

TEST(CastLinks, OfPeersAreAChannelForEachPair) {
  const Cast cast = cast_with(2, 3, Sharing::per_peer);
  EXPECT_EQ(sessions_of(cast), std::vector<Pattern>(6));
  std::vector<std::size_t> sessions;
  for (const Link& link : links_of(cast, {.role = Role::consumer, .index = 1})) sessions.push_back(link.session);
  EXPECT_THAT(sessions, ElementsAre(1, 4));
}

TEST(CastLinks, GiveAServersAnswersAChannelOfTheirOwnWhereRequestsShareOne) {
  const Cast shared = cast_with(2, 1, Sharing::shared, true);
  const std::vector<Link> client = links_of(shared, {.role = Role::producer, .index = 1});
  ASSERT_EQ(client.size(), 2u);
  EXPECT_FALSE(client[0].carries_answers);
  EXPECT_TRUE(client[1].carries_answers);
  EXPECT_EQ(client[1].seat.role, Role::consumer);
  EXPECT_EQ(links_of(shared, {.role = Role::consumer}).size(), 3u);
  EXPECT_EQ(links_of(cast_with(2, 1, Sharing::per_peer, true), {.role = Role::producer}).size(), 1u);
}

TEST(CastLinks, OfManyChannelsAreAsManyOneWaySessions) {
  const Cast cast{.pattern = {.sharing = Sharing::per_peer}, .channels = 5, .active = 2};
  EXPECT_EQ(sessions_of(cast), std::vector<Pattern>(5, Pattern{.one_way = true}));
  EXPECT_FALSE(sessions_of(cast).front().is_pair()) << "nothing goes back";
  for (const Role role : {Role::producer, Role::consumer}) {
    const std::vector<Link> links = links_of(cast, {.role = role});
    ASSERT_EQ(links.size(), 5u);
    for (std::size_t i = 0; i < links.size(); ++i) EXPECT_EQ(links[i].session, i);
  }
}

TEST(ActiveChannels, AreSpreadOverAll) {
  const auto active_of = [](std::uint16_t channels, std::uint16_t active) {
    return active_channels({.channels = channels, .active = active});
  };
  EXPECT_THAT(active_of(4096, 1), ElementsAre(0));
  EXPECT_THAT(active_of(10, 3), ElementsAre(0, 3, 6));
  EXPECT_THAT(active_of(3, 3), ElementsAre(0, 1, 2));
  EXPECT_EQ(active_of(4096, 4096).back(), 4095);
  EXPECT_TRUE(active_channels({}).empty());
}

class CastShares : public ::testing::Test {
 protected:
  // Returns what comes to a consumer if each producer sends `messages`.
  static std::uint64_t share_of(const Cast& cast, std::uint64_t messages, std::uint16_t consumer) {
    const LoopSpec spec;
    const CastSeat seat{
        .seat = {.role = Role::consumer, .index = consumer}, .cast = cast, .spec = spec, .channels = {}};
    return messages_to(seat, messages * cast.pattern.producers);
  }
};

TEST_F(CastShares, AddUpToAllMessages) {
  for (const auto& [producers, consumers] : {std::pair<std::uint16_t, std::uint16_t>{1, 3}, {4, 3}, {3, 4}, {2, 2}}) {
    const Cast cast = cast_with(producers, consumers, Sharing::per_peer);
    for (const std::uint64_t messages : {1u, 2u, 7u, 100u}) {
      std::uint64_t sum = 0;
      for (std::uint16_t consumer = 0; consumer < consumers; ++consumer) sum += share_of(cast, messages, consumer);
      EXPECT_EQ(sum, messages * producers) << producers << consumers << messages;
    }
  }
}

// Producer 0 begins at consumer 0, producer 1 at consumer 1.
TEST_F(CastShares, FollowTheTurns) {
  const Cast cast = cast_with(2, 3, Sharing::inbox);
  EXPECT_EQ(share_of(cast, 1, 0), 1u);
  EXPECT_EQ(share_of(cast, 1, 1), 1u);
  EXPECT_EQ(share_of(cast, 1, 2), 0u);
  EXPECT_EQ(share_of(cast, 2, 1), 2u);
}

TEST(CastOps, AreTheSameForEachProducer) {
  Cast cast = cast_with(3, 2, Sharing::per_peer);
  EXPECT_EQ(messages_each(cast, 100), 33u);
  EXPECT_EQ(whole_ops(cast, 100), 99u);
  EXPECT_EQ(messages_each(cast, 1), 1u) << "at least one";
  cast.to_all = true;
  EXPECT_EQ(messages_each(cast, 120), 20u) << "each message is delivered twice";
  EXPECT_EQ(whole_ops(cast, 120), 120u);
}

}  // namespace
}  // namespace ipcbench
