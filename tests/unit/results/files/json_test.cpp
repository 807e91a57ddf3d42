#include "results/files/json.h"

#include <cmath>
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/exports/hgrm.h"
#include "plots/tables/result_tables.h"
#include "results/figures/summary.h"
#include "results/model/json_text.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

Result summarised_sample() {
  Result result = sample_result();
  summarise(result);
  return result;
}

const std::string& sample_text() {
  static const std::string text = to_json(summarised_sample());
  return text;
}

std::string error_of(const std::string& text) {
  try {
    result_from_json(text, "results.json");
  } catch (const ResultError& error) {
    return error.what();
  }
  return "no error";
}

// Returns the error after replacing the value at this JSON pointer.
std::string error_with(const char* pointer, const json& value) {
  json document = json::parse(sample_text());
  document[json::json_pointer(pointer)] = value;
  return error_of(document.dump());
}

TEST(Json, ARoundTripLosesNothing) {
  const Result again = result_from_json(sample_text(), "results.json");
  EXPECT_EQ(to_json(again), sample_text());
  EXPECT_EQ(again.seed, 0xffffffffffffffffu);
  EXPECT_EQ(again.cases.size(), sample_result().cases.size());
  EXPECT_EQ(again.cases[0].launches[3].case_id, again.cases[0].id);
  EXPECT_EQ(again.cases[0].launches[3].histogram.values_ns, sample_result().cases[0].launches[3].histogram.values_ns);
  EXPECT_EQ(again.cases[0].launches[3].slices_ns, sample_result().cases[0].launches[3].slices_ns);
  EXPECT_EQ(again.machine.limits, sample_result().machine.limits);
  EXPECT_EQ(again.transports[0].capabilities, sample_result().transports[0].capabilities);
}

TEST(Json, KeysThatEarlierBuildsDidNotWriteMayBeAbsent) {
  json document = json::parse(sample_text());
  for (const char* key : {"resumed", "block_ns"}) ASSERT_EQ(document.erase(key), 1u) << key;
  for (json& c : document["cases"]) ASSERT_EQ(c.erase("pilot_op_ns"), 1u);
  for (json& transport : document["transports"]) ASSERT_EQ(transport.erase("facts"), 1u);
  const Result old = result_from_json(document.dump(), "results.json");
  EXPECT_TRUE(old.resumed.empty());
  EXPECT_EQ(old.block_ns, std::nullopt);
  EXPECT_EQ(old.cases[0].pilot_op_ns, std::nullopt);
  EXPECT_TRUE(old.transports[0].facts.empty());
  document["block_ns"] = "long";
  EXPECT_THAT(error_of(document.dump()), HasSubstr("block_ns: expected a number"));
}

TEST(Json, AttributesKeepOrderAndType) {
  Result result;
  result.machine.details = {{"z", 5.0},     {"a", std::int64_t{5}},
                            {"m", -0.0},    {"null", std::monostate{}},
                            {"big", 1e300}, {"list", std::vector<std::string>{"x", "y"}}};
  const Result again = result_from_json(to_json(result), "results.json");
  EXPECT_EQ(again.machine.details, result.machine.details);
  EXPECT_TRUE(std::signbit(std::get<double>(again.machine.details[2].second)));
}

TEST(Json, AnEmptyResultComesBack) {
  EXPECT_EQ(to_json(result_from_json(to_json(Result{}), "results.json")), to_json(Result{}));
}

TEST(Json, TheStableKeysAreThere) {
  const json document = json::parse(sample_text());
  EXPECT_EQ(document["schema"], "ipcbench-result");
  EXPECT_EQ(document["version"], 1);
  for (const char* pointer : {"/run_id",
                              "/tool/flags",
                              "/machine/checks/0/severity",
                              "/clock/cross_cpu_ok",
                              "/floors/0/line_touch/0/bytes_per_s",
                              "/noise/0/cpu",
                              "/states/0/clusters_ns/near",
                              "/transports/0/capabilities",
                              "/cases/0/state/used",
                              "/cases/0/state/counts",
                              "/cases/0/summary/rtt_ns/p9999/median",
                              "/cases/0/summary/rtt_ns/p50/ci95",
                              "/cases/0/summary/throughput/bytes_per_s/reason",
                              "/cases/0/summary/context_switches_per_op/voluntary/n",
                              "/cases/0/summary/syscalls_per_op/retried",
                              "/cases/0/summary/channel_bytes/source",
                              "/cases/0/summary/setup_ns/teardown",
                              "/cases/0/summary/steady",
                              "/cases/0/launches/0/canary_ns",
                              "/cases/0/launches/0/integrity/verified",
                              "/cases/0/launches/0/usage/consumer/cpu_ns",
                              "/cases/0/launches/0/usage/broker",
                              "/cases/6/launches/0/usage/broker/involuntary",
                              "/cases/0/launches/0/environment/steal_ns",
                              "/cases/0/launches/0/max_at_ns",
                              "/cases/0/launches/0/class",
                              "/cases/0/launches/0/slices/0",
                              "/cases/0/launches/0/histogram/counts/0"}) {
    EXPECT_TRUE(document.contains(json::json_pointer(pointer))) << pointer;
  }
}

TEST(Json, WhatIsNotMeasuredIsNullWithAReason) {
  const json document = json::parse(sample_text());
  const json& figure = document["cases"][0]["summary"]["setup_ns"]["create"];
  EXPECT_TRUE(figure["median"].is_null());
  EXPECT_TRUE(figure["ci95"].is_null());
  EXPECT_EQ(figure["reason"], "measured by the scenario setup");
  EXPECT_TRUE(document["cases"][4]["launches"][0]["histogram"].is_null());
}

TEST(Json, ChecksOfOlderVersionsHaveNoValue) {
  json document = json::parse(sample_text());
  EXPECT_EQ(document["machine"]["checks"][0]["value"], "kvm");
  document["machine"]["checks"][0].erase("value");
  document["machine"]["checks"][0].erase("mend");
  const Result again = result_from_json(document.dump(), "f");
  EXPECT_EQ(again.machine.checks[0].value, "");
  EXPECT_EQ(again.machine.checks[0].fix, "");
  EXPECT_EQ(again.machine.checks[0].severity, Severity::noisy);
}

TEST(Json, NamesThatThisBuildDoesNotKnowAreKept) {
  json document = json::parse(sample_text());
  for (const char* pointer : {"/payload", "/cases/0/scenario", "/cases/0/wait", "/cases/0/placement",
                              "/cases/0/payload", "/cases/0/launches/0/phase", "/floors/0/placement",
                              "/states/0/placement", "/transports/0/waits/1", "/machine/checks/0/severity"}) {
    json::json_pointer at(pointer);
    ASSERT_TRUE(document.contains(at)) << pointer;
    document[at] = std::string("new-") + pointer;
  }
  const std::string text = to_json(result_from_json(document.dump(), "f"));
  EXPECT_EQ(json::parse(text), document);
}

TEST(Json, LabelsAndFiguresOfOlderVersionsThatTheirDataDoNotSupportAreDropped) {
  json document = json::parse(sample_text());
  json& lossy = document["cases"][5];
  lossy["summary"]["steady"] = "flat";
  lossy["summary"]["bimodal"] = false;
  for (json& launch : lossy["launches"]) {
    launch["class"] = "flat";
    launch["slices"] = json::array({500, 500, 500});
    launch["usage"]["producer"]["user_ns"] = 4e6;
    launch["usage"]["producer"]["system_ns"] = 0;
    launch["usage"]["consumer"]["wall_ns"] = 1e9;
    launch["usage"]["consumer"]["user_ns"] = 4e8;
    launch["usage"]["consumer"]["system_ns"] = 0;
  }
  document["noise"][0] = {{"cpu", 0},
                          {"spin_gap_max_ns", 52000},
                          {"spin_gap_p999_ns", 4100},
                          {"stolen_ratio", 0.001},
                          {"wakeup_p50_ns", 53000},
                          {"wakeup_p99_ns", 71000}};
  const Result read = result_from_json(document.dump(), "f");
  EXPECT_EQ(read.cases[5].summary.steady, "");
  EXPECT_EQ(read.cases[5].summary.bimodal, std::nullopt);
  const LaunchRecord& launch = read.cases[5].launches[0];
  EXPECT_EQ(launch.launch_class, "");
  EXPECT_EQ(launch.usage[0].user_ns, std::nullopt);
  EXPECT_EQ(launch.usage[0].system_ns, std::nullopt);
  EXPECT_EQ(launch.usage[1].user_ns, 4e8);
  EXPECT_EQ(launch.usage[1].system_ns, 0);
  EXPECT_EQ(read.cases[0].summary.steady, "flat");
  EXPECT_EQ(read.cases[0].summary.bimodal, false);
  EXPECT_EQ(read.noise[0].wakeup_p50_ns, 53000);
  EXPECT_EQ(read.noise[0].wakeup_max_ns, std::nullopt);
  EXPECT_EQ(read.noise[0].spin_gaps, std::nullopt);
}

TEST(Json, ALaunchIsOneLine) {
  EXPECT_THAT(sample_text(), HasSubstr("\n        {\"pass\": 0, \"order\": 0, \"status\": \"ok\""));
  EXPECT_EQ(to_json_line(sample_result().cases[0].launches[0]).find('\n'), std::string::npos);
}

TEST(Json, NumbersThatAreNotFiniteAreNull) {
  Result result;
  result.clock.hz = std::numeric_limits<double>::infinity();
  result.cases.emplace_back().launches.emplace_back().mean_ns = std::numeric_limits<double>::quiet_NaN();
  const std::string text = to_json(result);
  EXPECT_THAT(text, HasSubstr("\"hz\": null"));
  const Result again = result_from_json(text, "results.json");
  EXPECT_TRUE(std::isnan(again.clock.hz));
  EXPECT_FALSE(again.cases[0].launches[0].mean_ns);
}

TEST(Json, TextThatIsNotUtf8IsReplacedAndControlsAreEscaped) {
  Result result;
  result.command = std::string("a\xff") + "b\x1b\"\\\n\x7f\u00b5";
  const std::string text = to_json(result);
  EXPECT_THAT(text, HasSubstr("a\xef\xbf\xbd"
                              "b\\u001b\\\"\\\\\\n\\u007f\u00b5"));
  EXPECT_EQ(result_from_json(text, "f").command,
            "a\xef\xbf\xbd"
            "b\x1b\"\\\n\x7f\u00b5");
}

TEST(Json, UnknownKeysArePassedOver) {
  json document = json::parse(sample_text());
  document["future"] = {{"deep", {1, 2, 3}}};
  document["cases"][0]["launches"][0]["new"] = 5;
  EXPECT_EQ(to_json(result_from_json(document.dump(), "results.json")).size(), sample_text().size());
}

// Launches are read while the text is being parsed.
TEST(Json, LaunchesComeBackWhateverStandsAroundThem) {
  json document = json::parse(sample_text());
  const std::string plain = document.dump();
  const std::string expected = to_json(result_from_json(plain, "f"));
  document["a_future_key"] = {{"cases", json::array({{{"launches", {1, 2}}}})}, {"launches", {3}}};
  document["cases"][0]["a_future_key"] = {{"launches", {{{"pass", "x"}}}}};
  document["cases"][0]["launches"][0]["a_future_key"] = {{"launches", {4}}};
  EXPECT_EQ(to_json(result_from_json(document.dump(), "f")), expected);
}

TEST(Json, ALaunchLineComesBack) {
  const LaunchRecord launch = summarised_sample().cases[3].launches[0];
  const std::string line = to_json_line(launch);
  const LaunchRecord again = launch_from_json(line, "journal:2");
  EXPECT_EQ(to_json_line(again), line);
  EXPECT_EQ(again.case_id, launch.case_id);
  EXPECT_EQ(again.state, "mixed");
}

TEST(JsonErrors, NameFilePathAndWhatIsWrong) {
  EXPECT_EQ(error_with("/cases/3/summary/rtt_ns/p50/n", "nine"),
            "results.json: cases[3].summary.rtt_ns.p50.n: expected an integer that isn't negative, found a string");
  EXPECT_EQ(error_with("/cases/1/summary", nullptr), "results.json: cases[1].summary: expected an object, found null");
  EXPECT_EQ(error_with("/cases/0/launches/2/canary_ns", json::array({1})),
            "results.json: cases[0].launches[2].canary_ns: expected an array of 2, found an array");
  EXPECT_EQ(error_with("/cases/2/launches/1", nullptr),
            "results.json: cases[2].launches[1]: expected an object, found null");
  EXPECT_EQ(error_with("/cases/2/launches/1", json::array({1, {{"pass", 1}}})),
            "results.json: cases[2].launches[1]: expected an object, found an array");
  EXPECT_EQ(error_with("/cases/2/launches", {{"pass", 1}}),
            "results.json: cases[2].launches: expected an array, found an object");
  EXPECT_EQ(error_with("/cases/0/status", "fine"),
            "results.json: cases[0].status: expected ok, skipped, invalid, crashed or timed_out");
  EXPECT_EQ(error_with("/seed", -1),
            "results.json: seed: expected an integer that isn't negative, found the number -1");
  EXPECT_EQ(error_with("/passes", 1e30), "results.json: passes: expected an integer, found the number 1e+30");
  EXPECT_EQ(error_with("/passes", 5'000'000'000),
            "results.json: passes: expected a smaller number, found the number "
            "5000000000");
  EXPECT_EQ(error_with("/clock/hz", "fast"), "results.json: clock.hz: expected a number, found a string");
  EXPECT_EQ(error_with("/machine/limits/x", json::object()),
            "results.json: machine.limits.x: expected a string, found an object");
  EXPECT_EQ(error_with("/complete", 1), "results.json: complete: expected true or false, found the number 1");
}

TEST(JsonQuoted, HoldsNoControlCharacterNorBadByte) {
  EXPECT_EQ(json_quoted("a\"b\\\n\x1b\x7f\xc2\x9b\xff"
                        "µ"),
            "\"a\\\"b\\\\\\n\\u001b\\u007f\\u009b\xef\xbf\xbdµ\"");
}

TEST(JsonErrors, AMissingKeyIsNamed) {
  json document = json::parse(sample_text());
  document["cases"][2].erase("wait");
  EXPECT_EQ(error_of(document.dump()), "results.json: cases[2]: \"wait\" is missing");
}

TEST(JsonErrors, AForeignSchemaOrVersionIsRefused) {
  EXPECT_EQ(error_with("/schema", "other"), "results.json: schema: not an ipcbench-result");
  EXPECT_EQ(error_with("/version", 2), "results.json: version: 2 can't be read, this program reads 1");
  EXPECT_EQ(error_with("/version", "1"), "results.json: version: expected an integer");
  EXPECT_EQ(error_of("[]"), "results.json: not an ipcbench-result");
  EXPECT_EQ(error_of("{}"), "results.json: schema: not an ipcbench-result");
  EXPECT_EQ(error_of("7"), "results.json: not an ipcbench-result");
}

TEST(JsonErrors, ACaseMayBeThereOnlyOnce) {
  json document = json::parse(sample_text());
  document["cases"].push_back(document["cases"][0]);
  EXPECT_EQ(error_of(document.dump()), "results.json: cases[11].id: this case is there twice");
}

TEST(JsonErrors, AKeyMayBeThereOnlyOnce) {
  EXPECT_EQ(error_of("{\"schema\": 1, \"schema\": 2}"),
            "results.json: the key \"schema\" is there twice in one object");
  const json document = json::parse(sample_text());
  const std::string plain = document.dump();
  const std::string launches = "\"launches\":" + document["cases"][0]["launches"].dump() + ",";
  const std::size_t at = plain.find(launches);
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(error_of(plain.substr(0, at) + launches + plain.substr(at)),
            "results.json: the key \"launches\" is there twice in one object");
}

TEST(JsonErrors, AHistogramMustBeOne) {
  const char* const histogram = "/cases/0/launches/0/histogram";
  EXPECT_THAT(error_with(histogram, {{"values_ns", {1, 2}}, {"counts", {1}}}), HasSubstr("as many counts"));
  EXPECT_THAT(error_with(histogram, {{"values_ns", {2, 2}}, {"counts", {1, 1}}}), HasSubstr("ascend"));
  EXPECT_THAT(error_with(histogram, {{"values_ns", {1, 2}}, {"counts", {1, 0x7fffffffffffffff}}}),
              HasSubstr("too much"));
  EXPECT_THAT(error_with(histogram, {{"values_ns", {1}}, {"counts", {-1}}}), HasSubstr("counts[0]"));
}

TEST(JsonErrors, ATruncatedResultIsAnErrorWhereverItEnds) {
  const std::string text = to_json(Result{});
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_THAT(error_of(text.substr(0, length)), HasSubstr("results.json: not JSON: ")) << length;
  }
}

TEST(JsonErrors, HostileTextIsRefused) {
  EXPECT_THAT(error_of(""), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("{\"schema\": NaN}"), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("{\"schema\": 1e99999}"), HasSubstr("not JSON"));
  EXPECT_THAT(error_of("\"\xff\xfe\""), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(std::string(1000, '\0')), HasSubstr("not JSON"));
  EXPECT_THAT(error_of(std::string(1'000'000, '[')), HasSubstr("nested deeper"));
  std::string many = "{";
  for (int i = 0; i < 5000; ++i) many += "\"k" + std::to_string(i) + "\": 1, ";
  EXPECT_THAT(error_of(many + "\"z\": 1}"), HasSubstr("more than 4096 keys"));
}

TEST(JsonErrors, WhatIsLongerOrLargerThanAnyResultIsRefused) {
  EXPECT_EQ(error_with("/cases/0/id", std::string(513, 'a')), "results.json: cases[0].id: longer than 512 bytes");
  EXPECT_THAT(error_with("/cases/0/transport", std::string(400'000, 'a')), HasSubstr("longer than 512 bytes"));
  EXPECT_THAT(error_with("/command", std::string((1 << 20) + 1, 'a')),
              HasSubstr("a string of more than 1048576 bytes"));
  EXPECT_THAT(error_with("/notes", json(std::vector<std::string>(50'001))),
              HasSubstr("notes: more than 50000 elements"));
}

TEST(JsonErrors, MoreValuesThanMemoryIsForAreRefused) {
  std::string zeros = "[0";
  for (std::size_t i = 0; i < (std::size_t{16} << 20); ++i) zeros += ",0";
  EXPECT_EQ(error_of(zeros + "]"), "results.json: more than 16777216 values");
}

TEST(JsonErrors, ANumberThatNoFigureCanBeIsRefused) {
  EXPECT_EQ(error_with("/cases/0/pilot_op_ns", 1e300),
            "results.json: cases[0].pilot_op_ns: 1e+300 is more than any figure can be");
  EXPECT_THAT(error_with("/hybrid_spin_ns", -1e19), HasSubstr("more than any figure can be"));
  EXPECT_THAT(error_with("/clock/hz", 18446744073709551615u), HasSubstr("more than any figure can be"));
}

TEST(JsonErrors, ControlCharactersOfKeysAreEscaped) {
  json document = json::parse(sample_text());
  document["machine"]["limits"]["\x1b[2J"] = json::object();
  EXPECT_THAT(error_of(document.dump()), HasSubstr("machine.limits.\\x1b[2J"));
}

// Replaces every value of a document by every type in turn: the reader must return an error or a result, and never
// crash.
void replace_everywhere(json& document, json& node, int& refused) {
  for (const json& other : {json(nullptr), json(true), json(-1), json(0xffffffffffffffffu), json(1e300), json("x"),
                            json::array(), json::array({nullptr}), json::object()}) {
    const json kept = std::exchange(node, other);
    try {
      Result result = result_from_json(document.dump(), "f");
      summarise(result);
      to_json(result);
      to_text(result_tables(result), {});
      for (const CaseRecord& c : result.cases) to_hgrm(c);
    } catch (const ResultError&) {
      ++refused;
    }
    node = kept;
  }
  if (node.is_structured()) {
    for (json& child : node) replace_everywhere(document, child, refused);
  }
}

TEST(JsonErrors, NoReplacedValueCrashesAnything) {
  Result small = sample_result();
  small.cases = {small.cases[2]};
  small.cases[0].launches.resize(1);
  LaunchRecord& launch = small.cases[0].launches[0];
  launch.histogram = {{100, 200}, {5, 6}};
  small.transports.resize(1);
  summarise(small);
  json document = json::parse(to_json(small));
  int refused = 0;
  replace_everywhere(document, document, refused);
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace ipcbench
