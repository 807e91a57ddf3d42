// Runs the program with plug-ins: the example, and one for each fault that is named in docs/plugins.md.

#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"
#include "harness/suite/workers.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class Plugins : public ProgramRun {
 protected:
  std::string plugin(const std::string& name) const { return own_copy(IPCBENCH_BINARY_DIR "/plugins/" + name + ".so"); }
  std::vector<std::string> one_case(const std::string& name, const std::string& scenario = "ping-pong") {
    return {"--plugin", plugin(name),  "--transport", name,       "--scenario", scenario, "--size",
            "64",       "--placement", "same-cpu",    "--passes", "1",          "-o",     output()};
  }
  // Runs one case and returns why it broke.
  std::string broken(const std::string& name, Status status, const std::string& scenario = "ping-pong") {
    EXPECT_NE(run(one_case(name, scenario)), 0) << name;
    const Result result = load_result(output());
    EXPECT_EQ(result.cases.size(), 1u);
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) {
        EXPECT_EQ(launch.status, status) << name << ": " << launch.reason;
        EXPECT_THAT(processes(), IsEmpty()) << name;
        EXPECT_EQ(run_directories(), 0u) << name;
        return launch.reason;
      }
    }
    return "no launch";
  }
};

class PluginWorkers : public Plugins, public testing::WithParamInterface<Workers> {};
INSTANTIATE_TEST_SUITE_P(Workers, PluginWorkers, testing::ValuesIn(kAllWorkers),
                         [](const auto& param) { return std::string(to_string(param.param)); });

TEST_P(PluginWorkers, AreMeasuredLikeOthers) {
  ASSERT_EQ(run({"--plugin", plugin("seqpacket"), "--transport", "c-seqpacket,unix-seqpacket", "--size", "64,4KiB",
                 "--placement", "same-cpu", "--passes", "2", "--workers", std::string(to_string(GetParam())), "-o",
                 output()}),
            0)
      << err();
  const Result result = load_result(output());
  int measured = 0;
  for (const CaseRecord& c : result.cases) {
    EXPECT_TRUE(c.status == Status::ok || c.status == Status::skipped) << c.id << c.reason;
    for (const LaunchRecord& launch : c.launches) {
      if (launch.status == Status::ok && c.transport == "c-seqpacket") ++measured;
    }
  }
  EXPECT_GE(measured, 2);
  for (const TransportRecord& transport : result.transports) {
    if (transport.name != "c-seqpacket") {
      EXPECT_FALSE(transport.foreign) << transport.name;
      continue;
    }
    ASSERT_TRUE(transport.foreign);
    EXPECT_THAT(*transport.foreign, AllOf(Contains(Pair("subject", AttributeValue(std::string("unix(7)")))),
                                          Contains(Pair("language", AttributeValue(std::string("C"))))));
    EXPECT_THAT(transport.summary, HasSubstr("(plug-in 1.0: unix(7), C)"));
  }
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(Plugins, ResultsAreReadWithoutThem) {
  ASSERT_EQ(run(one_case("fine")), 0) << err();
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "show", output()}).wait().code, 0);
  EXPECT_THAT(out(), HasSubstr("fine"));
}

// What is wrong with a library is said before anything is measured.
TEST_F(Plugins, AreRefusedByWhatTheyLack) {
  for (const auto& [name, words] : {std::pair("other-abi", "its ABI is 2, and that of this program 1"),
                                    std::pair("no-receive", "ops.receive is missing"),
                                    std::pair("taken-name", "'pipe', which is the name of another"),
                                    std::pair("control-character", "info.summary has a control character"),
                                    std::pair("no-library", "ipcbench_plugin() returned NULL"),
                                    std::pair("crashes-in-probe", ": probe() killed by SIGSEGV"),
                                    std::pair("prints-in-probe", ": probe(): it wrote 5 bytes")}) {
    EXPECT_EQ(run({"--plugin", plugin(name)}), 2) << name;
    EXPECT_THAT(err(), AllOf(HasSubstr("--plugin"), HasSubstr(name), HasSubstr(words)));
  }
  EXPECT_EQ(run({"--plugin", "/bin/true"}), 2);
  EXPECT_THAT(err(), HasSubstr("--plugin /bin/true"));
  EXPECT_EQ(run({"--plugin", path("absent.so")}), 2);
  EXPECT_THAT(err(), HasSubstr("No such file"));
}

// What comes after the file is not a second one.
TEST_F(Plugins, AreGivenBeforeAndAfterOtherWords) {
  const std::string file = plugin("unavailable");
  for (const auto& words :
       {std::vector<std::string>{"--plugin", file, "transports"}, {"transports", "--plugin", file}}) {
    std::vector<std::string> command{IPCBENCH_PROGRAM, "list"};
    command.insert(command.end(), words.begin(), words.end());
    EXPECT_EQ(start_words(command).wait().code, 0) << err();
    EXPECT_THAT(out(), HasSubstr("the moon is full"));
  }
}

TEST_F(Plugins, ThatCannotRunHereSayWhy) {
  for (const auto& [name, why] :
       {std::pair("unavailable", "not_supported: the moon is full\""),
        std::pair("misses-a-file-in-probe", "not_supported: open /dev/moon: No such file or directory\"")}) {
    EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "list", "--plugin", plugin(name), "--json"}).wait().code, 0);
    EXPECT_THAT(out(), HasSubstr(why));
  }
}

TEST_F(Plugins, AreNamedByFunctionAndSignal) {
  EXPECT_THAT(broken("refuses-create", Status::crashed), HasSubstr("create(): No space left on device: no slot"));
  EXPECT_THAT(broken("crashes-in-create", Status::crashed), HasSubstr("create() killed by SIGSEGV"));
  EXPECT_THAT(broken("exits-in-create", Status::crashed), HasSubstr("create() exited with code 3"));
  EXPECT_THAT(broken("crashes-in-ticket", Status::crashed), HasSubstr("ticket() killed by SIGSEGV"));
  EXPECT_THAT(broken("refuses-join", Status::crashed), HasSubstr("join(): Permission denied: no key"));
  EXPECT_THAT(broken("crashes-in-join", Status::crashed), HasSubstr("killed by SIGSEGV in phase opening"));
  EXPECT_THAT(broken("crashes-in-send", Status::crashed), HasSubstr("killed by SIGSEGV"));
  EXPECT_THAT(broken("fails-in-send", Status::crashed), HasSubstr("Input/output error"));
  EXPECT_THAT(broken("corrupts-in-send", Status::invalid), HasSubstr("is corrupt"));
}

TEST_F(Plugins, AreNamedByWhatTheyLeave) {
  EXPECT_THAT(broken("prints-in-create", Status::crashed),
              HasSubstr("create(): it wrote 5 bytes to standard output, which carries data only: hello"));
  EXPECT_THAT(broken("prints-in-join", Status::crashed), HasSubstr("join(): it wrote 5 bytes"));
  EXPECT_THAT(broken("prints-in-send", Status::crashed), HasSubstr("it wrote 5 bytes"));
  EXPECT_THAT(broken("prints-in-send", Status::crashed, "fan-out"), HasSubstr("it wrote 5 bytes"));
  EXPECT_THAT(broken("prints-in-close", Status::crashed), HasSubstr("close(): it wrote 5 bytes"));
  EXPECT_THAT(broken("forks-in-create", Status::crashed), HasSubstr("create(): it leaves 1 process running"));
  EXPECT_THAT(broken("forks-in-join", Status::crashed), HasSubstr("join(): it has started 1 child process"));
  EXPECT_THAT(broken("leaks-in-create", Status::invalid), HasSubstr("destroy(): 1 descriptors more"));
}

TEST_F(Plugins, ThatThrowOrHangEndTheLaunchAlone) {
  EXPECT_EQ(run({"--plugin", plugin("throws"), "--transport", "throws,eventfd", "--scenario", "ping-pong",
                 "--placement", "same-cpu", "--wait", "block", "--passes", "1", "-o", output()}),
            4);
  const Result result = load_result(output());
  ASSERT_EQ(result.cases.size(), 2u);
  for (const CaseRecord& c : result.cases) {
    ASSERT_FALSE(c.launches.empty()) << c.id;
    EXPECT_EQ(c.launches.front().status, c.transport == "eventfd" ? Status::ok : Status::crashed) << c.id;
    if (c.transport == "throws") {
      EXPECT_THAT(c.launches.front().reason, HasSubstr("create() killed by SIGABRT"));
    }
  }
  EXPECT_THAT(broken("hangs-in-create", Status::crashed), HasSubstr("create() has not returned for 10 s"));
}

// By the C++ header an exception is an error with its text. Operations tell theirs on standard error.
TEST_F(Plugins, ThatThrowBehindTheWrapperAreNamedByTheirTexts) {
  EXPECT_EQ(run({"--plugin", plugin("wrapped_throws"), "--transport",
                 "throws-in-probe,throws-in-create,throws-in-ticket,throws-in-join,throws-in-notify", "--scenario",
                 "ping-pong", "--placement", "same-cpu", "--passes", "1", "-o", output()}),
            4);
  std::map<std::string, std::string> reasons;
  for (const CaseRecord& c : load_result(output()).cases)
    reasons[c.transport] = c.launches.empty() ? c.reason : c.launches.front().reason;
  EXPECT_THAT(reasons["throws-in-probe"], HasSubstr("the moon is full"));
  EXPECT_THAT(reasons["throws-in-create"], EndsWith("create(): No space left on device: no slot"));
  EXPECT_THAT(reasons["throws-in-ticket"],
              EndsWith("ticket(): Operation canceled: an exception that is no std::exception"));
  EXPECT_THAT(reasons["throws-in-join"], EndsWith("join(): No such file or directory: take_descriptor key"));
  EXPECT_THAT(reasons["throws-in-notify"], EndsWith("Operation canceled"));
  EXPECT_THAT(err(), HasSubstr("plug-in: notify(): the moon is full"));
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(Plugins, MustNotBeWhatOthersCanChange) {
  const std::string library = plugin("fine");
  ASSERT_EQ(::chmod(library.c_str(), 0757), 0);
  EXPECT_EQ(run({"--plugin", library}), 2);
  EXPECT_THAT(err(), HasSubstr("can be changed by everybody"));
  ASSERT_EQ(::chmod(library.c_str(), 0755), 0);
  const std::string folder = path("shared");
  fs::create_directory(folder);
  fs::copy_file(library, folder + "/fine.so");
  ASSERT_EQ(::chmod(folder.c_str(), 0777), 0);
  EXPECT_EQ(run({"--plugin", folder + "/fine.so"}), 2);
  EXPECT_THAT(err(), HasSubstr(folder + " can be changed by everybody"));
}

TEST_F(Plugins, ComeFromTheEnvironmentToo) {
  const std::string library = plugin("fine");
  const auto with_path = [&] { ::setenv("IPCBENCH_PLUGIN_PATH", (":" + library).c_str(), 1); };
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "list", "--json"}, with_path).wait().code, 0);
  EXPECT_THAT(out(), HasSubstr("a plug-in of the tests"));
}

// A suite that names one without the flag says which flag to add.
TEST_F(Plugins, AreNotLoadedForFiles) {
  EXPECT_EQ(run({"--transport", "fine"}), 2);
  EXPECT_THAT(err(), HasSubstr("--plugin"));
}

class Conform : public Plugins {
 protected:
  std::vector<std::string> words_of(const std::string& name, const std::string& checks) {
    return {IPCBENCH_PROGRAM, "conform", "--plugin", plugin(name), "--check", checks};
  }
  int conform(const std::string& name, const std::string& checks) {
    return start_words(words_of(name, checks)).wait().code;
  }
  void expect_nothing_left() {
    EXPECT_THAT(processes(), IsEmpty());
    EXPECT_EQ(run_directories(), 0u);
  }
};

TEST_F(Conform, ARightPluginPasses) {
  std::vector<std::string> words = words_of("seqpacket", "claims,round-trips,boundaries,peer-death,killed-coordinator");
  words.emplace_back("--json");
  EXPECT_EQ(start_words(words).wait().code, 0) << err();
  const nlohmann::json said = nlohmann::json::parse(out());
  EXPECT_EQ(said.at("complete"), true);
  EXPECT_EQ(said.at("failed"), 0);
  EXPECT_EQ(said.at("passed"), said.at("checks").size());
  EXPECT_EQ(said.at("checks").size(), 15u);  // two waits, and threads=free
  expect_nothing_left();
}

TEST_F(Conform, AFaultyPluginFailsTheCheckOfItsFault) {
  EXPECT_EQ(conform("corrupts-in-send", "claims,round-trips"), 1);
  EXPECT_THAT(out(), AllOf(HasSubstr("passed  corrupts-in-send  block"), HasSubstr("failed  corrupts-in-send  block"),
                           HasSubstr("is corrupt"), HasSubstr("2 of 4 checks passed, 2 failed")));
  EXPECT_EQ(conform("crashes-in-join", "two-sessions"), 1);
  EXPECT_THAT(out(), HasSubstr("killed by SIGSEGV before both sides were open"));
  EXPECT_EQ(conform("leaks-in-create", "many-launches"), 1);
  EXPECT_THAT(out(), HasSubstr("destroy(): 1 descriptors more"));
  expect_nothing_left();
}

TEST_F(Conform, WhatCannotRunHereIsSkippedWithTheReason) {
  EXPECT_EQ(conform("unavailable", "claims"), 77);
  EXPECT_THAT(out(), AllOf(HasSubstr("skipped"), HasSubstr("the moon is full")));
}

TEST_F(Conform, NeedsSomethingToCheck) {
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "conform"}).wait().code, 2);
  EXPECT_THAT(err(), HasSubstr("--plugin FILE"));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "conform", "--transport", "pip"}).wait().code, 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--transport"), HasSubstr("did you mean 'pipe'")));
  EXPECT_EQ(conform("fine", "round-trip"), 2);
  EXPECT_THAT(err(), HasSubstr("did you mean 'round-trips'"));
}

TEST_F(Conform, InterruptedSaysWhatWasMadeAndLeavesNothing) {
  Child child = start_words(words_of("fine", "many-launches,round-trips,streams"));
  ASSERT_TRUE(wait_until(child, [&] { return run_directories() > 0; }));
  for (const int signal : {SIGINT, SIGTERM}) ::kill(child.pid(), signal);  // two equal ones may merge
  EXPECT_EQ(child.wait().code, 130);
  EXPECT_THAT(out(), HasSubstr(" not made"));
  expect_nothing_left();
}

}  // namespace
}  // namespace ipcbench
