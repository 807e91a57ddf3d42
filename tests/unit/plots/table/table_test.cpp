#include "plots/table/table.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "plots/table/cells.h"

namespace ipcbench {
namespace {

TEST(Units, ThreeDigitsAndAUnit) {
  EXPECT_EQ(human(Unit::ns, 57.34), "57.3 ns");
  EXPECT_EQ(human(Unit::ns, 999.6), "1.00 µs");
  EXPECT_EQ(human(Unit::ns, 12'440), "12.4 µs");
  EXPECT_EQ(human(Unit::ns, 99'960), "100 µs");
  EXPECT_EQ(human(Unit::ns, 1.5e9), "1.50 s");
  EXPECT_EQ(human(Unit::ns, 0), "0 ns");
  EXPECT_EQ(human(Unit::bytes, 64), "64 B");
  EXPECT_EQ(human(Unit::bytes, 65536), "64 KiB");
  EXPECT_EQ(human(Unit::bytes_per_s, 123.4e6), "123 MB/s");
  EXPECT_EQ(human(Unit::per_s, 1'923'000), "1.92 M/s");
  EXPECT_EQ(human(Unit::percent, 0.25), "25.0 %");
  EXPECT_EQ(human(Unit::times, 3.5), "×3.50");
  EXPECT_EQ(human(Unit::count, 12345), "12345");
  EXPECT_EQ(human(Unit::number, 0.004), "0.004");
  EXPECT_EQ(human(Unit::number, -2.5), "-2.50");
  EXPECT_EQ(human(Unit::ns, std::nan("")), "—");
  EXPECT_EQ(human(Unit::ns, INFINITY), "—");
  EXPECT_EQ(human(Unit::ns, 12'440, Interval{980, 13'000}), "12.4 µs [0.98, 13.0]");
}

Table sample_table() {
  Figure figure;
  figure.median = 1234;
  figure.ci95 = Interval{1200, 1300};
  Figure bare;
  bare.median = 56;
  Table table{"t",
              "Some times",
              {{"name", "name"},
               {"rtt_ns", "RTT", Unit::ns, true},
               {"raw", "raw", Unit::count, false, Audience::data},
               {"loss", "loss", Unit::percent}},
              {},
              {"a note"}};
  table.parts.push_back({"64 B", {{cell(std::string("管道")), cell(figure), cell(7), Cell{}}}});
  table.parts.push_back({"others", {{cell(std::string("a,\"b\"|\x1b[1m")), cell(bare), cell(8), Cell{}}}});
  return table;
}

TEST(TableText, AlignsByTerminalWidthAndHidesEmptyColumns) {
  EXPECT_EQ(to_text(sample_table(), {}),
            "Some times\n"
            "name                            RTT\n"
            "-- 64 B\n"
            "管道           1.23 µs [1.20, 1.30]\n"
            "-- others\n"
            "a,\"b\"|\\x1b[1m               56.0 ns\n"
            "   a note\n");
}

TEST(TableText, ColorIsAddedOnlyWhenAskedFor) {
  EXPECT_EQ(to_text(sample_table(), {}).find('\x1b'), std::string::npos);
  EXPECT_EQ(to_text(sample_table(), {.color = true}).substr(0, 19), "\x1b[1mSome times\x1b[0m\n");
}

TEST(TableMarkdown, EscapesItsOwnSyntax) {
  EXPECT_EQ(to_markdown(sample_table()),
            "### Some times\n\n"
            "**64 B**\n\n"
            "| name | RTT |\n| --- | ---: |\n"
            "| 管道 | 1.23 µs \\[1.20, 1.30\\] |\n\n"
            "**others**\n\n"
            "| name | RTT |\n| --- | ---: |\n"
            "| a,\"b\"\\|\\\\x1b\\[1m | 56.0 ns |\n\n"
            "- a note\n");
}

TEST(TableCsv, HoldsRawNumbersAndQuotes) {
  EXPECT_EQ(to_csv(sample_table()),
            "\xef\xbb\xbfpart,name,rtt_ns,rtt_ns_low,rtt_ns_high,raw,loss\r\n"
            "64 B,管道,1234,1200,1300,7,\r\n"
            "others,\"a,\"\"b\"\"|\\x1b[1m\",56,,,8,\r\n");
}

TEST(TableCsv, WithoutPartsHasNoPartColumn) {
  const Table table{"t", "T", {{"a", "a"}, {"b", "b", Unit::count}}, {{"", {{cell(std::string("x")), cell(1)}}}}, {}};
  EXPECT_EQ(to_csv(table), "a,b\r\nx,1\r\n");
}

std::string csv_of(const std::string& text) {
  const Table table{"t", "T", {{"a", "a"}}, {{"", {{cell(text)}}}}, {}};
  return to_csv(table).substr(3);  // without the header
}

TEST(TableCsv, TextThatASpreadsheetWouldRunIsMarkedAsText) {
  EXPECT_EQ(csv_of("=1+1"), "'=1+1\r\n");
  EXPECT_EQ(csv_of("+cmd|' /C calc'!A0"), "'+cmd|' /C calc'!A0\r\n");
  EXPECT_EQ(csv_of("-2+3"), "'-2+3\r\n");
  EXPECT_EQ(csv_of("@SUM(A1,B1)"), "\"'@SUM(A1,B1)\"\r\n");
  EXPECT_EQ(csv_of("\t=1"), "'\\t=1\r\n");
  EXPECT_EQ(csv_of("\r=1"), "'\\x0d=1\r\n");
  const Table wide{"t",
                   "T",
                   {{"a", "a"}},
                   {{"\xef\xbc\x9d"
                     "1",
                     {{cell(std::string("x"))}}}},
                   {}};
  EXPECT_EQ(to_csv(wide),
            "\xef\xbb\xbfpart,a\r\n'\xef\xbc\x9d"
            "1,x\r\n")
      << "of full width, and the part's title";
}

TEST(TableCsv, NumbersStayNumbers) {
  EXPECT_EQ(csv_of("-5"), "-5\r\n");
  EXPECT_EQ(csv_of("-1.5e-3"), "-1.5e-3\r\n");
  const Table table{"t", "T", {{"a", "a", Unit::count}}, {{"", {{cell(-2.5)}}}}, {}};
  EXPECT_EQ(to_csv(table), "a\r\n-2.5\r\n");
}

TEST(TableCsv, AByteOrderMarkStandsOnlyBeforeWhatIsNotAscii) {
  const Table ascii{"t", "T", {{"a", "a"}}, {{"", {{cell(std::string("pipe"))}}}}, {}};
  EXPECT_EQ(to_csv(ascii), "a\r\npipe\r\n");
  const Table chinese{"t", "T", {{"a", "a"}}, {{"", {{cell(std::string("管道"))}}}}, {}};
  EXPECT_EQ(to_csv(chinese),
            "\xef\xbb\xbf"
            "a\r\n管道\r\n");
}

TEST(TableJson, IsJson) {
  const nlohmann::json table = nlohmann::json::parse(to_json(sample_table()));
  EXPECT_EQ(table["id"], "t");
  EXPECT_EQ(table["columns"][1], (nlohmann::json{{"key", "rtt_ns"}, {"title", "RTT"}, {"unit", "ns"}}));
  EXPECT_EQ(table["rows"][0]["rtt_ns"], 1234);
  EXPECT_EQ(table["rows"][0]["rtt_ns_ci95"], (nlohmann::json{1200, 1300}));
  EXPECT_TRUE(table["rows"][1]["rtt_ns_ci95"].is_null());
  EXPECT_TRUE(table["rows"][1]["loss"].is_null());
  EXPECT_EQ(table["rows"][1]["part"], "others");
  EXPECT_EQ(table["notes"][0], "a note");
  EXPECT_EQ(nlohmann::json::parse(to_json(std::vector<Table>{sample_table(), sample_table()})).size(), 2u);
  EXPECT_EQ(nlohmann::json::parse(to_json(std::vector<Table>{})).size(), 0u);
}

}  // namespace
}  // namespace ipcbench
