// Checks the facts found by experiment against the known answers of Linux and the transports' capabilities. It also
// checks that an answer could have been different.

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/io.h"
#include "harness/base/sanitizers.h"
#include "harness/memory/mapping.h"
#include "harness/process/child.h"
#include "harness/run_dir/manifest.h"
#include "harness/run_dir/run_dir.h"
#include "harness/sdk/registry.h"
#include "tests/integration/cli.h"
#include "tests/integration/places.h"
#include "transports/facts/find_facts.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;
using Agreements = std::map<std::string, int>;

// Uses its own folder for runs.
class Facts : public Cli {
 protected:
  Facts() { ::setenv("XDG_RUNTIME_DIR", folder_.c_str(), 1); }

  static const std::vector<Fact>& all() {
    static const std::vector<Fact> facts = [] {
      RunDir run = RunDir::create();
      return find_facts(run);
    }();
    return facts;
  }
  // Returns the facts about a claim, for one mechanism or all.
  static std::vector<Fact> of(const std::string& claim, const std::string& transport = "") {
    std::vector<Fact> some;
    std::ranges::copy_if(all(), std::back_inserter(some), [&](const Fact& fact) {
      return fact.claim == claim && (transport.empty() || fact.transport == transport);
    });
    return some;
  }
  static std::string answer(const std::string& claim, const std::string& transport, std::size_t which = 0) {
    const std::vector<Fact> facts = of(claim, transport);
    return facts.size() > which ? facts[which].answer + facts[which].reason : "not asked";
  }
  static const Capabilities& can(const std::string& transport) {
    return find_transport(transport)->info().capabilities;
  }
};

// Returns the manifest's objects that exist and its processes that run.
std::vector<std::string> left_of(const fs::path& run) {
  const Manifest manifest = parse_manifest(read_file((run / "manifest").string()), run.filename().string());
  std::vector<std::string> left;
  for (const Manifest::Entry& entry : manifest.entries) {
    const Removal removal = remove_object(entry, manifest, run.string(), true);
    if (!removal.line.empty()) left.push_back(removal.line);
  }
  return left;
}

TEST_F(Facts, AnswerEveryClaimThatAnExperimentCanTest) {
  std::set<std::string> answered;
  for (const Fact& fact : all()) {
    EXPECT_NE(find_transport(fact.transport), nullptr) << fact.transport;
    EXPECT_NE(fact.question, "");
    EXPECT_EQ(fact.answer.empty(), !fact.agreement.has_value()) << fact.question;
    EXPECT_EQ(fact.answer.empty(), !fact.reason.empty()) << fact.question;
    EXPECT_EQ(fact.answer.empty(), fact.evidence.empty()) << fact.question;
    if (fact.agreement) answered.insert(fact.claim);
  }
  const std::vector<std::string> claims = {"5",  "6",  "7",  "8",  "9",  "10", "11", "12",
                                           "13", "14", "15", "16", "17", "18", "20", "23"};
  EXPECT_THAT(answered, UnorderedElementsAreArray(claims));
  EXPECT_TRUE(std::ranges::is_sorted(all(), {}, [](const Fact& fact) { return std::stoi(fact.claim); }));
}

TEST_F(Facts, ThePipesCapacityIsWhatTheKernelSays) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  const std::string expected = fmt::format("{} bytes", ::fcntl(writer.get(), F_GETPIPE_SZ));
  EXPECT_EQ(answer("5", "pipe"), expected);
  EXPECT_EQ(answer("5", "fifo"), expected);
}

TEST_F(Facts, AreThoseThatLinuxIsKnownToGive) {
  EXPECT_EQ(answer("7", "pipe"), "once it is handed the descriptor");
  EXPECT_EQ(answer("7", "fifo"), "yes");
  for (const char* transport : {"pipe", "fifo"}) {
    EXPECT_EQ(answer("10", transport, 0), "yes");
    EXPECT_EQ(answer("10", transport, 1), "no");
  }
  for (const Fact& fact : of("10")) {
    EXPECT_TRUE(fact.answer == "yes" || fact.evidence.ends_with(std::strerror(ESPIPE))) << fact.evidence;
  }
  EXPECT_EQ(answer("11", "sysv-mq"), "yes");
  EXPECT_EQ(answer("11", "posix-mq"), "yes");
  for (const char* transport : {"pipe", "fifo", "sysv-mq", "posix-mq"}) {
    EXPECT_EQ(answer("13", transport, 0), "yes") << transport;  // a full one
    EXPECT_EQ(answer("13", transport, 1), "yes") << transport;  // an empty one
  }
  EXPECT_EQ(answer("13", "sysv-shm"), "no");
  EXPECT_EQ(answer("13", "posix-shm"), "no");
  EXPECT_EQ(answer("14", "signal", 0), "its number, its sender's pid and uid; by sigqueue() a value");
  EXPECT_EQ(answer("14", "rt-signal", 0), "its number, its sender's pid and uid, a value");
  EXPECT_EQ(answer("14", "signal", 1), "the lowest number");
  EXPECT_EQ(answer("14", "signal", 2), "1 of 3");
  EXPECT_EQ(answer("14", "rt-signal", 2), "3 of 3, in the order sent");
  ASSERT_EQ(of("15").size(), 2u);
  for (const Fact& fact : of("15")) {
    EXPECT_EQ(fact.answer, "no") << fact.question;
    EXPECT_THAT(fact.evidence, HasSubstr(std::strerror(EINVAL)));
  }
  ASSERT_EQ(of("16").size(), 4u);
  for (const Fact& fact : of("16")) EXPECT_EQ(fact.answer, "yes") << fact.evidence;
  EXPECT_EQ(answer("17", "sysv-sem"), "yes");
  EXPECT_EQ(answer("17", "mutex", 0), "yes");  // robust
  EXPECT_EQ(answer("17", "mutex", 1), "no");
  EXPECT_THAT(of("17", "mutex").front().evidence, HasSubstr("EOWNERDEAD"));
  EXPECT_EQ(answer("17", "posix-sem"), "no");
  EXPECT_EQ(answer("17", "futex"), "no");
  ASSERT_EQ(of("17", "file-lock").size(), 3u);
  for (const Fact& fact : of("17", "file-lock")) EXPECT_EQ(fact.answer, "yes") << fact.question;
  EXPECT_EQ(answer("18", "mmap-file", 0), "no");
  EXPECT_EQ(answer("18", "mmap-file", 1), "yes");
  EXPECT_EQ(answer("20", "posix-shm"), "yes");
  EXPECT_EQ(answer("9", "posix-sem"), "yes");
}

TEST_F(Facts, AreWhatTheTransportsSayOfThemselves) {
  for (const Fact& fact : all()) {
    if (!fact.agreement) continue;
    const Capabilities& claimed = can(fact.transport);
    const auto holds = [&](const std::string& claim, bool expected) {
      return fact.claim != claim || (fact.answer == "yes") == expected;
    };
    const bool outlives = claimed.persistence != Persistence::process;
    const bool is_option = fact.transport == "posix-sem";   // the one with a name
    const bool is_bare = fact.transport.ends_with("-shm");  // asked without the object that the transport waits on
    EXPECT_TRUE(fact.claim != "6" || fact.answer == to_string(claimed.direction)) << fact.transport;
    EXPECT_TRUE(holds("7", !claimed.related_only)) << fact.transport;
    EXPECT_TRUE(holds("8", outlives)) << fact.transport;
    EXPECT_TRUE(is_option || holds("9", outlives)) << fact.transport;
    EXPECT_TRUE(holds("12", claimed.typed)) << fact.transport;
    EXPECT_TRUE(is_bare || holds("13", claimed.self_synchronising)) << fact.transport;
    EXPECT_TRUE(holds("23", claimed.keeps_boundaries)) << fact.transport;
  }
  EXPECT_EQ(answer("14", "rt-signal", 1) == "the lowest number", can("rt-signal").priorities);
  EXPECT_EQ(answer("14", "signal", 2) == "1 of 3", can("signal").when_full == WhenFull::merges);
  EXPECT_EQ(answer("14", "rt-signal", 2) == "1 of 3", can("rt-signal").when_full == WhenFull::merges);
}

TEST_F(Facts, LeaveNothing) {
  RunDir run = RunDir::create();
  find_facts(run);
  EXPECT_FALSE(parse_manifest(read_file(run.path() + "/manifest"), run.id()).entries.empty());
  EXPECT_THAT(left_of(run.path()), IsEmpty());
}

// Kills the process after each name that it records.
TEST_F(Facts, LeaveNothingThatCleanDoesNotRemove) {
  constexpr std::size_t kEntries = 25;
  for (std::size_t entries = 1; entries <= kEntries; ++entries) {
    Child finder = Child::spawn("facts-test", [] {
      RunDir run = RunDir::create();
      while (true) find_facts(run);
      return 0;
    });
    fs::path run;
    std::size_t recorded = 0;
    while (recorded < entries && !finder.poll()) {
      std::error_code not_yet;
      for (const fs::directory_entry& entry : fs::directory_iterator(folder_ / "ipcbench", not_yet)) run = entry.path();
      const std::string manifest = content_of(run / "manifest");
      recorded = static_cast<std::size_t>(std::ranges::count(manifest, '\n'));
    }
    finder.kill();
    ASSERT_EQ(finder.wait().signal, SIGKILL);
    const std::string text = content_of(run / "manifest");
    // A child that was just being forked holds the lock until the kernel has ended it, too.
    RunDir::Cleaned cleaned;
    while (cleaned.runs == 0) cleaned = RunDir::clean_dead_runs();
    EXPECT_EQ(cleaned.failed, 0) << fmt::format("{}", fmt::join(cleaned.lines, "\n"));
    const Manifest manifest = parse_manifest(text, run.filename().string());
    for (const Manifest::Entry& entry : manifest.entries) {
      const auto left = [&] { return remove_object(entry, manifest, run.string(), true).line; };
      // A killed process needs a moment to end.
      while (entry.kind == RunDir::Kind::process && !left().empty()) {
      }
      EXPECT_EQ(left(), "");
    }
  }
}

// Returns the verdicts of a process whose kernel answers `call` with `error`; 0: the call reports success but does
// nothing.
Agreements agreements_where(long call, int error, const std::string& claim) {
  const Mapping shared = Mapping::shared_anonymous(4096);
  auto* counts = reinterpret_cast<int*>(shared.data());
  Child child = Child::spawn("facts-test", [&] {
    RunDir run = RunDir::create();
    refuse_call(call, error);
    for (const Fact& fact : find_facts(run)) {
      if (fact.claim == claim) ++counts[fact.agreement ? static_cast<int>(*fact.agreement) : 3];
    }
    return 0;
  });
  EXPECT_TRUE(child.wait().clean());
  Agreements agreements;
  const char* const names[] = {"agrees", "partly", "contradicts", "unknown"};
  for (int agreement = 0; agreement < 4; ++agreement) {
    if (counts[agreement] > 0) agreements[names[agreement]] = counts[agreement];
  }
  return agreements;
}
TEST_F(Facts, AreOthersWhereTheKernelIsAnother) {
  EXPECT_EQ(agreements_where(SYS_lseek, 0, "10"), (Agreements{{"agrees", 2}, {"contradicts", 2}}));
  EXPECT_EQ(agreements_where(SYS_rt_sigaction, 0, "15"), (Agreements{{"contradicts", 2}}));
  EXPECT_EQ(agreements_where(SYS_rt_sigqueueinfo, 0, "14"),
            (Agreements{{"agrees", 1}, {"partly", 1}, {"contradicts", 4}}));
}

TEST_F(Facts, GiveTheReasonWhereTheKernelRefuses) {
  EXPECT_EQ(agreements_where(SYS_msgget, ENOSYS, "12"), (Agreements{{"unknown", 1}}));
  EXPECT_EQ(agreements_where(SYS_msgget, ENOSYS, "13"), (Agreements{{"agrees", 8}, {"unknown", 2}}));
  EXPECT_EQ(agreements_where(SYS_mq_open, ENOSYS, "11"), (Agreements{{"agrees", 1}, {"unknown", 1}}));
  EXPECT_EQ(agreements_where(SYS_semget, EPERM, "17"), (Agreements{{"agrees", 7}, {"unknown", 1}}));
  EXPECT_EQ(agreements_where(SYS_shmget, ENOSPC, "9"), (Agreements{{"agrees", 5}, {"unknown", 1}}));
  if (kSanitized) GTEST_SKIP() << "the sanitizer's runtime looks at memory through pipes";
  EXPECT_EQ(agreements_where(SYS_pipe2, EMFILE, "5"), (Agreements{{"partly", 1}, {"unknown", 1}}));
}

TEST_F(Facts, AreListed) {
  const Outcome json = ipcbench("list facts --json");
  ASSERT_EQ(json.code, 0) << json.err;
  const nlohmann::json listed = nlohmann::json::parse(json.out).at("facts");
  ASSERT_EQ(listed.size(), all().size());
  const std::string text = ipcbench("list facts").out;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    EXPECT_EQ(listed[i].at("claim"), all()[i].claim);
    EXPECT_EQ(listed[i].at("question"), all()[i].question);
    EXPECT_THAT(text, HasSubstr(all()[i].question));
    EXPECT_THAT(text, HasSubstr(listed[i].at(listed[i].at("answer").is_null() ? "reason" : "answer")));
  }
}

TEST_F(Facts, AreStoredWithTheirTransports) {
  const Outcome run =
      ipcbench("run --transport eventfd --scenario ping-pong --placement same-cpu --passes 1 -o r.json");
  ASSERT_EQ(run.code, 0) << run.err;
  const nlohmann::json result = nlohmann::json::parse(content_of(folder_ / "r.json"));
  std::size_t stored = 0;
  for (const nlohmann::json& transport : result.at("transports")) {
    for (const nlohmann::json& fact : transport.at("facts")) {
      const std::vector<Fact> known = of(fact.at("claim"), transport.at("name"));
      const auto question = fact.at("question").get<std::string>();
      EXPECT_TRUE(std::ranges::any_of(known, [&](const Fact& k) { return k.question == question; }));
      EXPECT_TRUE(fact.at("verdict").is_string() || fact.contains("reason")) << fact;
      ++stored;
    }
  }
  EXPECT_EQ(stored, all().size());
}

}  // namespace
}  // namespace ipcbench
