#include "cli/options/calibration_steps.h"

#include <algorithm>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

std::size_t fewest_of(const PairFile& file, const std::vector<std::string>& ids) {
  std::size_t fewest = std::numeric_limits<std::size_t>::max();
  for (const std::string& id : ids) fewest = std::min(fewest, pairs_stored(file, id));
  return ids.empty() ? 0 : fewest;
}

}  // namespace

std::size_t pairs_stored(const PairFile& file, const std::string& case_id) {
  std::size_t pairs = 0;
  for (const PairSession& session : file.sessions) {
    pairs += static_cast<std::size_t>(std::ranges::count_if(session.pairs, [&](const LaunchPair& pair) {
      return pair.case_id == case_id && !pair.counts && !pair.confirms;
    }));
  }
  return pairs;
}

std::vector<JobStep> steps_up_to(std::size_t planned, const PairFile& stored, const std::vector<std::string>& cases) {
  std::map<std::size_t, std::vector<std::string>> lacking;  // by pairs
  for (const std::string& id : cases) lacking[planned - std::min(planned, pairs_stored(stored, id))].push_back(id);
  lacking.erase(0);
  std::vector<JobStep> steps;
  for (auto least = lacking.begin(); least != lacking.end(); ++least) {
    JobStep& step = steps.emplace_back(JobStep{.rounds = static_cast<int>(least->first)});
    for (auto more = least; more != lacking.end(); ++more)
      step.cases.insert(step.cases.end(), more->second.begin(), more->second.end());
  }
  return steps;
}

std::size_t pairs_in(const std::vector<JobStep>& steps) {
  std::size_t pairs = 0;
  int before = 0;
  for (const JobStep& step : steps) {
    pairs += step.cases.size() * static_cast<std::size_t>(step.rounds - before);
    before = step.rounds;
  }
  return pairs;
}

std::string unfinished_text(std::size_t planned, const PairFile& stored, const std::vector<std::string>& cases,
                            const std::vector<std::string>& given_up, bool has_budget) {
  std::vector<std::string> short_of_pairs, others;
  for (const std::string& id : cases) {
    const std::size_t pairs = pairs_stored(stored, id);
    if (std::ranges::find(given_up, id) == given_up.end()) {
      others.push_back(id);
    } else if (pairs < planned) {
      short_of_pairs.push_back(fmt::format("{} ({} of {} rounds)", printable(id), pairs, planned));
    }
  }
  std::string text;
  if (!short_of_pairs.empty()) {
    text = fmt::format("given up, since its launches broke: {}; the same command tries again",
                       fmt::join(short_of_pairs, ", "));
  }
  if (const std::size_t now = fewest_of(stored, others); has_budget && !others.empty() && now < planned) {
    text += fmt::format("{}the budget is used up after {} of {} rounds; the same command goes on",
                        text.empty() ? "" : "\n", now, planned);
  }
  return text;
}

}  // namespace ipcbench
