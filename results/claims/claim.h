#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "harness/records/named.h"
#include "results/claims/head_to_head.h"
#include "results/model/bilingual.h"

// Defines a claim as data: what is said, by whom, and the query that decides it (docs/adding-a-claim.md).

namespace ipcbench {

enum class ClaimJudgement : std::uint8_t {
  holds,
  fails,
  depends,
  not_tested,
  undecided,    // measured, but the difference is within the noise
  not_judged,   // a limit of the host changed what was measured
  mislabelled,  // it fails, and the labels that the claim's file gives hold
};

// Asks the experiments of a run, which name the claim that they are about.
struct ExperimentQuery {
  std::string fact;  // FactRecord::claim
};

// Asks which of two groups of mechanisms is better wherever both were measured alike.
struct HeadToHeadQuery {
  std::vector<std::string> better, than;  // transports; no `than`: all others
  std::string better_row;                 // in place of `better`: all transports of a row of the sources' table
  std::vector<Contest> contests;
  // Bytes of a message from which on the claim says "better"; for smaller ones it says "worse". 0: no such size.
  std::uint64_t from_size = 0;
  BilingualString subject = {};  // begins the reason: "mmap beside shmget: "
};

// Asks whether a message and the whole queue meet limits that other mechanisms don't have.
struct BoundsQuery {
  std::string queue;
  std::string message_limit, queue_limit;  // of /proc/sys/kernel
  std::vector<std::string> others;         // what carries larger messages
  std::string beside;                      // what holds more
  std::uint64_t size = 0;                  // bytes: so large must a message be that meets no limit
};

// Asks whether a queue makes a system call for each copy, and whether lending memory gains nothing over copying.
struct CopiesQuery {
  std::string queue, lends, copies;
  double calls = 0;  // in a round trip
};

// Selects cases by the axes of a suite's [[cases]]. An empty axis selects all, but for options: a case has just these.
struct CaseSelector {
  std::vector<Scenario> scenarios;
  std::vector<std::string> transports;
  std::vector<WaitStrategy> waits;
  std::vector<std::uint64_t> sizes;     // bytes; 0: what carries no payload
  std::vector<std::string> placements;  // names, or "nearest": the nearest two CPUs that the result has
  std::vector<std::pair<std::string, std::string>> options;
  std::optional<PayloadMode> payload;  // none: any that may be ranked
};

// How a test makes one value of many cases.
enum class Gather : std::uint8_t {
  no,       // each case has its value
  average,  // the geometric mean of the values at each placement and wait
  spread,   // the largest of the transports over the smallest, where all else is equal
};

// Tests a number of a result against what the claim says of it.
struct ClaimTest {
  BilingualString says;  // what the number is
  CaseSelector of;
  std::vector<std::string> figures;  // multiplied
  // The divisor: figures of another case, which differs from the first in the axes of `apart` alone, or of the same
  // case if there is no such axis.
  std::optional<CaseSelector> over;
  std::vector<std::string> over_figures;  // none: those of the dividend if there is another case, else 1
  std::vector<std::string> apart;         // axes that `of` or `over` has of its own: "transports", "waits" …
  Gather gather = Gather::no;
  std::optional<double> at_least, at_most;  // at least one
};

// Tests figures. The claim's number is of something else if the tests fail and the labels hold.
struct TestsQuery {
  std::vector<ClaimTest> tests, labels;
  BilingualString beyond;  // what the claim says besides that no test decides; "": nothing
};

struct Claim {
  std::string id;
  bool is_of_articles = false;
  std::string source;                  // who says it, and where: "S1 S2 S4" in the articles
  BilingualString sentence;            // as quoted
  BilingualString contract;            // under which conditions it was said
  BilingualString missing;             // what would decide it where a result doesn't
  BilingualString confirmed, refuted;  // what such a judgement takes; "" for the articles' claims
  BilingualString mislabelled;         // what the number is of if it is mislabelled; "" without labels
  std::variant<ExperimentQuery, HeadToHeadQuery, BoundsQuery, CopiesQuery, TestsQuery> query;
};

}  // namespace ipcbench
