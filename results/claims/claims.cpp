#include "results/claims/claims.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "results/claims/builtin_claims.h"
#include "results/claims/queries.h"

namespace ipcbench {
namespace {

int number_of(const Claim& claim) {
  int number = 0;
  if (claim.is_of_articles) std::from_chars(claim.id.data(), claim.id.data() + claim.id.size(), number);
  return number;
}

JudgedClaim unjudged(const Claim& claim) {
  return {.claim = &claim,
          .number = number_of(claim),
          .sources = claim.source,
          .text = {claim.sentence.english, claim.sentence.chinese},
          .why = {}};
}

// Joins what several results say: those decide that judged anything.
ClaimJudgement joined(const std::vector<JudgedClaim>& by_result) {
  const auto count = [&](ClaimJudgement judgement) {
    return std::ranges::count(by_result, judgement, &JudgedClaim::judgement);
  };
  const auto depend = count(ClaimJudgement::depends), not_judged = count(ClaimJudgement::not_judged);
  const auto all = std::ssize(by_result) - count(ClaimJudgement::not_tested) - not_judged;
  if (all == 0) return not_judged > 0 ? ClaimJudgement::not_judged : ClaimJudgement::not_tested;
  if (depend > 0) return ClaimJudgement::depends;
  return judgement_of(count(ClaimJudgement::holds), count(ClaimJudgement::fails), all);
}

// Joins the answers of several results, each with its name.
JudgedClaim combined(const Claim& claim, std::vector<JudgedClaim> by_result, std::span<const ClaimResult> results) {
  if (by_result.empty()) return unjudged(claim);
  const ClaimJudgement judgement = joined(by_result);
  if (by_result.size() == 1 || judgement == ClaimJudgement::not_tested) return std::move(by_result.front());
  JudgedClaim all = unjudged(claim);
  all.judgement = judgement;
  for (std::size_t i = 0; i < by_result.size(); ++i) {
    JudgedClaim& one = by_result[i];
    if (one.judgement == ClaimJudgement::not_tested) continue;
    const Bilingual word = bilingual_name(one.judgement);
    const bool is_first = all.why.english.empty();
    all.why.english +=
        fmt::format("{}{}: {}: {}", is_first ? "" : ". ", results[i].name, word.english, one.why.english);
    all.why.chinese +=
        fmt::format("{}{}：{}：{}", is_first ? "" : "。", results[i].name, word.chinese, one.why.chinese);
    std::ranges::move(one.matches, std::back_inserter(all.matches));
    for (const std::string& item : one.evidence) all.evidence.push_back(fmt::format("{}: {}", results[i].name, item));
  }
  return all;
}

JudgedClaim judged(const Claim& claim, std::span<const ClaimResult> results) {
  JudgedClaim answer = unjudged(claim);
  if (const auto* tests = std::get_if<TestsQuery>(&claim.query)) {
    judge_by(*tests, results, answer);
  } else {
    std::vector<JudgedClaim> by_result;
    for (const ClaimResult& result : results) {
      by_result.push_back(unjudged(claim));
      std::visit(
          [&](const auto& query) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(query)>, TestsQuery>)
              judge_by(query, *result.result, by_result.back());
          },
          claim.query);
    }
    answer = combined(claim, std::move(by_result), results);
  }
  if (answer.judgement == ClaimJudgement::not_tested && answer.why.english.empty()) answer.why = claim.missing;
  return answer;
}

}  // namespace

std::vector<JudgedClaim> judge(std::span<const Claim> claims, std::span<const ClaimResult> results) {
  std::vector<JudgedClaim> all;
  all.reserve(claims.size());
  for (const Claim& claim : claims) all.push_back(judged(claim, results));
  return all;
}

std::vector<JudgedClaim> judge_claims(const Result& result) {
  const ClaimResult only{.result = &result, .name = ""};
  return judge(articles_claims(), {&only, 1});
}

}  // namespace ipcbench
