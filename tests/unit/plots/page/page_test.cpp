#include "plots/page/page.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/measure/histogram.h"
#include "plots/page/base64.h"
#include "plots/page/page_assets.h"
#include "plots/page/page_data.h"
#include "plots/page/page_sections.h"
#include "plots/table/html_text.h"
#include "plots/tables/result_tables.h"
#include "results/figures/statistics.h"
#include "results/figures/summary.h"
#include "results/rows/service_spread.h"
#include "tests/support/casts.h"
#include "tests/support/compared_sample.h"
#include "tests/support/idle_sample.h"
#include "tests/support/open_loops.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Result sample() {
  Result result = sample_result();
  summarise(result);
  return result;
}

std::string page_of(const Result& result, const PageOptions& options = {}) {
  const ComparedResult compared(result);
  const PageRun run{"sample", &compared};
  return to_page({&run, 1}, options);
}

json data_of(const Result& result) {
  const ComparedResult compared(result);
  const PageRun run{"sample", &compared};
  return json::parse(page_data({&run, 1}));
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

// Removes the libraries, so that a failure shows what is wrong instead of half a megabyte of code.
std::string without_program(std::string page) {
  const std::size_t at = page_script().empty() ? std::string::npos : page.find(page_script());
  return at == std::string::npos ? page : page.erase(at, page_script().size());
}

// Returns a result with `bad` for every text that a file can choose.
Result hostile_result(const std::string& bad) {
  Result r = sample_result();
  for (std::string* text :
       {&r.run_id, &r.started, &r.command, &r.suite, &r.build.version, &r.build.git, &r.build.compiler, &r.build.flags,
        &r.build.build_type, &r.machine.machine_class, &r.machine.cpu, &r.machine.kernel, &r.machine.virtualisation,
        &r.machine.topology, &r.clock.kind, &r.clock.reason}) {
    *text = bad;
  }
  r.payload = PayloadName(bad);
  r.notes = {bad};
  r.machine.checks = {{bad, SeverityName(bad), bad, bad, bad, bad}, {bad, Severity::wrong, bad, bad, bad, bad}};
  for (TransportRecord& t : r.transports) {
    t.summary = t.reason = t.row = bad;
    t.family = bad + t.name;
    t.name += bad;
    t.waits = {WaitName(bad)};
    t.options = {{bad, bad}};
  }
  for (CaseRecord& c : r.cases) {
    c.id += bad;
    c.transport += bad;
    c.wait = WaitName(std::string(to_string(c.wait)) + bad);
    c.placement = PlacementName(std::string(to_string(c.placement)) + bad);
    c.reason = bad;
    c.options = {{bad, bad}};
    c.at_largest = AtLargestRecord{{1u << 20}, bad};
    for (LaunchRecord& launch : c.launches) {
      launch.reason = bad;
      launch.phase = PhaseName(bad);
      launch.started = bad;
      launch.launch_class = bad;
    }
  }
  for (FloorRecord& floor : r.floors) {
    floor.placement = PlacementName(bad);
    floor.state = bad;
  }
  summarise(r);
  return r;
}

TEST(Page, IsWholeAndNeedsNothingElse) {
  const std::string page = without_program(page_of(sample()));
  EXPECT_TRUE(page.starts_with("<!doctype html>"));
  EXPECT_TRUE(page.ends_with("</html>\n"));
  EXPECT_THAT(page, AllOf(Not(HasSubstr("<!--slot:")), Not(HasSubstr("src=\"http")), Not(HasSubstr("href=\"http")),
                          Not(HasSubstr("@import")), HasSubstr("default-src 'none'"), Not(HasSubstr("unsafe-inline"))));
  EXPECT_THAT(
      page, AllOf(HasSubstr("ping-pong/same-cpu"), HasSubstr("ipcbench run --suite quick --seed 18446744073709551615"),
                  HasSubstr("this is a virtual machine")));
}

TEST(Page, OfTheSameRunsHasTheSameBytes) { EXPECT_TRUE(page_of(sample()) == page_of(sample())); }

TEST(Page, ShowsTheLanguageAskedForFirst) {
  EXPECT_THAT(page_of(sample()).substr(0, 100), HasSubstr("<html lang=\"en\">"));
  EXPECT_THAT(page_of(sample(), {.language = Language::chinese}).substr(0, 100), HasSubstr("<html lang=\"zh-CN\">"));
}

TEST(Page, HasAScriptOrTheReasonWhyNot) {
  const std::string page = without_program(page_of(sample()));
  const std::size_t scripts = page_script().empty() ? 0 : 2;  // the data and the program
  EXPECT_EQ(count(page, "<script"), scripts);
  EXPECT_EQ(page_script().empty(), !page_script_missing().empty());
  EXPECT_EQ(page_script().empty(), page_script_licences().empty());
  if (page_script().empty()) {
    EXPECT_THAT(page, AllOf(Not(HasSubstr("script-src")), HasSubstr(std::string(page_script_missing()))));
  } else {
    EXPECT_THAT(page,
                AllOf(HasSubstr("script-src '" + page_script_hash() + "'"), HasSubstr("data-chart=\"distribution\"")));
    EXPECT_EQ(page_script().find("</script"), std::string_view::npos);
    EXPECT_THAT(std::string(page_script_licences()), AllOf(HasSubstr("Apache License"), HasSubstr("zrender")));
  }
}

TEST(Page, SaysFirstWhatSetsItsRunsApart) {
  const Result first = sample();
  Result second = sample();
  second.build.build_type = "Debug";
  second.machine.machine_class = "another machine";
  const ComparedResult compared_first(first), compared_second(second);
  const std::vector<PageRun> runs = {{"old", &compared_first}, {"new", &compared_second}};
  const std::string page = without_program(to_page(runs, {}));
  EXPECT_THAT(page, AllOf(HasSubstr("old / new: "), HasSubstr("not comparable: machine class: Example CPU"),
                          HasSubstr("measured under different conditions: build type: Release and Debug"),
                          HasSubstr("测量条件不同：构建类型：Release与Debug")));
  EXPECT_THAT(page_of(first), Not(HasSubstr("measured under different conditions")));
}

TEST(Page, LinksOnlyToWhatIsThere) {
  const std::string page = without_program(page_of(sample()));
  std::size_t links = 0;
  for (std::size_t at = page.find("href=\"#"); at != std::string::npos; at = page.find("href=\"#", at + 1), ++links) {
    const std::size_t begin = at + 7;
    const std::string id = page.substr(begin, page.find('"', begin) - begin);
    EXPECT_EQ(count(page, " id=\"" + id + "\""), 1u) << id;
  }
  EXPECT_GT(links, 4u);
}

TEST(Page, NamesFromAFileNeverBecomeMarkup) {
  for (const std::string bad :
       {"</script><script>alert(1)</script>", "--><img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
        "'><iframe srcdoc=x>", "<!--slot:style-->", "<!--slot:absent-->", "\u2028</style><b>"}) {
    const Result result = hostile_result(bad);
    const ComparedResult compared(result);
    const PageRun run{"name " + bad, &compared};
    const std::string page = to_page({&run, 1}, {});
    EXPECT_EQ(count(page, "<script"), page_script().empty() ? 0u : 2u) << bad;
    EXPECT_EQ(count(page, "</style"), 1u) << bad;
    EXPECT_THAT(without_program(page), AllOf(Not(HasSubstr("<img")), Not(HasSubstr("<svg")), Not(HasSubstr("<iframe")),
                                             Not(HasSubstr("-->")), Not(HasSubstr("<!--")), Not(HasSubstr("<b>\""))))
        << bad;
  }
}

TEST(Page, TextsOfMegabytesAreCut) {
  const std::string page = page_of(hostile_result(std::string(1'000'000, '<')));
  EXPECT_LT(page.size(), 6'000'000u);
}

TEST(Page, StaticChartsAreImagesOfTheirOwn) {
  const std::string svg = "<svg><script>alert(1)</script></svg>";
  const std::string page = without_program(page_of(sample(), {.static_charts = {{"throughput", svg}}}));
  const std::string image = "src=\"data:image/svg+xml;base64," + base64(svg) + "\">";
  EXPECT_THAT(page, HasSubstr(page_script().empty() ? image : image + "</noscript>"));
  EXPECT_THAT(page, Not(HasSubstr("<svg><script>")));
}

TEST(Page, TablesOfSeveralRunsCarryTheirNames) {
  const Result result = sample();
  const ComparedResult compared(result);
  const std::vector<PageRun> runs = {{"old", &compared}, {"new", &compared}};
  const std::string page = without_program(to_page(runs, {}));
  EXPECT_THAT(page, AllOf(HasSubstr("old: Ping-pong"), HasSubstr("new: Ping-pong"), HasSubstr("data-table=\"old/run\""),
                          HasSubstr("<title>ipcbench: old, new</title>")));
}

TEST(PageData, HoldsTheFiguresOfTheResultDigitForDigit) {
  Result result = sample();
  result.cases[0].summary.rtt_p50 = {.median = 4815.123456789012, .ci95 = Interval{0.1, 1e21}, .n = 9, .reason = {}};
  const json data = data_of(result);
  const json& first = data.at("runs").at(0).at("cases").at(0);
  EXPECT_EQ(first.at("id"), "ping-pong/pipe/block/64/same-cpu");
  EXPECT_EQ(first.at("figures").at("rtt_p50_ns"), json::array({4815.123456789012, 9, 0.1, 1e21}));
  EXPECT_FALSE(first.contains("status"));
  EXPECT_FALSE(first.at("figures").contains("bytes_per_s"));
}

TEST(PageData, HoldsTheMultiplesOfAReference) {
  const Result result = sample();
  const Reference reference(result, "pipe");
  const ComparedResult compared(result);
  const PageRun run{"sample", &compared, &reference};
  const json one = json::parse(page_data({&run, 1})).at("runs").at(0);
  EXPECT_EQ(one.at("reference"), "pipe");
  const json& itself = one.at("cases").at(0).at("times").at("rtt_p50_ns");
  EXPECT_EQ(itself.at(0), 1);
  EXPECT_EQ(itself.at(1), 1) << "paired by pass";
  EXPECT_THAT(to_page({&run, 1}, {}), HasSubstr("× pipe [95 %]"));
  EXPECT_FALSE(data_of(result).at("runs").at(0).contains("reference"));
}

TEST(PageData, MarksTheTransportsOfTheSourcesOwnSamples) {
  std::vector<std::string> marked;
  const json data = data_of(sample());
  for (const json& transport : data.at("runs").at(0).at("transports")) {
    if (transport.contains("sample")) marked.push_back(transport.at("name"));
  }
  EXPECT_THAT(marked, ::testing::ElementsAre("pipe", "dbus"));
}

TEST(PageData, KeepsEveryBucketOfAHistogram) {
  const Result result = sample();
  const SparseHistogram pooled = pooled_histogram(result.cases[0]);
  const json packed = data_of(result).at("runs").at(0).at("cases").at(0).at("histogram");
  ASSERT_EQ(packed.size(), 2 * pooled.counts.size());
  std::size_t index = 0;
  for (std::size_t i = 0; i < pooled.counts.size(); ++i) {
    index += packed.at(2 * i).get<std::size_t>();
    EXPECT_EQ(Histogram::lower_bound(index), pooled.values_ns[i]);
    EXPECT_EQ(packed.at(2 * i + 1), pooled.counts[i]);
  }
}

TEST(PageData, LaunchesAreNumberedByTheirStart) {
  Result result = sample();
  result.cases[9].launches[0].started = "2027-01-01T00:00:00.000Z";
  result.cases[0].launches[3].started = "2025-12-31T00:00:00.000Z";
  const json cases = data_of(result).at("runs").at(0).at("cases");
  EXPECT_EQ(cases.at(0).at("launches").at(3).at(0), 1);
  std::vector<int> places;
  for (const json& c : cases) {
    for (const json& launch : c.at("launches")) places.push_back(launch.at(0).get<int>());
  }
  std::sort(places.begin(), places.end());
  for (std::size_t i = 0; i < places.size(); ++i) EXPECT_EQ(places[i], static_cast<int>(i) + 1);
}

TEST(PageData, WhatALimitChangedSaysSoInBothLanguages) {
  Result result = sample_result();
  for (LaunchRecord& launch : result.cases[0].launches) launch.limits_met = {sample_limit()};
  result.cases[0].channel->limits_met = {sample_limit()};
  summarise(result);
  const json data = data_of(result).at("runs").at(0).at("cases");
  EXPECT_THAT(data.at(0).at("limits").at(0).get<std::string>(), HasSubstr("F_GETPIPE_SZ is 8192"));
  EXPECT_THAT(data.at(0).at("limits").at(1).get<std::string>(), HasSubstr("F_GETPIPE_SZ为8192"));
  EXPECT_THAT(data.at(0).at("memory_limits").at(1).get<std::string>(), HasSubstr("F_GETPIPE_SZ为8192"));
  EXPECT_EQ(data.at(0).at("buffers"), "F_GETPIPE_SZ 65536");
  EXPECT_FALSE(data.at(1).contains("limits"));
  EXPECT_THAT(without_program(page_of(result)), HasSubstr("fs.pipe-user-pages-soft为16384"));
}

TEST(PageData, WhatIsNotANumberIsNull) {
  Result result = sample();
  result.cases[0].summary.rtt_p50.median = std::numeric_limits<double>::quiet_NaN();
  result.cases[0].launches[0].mean_ns = std::numeric_limits<double>::infinity();
  const json first = data_of(result).at("runs").at(0).at("cases").at(0);
  EXPECT_TRUE(first.at("figures").at("rtt_p50_ns").at(0).is_null());
  EXPECT_TRUE(first.at("launches").at(0).at(2).is_null());
}

TEST(PageData, BrokenLaunchesHaveNoValue) {
  const json cases = data_of(sample()).at("runs").at(0).at("cases");
  const auto invalid =
      std::find_if(cases.begin(), cases.end(), [](const json& c) { return c.value("status", "") == "invalid"; });
  ASSERT_NE(invalid, cases.end());
  EXPECT_EQ(invalid->at("launches").at(1).at(3).get<unsigned>() & 4u, 4u);
  EXPECT_TRUE(invalid->at("launches").at(1).at(2).is_null());
  EXPECT_EQ(invalid->at("reason"), "message 17 was lost (stamped block)");
}

// A pipe at two rates, and its saturation, in the order in which `load` measures them.
Result loaded_sample() {
  Result result = open_loop_result({}, {.achieved_per_s = 2e6});
  for (const char* rate : {"200000", "20000"}) result.cases.push_back(open_loop_case({{"rate", rate}}));
  summarise(result);
  return result;
}

TEST(PageData, CurvesNameTheirCasesByPlaceAndRate) {
  const json run = data_of(loaded_sample()).at("runs").at(0);
  ASSERT_EQ(run.at("load_curves").size(), 1u);
  const json& curve = run.at("load_curves").at(0);
  EXPECT_EQ(curve.at("cases"), json({2, 1}));
  EXPECT_EQ(curve.at("rates"), json({20'000, 200'000}));
  EXPECT_EQ(curve.at("saturation"), 0);
  EXPECT_EQ(run.at("cases").at(1).at("headline"), "service");
  EXPECT_FALSE(run.at("cases").at(0).contains("headline")) << "a saturation has no times";
  EXPECT_EQ(curve.at("pacer"), "sleep");
  for (const json& one : run.at("cases")) EXPECT_EQ(one.at("label"), "pipe") << "one member of the legend";
  EXPECT_FALSE(data_of(sample()).at("runs").at(0).contains("load_curves"));
}

TEST(PageData, RowsOfSilencesNameTheirCasesAndTheLongest) {
  const json run = data_of(idle_result()).at("runs").at(0);
  ASSERT_EQ(run.at("idle_rows").size(), 2u);
  const json& row = run.at("idle_rows").at(0);
  EXPECT_EQ(row.at("silences_ns"), json({100'000, 10'000'000, 1'000'000'000}));
  for (const json& place : row.at("cases")) EXPECT_EQ(run.at("cases").at(place.get<std::size_t>()).at("label"), "pipe");
  EXPECT_EQ(row.at("longest_ns").at(0), 17'000) << "of six launches";
  EXPECT_FALSE(data_of(sample()).at("runs").at(0).contains("idle_rows"));
}

TEST(PageData, LinesOfCastsNameTheirCasesByTheNumberOfSeats) {
  const Result result = cast_result();
  const json run = data_of(result).at("runs").at(0);
  const json& line = run.at("seat_lines").at(0);
  EXPECT_EQ(line.at("at"), json({2, 8, 32}));
  for (std::size_t i = 0; i < 3; ++i) {
    const json& c = run.at("cases").at(line.at("cases").at(i).get<std::size_t>());
    EXPECT_EQ(c.at("label"), "pipe") << "one member of the legend";
    EXPECT_NE(c.at("id").get<std::string>().find("producers=" + std::to_string(line.at("at").at(i).get<int>())),
              std::string::npos);
  }
  EXPECT_EQ(line.at("scenario"), "fan-in");
  EXPECT_EQ(line.at("form"), "shared");
  EXPECT_EQ(line.at("counted"), "producers");
  EXPECT_FALSE(line.contains("service"));
  const json& served = run.at("service_lines").at(0);
  EXPECT_EQ(served.at("at"), json({0, 10'000, 1'000'000}));
  EXPECT_EQ(served.at("producers"), "8");
  EXPECT_EQ(served.at("in_spread"), true);
  EXPECT_EQ(run.at("even_ratio"), kEvenRatio);
  for (const char* key : {"seat_lines", "service_lines", "even_ratio"})
    EXPECT_FALSE(data_of(sample()).at("runs").at(0).contains(key)) << key;
}

TEST(PageData, LinesOfALockHaveNoWayOfSharing) {
  const json lines = data_of(lock_result()).at("runs").at(0).at("seat_lines");
  EXPECT_EQ(lines.at(0).at("counted"), "processes");
  EXPECT_FALSE(lines.at(0).contains("form"));
  EXPECT_FALSE(lines.at(0).contains("hold"));
  EXPECT_EQ(lines.at(1).at("hold"), "1us");
}

TEST(PageData, CasesSayThatTheyWereOverloadedOrUnsteady) {
  Result result = loaded_sample();
  const auto first = [&] { return data_of(result).at("runs").at(0).at("cases").at(1); };
  EXPECT_FALSE(first().contains("overloaded"));
  EXPECT_FALSE(first().contains("unsteady"));
  EXPECT_EQ(first().at("clock_error_ns"), 100);
  result.cases[1].launches[0].load->overloaded = true;
  result.cases[1].launches[1].load->unsteady = true;
  EXPECT_EQ(first().at("overloaded"), true);
  EXPECT_EQ(first().at("unsteady"), true);
}

TEST(PageSections, ChartsWithoutDataAreLeftOut) {
  const auto charts = [](const Result& result) {
    const ComparedResult compared(result);
    const PageRun run{"sample", &compared};
    std::vector<std::string_view> ids;
    for (const PageSection& section : page_sections({&run, 1})) {
      for (const PageChart& chart : section.charts) ids.push_back(chart.id);
    }
    return ids;
  };
  EXPECT_THAT(charts(loaded_sample()), ::testing::ElementsAre("load-latency", "load-cpu", "load-times", "launches"));
  EXPECT_THAT(charts(idle_result()), ::testing::ElementsAre("load-idle", "launches"));
  EXPECT_THAT(charts(cast_result()),
              ::testing::ElementsAre("cast-rate", "cast-worst", "cast-fairness", "cast-service", "launches"));
  EXPECT_THAT(charts(lock_result()),
              ::testing::ElementsAre("cast-rate", "cast-worst", "cast-handover", "cast-fairness", "launches"));
  for (const char* id : {"load-latency", "load-idle", "cast-rate", "cast-service"})
    EXPECT_THAT(charts(sample()), Not(::testing::Contains(id)));
  EXPECT_THAT(charts(sample()), ::testing::IsSupersetOf({"distribution", "latency-size", "throughput", "memory"}));
}

TEST(PageSections, EveryTableHasItsPlaceOnce) {
  for (const Result& result : {sample(), compared_sample()}) {
    const std::string page = without_program(page_of(result));
    std::size_t tables = 0;
    for (const Table& table : result_tables(result)) {
      if (table.id.starts_with("comparison-variants/")) continue;  // rows of the comparison
      EXPECT_EQ(count(page, " data-table=\"" + table.id + "\">"), 1u) << table.id;
      ++tables;
    }
    if (page.find("id=\"public-claims\"") != std::string::npos) ++tables;  // of no result alone
    EXPECT_EQ(count(page, " data-table="), tables);
  }
}

TEST(PageSections, TheComparisonComesFirstAndClaimsAndGuideHaveTheirOwn) {
  const Result result = compared_sample();
  const ComparedResult compared(result);
  const PageRun run{"sample", &compared};
  std::vector<std::string_view> ids;
  for (const PageSection& section : page_sections({&run, 1})) ids.push_back(section.id);
  EXPECT_THAT(ids, ::testing::ElementsAre("comparison", "latency", "throughput", "cost", "placement", "claims",
                                          "public-claims", "guide", "tables", "missing", "machine"));
  const std::string page = without_program(page_of(result));
  EXPECT_LT(page.find("id=\"comparison\""), page.find("id=\"controls\""));
}

TEST(PageSections, AResultWithoutTheSourcesTableHasNoSuchSections) {
  Result result = sample();
  std::erase_if(result.cases, [](const CaseRecord& c) { return c.transport != "pipe"; });
  const std::string page = without_program(page_of(result));
  EXPECT_THAT(page,
              AllOf(Not(HasSubstr("id=\"comparison\"")), Not(HasSubstr("id=\"claims\"")), HasSubstr("id=\"tables\"")));
}

TEST(HtmlText, JsonStaysTheSameForItsReaders) {
  const std::string text = "</script> <!-- & \u2028\u2029 \u2030 µ";
  const std::string safe = json_for_html(json(text).dump());
  EXPECT_EQ(json::parse(safe), json(text));
  EXPECT_THAT(safe, AllOf(Not(HasSubstr("<")), Not(HasSubstr(">")), Not(HasSubstr("&")), Not(HasSubstr("\u2028")),
                          Not(HasSubstr("\u2029")), HasSubstr("\u2030")));
}

// The test vectors of RFC 4648, section 10.
TEST(Base64, IsThatOfTheRfc) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace ipcbench
