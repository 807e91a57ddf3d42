#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "results/model/record.h"

// Puts the casts of one channel together: what they do with each number of seats, or at each service time.

namespace ipcbench {

struct CastPoint {
  const CaseRecord* measured;
  double at;  // the seats that are counted, or ns of service
};

// Says what the lines of one chart have in common. What doesn't apply is "".
struct CastSubject {
  std::string scenario;
  std::string producers, consumers;  // a number that doesn't change, or "N": as many as are counted
  std::string deliver;               // "all"
  std::string service;               // "100us"
  std::string service_by;            // "sleep"
  std::string active;                // "4": of many channels messages go by so many
  std::string hold, think;           // "1us": with a lock, and between two turns

  friend bool operator==(const CastSubject&, const CastSubject&) = default;
};

// Returns the subject as English text: "many-to-many, N to N, each message to all", "server, service 100us".
std::string subject_text(const CastSubject& subject);

// Holds the casts that differ by one number alone.
struct CastLine {
  std::string key;  // the id of its cases without what differs
  CastSubject subject;
  std::string form;  // "shared", "inbox", "per-peer"; of many channels "epoll", "poll" …; a lock has none
  std::vector<CastPoint> points = {};  // by `at`, ascending; several

  // Returns a case that has what all cases of the line have in common: transport, wait, size, placement, form.
  const CaseRecord& any() const noexcept { return *points.front().measured; }
};

// Return the lines of a summarised result, in the order of their first cases. Producers are counted, consumers where a
// scenario has one producer, processes that take one lock in turn, or channels between one and one. A scenario with
// many of both has lines with as many consumers as producers, and lines with a number of consumers that doesn't change.
std::vector<CastLine> lines_by_seats(const Result& result);
std::vector<CastLine> lines_by_service(const Result& result);

// Holds the lines of one chart.
struct CastGroup {
  PlacementName placement;
  CastSubject subject;
  std::vector<CastLine> lines = {};
};

// Groups lines by placement, and by subject within it, in the order of each one's first.
std::vector<CastGroup> grouped(std::vector<CastLine> lines);

// Returns a name for each line: the transport, the wait unless it blocks, the size if it differs, and the form.
std::vector<std::string> names_of(const std::vector<CastLine>& lines);

// Names what lines by seats count: "producers", "consumers", "clients", "processes", "channels".
std::string counted_seats(const CaseRecord& c);

// Returns how many processes send to how many, "8 to 1"; "" for a pair.
std::string seats_text(const CaseRecord& c);
// Returns the seats of a role by its option, 1 where a scenario has none; 0 if a file holds no such number.
std::size_t seats_of(const CaseRecord& c, std::string_view option);

// Returns the number of channels between two seats that an option names; 0 for "all", for other scenarios, and if a
// file holds no such number.
std::size_t channels_of(const CaseRecord& c, std::string_view option);

// Returns the ns that an option names; none for scenarios without it, and if a file holds no duration.
std::optional<double> duration_ns(const CaseRecord& c, std::string_view option);
// Returns the ns of a server's work on each request; none for other scenarios.
std::optional<double> service_ns(const CaseRecord& c);

// Returns the rate of messages; of what carries nothing, that of notifications; of a lock, that of turns.
const Figure& cast_rate(const CaseRecord& c) noexcept;

}  // namespace ipcbench
