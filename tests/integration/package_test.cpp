#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/cli.h"

// Checks what is installed: the unpacked Debian package and the manual page's promises.

namespace ipcbench {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class Package : public Cli {
 protected:
  void SetUp() override {
    if (shell("command -v dpkg-deb && command -v cpack").code != 0) GTEST_SKIP() << "needs dpkg-deb and cpack";
    const Outcome made = shell("cpack --config '" IPCBENCH_BINARY_DIR "/CPackConfig.cmake' -B \"$PWD/made\"");
    ASSERT_EQ(made.code, 0) << made.out << made.err;
    const Outcome unpacked = shell("dpkg-deb -x made/ipcbench_*.deb root");
    ASSERT_EQ(unpacked.code, 0) << unpacked.err;
  }

  // Runs the unpacked program without the user's environment.
  Outcome installed(const std::string& arguments) const {
    return shell("env -i PATH=/usr/bin:/bin root/usr/bin/ipcbench " + arguments);
  }
};

TEST_F(Package, RunsFromWhereItIsUnpacked) {
  EXPECT_THAT(installed("--version").out, StartsWith("ipcbench "));
  const Outcome list = installed("list");
  EXPECT_EQ(list.code, 0) << list.err;
  EXPECT_THAT(list.out, HasSubstr("pipe"));

  for (const std::string file :
       {"bash-completion/completions/ipcbench", "zsh/*/_ipcbench", "fish/vendor_completions.d/ipcbench.fish",
        "doc/ipcbench/README.md", "doc/ipcbench/docs/method.md", "doc/ipcbench/docs/report.md", "doc/ipcbench/LICENSE",
        "doc/ipcbench/copyright"}) {
    EXPECT_EQ(shell("cat root/usr/share/" + file).code, 0) << file;
  }
  if (shell("command -v scdoc").code == 0) {
    EXPECT_EQ(shell("cat root/usr/share/man/man1/ipcbench.1").code, 0);
  }
  // The kit for plug-ins is a package of its own.
  EXPECT_THAT(shell("dpkg-deb -c made/ipcbench-dev_*.deb").out,
              AllOf(HasSubstr("usr/include/ipcbench/transport.h\n"), HasSubstr("usr/include/ipcbench/transport.hpp\n"),
                    HasSubstr("ipcbench-config.cmake")));
  EXPECT_EQ(shell("test -e root/usr/include").code, 1);
  // Nothing refers to the machine that built it.
  EXPECT_EQ(shell("grep -rlF '" IPCBENCH_BINARY_DIR "' root/usr/share").code, 1);
}

TEST_F(Package, NamesTheLibrariesThatItNeeds) {
  if (shell("command -v dpkg-shlibdeps").code != 0) GTEST_SKIP() << "there is no dpkg-shlibdeps";
  EXPECT_THAT(shell("dpkg-deb -f made/ipcbench_*.deb Depends").out,
              AllOf(HasSubstr("libc6 (>="), HasSubstr("libhwloc")));
  EXPECT_THAT(shell("dpkg-deb -f made/ipcbench_*.deb Recommends").out, HasSubstr("dbus-daemon"));
}

// Builds the examples outside of the tree, by nothing but what is installed.
class PluginKit : public Cli {
 protected:
  void SetUp() override {
    const Outcome installed =
        shell("cmake --install '" IPCBENCH_BINARY_DIR "' --component dev --prefix \"$PWD/prefix\"");
    ASSERT_EQ(installed.code, 0) << installed.err;
    ASSERT_EQ(shell("cp -r '" IPCBENCH_SOURCE_DIR "/examples/plugins' outside").code, 0);
  }
  void expect_conforming(const std::string& library, const std::string& more = "") const {
    const Outcome outcome = ipcbench("conform --plugin '" + library + "' --check claims,round-trips" + more);
    EXPECT_EQ(outcome.code, 0) << outcome.out << outcome.err;
  }
};

TEST_F(PluginKit, IsFoundByCMake) {
  const Outcome built = shell("cmake -S outside -B built -DCMAKE_PREFIX_PATH=\"$PWD/prefix\" && cmake --build built");
  ASSERT_EQ(built.code, 0) << built.out << built.err;
  expect_conforming("built/seqpacket.so");
  expect_conforming("built/pipe_pair.so");
  const Outcome skeleton = ipcbench("conform --plugin built/skeleton.so --check two-sessions");
  EXPECT_EQ(skeleton.code, 1);
  EXPECT_THAT(skeleton.out, HasSubstr("create() is not written yet"));
}

TEST_F(PluginKit, IsFoundByPkgConfig) {
  if (shell("command -v pkg-config cc").code != 0) GTEST_SKIP() << "needs pkg-config and cc";
  const Outcome built = shell(
      "export PKG_CONFIG_PATH=\"$PWD/prefix/share/pkgconfig\"\n"
      "cc -std=c11 -fPIC -shared $(pkg-config --cflags ipcbench) -o made.so outside/seqpacket.c");
  ASSERT_EQ(built.code, 0) << built.err;
  expect_conforming("./made.so");
}

// A panic stays in the library and becomes an error with its text.
TEST_F(PluginKit, RustPluginsConform) {
  if (shell("command -v rustc").code != 0) GTEST_SKIP() << "needs rustc";
  const std::string rustc = "rustc --edition 2021 --crate-type cdylib ";
  const Outcome built = shell(rustc + "-D warnings -O -o made.so outside/stream_pair.rs");
  ASSERT_EQ(built.code, 0) << built.err;
  expect_conforming("./made.so", ",peer-death,too-large");
  const Outcome panicking = shell(
      "sed -i 's/.*UnixStream::pair.*/if true { panic!(\"the moon is {}\", \"full\"); }\\n&/' "
      "outside/stream_pair.rs\n" +
      rustc + "-o panics.so outside/stream_pair.rs\n\"$ipcbench\" conform --plugin ./panics.so --check two-sessions");
  EXPECT_EQ(panicking.code, 1) << panicking.err;
  EXPECT_THAT(panicking.out, HasSubstr("create(): Operation canceled: panic: the moon is full"));
}

// What is missing, or doesn't fit, is named by the compiler.
TEST_F(PluginKit, TheCxxHeaderNamesWhatIsMissing) {
  if (shell("command -v c++").code != 0) GTEST_SKIP() << "needs c++";
  const std::string edited =
      "c++ -std=c++17 -fsyntax-only -I prefix/include -x c++ - <<<\"$(sed '%' outside/pipe_pair.cpp)\"";
  const auto error_of = [&](const std::string& edit) {
    const Outcome outcome = shell(std::string(edited).replace(edited.find('%'), 1, edit));
    EXPECT_EQ(outcome.code == 0, edit.empty()) << edit << outcome.err;
    return outcome.err;
  };
  EXPECT_EQ(error_of(""), "");
  EXPECT_THAT(error_of("s/read_some/read_all/"),
              HasSubstr("required of IPCBENCH_STREAM: std::ptrdiff_t read_some(void*, std::size_t)"));
  EXPECT_THAT(error_of("s/ticket(Program program, /ticket(Program program, int, /"),
              HasSubstr("optional, but then: void ticket(Program, ipcbench_place)"));
  EXPECT_THAT(error_of("/int watched/d"), HasSubstr("exactly where info().traits has IPCBENCH_POLLABLE"));
  EXPECT_THAT(error_of("s/, const ipcbench_seat&)/)/"), HasSubstr("required: Endpoint(Program, const ipcbench_seat&)"));
  EXPECT_THAT(error_of("s/\"cpp-pipe\"/\"C++ pipe\"/"), HasSubstr("info().name: lower case, digits and '-'"));
}

class ManPage : public Cli {
 protected:
  const std::string page_ = content_of(IPCBENCH_SOURCE_DIR "/docs/ipcbench.1.scd");
};

TEST_F(ManPage, NamesEverySubcommandAndOptionOfHelp) {
  const Outcome outcome = shell(R"sh(subcommands=$("$ipcbench" complete -- '' | cut -f1)
printf '%s\n' $subcommands
for subcommand in '' $subcommands; do
  "$ipcbench" $subcommand --help | grep -oE '^  (-[a-z],)?--[a-z][a-z0-9_-]*' | grep -oE '[-][-].*'
done)sh");
  std::istringstream names(outcome.out);
  int count = 0;
  for (std::string name; std::getline(names, name); ++count) {
    EXPECT_THAT(page_, HasSubstr("*" + name + "*"));
  }
  EXPECT_GT(count, 20) << outcome.err;
}

TEST_F(ManPage, NamesEveryExitCode) {
  const Outcome codes = shell("grep -oE 'kExit[A-Za-z]+ = [0-9]+' '" IPCBENCH_SOURCE_DIR "/cli/terminal/exit_code.h'");
  std::istringstream lines(codes.out);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_THAT(page_, HasSubstr("\n*" + line.substr(line.rfind(' ') + 1) + "*\n\t")) << line;
  }
  EXPECT_GT(count, 5) << codes.err;
}

TEST_F(ManPage, IsWhatScdocTakes) {
  if (shell("command -v scdoc").code != 0) GTEST_SKIP() << "there is no scdoc";
  const Outcome made = shell("scdoc <'" IPCBENCH_SOURCE_DIR "/docs/ipcbench.1.scd'");
  EXPECT_EQ(made.code, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr(".SH NAME"));
}

}  // namespace
}  // namespace ipcbench
