#include "plots/charts/charts.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"
#include "harness/base/usage_error.h"
#include "plots/charts/gnuplot.h"
#include "plots/charts/gnuplot_templates.h"
#include "plots/exports/exports.h"
#include "plots/exports/google_benchmark_json.h"
#include "results/figures/summary.h"
#include "results/files/store.h"
#include "tests/support/compared_sample.h"
#include "tests/support/idle_sample.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A text that would run a command, write a file or end a string if gnuplot took it for syntax.
constexpr const char* kHostile = "'; system('touch owned'); set output \"`touch owned`\"\n\t# {/Symbol x} @SCALE@";

Result hostile_sample() {
  Result result = compared_sample();
  const std::string name = kHostile;
  for (TransportRecord& transport : result.transports) transport.name = transport.name + name;
  for (CaseRecord& c : result.cases) {
    c.placement = PlacementName(fmt::format("{}/../../{}", name, to_string(c.placement)));
    c.id += name + "/../../x";
  }
  return result;
}

Chart find_chart(const Result& result, const std::string& name) {
  const std::vector<Chart> charts = charts_of(result);
  const auto found = std::ranges::find(charts, name, &Chart::name);
  return found == charts.end() ? Chart{} : *found;
}

Result sample_with_floor() {
  Result result = compared_sample();
  FloorRecord floor;
  floor.placement = Placement::same_cpu;
  floor.futex_rtt_ns = 900;
  floor.memcpy = {{64, 20e9}, {65536, 40e9}};
  result.floors = {floor};
  return result;
}

TEST(Charts, AreThoseThatTheResultHasDataFor) {
  std::vector<std::string> names;
  for (const Chart& chart : charts_of(sample_with_floor())) names.push_back(chart.name);
  // Without launches there are no percentiles, and nothing was set up.
  EXPECT_THAT(names,
              ElementsAre("latency-same-cpu", "throughput-same-cpu", "messages-same-cpu", "cpu-same-cpu", "memory"));
  EXPECT_TRUE(charts_of(Result{}).empty());
}

TEST(Charts, DataHoldsFiguresIntervalsAndTheFloor) {
  EXPECT_THAT(find_chart(sample_with_floor(), "throughput-same-cpu").data,
              StartsWith("# Throughput against message size, same-cpu\n"
                         "pipe\n"
                         "64\t10000000\t9900000\t10100000\n"
                         "65536\t3000000000\t2970000000\t3030000000\n"
                         "\n\n"
                         "sysv-mq\n"));
  EXPECT_THAT(find_chart(sample_with_floor(), "throughput-same-cpu").data,
              HasSubstr("\n\n\nmemcpy (floor)\n64\t20000000000\t20000000000\t20000000000\n"));
}

TEST(Charts, SilencesHaveMediansIntervalsAndTheLongest) {
  const Chart chart = find_chart(idle_result(), "idle-same-l3");
  EXPECT_THAT(chart.data, StartsWith("# Round trips after silence, same-l3\npipe\n100000\t"));
  EXPECT_THAT(chart.data, HasSubstr("\t17000\n")) << "the longest";
  EXPECT_THAT(chart.data, HasSubstr("\n\n\nsysv-sem\n"));
  const std::size_t at = chart.data.find("\n1000000000\t");
  ASSERT_NE(at, std::string::npos);
  double silence = 0, median = 0, low = 0, high = 0;
  ASSERT_EQ(std::sscanf(chart.data.c_str() + at, "%lf %lf %lf %lf", &silence, &median, &low, &high), 4);
  EXPECT_EQ(low, median) << "a pooled median has no interval";
  EXPECT_EQ(high, median);
  EXPECT_THAT(chart.script, HasSubstr("set logscale xy 10"));
}

TEST(Charts, WhatALimitChangedIsMarkedAndTheTitleSaysSo) {
  Result result = sample_with_floor();
  EXPECT_THAT(find_chart(result, "latency-same-cpu").data, Not(HasSubstr("‡")));
  case_of(result, "ping-pong/pipe/block/64/same-cpu").summary.limits_met = {{sample_limit(), 9}};
  case_of(result, "ping-pong/pipe/block/64/same-cpu").channel->limits_met = {sample_limit()};
  for (const char* name : {"latency-same-cpu", "cpu-same-cpu", "memory"}) {
    EXPECT_THAT(find_chart(result, name).data, HasSubstr("pipe ‡")) << name;
    EXPECT_THAT(find_chart(result, name).data, HasSubstr("(‡: changed by a limit of the host)")) << name;
  }
  EXPECT_THAT(find_chart(result, "throughput-same-cpu").data, Not(HasSubstr("‡")));
}

TEST(Charts, AMemoryRowSaysWhichDotIsALowerBound) {
  Result result = sample_with_floor();
  ChannelRecord& channel = *case_of(result, "ping-pong/pipe/block/64/same-cpu").channel;
  channel.kernel_objects = "all";
  channel.capped = false;
  EXPECT_THAT(find_chart(result, "memory").data, Not(HasSubstr("pipe (loaded ≥)")));
  channel.capped = true;
  EXPECT_THAT(find_chart(result, "memory").data, HasSubstr("pipe (loaded ≥)"));
  channel.kernel_objects = "none";
  EXPECT_THAT(find_chart(result, "memory").data, AllOf(HasSubstr("pipe ≥"), Not(HasSubstr("pipe (loaded ≥)"))));
}

TEST(Charts, PercentilesEndWhereTenValuesLieAbove) {
  Result result = sample_result();
  summarise(result);
  const std::string data = find_chart(result, "percentiles-same-cpu").data;
  EXPECT_THAT(data, HasSubstr("\npipe\n"));
  const std::size_t end = data.find("\n\n\n");
  const std::size_t line = data.rfind('\n', end - 1);
  // Of 9 launches of 1000 round trips, the last point is at most at 900.
  const double last = std::stod(data.substr(line + 1));
  EXPECT_LE(last, 900.0);
  EXPECT_GT(last, 700.0);
}

TEST(Charts, ScriptsAreTemplatesFilledIn) {
  for (const Chart& chart : charts_of(sample_with_floor())) {
    EXPECT_THAT(chart.script, Not(HasSubstr("@"))) << chart.name;
    EXPECT_THAT(chart.script, HasSubstr(chart.name + ".dat")) << chart.name;
  }
  EXPECT_TRUE(gnuplot_template("absent").empty());
}

TEST(Charts, NamesFromAFileReachGnuplotAsDataAlone) {
  const std::vector<Chart> charts = charts_of(hostile_sample());
  ASSERT_FALSE(charts.empty());
  for (const Chart& chart : charts) {
    for (const std::string& text : {chart.name, chart.title, chart.data}) {
      EXPECT_THAT(text, Not(::testing::ContainsRegex("['\"`;\\@{$]"))) << text;
    }
    EXPECT_THAT(chart.name, Not(HasSubstr("/")));
    // Looks outside the script's strings, which hold no quotes.
    const std::string code = std::regex_replace(chart.script, std::regex("'[^']*'"), "");
    EXPECT_THAT(code, AllOf(Not(HasSubstr("system")), Not(HasSubstr("touch")))) << code;
  }
}

TEST(Charts, TheDigestIsOfDataAndScript) {
  Result result = sample_with_floor();
  const std::string digest = chart_digest(find_chart(result, "memory"));
  EXPECT_EQ(digest.size(), 16u);
  EXPECT_EQ(chart_digest(find_chart(result, "memory")), digest);
  result.cases[0].summary.channel_loaded.median = 1;
  EXPECT_NE(chart_digest(find_chart(result, "memory")), digest);
}

TEST(Charts, WithoutGnuplotTheMessageSaysWhatToInstall) {
  const TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  try {
    write_charts(sample_with_floor(), folder.path() + "/charts");
    ADD_FAILURE();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("gnuplot-nox"));
  }
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_FALSE(fs::exists(folder.path() + "/charts"));
}

class DrawnCharts : public ::testing::Test {
 protected:
  void SetUp() override {
    if (gnuplot_program().empty()) GTEST_SKIP() << "there is no gnuplot";
  }
  const TemporaryFolder folder_;
};

TEST_F(DrawnCharts, AreImagesWithTheirDigest) {
  Result result = sample_with_floor();
  const std::vector<std::string> images = write_charts(result, folder_.path() + "/a folder");
  EXPECT_EQ(images.size(), 2 * charts_of(result).size());
  for (const std::string& image : images) {
    const std::string content = read_file(image);
    if (image.ends_with(".svg")) {
      const std::string name = fs::path(image).stem().string();
      EXPECT_THAT(content, AllOf(StartsWith("<?xml"),
                                 HasSubstr("<!-- ipcbench " + chart_digest(find_chart(result, name)) + " -->\n")));
    } else {
      EXPECT_THAT(content, StartsWith("\x89PNG"));
    }
  }
  EXPECT_THAT(read_file(folder_.path() + "/a folder/throughput-same-cpu.svg"), HasSubstr("unix-stream"));
}

TEST_F(DrawnCharts, DrawSilences) {
  write_charts(idle_result(), folder_.path());
  const std::string svg = read_file(folder_.path() + "/idle-same-l3.svg");
  EXPECT_THAT(svg, AllOf(HasSubstr("sysv-sem"), HasSubstr("longest"), HasSubstr("Round trips after silence")));
}

TEST_F(DrawnCharts, FollowNoLinkOfAnotherUser) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to make such a link";
  folder_.write("victim", "precious");
  const std::string link = folder_.path() + "/throughput-same-cpu.svg";
  fs::create_symlink("victim", link);
  ASSERT_EQ(::lchown(link.c_str(), 61234, 61234), 0);
  EXPECT_THROW(write_charts(sample_with_floor(), folder_.path()), UsageError);
  EXPECT_EQ(read_file(folder_.path() + "/victim"), "precious");
}

TEST_F(DrawnCharts, RunNothingThatANameSays) {
  const std::vector<ImageFormat> svg = {ImageFormat::svg};
  EXPECT_FALSE(drawn_in(folder_.path(), charts_of(hostile_sample(), svg)).empty());
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_.path())) {
    EXPECT_NE(entry.path().filename(), "owned");
    EXPECT_EQ(entry.path().parent_path(), fs::path(folder_.path()));
  }
}

TEST_F(DrawnCharts, AScriptThatFailsIsNamedWithWhatGnuplotSaid) {
  folder_.write("bad.gp", "plot nothing_of_this_name\n");
  try {
    run_gnuplot(gnuplot_program(), folder_.path(), "bad.gp");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("bad.gp"), HasSubstr("nothing_of_this_name")));
  }
}

TEST(Exports, HoldEveryTableAndTheDataOfOtherPrograms) {
  const TemporaryFolder folder;
  Result result = sample_result();
  summarise(result);
  const std::vector<std::string> files = write_exports(result, folder.path());
  for (const char* name :
       {"tables/comparison_same-cpu.csv", "tables/comparison_same-cpu.md", "tables/cases.csv", "tables/claims.csv",
        "hgrm/ping-pong_pipe_block_64_same-cpu.hgrm", "hlog/ping-pong_pipe_block_64_same-cpu.hlog",
        "google-benchmark.json", "charts/memory.dat", "charts/memory.gp"}) {
    EXPECT_TRUE(std::ranges::find(files, folder.path() + '/' + name) != files.end()) << name;
    EXPECT_GT(fs::file_size(folder.path() + '/' + name), 10u) << name;
  }
}

TEST(Exports, StayInTheirFolderWhateverTheNames) {
  const TemporaryFolder folder;
  const std::vector<std::string> files = write_exports(hostile_sample(), folder.path() + "/here");
  EXPECT_FALSE(files.empty());
  for (const fs::directory_entry& entry : fs::directory_iterator(folder.path())) {
    EXPECT_EQ(entry.path().filename(), "here");
  }
  for (const std::string& file : files)
    EXPECT_EQ(fs::weakly_canonical(file).string().rfind(folder.path() + "/here/", 0), 0u);
}

TEST(Exports, NamesAreFitForFiles) {
  EXPECT_EQ(export_name("ping-pong/pipe/block/64/same-cpu/capacity=64KiB"),
            "ping-pong_pipe_block_64_same-cpu_capacity=64KiB");
  EXPECT_EQ(export_name("../x"), "_.._x");
  EXPECT_EQ(export_name(""), "_");
  const std::string long_one(300, 'a');
  EXPECT_EQ(export_name(long_one), std::string(103, 'a') + "-ee7717eba7a17e21");
  EXPECT_NE(export_name(long_one), export_name(long_one + "b"));
}

std::vector<std::string> keys_of(const nlohmann::json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

TEST(GoogleBenchmarkJson, HasTheAggregatesOfItsRepetitions) {
  Result result = sample_result();
  result.cases.resize(1);
  summarise(result);
  const nlohmann::json entries = nlohmann::json::parse(to_google_benchmark_json(result))["benchmarks"];
  ASSERT_EQ(entries.size(), 13u);
  const std::string name = "ping-pong/pipe/block/64/same-cpu/iterations:1000/manual_time";
  const std::vector<double> expected = {4160, 4160, 40 * std::sqrt(7.5), 40 * std::sqrt(7.5) / 4160};
  for (std::size_t n = 0; n < 4; ++n) {
    const nlohmann::json& entry = entries[9 + n];
    const std::string kind = std::vector<std::string>{"mean", "median", "stddev", "cv"}[n];
    EXPECT_EQ(entry["name"], name + "_" + kind);
    EXPECT_EQ(entry["run_name"], name);
    EXPECT_EQ(entry["run_type"], "aggregate");
    EXPECT_EQ(entry["aggregate_name"], kind);
    EXPECT_EQ(entry["aggregate_unit"], kind == "cv" ? "percentage" : "time");
    EXPECT_EQ(entry["repetitions"], 9);
    EXPECT_EQ(entry["iterations"], 9);
    EXPECT_NEAR(entry["real_time"].get<double>(), expected[n], 1e-9);
    EXPECT_NEAR(entry["cpu_time"].get<double>(), expected[n], 1e-9);
    EXPECT_FALSE(entry.contains("repetition_index"));
  }
}

TEST(GoogleBenchmarkJson, TheMachineIsThatOfTheResultAndWhatIsUnknownIsLeftOut) {
  Result result = sample_result();
  summarise(result);
  const auto context = [&] { return nlohmann::json::parse(to_google_benchmark_json(result))["context"]; };
  EXPECT_EQ(context()["cpu_scaling_enabled"], false) << "the sample's governor is performance";
  EXPECT_EQ(context()["library_build_type"], "release");
  EXPECT_THAT(keys_of(context()), Not(::testing::Contains(::testing::AnyOf("num_cpus", "mhz_per_cpu", "caches"))));
  result.machine.details = {
      {"cpus_online", std::int64_t{12}}, {"cpu_mhz", 3812.5}, {"governor", std::string("performance, powersave")}};
  result.build.build_type = "Debug";
  EXPECT_EQ(context()["num_cpus"], 12);
  EXPECT_EQ(context()["mhz_per_cpu"], 3812.5);
  EXPECT_EQ(context()["cpu_scaling_enabled"], true);
  EXPECT_EQ(context()["library_build_type"], "debug");
  result.machine.details = {{"cpu_mhz", std::monostate{}}, {"governor", std::monostate{}}};
  result.build.build_type = "";
  EXPECT_THAT(keys_of(context()),
              Not(::testing::Contains(::testing::AnyOf("mhz_per_cpu", "cpu_scaling_enabled", "library_build_type"))));
}

TEST(GoogleBenchmarkJson, CpuTimeThatWasNotMeasuredIsLabelled) {
  Result result = sample_result();
  result.cases.resize(1);
  for (LaunchRecord& launch : result.cases[0].launches) launch.broker = ProcessUsage{};  // couldn't be read
  summarise(result);
  const nlohmann::json document = nlohmann::json::parse(to_google_benchmark_json(result));
  ASSERT_FALSE(document.at("benchmarks").empty());
  for (const nlohmann::json& entry : document.at("benchmarks")) {
    EXPECT_EQ(entry["cpu_time"], 0);
    EXPECT_EQ(entry["label"], "CPU time not measured");
    EXPECT_FALSE(entry.contains("cpu_ns"));
  }
}

TEST(GoogleBenchmarkJson, WhatALimitChangedIsLabelled) {
  Result result = sample_result();
  result.cases.resize(2);
  for (LaunchRecord& launch : result.cases[0].launches) {
    launch.limits_met = {sample_limit()};
    launch.broker = ProcessUsage{};
  }
  summarise(result);
  const nlohmann::json document = nlohmann::json::parse(to_google_benchmark_json(result));
  for (const nlohmann::json& entry : document.at("benchmarks")) {
    const bool is_pipe = entry["name"].get<std::string>().find("/pipe/") != std::string::npos;
    EXPECT_EQ(entry.contains("label"), is_pipe);
    if (is_pipe) {
      EXPECT_THAT(entry["label"].get<std::string>(),
                  StartsWith("CPU time not measured; ‡ fs.pipe-user-pages-soft is 16384"));
    }
  }
}

TEST(GoogleBenchmarkJson, HasARepetitionForEachLaunchThatCounts) {
  Result result = sample_result();
  summarise(result);
  const nlohmann::json document = nlohmann::json::parse(to_google_benchmark_json(result));
  std::vector<nlohmann::json> pipe;
  for (const nlohmann::json& entry : document["benchmarks"]) {
    if (entry["name"].get<std::string>().starts_with("ping-pong/pipe/block/64/same-cpu/")) pipe.push_back(entry);
  }
  ASSERT_EQ(pipe.size(), 9u + 4) << "the launches, and what is made of them";
  EXPECT_EQ(pipe[3]["name"], "ping-pong/pipe/block/64/same-cpu/iterations:1000/manual_time");
  EXPECT_EQ(pipe[3]["repetition_index"], 3);
  EXPECT_EQ(pipe[3]["repetitions"], 9);
  EXPECT_DOUBLE_EQ(pipe[3]["real_time"].get<double>(), 4000 * 1.03);
  EXPECT_DOUBLE_EQ(pipe[3]["cpu_time"].get<double>(), 4000 * 1.03);
  EXPECT_EQ(pipe[3]["time_unit"], "ns");
  EXPECT_TRUE(pipe[3].contains("p50_ns"));
  for (const nlohmann::json& entry : document["benchmarks"]) {
    // Launches of another canary state don't count, nor do invalid and skipped cases.
    EXPECT_EQ(entry["name"].get<std::string>().find("/ring/block/"), std::string::npos);
    if (entry["run_type"] == "aggregate") continue;
    if (entry["name"].get<std::string>().starts_with("streaming/pipe")) {
      EXPECT_NEAR(entry["bytes_per_second"].get<double>(), 64e9 / entry["real_time"].get<double>(), 1);
    }
  }
}

}  // namespace
}  // namespace ipcbench
