#include <pthread.h>

#include <cstddef>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/options/subcommands.h"
#include "harness/process/affinity.h"
#include "results/figures/summary.h"
#include "results/files/store.h"
#include "tests/support/sample_result.h"
#include "tests/support/temporary_folder.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

// Makes the system refuse every thread, since no address space is left for a stack of 2^50 bytes.
class RefusedThreads {
 public:
  RefusedThreads() {
    EXPECT_EQ(::pthread_getattr_default_np(&attributes_), 0);
    EXPECT_EQ(::pthread_attr_getstacksize(&attributes_, &usual_), 0);
    set(std::size_t{1} << 50);
  }
  RefusedThreads(const RefusedThreads&) = delete;
  RefusedThreads& operator=(const RefusedThreads&) = delete;
  ~RefusedThreads() {
    set(usual_);
    ::pthread_attr_destroy(&attributes_);
  }

 private:
  void set(std::size_t stack) {
    EXPECT_EQ(::pthread_attr_setstacksize(&attributes_, stack), 0);
    EXPECT_EQ(::pthread_setattr_default_np(&attributes_), 0);
  }

  pthread_attr_t attributes_;
  std::size_t usual_ = 0;
};

TEST(FleetCommand, ReadsWithoutThreadsIfTheSystemRefusesThem) {
  if (allowed_cpus().size() < 2) GTEST_SKIP() << "on one CPU it asks for no thread";
  const TemporaryFolder folder;
  for (int host = 0; host < 2; ++host) {
    Result result = sample_result();
    result.run_id = fmt::format("run-{}", host);
    summarise(result);
    save_result(result, fmt::format("{}/host-{}.json", folder.path(), host));
  }
  CLI::App program;
  const Globals globals;
  const Subcommand fleet = add_fleet(program, globals);
  program.parse(fmt::format("fleet {} --table hosts --format csv", folder.path()));
  ::testing::internal::CaptureStdout();
  int code = -1;
  {
    const RefusedThreads refused;
    EXPECT_NO_THROW(code = fleet.run());
  }
  EXPECT_THAT(::testing::internal::GetCapturedStdout(), AllOf(HasSubstr("host-0.json"), HasSubstr("host-1.json")));
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace ipcbench
