#include "harness/plugin/plugin_file.h"

#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "harness/base/usage_error.h"
#include "harness/process/child.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

// A primary group may be shared by all users of a system.
TEST(PluginFile, IsNotOneThatASharedPrimaryGroupCanChange) {
  const ::group* shared = ::getgrnam("users");
  if (::geteuid() != 0 || shared == nullptr) GTEST_SKIP() << "only root can take the group 'users'";
  const gid_t group = shared->gr_gid;
  const TemporaryFolder folder;
  folder.write("mine.so", "");
  const std::string file = folder.path() + "/mine.so";
  ASSERT_EQ(::chown(file.c_str(), 0, group), 0);
  for (const auto& [mode, is_taken] : {std::pair(0664, false), std::pair(0644, true)}) {
    ASSERT_EQ(::chmod(file.c_str(), static_cast<mode_t>(mode)), 0);
    Child user = Child::spawn("user", [&] {
      if (::setegid(group) != 0) return 2;
      try {
        return plugin_file(file).path.empty() ? 2 : 0;
      } catch (const UsageError&) {
        return 1;
      }
    });
    EXPECT_EQ(user.wait().code, is_taken ? 0 : 1) << std::oct << mode;
  }
}

}  // namespace
}  // namespace ipcbench
