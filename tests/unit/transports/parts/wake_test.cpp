// Checks the waits of a ring when things go wrong: signals, and a peer that dies with the mutex.

#include "transports/parts/wake.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "harness/base/io.h"
#include "harness/memory/mapping.h"
#include "harness/memory/robust_mutex.h"
#include "harness/process/child.h"
#include "harness/run_dir/run_dir.h"

namespace ipcbench {
namespace {

constexpr const char* kNotRobust = "this kernel knows no robust mutexes";

TEST(Wake, IsKnownByItsName) {
  EXPECT_EQ(parse_wake("futex"), Wake::futex);
  EXPECT_EQ(parse_wake("mutex-cond"), Wake::mutex_cond);
  EXPECT_THROW(parse_wake("bell"), std::out_of_range);
}

TEST(Wake, AMutexWhoseOwnerHasDiedIsTakenOver) {
  if (!knows_robust_mutexes()) GTEST_SKIP() << kNotRobust;
  const Mapping memory = Mapping::shared_anonymous(sizeof(WaitWord));
  auto& word = *reinterpret_cast<WaitWord*>(memory.data());
  MutexCondWait::init(word);
  Child owner = Child::spawn("owner", [&] {
    ::pthread_mutex_lock(&MutexCondWait::object_of(&word.waits).mutex);
    return ::raise(SIGKILL);
  });
  ASSERT_EQ(owner.wait().signal, SIGKILL);

  MutexCondWait wait;
  wait.wake(&word.waits);                 // takes the mutex over
  wait.wait_while_equal(&word.waits, 1);  // and can use it again
  pthread_mutex_t& mutex = MutexCondWait::object_of(&word.waits).mutex;
  EXPECT_EQ(::pthread_mutex_trylock(&mutex), 0);
  ::pthread_mutex_unlock(&mutex);  // otherwise the thread's list of robust mutexes would point to freed memory
}

TEST(Wake, AMutexWhoseOwnerDiesWhileAnotherSleepsIsTakenOver) {
  if (!knows_robust_mutexes()) GTEST_SKIP() << kNotRobust;
  const Mapping memory = Mapping::shared_anonymous(sizeof(WaitWord));
  auto& word = *reinterpret_cast<WaitWord*>(memory.data());
  MutexCondWait::init(word);
  word.waits = 1;
  Child sleeper = Child::spawn("sleeper", [&] {
    MutexCondWait().wait_while_equal(&word.waits, 1);
    return 0;
  });
  MutexCondWait::Object& object = MutexCondWait::object_of(&word.waits);
  Child owner = Child::spawn("owner", [&] {
    ::pthread_mutex_lock(&object.mutex);
    std::atomic_ref(word.waits).store(0);
    ::pthread_cond_signal(&object.condition);
    return ::raise(SIGKILL);  // the sleeper wakes up, or comes, to a mutex that nobody releases
  });
  ASSERT_EQ(owner.wait().signal, SIGKILL);
  EXPECT_TRUE(sleeper.wait().clean());
}

// A wait on a removed object must fail rather than spin.
TEST(WakeDeathTest, ASleepOnARemovedObjectEndsTheWorker) {
  SysvSemWait gone;
  gone.set = -1;
  gone.sleeps_at = gone.wakes_at = 0;
  EXPECT_EXIT(gone.wait_while_equal(nullptr, 1), testing::KilledBySignal(SIGABRT), "");
}

}  // namespace
}  // namespace ipcbench
