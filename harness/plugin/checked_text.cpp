#include "harness/plugin/checked_text.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace ipcbench {
namespace {

constexpr std::size_t kMostName = 32, kMostLine = 120;  // bytes

}  // namespace

std::string line_from(const char* text, const std::string& member) {
  if (text == nullptr || *text == '\0') refuse("{} is missing", member);
  const std::size_t size = ::strnlen(text, kMostLine + 1);
  if (size > kMostLine) refuse("{} is longer than {} bytes", member, kMostLine);
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(text, text + size, is_control)) refuse("{} has a control character", member);
  return {text, size};
}

std::string name_from(const char* text, const std::string& member) {
  std::string name = line_from(text, member);
  const auto is_fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.size() > kMostName || !std::ranges::all_of(name, is_fine) || name.front() == '-' || name.back() == '-')
    refuse("{} '{}' isn't lower case, digits and '-' of at most {} bytes", member, name, kMostName);
  return name;
}

}  // namespace ipcbench
