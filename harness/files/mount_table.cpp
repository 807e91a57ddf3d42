#include "harness/files/mount_table.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "harness/base/take_line.h"

namespace ipcbench {
namespace {

std::string_view take_word(std::string_view& line) noexcept {
  const std::size_t end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

// Undoes the kernel's escapes: it writes white space and backslashes in a path as "\040".
std::string unescaped(std::string_view text) {
  std::string plain;
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view digits = text.substr(i + 1, 3);
    if (text[i] != '\\' || digits.size() != 3 || !std::all_of(digits.begin(), digits.end(), octal)) {
      plain += text[i];
      continue;
    }
    plain += static_cast<char>((digits[0] - '0') * 64 + (digits[1] - '0') * 8 + (digits[2] - '0'));
    i += 3;
  }
  return plain;
}

}  // namespace

std::vector<Mount> mount_table(std::string_view mountinfo) {
  std::vector<Mount> mounts;
  while (!mountinfo.empty()) {
    std::string_view line = take_line(mountinfo);
    const std::size_t dash = line.find(" - ");  // ends the optional fields
    if (dash == std::string_view::npos) continue;
    std::string_view rest = line.substr(dash + 3);
    line = line.substr(0, dash);
    for (int i = 0; i < 3; ++i) take_word(line);  // mount, parent, device
    Mount mount;
    mount.root = unescaped(take_word(line));
    mount.point = unescaped(take_word(line));
    mount.type = take_word(rest);
    mount.source = unescaped(take_word(rest));
    mount.super_options = unescaped(take_word(rest));
    if (!mount.point.empty()) mounts.push_back(std::move(mount));
  }
  return mounts;
}

}  // namespace ipcbench
