#if defined(__GNUC__) && !defined(__clang__)
// With the sanitizers g++ 12 sees uninitialised members in std::regex, which the validator uses.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <fstream>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/job_outputs.h"
#include "results/noise_model.h"
#include "results/resampling.h"
#include "sample_pairs.h"

#if __has_include(<valijson/validator.hpp>)
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

namespace ipcbench {
namespace {

// What is wrong with the document by results/schema/NAME; "" if nothing is.
std::string schema_errors(const std::string& name, const nlohmann::json& document) {
  std::ifstream in(IPCBENCH_SOURCE_DIR "/results/schema/" + name + ".schema.json");
  const nlohmann::json schema_document = nlohmann::json::parse(in);
  valijson::Schema schema;
  valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_document), schema);
  valijson::ValidationResults results;
  if (valijson::Validator().validate(schema, valijson::adapters::NlohmannJsonAdapter(document), &results)) return "";
  std::ostringstream text;
  valijson::ValidationResults::Error error;
  while (results.popError(error)) {
    for (const std::string& part : error.context) text << part;
    text << ": " << error.description << "\n";
  }
  return text.str() + "not valid";
}

PairSession session_of_all_kinds() {
  PairSession session = sample_session(40, noise(0.01, 1, 0.1));
  add_fresh_rounds(session, kSampleCase, 80, noise(0.01, 2, 0.1));
  add_counted_rounds(session, kSampleCase, 10, 4, 4);
  session.pairs[0].base.canary_ns = {115, 117};
  session.pairs[1].head.status = Status::crashed;
  session.pairs[1].head.reason = "killed by SIGSEGV";
  session.header.base.environment = {{"A", "b"}};
  add_case(session, "ping-pong/tcp/block/64/same-l3", 3, noise(0.01, 3));
  session.header.cases.back().reason = "head has no such case";
  return session;
}

TEST(ComparisonSchema, HoldsForPairs) {
  const PairSession session = session_of_all_kinds();
  EXPECT_EQ(schema_errors("ipcbench-pairs", nlohmann::json::parse(to_json_line(session.header))), "");
  for (const SamplePair& pair : session.pairs) {
    ASSERT_EQ(schema_errors("ipcbench-pairs", nlohmann::json::parse(to_json_line(pair))), "");
  }
  nlohmann::json broken = nlohmann::json::parse(to_json_line(session.pairs[0]));
  broken["base"].erase("rtt_p50_ns");
  EXPECT_NE(schema_errors("ipcbench-pairs", broken), "");
}

TEST(ComparisonSchema, HoldsForACalibration) {
  const NoiseModel model = learn_noise(std::vector<PairSession>{session_of_all_kinds()}, {.jobs = 20});
  nlohmann::json document = nlohmann::json::parse(to_json(model));
  EXPECT_EQ(schema_errors("ipcbench-noise", document), "");
  document["figures"][0]["metric"] = "speed";
  EXPECT_NE(schema_errors("ipcbench-noise", document), "");
}

TEST(ComparisonSchema, HoldsForAReport) {
  nlohmann::json document = nlohmann::json::parse(to_json(decide_job(session_of_all_kinds(), {.strict = true})));
  EXPECT_EQ(schema_errors("ipcbench-comparison", document), "");
  document["decisions"][0]["verdict"] = "slow";
  EXPECT_NE(schema_errors("ipcbench-comparison", document), "");
}

}  // namespace
}  // namespace ipcbench
#endif
