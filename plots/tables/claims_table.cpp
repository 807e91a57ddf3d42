#include "plots/tables/claims_table.h"

#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"

namespace ipcbench {
namespace {

constexpr std::size_t kShownEvidence = 3;

constexpr Bilingual kClaimsTitle = {"What the sources claim, on this machine", "来源文章的论断，在这台机器上"};
constexpr Bilingual kClaim = {"claim", "论断"};
constexpr Bilingual kJudgement = {"verdict", "结论"};
constexpr Bilingual kBasis = {"on what it rests", "依据"};
constexpr Bilingual kAgainst = {"{}: {}, {}: {}", "{}：{}，{}：{}"};
constexpr Bilingual kMore = {"and {} more", "另有{}条"};
constexpr Bilingual kDependsOn = {"only in part. {}", "只在部分情况下成立。{}"};
constexpr Bilingual kClaimsNote = {
    "compared are mechanisms that wait alike, at one place with one message size, by the intervals of their medians; "
    "the rest are experiments, whose questions and answers are in ipcbench list facts",
    "只比较等待方式、位置和消息大小都相同的机制，依据中位数的置信区间；其余为实验，问题与答案见 ipcbench list facts"};

std::string figure_in(Contest contest, const CaseRecord& c) {
  const Figure& figure = figure_of(contest, c);
  const Unit unit = contest == Contest::stream ? Unit::bytes_per_s : Unit::ns;
  return human(unit, *figure.median, figure.ci95);
}

// Shortens the evidence to its first items and the number of the rest.
std::vector<std::string> first_of(std::vector<std::string> evidence, Language language) {
  if (evidence.size() <= kShownEvidence) return evidence;
  const std::size_t more = evidence.size() - kShownEvidence;
  evidence.resize(kShownEvidence);
  evidence.push_back(format_in(language, kMore, more));
  return evidence;
}

std::vector<Cell> claim_row(const JudgedClaim& claim, Language language) {
  const std::vector<std::string> evidence = claim_evidence(claim, language);
  Cell basis = cell(in(language, claim.why));
  basis.shown = claim_basis(claim, language);
  basis.below = first_of(evidence, language);
  Cell judgement = cell(std::string(to_string(claim.judgement)));
  judgement.shown = in(language, bilingual_name(claim.judgement));
  return {cell(claim.number),
          cell(std::string(in(language, claim.text))),
          cell(std::string(claim.sources)),
          std::move(judgement),
          std::move(basis),
          cell(fmt::format("{}", fmt::join(evidence, "; ")))};
}

}  // namespace

std::string claim_basis(const JudgedClaim& claim, Language language) {
  const std::string& why = in(language, claim.why);
  return claim.judgement == ClaimJudgement::depends ? format_in(language, kDependsOn, why) : why;
}

std::vector<std::string> claim_evidence(const JudgedClaim& claim, Language language) {
  std::vector<std::string> evidence;
  for (const Match& match : claim.matches) {
    evidence.push_back(format_in(language, kAgainst, match.first->id, figure_in(match.contest, *match.first),
                                 match.second->transport, figure_in(match.contest, *match.second)));
  }
  evidence.insert(evidence.end(), claim.evidence.begin(), claim.evidence.end());
  return evidence;
}

ClaimsHeading claims_heading(Language language) {
  return {std::string(in(language, kClaimsTitle)), std::string(in(language, kClaimsNote))};
}

Table claims_table(const Result& result, Language language) {
  Table table{.id = "claims",
              .title = std::string(in(language, kClaimsTitle)),
              .columns = {{.key = "number", .title = "#", .unit = Unit::count},
                          {.key = "claim", .title = std::string(in(language, kClaim)), .wrap = 32},
                          {.key = "sources", .title = "sources", .audience = Audience::data},
                          {.key = "verdict", .title = std::string(in(language, kJudgement))},
                          {.key = "basis", .title = std::string(in(language, kBasis)), .wrap = 66},
                          {.key = "evidence", .title = "evidence", .audience = Audience::data}},
              .parts = {TablePart{}},
              .notes = {std::string(in(language, kClaimsNote))}};
  for (const JudgedClaim& claim : judge_claims(result)) table.parts[0].rows.push_back(claim_row(claim, language));
  return table;
}

}  // namespace ipcbench
