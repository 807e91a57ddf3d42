#include "results/rows/at_largest.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/usage_error.h"

namespace ipcbench {

bool is_for_size(const CaseRecord& c, std::uint64_t size) noexcept {
  return c.size == size || (c.at_largest && std::ranges::find(c.at_largest->asked, size) != c.at_largest->asked.end());
}

bool has_asked_size(const CaseRecord& c) noexcept {
  return !c.at_largest || std::ranges::find(c.at_largest->asked, c.size) != c.at_largest->asked.end();
}

std::string asked_text(const CaseRecord& c) {
  std::string text;
  if (!c.at_largest) return text;
  for (const std::uint64_t size : c.at_largest->asked) {
    if (size != c.size) text += fmt::format("{}{}", text.empty() ? "" : ", ", format_size(size));
  }
  return text;
}

BilingualString at_largest_text(const CaseRecord& c) {
  const std::string asked = asked_text(c);
  if (asked.empty()) return {};
  const std::string size = format_size(c.size);
  return {fmt::format("{}, its largest: {}; {} asked", size, c.at_largest->limit, asked),
          fmt::format("{}，为其上限：{}；要求{}", size, c.at_largest->limit, asked)};
}

}  // namespace ipcbench
