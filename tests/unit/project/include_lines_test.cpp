#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

// Who may include whom. The order of the layers is what keeps a mechanism's file readable on its own, and a report
// buildable from a file on any machine; the linker would notice only half of what breaks it.

namespace ipcbench {
namespace {

namespace fs = std::filesystem;

struct Layer {
  std::string_view folder;
  std::vector<std::string_view> may_include;  // folders, or single headers
};

// The first that holds.
const std::vector<Layer> kLayers = {
    {"harness/os/", {"harness/os/"}},
    {"harness/measure/", {"harness/os/", "harness/measure/"}},
    {"harness/transport/", {"harness/os/", "harness/measure/", "harness/transport/"}},
    {"harness/facts/", {"harness/os/", "harness/facts/"}},
    {"harness/run/",
     {"harness/os/", "harness/facts/", "harness/measure/", "harness/transport/", "harness/run/", "results/"}},
    {"scenarios/", {"harness/os/", "harness/measure/", "harness/transport/", "scenarios/"}},
    // The liars share a carrier.
    {"transports/testing/", {"harness/os/", "harness/transport/", "scenarios/bind.h", "transports/testing/"}},
    {"transports/",
     {"harness/os/", "harness/transport/", "harness/measure/splitmix64.h", "scenarios/bind.h", "scenarios/bind_fd.h",
      "scenarios/bind_descriptors.h", "transports/parts/ring_transport.h"}},
    {"results/", {"harness/os/", "harness/measure/", "results/"}},
    {"plots/", {"harness/os/", "harness/measure/", "results/", "plots/"}},
};

const std::vector<std::string_view> kFolders = {"harness/", "scenarios/", "transports/", "results/", "plots/", "cli/"};

bool starts_with_any(std::string_view text, const std::vector<std::string_view>& prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(),
                     [&](std::string_view prefix) { return text.starts_with(prefix); });
}

std::string without_extension(std::string_view path) { return std::string(path.substr(0, path.rfind('.'))); }

// `file` and `include` are relative to the source folder. What lies in none of the layers may include anything, and
// generated headers, which lie in no folder, may be included by anything.
bool allowed(std::string_view file, std::string_view include) {
  if (!starts_with_any(include, kFolders)) return true;
  if (without_extension(file) == without_extension(include)) return true;  // its own header
  for (const Layer& layer : kLayers) {
    if (starts_with_any(file, {layer.folder})) return starts_with_any(include, layer.may_include);
  }
  return true;
}

struct IncludeLine {
  std::string file;
  int line = 0;
  std::string include;
};

std::vector<IncludeLine> include_lines_of(const fs::path& root) {
  const std::regex pattern(R"re(\s*#\s*include\s*"([^"]+)".*)re");
  std::vector<IncludeLine> lines;
  for (const std::string_view folder : kFolders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".h" && entry.path().extension() != ".cpp") continue;
      std::ifstream file(entry.path());
      std::string text;
      for (int number = 1; std::getline(file, text); ++number) {
        std::smatch match;
        if (std::regex_match(text, match, pattern))
          lines.push_back({fs::relative(entry.path(), root).generic_string(), number, match[1]});
      }
    }
  }
  return lines;
}

TEST(IncludeLines, FollowTheLayers) {
  const std::vector<IncludeLine> lines = include_lines_of(IPCBENCH_SOURCE_DIR);
  ASSERT_FALSE(lines.empty());
  for (const IncludeLine& line : lines)
    EXPECT_TRUE(allowed(line.file, line.include)) << line.file << ":" << line.line << ": " << line.include;
}

TEST(IncludeLines, NameHeadersFromTheSourceFolder) {
  const fs::path root = IPCBENCH_SOURCE_DIR;
  for (const IncludeLine& line : include_lines_of(root)) {
    const bool is_beside = fs::exists((root / line.file).parent_path() / line.include);
    EXPECT_TRUE(fs::exists(root / line.include) || !is_beside) << line.file << ":" << line.line << ": " << line.include;
  }
}

TEST(IncludeLines, TransportsStandAlone) {
  EXPECT_TRUE(allowed("transports/pipe.cpp", "harness/sdk/transport.h"));
  EXPECT_TRUE(allowed("transports/pipe.cpp", "scenarios/bind.h"));
  EXPECT_TRUE(allowed("transports/pipe.cpp", "harness/base/unique_fd.h"));
  EXPECT_TRUE(allowed("transports/dbus.cpp", "transports/dbus.h"));
  EXPECT_FALSE(allowed("transports/pipe.cpp", "transports/fifo.h"));
  EXPECT_FALSE(allowed("transports/pipe.cpp", "scenarios/ping_pong.h"));
  EXPECT_FALSE(allowed("transports/pipe.cpp", "harness/measure/clock.h"));
  EXPECT_FALSE(allowed("transports/pipe.cpp", "transports/faulty/faulty.h"));
  EXPECT_FALSE(allowed("transports/faulty/faults.cpp", "transports/pipe.h"));
  EXPECT_FALSE(allowed("transports/faulty/faults.cpp", "harness/run/runner.h"));
}

TEST(IncludeLines, ReportsNeedNoHarness) {
  EXPECT_TRUE(allowed("results/files/json.cpp", "results/model/record.h"));
  EXPECT_FALSE(allowed("results/files/json.cpp", "harness/plan/plan.h"));
  EXPECT_FALSE(allowed("results/files/json.cpp", "plots/table/table.h"));
  EXPECT_FALSE(allowed("plots/html/page.cpp", "harness/sdk/capabilities.h"));
}

TEST(IncludeLines, TheEngineKnowsNoMechanism) {
  EXPECT_FALSE(allowed("harness/run/runner.cpp", "transports/pipe.h"));
  EXPECT_FALSE(allowed("harness/process/child.cpp", "harness/measure/clock.h"));
  EXPECT_FALSE(allowed("transports/parts/ring.h", "scenarios/bind.h"));
  EXPECT_TRUE(allowed("harness/run/build_info.cpp", "ipcbench_version.h"));
}

}  // namespace
}  // namespace ipcbench
