#include "harness/sdk/capabilities.h"

#include <utility>

#include <fmt/core.h>

namespace ipcbench {

std::string_view to_string(Shape shape) noexcept {
  switch (shape) {
    case Shape::byte_stream:
      return "byte-stream";
    case Shape::message:
      return "message";
    case Shape::loan:
      return "loan";
    case Shape::notify:
      return "notify";
  }
  return "?";
}

std::string_view to_string(Direction direction) noexcept {
  switch (direction) {
    case Direction::one_way:
      return "one-way";
    case Direction::two_way:
      return "two-way";
  }
  return "?";
}

std::string_view to_string(Persistence persistence) noexcept {
  switch (persistence) {
    case Persistence::process:
      return "process";
    case Persistence::kernel:
      return "kernel";
    case Persistence::file_system:
      return "file-system";
  }
  return "?";
}

std::string_view to_string(FoundBy rendezvous) noexcept {
  switch (rendezvous) {
    case FoundBy::inherited:
      return "inherited";
    case FoundBy::path:
      return "path";
    case FoundBy::name:
      return "name";
    case FoundBy::key:
      return "key";
    case FoundBy::address:
      return "address";
    case FoundBy::pid:
      return "pid";
  }
  return "?";
}

std::string_view to_string(WhenFull when_full) noexcept {
  switch (when_full) {
    case WhenFull::blocks:
      return "blocks";
    case WhenFull::fails:
      return "fails";
    case WhenFull::loses:
      return "loses";
    case WhenFull::merges:
      return "merges";
  }
  return "?";
}

std::string_view to_string(Why why) noexcept {
  switch (why) {
    case Why::not_built:
      return "not_built";
    case Why::not_supported:
      return "not_supported";
    case Why::no_permission:
      return "no_permission";
    case Why::no_resource:
      return "no_resource";
  }
  return "?";
}

std::string sharing_refusal(const Cast& cast, const Capabilities& can) {
  const Sharing sharing = cast.pattern.sharing;
  const std::uint16_t producers = cast.pattern.producers, consumers = cast.pattern.consumers;
  if (cast.has_answers && !can.carries_payload) return "a notification doesn't say who asks";
  if (sharing == Sharing::per_peer) {
    if (!can.needs_service.empty())
      return fmt::format("a process has one connection to a {}, not one for each peer", can.needs_service);
    if (producers > 1 && can.rendezvous == FoundBy::pid) return "signals come to a process, whoever sends them";
    if (producers == 1 || can.pollable) return "";
    if (!can.many_by_word) return "a consumer can't wait for several channels of this kind at once";
    return producers <= kMostWaitWords ? "" : fmt::format("a consumer can wait for at most {} at once", kMostWaitWords);
  }
  if ((producers > 1 || sharing == Sharing::inbox) && !can.many_senders)
    return "two processes at most have an object in common";
  if (sharing == Sharing::inbox) return consumers > 1 ? "" : "with one consumer an inbox is sharing=shared";
  if (consumers == 1) return "";
  if (cast.to_all && can.one_to_many) return "";
  if (!can.many_receivers) return "one process at most receives from an object";
  return cast.to_all ? "an object in common gives each message to one consumer" : "";
}

std::string lock_refusal(const Capabilities& can) {
  if (can.locks) return "";
  return can.carries_payload ? "it carries messages, and no process has it to itself while others wait"
                             : "it notifies, and no process has it to itself while others wait";
}

std::optional<MuxCall> usual_mux(const Capabilities& can, WaitStrategy wait) noexcept {
  if (!can.pollable && !can.many_by_word) return std::nullopt;
  if (wait == WaitStrategy::spin) return MuxCall::spin;
  return can.pollable ? MuxCall::epoll : MuxCall::futex_waitv;
}

std::string channels_refusal(const Cast& cast, const Capabilities& can, WaitStrategy wait) {
  if (cast.active > cast.channels)
    return fmt::format("active={} is more than the {} channels", cast.active, cast.channels);
  if (!can.needs_service.empty()) return fmt::format("a process has one connection to a {}", can.needs_service);
  if (can.rendezvous == FoundBy::pid) return "signals come to a process, not by channels";
  if (!can.reliable) return "what ends a block may be lost as any message may";
  if (wait == WaitStrategy::io_uring) return "each channel would have an io_uring of its own";
  if (!cast.mux) return "a consumer can't wait for several channels of this kind at once";
  const std::string call(to_string(*cast.mux));
  switch (*cast.mux) {
    case MuxCall::epoll:
    case MuxCall::poll:
      return can.pollable ? "" : fmt::format("mux={} watches descriptors, which these channels aren't", call);
    case MuxCall::futex_waitv:
      if (!can.many_by_word) return fmt::format("mux={} sleeps on words in memory, which these channels lack", call);
      if (wait == WaitStrategy::spin) return fmt::format("mux={} sleeps, and who spins is never woken", call);
      if (cast.channels <= kMostWaitWords) return "";
      return fmt::format("futex_waitv watches at most {} channels (FUTEX_WAITV_MAX), the case has {}", kMostWaitWords,
                         cast.channels);
    case MuxCall::spin:
      break;
  }
  return can.pollable || can.many_by_word ? "" : "it can't be seen whether a channel of this kind has a message";
}

Availability available_unless(Why why, std::string reason) {
  if (reason.empty()) return Available{};
  return Unavailable{why, std::move(reason)};
}

}  // namespace ipcbench
