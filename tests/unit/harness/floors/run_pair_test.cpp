#include "harness/floors/run_pair.h"

#include <unistd.h>

#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/memory/mapping.h"
#include "harness/process/affinity.h"

namespace ipcbench {
namespace {

std::string complaint(const std::function<void(Role)>& body) {
  try {
    run_pair("a test's pair", -1, -1, body);
  } catch (const PairFailed& error) {
    return error.what();
  }
  return "";
}

TEST(Pair, RunsOneProcessPerRoleOnItsCpu) {
  const int cpu = allowed_cpus().back();
  const Mapping memory = Mapping::shared_anonymous(64);
  auto* seen = reinterpret_cast<int*>(memory.data());
  run_pair("a test's pair", cpu, -1, [&](Role role) {
    seen[static_cast<int>(role) * 2] = static_cast<int>(::getpid());
    seen[static_cast<int>(role) * 2 + 1] = static_cast<int>(allowed_cpus().size());
  });
  EXPECT_NE(seen[0], 0);
  EXPECT_NE(seen[2], 0);
  EXPECT_NE(seen[0], seen[2]);
  EXPECT_EQ(seen[1], 1);
  EXPECT_EQ(seen[3], static_cast<int>(allowed_cpus().size()));
}

TEST(Pair, OneThatFailsTakesTheOtherWithIt) {
  EXPECT_THAT(complaint([](Role role) {
                if (role == Role::consumer) ::_exit(3);
                for (;;) ::pause();
              }),
              testing::HasSubstr("the consumer exited with code 3"));
  EXPECT_THAT(complaint([](Role role) {
                if (role == Role::producer) throw std::runtime_error("");
                for (;;) ::pause();
              }),
              testing::HasSubstr("the producer exited with code 70"));
  EXPECT_THAT(complaint([](Role role) {
                if (role == Role::producer) ::kill(::getpid(), SIGKILL);
                for (;;) ::pause();
              }),
              testing::HasSubstr("the producer killed by SIGKILL"));
}

}  // namespace
}  // namespace ipcbench
