#include "results/figures/summary_form.h"

#include <cmath>
#include <functional>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/files/compression.h"
#include "results/figures/catalogue.h"
#include "results/figures/metric.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/files/store.h"
#include "results/model/result_error.h"
#include "tests/support/casts.h"
#include "tests/support/idle_sample.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using Document = nlohmann::ordered_json;
using ::testing::HasSubstr;

constexpr double kRounding = 1e-3;  // of four digits

class SummaryForm : public ::testing::Test {
 protected:
  SummaryForm() : full_(sample_result()) {
    summarise(full_);
    reduced_ = full_;
    to_summary_form(reduced_);
  }

  Result read(const std::function<void(Document&)>& change = [](Document&) {}) const {
    Document document = Document::parse(to_json(reduced_));
    change(document);
    folder_.write("summary.json", document.dump());
    return load_result(folder_.path() + "/summary.json");
  }

  Result full_, reduced_;
  TemporaryFolder folder_;
};

void expect_near(const std::optional<double>& value, const std::optional<double>& wanted, const std::string& of) {
  ASSERT_EQ(value.has_value(), wanted.has_value()) << of;
  if (!wanted) return;
  EXPECT_NEAR(*value, *wanted, kRounding * std::abs(*wanted)) << of;
}

TEST_F(SummaryForm, KeepsEveryFigureOfEveryCase) {
  const Result result = read();
  EXPECT_TRUE(is_summary_form(result));
  ASSERT_EQ(result.cases.size(), full_.cases.size());
  for (std::size_t i = 0; i < full_.cases.size(); ++i) {
    const CaseRecord &c = result.cases[i], &whole = full_.cases[i];
    EXPECT_EQ(c.status, whole.status);
    EXPECT_EQ(c.summary.steady, whole.summary.steady) << c.id;
    EXPECT_EQ(c.summary.bimodal, whole.summary.bimodal) << c.id;
    for (const FigureInfo& info : figure_catalogue()) {
      const Figure &figure = c.summary.*info.figure, &wanted = whole.summary.*info.figure;
      expect_near(figure.median, wanted.median, c.id + ", " + std::string(info.key));
      EXPECT_EQ(figure.n, wanted.n) << c.id << ", " << info.key;
      EXPECT_EQ(figure.reason, wanted.reason) << c.id << ", " << info.key;
    }
  }
}

TEST_F(SummaryForm, KeepsWhatComparisonsTakeFromALaunch) {
  const Result result = read();
  for (std::size_t i = 0; i < full_.cases.size(); ++i) {
    for (std::size_t n = 0; n < full_.cases[i].launches.size(); ++n) {
      const LaunchMetrics whole = metrics_of(full_.cases[i].launches[n]);
      const LaunchMetrics reduced = metrics_of(result.cases[i].launches[n]);
      for (const Metric metric : kMetrics) expect_near(reduced.value(metric), whole.value(metric), full_.cases[i].id);
    }
  }
}

TEST_F(SummaryForm, HasNoBucketsAndIsTheSameWhenItIsReducedAgain) {
  for (const CaseRecord& c : reduced_.cases) {
    EXPECT_TRUE(pooled_histogram(c).counts.empty()) << c.id;
  }
  Result again = read();
  to_summary_form(again);
  EXPECT_EQ(to_json(again), to_json(reduced_));
}

TEST_F(SummaryForm, AFigureThatDoesNotFollowFromItsLaunchesIsRefused) {
  try {
    read([](Document& d) { d["cases"][0]["launches"][4]["histogram"]["p50"] = 1; });
    FAIL() << "accepted";
  } catch (const ResultError& error) {
    EXPECT_THAT(error.what(), HasSubstr("summary.rtt_ns.p50"));
  }
}

TEST_F(SummaryForm, MayNameItsFormAfterItsCases) {
  const Result result = read([](Document& d) {
    const Document form = d["form"];
    d.erase("form");
    d["form"] = form;
  });
  EXPECT_EQ(to_json(result), to_json(reduced_));
}

TEST_F(SummaryForm, AnotherFormIsRefused) {
  EXPECT_THROW(read([](Document& d) { d["form"] = "short"; }), ResultError);
}

TEST_F(SummaryForm, WhatNeedsHistogramsSaysSo) {
  EXPECT_NO_THROW(require_histograms(full_, "--hgrm", "full.json"));
  try {
    require_histograms(reduced_, "--hgrm", "short.json");
    FAIL() << "accepted";
  } catch (const ResultError& error) {
    EXPECT_THAT(error.what(), HasSubstr("short.json: --hgrm needs histograms"));
  }
}

TEST(SummaryFormOfLocks, KeepsWhatWasHandedOver) {
  Result result = lock_result();
  summarise(result);
  const Result whole = result;
  to_summary_form(result);
  Result read = result_from_json(to_json(result), "locks.json");
  summarise(read);
  for (std::size_t i = 0; i < whole.cases.size(); ++i) {
    const CaseSummary &reduced = read.cases[i].summary, &wanted = whole.cases[i].summary;
    expect_near(reduced.turns_per_s.median, wanted.turns_per_s.median, whole.cases[i].id);
    EXPECT_EQ(reduced.takes_turns, wanted.takes_turns);
    EXPECT_EQ(read.cases[i].launches.at(0).lock.has_value(), whole.cases[i].launches.at(0).lock.has_value());
  }
}

TEST(SummaryFormOfSilences, KeepsTheFewTimesThatArePooled) {
  Result result = idle_result();
  const Figure pooled = result.cases.back().summary.service_p50_pooled;
  ASSERT_TRUE(pooled.median);
  to_summary_form(result);
  EXPECT_EQ(result.cases.back().summary.service_p50_pooled.median, pooled.median);
}

TEST(SummaryFormOfQuick, TakesAtMost100KB) {
  Result result = load_result(IPCBENCH_SOURCE_DIR "/results/published/quick-intel-xeon-kvm.json");
  to_summary_form(result);
  EXPECT_LE(compress(to_json(result), Packing::small).size(), 100'000U);
}

}  // namespace
}  // namespace ipcbench
