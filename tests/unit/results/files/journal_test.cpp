#include "results/files/journal.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/process/child.h"
#include "results/figures/summary.h"
#include "results/files/json.h"
#include "results/files/store.h"
#include "tests/support/sample_result.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "ipcbench-journal-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return folder_ + "/" + name; }

  // Writes the journal of a run that has measured what `result` holds.
  std::string write_journal(const Result& result) const {
    std::string file = path("run.journal.jsonl");
    Journal journal(file, result);
    for (const CaseRecord& c : result.cases) {
      for (const LaunchRecord& launch : c.launches) journal.append(launch);
      if (c.channel) journal.append(c.id, *c.channel);
    }
    return file;
  }

  std::string folder_;
};

Result small_result(int launches) {
  Result result = sample_result();
  result.cases.resize(1);
  result.cases[0].channel.reset();
  result.cases[0].launches.resize(static_cast<std::size_t>(launches));
  for (LaunchRecord& launch : result.cases[0].launches) launch.histogram = {{100}, {1000}};
  return result;
}

TEST_F(JournalTest, AWholeJournalGivesTheResultBut) {
  Result result = sample_result();
  const JournalContent content = journal_from_text(content_of(write_journal(result)), "journal");
  EXPECT_EQ(content.torn, "");
  EXPECT_FALSE(content.result.complete);
  result.complete = false;
  summarise(result);
  EXPECT_EQ(to_json(content.result), to_json(result));
}

TEST_F(JournalTest, EveryLaunchIsOneLineAfterTheHeader) {
  const std::string text = content_of(write_journal(small_result(3)));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 4);
  EXPECT_EQ(text.rfind("{\"schema\": \"ipcbench-journal\", \"version\": 1", 0), 0u);
}

TEST_F(JournalTest, ALastLineTornAtAnyByteIsLeftOut) {
  const std::string whole = content_of(write_journal(small_result(3)));
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  for (std::size_t length = last + 1; length < whole.size(); ++length) {
    const JournalContent content = journal_from_text(whole.substr(0, length), "journal");
    ASSERT_EQ(content.launches, 2u) << length;
    ASSERT_EQ(content.result.cases[0].launches.size(), 2u) << length;
    ASSERT_THAT(content.torn, HasSubstr("line 4 is cut")) << length;
  }
  EXPECT_EQ(journal_from_text(whole.substr(0, last), "journal").torn, "");
}

TEST_F(JournalTest, ATornHeaderIsAnError) {
  const std::string whole = content_of(write_journal(small_result(0)));
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    EXPECT_THROW(journal_from_text(whole.substr(0, length), "journal"), ResultError) << length;
  }
}

TEST_F(JournalTest, ABrokenLineInsideNamesItself) {
  std::string text = content_of(write_journal(small_result(2)));
  text += "{\"case\": 5}\n";
  try {
    journal_from_text(text, "journal");
    FAIL();
  } catch (const ResultError& error) {
    EXPECT_THAT(error.what(), HasSubstr("journal:4: "));
  }
}

TEST_F(JournalTest, AnUnplannedCaseIsAnError) {
  Result result = small_result(1);
  std::string text = content_of(write_journal(result));
  result.cases[0].launches[0].case_id = "ping-pong/\x1b[2J";
  text += to_json_line(result.cases[0].launches[0]) + "\n";
  try {
    journal_from_text(text, "journal");
    FAIL();
  } catch (const ResultError& error) {
    EXPECT_STREQ(error.what(), "journal:3: case: \"ping-pong/\\x1b[2J\" was not planned");
  }
}

TEST_F(JournalTest, TheLastHeaderCounts) {
  Result result = small_result(1);
  const std::string file = path("run.journal.jsonl");
  Journal journal(file, Result{result});
  journal.append(result.cases[0].launches[0]);
  result.suite = "standard";
  journal.append_header(result);
  journal.append(result.cases[0].launches[0]);
  const JournalContent content = journal_from_text(content_of(file), "journal");
  EXPECT_EQ(content.result.suite, "standard");
  EXPECT_EQ(content.result.cases[0].launches.size(), 2u);
}

TEST_F(JournalTest, ACaseFoundByThePilotGetsItsOpsFromItsLaunches) {
  Result result = small_result(1);
  result.cases[0].ops = 0;
  const JournalContent content = journal_from_text(content_of(write_journal(result)), "journal");
  EXPECT_EQ(content.result.cases[0].ops, 1000u);
}

TEST_F(JournalTest, ALinkADeviceAndAFifoAreRefused) {
  std::ofstream(path("victim")) << "precious";
  std::filesystem::create_symlink("victim", path("link"));
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  for (const std::string& place : {path("link"), path("fifo"), std::string("/dev/full")})
    EXPECT_THROW(Journal(place, small_result(0)), UsageError) << place;
  EXPECT_EQ(content_of(path("victim")), "precious");
}

TEST_F(JournalTest, AFileThatIsNoJournalIsLeftAsItIs) {
  for (const std::string text : {"precious", "two\nlines\n"}) {
    std::ofstream(path("victim")) << text;
    EXPECT_THROW(Journal(path("victim"), small_result(0)), UsageError);
    EXPECT_EQ(content_of(path("victim")), text);
  }
}

TEST_F(JournalTest, AFolderThatIsNotThereIsReportedWithThePath) {
  EXPECT_THROW(Journal(path("none/journal"), small_result(0)), std::system_error);
}

TEST_F(JournalTest, AShortWriteIsReportedAndLeavesWholeLines) {
  const Result result = small_result(3);
  const std::string file = path("run.journal.jsonl");
  Journal journal(file, result);
  journal.append(result.cases[0].launches[0]);
  const std::string before = content_of(file);

  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit tight = old;
  tight.rlim_cur = before.size() + 100;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  EXPECT_THROW(journal.append(result.cases[0].launches[1]), std::system_error);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &old), 0);
  std::signal(SIGXFSZ, handler);

  EXPECT_EQ(content_of(file), before);
  journal.append(result.cases[0].launches[2]);
  EXPECT_EQ(journal_from_text(content_of(file), file).launches, 2u);
}

TEST_F(JournalTest, OneThatIsTakenOverGoesOnAfterItsLastWholeLine) {
  const Result result = small_result(3);
  const std::string file = write_journal(result);
  const std::string whole = content_of(file);
  std::filesystem::resize_file(file, whole.size() - 5);

  Journal journal = Journal::open(file);
  EXPECT_EQ(journal.text(), whole.substr(0, whole.size() - 5));
  journal.drop_torn_line();
  journal.append(result.cases[0].launches[2]);
  EXPECT_EQ(content_of(file), whole);
  journal.drop_torn_line();
  EXPECT_EQ(content_of(file), whole);
}

TEST_F(JournalTest, RestoredFromAResultItHoldsTheSame) {
  const Result result = small_result(3);
  Journal::restore(path("restored"), result);
  const JournalContent content = journal_from_text(content_of(path("restored")), "journal");
  EXPECT_EQ(content.launches, 3u);
  EXPECT_EQ(content.result.block_ns, result.block_ns);
  EXPECT_EQ(content.result.cases[0].pilot_op_ns, result.cases[0].pilot_op_ns);
}

TEST_F(JournalTest, OneWithLaunchesIsNotEmptied) {
  const std::string file = write_journal(small_result(1));
  const std::string whole = content_of(file);
  EXPECT_THROW(Journal(file, small_result(0)), JournalUnfinished);
  EXPECT_EQ(content_of(file), whole);

  // Nor does it touch a file of another kind with this name.
  std::ofstream(file) << "a line\n";
  EXPECT_THROW(Journal(file, small_result(0)), UsageError);
  EXPECT_EQ(content_of(file), "a line\n");

  // A header that was never whole holds nothing.
  const std::string line = whole.substr(0, whole.find('\n'));
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{20}, line.size()}) {
    std::ofstream(file) << line.substr(0, length);
    EXPECT_TRUE(is_torn_header(content_of(file))) << length;
    EXPECT_NO_THROW(Journal(file, small_result(0))) << length;
  }
  EXPECT_FALSE(is_torn_header(whole));
  EXPECT_FALSE(is_torn_header("{\"schema\": \"ipcbench-pairs"));

  // Headers and a torn line hold no launches.
  const std::string header = whole.substr(0, whole.find('\n') + 1);
  std::ofstream(file) << header << header << "{\"case\"";
  Journal journal(file, small_result(0));
  EXPECT_EQ(content_of(file), header);
}

TEST_F(JournalTest, AnotherProcessCanNotTakeOneInUse) {
  const std::string file = path("run.journal.jsonl");
  const Journal journal(file, small_result(0));
  const std::string before = journal.text();
  // In a fork, since a process may take its own lock again.
  Child other = Child::spawn("other", [&] {
    int refused = 0;
    try {
      Journal::open(file);
    } catch (const JournalInUse&) {
      ++refused;
    }
    try {
      Journal(file, small_result(1));
    } catch (const JournalInUse&) {
      ++refused;
    }
    return refused;
  });
  EXPECT_EQ(other.wait().code, 2);
  EXPECT_EQ(journal.text(), before);
}

TEST_F(JournalTest, RemoveTakesTheFileAway) {
  Journal journal(path("journal"), small_result(0));
  EXPECT_TRUE(std::filesystem::exists(journal.path()));
  journal.remove();
  EXPECT_FALSE(std::filesystem::exists(journal.path()));
}

TEST_F(JournalTest, AStoredResultAndAJournalAreBothLoaded) {
  Result result = sample_result();
  summarise(result);
  save_result(result, path("results.json"));
  EXPECT_EQ(to_json(load_result(path("results.json"))), to_json(result));
  const Result partial = load_result(write_journal(result));
  EXPECT_FALSE(partial.complete);
  EXPECT_EQ(partial.cases[0].summary.rtt_mean.median, result.cases[0].summary.rtt_mean.median);
  EXPECT_THROW(load_result(path("none.json")), std::system_error);
}

TEST_F(JournalTest, KeepsWhatChannelsTake) {
  Result result = small_result(3);
  result.cases[0].channel = sample_result().cases[0].channel;
  const JournalContent content = journal_from_text(content_of(write_journal(result)), "run");
  EXPECT_EQ(content.launches, 3u);  // a channel is no launch
  ASSERT_TRUE(content.result.cases[0].channel);
  EXPECT_EQ(content.result.cases[0].channel->loaded_bytes, result.cases[0].channel->loaded_bytes);
  EXPECT_EQ(content.result.cases[0].channel->source, "cgroup-v1");
}

}  // namespace
}  // namespace ipcbench
