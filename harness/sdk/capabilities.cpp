#include "harness/sdk/capabilities.h"

#include <utility>

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

Availability available_unless(Why why, std::string reason) {
  if (reason.empty()) return Available{};
  return Unavailable{why, std::move(reason)};
}

}  // namespace ipcbench
