#if defined(__GNUC__) && !defined(__clang__)
// With the sanitizers g++ 12 sees uninitialised members in std::regex, which the validator uses.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/json.h"
#include "results/summary.h"
#include "sample_result.h"

#if __has_include(<valijson/validator.hpp>)
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ipcbench {
namespace {

using nlohmann::json;

class ResultSchema : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ifstream in(IPCBENCH_SOURCE_DIR "/results/schema/ipcbench-result.schema.json");
    const json document = json::parse(in);
    valijson::SchemaParser parser;
    parser.populateSchema(valijson::adapters::NlohmannJsonAdapter(document), schema_);
  }

  // What is wrong with the document; "" if nothing is.
  std::string errors_of(const json& document) const {
    valijson::Validator validator;
    valijson::ValidationResults results;
    std::ostringstream text;
    if (validator.validate(schema_, valijson::adapters::NlohmannJsonAdapter(document), &results)) return "";
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      for (const std::string& part : error.context) text << part;
      text << ": " << error.description << "\n";
    }
    return text.str() + "not valid";
  }

  static json sample() {
    Result result = sample_result();
    summarise(result);
    return json::parse(to_json(result));
  }

 private:
  valijson::Schema schema_;
};

TEST_F(ResultSchema, HoldsForACompleteResult) { EXPECT_EQ(errors_of(sample()), ""); }

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

// The schema knows every key that is written, so that it can't fall behind the writer unseen.
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
