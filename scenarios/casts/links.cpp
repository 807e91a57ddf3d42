#include "scenarios/casts/links.h"

namespace ipcbench {
namespace {

Pattern pair() { return {}; }

bool has_answers_apart(const Cast& cast) {
  return cast.has_answers && !cast.answers_back && cast.pattern.sharing != Sharing::per_peer;
}

std::uint16_t next(std::uint16_t index) { return static_cast<std::uint16_t>(index + 1); }

}  // namespace

std::vector<Pattern> sessions_of(const Cast& cast) {
  if (cast.channels != 0) return std::vector<Pattern>(cast.channels, Pattern{.one_way = true});
  const Sharing sharing = cast.pattern.sharing;
  const std::uint16_t producers = cast.pattern.producers, consumers = cast.pattern.consumers;
  std::vector<Pattern> sessions;
  switch (sharing) {
    case Sharing::shared:
      sessions.assign(1, cast.pattern);
      break;
    case Sharing::inbox:
      sessions.assign(consumers, Pattern{.producers = producers, .consumers = 1, .sharing = Sharing::shared});
      break;
    case Sharing::per_peer:
      sessions.assign(std::size_t{producers} * consumers, pair());
      break;
  }
  if (has_answers_apart(cast)) sessions.insert(sessions.end(), producers, pair());
  return sessions;
}

std::vector<Link> links_of(const Cast& cast, Seat seat) {
  const Sharing sharing = cast.pattern.sharing;
  const std::uint16_t producers = cast.pattern.producers, consumers = cast.pattern.consumers;
  const bool produces = seat.role == Role::producer;
  const std::uint16_t peers = produces ? consumers : producers;
  std::vector<Link> links;
  for (std::size_t channel = 0; channel < cast.channels; ++channel) links.push_back({.session = channel, .seat = seat});
  if (cast.channels != 0) return links;
  switch (sharing) {
    case Sharing::shared:
      links.push_back({.session = 0, .seat = seat});
      break;
    case Sharing::inbox:
      if (!produces) {
        links.push_back({.session = seat.index, .seat = {.role = Role::consumer, .index = 0}});
        break;
      }
      for (std::uint16_t peer = 0; peer < consumers; peer = next(peer))
        links.push_back({.session = peer, .seat = seat, .peer = peer});
      break;
    case Sharing::per_peer:
      for (std::uint16_t peer = 0; peer < peers; peer = next(peer)) {
        const std::size_t producer = produces ? seat.index : peer, consumer = produces ? peer : seat.index;
        links.push_back({.session = producer * consumers + consumer, .seat = {.role = seat.role}, .peer = peer});
      }
      break;
  }
  if (!has_answers_apart(cast)) return links;
  // A server answers as the producer of a session with each client.
  const std::size_t first = sharing == Sharing::inbox ? consumers : 1;
  if (produces) {
    links.push_back({.session = first + seat.index, .seat = {.role = Role::consumer}, .carries_answers = true});
    return links;
  }
  for (std::uint16_t client = 0; client < producers; client = next(client)) {
    links.push_back(
        {.session = first + client, .seat = {.role = Role::producer}, .peer = client, .carries_answers = true});
  }
  return links;
}

std::vector<std::uint16_t> active_channels(const Cast& cast) {
  std::vector<std::uint16_t> active;
  for (std::size_t i = 0; i < cast.active; ++i)
    active.push_back(static_cast<std::uint16_t>(i * cast.channels / cast.active));
  return active;
}

std::vector<Seat> seats_of(const Pattern& pattern) {
  std::vector<Seat> seats;
  for (std::uint16_t i = 0; i < pattern.producers; i = next(i)) seats.push_back({.role = Role::producer, .index = i});
  for (std::uint16_t i = 0; i < pattern.consumers; i = next(i)) seats.push_back({.role = Role::consumer, .index = i});
  return seats;
}

}  // namespace ipcbench
