#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "plots/charts/charts.h"
#include "plots/table/table.h"
#include "plots/tables/claims_table.h"
#include "plots/tables/result_tables.h"
#include "results/claims/builtin_claims.h"
#include "results/claims/claims.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

const std::string kRoot = IPCBENCH_SOURCE_DIR;

std::vector<std::string> code_blocks(const std::string& text, const std::string& language) {
  const std::string opening = "\n```" + language + "\n";
  std::vector<std::string> blocks;
  for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
    at += opening.size();
    const std::size_t end = text.find("```", at);
    blocks.push_back(text.substr(at, end - at));
  }
  return blocks;
}

TEST(Documentation, AddingATransportShowsTheExamplesCode) {
  const std::string example = read_file(kRoot + "/examples/adding-a-transport/seqpacket_pair.cpp");
  const std::vector<std::string> blocks = code_blocks(read_file(kRoot + "/docs/adding-a-transport.md"), "cpp");
  ASSERT_EQ(blocks.size(), 4u);
  for (const std::string& block : blocks) {
    EXPECT_NE(example.find(block), std::string::npos) << "not in the example:\n" << block;
  }
}

// Returns the first cells, `in backquotes`, of the table under a row "| file | … |" that has `second` in its header,
// sorted.
std::vector<std::string> files_of_table(const std::string& page, const std::string& second) {
  std::istringstream lines(page.substr(page.find(fmt::format("\n| file | {} |\n", second)) + 1));
  std::vector<std::string> files;
  for (std::string line; std::getline(lines, line) && line.starts_with("|");) {
    if (line.starts_with("| `")) files.push_back(line.substr(3, line.find('`', 3) - 3));
  }
  std::ranges::sort(files);
  return files;
}

// Returns the sources outside scenarios/ in which the pattern is found, sorted.
std::vector<std::string> files_that_match(const std::regex& pattern) {
  namespace fs = std::filesystem;
  std::vector<std::string> files;
  for (const char* folder : {"harness", "transports", "results", "plots", "cli"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(kRoot) / folder)) {
      const std::string suffix = entry.path().extension().string();
      if (suffix != ".h" && suffix != ".cpp" && suffix != ".js") continue;
      if (std::regex_search(read_file(entry.path().string()), pattern))
        files.push_back(fs::relative(entry.path(), kRoot).generic_string());
    }
  }
  std::ranges::sort(files);
  return files;
}

const std::string kScenarioPage = "/docs/adding-a-scenario.md";
const std::string kScenarioExample = "/examples/adding-a-scenario/";

TEST(Documentation, AddingAScenarioShowsTheExamplesCode) {
  const std::string page = read_file(kRoot + kScenarioPage);
  const std::string example = read_file(kRoot + kScenarioExample + "scenarios/served.h") +
                              read_file(kRoot + kScenarioExample + "scenarios/all.h");
  const std::vector<std::string> blocks = code_blocks(page, "cpp");
  ASSERT_EQ(blocks.size(), 3u);
  for (const std::string& block : blocks) {
    EXPECT_NE(example.find(block), std::string::npos) << "not in the example:\n" << block;
  }
  EXPECT_THAT(code_blocks(page, "toml"), ElementsAre(read_file(kRoot + kScenarioExample + "served.toml")));
}

TEST(Documentation, AddingAScenarioAddsTwoLinesToTheProgramsList) {
  std::string list = read_file(kRoot + kScenarioExample + "scenarios/all.h");
  for (const std::string added : {"#include \"scenarios/served.h\"\n", ", Served"}) {
    ASSERT_NE(list.find(added), std::string::npos) << added;
    list.erase(list.find(added), added.size());
  }
  // The longer list may have a line break more.
  const auto on_one_line = [](const std::string& text) {
    return std::regex_replace(text, std::regex("=\\s+ScenarioList"), "= ScenarioList");
  };
  EXPECT_EQ(on_one_line(list), on_one_line(read_file(kRoot + "/scenarios/all.h")));
}

TEST(Documentation, AddingAScenarioTellsWhichFilesItTouches) {
  const std::string page = read_file(kRoot + kScenarioPage);
  EXPECT_THAT(files_of_table(page, "what it gets"),
              UnorderedElementsAre("scenarios/served.h", "scenarios/all.h", "scenarios/list/scenario.h",
                                   "scenarios/suites/*.toml"));
  const std::regex names(
      "Scenario::(ping_pong|streaming|setup)\\b|\\bk(PingPong|Streaming|Setup)\\b|"
      "'(ping-pong|streaming|setup)'");
  EXPECT_EQ(files_of_table(page, "what it says of a scenario"), files_that_match(names));
  EXPECT_EQ(files_of_table(page, "what depends on the traffic"), files_that_match(std::regex("\\bTraffic::")));
}

// Checks what tools/update-readme writes from the published evidence. Images are compared by the digest of their data
// and script, since versions of gnuplot draw differently.
class GeneratedDocuments : public ::testing::Test {
 protected:
  std::string markdown_of(const std::string& kind, Language language = Language::english) const {
    std::vector<Table> tables = result_tables(evidence_, language);
    std::erase_if(tables, [&](const Table& t) { return t.id != kind && t.id.rfind(kind + "/", 0) != 0; });
    return to_markdown(tables);
  }

  const Result evidence_ = load_result(kRoot + "/results/published/quick-intel-xeon-kvm.json");
  const std::string hint_ = "\nrun tools/update-readme";
};

TEST_F(GeneratedDocuments, TheComparisonIsThatOfTheEvidence) {
  const std::string document = read_file(kRoot + "/docs/comparison.md");
  for (const std::string& text : {markdown_of("comparison"), markdown_of("comparison", Language::chinese),
                                  markdown_of("claims"), markdown_of("guide")}) {
    EXPECT_NE(document.find(text), std::string::npos) << "not in docs/comparison.md:\n" << text << hint_;
  }
}

TEST_F(GeneratedDocuments, TheClaimsAreJudgedByTheEvidence) {
  const std::string second = "standard-amd-zen5-kvm.json.zst";
  const Result standard = load_result(kRoot + "/results/published/" + second);
  const std::vector<ClaimResult> results = {{&evidence_, "quick-intel-xeon-kvm.json"}, {&standard, second}};
  std::vector<Claim> claims(public_claims().begin(), public_claims().end());
  claims.insert(claims.end(), articles_claims().begin(), articles_claims().end());
  const std::string document = read_file(kRoot + "/docs/claims.md");
  for (const Language language : {Language::english, Language::chinese}) {
    const std::string table = to_markdown(judged_claims_table(judge(claims, results), language));
    EXPECT_NE(document.find(table), std::string::npos) << "not in docs/claims.md:\n" << table << hint_;
  }
}

TEST_F(GeneratedDocuments, TheChartsAreThoseOfTheEvidence) {
  for (const std::string name : {"percentiles-same-cpu", "throughput-same-cpu"}) {
    const std::string image = read_file(kRoot + "/docs/images/" + name + ".svg");
    const std::vector<Chart> charts = charts_of(evidence_);
    const auto chart = std::ranges::find(charts, name, &Chart::name);
    ASSERT_NE(chart, charts.end()) << name;
    EXPECT_NE(image.find("<!-- ipcbench " + chart_digest(*chart) + " -->"), std::string::npos) << name << hint_;
  }
}

// Returns what stands in README.md between the markers of `name`.
std::string block_of_readme(const std::string& name) {
  const std::string readme = read_file(kRoot + "/README.md");
  const std::size_t begin = readme.find(fmt::format("\n<!-- generated: {} -->\n", name));
  const std::size_t end = readme.find(fmt::format("\n<!-- end of generated: {} -->\n", name));
  if (begin == std::string::npos || end == std::string::npos) return "";
  return readme.substr(begin, end - begin);
}

TEST_F(GeneratedDocuments, TheReadmesComparisonIsThatOfTheEvidence) {
  const std::string block = block_of_readme("comparison");
  std::vector<Table> tables = result_tables(evidence_);
  std::erase_if(tables, [](const Table& t) { return t.id != "comparison/same-cpu"; });
  ASSERT_EQ(tables.size(), 1u);
  std::erase_if(tables[0].notes, [](const std::string& note) {  // these are in docs/comparison.md
    return note.starts_with("≠ ") || note.starts_with("bands of ");
  });
  EXPECT_GT(tables[0].notes.size(), 3u);
  EXPECT_NE(block.find(to_markdown(tables)), std::string::npos) << block << hint_;
  EXPECT_NE(block.find("(docs/images/throughput-same-cpu.svg)"), std::string::npos) << block << hint_;
}

// Its columns are some of the table's, in the same order.
TEST_F(GeneratedDocuments, TheReadmesRankingIsThatOfTheEvidence) {
  const std::string block = block_of_readme("ranking");
  EXPECT_NE(block.find("(docs/images/percentiles-same-cpu.svg)"), std::string::npos) << block << hint_;
  std::vector<Table> tables = result_tables(evidence_);
  std::erase_if(tables, [](const Table& t) { return t.id != "ping-pong/same-cpu"; });
  ASSERT_EQ(tables.size(), 1u);
  std::istringstream table(to_markdown(tables));
  int rows = 0;
  bool is_wanted = false;
  for (std::string line; std::getline(table, line);) {
    if (line.starts_with("**")) is_wanted = line == "**64 B, block**";
    if (!is_wanted || !line.starts_with("| ") || line.starts_with("| ---")) continue;
    std::vector<std::string> cells;
    for (std::size_t at = 2; at < line.size();) {
      const std::size_t end = line.find(" |", at);
      cells.push_back(line.substr(at, end - at));
      at = end + 3;
    }
    ASSERT_GT(cells.size(), 10u) << line;
    const std::string wanted =
        fmt::format("\n| {} | {} | {} | {} | {} | {} |\n", cells[0], cells[1], cells[3], cells[4], cells[6], cells[10]);
    EXPECT_NE(block.find(wanted), std::string::npos) << wanted << hint_;
    ++rows;
  }
  EXPECT_GT(rows, 10);
}

}  // namespace
}  // namespace ipcbench
