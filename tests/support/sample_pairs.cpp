#include "tests/support/sample_pairs.h"

#include <cmath>

#include "harness/measure/splitmix64.h"

namespace ipcbench {
namespace {

std::vector<std::string> parts_of(const std::string& id) {
  std::vector<std::string> parts(1);
  for (const char c : id) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

void add_rounds(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
                double base_ns, bool confirms) {
  for (int round = 0; round < rounds; ++round) {
    LaunchPair pair{.case_id = id, .round = round, .confirms = confirms, .head_first = round % 2 == 1};
    pair.base.rtt_p50_ns = pair.base.rtt_mean_ns = base_ns;
    pair.head.rtt_p50_ns = pair.head.rtt_mean_ns = base_ns * std::exp(ratio(round));
    session.pairs.push_back(pair);
  }
}

}  // namespace

PairSession sample_session(int rounds, const std::function<double(int)>& ratio, double base_ns) {
  PairSession session;
  session.header.started = "2026-11-21T18:00:00Z";
  session.header.boot = "boot-1";
  session.header.machine_class = "sample machine";
  session.header.suite = "ci";
  session.header.payload = PayloadMode::lines;
  session.header.rounds = rounds;
  session.header.clock = {.kind = "tsc", .overhead_ns = 20, .resolution_ns = 10};
  session.header.base.name = "base";
  session.header.head.name = "head";
  add_case(session, kSampleCase, rounds, ratio, base_ns);
  return session;
}

void add_case(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
              double base_ns) {
  const std::vector<std::string> parts = parts_of(id);
  session.header.cases.push_back({.id = id,
                                  .scenario = ScenarioName(parts[0]),
                                  .transport = parts[1],
                                  .wait = WaitName(parts[2]),
                                  .placement = PlacementName(parts[4]),
                                  .ops = 1000});
  add_rounds(session, id, rounds, ratio, base_ns, false);
}

void add_fresh_rounds(PairSession& session, const std::string& id, int rounds, const std::function<double(int)>& ratio,
                      double base_ns) {
  add_rounds(session, id, rounds, ratio, base_ns, true);
}

void add_counted_rounds(PairSession& session, const std::string& id, int rounds, double base, double head,
                        bool confirms) {
  for (int round = 0; round < rounds; ++round) {
    LaunchPair pair{.case_id = id, .round = round, .counts = true, .confirms = confirms};
    pair.base.syscalls_per_op = base;
    pair.head.syscalls_per_op = head;
    session.pairs.push_back(pair);
  }
}

std::function<double(int)> noise(double sd, std::uint64_t seed, double shift) {
  return [=](int round) {
    SplitMix64 random(seed + 1000 * static_cast<std::uint64_t>(round));
    double sum = 0;
    for (int n = 0; n < 12; ++n) sum += static_cast<double>(random.below(1'000'000)) / 1e6;
    return shift + sd * (sum - 6);
  };
}

}  // namespace ipcbench
