#include "cli/google_benchmark/google_benchmark_names.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

const std::string kId = "ping-pong/pipe/block/64/same-cpu";

TEST(GoogleBenchmarkNames, AFilterMayLookAtAnyPartOfAName) {
  for (const char* filter :
       {"", "all", "pipe", "^ping-pong/", "iterations:5000/", "manual_time$", "-fifo", "pipe|fifo"})
    EXPECT_TRUE(may_be_selected(filter, kId)) << filter;
  for (const char* filter : {"fifo", "^pipe", "iterations:3000/", "-pipe", "-manual_time$"})
    EXPECT_FALSE(may_be_selected(filter, kId)) << filter;
}

TEST(GoogleBenchmarkNames, AnExpressionTooLargeForTheLibraryIsRefused) {
  for (const std::string& filter :
       {std::string(1001, 'a'), std::string("(a?){20000}"), std::string("((a{500}){500}){9}")})
    EXPECT_THROW(may_be_selected(filter, kId), UsageError) << filter;
}

TEST(GoogleBenchmarkNames, WhatIsNoExpressionIsRefused) { EXPECT_THROW(may_be_selected("(", kId), UsageError); }

class IterationsFile : public ::testing::Test {
 protected:
  IterationsOfCases iterations(const std::string& text) const {
    const std::string file = folder_.path() + "/old.json";
    std::ofstream(file) << text;
    return iterations_in(file);
  }

  TemporaryFolder folder_;
};

TEST_F(IterationsFile, HoldsThoseOfEveryCaseThatWasMeasured) {
  const IterationsOfCases expected = {{"a/b", 5000}, {"c/d/capacity=4096", 20}};
  EXPECT_EQ(iterations(R"({"context": {}, "benchmarks": [
    {"name": "a/b/iterations:5000/manual_time", "run_name": "a/b/iterations:5000/manual_time"},
    {"name": "c/d/capacity=4096/iterations:20/manual_time_mean", "run_name": "c/d/capacity=4096/iterations:20/manual_time"},
    {"name": "skipped/iterations:1/manual_time", "error_occurred": true},
    {"name": "too_short_for_slices/iterations:10/manual_time"},
    {"name": "too_long/iterations:99999999999999999999/manual_time"},
    {"name": "of_others"}]})"),
            expected);
}

TEST_F(IterationsFile, AnythingElseIsRefused) {
  for (const char* text : {"", "{}", "[]", R"({"benchmarks": 1})", R"({"benchmarks": [{"name": 1}]})"})
    EXPECT_THROW(iterations(text), UsageError) << text;
  EXPECT_THROW(iterations_in("/absent/old.json"), UsageError);
  EXPECT_THROW(iterations_in("/dev/zero"), UsageError);
  EXPECT_THROW(iterations(std::string(1'000'000, '[')), UsageError);
}

}  // namespace
}  // namespace ipcbench
