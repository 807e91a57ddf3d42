// Makes sessions of the hostile plug-ins, which say on standard error that destroy() was called.

#include <exception>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/plugin/plugin_host.h"
#include "harness/plugin/plugin_transport.h"
#include "harness/run_dir/run_dir.h"
#include "tests/support/run_dirs.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

class PluginSessions : public RunDirTest {
 protected:
  static std::string library(const std::string& name) { return IPCBENCH_BINARY_DIR "/plugins/" + name + ".so"; }
  std::unique_ptr<Session> session(const std::string& name) {
    const PluginTransport transport({.path = library(name)}, PluginHost(library(name), nullptr).facts().front());
    return transport.create({.run_dir = run_dir_, .message_size = 64, .options = {}});
  }
  // Returns what create() is refused for.
  std::string refused(const std::string& name) {
    try {
      session(name);
      return "made";
    } catch (const std::exception& error) {
      return error.what();
    }
  }

  RunDir run_dir_ = RunDir::create();
};

// Returns what `body` and its children have written to standard error.
template <class Body>
std::string said_by(Body body) {
  testing::internal::CaptureStderr();
  body();
  return testing::internal::GetCapturedStderr();
}

TEST_F(PluginSessions, AreDestroyedOnceWhateverHasFailed) {
  EXPECT_EQ(said_by([&] {
              const auto made = session("refuses-ticket");
              made->ticket({.role = Role::producer});
              EXPECT_ANY_THROW(made->ticket({.role = Role::consumer}));
            }),
            "destroyed\n");
  EXPECT_EQ(said_by([&] {
              const auto made = session("prints-in-attached");
              made->attached();
              EXPECT_THAT(made->end().text, HasSubstr("attached(): it wrote 5 bytes"));
            }),
            "destroyed\n");
}

TEST_F(PluginSessions, ThatAreRefusedAfterCreateAreDestroyed) {
  for (const std::string name : {"prints-in-create", "forks-in-create"})
    EXPECT_EQ(said_by([&] { EXPECT_THAT(refused(name), HasSubstr("create(): it ")); }), "destroyed\n") << name;
  EXPECT_EQ(said_by([&] { EXPECT_THAT(refused("refuses-create"), HasSubstr("no slot")); }), "");
}

TEST_F(PluginSessions, MayHaveHadChildrenThatHaveEnded) {
  EXPECT_EQ(said_by([&] { EXPECT_EQ(session("leaves-zombies")->end().text, ""); }), "destroyed\n");
}

}  // namespace
}  // namespace ipcbench
