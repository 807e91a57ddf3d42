#include <algorithm>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/cli.h"

// Checks `ipcbench report` with good and bad files. tests/browser/ checks the page in a browser.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

class Report : public Cli {
 protected:
  static constexpr const char* kPublished = IPCBENCH_SOURCE_DIR "/results/published/quick-intel-xeon-kvm.json";

  // Runs a line of bash; $quick is a result in the test's folder.
  Outcome with_result(const std::string& line) const {
    return shell("cp '" + std::string(kPublished) + "' quick.ipcbench.json\nquick=quick.ipcbench.json\n" + line);
  }
  // Runs one case and makes its report.
  Outcome short_run(const std::string& before = "") const {
    return shell(before +
                 "export XDG_RUNTIME_DIR=$PWD\n\"$ipcbench\" run --transport pipe --scenario ping-pong --size 64 "
                 "--placement same-cpu --passes 1 --report --path-file path --progress plain -o short.ipcbench.json");
  }
  std::string file(const std::string& name) const { return content_of(folder_ / name); }
};

TEST_F(Report, IsBesideItsResultAndNamedLikeIt) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\"");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_EQ(outcome.err, "quick.html\n");
  EXPECT_THAT(file("quick.html"), AllOf(StartsWith("<!doctype html>"), HasSubstr("<html lang=\"en\">")));
}

TEST_F(Report, GoesIntoAFolderOrAFile) {
  EXPECT_THAT(with_result("\"$ipcbench\" report \"$quick\" -o a/b --lang zh").err, StartsWith("a/b/index.html\n"));
  EXPECT_THAT(file("a/b/index.html"), HasSubstr("<html lang=\"zh-CN\">"));
  EXPECT_EQ(with_result("\"$ipcbench\" report \"$quick\" -o page.html").err, "page.html\n");
  EXPECT_THAT(file("page.html"), StartsWith("<!doctype html>"));
}

TEST_F(Report, AFolderHoldsThePageAndAllData) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\" -o all");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, ::testing::MatchesRegex("all/index.html\n[0-9]+ files in all\n"));
  for (const std::string name :
       {"index.html", "tables/comparison_same-cpu.csv", "tables/comparison_same-cpu.md", "tables/claims.md",
        "tables/cases.csv", "hgrm/ping-pong_pipe_block_64_same-cpu.hgrm", "hlog/ping-pong_pipe_block_64_same-cpu.hlog",
        "google-benchmark.json", "charts/throughput-same-cpu.dat"}) {
    EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / "all" / name)) << name;
  }
}

TEST_F(Report, ExportsAloneMakeNoPage) {
  const Outcome outcome =
      with_result("mkdir other; cp \"$quick\" other/\n\"$ipcbench\" report \"$quick\" \"other/$quick\" --export data");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, ::testing::MatchesRegex("[0-9]+ files in data\n"));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / "data/quick/google-benchmark.json"));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder_ / "data/quick__2_/google-benchmark.json"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "quick-and-1-more.html"));
  EXPECT_EQ(with_result("\"$ipcbench\" report \"$quick\" --export data -o page.html").code, 0);
  EXPECT_THAT(file("page.html"), StartsWith("<!doctype html>"));
}

TEST_F(Report, ChartsNeedGnuplotAndThePageDoesNot) {
  // A PATH without gnuplot.
  const Outcome charts = with_result("PATH= \"$ipcbench\" report \"$quick\" --charts charts");
  EXPECT_EQ(charts.code, 2);
  EXPECT_THAT(charts.err, HasSubstr("gnuplot"));
  const Outcome page = with_result("PATH= \"$ipcbench\" report \"$quick\" -o page.html");
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_THAT(file("page.html"), AllOf(StartsWith("<!doctype html>"), Not(HasSubstr("data:image/svg+xml"))));
}

TEST_F(Report, AGnuplotThatFailsCostsThePageOnlyItsDrawings) {
  const Outcome outcome = with_result(
      "mkdir bin; printf '#!/bin/sh\\necho no fonts >&2; exit 3\\n' >bin/gnuplot; chmod +x bin/gnuplot\n"
      "PATH=$PWD/bin:$PATH \"$ipcbench\" report \"$quick\" -o page.html");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("no fonts"), HasSubstr("page.html\n")));
  EXPECT_THAT(file("page.html"), AllOf(StartsWith("<!doctype html>"), Not(HasSubstr("data:image/svg+xml"))));
}

TEST_F(Report, BeginsWithTheComparisonInEveryForm) {
  EXPECT_THAT(with_result("\"$ipcbench\" report \"$quick\" --format table").out,
              StartsWith("The sources' table, measured: same-cpu"));
  EXPECT_THAT(with_result("\"$ipcbench\" report \"$quick\" --format markdown --lang zh").out,
              StartsWith("### 来源文章的性能比较表（实测）：same-cpu"));
  EXPECT_THAT(with_result("\"$ipcbench\" report \"$quick\" --format json").out,
              ::testing::MatchesRegex("\\[[ \n]*\\{[ \n]*\"id\": *\"comparison/same-cpu\"(.|\n)*"));
}

TEST_F(Report, OverwritesNoFileThatIsNoPage) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\" -o \"$quick\"");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("quick.ipcbench.json"));
  EXPECT_THAT(file("quick.ipcbench.json"), StartsWith("{"));
}

TEST_F(Report, ReadsAJournal) {
  // The header of a run that stopped before its first launch.
  const Outcome outcome = with_result(R"sh(python3 - "$quick" <<'END'
import json, sys
result = json.load(open(sys.argv[1]))
result["schema"] = "ipcbench-journal"
for case in result["cases"]:
    for key in ("state", "summary", "launches", "counted", "channel"):
        case.pop(key, None)
open("killed.ipcbench.json.journal.jsonl", "w").write(json.dumps(result) + "\n")
END
"$ipcbench" report killed.ipcbench.json.journal.jsonl)sh");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.err, "killed.html\n");
  EXPECT_THAT(file("killed.html"), HasSubstr("The run was stopped before its end."));
}

TEST_F(Report, PrintsTheTablesOfShow) {
  for (const std::string format : {"table", "markdown", "csv", "json"}) {
    const Outcome report = with_result("\"$ipcbench\" report \"$quick\" --format " + format);
    EXPECT_EQ(report.code, 0) << report.err;
    EXPECT_THAT(report.err, IsEmpty());
    EXPECT_EQ(report.out, with_result("\"$ipcbench\" show \"$quick\" --format " + format).out) << format;
  }
}

TEST_F(Report, TellsSeveralResultsApart) {
  const Outcome page =
      with_result("mkdir other; cp \"$quick\" other/\n\"$ipcbench\" report \"$quick\" \"other/$quick\"");
  EXPECT_EQ(page.code, 0) << page.err;
  EXPECT_EQ(page.err, "quick-and-1-more.html\n");
  EXPECT_THAT(file("quick-and-1-more.html"), HasSubstr("<title>ipcbench: quick, quick (2)</title>"));
  const Outcome csv =
      with_result("mkdir other; cp \"$quick\" other/\n\"$ipcbench\" report \"$quick\" \"other/$quick\" --format csv");
  EXPECT_THAT(csv.out, AllOf(StartsWith("result,id,"), HasSubstr("\nquick,ping-pong/pipe/block/64/same-cpu,"),
                             HasSubstr("\nquick (2),ping-pong/pipe/block/64/same-cpu,")));
}

TEST_F(Report, SpeaksChinese) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\" --format markdown --lang zh");
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("传输方式"), HasSubstr("往返延迟")));
}

TEST_F(Report, ThatCannotBeMadeDoesNotCostTheResult) {
  const Outcome outcome = short_run("mkdir short.html\n");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("no report: "), HasSubstr("short.html"), HasSubstr("short.ipcbench.json")));
  EXPECT_THAT(outcome.out, HasSubstr("pipe"));
  EXPECT_THAT(file("short.ipcbench.json"), HasSubstr("\"complete\": true"));
}

TEST_F(Report, IsMadeAtTheEndOfARunThatAsksForIt) {
  const Outcome outcome = short_run();
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("report: short.html\n"));
  EXPECT_THAT(file("short.html"), HasSubstr("ping-pong/same-cpu"));
  EXPECT_EQ(file("path"), (std::filesystem::canonical(folder_) / "short.ipcbench.json").string() + '\n');
}

struct BadFile {
  std::string name;
  std::string make;  // writes bad.json
  std::string hint;
  friend void PrintTo(const BadFile& bad, std::ostream* out) { *out << bad.name; }
};

class BadFiles : public Report, public ::testing::WithParamInterface<BadFile> {};

TEST_P(BadFiles, AreRefusedWithTheirNameAndLeaveNoPage) {
  const Outcome outcome = with_result(GetParam().make + "\n\"$ipcbench\" report bad.json -o page.html");
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("bad.json"), HasSubstr(GetParam().hint)));
  EXPECT_LT(outcome.err.size(), 1000u);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "page.html"));
}

constexpr const char* kChange = R"sh(python3 -c 'import json, sys
result = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(result, open("bad.json", "w"))' "$quick" )sh";

INSTANTIATE_TEST_SUITE_P(
    Report, BadFiles,
    ::testing::Values(
        BadFile{"absent", "", "No such file"}, BadFile{"folder", "mkdir bad.json", "bad.json"},
        BadFile{"empty", ": >bad.json", "not JSON"},
        BadFile{"truncated", "head -c 100000 \"$quick\" >bad.json", "not JSON"},
        BadFile{"binary", "head -c 100000 /dev/urandom >bad.json", "not JSON"},
        BadFile{"deep", "printf '[%.0s' {1..100000} >bad.json", "nested deeper"},
        BadFile{"not a number", std::string("sed 's/\"seed\": [0-9]*/\"seed\": NaN/' \"$quick\" >bad.json"),
                "not JSON"},
        BadFile{"another schema", std::string(kChange) + "'result[\"schema\"] = \"x\"'", "schema"},
        BadFile{"another version", std::string(kChange) + "'result[\"version\"] = 99'", "version: 99 can't be read"},
        BadFile{"a missing key", std::string(kChange) + "'del result[\"cases\"][3][\"summary\"][\"rtt_ns\"][\"p50\"]'",
                "cases[3].summary.rtt_ns: \"p50\" is missing"},
        BadFile{"a wrong type", std::string(kChange) + "'result[\"cases\"][3][\"size\"] = \"big\"'", "cases[3].size"},
        BadFile{
            "a histogram out of order",
            std::string(kChange) + "'result[\"cases\"][0][\"launches\"][0][\"histogram\"][\"values_ns\"].reverse()'",
            "values_ns don't ascend"}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace(name.begin(), name.end(), ' ', '_');
      return name;
    });

TEST_F(Report, ATextOfAMegabyteMakesNoPageOfMegabytes) {
  const Outcome outcome =
      with_result(std::string(kChange) +
                  "'result[\"machine\"][\"cpu\"] = \"<\" * 1000000; "
                  "result[\"cases\"][0][\"id\"] = result[\"cases\"][0][\"placement\"] = \"<\" * 512'\n"
                  "\"$ipcbench\" report bad.json -o page.html");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_LT(file("page.html").size(), 3'000'000u);
}

TEST_F(Report, AFileIsReadFromAPipeAndNeverFromAFifoOrADevice) {
  EXPECT_EQ(with_result("\"$ipcbench\" show <(cat \"$quick\")").code, 0);
  const Outcome outcome = with_result(R"(mkfifo fifo; truncate --size 7T sparse; : >empty
for file in fifo sparse /dev/zero . empty; do
  for command in show report compare\ --advisory\ "$quick" check\ --advisory\ --baseline recommend ab\ --from \
                 run\ --resume plan\ ./ gbench\ --iterations-from; do
    $ipcbench $command "$file" >/dev/null 2>>err-of-all; [[ $? == 2 ]] || echo "$command $file"
  done
done)");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "") << "these commands didn't end with 2";
}

TEST_F(Report, APageOrATableGoesToStdoutWhereThatIsAskedFor) {
  for (const std::string name : {"-", "/dev/stdout", "/dev/fd/1"}) {
    const Outcome page = with_result("\"$ipcbench\" report \"$quick\" -o " + name);
    EXPECT_EQ(page.code, 0) << page.err;
    EXPECT_THAT(page.out, AllOf(testing::StartsWith("<!doctype html>"), testing::EndsWith("</html>\n"))) << name;
  }
  const Outcome table = with_result("\"$ipcbench\" report \"$quick\" --format csv -o -");
  EXPECT_EQ(table.code, 0) << table.err;
  EXPECT_THAT(table.out, testing::StartsWith("id,"));
}

TEST_F(Report, AFullDiskIsNoUsageError) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\" -o /dev/full");
  EXPECT_EQ(outcome.code, 70);
  EXPECT_THAT(outcome.err, HasSubstr("/dev/full"));
}

TEST_F(Report, AFolderThatCannotBeIsAUsageError) {
  const Outcome outcome = with_result("\"$ipcbench\" report \"$quick\" -o \"$quick/sub\"");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("quick.ipcbench.json/sub"));
  EXPECT_EQ(with_result("\"$ipcbench\" report \"$quick\" -o absent/page.html").code, 2);
}

}  // namespace
}  // namespace ipcbench
