#include "harness/base/signal_name.h"

#include <csignal>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace ipcbench {
namespace {

TEST(SignalName, IsThatOfTheManualPage) {
  EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
  EXPECT_EQ(signal_name(SIGTERM), "SIGTERM");
  EXPECT_EQ(signal_name(SIGSEGV), "SIGSEGV");
  EXPECT_EQ(signal_name(SIGSYS), "SIGSYS");
}

TEST(SignalName, OfARealTimeSignalCountsFromTheFirst) {
  EXPECT_EQ(signal_name(SIGRTMIN), "SIGRTMIN");
  EXPECT_EQ(signal_name(SIGRTMIN + 1), "SIGRTMIN+1");
  EXPECT_EQ(signal_name(SIGRTMAX), "SIGRTMIN+" + std::to_string(SIGRTMAX - SIGRTMIN));
}

TEST(SignalName, OfWhatIsNoSignalIsItsNumber) {
  EXPECT_EQ(signal_name(0), "signal 0");
  EXPECT_EQ(signal_name(-1), "signal -1");
  EXPECT_EQ(signal_name(SIGRTMAX + 1), "signal " + std::to_string(SIGRTMAX + 1));
}

#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 32)
TEST(SignalName, IsTheCLibrarysForEveryClassicSignal) {
  for (int signal = 1; signal < 32; ++signal) {
    ASSERT_NE(::sigabbrev_np(signal), nullptr) << signal;
    EXPECT_EQ(signal_name(signal), std::string("SIG") + ::sigabbrev_np(signal)) << signal;
  }
}
#endif

}  // namespace
}  // namespace ipcbench
