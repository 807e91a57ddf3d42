#include "plots/tables/claims_table.h"

#include <utility>

#include <fmt/format.h>

#include "plots/table/cells.h"

namespace ipcbench {
namespace {

constexpr std::size_t kShownEvidence = 3;

constexpr Bilingual kClaimsTitle = {"What the sources claim, on this machine", "来源文章的论断，在这台机器上"};
constexpr Bilingual kPublicTitle = {"What is claimed in public, by what was measured", "公开的论断，依据测量结果"};
constexpr Bilingual kInPublic = {"claims made in public", "公开的论断"};
constexpr Bilingual kOfArticles = {"the sources' claims", "来源文章的论断"};
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

constexpr Bilingual kPublicNote = {
    "a test agrees if the whole interval of its number is as claimed, and opposes if none of it is; numbers come from "
    "cases of one run that are alike but for what the test names: docs/adding-a-claim.md",
    "数值的整个区间符合论断即为一致，全不符合即为相反；数值来自同一次运行中除所述之外条件相同的测量："
    "docs/adding-a-claim.md"};

std::string figure_in(const Match& match, const CaseRecord& c) {
  const Figure& figure = figure_of(match, c);
  const Unit unit = match.contest == Contest::stream ? Unit::bytes_per_s : Unit::ns;
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

Cell basis_cell(const JudgedClaim& claim, const std::vector<std::string>& evidence, Language language) {
  Cell basis = cell(in(language, claim.why));
  basis.shown = claim_basis(claim, language);
  basis.below = first_of(evidence, language);
  return basis;
}

std::vector<Cell> claim_row(const JudgedClaim& claim, Language language) {
  const std::vector<std::string> evidence = claim_evidence(claim, language);
  Cell basis = basis_cell(claim, evidence, language);
  Cell judgement = cell(std::string(to_string(claim.judgement)));
  judgement.shown = in(language, bilingual_name(claim.judgement));
  return {cell(claim.number),
          cell(std::string(in(language, claim.text))),
          cell(std::string(claim.sources)),
          std::move(judgement),
          std::move(basis),
          cell(fmt::format("{}", fmt::join(evidence, "; ")))};
}

std::vector<Cell> judged_row(const JudgedClaim& judged, Language language) {
  const Claim& claim = *judged.claim;
  const std::vector<std::string> evidence = claim_evidence(judged, language);
  Cell sentence = cell(in(language, claim.sentence));
  sentence.below = {claim.source};
  Cell verdict = cell(std::string(bilingual_verdict(judged.judgement).english));
  verdict.shown =
      in(language, claim.is_of_articles ? bilingual_name(judged.judgement) : bilingual_verdict(judged.judgement));
  return {cell(claim.id),
          std::move(sentence),
          cell(claim.source),
          cell(in(language, claim.contract)),
          std::move(verdict),
          basis_cell(judged, evidence, language),
          cell(fmt::format("{}", fmt::join(evidence, "; "))),
          cell(in(language, claim.confirmed)),
          cell(in(language, claim.refuted)),
          cell(in(language, claim.mislabelled))};
}

}  // namespace

std::string claim_basis(const JudgedClaim& claim, Language language) {
  const std::string& why = in(language, claim.why);
  return claim.judgement == ClaimJudgement::depends ? format_in(language, kDependsOn, why) : why;
}

std::vector<std::string> claim_evidence(const JudgedClaim& claim, Language language) {
  std::vector<std::string> evidence;
  for (const Match& match : claim.matches) {
    evidence.push_back(format_in(language, kAgainst, match.first->id, figure_in(match, *match.first),
                                 match.second->transport, figure_in(match, *match.second)));
  }
  evidence.insert(evidence.end(), claim.evidence.begin(), claim.evidence.end());
  return evidence;
}

ClaimsHeading claims_heading(Language language) {
  return {std::string(in(language, kClaimsTitle)), std::string(in(language, kClaimsNote))};
}

Table judged_claims_table(std::span<const JudgedClaim> claims, Language language) {
  const auto data = [](const char* key) { return Column{.key = key, .title = key, .audience = Audience::data}; };
  Table table{.id = "claims",
              .title = std::string(in(language, kPublicTitle)),
              .columns = {{.key = "id", .title = "#"},
                          {.key = "claim", .title = std::string(in(language, kClaim)), .wrap = 32},
                          data("source"),
                          data("contract"),
                          {.key = "verdict", .title = std::string(in(language, kJudgement))},
                          {.key = "basis", .title = std::string(in(language, kBasis)), .wrap = 66},
                          data("evidence"),
                          data("confirmed_if"),
                          data("refuted_if"),
                          data("mislabelled_if")},
              .parts = {},
              .notes = {}};
  TablePart in_public{.title = std::string(in(language, kInPublic)), .rows = {}};
  TablePart of_articles{.title = std::string(in(language, kOfArticles)), .rows = {}};
  for (const JudgedClaim& claim : claims)
    (claim.claim->is_of_articles ? of_articles : in_public).rows.push_back(judged_row(claim, language));
  if (!in_public.rows.empty()) table.notes.emplace_back(in(language, kPublicNote));
  if (!of_articles.rows.empty()) table.notes.emplace_back(in(language, kClaimsNote));
  for (TablePart* part : {&in_public, &of_articles}) {
    if (!part->rows.empty()) table.parts.push_back(std::move(*part));
  }
  return table;
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
