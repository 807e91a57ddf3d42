// Simulates fleets from the launches of a stored result, and counts what `ipcbench fleet` would find in them.
//
//   ipcbench-fleet-simulation RESULT [FLEETS [SEED [HOSTS]]]

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <random>
#include <string>
#include <utility>

#include <boost/math/distributions/binomial.hpp>
#include <fmt/format.h>

#include "results/files/store.h"
#include "tests/support/simulated_fleet.h"

namespace ipcbench {
namespace {

constexpr std::array<std::pair<HostEffect, const char*>, 4> kEffects = {
    {{HostEffect::normal, "2 % a host, log-normal"},
     {HostEffect::heavy, "2 % a host, Student's t(3)"},
     {HostEffect::normal_by_case, "2 % a host and case, log-normal"},
     {HostEffect::heavy_by_case, "2 % a host and case, Student's t(3)"}}};

// Returns the upper end of Clopper and Pearson's 95 % interval, in percent.
double upper_percent(std::size_t part, std::size_t whole) {
  if (whole == 0 || part >= whole) return 100;
  using Binomial = boost::math::binomial_distribution<>;
  return 100 * Binomial::find_upper_bound_on_p(static_cast<double>(whole), static_cast<double>(part), 0.025);
}

double percent(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : 100 * static_cast<double>(part) / static_cast<double>(whole);
}

void simulate(const FleetSimulator& simulator, const FleetSettings& settings, std::size_t fleets, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::size_t found = 0, falsely = 0, naming = 0;
  for (std::size_t n = 0; n < fleets; ++n) {
    const FleetOutcome outcome = judge_fleet(simulator.fleet(settings, random), settings.slow);
    found += outcome.found;
    falsely += outcome.falsely;
    naming += outcome.found + outcome.falsely > 0 ? 1 : 0;
  }
  const std::size_t named = found + falsely;
  if (settings.slow > 0) {
    fmt::print("  {} slow: found {:.1f} %; false among {} found {:.1f} %, at most {:.1f} %\n", settings.slow,
               percent(found, settings.slow * fleets), named, percent(falsely, named), upper_percent(falsely, named));
  } else {
    fmt::print("  none slow: {:.1f} % of fleets name a host, at most {:.1f} %\n", percent(naming, fleets),
               upper_percent(naming, fleets));
  }
}

std::uint64_t number_in(const char* text) { return std::stoull(text); }

int run(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: {} RESULT [FLEETS [SEED [HOSTS]]]\n", argv[0]);
    return 2;
  }
  const FleetSimulator simulator(load_result(argv[1]));
  const std::size_t fleets = argc > 2 ? number_in(argv[2]) : 200;
  const std::uint64_t seed = argc > 3 ? number_in(argv[3]) : 1;
  const std::size_t hosts = argc > 4 ? number_in(argv[4]) : 500;
  for (const auto& [effect, name] : kEffects) {
    fmt::print("{} fleets of {} hosts, {}:\n", fleets, hosts, name);
    for (const std::size_t slow : {std::max<std::size_t>(1, hosts / 100), hosts / 10, std::size_t{0}})
      simulate(simulator, {.hosts = hosts, .slow = slow, .effect = effect}, fleets, seed + slow);
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace ipcbench

int main(int argc, char** argv) {
  try {
    return ipcbench::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 2;
  }
}
