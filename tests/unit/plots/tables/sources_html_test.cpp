#include "plots/tables/sources_html.h"

#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plots/tables/claims_table.h"
#include "plots/tables/sources_table.h"
#include "tests/support/compared_sample.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string html_of(const Result& result) {
  const std::vector<SourcesTable> all_sources = compare_with_sources(result);
  EXPECT_EQ(all_sources.size(), 1u);
  return sources_html(all_sources.at(0), "");
}

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// Returns the HTML of a row.
std::string row_of(const std::string& html, const std::string& name) {
  const std::size_t begin = html.find("<span class=\"name\"><span lang=\"en\">" + name + "<");
  return html.substr(begin, html.find("</tbody>", begin) - begin);
}

TEST(SourcesHtml, ACellHasWordNumberIntervalAndTheSourcesWord) {
  const std::string pipe = row_of(html_of(compared_sample()), "pipe");
  EXPECT_THAT(
      pipe,
      AllOf(HasSubstr("data-v=\"4000\""),
            HasSubstr("<span class=\"word tone4\"><span lang=\"en\">low</span><span lang=\"zh-CN\">低</span></span>"),
            HasSubstr("<span class=\"said tone2\">"), HasSubstr("4.00 µs [3.96, 4.04]"),
            HasSubstr("<span class=\"mark near\"><span aria-hidden=\"true\">≈</span>"),
            HasSubstr("<code>fifo</code>")));
  // High throughput is good, high memory is not.
  EXPECT_THAT(pipe, HasSubstr("<span class=\"word tone5\"><span lang=\"en\">very high</span>"));
  EXPECT_THAT(row_of(html_of(compared_sample()), "network socket"),
              HasSubstr("<span class=\"word tone1\"><span lang=\"en\">high</span>"));
}

TEST(SourcesHtml, EveryContradictionHasItsMarkAndItsSentence) {
  const Result result = compared_sample();
  const std::string html = html_of(result);
  const SourcesNotes notes = sources_notes(compare_with_sources(result).at(0), Language::english);
  EXPECT_GT(notes.contradictions.size(), 0u);
  EXPECT_EQ(times_in(html, "<td role=\"cell\" class=\"contradicted\""), notes.contradictions.size());
  for (const std::string& sentence : notes.contradictions) EXPECT_THAT(html, HasSubstr(sentence.substr(0, 40)));
}

TEST(SourcesHtml, ACellOverAnEdgeIsMarkedInTextAndStyle) {
  Result result = compared_sample();
  EXPECT_THAT(html_of(result), Not(HasSubstr(" edge\">")));
  for (CaseRecord& c : result.cases) {
    if (c.id == "ping-pong/signal/block/0/same-cpu") c.summary.rtt_p50.ci95 = Interval{7900, 9500};
  }
  EXPECT_THAT(row_of(html_of(result), "signal"), HasSubstr("<span class=\"word tone4 edge\"><span lang=\"en\">low*<"));
}

TEST(SourcesHtml, EveryVariantHasARow) {
  const Result result = compared_sample();
  std::size_t variants = 0;
  const std::vector<SourcesTable> all_sources = compare_with_sources(result);
  for (const ComparedRow& row : all_sources.at(0).rows) variants += row.variants.size();
  EXPECT_GT(variants, 0u);
  EXPECT_EQ(times_in(html_of(result), "<tr role=\"row\" class=\"variant\">"), variants);
}

TEST(SourcesHtml, ResultsAreToldApartByTheirNames) {
  const Result result = compared_sample();
  EXPECT_THAT(sources_html(compare_with_sources(result).at(0), "old"),
              AllOf(HasSubstr("old: same-cpu"), HasSubstr("data-table=\"old/comparison/same-cpu\"")));
  EXPECT_THAT(claims_html(result, "old"), AllOf(HasSubstr("old: What"), HasSubstr("data-table=\"old/claims\"")));
}

TEST(ClaimsHtml, ShowsEveryJudgementAndFoldsTheEvidence) {
  const Result result = compared_sample();
  const std::string html = claims_html(result, "");
  std::size_t with_evidence = 0;
  const std::vector<JudgedClaim> claims = judge_claims(result);
  for (const JudgedClaim& claim : claims) {
    EXPECT_THAT(html, HasSubstr(fmt::format("<td data-v=\"{0}\">{0}</td>", claim.number)));
    with_evidence += claim_evidence(claim, Language::english).empty() ? 0 : 1;
  }
  EXPECT_GT(with_evidence, 0u);
  EXPECT_EQ(times_in(html, "<details class=\"aside\">"), with_evidence);
  EXPECT_EQ(times_in(html, "<td><span class=\"verdict "), claims.size());
}

TEST(SourcesHtml, NamesFromAFileNeverBecomeMarkup) {
  Result result = compared_sample();
  const std::string bad = "</td><script>alert(1)</script>\" onload=\"x'";
  for (CaseRecord& c : result.cases) {
    c.id += bad;
    c.reason = bad;
    for (auto& [name, value] : c.options) value = bad;
  }
  EXPECT_THAT(html_of(result) + claims_html(result, bad),
              AllOf(Not(HasSubstr("<script")), Not(HasSubstr("\" onload")), HasSubstr("&lt;script&gt;")));
}

}  // namespace
}  // namespace ipcbench
