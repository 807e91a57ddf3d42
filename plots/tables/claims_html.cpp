#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "plots/table/html_text.h"
#include "plots/tables/claims_table.h"
#include "plots/tables/sources_html.h"

namespace ipcbench {
namespace {

constexpr std::array kClaimJudgements = {ClaimJudgement::holds,      ClaimJudgement::fails,
                                         ClaimJudgement::depends,    ClaimJudgement::undecided,
                                         ClaimJudgement::not_judged, ClaimJudgement::not_tested};
// By ClaimJudgement: distinguishable without color.
constexpr std::array<std::string_view, 6> kJudgementSigns = {"✓", "✗", "±", "–", "≈", "‡"};
constexpr std::array<std::string_view, 6> kClasses = {"holds", "fails", "depends", "untested", "undecided", "unjudged"};

constexpr Bilingual kClaimTitle = {"claim", "论断"};
constexpr Bilingual kJudgementTitle = {"verdict", "结论"};
constexpr Bilingual kBasisTitle = {"on what it rests", "依据"};
constexpr Bilingual kEvidence = {"evidence ({})", "证据（{}条）"};

std::string judgement_html(ClaimJudgement judgement, const std::string& more) {
  const auto at = static_cast<std::size_t>(judgement);
  return fmt::format("<span class=\"verdict {}\"><span aria-hidden=\"true\">{}</span> {}{}</span>", kClasses[at],
                     kJudgementSigns[at], html_bilingual(bilingual_name(judgement)), more);
}

std::string counts_html(const std::vector<JudgedClaim>& claims) {
  std::string html = "<p class=\"key\">";
  for (const ClaimJudgement judgement : kClaimJudgements) {
    const auto count = std::ranges::count(claims, judgement, &JudgedClaim::judgement);
    if (count > 0) html += judgement_html(judgement, fmt::format(": {}", count)) + ' ';
  }
  return html + "</p>\n";
}

std::string evidence_html(const JudgedClaim& claim) {
  const std::vector<std::string> english = claim_evidence(claim, Language::english);
  const std::vector<std::string> chinese = claim_evidence(claim, Language::chinese);
  if (english.empty()) return "";
  return fmt::format("<details class=\"aside\"><summary>{}</summary>{}</details>",
                     html_bilingual_cut(format_in(Language::english, kEvidence, english.size()),
                                        format_in(Language::chinese, kEvidence, chinese.size())),
                     html_bilingual_list(english, chinese, "notes"));
}

std::string claim_html(const JudgedClaim& claim) {
  return fmt::format(
      "<tr><td data-v=\"{0}\">{0}</td><td class=\"wrap\">{1}</td><td>{2}</td><td class=\"wrap "
      "basis\">{3}{4}</td></tr>\n",
      claim.number, html_bilingual(claim.text), judgement_html(claim.judgement, ""),
      html_bilingual_cut(claim_basis(claim, Language::english), claim_basis(claim, Language::chinese)),
      evidence_html(claim));
}

}  // namespace

std::string claims_html(const Result& result, const std::string& run) {
  const std::vector<JudgedClaim> claims = judge_claims(result);
  const ClaimsHeading english = claims_heading(Language::english);
  const ClaimsHeading chinese = claims_heading(Language::chinese);
  const std::string prefix = run.empty() ? "" : run + ": ";
  std::string html = fmt::format(
      "<section class=\"table\"><h3>{0}</h3>\n{1}<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
      "aria-label=\"{2}\"><table class=\"claims stack\" data-table=\"{3}\">\n<thead><tr><th scope=\"col\" class=\"n\" "
      "data-key=\"number\">#</th><th scope=\"col\" data-key=\"claim\">{4}</th><th scope=\"col\" "
      "data-key=\"verdict\">{5}</th><th scope=\"col\" data-key=\"basis\">{6}</th></tr></thead>\n<tbody>",
      html_bilingual_cut(prefix + english.title, prefix + chinese.title), counts_html(claims),
      html_cut(prefix + english.title), html_cut(run.empty() ? "claims" : run + "/claims"), html_bilingual(kClaimTitle),
      html_bilingual(kJudgementTitle), html_bilingual(kBasisTitle));
  for (const JudgedClaim& claim : claims) html += claim_html(claim);
  return html + fmt::format("</tbody></table></div>\n<p class=\"notes\">{}</p></section>\n",
                            html_bilingual_cut(english.note, chinese.note));
}

}  // namespace ipcbench
