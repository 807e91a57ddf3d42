#include "harness/plugin/checked_text.h"

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "results/model/utf8.h"

namespace ipcbench {
namespace {

constexpr std::size_t kMostName = 32, kMostLine = 120;  // bytes

}  // namespace

std::string line_from(const char* text, const std::string& member) {
  if (text == nullptr || *text == '\0') refuse("{} is missing", member);
  const std::size_t size = ::strnlen(text, kMostLine + 1);
  if (size > kMostLine) refuse("{} is longer than {} bytes", member, kMostLine);
  std::string line(text, size);
  if (valid_utf8(line) != line) refuse("{} isn't UTF-8", member);
  if (printable(line) != line) refuse("{} has a control character", member);
  return line;
}

std::string name_from(const char* text, const std::string& member) {
  std::string name = line_from(text, member);
  const auto is_fine = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  if (name.size() > kMostName || !std::ranges::all_of(name, is_fine) || name.front() == '-' || name.back() == '-')
    refuse("{} '{}' isn't lower case, digits and '-' of at most {} bytes", member, name, kMostName);
  return name;
}

}  // namespace ipcbench
