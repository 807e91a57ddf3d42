#include "results/claims/rating.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

std::optional<Bands> bands(const std::vector<double>& values, std::size_t words = 4) {
  return Bands::over(values, words);
}

TEST(Bands, AreEqualOnALogarithmicScale) {
  const std::optional<Bands> four = bands({10, 160000, 300});
  ASSERT_TRUE(four);
  EXPECT_DOUBLE_EQ(four->edge(0), 10);
  EXPECT_NEAR(four->edge(1), 112.468265, 1e-5);  // 10 * 16000^(1/4)
  EXPECT_NEAR(four->edge(2), 1264.911064, 1e-5);
  EXPECT_NEAR(four->edge(3), 14226.235, 1e-2);
  EXPECT_DOUBLE_EQ(four->edge(4), 160000);
  EXPECT_NEAR(bands({1, 100000}, 5)->edge(1), 10, 1e-9);
}

TEST(Bands, GiveEachValueItsWord) {
  const Bands four = *bands({1, 10000});
  EXPECT_EQ(four.word_of(1), Word::very_low);
  EXPECT_EQ(four.word_of(9.99), Word::very_low);
  EXPECT_EQ(four.word_of(10.01), Word::low);
  EXPECT_EQ(four.word_of(500), Word::medium);
  EXPECT_EQ(four.word_of(10000), Word::high);  // the upper end
  EXPECT_EQ(bands({1, 10000}, 5)->word_of(10000), Word::very_high);
}

TEST(Bands, GiveWhatLiesOutsideTheNearestWord) {
  const Bands four = *bands({100, 1000});
  EXPECT_EQ(four.word_of(1), Word::very_low);
  EXPECT_EQ(four.word_of(1e9), Word::high);
}

TEST(Bands, OfMemoryAreTheSameWhateverWasMeasured) {
  const Bands memory = memory_bands();
  EXPECT_TRUE(memory.are_fixed());
  EXPECT_EQ(memory.word_of(1), Word::very_low);
  EXPECT_EQ(memory.word_of(4095), Word::very_low);
  EXPECT_EQ(memory.word_of(4097), Word::low);  // a page
  EXPECT_EQ(memory.word_of(32769), Word::medium);
  EXPECT_EQ(memory.word_of(262145), Word::high);
  EXPECT_EQ(memory.word_of(1e12), memory.last_word());
}

TEST(Bands, NeedAFactorOfTwo) {
  EXPECT_FALSE(bands({100, 199.9, 150}));
  EXPECT_TRUE(bands({100, 200}));
  EXPECT_FALSE(bands({7, 7, 7}));
  EXPECT_FALSE(bands({5}));
  EXPECT_FALSE(bands({}));
}

TEST(Bands, PassOverWhatIsNoMeasurement) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(bands({0, -3, infinity, std::nan(""), 5}));
  EXPECT_EQ(bands({0, 4, 40, infinity})->edge(0), 4);
}

TEST(Bands, AnIntervalOverAnEdgeIsSeen) {
  const Bands four = *bands({1, 10000});
  EXPECT_TRUE(four.crosses_edge({9, 11}));
  EXPECT_TRUE(four.crosses_edge({5, 5000}));
  EXPECT_FALSE(four.crosses_edge({11, 99}));
  EXPECT_FALSE(four.crosses_edge({0.5, 2}));  // the outer ends are no edges
  EXPECT_FALSE(four.crosses_edge({9000, 11000}));
}

TEST(Agreement, CountsSteps) {
  EXPECT_EQ(agreement(Word::low, Word::low), Agreement::agrees);
  EXPECT_EQ(agreement(Word::low, Word::medium), Agreement::one_step_off);
  EXPECT_EQ(agreement(Word::medium, Word::low), Agreement::one_step_off);
  EXPECT_EQ(agreement(Word::very_low, Word::medium), Agreement::contradicts);
  EXPECT_EQ(agreement(Word::high, Word::very_low), Agreement::contradicts);
  EXPECT_EQ(agreement(std::nullopt, Word::low), Agreement::not_comparable);
  EXPECT_EQ(agreement(Word::low, std::nullopt), Agreement::not_comparable);
}

RankedWord ranked(Word word, double value) { return {word, value, Interval{value, value}}; }

TEST(KendallTauB, IsOneForTheSameOrderAndMinusOneForTheOpposite) {
  const std::vector<RankedWord> same = {ranked(Word::low, 1), ranked(Word::medium, 2), ranked(Word::high, 3)};
  const std::vector<RankedWord> opposite = {ranked(Word::low, 3), ranked(Word::medium, 2), ranked(Word::high, 1)};
  EXPECT_DOUBLE_EQ(*kendall_tau_b(same), 1);
  EXPECT_DOUBLE_EQ(*kendall_tau_b(opposite), -1);
}

// scipy.stats.kendalltau([0, 1, 1, 2, 3, 3], [1, 3, 2, 2, 5, 4], variant="b"): 10 / sqrt(13 * 14).
TEST(KendallTauB, CorrectsForTies) {
  const std::vector<RankedWord> rows = {ranked(Word::very_low, 1), ranked(Word::low, 3),  ranked(Word::low, 2),
                                        ranked(Word::medium, 2),   ranked(Word::high, 5), ranked(Word::high, 4)};
  EXPECT_NEAR(*kendall_tau_b(rows), 10 / std::sqrt(13.0 * 14.0), 1e-12);
}

TEST(KendallTauB, TiesWhatTheIntervalsCannotTellApart) {
  std::vector<RankedWord> rows = {ranked(Word::low, 2), ranked(Word::medium, 1), ranked(Word::high, 9)};
  EXPECT_NEAR(*kendall_tau_b(rows), 1.0 / 3, 1e-12);  // one pair of three is discordant
  rows[0].interval = Interval{0.5, 2.5};
  rows[1].interval = Interval{0.8, 3};
  EXPECT_NEAR(*kendall_tau_b(rows), 2 / std::sqrt(3.0 * 2.0), 1e-12);
}

TEST(KendallTauB, TakesAFigureWithoutAnIntervalForNoPoint) {
  std::vector<RankedWord> rows = {ranked(Word::low, 1), ranked(Word::medium, 2), ranked(Word::high, 0.5)};
  EXPECT_NEAR(*kendall_tau_b(rows), -1.0 / 3, 1e-12);
  rows[2].interval = std::nullopt;
  EXPECT_NEAR(*kendall_tau_b(rows), 1 / std::sqrt(3.0 * 1.0), 1e-12);  // only the first two differ
  rows[1].interval = std::nullopt;
  EXPECT_FALSE(kendall_tau_b(rows));
}

TEST(KendallTauB, IsNoneWhereEverythingIsTied) {
  EXPECT_FALSE(kendall_tau_b({}));
  EXPECT_FALSE(kendall_tau_b(std::vector<RankedWord>{ranked(Word::low, 1)}));
  EXPECT_FALSE(kendall_tau_b(std::vector<RankedWord>{ranked(Word::low, 1), ranked(Word::low, 2)}));
  EXPECT_FALSE(kendall_tau_b(std::vector<RankedWord>{ranked(Word::low, 1), ranked(Word::high, 1)}));
}

TEST(Order, NeedsIntervalsThatDoNotOverlap) {
  EXPECT_EQ(order_of(1, Interval{0.9, 1.1}, 2, Interval{1.9, 2.1}), -1);
  EXPECT_EQ(order_of(2, Interval{1.9, 2.1}, 1, Interval{0.9, 1.1}), 1);
  EXPECT_EQ(order_of(1, Interval{0.9, 2}, 2, Interval{2, 2.1}), 0);
}

TEST(Order, HasNoAnswerForAFigureWithoutAnInterval) {
  EXPECT_EQ(order_of(1, std::nullopt, 2, std::nullopt), 0);
  EXPECT_EQ(order_of(1, std::nullopt, 2, Interval{1.9, 2.1}), 0);
  EXPECT_EQ(order_of(2, Interval{1.9, 2.1}, 1, std::nullopt), 0);
}

TEST(SourceTable, HoldsTheSourcesWords) {
  const auto rows = source_table();
  ASSERT_EQ(rows.size(), 8u);
  EXPECT_EQ(rows[0].name.chinese, "管道");
  EXPECT_EQ(rows[3].words[0], Word::very_low);   // shared memory: latency
  EXPECT_EQ(rows[3].words[1], Word::very_high);  // throughput
  EXPECT_EQ(rows[4].words[1], std::nullopt);     // semaphore: N/A
  EXPECT_EQ(rows[7].words[3], Word::high);       // D-Bus: memory
  for (const SourceRow& row : rows) {
    EXPECT_FALSE(row.transports.empty()) << row.row;
    for (const Criterion criterion : kCriteria) {
      const auto& word = row.words[static_cast<std::size_t>(criterion)];
      if (word) {
        EXPECT_LT(static_cast<std::size_t>(*word), word_count(criterion)) << row.row;
      }
    }
  }
}

}  // namespace
}  // namespace ipcbench
