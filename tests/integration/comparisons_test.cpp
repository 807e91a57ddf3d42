#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/compare/noise_model.h"
#include "results/compare/pairs.h"
#include "results/figures/summary.h"
#include "results/files/journal.h"
#include "results/files/json.h"
#include "results/files/noise_file.h"
#include "results/files/pair_file.h"
#include "results/files/store.h"
#include "tests/integration/from_files.h"

// Checks decisions from files by ab --from and compare, with malformed files too.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(FromFiles, AbDecidesStoredPairsAgain) {
  struct Known {
    double percent, scatter;
    bool confirmed;
    int code;
    const char* words;
  };
  for (const Known& known : {Known{0, 0.01, false, 0, "pass: of 1 gated figures 1 same"},
                             Known{10, 0.01, true, 1, "regression: 1 of 1"}, Known{10, 0.01, false, 3, "too noisy"},
                             Known{2, 0.05, false, 3, "too noisy"}, Known{-10, 0.01, false, 0, "1 improved"}}) {
    write("pairs.jsonl", canned_pairs(known.percent, known.scatter, known.confirmed));
    const Outcome outcome = ipcbench("ab --from pairs.jsonl --strict");
    EXPECT_EQ(outcome.code, known.code) << known.percent << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(known.words));
  }
}

TEST_F(FromFiles, EveryFormIsWritten) {
  write("pairs.jsonl", canned_pairs(10, 0.01, true));
  const Outcome outcome = ipcbench(
      "ab --from pairs.jsonl --out markdown=a.md junit=a.xml json=a.json github openmetrics=a.txt gbench=b.json");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("\n::error title=regressed%3A ping-pong/pipe/block/64/same-cpu::"));
  EXPECT_THAT(content_of(folder_ / "a.md"), HasSubstr("## ipcbench ab: regression"));
  EXPECT_THAT(content_of(folder_ / "a.xml"), HasSubstr("<failure message=\"regressed: +10.0 %"));
  EXPECT_EQ(nlohmann::json::parse(content_of(folder_ / "a.json")).at("exit_code"), 1);
  EXPECT_THAT(content_of(folder_ / "a.txt"), ::testing::EndsWith("\n# EOF\n"));
  int repetitions = 0, aggregates = 0;
  const nlohmann::json benchmarks = nlohmann::json::parse(content_of(folder_ / "b.json"));
  for (const nlohmann::json& entry : benchmarks.at("benchmarks")) {
    (entry.at("run_type") == "iteration" ? repetitions : aggregates) += 1;
  }
  EXPECT_EQ(repetitions, 80);
  EXPECT_EQ(aggregates, 8);
  const Outcome on_stdout = ipcbench("ab --from pairs.jsonl --out json");
  EXPECT_EQ(nlohmann::json::parse(on_stdout.out).at("schema"), "ipcbench-comparison");
}

TEST_F(FromFiles, JunitHasTheUsualSchema) {
  write("pairs.jsonl", canned_pairs(10, 0.01, true));
  if (shell("command -v xmllint").code != 0) GTEST_SKIP() << "there is no xmllint";
  EXPECT_EQ(ipcbench("ab --from pairs.jsonl --out junit=a.xml").code, 1);
  const Outcome outcome = shell("xmllint --noout --schema '" IPCBENCH_SOURCE_DIR "/tests/integration/junit.xsd' a.xml");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
}

TEST_F(FromFiles, GoogleBenchmarksCompareReadsBothArms) {
  write("pairs.jsonl", canned_pairs(10, 0.01, true));
  // Debian's Python, which has Debian's scipy.
  if (shell("/usr/bin/python3 -c 'import scipy' && [[ -e /usr/share/benchmark/compare.py ]]").code != 0)
    GTEST_SKIP() << "needs compare.py and scipy";
  ipcbench("ab --from pairs.jsonl --out gbench=b.json");
  const Outcome outcome = shell("/usr/bin/python3 /usr/share/benchmark/compare.py --no-color filters b.json base head");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("+0.1000"));
}

TEST_F(FromFiles, BadPairsAreRefusedWithTheirLine) {
  const std::string good = canned_pairs(0, 0.01, false);
  write("torn.jsonl", good.substr(0, good.size() - 20));
  const Outcome torn = ipcbench("ab --from torn.jsonl");
  EXPECT_EQ(torn.code, 0) << torn.err;
  EXPECT_THAT(torn.err, HasSubstr("is cut after"));

  struct Bad {
    const char* text;
    const char* words;
  };
  for (const Bad& bad : {Bad{"", "no whole first line"}, Bad{"{}\n", "schema"}, Bad{"garbage\n", "not JSON"},
                         Bad{"{\"schema\": \"ipcbench-noise\", \"version\": 1}\n", "not an ipcbench-pairs"},
                         Bad{"{\"schema\": \"ipcbench-pairs\", \"version\": 9}\n", "version"}}) {
    write("bad.jsonl", bad.text);
    const Outcome outcome = ipcbench("ab --from bad.jsonl");
    EXPECT_EQ(outcome.code, 2) << bad.text;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("bad.jsonl"), HasSubstr(bad.words))) << bad.text;
    EXPECT_THAT(outcome.out, IsEmpty());
  }
  write("bad.jsonl", good + "{\"case\": \"x\"}\n");
  EXPECT_THAT(ipcbench("ab --from bad.jsonl").err, HasSubstr("bad.jsonl:42: \"round\" is missing"));
}

TEST_F(FromFiles, ACalibrationOfAnotherMachineIsSaidAndNotUsed) {
  write("pairs.jsonl", canned_pairs(0, 0.01, false));
  write("noise.json", to_json(canned_noise("another machine")));
  const Outcome outcome = ipcbench("ab --from pairs.jsonl");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(
      outcome.out,
      HasSubstr(
          "not calibrated: noise.json was learnt for something else than this (machine class: another machine and"));
  EXPECT_EQ(ipcbench("ab --from pairs.jsonl --noise absent.json").code, 5);
  write("noise.json", "{\"schema\": \"ipcbench-noise\"");
  EXPECT_EQ(ipcbench("ab --from pairs.jsonl").code, 2);
  write("other.json", to_json(canned_noise("another machine")));
  write("mine.json", to_json(canned_noise()));
  EXPECT_THAT(ipcbench("ab --from pairs.jsonl --noise other.json --noise mine.json").out,
              HasSubstr("1 of 1 gated figures calibrated"));
}

TEST_F(FromFiles, CompareNeedsACalibrationOrTheWordAdvisory) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  save_result(canned_result(6000), (folder_ / "b.json").string());
  Outcome outcome = ipcbench("compare a.json b.json");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("no calibration between runs"), HasSubstr("--advisory")));
  outcome = ipcbench("compare a.json b.json --advisory");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("+19.9 %"),
                    HasSubstr("pass (advisory): of 4 gated figures 3 same, 0 improved, 1 worse, 0 undecided")));
  write("noise.json", to_json(canned_noise()));
  outcome = ipcbench("compare a.json b.json");
  EXPECT_EQ(outcome.code, 1) << outcome.out;
  EXPECT_THAT(outcome.out, HasSubstr("regression: 1 of 2 gated figures is worse: ping-pong/pipe"));
  EXPECT_EQ(ipcbench("compare a.json a.json --strict").code, 0);
  outcome = ipcbench("compare a.json a.json b.json --out openmetrics=m.txt");
  EXPECT_EQ(outcome.code, 1);
  EXPECT_THAT(outcome.out, HasSubstr("a.json, b.json against a.json"));
  EXPECT_THAT(content_of(folder_ / "m.txt"), AllOf(HasSubstr("of=\"a.json\""), HasSubstr("of=\"b.json\"")));
  EXPECT_EQ(ipcbench("compare b.json a.json").code, 0);
}

TEST_F(FromFiles, CompareRefusesAnotherMachine) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  save_result(canned_result(5000, "another machine"), (folder_ / "b.json").string());
  write("noise.json", to_json(canned_noise()));
  const Outcome outcome = ipcbench("compare a.json b.json");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("machine class"), HasSubstr("and another machine")));
  EXPECT_EQ(ipcbench("compare a.json b.json --advisory").code, 0);
}

TEST_F(FromFiles, ARatioToAReferenceTakesACommonShiftAway) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  Result slower = canned_result(6000);
  for (CaseRecord& c : slower.cases) {
    for (LaunchRecord& launch : c.launches) {
      if (c.transport != "tcp") continue;
      *launch.mean_ns *= 1.2;
      launch.histogram.values_ns[0] = launch.histogram.values_ns[0] * 6 / 5;
    }
  }
  summarise(slower);
  save_result(slower, (folder_ / "b.json").string());
  write("noise.json", to_json(canned_noise()));
  EXPECT_EQ(ipcbench("compare a.json b.json").code, 1);
  const Outcome outcome = ipcbench("compare a.json b.json --normalise ping-pong/tcp/block/64/same-cpu");
  EXPECT_EQ(outcome.code, 0) << outcome.out;
  EXPECT_EQ(ipcbench("compare a.json b.json --reference ping-pong/tcp/block/64/same-cpu").out, outcome.out);
  EXPECT_EQ(ipcbench("compare a.json b.json --reference tcp").code, 0);
  const Outcome slip = ipcbench("compare a.json b.json --normalise ping-pong/tpc/block/64/same-cpu");
  EXPECT_EQ(slip.code, 2);
  EXPECT_THAT(slip.err, HasSubstr("did you mean 'ping-pong/tcp/block/64/same-cpu'?"));
}

TEST_F(FromFiles, ACalibrationIsUsedForWhatItWasLearntOn) {
  write("pairs.jsonl", canned_pairs(0, 0.01, false));
  for (const auto& [change, words] :
       {std::pair<void (*)(NoiseModel&), const char*>{[](NoiseModel& m) { m.payload = PayloadMode::full; },
                                                      "payload: full and lines"},
        {[](NoiseModel& m) { m.block_ns = 25e6; }, "block length: 25 ms and 10 ms"},
        {[](NoiseModel& m) { m.suite = "quick"; }, "suite: quick and ci"},
        {[](NoiseModel& m) { m.build.build_type = "Debug"; }, "build type: Debug and not known"}}) {
    NoiseModel other = canned_noise();
    change(other);
    write("noise.json", to_json(other));
    EXPECT_THAT(ipcbench("ab --from pairs.jsonl").out,
                AllOf(HasSubstr("0 of 1 gated figures calibrated"), HasSubstr(words)));
  }
}

TEST_F(FromFiles, AMarginOfOneBuildTypeDoesNotJudgeAHeadOfAnother) {
  const std::string pairs = canned_pairs(0, 0.01, false);
  const std::string rest = pairs.substr(pairs.find('\n'));
  NoiseModel learnt = canned_noise();
  learnt.build.build_type = "Release";
  write("noise.json", to_json(learnt));
  PairHeader header = canned_header();
  header.base.build = header.head.build = BuildInfo{.build_type = "Release"};
  write("pairs.jsonl", to_json_line(header) + rest);
  EXPECT_THAT(ipcbench("ab --from pairs.jsonl").out, HasSubstr("1 of 1 gated figures calibrated"));
  header.head.build->build_type = "Debug";
  write("pairs.jsonl", to_json_line(header) + rest);
  EXPECT_THAT(ipcbench("ab --from pairs.jsonl").out,
              AllOf(HasSubstr("0 of 1 gated figures calibrated"),
                    HasSubstr("learnt for something else than this (build type: Release and Debug)")));
}

TEST_F(FromFiles, CompareNamesWhatIsNotComparable) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  Result untouched = canned_result(6000);
  for (CaseRecord& c : untouched.cases) c.payload = untouched.payload = PayloadMode::header;
  save_result(untouched, (folder_ / "b.json").string());
  const Outcome outcome = ipcbench("compare a.json b.json --advisory --out json=c.json");
  EXPECT_EQ(outcome.code, 5) << outcome.out;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("not comparable"), HasSubstr("payload: lines and header"), HasSubstr(kCannedCase)));
  EXPECT_EQ(nlohmann::json::parse(content_of(folder_ / "c.json")).at("left_out").size(), 2u);
}

TEST_F(FromFiles, ACaseThatOneSideLacksIsNamedInEveryForm) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  Result less = canned_result(5000);
  less.cases.pop_back();
  save_result(less, (folder_ / "b.json").string());
  const Outcome outcome = ipcbench(
      "compare a.json b.json --advisory --out markdown=c.md junit=c.xml json=c.json github openmetrics=c.txt "
      "gbench=g.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::string lost = "ping-pong/tcp/block/64/same-cpu";
  EXPECT_THAT(outcome.out, AllOf(HasSubstr(lost), HasSubstr("::warning title=missing%3A " + lost)));
  for (const char* file : {"c.md", "c.xml", "c.json", "c.txt", "g.json"}) {
    EXPECT_THAT(content_of(folder_ / file), AllOf(HasSubstr(lost), HasSubstr("the head has no such case"))) << file;
  }
}

TEST_F(FromFiles, AFileThatContradictsItselfIsRefused) {
  nlohmann::json document = nlohmann::json::parse(to_json(canned_result(5000)));
  document["cases"][0]["summary"]["rtt_ns"]["p50"]["median"] = 1;
  write("a.json", document.dump());
  for (const char* command :
       {"show a.json", "report a.json -o a.html", "compare a.json a.json --advisory", "recommend a.json"}) {
    const Outcome outcome = ipcbench(command);
    EXPECT_EQ(outcome.code, 2) << command;
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("a.json"), HasSubstr(kCannedCase), HasSubstr("summary.rtt_ns.p50")))
        << command;
  }
}

TEST_F(FromFiles, CalibrateRefusesToMixKinds) {
  write(
      "noise.pairs.jsonl", canned_pairs(0, 0.01, false) + [] {
        PairHeader other = canned_header();
        other.payload = PayloadMode::full;
        return to_json_line(other) + "\n";
      }());
  const Outcome outcome = ipcbench("calibrate --report");
  EXPECT_EQ(outcome.code, 5) << outcome.out;
  EXPECT_THAT(outcome.err, HasSubstr("payload: lines and full"));
}

TEST_F(FromFiles, CasesThatBrokeAreInvalid) {
  save_result(canned_result(5000), (folder_ / "a.json").string());
  Result broken = canned_result(5000);
  broken.cases[1].launches[0].status = Status::invalid;
  broken.cases[1].launches[0].reason = "message 7 is corrupt";
  summarise(broken);
  save_result(broken, (folder_ / "b.json").string());
  write("noise.json", to_json(canned_noise()));
  const Outcome outcome = ipcbench("compare a.json b.json");
  EXPECT_EQ(outcome.code, 4);
  EXPECT_THAT(outcome.out, HasSubstr("head: message 7 is corrupt"));
}

TEST_F(FromFiles, RealJobsAreReportedWithTheirBounds) {
  write("noise.pairs.jsonl", canned_pairs(0, 0.01, false));
  std::string lines;
  for (const bool caught : {true, true, false}) {
    write("pairs.jsonl", canned_pairs(caught ? 10 : 0, 0.01, caught));
    ipcbench("ab --from pairs.jsonl --out json=job.json");
    std::string job = content_of(folder_ / "job.json");
    job.erase(std::remove(job.begin(), job.end(), '\n'), job.end());
    lines += std::string(R"({"figure": "+10 %", "target": "pipe", "seconds": 60, "exit_code": )") +
             (caught ? "1" : "0") + R"(, "job": )" + job + "}\n";
  }
  write("live.jsonl", lines);
  const Outcome outcome = ipcbench("calibrate --report --jobs 20 --live live.jsonl");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out,
              AllOf(HasSubstr("+10 %: caught"), HasSubstr("2 of 3: 66.67 %"), HasSubstr("0 of 3: 0.00 %")));
  write("live.jsonl", "{\"figure\": 3}\n");
  EXPECT_EQ(ipcbench("calibrate --report --live live.jsonl").code, 2);
}

}  // namespace
}  // namespace ipcbench
