#include "plots/tables/sources_table.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/table/table.h"
#include "results/model/utf8.h"
#include "tests/support/compared_sample.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

Table only_of(const std::vector<Table>& tables) {
  EXPECT_EQ(tables.size(), 1u);
  return tables.at(0);
}

std::string without_notes(Table table) {
  table.notes.clear();
  return to_text(table, {});
}

TEST(SourcesTableText, ShowsWordsNumbersAndTheSourcesWords) {
  EXPECT_EQ(without_notes(only_of(sources_tables(compare_with_sources(compared_sample())))),
            R"(The sources' table, measured: same-cpu, both processes take turns on CPU 1
mechanism           latency, RTT of 64 B  throughput, at its best size      CPU overhead, per RTT  memory overhead
pipe                low ≈ medium          very high ≠ medium                low = low              medium ≈ low
pipe                4.00 µs [3.96, 4.04]  3.00 GB/s [2.97, 3.03] at 64 KiB  4.00 µs [3.96, 4.04]   68.4 KiB

signal              low = low             very low = very low               low = low              — · very low
signal              8.00 µs [7.92, 8.08]  2.00 MB/s [1.98, 2.02] at 8 B †   8.00 µs [7.92, 8.08]   —

message queue       low ≈ medium          very low ≠ medium                 low ≈ medium           medium = medium
sysv-mq             5.00 µs [4.95, 5.05]  8.00 MB/s [7.92, 8.08] at 64 B    5.00 µs [4.95, 5.05]   41.0 KiB

shared memory       very low = very low   very high = very high             very low = very low    medium ≈ high
sysv-shm            1.00 µs [0.99, 1.01]  4.00 GB/s [3.96, 4.04] at 64 KiB  1.00 µs [0.99, 1.01]   135 KiB

semaphore           very low ≈ low        N/A · N/A                         very low ≈ low         very low ≈ low
sysv-sem            2.00 µs [1.98, 2.02]  notifies 1.00 M/s                 2.00 µs [1.98, 2.02]   512 B

UNIX domain socket  low = low             very high ≈ high                  low = low              medium = medium
unix-stream         7.00 µs [6.93, 7.07]  5.00 GB/s [4.95, 5.05] at 64 KiB  7.00 µs [6.93, 7.07]   215 KiB

network socket      medium ≈ high         very high ≠ medium                medium ≈ high          high ≈ medium
tcp                 20.0 µs [19.8, 20.2]  2.00 GB/s [1.98, 2.02] at 64 KiB  20.0 µs [19.8, 20.2]   ≥ 1.05 MiB

D-Bus               high = high           high ≠ low                        high = high            high = high
dbus                80.0 µs [79.2, 80.8]  300 MB/s [297, 303] at 64 KiB     80.0 µs [79.2, 80.8]   4.77 MiB

Kendall τ-b         τ-b 0.59              τ-b 0.72                          τ-b 0.70               τ-b 0.50
                    = 4  ≈ 4              = 2  ≈ 1  ≠ 4  · 1                = 5  ≈ 3               = 3  ≈ 4  · 1
)");
}

TEST(SourcesTableText, SpeaksTheSourcesLanguage) {
  EXPECT_EQ(without_notes(only_of(sources_tables(compare_with_sources(compared_sample()), Language::chinese))),
            R"(来源文章的性能比较表（实测）：same-cpu，两个进程轮流使用CPU 1
IPC机制       延迟，64 B往返        吞吐量，最佳消息大小             CPU开销，每次往返     内存开销，每条通道
管道          低 ≈ 中等             极高 ≠ 中等                      低 = 低               中等 ≈ 低
pipe          4.00 µs [3.96, 4.04]  3.00 GB/s [2.97, 3.03] @ 64 KiB  4.00 µs [3.96, 4.04]  68.4 KiB

信号          低 = 低               极低 = 极低                      低 = 低               — · 极低
signal        8.00 µs [7.92, 8.08]  2.00 MB/s [1.98, 2.02] @ 8 B †   8.00 µs [7.92, 8.08]  —

消息队列      低 ≈ 中等             极低 ≠ 中等                      低 ≈ 中等             中等 = 中等
sysv-mq       5.00 µs [4.95, 5.05]  8.00 MB/s [7.92, 8.08] @ 64 B    5.00 µs [4.95, 5.05]  41.0 KiB

共享内存      极低 = 极低           极高 = 极高                      极低 = 极低           中等 ≈ 高
sysv-shm      1.00 µs [0.99, 1.01]  4.00 GB/s [3.96, 4.04] @ 64 KiB  1.00 µs [0.99, 1.01]  135 KiB

信号量        极低 ≈ 低             N/A · N/A                        极低 ≈ 低             极低 ≈ 低
sysv-sem      2.00 µs [1.98, 2.02]  通知1.00 M/s                     2.00 µs [1.98, 2.02]  512 B

UNIX域套接字  低 = 低               极高 ≈ 高                        低 = 低               中等 = 中等
unix-stream   7.00 µs [6.93, 7.07]  5.00 GB/s [4.95, 5.05] @ 64 KiB  7.00 µs [6.93, 7.07]  215 KiB

网络套接字    中等 ≈ 高             极高 ≠ 中等                      中等 ≈ 高             高 ≈ 中等
tcp           20.0 µs [19.8, 20.2]  2.00 GB/s [1.98, 2.02] @ 64 KiB  20.0 µs [19.8, 20.2]  ≥ 1.05 MiB

D-Bus         高 = 高               高 ≠ 低                          高 = 高               高 = 高
dbus          80.0 µs [79.2, 80.8]  300 MB/s [297, 303] @ 64 KiB     80.0 µs [79.2, 80.8]  4.77 MiB

Kendall τ-b   τ-b 0.59              τ-b 0.72                         τ-b 0.70              τ-b 0.50
              = 4  ≈ 4              = 2  ≈ 1  ≠ 4  · 1               = 5  ≈ 3              = 3  ≈ 4  · 1
)");
}

TEST(SourcesTableText, ASentenceForEachContradictionNamesItsMeasurement) {
  const Table table = only_of(sources_tables(compare_with_sources(compared_sample())));
  EXPECT_THAT(
      table.notes,
      Contains("≠ pipe, throughput: the sources say medium, which is 45.7 MB/s to 219 MB/s here; measured 3.00 GB/s "
               "[2.97, 3.03] at 64 KiB, very high: ×0.6 of the largest, UNIX domain socket's 5.00 GB/s "
               "(streaming/pipe/block/65536/same-cpu)"));
  std::size_t contradictions = 0;
  for (const SourcesTable& sources : compare_with_sources(compared_sample())) {
    for (const ComparedRow& row : sources.rows) {
      for (const ComparedCell& cell : row.cells) contradictions += cell.agreement == Agreement::contradicts ? 1 : 0;
    }
  }
  std::size_t sentences = 0;
  for (const std::string& note : table.notes) sentences += note.rfind("≠", 0) == 0 ? 1 : 0;
  EXPECT_EQ(sentences, contradictions);
  EXPECT_GT(sentences, 0u);
}

TEST(SourcesTableText, NotesSayWhatIsMissingAndWhy) {
  const Table table = only_of(sources_tables(compare_with_sources(compared_sample())));
  EXPECT_THAT(table.notes, Contains("† signal, throughput: measured with rt-signal, 8 B a message"));
  EXPECT_THAT(table.notes, Contains("· signal, memory overhead: no figure: too small to tell"));
  EXPECT_THAT(table.notes,
              Contains("message queue, throughput: larger messages than 64 B were not sent: msgmax is 8192, "
                       "the case needs 65536"));
}

TEST(SourcesTableText, WhatALimitChangedSaysSoInBothLanguages) {
  Result result = compared_sample();
  for (const char* scenario : {"ping-pong", "streaming"}) {
    case_of(result, std::string(scenario) + "/pipe/block/64/same-cpu").summary.limits_met = {{sample_limit(), 9}};
  }
  const Table english = only_of(sources_tables(compare_with_sources(result)));
  const Table chinese = only_of(sources_tables(compare_with_sources(result), Language::chinese));
  const std::vector<Cell>& pipe = english.parts[0].rows[0];
  EXPECT_EQ(pipe[2].shown, "— · medium");
  EXPECT_EQ(pipe[2].below[0], "4.00 µs [3.96, 4.04] ‡");
  EXPECT_THAT(english.notes, Contains("‡ pipe, latency, throughput, CPU overhead: no word and no verdict: "
                                      "fs.pipe-user-pages-soft is 16384, used up by this user's pipes: F_GETPIPE_SZ is "
                                      "8192, by the kernel's default 65536"));
  EXPECT_THAT(chinese.notes,
              Contains(testing::StartsWith("‡ 管道的延迟、吞吐量、CPU开销：不给用词也不作判断：fs.pipe")));
  EXPECT_THAT(to_csv(english), HasSubstr("latency_limit"));
  EXPECT_THAT(to_text(only_of(sources_variant_tables(compare_with_sources(result))), {}), HasSubstr("4.00 µs ‡"));
}

TEST(SourcesTableText, ReadsWellInATerminal) {
  for (const Language language : {Language::english, Language::chinese}) {
    std::vector<Table> tables = sources_tables(compare_with_sources(compared_sample()), language);
    tables.push_back(only_of(sources_variant_tables(compare_with_sources(compared_sample()), language)));
    for (const Table& table : tables) {
      const std::string text = to_text(table, {});
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        EXPECT_LE(display_width(text.substr(at, end - at)), 120u) << text.substr(at, end - at);
        at = end + 1;
      }
    }
  }
}

TEST(SourcesTableText, DataFormatsHoldNumbersWordsAndCases) {
  const nlohmann::json table =
      nlohmann::json::parse(to_json(only_of(sources_tables(compare_with_sources(compared_sample())))));
  const nlohmann::json& pipe = table["rows"][0];
  EXPECT_EQ(pipe["mechanism"], "pipe");
  EXPECT_EQ(pipe["latency_ns"], 4000);
  EXPECT_EQ(pipe["latency_ns_ci95"], (nlohmann::json{3960, 4040}));
  EXPECT_EQ(pipe["latency_word"], "low");
  EXPECT_EQ(pipe["latency_source_word"], "medium");
  EXPECT_EQ(pipe["latency_agreement"], "one step off");
  EXPECT_EQ(pipe["latency_crosses_edge"], "no");
  EXPECT_EQ(pipe["latency_case"], "ping-pong/pipe/block/64/same-cpu");
  EXPECT_EQ(table["rows"].size(), 9u);
  EXPECT_TRUE(table["rows"][8]["latency_ns"].is_null());
  EXPECT_NEAR(table["rows"][8]["latency_tau_b"].get<double>(), 0.591, 0.001);
}

TEST(SourcesTableText, WhereNothingDiffersThereAreNoWords) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) c.summary.rtt_p50 = sharp(1000);
  const Table table = only_of(sources_tables(compare_with_sources(result)));
  EXPECT_EQ(table.parts[0].rows[0][2].shown, "no difference · medium");
  EXPECT_THAT(table.notes,
              Contains("latency: no difference measurable, the largest of the rows is under twice the smallest"));
}

TEST(SourcesTableText, AnIntervalOverAnEdgeIsMarkedAtItsWord) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    if (c.id == "ping-pong/signal/block/0/same-cpu") c.summary.rtt_p50.ci95 = Interval{7900, 9500};
  }
  EXPECT_EQ(only_of(sources_tables(compare_with_sources(result))).parts[0].rows[1][2].shown, "low* = low");
}

TEST(SourcesTableText, VariantsStandBelowTheirRow) {
  const Table table = only_of(sources_variant_tables(compare_with_sources(compared_sample())));
  ASSERT_EQ(table.parts.size(), 8u);
  EXPECT_EQ(table.parts[0].title, "pipe");
  ASSERT_EQ(table.parts[0].rows.size(), 2u);
  EXPECT_EQ(table.parts[0].rows[1][2].shown, "4.50 µs low");
  EXPECT_EQ(table.parts[3].rows[1][2].shown, "900 ns very low");
  // The memory figure is rt-signal's, which has a line of its own.
  EXPECT_EQ(table.parts[1].rows[0][7].shown, "—");
}

TEST(SourcesTableText, NamesFromAFileCannotCommandATerminal) {
  Result result = compared_sample();
  for (CaseRecord& c : result.cases) {
    c.id += "\x1b]0;owned\x07";
    if (c.status == Status::skipped) c.reason = "msgmax\x1b[2J";
  }
  const std::string text = to_text(sources_tables(compare_with_sources(result)), {}) +
                           to_markdown(sources_tables(compare_with_sources(result)));
  EXPECT_THAT(text, HasSubstr("\\x1b[2J"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
}

TEST(TableText, CellsGoOnInFurtherLines) {
  Table table{
      "t", "T", {{"a", "a"}, {.key = "b", .title = "b", .wrap = 7}, {"n", "n", Unit::count}}, {TablePart{}}, {}};
  table.parts[0].rows.push_back(
      {{.value = std::string("x"), .below = {"xx"}}, {.value = std::string("one two three")}, {.value = 5.0}});
  table.parts[0].rows.push_back(
      {{.value = std::string("y"), .below = {"yy"}}, {.value = std::string("b")}, {.value = 6.0}});
  EXPECT_EQ(to_text(table, {}),
            "T\n"
            "a   b        n\n"
            "x   one two  5\n"
            "xx  three\n"
            "\n"
            "y   b        6\n"
            "yy\n");
  EXPECT_THAT(to_markdown(table), HasSubstr("| x<br>xx | one two three | 5 |\n"));
  EXPECT_EQ(to_csv(table), "a,b,n\r\nx,one two three,5\r\ny,b,6\r\n");
}

TEST(TableText, LongNotesAreBroken) {
  Table table{"t", "T", {{"a", "a"}}, {}, {std::string(70, 'a') + " " + std::string(60, 'b')}};
  EXPECT_EQ(to_text(table, {}), "T\n   " + std::string(70, 'a') + "\n     " + std::string(60, 'b') + "\n");
}

}  // namespace
}  // namespace ipcbench
