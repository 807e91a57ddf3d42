#include "transports/facts/find_facts.h"

#include <algorithm>
#include <charconv>
#include <exception>
#include <iterator>

#include "transports/facts/experiment.h"

namespace ipcbench {
namespace {

Fact fact_of(const Experiment& experiment, RunDir& run) {
  Fact fact{.claim = experiment.claim, .transport = experiment.transport, .question = experiment.question};
  try {
    Finding finding = experiment.find(run);
    fact.answer = std::move(finding.answer);
    fact.evidence = std::move(finding.evidence);
    fact.agreement = finding.agreement;
  } catch (const LimitedObject& object) {
    fact.reason = object.what();
    fact.limited = object.size();
  } catch (const std::exception& error) {
    fact.reason = error.what();
  }
  return fact;
}

int number_of(const Experiment& experiment) {
  int number = 0;
  std::from_chars(experiment.claim.data(), experiment.claim.data() + experiment.claim.size(), number);
  return number;
}

}  // namespace

std::vector<Fact> find_facts(RunDir& run) {
  std::vector<Experiment> experiments;
  for (const auto group : {pipe_experiments, direction_experiments, kinship_experiments, lifetime_experiments,
                           queue_experiments, waiting_experiments, signal_experiments, semaphore_experiments,
                           lock_experiments, memory_experiments, boundary_experiments}) {
    std::vector<Experiment> some = group();
    std::move(some.begin(), some.end(), std::back_inserter(experiments));
  }
  std::ranges::stable_sort(experiments, {}, number_of);
  std::vector<Fact> facts;
  for (const Experiment& experiment : experiments) facts.push_back(fact_of(experiment, run));
  return facts;
}

}  // namespace ipcbench
