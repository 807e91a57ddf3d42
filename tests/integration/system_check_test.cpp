// Checks what tools/setup.sh reports about a system and its tools before anything is installed. The systems are
// recorded, and the commands that it calls are stubs.

#include <sys/stat.h>

#include <fstream>
#include <string>

#include <gmock/gmock.h>

#include "tests/integration/bad_place.h"
#include "tests/integration/cli.h"

namespace ipcbench {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

void write_program(const fs::path& path, const std::string& script) {
  std::ofstream(path) << "#!/bin/bash\n" << script << '\n';
  ::chmod(path.c_str(), 0755);
}

class SystemCheck : public Cli {
 protected:
  SystemCheck() { fs::create_directory(folder_ / "bin"); }

  void stub(const std::string& name, const std::string& script) const { write_program(folder_ / "bin" / name, script); }
  void stub_apt() const {
    stub("dpkg", "echo amd64");
    stub("dpkg-query", "");
    stub("apt-get", "echo installs >&2; exit 1");
  }

  Outcome check_system(const std::string& os_release) const {
    std::ofstream(folder_ / "os-release") << os_release;
    return shell("source '" IPCBENCH_SOURCE_DIR "/tools/setup.sh'; ipcbench_check_system os-release");
  }
  // Runs ./run-benchmarks with the stubs first in PATH.
  Outcome run_benchmarks(const std::string& environment = "") const {
    return shell(environment + " PATH=\"$PWD/bin:$PATH\" '" IPCBENCH_SOURCE_DIR "/run-benchmarks' --help");
  }
};

TEST_F(SystemCheck, ASupportedSystemIsPassedOver) {
  for (const char* system : {"ID=debian\nVERSION_ID=\"12\"\n", "ID=debian\nVERSION_ID=\"13\"\n",
                             "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"24.04\"\n"}) {
    const Outcome outcome = check_system(system);
    EXPECT_EQ(outcome.code, 0) << system;
    EXPECT_THAT(outcome.err, IsEmpty()) << system;
  }
}

TEST_F(SystemCheck, AnyOtherIsToldWhatIsSupportedAndGoesOn) {
  for (const char* system : {"ID=fedora\nVERSION_ID=40\nPRETTY_NAME=\"Fedora Linux 40\"\n",
                             "ID=ubuntu\nVERSION_ID=\"22.04\"\nPRETTY_NAME=\"Ubuntu 22.04.5 LTS\"\n",
                             "ID=debian\nPRETTY_NAME=\"Debian GNU/Linux forky/sid\"\n"}) {
    const Outcome outcome = check_system(system);
    EXPECT_EQ(outcome.code, 0) << system;
    EXPECT_THAT(outcome.out, IsEmpty());
    const std::string name = std::string(system).substr(std::string(system).find("PRETTY_NAME=\"") + 13);
    EXPECT_THAT(outcome.err, AllOf(HasSubstr("supported are Debian 12 and 13 and Ubuntu 24.04"),
                                   HasSubstr("this is " + name.substr(0, name.find('"')) + "."),
                                   HasSubstr("It goes on"), HasSubstr("docs/building.md")));
  }
}

TEST_F(SystemCheck, OneWithoutOsReleaseIsToldTheSame) {
  const Outcome outcome = shell("source '" IPCBENCH_SOURCE_DIR "/tools/setup.sh'; ipcbench_check_system nowhere");
  EXPECT_EQ(outcome.code, 0);
  EXPECT_THAT(outcome.err, HasSubstr("this is a system without nowhere."));
}

TEST_F(SystemCheck, AnOldCMakeIsRefusedBeforeAnythingIsInstalled) {
  stub_apt();
  stub("cmake", "echo 'cmake version 3.18.4'");
  const Outcome outcome = run_benchmarks();
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("CMake is 3.18.4 ("), HasSubstr("3.25 or later is needed"), Not(HasSubstr("installs"))));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST_F(SystemCheck, AnOldCompilerIsRefusedBeforeAnythingIsInstalled) {
  stub_apt();
  stub("cmake", "echo 'cmake version 3.25.1'");
  stub("c++", "echo '#define __GNUC__ 10'");
  Outcome outcome = run_benchmarks("unset CXX;");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("the compiler (c++) is g++ 10, and g++ 12 or later is needed"),
                                 Not(HasSubstr("installs"))));
  stub("old-clang", "echo '#define __GNUC__ 4'; echo '#define __clang_major__ 13'");
  outcome = run_benchmarks("CXX=old-clang");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("the compiler (old-clang) is clang 13, and clang 14 or later is needed"));
}

TEST_F(SystemCheck, WithoutAptItSaysWhatToInstall) {
  // Only what the script itself needs.
  const Outcome outcome = shell(
      "for tool in bash basename dirname readlink sed sort grep head; do ln -s \"$(command -v $tool)\" bin/; done\n"
      "PATH=\"$PWD/bin\" bash '" IPCBENCH_SOURCE_DIR "/run-benchmarks' --help");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err,
              AllOf(HasSubstr("not found: c++ cmake ninja pkg-config."), HasSubstr("Without apt"),
                    HasSubstr("install the equivalents of: g++ cmake ninja-build"), HasSubstr("libhwloc-dev")));
}

TEST_F(SystemCheck, WhatItCannotInstallIsACommandForAFreshContainerToo) {
  stub_apt();
  stub("sudo", "exit 1");
  const Outcome outcome = shell("source '" IPCBENCH_SOURCE_DIR
                                "/tools/setup.sh'; PATH=\"$PWD/bin:$PATH\"\n"
                                "ipcbench_install libfmt-dev libre2-dev");
  EXPECT_EQ(outcome.code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("As root: apt-get update && apt-get install --yes --no-install-recommends "
                                     "libfmt-dev libre2-dev\n"));
}

TEST_F(SystemCheck, ALibraryOfAnotherArchitectureIsNotTheMachinesOwn) {
  stub("dpkg", "echo amd64");
  stub("dpkg-query",
       "printf '%s\\n' 'installed libfmt-dev:arm64' 'installed libcli11-dev:all' 'installed cmake:amd64' "
       "'config-files npm:all'");
  const Outcome outcome = shell("source '" IPCBENCH_SOURCE_DIR
                                "/tools/setup.sh'; PATH=\"$PWD/bin:$PATH\"\n"
                                "ipcbench_missing_packages libfmt-dev libfmt-dev:arm64 libcli11-dev cmake npm");
  EXPECT_EQ(outcome.out, "libfmt-dev\nnpm\n");
}

class UnsupportedSystem : public BadPlace {};

TEST_F(UnsupportedSystem, IsSpokenOfBeforeAnythingIsInstalled) {
  fs::create_directory(path("bin"));
  write_program(path("bin/dpkg"), "echo amd64");
  write_program(path("bin/dpkg-query"), "");
  write_program(path("bin/apt-get"), "echo installs >&2; exit 1");
  write_program(path("bin/sudo"), "exit 1");
  std::ofstream(path("os-release")) << "ID=arch\nPRETTY_NAME=\"Arch Linux\"\n";
  const Place place = [&] {
    own_mounts();
    mount_file(path("os-release"), "/etc/os-release");
    ::setenv("PATH", (path("bin") + ':' + ::getenv("PATH")).c_str(), 1);
  };
  if (const std::string reason = why_not(place); !reason.empty()) GTEST_SKIP() << reason;
  EXPECT_EQ(start_words({IPCBENCH_SOURCE_DIR "/run-benchmarks", "--help"}, place).wait().code, 2);
  const std::string said = err();
  const std::size_t system = said.find("this is Arch Linux.");
  const std::size_t installation = said.find("apt-get install");
  ASSERT_NE(system, std::string::npos) << said;
  ASSERT_NE(installation, std::string::npos) << said;
  EXPECT_LT(system, said.find("installs"));
  EXPECT_LT(system, installation);
}

}  // namespace
}  // namespace ipcbench
