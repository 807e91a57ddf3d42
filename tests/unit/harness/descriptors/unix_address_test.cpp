#include "harness/descriptors/unix_address.h"

#include <sys/socket.h>

#include <filesystem>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

TEST(UnixAddress, FindsASocketByAPathOrAnAbstractName) {
  const TemporaryFolder folder;
  for (const UnixAddress& address :
       {UnixAddress::at_path(folder.path() + "/s"), UnixAddress::abstract("ipcbench-test" + folder.path())}) {
    const UniqueFd bound = unix_socket(SOCK_DGRAM), other = unix_socket(SOCK_DGRAM);
    EXPECT_THROW(address.connect(other.get()), std::system_error) << address.text();
    address.bind(bound.get());
    UnixAddress::from_text(address.text()).connect(other.get());
    EXPECT_EQ(::send(other.get(), "x", 1, MSG_DONTWAIT), 1) << address.text();
    EXPECT_EQ(std::filesystem::exists(address.text()), address.text().front() == '/');
  }
}

TEST(UnixAddress, RefusesWhatTheKernelWouldCut) {
  const std::string longest(107, 'x');
  EXPECT_EQ(UnixAddress::at_path(longest).text().size(), 107u);
  EXPECT_EQ(UnixAddress::abstract(longest).text(), '@' + longest);
  for (const auto make : {UnixAddress::at_path, UnixAddress::abstract}) {
    try {
      make(longest + 'x');
      ADD_FAILURE() << "took 108 bytes";
    } catch (const std::system_error& error) {
      EXPECT_EQ(error.code(), std::errc::filename_too_long);
      EXPECT_NE(std::string(error.what()).find(longest), std::string::npos) << error.what();
    }
  }
}

TEST(UnixName, OfASessionIsItsOwn) {
  const TemporaryFolder folder;
  ::setenv("XDG_RUNTIME_DIR", folder.path().c_str(), 1);
  RunDir run = RunDir::create();
  for (const UnixName::Space space : {UnixName::Space::path, UnixName::Space::abstract}) {
    const UnixName one(run, "socket", space), two(run, "socket", space);
    EXPECT_NE(one.address().text(), two.address().text());
    EXPECT_NE(one.address().text().find(run.id()), std::string::npos);
  }
}

}  // namespace
}  // namespace ipcbench
