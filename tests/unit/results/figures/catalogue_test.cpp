#include "results/figures/catalogue.h"

#include <fstream>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/figures/metric.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using nlohmann::json;
using ::testing::UnorderedElementsAre;

json schema_of_summary() {
  std::ifstream file(IPCBENCH_SOURCE_DIR "/results/schema/ipcbench-result.schema.json");
  return json::parse(file).at("definitions").at("summary").at("properties");
}

// Returns "rtt_ns.p50", or only the name.
std::string path_of(const FigureInfo& info) {
  return info.group.empty() ? std::string(info.name) : std::string(info.group) + "." + std::string(info.name);
}

bool is_figure(const json& schema) { return schema.value("$ref", "") == "#/definitions/figure"; }

std::set<std::string> figures_of_schema() {
  std::set<std::string> paths;
  const json summary = schema_of_summary();
  for (const auto& [key, member] : summary.items()) {
    if (is_figure(member)) paths.insert(key);
    if (!member.contains("properties")) continue;
    for (const auto& [name, inner] : member.at("properties").items()) {
      if (is_figure(inner)) paths.insert(key + "." + name);
    }
  }
  return paths;
}

TEST(Catalogue, IsWhatTheSchemaOfResultsHolds) {
  std::set<std::string> paths;
  for (const FigureInfo& info : figure_catalogue()) paths.insert(path_of(info));
  EXPECT_EQ(paths, figures_of_schema());
}

TEST(Catalogue, NamesEachFigureOnce) {
  std::set<std::string_view> keys;
  for (const FigureInfo& info : figure_catalogue()) EXPECT_TRUE(keys.insert(info.key).second) << info.key;
}

// A group that isn't contiguous would be written as two objects with the same key.
TEST(Catalogue, KeepsAGroupTogether) {
  std::set<std::string_view> closed;
  std::string_view open;
  for (const FigureInfo& info : figure_catalogue()) {
    if (info.group == open) continue;
    if (!open.empty()) closed.insert(open);
    EXPECT_FALSE(closed.contains(info.group)) << info.group;
    open = info.group;
  }
}

TEST(Catalogue, AKeySaysItsUnit) {
  for (const FigureInfo& info : figure_catalogue()) {
    const bool says_ns = info.key.find("_ns") != std::string_view::npos;
    EXPECT_EQ(info.unit == Unit::ns, says_ns) << info.key;
    EXPECT_EQ(info.unit == Unit::bytes, info.key.starts_with("channel_bytes")) << info.key;
    EXPECT_EQ(info.unit == Unit::per_s || info.unit == Unit::bytes_per_s, info.key.ends_with("_per_s")) << info.key;
  }
}

// A decision and a table that disagree about a launch would both be believed.
TEST(Catalogue, AMetricOfTheSameNameIsTheSameFigureOfALaunch) {
  const Result result = sample_result();
  std::set<std::string_view> compared;
  for (const FigureInfo& info : figure_catalogue()) {
    const std::optional<Metric> metric = parse_metric(info.key);
    if (!metric) continue;
    ASSERT_NE(info.of_launch, nullptr) << info.key;
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) {
        if (launch.status != Status::ok) continue;
        const std::optional<double> value = info.of_launch(c, launch);
        EXPECT_EQ(metrics_of(launch).value(*metric), value) << info.key << " of " << c.id;
        if (value) compared.insert(info.key);
      }
    }
  }
  EXPECT_THAT(compared, UnorderedElementsAre("cpu_ns_per_op", "rtt_mean_ns", "rtt_p50_ns"));
}

}  // namespace
}  // namespace ipcbench
