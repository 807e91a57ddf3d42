// Runs the program with foreign workers: the examples, and faulty ones.

#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/files/output_file.h"
#include "harness/process/find_program.h"
#include "harness/run_dir/run_dir.h"
#include "places.h"
#include "program_run.h"
#include "results/files/store.h"

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr const char* kExamples = IPCBENCH_SOURCE_DIR "/examples/workers/";

class ForeignWorkers : public ProgramRun {
 protected:
  void SetUp() override {
    ProgramRun::SetUp();
    if (find_program("python3").empty()) GTEST_SKIP() << "python3 is not in PATH";
  }
  std::string command(const std::string& interpreter, const std::string& example) const {
    return interpreter + ' ' + own_copy(kExamples + example);
  }
  // Returns the Python example with `what` in the place of `from`.
  std::string faulty(const std::string& from, const std::string& what) {
    const std::string text = read_file(std::string(kExamples) + "worker.py");
    const std::size_t at = text.find(from);
    if (at == text.npos) throw std::logic_error("the example has no " + from);
    const std::string copy = path(fmt::format("faulty-{}.py", ++copies_));
    write_file_atomically(copy, text.substr(0, at) + what + text.substr(at + from.size()));
    return "python3 " + copy;
  }
  std::vector<std::string> case_of(const std::string& worker, const std::string& transport,
                                   std::vector<std::string> more = {}) {
    std::vector<std::string> words{"--worker",    worker,     "--transport", transport, "--size", "64",
                                   "--placement", "same-cpu", "--passes",    "1",       "-o",     output()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  // Returns a command in which a launcher, which closes descriptors, starts the worker. It does `first` before.
  std::string behind_launcher(const std::string& worker, const std::string& first = "") {
    const std::string launcher = path(fmt::format("launcher-{}.py", ++copies_));
    write_file_atomically(launcher, "import os, subprocess, sys\n" + first +
                                        "os.closerange(3, 1024)\n"
                                        "sys.exit(subprocess.run(sys.argv[1:]).returncode & 255)\n");
    return fmt::format("python3 {} {} worker --connect {{socket}} -- {}", launcher, IPCBENCH_PROGRAM, worker);
  }
  // Runs round trips over python-pipe and returns why they broke.
  std::string broken(const std::string& worker, Status status) {
    EXPECT_NE(run(case_of(worker, "python-pipe", {"--scenario", "ping-pong"})), 0) << worker;
    const Result result = load_result(output());
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) {
        EXPECT_EQ(launch.status, status) << launch.reason;
        EXPECT_THAT(processes(), IsEmpty());
        EXPECT_EQ(run_directories(), 0u);
        return launch.reason;
      }
    }
    return "no launch";
  }

 private:
  int copies_ = 0;
};

struct Example {
  const char* interpreter;
  const char* file;
  const char* name;
  const char* language;
  const char* transports;

  friend std::ostream& operator<<(std::ostream& out, const Example& example) { return out << example.name; }
};

class ForeignExample : public ForeignWorkers, public testing::WithParamInterface<Example> {};
INSTANTIATE_TEST_SUITE_P(Examples, ForeignExample,
                         testing::Values(Example{"python3", "worker.py", "python", "Python",
                                                 "python-pipe,python-fifo,python-socketpair,python-unix-stream,"
                                                 "python-unix-seqpacket,python-tcp"},
                                         Example{"node", "worker.mjs", "node", "JavaScript",
                                                 "node-pipe,node-unix-stream,node-tcp"}),
                         [](const auto& param) { return std::string(param.param.name); });

TEST_P(ForeignExample, IsMeasuredOverEachOfItsTransports) {
  const Example& example = GetParam();
  if (find_program(example.interpreter).empty()) GTEST_SKIP() << example.interpreter << " is not in PATH";
  const std::string worker = command(example.interpreter, example.file);
  const std::string one = std::string(example.name) + "-pipe";
  for (const auto& [transports, scenarios, sizes, payload] :
       {std::tuple(std::string(example.transports), "ping-pong,streaming", "100,4KiB", "full"),
        std::tuple(one, "ping-pong,streaming", "1,64KiB", "lines"), std::tuple(one, "ping-pong", "64", "header"),
        std::tuple(one, "rate", "64", "full")}) {
    std::vector<std::string> more{"--scenario", scenarios, "--size", sizes, "--payload", payload};
    if (scenarios == std::string("rate")) more.insert(more.end(), {"--option", "rate=100,form=round-trip"});
    ASSERT_EQ(run(case_of(worker, transports, more)), 0) << err();
    int measured = 0;
    const Result result = load_result(output());
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) {
        EXPECT_EQ(launch.status, Status::ok) << c.id << ": " << launch.reason;
        EXPECT_EQ(launch.verified, launch.ops) << c.id;
        EXPECT_TRUE(launch.broker && launch.broker->cpu_ns > 0) << c.id << ": its CPU time counts";
        ++measured;
      }
    }
    EXPECT_EQ(measured, static_cast<int>(result.cases.size())) << "each was launched";
    for (const TransportRecord& transport : result.transports) {
      if (!transport.foreign) continue;
      EXPECT_THAT(*transport.foreign, Contains(Pair("language", AttributeValue(std::string(example.language)))));
      EXPECT_THAT(transport.summary, HasSubstr("(worker 1.0: "));
    }
  }
  EXPECT_EQ(run_directories(), 0u);
}

// A message of 64 KiB takes several slots, and fills a ring of them.
TEST_F(ForeignWorkers, ReadAndWriteSharedMemory) {
#ifndef __x86_64__
  GTEST_SKIP() << "the example knows a fence on x86-64 alone";
#endif
  const std::string worker = command("python3", "worker.py");
  for (const auto& [transport, wake, scenario, size] :
       {std::tuple("python-memfd", "futex", "ping-pong", "1"),
        std::tuple("python-posix-shm", "posix-sem", "streaming", "64KiB"),
        std::tuple("python-posix-shm", "eventfd", "ping-pong", "64KiB")}) {
    const std::string option = std::string("wake=") + wake;
    ASSERT_EQ(run(case_of(worker, transport, {"--option", option, "--scenario", scenario, "--size", size})), 0)
        << err();
    for (const CaseRecord& c : load_result(output()).cases) {
      EXPECT_FALSE(c.launches.empty()) << c.id;
      for (const LaunchRecord& launch : c.launches) {
        EXPECT_EQ(launch.status, Status::ok) << c.id << ": " << launch.reason;
        EXPECT_EQ(launch.verified, launch.ops) << c.id;
      }
    }
  }
  EXPECT_NE(run(case_of(worker, "python-memfd", {"--option", "wake=pipe", "--scenario", "ping-pong"})), 0);
  EXPECT_THAT(err(), HasSubstr("wake=pipe isn't known here: futex, posix-sem or eventfd"));
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(ForeignWorkers, AreRefusedByWhatTheySay) {
  EXPECT_EQ(run({"--worker", "no-such-program worker.py"}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--worker"), HasSubstr("not a program in PATH")));
  for (const auto& [from, what, words] :
       {std::tuple("return tell(FACTS)", "return tell({**FACTS, \"protocol\": 2})",
                   "its protocol is 2, and that of this program 1"),
        std::tuple("\"name\": \"python\"", "\"name\": \"Py thon\"", "isn't lower case"),
        std::tuple("\"language\": \"Python\",", "", "language is missing"),
        std::tuple("\"waits\": [\"block\"]", "\"waits\": [\"sleep\"]", "waits has 'sleep'"),
        std::tuple("[\"pipe\", ", "[\"pip\", ", "transports has 'pip'"),
        std::tuple("[\"pipe\", ", "[\"dbus\", ", "whose side only this program can open"),
        std::tuple("\"payload\": \"touched\"", "\"payload\": 1", "payload is ''"),
        std::tuple("return tell(FACTS)", "sys.exit(\"no licence\")", "exited with code 1, saying 'no licence'"),
        std::tuple("return tell(FACTS)", "return tell({\"error\": \"not today\"})", "it says: not today"),
        std::tuple("return tell(FACTS)", "return os.write(3, b\"hello\\n\")", "not JSON")}) {
    EXPECT_EQ(run({"--worker", faulty(from, what)}), 2) << what;
    EXPECT_THAT(err(), AllOf(HasSubstr("--worker"), HasSubstr(words))) << what;
  }
}

TEST_F(ForeignWorkers, ThatOthersMayChangeAreRefused) {
  const std::string worker = command("python3", "worker.py");
  ASSERT_EQ(::chmod(path("worker.py").c_str(), 0666), 0);
  EXPECT_EQ(run({"--worker", worker}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--worker"), HasSubstr("can be changed by everybody")));
}

TEST_F(ForeignWorkers, ThatAnswerWronglyAreNamed) {
  EXPECT_THAT(broken(faulty("sent.write(answer, sequence)", "sent.write(answer, sequence + 1)"), Status::invalid),
              HasSubstr("producer"));
  EXPECT_THAT(broken(faulty("if not received.is_intact(message, sequence):", "if True:"), Status::invalid),
              HasSubstr("message 0"));
}

TEST_F(ForeignWorkers, ThatBreakAreNamed) {
  EXPECT_THAT(broken(faulty("sent.write(answer, sequence)", "os.kill(os.getpid(), 9)"), Status::crashed),
              HasSubstr("killed by SIGKILL"));
  EXPECT_THAT(broken(faulty("sent.write(answer, sequence)", "raise ValueError(\"no\")"), Status::crashed),
              HasSubstr("exited with code 1, saying 'ValueError: no'"));
  EXPECT_THAT(broken(faulty("side = open_side(", "tell({\"error\": \"no side\"}); side = open_side("), Status::crashed),
              HasSubstr("it says: no side"));
  EXPECT_THAT(broken(faulty("tell({\"done\": count})", "tell({\"done\": count + 1})"), Status::crashed),
              HasSubstr("where \"done\""));
  const std::string last = "        serve(orders, side, json.loads(line)[\"loop\"])\n";
  const std::string sleeper = "        os.fork() or os.execv(\"/bin/sleep\", [\"sleep\", \"99\"])\n";
  EXPECT_THAT(broken(faulty(last, last + sleeper + "        sys.exit(7)\n"), Status::invalid),
              HasSubstr("exited with code 7"));
}

// Data alone goes to standard output.
TEST_F(ForeignWorkers, PrintNowhere) {
  ASSERT_EQ(run(case_of(faulty("tell({\"open\": True})", "print(\"hello\", flush=True); tell({\"open\": True})"),
                        "python-pipe", {"--scenario", "ping-pong"})),
            0)
      << err();
  EXPECT_THAT(out() + err(), testing::Not(HasSubstr("hello")));
}

// The mode of a run is known before it begins.
TEST_F(ForeignWorkers, ThatTouchNoPayloadNeedItsMode) {
  const std::string worker = faulty("\"payload\": \"touched\"", "\"payload\": \"header\"");
  std::vector<std::string> words = case_of(worker, "python-pipe", {"--scenario", "ping-pong"});
  EXPECT_EQ(run(words), 77) << err();
  const std::vector<CaseRecord> cases = load_result(output()).cases;
  ASSERT_EQ(cases.size(), 1u);
  EXPECT_EQ(cases[0].status, Status::skipped);
  EXPECT_THAT(cases[0].reason, HasSubstr("doesn't touch the payload: run with --payload header"));
  EXPECT_THAT(cases[0].launches, IsEmpty());
  words.insert(words.end(), {"--payload", "header"});
  EXPECT_EQ(run(words), 0) << err();
}

TEST_F(ForeignWorkers, ThatTouchNoPayloadConform) {
  const std::string worker = faulty("\"payload\": \"touched\"", "\"payload\": \"header\"");
  Child child = start_words({IPCBENCH_PROGRAM, "conform", "--worker", worker, "--transport", "python-pipe", "--check",
                             "round-trips,streams"});
  EXPECT_EQ(child.wait().code, 0) << out() << err();
}

// A stop from the terminal, or by a supervisor, meets the whole process group; kill -9 leaves no time to clean up.
TEST_F(ForeignWorkers, DieWithTheProgram) {
  const std::string mark = path("hangs");
  const std::string worker =
      faulty("sent.write(answer, sequence)", "open(\"" + mark + "\", \"w\"); __import__(\"time\").sleep(999)");
  std::vector<std::string> measured = case_of(worker, "python-pipe", {"--scenario", "ping-pong"});
  measured.insert(measured.begin(), {IPCBENCH_PROGRAM, "run"});
  const std::vector<std::string> checked{IPCBENCH_PROGRAM, "conform",     "--worker", worker,
                                         "--transport",    "python-pipe", "--check",  "round-trips"};
  for (const auto& [words, whole_group, signal] :
       {std::tuple(measured, false, SIGKILL), std::tuple(checked, false, SIGKILL), std::tuple(checked, true, SIGKILL),
        std::tuple(checked, true, SIGTERM)}) {
    Child child = start_words(words, [] { ::setpgid(0, 0); });
    ASSERT_TRUE(wait_until(child, [&] { return std::filesystem::exists(mark); })) << err();
    std::filesystem::remove(mark);
    // The first stop lets a check end, the second one doesn't. Two equal signals may merge.
    for (const int each : {signal == SIGTERM ? SIGINT : signal, signal})
      ::kill(whole_group ? -child.pid() : child.pid(), each);
    const ExitStatus ended = child.wait();
    if (signal == SIGTERM) {
      EXPECT_EQ(ended.code, 130);
    } else {
      EXPECT_EQ(ended.signal, SIGKILL);
    }
    while (!processes().empty()) ::poll(nullptr, 0, 1);  // the kernel ends them after their parent
    RunDir::clean_dead_runs();
    EXPECT_EQ(run_directories(), 0u);
  }
}

class LaunchedForeignWorkers : public ForeignWorkers {};

TEST_F(LaunchedForeignWorkers, AreMeasuredAsOthersAre) {
  const std::string pinned =
      faulty("tell({\"open\": True})", "len(os.sched_getaffinity(0)) == 1 or sys.exit(9); tell({\"open\": True})");
  const auto attributes = [&](const std::string& worker) {
    EXPECT_EQ(run(case_of(worker, "python-pipe,python-unix-stream,python-tcp,python-memfd",
                          {"--scenario", "ping-pong,streaming"})),
              0)
        << err();
    const Result result = load_result(output());
    EXPECT_EQ(result.cases.size(), 8u);
    for (const CaseRecord& c : result.cases) {
      EXPECT_FALSE(c.launches.empty()) << c.id;
      for (const LaunchRecord& launch : c.launches) {
        EXPECT_EQ(launch.status, Status::ok) << c.id << ": " << launch.reason;
        EXPECT_EQ(launch.verified, launch.ops) << c.id;
        EXPECT_TRUE(launch.broker && launch.broker->cpu_ns > 0)
            << c.id << ": the worker's CPU time, not the launcher's";
      }
    }
    Attributes foreign = *result.transports.front().foreign;
    std::erase_if(foreign, [](const auto& attribute) { return attribute.first == "command"; });
    return foreign;
  };
  EXPECT_EQ(attributes(behind_launcher(pinned)), attributes(pinned)) << "the worker's hash, too";
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(LaunchedForeignWorkers, ThatBreakAreNamed) {
  EXPECT_THAT(
      broken(behind_launcher(faulty("sent.write(answer, sequence)", "os.kill(os.getpid(), 9)")), Status::crashed),
      HasSubstr("exited with code 247"));
  EXPECT_THAT(
      broken(behind_launcher(faulty("sent.write(answer, sequence)", "raise ValueError(\"no\")")), Status::crashed),
      HasSubstr("exited with code 1, saying 'ValueError: no'"));
  const std::string mark = path("described");
  const std::string once =
      "os.path.exists(\"" + mark + "\") and sys.exit(\"no host\")\nopen(\"" + mark + "\", \"w\")\n";
  EXPECT_THAT(broken(behind_launcher(command("python3", "worker.py"), once), Status::crashed),
              HasSubstr("its launcher has ended before it connected; it exited with code 1, saying 'no host'"));
}

TEST_F(LaunchedForeignWorkers, ThatDoNotComeAreRefused) {
  EXPECT_EQ(run(case_of(behind_launcher(command("python3", "worker.py"), "sys.exit(\"no host\")\n"), "python-pipe")),
            2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--worker"), HasSubstr("saying 'no host'")));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "worker", "--connect", path("none"), "--", "true"}).wait().code, 2);
  EXPECT_THAT(err(), HasSubstr("worker --connect " + path("none") + ": connect "));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "worker", "--connect", path("none")}).wait().code, 2);
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(LaunchedForeignWorkers, AreWaitedForUntilTheUserStopsAtOnce) {
  const std::string described = path("described");
  const std::string waits = path("waits");
  const std::string worker =
      behind_launcher(command("python3", "worker.py"),
                      fmt::format("if os.path.exists(\"{}\"): open(\"{}\", \"w\"); __import__(\"time\").sleep(999)\n"
                                  "open(\"{}\", \"w\")\n",
                                  described, waits, described));
  std::vector<std::string> words = case_of(worker, "python-pipe", {"--scenario", "ping-pong"});
  words.insert(words.begin(), {IPCBENCH_PROGRAM, "run"});
  Child child = start_words(words);
  ASSERT_TRUE(wait_until(child, [&] { return std::filesystem::exists(waits); })) << err();
  for (const int signal : {SIGINT, SIGTERM}) ::kill(child.pid(), signal);  // two equal ones may merge
  EXPECT_EQ(child.wait().code, 130) << err();
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(LaunchedForeignWorkers, NeedPidfds) {
  const std::string worker = command("python3", "worker.py");
  const Place without = [] { refuse_call(SYS_pidfd_open, ENOSYS); };
  EXPECT_EQ(run(case_of(behind_launcher(worker), "python-pipe"), without), 2);
  EXPECT_THAT(err(), HasSubstr("pidfd_open, which a worker behind a launcher needs"));
  EXPECT_EQ(run(case_of(worker, "python-pipe", {"--scenario", "ping-pong"}), without), 0) << err();
}

TEST_F(LaunchedForeignWorkers, LoadNoPlugins) {
  const Place with_a_plugin = [] { ::setenv("IPCBENCH_PLUGIN_PATH", "/no/folder", 1); };
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "list"}, with_a_plugin).wait().code, 2);
  const std::vector<std::string> words{IPCBENCH_PROGRAM, "worker", "--connect", path("none"), "--", "true"};
  EXPECT_EQ(start_words(words, with_a_plugin).wait().code, 2);
  EXPECT_THAT(err(), HasSubstr("connect " + path("none")));
  EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "--worker", "true", "worker", "--connect", "x", "--", "true"}).wait().code,
            2);
  EXPECT_THAT(err(), HasSubstr("worker takes neither --plugin nor --worker"));
}

// Its launcher dies with the program. A worker that looks at nothing else has to be found.
TEST_F(LaunchedForeignWorkers, ThatHangAreFoundWhenTheProgramWasKilled) {
  const std::string mark = path("hangs");
  const std::string worker = behind_launcher(
      faulty("sent.write(answer, sequence)", "open(\"" + mark + "\", \"w\"); __import__(\"time\").sleep(999)"));
  std::vector<std::string> words = case_of(worker, "python-pipe", {"--scenario", "ping-pong"});
  words.insert(words.begin(), {IPCBENCH_PROGRAM, "run"});
  Child child = start_words(words);
  ASSERT_TRUE(wait_until(child, [&] { return std::filesystem::exists(mark); })) << err();
  child.kill();
  EXPECT_EQ(child.wait().signal, SIGKILL);
  while (processes().size() > 1) ::poll(nullptr, 0, 1);  // the kernel ends the program's own after it
  RunDir::clean_dead_runs();
  while (!processes().empty()) ::poll(nullptr, 0, 1);
  EXPECT_EQ(run_directories(), 0u);
}

// Each of these waits for a deadline.
class ForeignDeadlines : public ForeignWorkers {
 protected:
  // Returns what the check of round trips says of a worker.
  std::string checked(const std::string& worker) {
    EXPECT_EQ(start_words({IPCBENCH_PROGRAM, "conform", "--worker", worker, "--transport", "python-pipe", "--check",
                           "round-trips", "--deadline", "3"})
                  .wait()
                  .code,
              1);
    EXPECT_THAT(processes(), IsEmpty());
    EXPECT_EQ(run_directories(), 0u);
    return out();
  }
};

TEST_F(ForeignDeadlines, EndWhoSaysNothing) {
  EXPECT_EQ(run({"--worker", faulty("return tell(FACTS)", "__import__(\"time\").sleep(999)")}), 2);
  EXPECT_THAT(err(), AllOf(HasSubstr("--worker"), HasSubstr("it has said nothing for 10000 ms")));
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_THAT(checked(faulty("side = open_side(", "__import__(\"time\").sleep(999); side = open_side(")),
              AllOf(HasSubstr("not done by the deadline"), HasSubstr("consumer in phase opening")));
}

TEST_F(ForeignDeadlines, EndWhoHangsInABlock) {
  EXPECT_THAT(checked(faulty("sent.write(answer, sequence)", "__import__(\"time\").sleep(999)")),
              HasSubstr("not done by the deadline"));
}

TEST_F(ForeignDeadlines, EndWhoHangsBehindALauncher) {
  EXPECT_THAT(checked(behind_launcher(faulty("sent.write(answer, sequence)", "__import__(\"time\").sleep(999)"))),
              HasSubstr("not done by the deadline"));
}

TEST_F(ForeignDeadlines, EndALauncherThatStays) {
  const std::string stays = "__import__(\"atexit\").register(lambda: __import__(\"time\").sleep(999))\n";
  EXPECT_EQ(run({"--worker", behind_launcher(command("python3", "worker.py"), stays)}), 2);
  EXPECT_THAT(err(), HasSubstr("has ended, but its launcher runs on 10 s later"));
  EXPECT_THAT(processes(), IsEmpty());
  EXPECT_EQ(run_directories(), 0u);
}

TEST_F(ForeignDeadlines, EndWhoOutlivesDescriptor3) {
  const std::string last = "        serve(orders, side, json.loads(line)[\"loop\"])\n";
  EXPECT_THAT(checked(faulty(last, last + "        __import__(\"time\").sleep(999)\n")),
              HasSubstr("has not ended 5000 ms after descriptor 3 was closed"));
}

TEST_F(ForeignWorkers, AreComparedInPairs) {
  const std::string worker = command("python3", "worker.py");
  const std::vector<std::string> words{IPCBENCH_PROGRAM, "ab",
                                       "--base",         IPCBENCH_PROGRAM,
                                       "--head",         IPCBENCH_PROGRAM,
                                       "--worker",       worker,
                                       "--scenario",     "ping-pong",
                                       "--transport",    "python-pipe",
                                       "--placement",    "same-cpu",
                                       "--looks",        "1",
                                       "--rounds",       "2"};
  const int code = start_words(words).wait().code;
  EXPECT_TRUE(code == 0 || code == 3) << err();
  EXPECT_THAT(out(), HasSubstr("python-pipe"));
}

}  // namespace
}  // namespace ipcbench
