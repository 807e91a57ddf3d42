#include "tests/integration/cli.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "results/figures/summary.h"
#include "results/figures/summary_form.h"
#include "results/files/store.h"
#include "tests/support/sample_result.h"

// Checks the program's output and exit codes as scripts and people see them. Nothing is measured.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kEscape = '\x1b';

TEST_F(Cli, HelpIsDataAndHasExamples) {
  for (const std::string command :
       {"",        "run ",      "plan ",  "list ",      "show ",      "report ", "recommend ",
        "doctor ", "topology ", "clean ", "conform ",   "selftest ",  "load ",   "find-rate ",
        "ab ",     "compare ",  "check ", "calibrate ", "summarise ", "fleet "}) {
    const Outcome outcome = ipcbench(command + "--help");
    EXPECT_EQ(outcome.code, 0) << command;
    EXPECT_THAT(outcome.out, AllOf(HasSubstr("Examples:"), HasSubstr("Usage: ipcbench " + command))) << command;
    EXPECT_THAT(outcome.err, IsEmpty()) << command;
  }
}

TEST_F(Cli, HelpHidesWhatIsForPrograms) { EXPECT_THAT(ipcbench("--help").out, Not(HasSubstr("measure-launch"))); }

TEST_F(Cli, WhatIsUnknownIsUnknownWithHelpBesideItToo) {
  for (const std::string arguments :
       {"nosuch --help", "--help nosuch", "nosuch -h", "nosuch --version", "--version nosuch", "--nosuch --help",
        "run --nosuch --help", "run --help --nosuch", "show file nosuch --help", "--nosuch run --help",
        "run --placement=same-cpu --nosuch=1 -h"}) {
    const Outcome outcome = ipcbench(arguments);
    EXPECT_EQ(outcome.code, 2) << arguments;
    EXPECT_THAT(outcome.out, IsEmpty()) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr("nosuch")) << arguments;
  }
}

TEST_F(Cli, VersionNamesRevisionCompilerAndBuildType) {
  const Outcome outcome = ipcbench("--version");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.out,
              AllOf(StartsWith("ipcbench "), HasSubstr("revision "), HasSubstr("compiler "), HasSubstr("build ")));
}

TEST_F(Cli, NoSubcommandIsAUsageError) {
  const Outcome outcome = ipcbench("");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("--help"));
}

struct Slip {
  std::string arguments;
  std::string hint;
  friend void PrintTo(const Slip& slip, std::ostream* out) { *out << slip.arguments; }
};

class UsageErrors : public Cli, public ::testing::WithParamInterface<Slip> {};

TEST_P(UsageErrors, ExitWith2AndNameTheNearest) {
  const Outcome outcome = ipcbench(GetParam().arguments);
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("ipcbench: "), HasSubstr(GetParam().hint)));
}

INSTANTIATE_TEST_SUITE_P(
    Cli, UsageErrors,
    ::testing::Values(
        Slip{"rnu", "'run'"}, Slip{"lsit", "'list'"}, Slip{"run --fliter x", "'--filter'"},
        Slip{"plan --tranport=pipe", "'--transport'"}, Slip{"list transport", "'transports'"},
        Slip{"list --jsno", "'--json'"}, Slip{"plan quikc", "'quick'"}, Slip{"plan --transport pipee", "'pipe'"},
        Slip{"plan --scenario pingpong", "'ping-pong'"}, Slip{"plan --wait blok", "'block'"},
        Slip{"plan --placement same-cpus", "'same-cpu'"}, Slip{"plan --payload line", "'lines'"},
        Slip{"plan --size 4Kib", "--size"}, Slip{"plan --size ''", "--size"}, Slip{"plan --cpus '0;1'", "--cpus"},
        Slip{"plan --cpus 0,1048576", "this process may not use CPU 1048576; allowed: "},
        Slip{"plan --cpus 0,1 --placement same-cpu", "--placement"}, Slip{"plan --option capacity", "KEY=VALUE"},
        Slip{"plan --passes 0", "--passes"}, Slip{"plan --passes many", "--passes"}, Slip{"plan --seed -1", "--seed"},
        Slip{"plan --filter '('", "--filter"}, Slip{"plan quick standard", "'standard'"},
        Slip{"complete --wrods", "--color"}, Slip{"plan ./absent.toml", "absent.toml"},
        Slip{"list --color=alwys", "'always'"}, Slip{"show", "FILE"},
        Slip{"show absent.ipcbench.json", "absent.ipcbench.json"}, Slip{"show script", "script"},
        Slip{"report", "RESULT"}, Slip{"report absent.ipcbench.json", "absent.ipcbench.json"},
        Slip{"report x.json --format htm", "'html'"}, Slip{"report x.json --lang cn", "valid: en, zh"},
        Slip{"report x.json --outptu y", "'--output'"},
        Slip{"run -o /absent/x.json --passes 1 --transport pipe", "/absent"},
        Slip{"measure-launch --case ping-pong/pip/block/64/same-cpu --messages 1 --seed 1 --abi 1", "'pipe'"},
        Slip{"doctr", "'doctor'"}, Slip{"doctor --secnds 1", "'--seconds'"}, Slip{"doctor --seconds -1", "--seconds"},
        Slip{"doctor extra", "'extra'"}, Slip{"topology --seconds 0", "--seconds"}, Slip{"topology --jsno", "'--json'"},
        Slip{"clean --dry-rum", "'--dry-run'"}, Slip{"ab", "--base BIN"}, Slip{"ab --suite cii", "'ci'"},
        Slip{"ab --head-option nodelay --transport tcp", "KEY=VALUE"},
        Slip{"ab --head-option nodely=0 --transport tcp", "'nodelay'"},
        Slip{"ab --head-option nodelay=maybe --transport tcp", "nodelay"},
        Slip{"ab --head-env X --transport tcp", "--head-env"}, Slip{"ab --from a.jsonl --rounds 3", "--rounds"},
        Slip{"ab --from absent.jsonl", "absent.jsonl"}, Slip{"ab --out jsno", "'json'"},
        Slip{"ab --out json markdown", "want stdout"}, Slip{"ab --out json=", "empty"},
        Slip{"ab --base /bin/true", "--base"}, Slip{"compare", "FILE"}, Slip{"compare a.json", "at least two"},
        Slip{"compare a.json b.json", "a.json"}, Slip{"compare --advisry a b", "'--advisory'"},
        Slip{"check", "--baseline"}, Slip{"calibrate --pairs 0", "--pairs"},
        Slip{"calibrate --pairs 9 --more 9", "--more"}, Slip{"calibrate --report", "noise.pairs.jsonl"},
        Slip{"calibrate --live x", "--report"},
        Slip{"measure-launch --case ping-pong/pipe/block/64/same-cpu --messages 1 --seed 1 --abi 1 --clock x",
             "KIND:RATE"},
        Slip{"claims", "RESULT"}, Slip{"claims absent.json", "absent.json"}, Slip{"claims x --claim C44", "'C4'"},
        Slip{"claims x --claims absent.toml", "absent.toml"}, Slip{"recommend", "ipcbench run"},
        Slip{"recommend absent.json", "absent.json"}, Slip{"recommend --pattern steam", "'stream'"},
        Slip{"recommend --by latencey", "'latency'"}, Slip{"recommend --size 4kb", "--size"},
        Slip{"recommend --may-spin --no-spin", "--may-spin"}, Slip{"show x --lang cn", "en, zh"},
        Slip{"show x --table comparison --hgrm y", "--table"}, Slip{"show x --charts ''", "--charts"},
        Slip{"measure-launch --messages 1 --seed 1 --abi 1", "--case"}));

constexpr const char* kPublished = "'" IPCBENCH_SOURCE_DIR "/results/published/quick-intel-xeon-kvm.json'";

TEST_F(Cli, ShowPrintsTheComparisonFirst) {
  const Outcome outcome = ipcbench(std::string("show ") + kPublished);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, StartsWith("The sources' table, measured: same-cpu"));
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("\nRun\n"), HasSubstr("\nWhat the sources claim, on this machine\n")));
}

TEST_F(Cli, ShowPrintsOneTableInEitherLanguage) {
  const std::string show = std::string("show ") + kPublished;
  EXPECT_THAT(ipcbench(show + " --table comparison/same-l3").out,
              AllOf(StartsWith("The sources' table, measured: same-l3"), Not(HasSubstr("same-cpu"))));
  EXPECT_THAT(ipcbench(show + " --table comparison --lang zh").out, HasSubstr("共享内存"));
  EXPECT_THAT(ipcbench(show + " --table claims --format csv").out,
              StartsWith("\xef\xbb\xbfnumber,claim,sources,verdict,basis,"));
  EXPECT_THAT(ipcbench(show + " --table ping-pong --format json").out, StartsWith("["));
}

TEST_F(Cli, ATableThatIsNotThereIsAnsweredWithTheNearest) {
  const std::string show = std::string("show ") + kPublished;
  const Outcome unknown = ipcbench(show + " --table comparision");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.out, IsEmpty());
  EXPECT_THAT(unknown.err, HasSubstr("did you mean 'comparison'?"));
  const Outcome several = ipcbench(show + " --table ping-pong --format csv");
  EXPECT_EQ(several.code, 2);
  EXPECT_THAT(several.err, AllOf(HasSubstr("ping-pong/same-cpu"), HasSubstr("ping-pong/same-l3")));
}

TEST_F(Cli, RecommendRanksAndExcludes) {
  const Outcome given = ipcbench(std::string("recommend ") + kPublished + " --pattern stream --size 64KiB --unrelated");
  EXPECT_EQ(given.code, 0) << given.err;
  EXPECT_THAT(given.out, AllOf(StartsWith("For stream of 64 KiB, by throughput, same-l3, without spinning\n"),
                               HasSubstr("sysv-shm-loan"), HasSubstr("needs a common ancestor")));
  const Outcome newest = shell(std::string("cp ") + kPublished + R"sh( ipcbench-quick-1.ipcbench.json
echo broken >ipcbench-old-0.ipcbench.json
touch -d '2001-01-01' ipcbench-old-0.ipcbench.json
"$ipcbench" recommend --size 64KiB --pattern stream --format csv)sh");
  EXPECT_EQ(newest.code, 0) << newest.err;
  EXPECT_THAT(newest.err, HasSubstr("ipcbench-quick-1.ipcbench.json"));
  EXPECT_THAT(newest.out, StartsWith("rank,transport,wait,bytes_per_s,"));
}

TEST_F(Cli, ExportsAreWrittenWhereAskedFor) {
  const Outcome outcome =
      shell(std::string("\"$ipcbench\" show ") + kPublished + " --export exported && ls exported exported/tables");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("google-benchmark.json"), HasSubstr("comparison_same-cpu.csv")));
  EXPECT_THAT(outcome.err, HasSubstr(" files in exported"));
}

TEST_F(Cli, ComparePyReadsAnExport) {
  const Outcome ready = shell(R"sh(compare=/usr/share/benchmark/compare.py
[[ -r $compare ]] || { echo "there is no $compare, of libbenchmark-tools"; exit 1; }
for python in python3 /usr/bin/python3; do
  "$python" -c 'import numpy, scipy.stats' 2>/dev/null && { echo "$python $compare"; exit 0; }
done
echo "compare.py needs python3-scipy"
exit 1)sh");
  if (ready.code != 0) GTEST_SKIP() << ready.out;
  const Outcome outcome = shell(std::string("\"$ipcbench\" show ") + kPublished + " --export exported && " +
                                ready.out.substr(0, ready.out.find('\n')) +
                                " --no-color benchmarks exported/google-benchmark.json exported/google-benchmark.json");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("streaming/tcp/block/65536/same-cpu/iterations:"),
                                 HasSubstr("U Test, Repetitions: 9 vs 9")));
}

TEST_F(Cli, AnUnknownKeyOfASuiteIsNamedWithItsPlaceAndTheNearest) {
  const Outcome outcome = shell(R"sh(cat >my.toml <<'END'
schema = "ipcbench-suite"
version = 1
name = "my"
block = "5ms"
budget = "20s"
[[cases]]
scenarios = ["ping-pong"]
transport = ["pipe"]
END
"$ipcbench" plan ./my.toml)sh");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("my.toml:8"), HasSubstr("'transport'"), HasSubstr("'transports'")));
}

TEST_F(Cli, AnotherAbiIsNotComparable) {
  const Outcome outcome =
      ipcbench("measure-launch --case ping-pong/pipe/block/64/same-cpu --messages 1 --seed 1 --abi 2");
  EXPECT_EQ(outcome.code, 5);
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(Cli, ALaunchWithOptionsThatCannotRunHereIsSkipped) {
  const Outcome outcome =
      ipcbench("measure-launch --case ping-pong/memfd/spin/64/unpinned/wake=pipe --messages 1 --seed 1 --abi 1");
  EXPECT_EQ(outcome.code, 77);
  const nlohmann::json launch = nlohmann::json::parse(outcome.out);
  EXPECT_EQ(launch.at("status"), "skipped");
  EXPECT_EQ(launch.at("reason"), "wake=pipe matters with the wait strategy block only");
}

TEST_F(Cli, ListSaysTheSameAsJson) {
  const Outcome outcome = ipcbench("list --json");
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const nlohmann::json list = nlohmann::json::parse(outcome.out);
  ASSERT_FALSE(list.at("transports").empty());
  const std::string text = ipcbench("list").out;
  for (const nlohmann::json& transport : list.at("transports")) {
    EXPECT_THAT(text, HasSubstr(transport.at("name").get<std::string>()));
    EXPECT_TRUE(transport.at("available").get<bool>() || !transport.at("reason").is_null());
    EXPECT_TRUE(transport.contains("capabilities"));
    EXPECT_FALSE(transport.at("available").get<bool>() && transport.at("waits").empty());
  }
}

TEST_F(Cli, ListShowsTheOptionsOfScenarios) {
  EXPECT_THAT(ipcbench("list scenarios").out, HasSubstr("reply=same"));
  const nlohmann::json scenarios = nlohmann::json::parse(ipcbench("list scenarios --json").out).at("scenarios");
  EXPECT_EQ(scenarios.at(0).at("options").at("reply"), "same");
  EXPECT_TRUE(scenarios.at(1).at("options").empty());
}

TEST_F(Cli, OptionsOfScenariosAndTransportsStandInOneFlag) {
  const std::string arguments =
      "plan --transport pipe --scenario ping-pong --size 64 --wait block --placement same-cpu ";
  EXPECT_THAT(ipcbench(arguments + "--option reply=4KiB,capacity=1MiB").out,
              HasSubstr("ping-pong/pipe/block/64/same-cpu/capacity=1048576/reply=4096"));
  const Outcome outcome = ipcbench("plan --scenario streaming --option reply=4KiB");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("no selected scenario or transport has an option 'reply'"));
}

TEST_F(Cli, AReferenceStandsInEveryForm) {
  for (const char* format : {"table", "markdown", "csv", "json"}) {
    const Outcome outcome = ipcbench(std::string("show ") + kPublished + " --reference pipe --format " + format);
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr(std::string(format) == "csv" ? "rtt_p50_ns_times" : "× pipe")) << format;
  }
  EXPECT_THAT(
      ipcbench(std::string("show ") + kPublished + " --reference pipe --table multiples/ping-pong/same-cpu").out,
      HasSubstr("as multiples of pipe"));
  EXPECT_THAT(ipcbench(std::string("recommend ") + kPublished + " --reference pipe").out, HasSubstr("× pipe"));
  const Outcome slip = ipcbench(std::string("show ") + kPublished + " --reference pip");
  EXPECT_EQ(slip.code, 2);
  EXPECT_THAT(slip.err, HasSubstr("did you mean 'pipe'?"));
}

TEST_F(Cli, ListedCasesAreThoseOfThePlan) {
  const nlohmann::json cases = nlohmann::json::parse(ipcbench("list cases --json").out).at("cases");
  ASSERT_FALSE(cases.empty());
  const std::string plan = ipcbench("plan quick").out;
  for (const nlohmann::json& listed : cases) EXPECT_THAT(plan, HasSubstr(listed.at("id").get<std::string>()));
}

TEST_F(Cli, FlagsWithCommasAndRepeatsLeaveTheSuiteAlone) {
  const std::string commas = ipcbench("plan --transport pipe --size 64,4KiB quick").out;
  const std::string repeats = ipcbench("plan --transport pipe --size 64 --size 4KiB quick").out;
  EXPECT_THAT(commas, HasSubstr("ping-pong/pipe/block/4096/same-cpu"));
  EXPECT_EQ(commas, repeats);
}

TEST_F(Cli, ANegatedFilterIsNotTakenForAFlag) {
  const Outcome outcome = ipcbench("plan --transport pipe --filter -streaming");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("ping-pong/pipe"), Not(HasSubstr("streaming/pipe"))));
}

TEST_F(Cli, ColorNeedsATerminalOrAWord) {
  EXPECT_THAT(ipcbench("list").out, Not(HasSubstr(std::string(1, kEscape))));
  EXPECT_THAT(ipcbench("list --color=always").out, HasSubstr(std::string(1, kEscape)));
}

TEST_F(Cli, NoColorHoldsOnATerminalUnlessAskedOtherwise) {
  if (std::system("command -v script >/dev/null") != 0) GTEST_SKIP() << "needs script(1) for a terminal";
  const std::string in_terminal = "script -qec \"$ipcbench list\" /dev/null";
  EXPECT_THAT(shell("export TERM=xterm; unset NO_COLOR; " + in_terminal).out, HasSubstr(std::string(1, kEscape)));
  EXPECT_THAT(shell("export TERM=xterm NO_COLOR=1; " + in_terminal).out, Not(HasSubstr(std::string(1, kEscape))));
  EXPECT_THAT(shell("export TERM=dumb; unset NO_COLOR; " + in_terminal).out, Not(HasSubstr(std::string(1, kEscape))));
}

TEST_F(Cli, AReaderThatLeavesIsNotAnError) {
  // The reader has gone before the first byte is written.
  const Outcome outcome = shell(R"(mkfifo pipe
{ exec 3<pipe; exec 3<&-; } &
exec 4>pipe
wait
"$ipcbench" list --json >&4)");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Cli, AFullDiskIsAnError) {
  const Outcome outcome = ipcbench("list >/dev/full");
  EXPECT_EQ(outcome.code, 70);
  EXPECT_THAT(outcome.err, HasSubstr("stdout"));
}

// Writes a small result of a host as `run` and `summarise` do.
void write_host(const std::string& folder, int host, double slowdown) {
  Result result = sample_result();
  result.cases.clear();
  result.run_id = fmt::format("run-{}", host);
  for (int i = 0; i < 8; ++i) {
    CaseRecord& c = result.cases.emplace_back(
        sample_case(Scenario::ping_pong, fmt::format("mechanism{}", i), WaitStrategy::block, 64, Placement::same_cpu));
    add_launches(c, 6, slowdown * (1000 + (7 * host + 3 * i * host) % 11));
  }
  summarise(result);
  to_summary_form(result);
  std::filesystem::create_directories(folder);
  save_result(result, fmt::format("{}/host-{}.json", folder, host));
}

TEST_F(Cli, FleetNamesASlowHostAndWhatItCouldNotRead) {
  const std::string hosts = folder_.string() + "/hosts";
  for (int host = 0; host < 25; ++host) write_host(hosts, host, host == 3 ? 1.3 : 1);
  std::ofstream(hosts + "/torn.json") << "{";
  Outcome outcome = ipcbench("fleet hosts --fail");
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(HasSubstr("slow: 1 of 25 judged"), HasSubstr("host-3.json"), HasSubstr("torn.json")));
  EXPECT_THAT(outcome.err, HasSubstr("left out: hosts/torn.json"));
  outcome = ipcbench("fleet hosts --table hosts --format csv");
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, AllOf(StartsWith("file,"), HasSubstr("host-24.json")));
  outcome = ipcbench("fleet hosts --format json");
  EXPECT_EQ(nlohmann::json::parse(outcome.out).size(), 6U);
  EXPECT_EQ(ipcbench("fleet hosts/host-1.json hosts/host-3.json --fail").code, 3) << "two hosts decide nothing";
  EXPECT_EQ(ipcbench("fleet hosts/torn.json").code, 2);
  EXPECT_THAT(shell("mkdir none && \"$ipcbench\" fleet none").err, HasSubstr("no file in this folder ends in"));
}

}  // namespace
}  // namespace ipcbench
