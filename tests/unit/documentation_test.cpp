#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/os/io.h"
#include "plots/result_tables.h"
#include "plots/table.h"
#include "results/store.h"

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

TEST(Documentation, TheReadmesTableIsThatOfThePublishedResult) {
  const Result result = load_result(kRoot + "/results/published/quick-amd-epyc-kvm.json");
  const std::string readme = read_file(kRoot + "/README.md");
  int shown = 0;
  for (const Table& table : measurement_tables(result)) {
    if (table.id != "ping-pong/same-cpu") continue;
    EXPECT_NE(readme.find(to_markdown(table)), std::string::npos) << "not in the README:\n" << to_markdown(table);
    ++shown;
  }
  EXPECT_EQ(shown, 1);
}

}  // namespace
}  // namespace ipcbench
