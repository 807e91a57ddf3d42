#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "plots/charts/charts.h"
#include "plots/table/table.h"
#include "plots/tables/result_tables.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

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

// Checks what tools/update-readme writes from the published evidence. Images are compared by the digest of their data
// and script, since versions of gnuplot draw differently.
class GeneratedDocuments : public ::testing::Test {
 protected:
  std::string markdown_of(const std::string& kind, Language language = Language::english) const {
    std::vector<Table> tables = result_tables(evidence_, language);
    std::erase_if(tables, [&](const Table& t) { return t.id != kind && t.id.rfind(kind + "/", 0) != 0; });
    return to_markdown(tables);
  }

  const Result evidence_ = load_result(kRoot + "/results/published/quick-amd-epyc-kvm.json");
  const std::string hint_ = "\nrun tools/update-readme";
};

TEST_F(GeneratedDocuments, TheComparisonIsThatOfTheEvidence) {
  const std::string document = read_file(kRoot + "/docs/comparison.md");
  for (const std::string& text : {markdown_of("comparison"), markdown_of("comparison", Language::chinese),
                                  markdown_of("claims"), markdown_of("guide")}) {
    EXPECT_NE(document.find(text), std::string::npos) << "not in docs/comparison.md:\n" << text << hint_;
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
