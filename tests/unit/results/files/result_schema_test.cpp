#include "tests/support/schema_errors.h"

#if IPCBENCH_HAS_VALIDATOR
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/figures/summary.h"
#include "results/figures/summary_form.h"
#include "results/files/json.h"
#include "tests/support/casts.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using nlohmann::json;

class ResultSchema : public ::testing::Test {
 protected:
  // Returns what is wrong with the document; "" if nothing is.
  static std::string errors_of(const json& document) { return schema_errors("ipcbench-result", document); }

  static json sample() {
    Result result = sample_result();
    summarise(result);
    return json::parse(to_json(result));
  }
};

TEST_F(ResultSchema, HoldsForACompleteResult) { EXPECT_EQ(errors_of(sample()), ""); }

TEST_F(ResultSchema, HoldsForLocks) {
  const json document = json::parse(to_json(lock_result()));
  EXPECT_EQ(errors_of(document), "");
  json without = document;
  without["cases"][1]["launches"][0]["lock"].erase("turns");
  EXPECT_NE(errors_of(without), "");
}

TEST_F(ResultSchema, HoldsForTheSummaryForm) {
  Result result = sample_result();
  summarise(result);
  to_summary_form(result);
  const json document = json::parse(to_json(result));
  EXPECT_EQ(errors_of(document), "");
  json full = document;
  full["cases"][0]["launches"][0]["slices"] = json::array();
  EXPECT_NE(errors_of(full), "") << "a launch with slices is a whole one";
}

TEST_F(ResultSchema, HoldsForAnEmptyResult) { EXPECT_EQ(errors_of(json::parse(to_json(Result{}))), ""); }

TEST_F(ResultSchema, HoldsForAPartialResult) {
  Result result = sample_result();
  result.complete = false;
  for (CaseRecord& c : result.cases) c.launches.resize(c.launches.size() / 3);
  summarise(result);
  EXPECT_EQ(errors_of(json::parse(to_json(result))), "");
}

TEST_F(ResultSchema, RefusesAFigureWithoutMedianOrReason) {
  json document = sample();
  document["cases"][0]["summary"]["setup_ns"]["create"].erase("reason");
  EXPECT_NE(errors_of(document), "");
}

TEST_F(ResultSchema, RefusesASkippedCaseWithoutReason) {
  json document = sample();
  document["cases"][7]["reason"] = "";
  EXPECT_NE(errors_of(document), "");
}

TEST_F(ResultSchema, RefusesAFactWithoutAnswerOrReason) {
  json document = sample();
  document["transports"][0]["facts"][1].erase("reason");
  EXPECT_NE(errors_of(document), "");
}

// Checks that the schema describes every key that is written, so that it can't fall behind the writer.
void expect_described(const json& root, json schema, const json& value, const std::string& path) {
  while (schema.contains("$ref")) {
    schema = root[json::json_pointer(schema["$ref"].get<std::string>().substr(1))];
  }
  if (value.is_object() && schema.contains("properties") && !schema.contains("additionalProperties")) {
    for (const auto& [key, child] : value.items()) {
      ASSERT_TRUE(schema["properties"].contains(key)) << path << "." << key;
      expect_described(root, schema["properties"][key], child, path + "." + key);
    }
  } else if (value.is_array() && schema.contains("items")) {
    for (const json& child : value) expect_described(root, schema["items"], child, path + "[]");
  } else if (value.is_structured() && schema.contains("anyOf")) {
    expect_described(root, schema["anyOf"][1], value, path);
  }
}

TEST_F(ResultSchema, DescribesEveryKeyThatIsWritten) {
  std::ifstream in(IPCBENCH_SOURCE_DIR "/results/schema/ipcbench-result.schema.json");
  const json schema = json::parse(in);
  expect_described(schema, schema, sample(), "");
}

}  // namespace
}  // namespace ipcbench
#endif
