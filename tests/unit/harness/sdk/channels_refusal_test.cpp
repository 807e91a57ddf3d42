#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/sdk/capabilities.h"

namespace ipcbench {
namespace {

using ::testing::HasSubstr;

Cast channels_by(std::optional<MuxCall> mux, std::uint16_t channels = 64) {
  return {.pattern = {.sharing = Sharing::per_peer}, .channels = channels, .active = channels, .mux = mux};
}

const Capabilities kDescriptors{.pollable = true};
const Capabilities kWords{.many_by_word = true};

std::string refusal_of(const Cast& cast, const Capabilities& can, WaitStrategy wait = WaitStrategy::block) {
  return channels_refusal(cast, can, wait);
}

TEST(UsualMux, IsByWhatChannelsAre) {
  EXPECT_EQ(usual_mux(kDescriptors, WaitStrategy::block), MuxCall::epoll);
  EXPECT_EQ(usual_mux(kWords, WaitStrategy::block), MuxCall::futex_waitv);
  EXPECT_EQ(usual_mux(kWords, WaitStrategy::spin), MuxCall::spin);
  EXPECT_EQ(usual_mux({}, WaitStrategy::block), std::nullopt);
}

TEST(ChannelsRefusal, IsEmptyForWhatCanBeWatched) {
  for (const MuxCall call : {MuxCall::epoll, MuxCall::poll, MuxCall::spin})
    EXPECT_EQ(refusal_of(channels_by(call, 4096), kDescriptors), "");
  EXPECT_EQ(refusal_of(channels_by(MuxCall::futex_waitv, 128), kWords), "");
  EXPECT_EQ(refusal_of(channels_by(MuxCall::spin, 4096), kWords), "");
}

TEST(ChannelsRefusal, AnIoUringIsOfOneChannel) {
  EXPECT_THAT(refusal_of(channels_by(MuxCall::epoll, 4), kDescriptors, WaitStrategy::io_uring),
              HasSubstr("an io_uring of its own"));
}

TEST(ChannelsRefusal, NamesTheNumberThatIsTooLarge) {
  EXPECT_THAT(refusal_of(channels_by(MuxCall::futex_waitv, 129), kWords),
              HasSubstr("at most 128 channels (FUTEX_WAITV_MAX), the case has 129"));
  Cast cast = channels_by(MuxCall::epoll, 4);
  cast.active = 5;
  EXPECT_THAT(refusal_of(cast, kDescriptors), HasSubstr("active=5 is more than the 4 channels"));
}

TEST(LockRefusal, TakesLocksAlone) {
  EXPECT_EQ(lock_refusal({.carries_payload = false, .locks = true}), "");
  EXPECT_THAT(lock_refusal({.carries_payload = true}), HasSubstr("it carries messages"));
  EXPECT_THAT(lock_refusal({.carries_payload = false}), HasSubstr("it notifies"));
}

TEST(ChannelsRefusal, SaysWhatAMechanismLacks) {
  EXPECT_THAT(refusal_of(channels_by(MuxCall::poll), kWords), HasSubstr("mux=poll watches descriptors"));
  EXPECT_THAT(refusal_of(channels_by(MuxCall::futex_waitv), kDescriptors), HasSubstr("sleeps on words in memory"));
  EXPECT_THAT(refusal_of(channels_by(MuxCall::futex_waitv), kWords, WaitStrategy::spin), HasSubstr("never woken"));
  EXPECT_THAT(refusal_of(channels_by(std::nullopt), {}), HasSubstr("can't wait for several channels"));
  EXPECT_THAT(refusal_of(channels_by(MuxCall::epoll), {.reliable = false, .pollable = true}), HasSubstr("may be lost"));
  EXPECT_THAT(refusal_of(channels_by(MuxCall::epoll), {.rendezvous = FoundBy::pid, .pollable = true}),
              HasSubstr("signals come to a process"));
  EXPECT_THAT(refusal_of(channels_by(MuxCall::epoll), {.pollable = true, .needs_service = "dbus-daemon"}),
              HasSubstr("one connection to a dbus-daemon"));
}

}  // namespace
}  // namespace ipcbench
