// Checks that references in comments and pages resolve: rules of docs/method.md, pages of docs/, articles of
// docs/sources.md.

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "results/claims/claims.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

const fs::path kTree = IPCBENCH_SOURCE_DIR;

std::string whole_text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Returns what the first group of `pattern` matches in `text`.
std::set<std::string> matches(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  std::set<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) found.insert((*at)[1]);
  return found;
}

std::set<std::string> cited_rules(const std::string& text) { return matches(text, "\\b[Rr]ule ([0-9]+)\\b"); }
std::set<std::string> cited_pages(const std::string& text) { return matches(text, "\\b(docs/[a-z0-9_.-]+\\.md)\\b"); }

// Returns the sources and pages of the tree, relative to it.
std::vector<std::string> texts() {
  std::vector<std::string> found;
  for (const char* folder : {"harness", "scenarios", "transports", "results", "plots", "cli", "tests", "bench", "docs",
                             "cmake", "examples", "tools"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(kTree / folder)) {
      const std::string path = fs::relative(entry.path(), kTree).generic_string();
      if (!entry.is_regular_file() || path.starts_with("tests/fuzz/corpus") || path.starts_with("results/published"))
        continue;
      if (path.find("references_test") == std::string::npos) found.push_back(path);
    }
  }
  for (const char* file : {"README.md", "CONTRIBUTING.md", "CMakeLists.txt", "run-benchmarks", "run-tests"})
    found.emplace_back(file);
  return found;
}

TEST(References, ToRulesAreToThoseOfTheMethod) {
  const std::set<std::string> rules = cited_rules(whole_text_of(kTree / "docs/method.md"));
  ASSERT_GE(rules.size(), 20U);
  for (const std::string& path : texts()) {
    for (const std::string& rule : cited_rules(whole_text_of(kTree / path)))
      EXPECT_TRUE(rules.contains(rule)) << path << ": rule " << rule << " is not in docs/method.md";
  }
}

TEST(References, ToPagesAreToPagesThatExist) {
  for (const std::string& path : texts()) {
    for (const std::string& page : cited_pages(whole_text_of(kTree / path)))
      EXPECT_TRUE(fs::exists(kTree / page)) << path << ": " << page;
  }
}

TEST(References, ToArticlesAreToThoseOfTheSources) {
  const std::string sources = whole_text_of(kTree / "docs/sources.md");
  for (const JudgedClaim& claim : judge_claims({})) {
    for (const std::string& key : matches(std::string(claim.sources), "(S[0-9])"))
      EXPECT_THAT(sources, ::testing::HasSubstr(fmt::format("\n| {} | ", key)));
  }
}

TEST(References, AreFoundInTexts) {
  EXPECT_EQ(cited_rules("// Rule 14: so. See rule 7, and ruler 9."), (std::set<std::string>{"14", "7"}));
  EXPECT_EQ(cited_pages("see docs/method.md, docs/result-format.md#progress and mydocs/x.md"),
            (std::set<std::string>{"docs/method.md", "docs/result-format.md"}));
}

}  // namespace
}  // namespace ipcbench
